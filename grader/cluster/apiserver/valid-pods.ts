// A controller makes thousands of Pods from one template: what was found valid once need not be judged again.
import type { Container, Pod, PodSpec } from '../../api/core.ts'
import type { KubeObject } from '../../api/meta.ts'

/** The last valid Pod with these very containers. */
const lastValid = new WeakMap<readonly Container[], Pod>()

/**
 * What may differ between Pods of one template without making one invalid: the Node's name, in the field or in the affinity
 * that the DaemonSet controller makes of its template's (validated) one.
 */
const FREE_FIELDS: ReadonlySet<string> = new Set(['affinity', 'nodeName'])
const SHARED_META = ['namespace', 'generateName', 'labels', 'annotations', 'ownerReferences', 'finalizers'] as const

/** Takes note of a Pod that passed validation. */
export function rememberValid(object: KubeObject): void {
  const pod = object as Pod
  if (pod.spec?.containers != null) lastValid.set(pod.spec.containers, pod)
}

/** Whether a Pod shares all that matters with one that passed. Only identical parts count as equal. */
export function isLikeValidPod(object: KubeObject): boolean {
  const pod = object as Pod
  const known = pod.spec?.containers == null ? undefined : lastValid.get(pod.spec.containers)
  if (known === undefined) return false
  return SHARED_META.every((field) => pod.metadata[field] === known.metadata[field]) && sharesSpec(pod.spec, known.spec)
}

function sharesSpec(spec: PodSpec, known: PodSpec): boolean {
  for (const field in spec) {
    if (spec[field as keyof PodSpec] !== known[field as keyof PodSpec] && !FREE_FIELDS.has(field)) return false
  }
  for (const field in known) if (!(field in spec) && !FREE_FIELDS.has(field)) return false
  return true
}
