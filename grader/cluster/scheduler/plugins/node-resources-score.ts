// Upstream: pkg/scheduler/framework/plugins/noderesources/{least_allocated,balanced_allocation,resource_allocation}.go.
import type { PodInfo } from '../framework.ts'
import { type NodeInfo, scoredCpu, scoredMemory } from '../node-info.ts'

/** More room left is better: cpu and memory, weighted alike. */
export function scoreLeastAllocated(pod: PodInfo, { requested, allocatable }: NodeInfo): number {
  const shares = [
    freeShare(requested.scoredCpuMillis + scoredCpu(pod), allocatable.cpuMillis),
    freeShare(requested.scoredMemoryBytes + scoredMemory(pod), allocatable.memoryBytes),
  ].filter((share) => share !== undefined)
  if (shares.length === 0) return 0
  return Math.floor(shares.reduce((sum, share) => sum + share, 0) / shares.length)
}

function freeShare(requested: number, allocatable: number): number | undefined {
  if (allocatable === 0) return undefined
  return requested > allocatable ? 0 : Math.floor(((allocatable - requested) * 100) / allocatable)
}

/** Cpu and memory used alike is better. It has no say about a Pod that asks for nothing. */
export function scoreBalancedAllocation(pod: PodInfo, nodes: readonly NodeInfo[]): readonly number[] | undefined {
  const { cpuMillis, memoryBytes } = pod.requests
  if (cpuMillis === 0 && memoryBytes === 0) return undefined
  return nodes.map(({ requested, allocatable }) => {
    const cpu = usedShare(requested.cpuMillis + cpuMillis, allocatable.cpuMillis)
    const memory = usedShare(requested.memoryBytes + memoryBytes, allocatable.memoryBytes)
    const deviation = cpu === undefined || memory === undefined ? 0 : Math.abs(cpu - memory) / 2
    return Math.floor((1 - deviation) * 100)
  })
}

function usedShare(requested: number, allocatable: number): number | undefined {
  return allocatable === 0 ? undefined : Math.min(requested / allocatable, 1)
}
