// What a kubelet checks before it takes a Pod that is bound to its Node. Pure.
// Upstream: pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/eviction/eviction_manager.go (Admit).
import type { Node, Pod } from '../../api/core.ts'
import { factsOf, matchRequiredNodeAffinity } from '../../api/node-affinity.ts'
import {
  amountsOf,
  hostPortsConflict,
  hostPortsOf,
  podCapacity,
  podRequests,
  type ResourceAmounts,
} from '../../api/pod-resources.ts'
import { findToleration, firstUntoleratedTaint } from '../../api/tolerations.ts'

export interface Rejection {
  readonly reason: string
  readonly message: string
}

export interface Pressures {
  readonly memory: boolean
  readonly disk: boolean
  readonly pid: boolean
}

const CRITICAL_PRIORITY = 2_000_000_000

/** The first check that the Pod fails on the Node, against the Pods already admitted there; undefined if it may run. */
export function admitPod(pod: Pod, node: Node, others: Iterable<Pod>, pressures: Pressures): Rejection | undefined {
  return (
    rejectForPressure(pod, pressures) ??
    rejectForOs(pod, node) ??
    rejectForResources(pod, node, [...others]) ??
    rejectForAffinity(pod, node) ??
    rejectForPorts(pod, others) ??
    rejectForTaints(pod, node)
  )
}

export function isCritical(pod: Pod): boolean {
  return (
    pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined ||
    pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file' ||
    (pod.spec.priority ?? 0) >= CRITICAL_PRIORITY
  )
}

function rejectForPressure(pod: Pod, { memory, disk, pid }: Pressures): Rejection | undefined {
  if ((!memory && !disk && !pid) || isCritical(pod)) return undefined
  if (memory && !disk && !pid) {
    if (pod.status.qosClass !== 'BestEffort') return undefined
    if (
      findToleration(pod.spec.tolerations, { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' }) !==
      undefined
    )
      return undefined
  }
  const conditions = [memory && 'MemoryPressure', disk && 'DiskPressure', pid && 'PIDPressure'].filter(
    (name) => name !== false,
  )
  return { reason: 'Evicted', message: `The node had condition: [${conditions.join(' ')}]. ` }
}

function rejectForOs(pod: Pod, node: Node): Rejection | undefined {
  const os = node.metadata.labels?.['kubernetes.io/os']
  const label = pod.metadata.labels?.['kubernetes.io/os']
  if (label !== undefined && os !== undefined && label !== os) {
    return {
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    }
  }
  const wanted = pod.spec.os?.name
  if (wanted === undefined || os === undefined || wanted === os) return undefined
  return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
}

function rejectForResources(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const list = node.status.allocatable ?? node.status.capacity
  const wanted = podRequests(pod.spec)
  const room = amountsOf(list)
  const capacity = podCapacity(list)
  if (others.length + 1 > capacity) return outOf('pods', { requested: 1, used: others.length, capacity })
  const requests = others.map((other) => podRequests(other.spec))
  const check = (name: string, amount: (amounts: ResourceAmounts) => number) => {
    const requested = amount(wanted)
    if (requested === 0) return undefined
    const used = requests.reduce((sum, amounts) => sum + amount(amounts), 0)
    return requested > amount(room) - used ? outOf(name, { requested, used, capacity: amount(room) }) : undefined
  }
  const first =
    check('cpu', ({ cpuMillis }) => cpuMillis) ??
    check('memory', ({ memoryBytes }) => memoryBytes) ??
    check('ephemeral-storage', ({ ephemeralBytes }) => ephemeralBytes)
  if (first !== undefined) return first
  for (const name of [...wanted.scalars.keys()].sort()) {
    // Resources that the Node does not know are ignored here: they may be somebody else's to manage.
    const rejection = room.scalars.has(name) ? check(name, ({ scalars }) => scalars.get(name) ?? 0) : undefined
    if (rejection !== undefined) return rejection
  }
  return undefined
}

function outOf(
  name: string,
  { requested, used, capacity }: { readonly requested: number; readonly used: number; readonly capacity: number },
): Rejection {
  return {
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  }
}

function rejectForAffinity(pod: Pod, node: Node): Rejection | undefined {
  if (matchRequiredNodeAffinity(pod.spec, factsOf(node)).matches) return undefined
  return {
    reason: 'NodeAffinity',
    message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  }
}

function rejectForPorts(pod: Pod, others: Iterable<Pod>): Rejection | undefined {
  const wanted = hostPortsOf(pod.spec)
  if (wanted.length === 0) return undefined
  for (const other of others) {
    if (hostPortsOf(other.spec).some((taken) => wanted.some((port) => hostPortsConflict(port, taken)))) {
      return {
        reason: 'NodePorts',
        message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
      }
    }
  }
  return undefined
}

function rejectForTaints(pod: Pod, node: Node): Rejection | undefined {
  if (pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file') return undefined
  if (firstUntoleratedTaint(node.spec.taints, pod.spec.tolerations, ['NoExecute']) === undefined) return undefined
  return {
    reason: 'TaintToleration',
    message: "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
  }
}
