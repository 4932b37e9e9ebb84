// Removes Pods from Nodes with NoExecute taints that they do not tolerate, or not for longer.
// Upstream: pkg/controller/tainteviction/taint_eviction.go.

import { deepEqual } from '../../api/compare.ts'
import type { Pod, PodCondition, Taint } from '../../api/core.ts'
import { keyOf, splitKey } from '../../api/meta.ts'
import { nodes as nodeResource, pods as podResource } from '../../api/resource-table.ts'
import { findToleration, formatTaint } from '../../api/tolerations.ts'
import type { Timer } from '../clock.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import type { Reason } from '../trace.ts'

const BY = 'taint-eviction-controller'

/**
 * What is due now is done a moment later: upstream's worker runs beside the DaemonSet controller, which at the same time
 * deletes its Pods for the same taint, and both are seen.
 */
const HANDOVER_SECONDS = 0.001

const MAX_ATTEMPTS = 5
const RETRY_SECONDS = 0.01

const MARKED: Omit<PodCondition, 'lastTransitionTime'> = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByTaintManager',
  message: 'Taint manager: deleting due to NoExecute taint',
}

/** What the taints of its Node mean for a Pod. */
export type TaintVerdict =
  | { readonly type: 'stays' }
  | { readonly type: 'goesNow'; readonly taint?: Taint }
  | { readonly type: 'goesAfter'; readonly seconds: number }

/**
 * For each taint the first toleration in list order that covers it counts; of those the shortest tolerationSeconds. Without
 * any the Pod stays for ever.
 */
export function judgeTaints(pod: Pod, taints: readonly Taint[]): TaintVerdict {
  let seconds: number | undefined
  for (const taint of taints) {
    const found = findToleration(pod.spec.tolerations, taint)
    if (found === undefined) return { type: 'goesNow', taint }
    const { tolerationSeconds } = found.toleration
    if (tolerationSeconds !== undefined) seconds = Math.min(seconds ?? Number.POSITIVE_INFINITY, tolerationSeconds)
  }
  if (seconds === undefined) return { type: 'stays' }
  return seconds <= 0 ? { type: 'goesNow' } : { type: 'goesAfter', seconds }
}

/** The component. Nodes without NoExecute taints cost nothing. */
export function taintEvictionController({ clientFor, informers, clock, trace }: ComponentParts): void {
  const client = clientFor(BY)
  const recorder = createEventRecorder({ client, clock, component: BY })
  const taintsOf = new Map<string, readonly Taint[]>()
  /** Pods that are to go: with the timer, or undefined once it has fired. */
  const scheduled = new Map<string, Timer | undefined>()

  informers.of(nodeResource).onChange(({ type, object }) => {
    const { name } = object.metadata
    const before = taintsOf.get(name) ?? NO_TAINTS
    const now =
      type === 'DELETED'
        ? NO_TAINTS
        : (object.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? NO_TAINTS)
    if (deepEqual(before, now)) return
    if (now.length === 0) taintsOf.delete(name)
    else taintsOf.set(name, now)
    if (type === 'DELETED') return
    for (const pod of [...informers.store.podsOnNode(name).values()]) judge(pod, now)
  })
  informers.of(podResource).onChange(({ type, object, previous }) => {
    if (taintsOf.size === 0 && scheduled.size === 0) return
    if (type === 'DELETED') return cancel(object)
    const { nodeName, tolerations } = object.spec
    if (nodeName === undefined || nodeName === '') return
    if (type === 'MODIFIED' && previous?.spec.nodeName === nodeName && previous.spec.tolerations === tolerations) return
    const taints = taintsOf.get(nodeName)
    if (taints !== undefined) judge(object, taints)
  })

  function judge(pod: Pod, taints: readonly Taint[]): void {
    const verdict = judgeTaints(pod, taints)
    if (verdict.type === 'goesAfter') {
      schedule(pod, verdict.seconds, toleratedReason(pod, taints, verdict.seconds))
      return
    }
    cancel(pod)
    if (verdict.type === 'stays') return
    schedule(pod, HANDOVER_SECONDS, untoleratedReason(pod, verdict.taint))
    // It is on its way: nothing cancels it any more.
    scheduled.set(keyOf(pod), undefined)
  }

  /** A deletion that is already scheduled keeps its time, whether the new one would be earlier or later. */
  function schedule(pod: Pod, seconds: number, because: Reason): void {
    const key = keyOf(pod)
    if (scheduled.has(key)) return
    scheduled.set(
      key,
      clock.after(seconds, BY, () => fire(key, because)),
    )
  }

  function cancel(pod: Pod): void {
    const key = keyOf(pod)
    const timer = scheduled.get(key)
    if (timer !== undefined) {
      clock.cancel(timer)
      podEvent(key, `Cancelling deletion of Pod ${key}`)
      scheduled.delete(key)
    } else if (scheduled.has(key) && informers.of(podResource).get(pod.metadata) === undefined) scheduled.delete(key)
  }

  function fire(key: string, because: Reason): void {
    const pod = informers.of(podResource).get(splitKey(key))
    scheduled.set(key, undefined)
    if (pod === undefined) scheduled.delete(key)
    podEvent(key, `Marking for deletion Pod ${key}`)
    if (pod === undefined) return
    trace.cause = trace.record(BY, {
      type: 'decision',
      about: { kind: 'Pod', ...splitKey(key) },
      decision: 'evict',
      ...nodeOf(pod),
      because: [because],
    })
    evict(key, MAX_ATTEMPTS)
  }

  function evict(key: string, attempts: number): void {
    const pod = informers.of(podResource).get(splitKey(key))
    if (pod === undefined) return
    const others = pod.status?.conditions?.filter(({ type }) => type !== MARKED.type) ?? []
    const conditions = [...others, { ...MARKED, lastTransitionTime: clock.timestamp() }]
    const marked = client.update(
      podResource,
      { ...pod, status: { ...pod.status, conditions } },
      { subresource: 'status' },
    )
    const deleted = marked.ok ? client.delete(podResource, pod.metadata) : marked
    if (deleted.ok || deleted.status.reason === 'NotFound' || attempts <= 1) return
    clock.after(RETRY_SECONDS, BY, () => evict(key, attempts - 1))
  }

  /** These Events carry no uid of the Pod. */
  function podEvent(key: string, message: string): void {
    recorder.event({ apiVersion: 'v1', kind: 'Pod', ...splitKey(key) }, 'Normal', 'TaintManagerEviction', message)
  }
}

const NO_TAINTS: readonly Taint[] = []

const nodeOf = (pod: Pod) => (pod.spec.nodeName === undefined ? {} : { node: pod.spec.nodeName })

function untoleratedReason(pod: Pod, taint: Taint | undefined): Reason {
  const object = { kind: 'Node', name: pod.spec.nodeName ?? '' }
  return {
    code: 'UntoleratedTaint',
    object,
    path: 'spec.taints',
    params: taint === undefined ? {} : { taint: formatTaint(taint) },
  }
}

function toleratedReason(pod: Pod, taints: readonly Taint[], seconds: number): Reason {
  const object = { kind: 'Node', name: pod.spec.nodeName ?? '' }
  return {
    code: 'TolerationSecondsOver',
    object,
    path: 'spec.taints',
    params: { taint: taints.map(formatTaint).join(','), seconds },
  }
}
