// A store with objects as somebody wrote them, and requests that are admitted against it.
import { defaultObject } from '../../../../grader/api/defaults/defaults.ts'
import type { JsonObject, KubeObject } from '../../../../grader/api/meta.ts'
import { type Resource, resourceOfKind } from '../../../../grader/api/resource-table.ts'
import { decodeObject } from '../../../../grader/api/schema/decode.ts'
import {
  type AdmissionContext,
  type AdmissionResult,
  admit,
} from '../../../../grader/cluster/apiserver/admission/admission.ts'
import { createStore, type Store } from '../../../../grader/cluster/apiserver/store.ts'
import { createRandom } from '../../../../grader/cluster/random.ts'

export interface World {
  readonly store: Store
  /** Stores the object, defaulted, as it is. */
  put(body: JsonObject): KubeObject
  /** What admission makes of the creation. */
  create(body: JsonObject, settings?: Partial<AdmissionContext>): AdmissionResult
  update(next: JsonObject, settings?: Partial<AdmissionContext>): AdmissionResult
  remove(resource: Resource, key: { readonly name: string; readonly namespace?: string }): AdmissionResult
}

/** The object as the server holds it after decoding and defaults. */
export function wholeObject(body: JsonObject): { readonly resource: Resource; readonly object: KubeObject } {
  const resource = resourceOfKind(String(body.apiVersion), String(body.kind))!
  const decoded = decodeObject(body)!
  if (decoded.error !== undefined) throw new Error(decoded.error.text)
  return { resource, object: defaultObject(resource, decoded.object as unknown as KubeObject) }
}

/** Namespace `default` with its ServiceAccount, and what else is given. */
export function worldOf(...bodies: readonly JsonObject[]): World {
  const store = createStore({ freeze: true })
  const random = createRandom(1)
  const put = (body: JsonObject): KubeObject => {
    const { resource, object } = wholeObject(body)
    const metadata = { ...object.metadata, uid: random.uid() }
    return store.put(resource, (resourceVersion) => ({ ...object, metadata: { ...metadata, resourceVersion } }))
  }
  put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } })
  for (const body of bodies) put(body)
  const base = { user: { name: 'admin', groups: [] }, dryRun: false, read: store, random }
  return {
    store,
    put,
    create: (body, settings) => admit({ ...base, operation: 'create', ...wholeObject(body), ...settings }),
    update: (next, settings) => {
      const { resource, object } = wholeObject(next)
      const previous = store.get(resource, object.metadata)!
      return admit({ ...base, operation: 'update', resource, object, previous, ...settings })
    },
    remove: (resource, key) => {
      const object = store.get(resource, key)!
      return admit({ ...base, operation: 'delete', resource, object, previous: object })
    },
  }
}

export const whyRefused = (result: AdmissionResult): string | undefined =>
  'refused' in result ? result.refused.message : undefined

export function admitted<T extends KubeObject>(result: AdmissionResult): T {
  if ('refused' in result) throw new Error(result.refused.message)
  return result.object as T
}

interface PodBody {
  readonly metadata?: JsonObject
  readonly spec?: JsonObject
}

/** A Pod with one container `app`. */
export function podBody({ metadata = {}, spec = {} }: PodBody = {}): JsonObject {
  const containers = [{ name: 'app', image: 'registry.example/app:1' }]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'default', ...metadata },
    spec: { containers, ...spec },
  }
}

export const namespaceBody = (
  name: string,
  labels: JsonObject = {},
  status: JsonObject = { phase: 'Active' },
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
  status,
})
