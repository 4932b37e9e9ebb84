// One Node as the scheduler counts it: running sums over its Pods, kept up to date by difference.
// Upstream: pkg/scheduler/framework/types.go (NodeInfo) and pkg/scheduler/backend/cache.
import type { Node } from '../../api/core.ts'
import { amountsOf, podCapacity, podRequestsOrElse, type ResourceAmounts } from '../../api/pod-resources.ts'
import type { PodInfo } from './framework.ts'

/** Requests that stand in where a container asks for nothing, for scores only. Upstream: pkg/scheduler/util/pod_resources.go. */
const DEFAULT_MILLI_CPU_REQUEST = 100
const DEFAULT_MEMORY_REQUEST = 200 * 1024 * 1024

export interface NodeInfo {
  readonly name: string
  readonly node: Node
  readonly allocatable: ResourceAmounts
  readonly allowedPods: number
  readonly requested: RunningSum
  readonly pods: Map<string, PodInfo>
  /** How many Pods here have host ports, affinity terms, required anti-affinity terms. */
  withPorts: number
  withAffinity: number
  withRequiredAntiAffinity: number
}

export interface RunningSum {
  cpuMillis: number
  memoryBytes: number
  ephemeralBytes: number
  /** With stand-ins for containers that ask for nothing. */
  scoredCpuMillis: number
  scoredMemoryBytes: number
  scalars: Map<string, number> | undefined
}

export function createNodeInfo(node: Node): NodeInfo {
  const allocatable = node.status.allocatable ?? node.status.capacity
  return {
    name: node.metadata.name,
    node,
    allocatable: amountsOf(allocatable),
    allowedPods: podCapacity(allocatable),
    requested: {
      cpuMillis: 0,
      memoryBytes: 0,
      ephemeralBytes: 0,
      scoredCpuMillis: 0,
      scoredMemoryBytes: 0,
      scalars: undefined,
    },
    pods: new Map(),
    withPorts: 0,
    withAffinity: 0,
    withRequiredAntiAffinity: 0,
  }
}

/** The same Pods under a newer version of the Node object. */
export function withNode(info: NodeInfo, node: Node): NodeInfo {
  const allocatable = node.status.allocatable ?? node.status.capacity
  return { ...info, node, allocatable: amountsOf(allocatable), allowedPods: podCapacity(allocatable) }
}

/** A copy that may be tried things on; Pods are shared. */
export function cloneNodeInfo(info: NodeInfo): NodeInfo {
  const { requested } = info
  return {
    ...info,
    pods: new Map(info.pods),
    requested: { ...requested, scalars: requested.scalars === undefined ? undefined : new Map(requested.scalars) },
  }
}

export function addPod(info: NodeInfo, pod: PodInfo): void {
  info.pods.set(pod.key, pod)
  account(info, pod, 1)
}

export function removePod(info: NodeInfo, key: string): void {
  const pod = info.pods.get(key)
  if (pod === undefined) return
  info.pods.delete(key)
  account(info, pod, -1)
}

function account(info: NodeInfo, pod: PodInfo, sign: 1 | -1): void {
  const { requested } = info
  const { requests } = pod
  requested.cpuMillis += sign * requests.cpuMillis
  requested.memoryBytes += sign * requests.memoryBytes
  requested.ephemeralBytes += sign * requests.ephemeralBytes
  requested.scoredCpuMillis += sign * scoredCpu(pod)
  requested.scoredMemoryBytes += sign * scoredMemory(pod)
  if (requests.scalars.size > 0) {
    requested.scalars ??= new Map()
    for (const [name, amount] of requests.scalars)
      requested.scalars.set(name, (requested.scalars.get(name) ?? 0) + sign * amount)
  }
  if (pod.hostPorts.length > 0) info.withPorts += sign
  if (hasAffinity(pod)) info.withAffinity += sign
  if (hasRequiredAntiAffinity(pod)) info.withRequiredAntiAffinity += sign
}

const STAND_INS = { cpuMillis: DEFAULT_MILLI_CPU_REQUEST, memoryBytes: DEFAULT_MEMORY_REQUEST }

export const scoredCpu = (pod: PodInfo): number => podRequestsOrElse(pod.pod.spec, STAND_INS).cpuMillis
export const scoredMemory = (pod: PodInfo): number => podRequestsOrElse(pod.pod.spec, STAND_INS).memoryBytes

export function hasAffinity({ pod }: PodInfo): boolean {
  const affinity = pod.spec.affinity
  return affinity !== undefined && (affinity.podAffinity !== undefined || affinity.podAntiAffinity !== undefined)
}

export function hasRequiredAntiAffinity({ pod }: PodInfo): boolean {
  return (pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length ?? 0) > 0
}
