// Watches over Nodes: conditions become taints, silent kubelets become Unknown, and Pods of lost Nodes become not ready.
// Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.35).
import type { Node, Pod, PodCondition } from '../../api/core.ts'
import type { Json, JsonObject, StringMap } from '../../api/meta.ts'
import type { Lease } from '../../api/other.ts'
import { leases, nodes as nodeResource, pods as podResource } from '../../api/resource-table.ts'
import { parseTimestamp } from '../clock.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'
import {
  changedTaints,
  hasTaint,
  NOT_READY_TAINT,
  noScheduleTaintDifference,
  readyConditionOf,
  silentConditions,
  type TaintChange,
  type TaintDifference,
  UNREACHABLE_TAINT,
} from './node-taints.ts'
import { countsForDisruption, createDisruption, type ZoneTally, zoneOf } from './zone-disruption.ts'

const BY = 'node-lifecycle-controller'
const MONITOR_PERIOD_SECONDS = 5
/** 50 s since v1.32; 40 s before. */
const GRACE_SECONDS = 50
/** While a Node has no Ready condition yet. */
const STARTUP_GRACE_SECONDS = 60
/** How often the queue of NoExecute taints is looked at. */
const TAINT_PERIOD_SECONDS = 0.1
const LEASE_NAMESPACE = 'kube-node-lease'

/** Old label and the one that it follows. */
const LABEL_PAIRS: readonly (readonly [string, string])[] = [
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
]

/** What is remembered of a Node from round to round. */
interface NodeHealth {
  node: Node
  zone: string
  /** The last round (ms) that noticed a sign of life. */
  probeAt: number
  heardOf: boolean
  heartbeat: string | undefined
  /** A Node without a Lease is trusted. */
  lease: Lease | undefined
  renewTime: string | undefined
  /** False until a round has seen it. */
  isRegistered: boolean
  isReady: boolean
  /** Is not Ready, or carries one of the two NoExecute taints. */
  needsCare: boolean
}

/** The component. Heartbeats are looked at in bulk: one round for all Nodes every 5 s. */
export function nodeLifecycleController(parts: ComponentParts): void {
  const { clientFor, informers, clock, trace } = parts
  const client = clientFor(BY)
  const recorder = createEventRecorder({ client, clock, component: 'node-controller' })
  const health = new Map<string, NodeHealth>()
  /** Nodes whose Ready condition is not True; those without one do not count. */
  const notReady = new Set<string>()
  const vanished: Node[] = []
  const disruption = createDisruption()
  const startedAt = clock.now()
  let taintTimerAt: number | undefined

  const freshNode = (name: string) => informers.of(nodeResource).get({ name })
  const nodeQueue = createWorkQueue({ name: BY, clock, trace, sync: syncNode })

  informers.of(nodeResource).onChange(({ type, object }) => {
    const { name } = object.metadata
    if (type === 'DELETED') return forgetNode(object)
    noteNode(object)
    if (needsSync(object)) nodeQueue.add(name)
  })
  informers.of(leases).onChange(({ type, object }) => {
    if (type === 'DELETED' || object.metadata.namespace !== LEASE_NAMESPACE) return
    const known = health.get(object.metadata.name)
    if (known !== undefined) known.lease = object
  })
  informers.of(podResource).onChange(({ type, object }) => {
    if (notReady.size === 0 || type === 'DELETED') return
    const { nodeName = '' } = object.spec
    if (notReady.has(nodeName) && health.get(nodeName)?.isRegistered === true) markPodNotReady(object)
  })
  clock.after(MONITOR_PERIOD_SECONDS, BY, monitor)

  function noteNode(node: Node): void {
    const { name } = node.metadata
    const known = health.get(name)
    if (
      known !== undefined &&
      known.node.status === node.status &&
      known.node.spec === node.spec &&
      known.node.metadata.labels === node.metadata.labels
    )
      return
    const ready = readyConditionOf(node)
    const isReady = ready?.status === 'True'
    const needsCare = !isReady || hasNoExecuteTaint(node)
    if (ready === undefined || isReady) notReady.delete(name)
    else notReady.add(name)
    if (known === undefined) {
      const lease = informers.store.get(leases, { namespace: LEASE_NAMESPACE, name })
      const heartbeat = ready?.lastHeartbeatTime
      health.set(name, {
        node,
        zone: zoneOf(node),
        probeAt: clock.now(),
        heardOf: true,
        heartbeat,
        lease,
        renewTime: undefined,
        isRegistered: false,
        isReady,
        needsCare,
      })
      return
    }
    if (known.heartbeat !== ready?.lastHeartbeatTime) {
      known.heartbeat = ready?.lastHeartbeatTime
      known.heardOf = true
    }
    if (known.node.metadata.labels !== node.metadata.labels) moveZone(known, zoneOf(node))
    known.node = node
    known.isReady = isReady
    known.needsCare = needsCare
  }

  function moveZone(known: NodeHealth, zone: string): void {
    if (zone === known.zone) return
    disruption.queueOf(known.zone).remove(known.node.metadata.name)
    known.zone = zone
  }

  function forgetNode(node: Node): void {
    const known = health.get(node.metadata.name)
    if (known === undefined) return
    health.delete(node.metadata.name)
    notReady.delete(node.metadata.name)
    disruption.queueOf(known.zone).remove(node.metadata.name)
    if (known.isRegistered) vanished.push(node)
  }

  /** NoSchedule taints and old labels follow at once, without rate limit. */
  function syncNode(name: string): void {
    const node = freshNode(name)
    if (node === undefined || reconcile(node)) nodeQueue.forget(name)
    else nodeQueue.addRateLimited(name)
  }

  // Simplified: upstream writes added taints, removed taints and labels one after the other; ours is one write.
  function reconcile(node: Node): boolean {
    const { add, remove } = noScheduleTaintDifference(node)
    const labels = missingLabels(node)
    const changesTaints = add.length > 0 || remove.length > 0
    if (!changesTaints && labels === undefined) return true
    if (changesTaints) recordTaints(node, { add, remove })
    const change = { effect: 'NoSchedule', add: add.map(({ key }) => key), remove } as const
    return write(node, {
      ...(changesTaints ? { spec: { taints: taintsAfter(node, change) } } : {}),
      ...(labels === undefined ? {} : { metadata: { labels } }),
    })
  }

  function recordTaints(node: Node, { add, remove }: TaintDifference): void {
    const object = { kind: 'Node', name: node.metadata.name }
    trace.cause = trace.record(BY, {
      type: 'decision',
      about: object,
      decision: add.length > 0 ? 'taint' : 'removeTaint',
      because: [
        ...add.map(({ key, because }) => ({
          code: 'ConditionTaint',
          object,
          path: because,
          params: { taint: `${key}:NoSchedule` },
        })),
        ...remove.map((key) => ({ code: 'ConditionGone', object, params: { taint: `${key}:NoSchedule` } })),
      ],
    })
  }

  function writeTaints(node: Node, change: Omit<TaintChange, 'now'>): boolean {
    return write(node, { spec: { taints: taintsAfter(node, change) } })
  }

  function taintsAfter(node: Node, change: Omit<TaintChange, 'now'>): Json {
    const taints = changedTaints(node.spec?.taints ?? [], { ...change, now: clock.timestamp() })
    return taints.length === 0 ? null : (taints as unknown as Json)
  }

  function write(node: Node, body: JsonObject): boolean {
    const patched = client.patch(nodeResource, node.metadata, { type: 'strategic', body })
    return patched.ok || patched.status.reason === 'NotFound'
  }

  /** One round over all Nodes. */
  function monitor(): void {
    clock.after(MONITOR_PERIOD_SECONDS, BY, monitor)
    for (const node of vanished.splice(0))
      nodeEvent(node, 'RemovingNode', `Removing Node ${node.metadata.name} from Controller`)
    const now = clock.now()
    const tallies = new Map<string, ZoneTally>()
    for (const known of health.values()) {
      if (!known.isRegistered) register(known)
      // Renewals are read, not counted: a Lease need not be written for its renewTime to move on.
      const renewTime = known.lease?.spec?.renewTime
      if (known.heardOf || renewTime !== known.renewTime) {
        known.heardOf = false
        known.renewTime = renewTime
        known.probeAt = now
      } else if (known.lease !== undefined && now > known.probeAt + graceMs(known)) fallSilent(known)
      if (known.needsCare) decideNoExecute(known)
      tally(tallies, known)
    }
    const change = disruption.update(tallies)
    if (change === 'stopEvictions') for (const known of health.values()) removeNoExecute(known)
    if (change === 'resume') for (const known of health.values()) known.probeAt = now
    wakeTaintQueues()
  }

  function graceMs({ node }: NodeHealth): number {
    return (readyConditionOf(node) === undefined ? STARTUP_GRACE_SECONDS : GRACE_SECONDS) * 1000
  }

  // Simplified: Nodes that are there when the story starts were registered long before; their events have expired.
  function register(known: NodeHealth): void {
    known.isRegistered = true
    if ((parseTimestamp(known.node.metadata.creationTimestamp) ?? 0) <= startedAt) return
    nodeEvent(known.node, 'RegisteredNode', `Registered Node ${known.node.metadata.name} in Controller`)
  }

  function nodeEvent({ metadata: { name, uid } }: Node, reason: string, what: string): void {
    recorder.event({ apiVersion: 'v1', kind: 'Node', name, uid }, 'Normal', reason, `Node ${name} event: ${what}`)
  }

  function fallSilent(known: NodeHealth): void {
    const { name, uid } = known.node.metadata
    const node = freshNode(name)
    if (node === undefined || readyConditionOf(node)?.status === 'Unknown') return
    const wasReady = readyConditionOf(node)?.status === 'True'
    const object = { kind: 'Node', name }
    trace.cause = trace.record(BY, {
      type: 'decision',
      about: object,
      decision: 'markUnknown',
      because: [{ code: 'NodeUnreachable', object, params: { silentSeconds: (clock.now() - known.probeAt) / 1000 } }],
    })
    const status = { ...node.status, conditions: silentConditions(node, clock.timestamp()) }
    const updated = client.update(nodeResource, { ...node, status }, { subresource: 'status' })
    if (!updated.ok) return
    noteNode(updated.value)
    // The taint first: the DaemonSet controller wakes up through the Pods, and is to see both.
    reconcile(updated.value)
    noteNode(freshNode(name) ?? updated.value)
    if (!wasReady) return
    recorder.event(
      { apiVersion: 'v1', kind: 'Node', name, uid },
      'Normal',
      'NodeNotReady',
      `Node ${name} status is now: NodeNotReady`,
    )
    for (const pod of [...informers.store.podsOnNode(name).values()]) markPodNotReady(pod)
  }

  function markPodNotReady(seen: Pod): void {
    const pod = informers.of(podResource).get(seen.metadata)
    const isReady = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')
    if (pod === undefined || isReady !== true) return
    const conditions = pod.status.conditions!.map(
      (condition): PodCondition =>
        condition.type === 'Ready'
          ? { ...condition, status: 'False', lastTransitionTime: clock.timestamp() }
          : condition,
    )
    const updated = client.update(
      podResource,
      { ...pod, status: { ...pod.status, conditions } },
      { subresource: 'status' },
    )
    if (updated.ok) recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
  }

  /** What the Ready status means for the two NoExecute taints. Upstream: processTaintBaseEviction. */
  function decideNoExecute(known: NodeHealth): void {
    const node = freshNode(known.node.metadata.name)
    if (node === undefined) return
    const status = readyConditionOf(node)?.status
    const queue = disruption.queueOf(known.zone)
    if (status === 'True') removeNoExecute(known)
    if (status === undefined || status === 'True') return
    const { own, other } = noExecuteKeys(status)
    // A wrong one of the two is swapped at once; a first one waits for its turn.
    if (hasTaint(node, other, 'NoExecute')) writeTaints(node, { effect: 'NoExecute', add: [own], remove: [other] })
    else if (!hasTaint(node, own, 'NoExecute')) queue.add(node.metadata.name)
  }

  function removeNoExecute(known: NodeHealth): void {
    const { name } = known.node.metadata
    disruption.queueOf(known.zone).remove(name)
    const node = freshNode(name)
    if (node === undefined) return
    const remove = [NOT_READY_TAINT, UNREACHABLE_TAINT].filter((key) => hasTaint(node, key, 'NoExecute'))
    if (remove.length > 0) writeTaints(node, { effect: 'NoExecute', add: [], remove })
  }

  function wakeTaintQueues(): void {
    let next: number | undefined
    for (const queue of disruption.queues()) {
      const at = queue.nextAt(clock.now())
      if (at !== undefined && (next === undefined || at < next)) next = at
    }
    if (next === undefined || (taintTimerAt !== undefined && taintTimerAt <= next && taintTimerAt > clock.now())) return
    const delaySeconds = Math.max(TAINT_PERIOD_SECONDS, (next - clock.now()) / 1000)
    taintTimerAt = clock.now() + delaySeconds * 1000
    clock.after(delaySeconds, BY, drainTaintQueues)
  }

  function drainTaintQueues(): void {
    taintTimerAt = undefined
    for (const queue of disruption.queues()) {
      const name = queue.take(clock.now())
      if (name !== undefined) addNoExecute(name)
    }
    wakeTaintQueues()
  }

  /** Reads the Ready status anew: it may have changed while the Node waited. */
  function addNoExecute(name: string): void {
    const node = freshNode(name)
    const status = node === undefined ? undefined : readyConditionOf(node)?.status
    if (node === undefined || status === undefined || status === 'True') return
    const { own, other } = noExecuteKeys(status)
    const object = { kind: 'Node', name }
    trace.cause = trace.record(BY, {
      type: 'decision',
      about: object,
      decision: 'taint',
      because: [
        {
          code: status === 'False' ? 'NodeNotReady' : 'NodeUnreachable',
          object,
          path: 'status.conditions[Ready]',
          params: { taint: `${own}:NoExecute` },
        },
      ],
    })
    writeTaints(node, { effect: 'NoExecute', add: [own], remove: [other] })
  }
}

function noExecuteKeys(status: 'False' | 'Unknown'): { readonly own: string; readonly other: string } {
  return status === 'False'
    ? { own: NOT_READY_TAINT, other: UNREACHABLE_TAINT }
    : { own: UNREACHABLE_TAINT, other: NOT_READY_TAINT }
}

function hasNoExecuteTaint({ spec }: Node): boolean {
  return (
    spec?.taints?.some(
      ({ key, effect }) => effect === 'NoExecute' && (key === NOT_READY_TAINT || key === UNREACHABLE_TAINT),
    ) ?? false
  )
}

/** Whether a Node's taints or old labels are not what they should be: most changes of Nodes need nothing. */
function needsSync(node: Node): boolean {
  const { add, remove } = noScheduleTaintDifference(node)
  return add.length > 0 || remove.length > 0 || missingLabels(node) !== undefined
}

function missingLabels({ metadata: { labels } }: Node): StringMap | undefined {
  let missing: Record<string, string> | undefined
  for (const [old, label] of LABEL_PAIRS) {
    const value = labels?.[label]
    if (value !== undefined && labels?.[old] !== value) missing = { ...missing, [old]: value }
  }
  return missing
}

function tally(tallies: Map<string, ZoneTally>, { node, zone, isReady }: NodeHealth): void {
  if (!countsForDisruption(node)) return
  let found = tallies.get(zone)
  if (found === undefined) {
    found = { ready: 0, notReady: 0 }
    tallies.set(zone, found)
  }
  if (isReady) found.ready++
  else found.notReady++
}
