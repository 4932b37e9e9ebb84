// The Pod for a Node. Upstream: pkg/controller/daemon/util/daemonset_util.go. Pods of one revision share every part of
// their template; only metadata and the affinity are their own.
import type { DaemonSet } from '../../../api/apps.ts'
import type { Affinity, Pod, PodSpec, PodTemplateSpec, Toleration } from '../../../api/core.ts'
import type { ForCreate, OwnerReference, PartialObjectMeta, StringMap } from '../../../api/meta.ts'

export const REVISION_HASH_LABEL = 'controller-revision-hash'
export const TEMPLATE_GENERATION_LABEL = 'pod-template-generation'
export const TEMPLATE_GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation'

const AUTO_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const NETWORK_UNAVAILABLE: Toleration = {
  key: 'node.kubernetes.io/network-unavailable',
  operator: 'Exists',
  effect: 'NoSchedule',
}

const tolerationsOf = new WeakMap<PodSpec, readonly Toleration[]>()

/**
 * The template's tolerations and those that every daemon Pod gets. One with the same key, operator, effect and value is
 * replaced in place, which loses its tolerationSeconds. Upstream: AddOrUpdateDaemonPodTolerations.
 */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
  const known = tolerationsOf.get(spec)
  if (known !== undefined) return known
  const all = [...(spec.tolerations ?? [])]
  for (const added of spec.hostNetwork === true ? [...AUTO_TOLERATIONS, NETWORK_UNAVAILABLE] : AUTO_TOLERATIONS) {
    const same = all.findIndex((own) => isSameToleration(own, added))
    if (same < 0) all.push(added)
    else if (all[same]!.tolerationSeconds !== undefined) all[same] = added
  }
  tolerationsOf.set(spec, all)
  return all
}

function isSameToleration(a: Toleration, b: Toleration): boolean {
  return a.key === b.key && a.operator === b.operator && a.effect === b.effect && (a.value ?? '') === (b.value ?? '')
}

/**
 * The template's affinity with its required node terms replaced by the one that names the Node; preferred terms and Pod
 * affinity stay. Upstream: ReplaceDaemonSetPodNodeNameNodeAffinity.
 */
export function affinityForNode(affinity: Affinity | undefined, nodeName: string): Affinity {
  const required = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
  }
  const nodeAffinity = { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required }
  return { ...affinity, nodeAffinity }
}

/** What all Pods of one DaemonSet, template and revision have in common. */
export interface PodTemplate {
  readonly spec: PodSpec
  readonly metadata: PartialObjectMeta
}

/** The shared parts of the Pods that a DaemonSet creates for the revision. Upstream: util.CreatePodTemplate. */
export function podTemplateOf(ds: DaemonSet, hash: string): PodTemplate {
  const { template } = ds.spec
  const { name, namespace } = ds.metadata
  return {
    spec: { ...template.spec, tolerations: daemonTolerations(template.spec) },
    metadata: {
      generateName: generateNameOf(name),
      ...(namespace === undefined ? {} : { namespace }),
      labels: revisionLabels(template, templateGenerationOf(ds), hash),
      ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
      ...(template.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
      ownerReferences: [ownerReferenceTo(ds)],
    },
  }
}

/** The Pod for the Node, ready to be created. */
export function podForNode(template: PodTemplate, nodeName: string): ForCreate<Pod> {
  const spec: PodSpec = { ...template.spec, affinity: affinityForNode(template.spec.affinity, nodeName) }
  return { apiVersion: 'v1', kind: 'Pod', metadata: template.metadata, spec }
}

/** Template labels with the generation, if it is known, and the hash, if there is one. */
export function revisionLabels(template: PodTemplateSpec, generation: string | undefined, hash: string): StringMap {
  return {
    ...template.metadata?.labels,
    ...(generation === undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: generation }),
    ...(hash === '' ? {} : { [REVISION_HASH_LABEL]: hash }),
  }
}

/** The legacy template generation, or undefined if the annotation is absent or no integer. Upstream: GetTemplateGeneration. */
export function templateGenerationOf(ds: DaemonSet): string | undefined {
  const text = ds.metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION]
  return text !== undefined && /^[+-]?[0-9]{1,18}$/.test(text) ? String(Number(text)) : undefined
}

export function ownerReferenceTo(ds: DaemonSet): OwnerReference {
  const { name, uid } = ds.metadata
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true }
}

const NAME_LIMIT = 253

function generateNameOf(name: string): string {
  return name.length < NAME_LIMIT ? `${name}-` : name
}
