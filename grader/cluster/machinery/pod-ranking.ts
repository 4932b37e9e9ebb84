// What controllers ask of Pods. Upstream: pkg/controller/controller_utils.go (ActivePods, ActivePodsWithRanks), pkg/api/v1/pod/util.go.
import type { Pod } from '../../api/core.ts'
import { isBeingDeleted } from '../../api/meta.ts'
import { isPodReady, readyCondition } from '../../api/pods.ts'
import { parseTimestamp } from '../clock.ts'

/** Neither finished nor on its way out. */
export function isActive(pod: Pod): boolean {
  return pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed' && !isBeingDeleted(pod)
}

/** Ready for at least so many seconds; `now` in milliseconds. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = readyCondition(pod)
  if (ready?.status !== 'True') return false
  if (minReadySeconds === 0) return true
  const since = parseTimestamp(ready.lastTransitionTime)
  return since !== undefined && since + minReadySeconds * 1000 <= now
}

/** Those first that hurt least when they go: unbound, Pending, not ready, crowded nodes, ready for a short time, restarted often, young. */
export function rankForDeletion(pods: readonly Pod[], now: number): readonly Pod[] {
  const perNode = new Map<string, number>()
  for (const pod of pods)
    if (pod.spec.nodeName !== undefined) perNode.set(pod.spec.nodeName, (perNode.get(pod.spec.nodeName) ?? 0) + 1)
  const keys = new Map(pods.map((pod) => [pod, rankOf(pod, perNode.get(pod.spec.nodeName ?? '') ?? 0, now)]))
  return [...pods].sort(
    (a, b) => compareRanks(keys.get(a)!, keys.get(b)!) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )
}

const PHASE_RANK: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** Smaller goes first. Ages are compared on a logarithmic scale, so that Pods of about one age count as equal. */
function rankOf(pod: Pod, onSameNode: number, now: number): readonly number[] {
  const readySince = isPodReady(pod) ? parseTimestamp(readyCondition(pod)?.lastTransitionTime) : undefined
  const createdAt = parseTimestamp(pod.metadata.creationTimestamp) ?? now
  const restarts = Math.max(0, ...(pod.status.containerStatuses ?? []).map((status) => status.restartCount))
  return [
    pod.spec.nodeName === undefined ? 0 : 1,
    PHASE_RANK[pod.status.phase ?? 'Pending'] ?? 1,
    isPodReady(pod) ? 1 : 0,
    deletionCost(pod),
    -onSameNode,
    readySince === undefined ? 0 : logarithmicAge(now - readySince),
    -restarts,
    logarithmicAge(now - createdAt),
  ]
}

function deletionCost(pod: Pod): number {
  const cost = Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0)
  return Number.isInteger(cost) ? cost : 0
}

/** Upstream compares powers of two of nanoseconds. */
const logarithmicAge = (milliseconds: number): number =>
  milliseconds <= 0 ? 0 : Math.floor(Math.log2(milliseconds * 1e6))

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
