// Watches over Nodes: conditions become taints, silent kubelets become Unknown, and Pods of lost Nodes become not ready.
// Upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go (v1.35).
import type { Node, Pod, PodCondition } from '../../api/core.ts'
import type { Lease } from '../../api/other.ts'
import { leases, nodes as nodeResource, pods as podResource } from '../../api/resource-table.ts'
import { parseTimestamp } from '../clock.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'
import { createNoExecuteTaints, hasNoExecuteTaint } from './no-execute-taints.ts'
import { createNodeReconciler, needsReconciling } from './node-reconciler.ts'
import { readyConditionOf, silentConditions } from './node-taints.ts'
import { countsForDisruption, createDisruption, type ZoneTally, zoneOf } from './zone-disruption.ts'

const BY = 'node-lifecycle-controller'
const MONITOR_PERIOD_SECONDS = 5
/** 50 s since v1.32; 40 s before. */
const GRACE_SECONDS = 50
/** While a Node has no Ready condition yet. */
const STARTUP_GRACE_SECONDS = 60
const LEASE_NAMESPACE = 'kube-node-lease'

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

  const freshNode = (name: string) => informers.of(nodeResource).get({ name })
  const { reconcile, writeTaints } = createNodeReconciler({ by: BY, client, clock, trace })
  const noExecute = createNoExecuteTaints({ by: BY, clock, trace, disruption, freshNode, writeTaints })
  const nodeQueue = createWorkQueue({ name: BY, clock, trace, sync: syncNode })

  informers.of(nodeResource).onChange(({ type, object }) => {
    const { name } = object.metadata
    if (type === 'DELETED') return forgetNode(object)
    noteNode(object)
    if (needsReconciling(object)) nodeQueue.add(name)
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
      if (known.needsCare) noExecute.decide(known.node.metadata.name, known.zone)
      tally(tallies, known)
    }
    const change = disruption.update(tallies)
    if (change === 'stopEvictions')
      for (const known of health.values()) noExecute.remove(known.node.metadata.name, known.zone)
    if (change === 'resume') for (const known of health.values()) known.probeAt = now
    noExecute.wake()
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
