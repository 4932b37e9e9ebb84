// Which Node a waiting Pod was promised by preemption. Upstream: pkg/scheduler/backend/queue/nominator.go.
import type { PodInfo } from './framework.ts'

export interface Nominator {
  set(pod: PodInfo, nodeName: string): void
  remove(key: string): void
  /** Other Pods promised the Node, of at least this Pod's priority. */
  on(nodeName: string, pod: PodInfo): readonly PodInfo[]
  /** Pods promised the Node, of lower priority than this. */
  below(nodeName: string, priority: number): readonly PodInfo[]
}

const NOBODY: readonly PodInfo[] = []

export function createNominator(): Nominator {
  const byNode = new Map<string, Map<string, PodInfo>>()
  const nodeOf = new Map<string, string>()
  const remove = (key: string) => {
    const nodeName = nodeOf.get(key)
    if (nodeName === undefined) return
    nodeOf.delete(key)
    const promised = byNode.get(nodeName)
    promised?.delete(key)
    if (promised?.size === 0) byNode.delete(nodeName)
  }
  const pick = (nodeName: string, test: (pod: PodInfo) => boolean): readonly PodInfo[] => {
    const promised = byNode.get(nodeName)
    return promised === undefined ? NOBODY : [...promised.values()].filter(test)
  }
  return {
    set(pod, nodeName) {
      remove(pod.key)
      nodeOf.set(pod.key, nodeName)
      const promised = byNode.get(nodeName) ?? new Map<string, PodInfo>()
      promised.set(pod.key, pod)
      byNode.set(nodeName, promised)
    },
    remove,
    on: (nodeName, pod) => pick(nodeName, (other) => other.key !== pod.key && other.priority >= pod.priority),
    below: (nodeName, priority) => pick(nodeName, (other) => other.priority < priority),
  }
}
