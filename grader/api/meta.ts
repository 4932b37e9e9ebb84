// Types of metadata that every Kubernetes object shares. Upstream: k8s.io/apimachinery/pkg/apis/meta/v1.

/** A JSON value as it travels between kubectl, API server and store. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

export type StringMap = Readonly<Record<string, string>>

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface ManagedFieldsEntry {
  readonly manager?: string
  readonly operation?: 'Apply' | 'Update'
  readonly apiVersion?: string
  readonly time?: string
  readonly fieldsType?: string
  readonly fieldsV1?: JsonObject
  readonly subresource?: string
}

/** All times are RFC 3339 in UTC with second precision, as the API server prints them. */
export interface ObjectMeta {
  readonly name: string
  readonly generateName?: string
  readonly namespace?: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation?: number
  readonly creationTimestamp: string
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: StringMap
  readonly annotations?: StringMap
  readonly ownerReferences?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
  readonly managedFields?: readonly ManagedFieldsEntry[]
}

/** Metadata as a client may send it: nothing is filled in yet. */
export type PartialObjectMeta = { readonly [K in keyof ObjectMeta]?: ObjectMeta[K] }

/** Any stored object. The spec and status of a kind have their types in core.ts, apps.ts, … */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
}

/** What a client sends on create: like T, but metadata may lack what the API server fills in, and status may be absent. */
export type ForCreate<T extends KubeObject> = Omit<T, 'metadata' | 'status'> & {
  readonly metadata: PartialObjectMeta
  readonly status?: unknown
}

export interface LabelSelectorRequirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

export interface LabelSelector {
  readonly matchLabels?: StringMap
  readonly matchExpressions?: readonly LabelSelectorRequirement[]
}

/** Where an object is found: `namespace` is absent for cluster-scoped kinds. */
export interface ObjectKey {
  readonly namespace?: string
  readonly name: string
}

/** "namespace/name", or "name" for cluster-scoped objects: the key of caches and queues, as in client-go. */
export function keyOf(object: { readonly metadata: { readonly name: string; readonly namespace?: string } }): string {
  const { namespace, name } = object.metadata
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** Undoes keyOf. */
export function splitKey(key: string): ObjectKey {
  const slash = key.indexOf('/')
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}

/** The owner that controls the object, if any. Upstream: metav1.GetControllerOf. */
export function controllerOf(object: { readonly metadata: PartialObjectMeta }): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true)
}

export function isBeingDeleted(object: { readonly metadata: PartialObjectMeta }): boolean {
  return object.metadata.deletionTimestamp !== undefined
}
