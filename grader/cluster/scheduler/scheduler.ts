// The scheduler: one Pod per cycle, from the queue onto a Node or back with a reason.
// Upstream: pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go, v1.35 default profile.

import { deepEqual } from '../../api/compare.ts'
import type { Node, Pod } from '../../api/core.ts'
import { keyOf } from '../../api/meta.ts'
import { podRequests } from '../../api/pod-resources.ts'
import {
  namespaces,
  nodes as nodeResource,
  podDisruptionBudgets,
  pods as podResource,
} from '../../api/resource-table.ts'
import type { Change } from '../apiserver/store.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventsRecorder } from '../machinery/events-recorder.ts'
import type { TraceId } from '../trace.ts'
import { type Cache, createCache, isTerminal } from './cache.ts'
import { defaultSelectorOf } from './default-selector.ts'
import { findNodes } from './find-nodes.ts'
import { formatFitError, NO_NODES_MESSAGE } from './fit-error.ts'
import { type Cycle, type PodInfo, podInfoOf } from './framework.ts'
import { createNominator } from './nominator.ts'
import { planPreemption } from './preemption.ts'
import { createSchedulingQueue, isGated, type QueuedPod } from './queue.ts'
import { type ClusterEvent, changedAspects, couldHelp, ownUpdateCouldHelp } from './requeue.ts'
import { selectHost } from './score.ts'
import { createVerdictWriter, DEFAULT_SCHEDULER } from './verdict-writer.ts'

const BY = 'scheduler'
/** Pods that no event woke are tried again after so long; looked for every so often. */
const STUCK_AFTER_SECONDS = 300
const STUCK_CHECK_SECONDS = 30

/** Wires the scheduler to the cluster. Simplified: leader election and the binding's own time are left out. */
export function scheduler(parts: ComponentParts): void {
  const { informers, clock, trace, random: seeds } = parts
  const client = parts.clientFor(BY)
  const random = seeds.fork(BY)
  const recorder = createEventsRecorder({ client, clock, controller: DEFAULT_SCHEDULER })
  const cache = createCache()
  const nominator = createNominator()
  const writer = createVerdictWriter({ client, clock, trace, recorder })
  const budgets = informers.of(podDisruptionBudgets)
  const allNamespaces = informers.of(namespaces)
  let working = false
  let checkingStuck = false
  let nextStart = 0

  const queue = createSchedulingQueue(clock, () => {
    if (working) return
    working = true
    clock.soon(BY, () => {
      for (let queued = queue.pop(); queued !== undefined; queued = queue.pop()) {
        trace.cause = queued.cause
        scheduleOne(queued)
      }
      working = false
    })
  })

  const happened = (event: ClusterEvent, cause: TraceId | undefined) => {
    if (queue.parked().size > 0) queue.wake((waiting) => couldHelp(waiting.plugins, event, waiting.info), cause)
  }

  const cycleOf = (pod: PodInfo): Cycle => ({
    pod,
    nodes: cache,
    state: new Map(),
    namespaceLabels: (name) => allNamespaces.get({ name })?.metadata.labels,
    defaultSelector: () => defaultSelectorOf(pod.pod, informers),
  })

  function scheduleOne(queued: QueuedPod): void {
    const { info } = queued
    if (info.pod.metadata.deletionTimestamp !== undefined) {
      writer.skipDeleting(info.pod)
      queue.remove(info.key)
      return
    }
    if (cache.size === 0) {
      queue.park(queued, new Set())
      writer.refuse({ pod: info.pod, message: NO_NODES_MESSAGE, diagnosis: undefined })
      checkStuckLater()
      return
    }
    const cycle = cycleOf(info)
    const { feasible, diagnosis } = findNodes(cycle, { nominatedOn: nominator.on, startAt: nextStart })
    if (feasible.length === 0) {
      refuse(queued, cycle, diagnosis)
      return
    }
    if (feasible.length > 1) nextStart += diagnosis.rejections.size + feasible.length
    const node = feasible.length === 1 ? feasible[0]! : selectHost(cycle, feasible, random)
    queue.remove(info.key)
    nominator.remove(info.key)
    cache.assign(info, node.name)
    if (!writer.bind(info.pod, node.name)) {
      cache.unassign(info.key)
      const current = informers.of(podResource).get(info.pod.metadata)
      if (current !== undefined && (current.spec.nodeName ?? '') === '')
        clock.after(1, BY, () => addWaiting(current, trace.cause))
    }
  }

  function refuse(queued: QueuedPod, cycle: Cycle, diagnosis: ReturnType<typeof findNodes>['diagnosis']): void {
    const { info } = queued
    const plan = planPreemption(cycle, diagnosis, { budgets: budgets.list(), now: clock.timestamp() })
    queue.park(queued, diagnosis.plugins)
    const nominated = plan.nominate ?? info.pod.status.nominatedNodeName ?? ''
    if (nominated === '') nominator.remove(info.key)
    else nominator.set(info, nominated)
    const message = formatFitError(cache.size, diagnosis, plan.message)
    writer.refuse({
      pod: info.pod,
      message,
      diagnosis,
      ...(plan.nominate === undefined ? {} : { nominate: plan.nominate }),
    })
    if (plan.nominate !== undefined && plan.nominate !== '') {
      for (const lower of nominator.below(plan.nominate, info.priority)) {
        nominator.remove(lower.key)
        writer.clearNomination(lower.pod)
      }
      writer.evict(
        info.pod,
        plan.victims.map(({ pod }) => pod),
        plan.nominate,
      )
    }
    checkStuckLater()
  }

  function checkStuckLater(): void {
    if (checkingStuck) return
    checkingStuck = true
    clock.after(STUCK_CHECK_SECONDS, BY, () => {
      checkingStuck = false
      queue.wake((waiting) => clock.now() - waiting.queuedAt > STUCK_AFTER_SECONDS * 1000, undefined)
      if (queue.parked().size > 0) checkStuckLater()
    })
  }

  function addWaiting(pod: Pod, cause: TraceId | undefined): void {
    if ((pod.spec.schedulerName ?? DEFAULT_SCHEDULER) !== DEFAULT_SCHEDULER) return
    const key = keyOf(pod)
    const queued = queue.get(key)
    if (queued === undefined || queued.info.pod.metadata.uid !== pod.metadata.uid) {
      // Assumed: bound by us a moment ago, the news is on its way.
      if (cache.assigned(key)?.pod.metadata.uid === pod.metadata.uid) return
      queue.add(podInfoOf(pod), cause)
      return
    }
    const before = queued.info.pod
    const wasGated = isGated(queued.info)
    queued.info = pod.spec === before.spec ? { ...queued.info, pod } : podInfoOf(pod)
    if (queued.place !== 'unschedulable') return
    if (wasGated && !isGated(queued.info)) queue.wake((waiting) => waiting === queued, cause)
    else if (ownUpdateCouldHelp(queued.plugins, before, pod))
      queue.wake((waiting) => waiting === queued && queued.plugins.size > 0, cause)
  }

  function forget(pod: Pod, cause: TraceId | undefined): void {
    const key = keyOf(pod)
    const info = cache.assigned(key)
    nominator.remove(key)
    if (queue.get(key)?.info.pod.metadata.uid === pod.metadata.uid) queue.remove(key)
    if (info === undefined || info.pod.metadata.uid !== pod.metadata.uid) return
    cache.unassign(key)
    happened({ type: 'PodDeleted', pod: info }, cause)
  }

  /** A Pod that was resized in place: it counts anew, and may have left room as a deleted one does. */
  function resized(known: PodInfo, pod: Pod, cause: TraceId | undefined): void {
    cache.unassign(known.key)
    cache.assign(podInfoOf(pod), pod.spec.nodeName!)
    happened({ type: 'PodDeleted', pod: known }, cause)
  }

  informers
    .of(nodeResource)
    .onChange((change) =>
      watchNode(change, { cache, happened, podsOnNode: (name) => informers.store.podsOnNode(name).values() }),
    )

  informers.of(podResource).onChange(({ type, object: pod, previous, cause }) => {
    if (previous !== undefined && previous.metadata.uid !== pod.metadata.uid) forget(previous, cause)
    if (type === 'DELETED' || isTerminal(pod)) return forget(pod, cause)
    const { nodeName } = pod.spec
    if (nodeName === undefined || nodeName === '') return addWaiting(pod, cause)
    const key = keyOf(pod)
    const known = cache.assigned(key)
    if (known === undefined || known.pod.metadata.uid !== pod.metadata.uid) {
      const info = podInfoOf(pod)
      queue.remove(key)
      cache.assign(info, nodeName)
      return happened({ type: 'PodAssigned', pod: info }, cause)
    }
    const before = known.pod
    if (before.spec.containers !== pod.spec.containers && askFor(before) !== askFor(pod))
      return resized(known, pod, cause)
    known.pod = pod
    if (before.spec.nodeName !== nodeName) happened({ type: 'PodAssigned', pod: known }, cause)
    else if (
      before.metadata.labels !== pod.metadata.labels &&
      !deepEqual(before.metadata.labels, pod.metadata.labels)
    ) {
      happened({ type: 'PodRelabelled', pod: known, before }, cause)
    }
  })
}

const askFor = (pod: Pod) => podRequests(pod.spec)

interface NodeWatch {
  readonly cache: Cache
  readonly happened: (event: ClusterEvent, cause: TraceId | undefined) => void
  readonly podsOnNode: (name: string) => Iterable<Pod>
}

function watchNode(
  { type, object: node, previous, cause }: Change<Node>,
  { cache, happened, podsOnNode }: NodeWatch,
): void {
  if (type === 'DELETED') {
    cache.removeNode(node.metadata.name)
    happened({ type: 'NodeDeleted', node }, cause)
    return
  }
  cache.setNode(node, podsOnNode(node.metadata.name))
  if (previous === undefined) {
    happened({ type: 'NodeAdded', node }, cause)
    return
  }
  const aspects = changedAspects(previous, node)
  if (aspects !== undefined) happened({ type: 'NodeUpdated', before: previous, node, aspects }, cause)
}
