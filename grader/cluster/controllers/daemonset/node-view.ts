// One Node as the DaemonSet controller sees it in one sync: its answer and the Pods that are on it or meant for it.

import type { Pod } from '../../../api/core.ts'
import { isBeingDeleted } from '../../../api/meta.ts'
import { readyCondition } from '../../../api/pods.ts'
import { parseTimestamp } from '../../clock.ts'
import type { Eligibility } from './eligibility.ts'
import { REVISION_HASH_LABEL, TEMPLATE_GENERATION_LABEL } from './pod.ts'

export interface NodeView {
  readonly name: string
  /** False for the Node of a Pod that is bound to, or meant for, a Node which does not exist. */
  readonly exists: boolean
  readonly eligibility: Eligibility
  /** Claimed Pods in upstream's order: bound ones, then the oldest, then by name. */
  readonly pods: readonly Pod[]
}

/** What the answers about Pods depend on besides the Pods. */
export interface PodContext {
  /** Milliseconds. */
  readonly now: number
  readonly minReadySeconds: number
  /** `controller-revision-hash` of the current revision; empty if there is none. */
  readonly hash: string
  readonly templateGeneration: string | undefined
}

/** Bound before unbound, older before younger (whole seconds), then by name. Upstream: podByCreationTimestampAndPhase. */
export function compareDaemonPods(a: Pod, b: Pod): number {
  const boundA = isBound(a)
  if (boundA !== isBound(b)) return boundA ? -1 : 1
  const { creationTimestamp: x, name: nameA } = a.metadata
  const { creationTimestamp: y, name: nameB } = b.metadata
  if (x !== y) return x < y ? -1 : 1
  return nameA < nameB ? -1 : nameA > nameB ? 1 : 0
}

const isBound = (pod: Pod): boolean => (pod.spec.nodeName ?? '') !== ''

/** Hash or generation, either suffices. Upstream: util.IsPodUpdated. */
export function isPodUpdated(pod: Pod, { hash, templateGeneration }: PodContext): boolean {
  const { labels } = pod.metadata
  if (labels === undefined) return false
  if (hash !== '' && labels[REVISION_HASH_LABEL] === hash) return true
  return templateGeneration !== undefined && labels[TEMPLATE_GENERATION_LABEL] === templateGeneration
}

/** The moment (ms) from which a Ready Pod counts as available; undefined if it is not Ready. */
export function availableFrom(pod: Pod, minReadySeconds: number): number | undefined {
  const ready = readyCondition(pod)
  if (ready?.status !== 'True') return undefined
  if (minReadySeconds === 0) return 0
  const since = parseTimestamp(ready.lastTransitionTime)
  return since === undefined ? undefined : since + minReadySeconds * 1000
}

/** Ready for at least minReadySeconds; the boundary counts since v1.34. Upstream: podutil.IsPodAvailable. */
export function isPodAvailable(pod: Pod, { minReadySeconds, now }: PodContext): boolean {
  const from = availableFrom(pod, minReadySeconds)
  return from !== undefined && from <= now
}

/** Ended Pods that are also marked for deletion neither block a replacement nor count. */
export function isTerminatedAndDeleted(pod: Pod): boolean {
  return isBeingDeleted(pod) && (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded')
}
