// The scheduler's picture of the cluster: Nodes and the Pods on them, including Pods it has only just assigned.
// Upstream: pkg/scheduler/backend/cache/cache.go.
import type { Node, Pod } from '../../api/core.ts'
import type { NodeView, PodInfo } from './framework.ts'
import { podInfoOf } from './framework.ts'
import { addPod, createNodeInfo, type NodeInfo, removePod, withNode } from './node-info.ts'

interface Assigned {
  readonly info: PodInfo
  readonly nodeName: string
}

export interface Cache extends NodeView {
  setNode(node: Node, podsThere: Iterable<Pod>): void
  removeNode(name: string): void
  assigned(key: string): PodInfo | undefined
  /** The Pod counts on the Node from now on; the same Pod told twice counts once. */
  assign(info: PodInfo, nodeName: string): void
  unassign(key: string): void
}

/** An empty picture. */
export function createCache(): Cache {
  const nodes = new Map<string, NodeInfo>()
  const assigned = new Map<string, Assigned>()
  const affinity = new Set<string>()
  const antiAffinity = new Set<string>()

  const index = (node: NodeInfo) => {
    if (node.withAffinity > 0) affinity.add(node.name)
    else affinity.delete(node.name)
    if (node.withRequiredAntiAffinity > 0) antiAffinity.add(node.name)
    else antiAffinity.delete(node.name)
  }

  const cache: Cache = {
    get size() {
      return nodes.size
    },
    get: (name) => nodes.get(name),
    all: () => nodes.values(),
    withAffinity: () => infosOf(affinity, nodes),
    withRequiredAntiAffinity: () => infosOf(antiAffinity, nodes),
    setNode(node, podsThere) {
      const { name } = node.metadata
      const known = nodes.get(name)
      if (known !== undefined) {
        nodes.set(name, withNode(known, node))
        return
      }
      const info = createNodeInfo(node)
      nodes.set(name, info)
      // Pods may be bound to a Node before it is there.
      for (const pod of podsThere) {
        if (isTerminal(pod)) continue
        const before = assigned.get(podKey(pod))
        const podInfo = before?.info ?? podInfoOf(pod)
        assigned.set(podInfo.key, { info: podInfo, nodeName: name })
        addPod(info, podInfo)
      }
      index(info)
    },
    removeNode(name) {
      nodes.delete(name)
      affinity.delete(name)
      antiAffinity.delete(name)
    },
    assigned: (key) => assigned.get(key)?.info,
    assign(info, nodeName) {
      const before = assigned.get(info.key)
      if (before !== undefined) {
        if (before.nodeName === nodeName) return
        cache.unassign(info.key)
      }
      assigned.set(info.key, { info, nodeName })
      const node = nodes.get(nodeName)
      if (node === undefined) return
      addPod(node, info)
      index(node)
    },
    unassign(key) {
      const before = assigned.get(key)
      if (before === undefined) return
      assigned.delete(key)
      const node = nodes.get(before.nodeName)
      if (node === undefined) return
      removePod(node, key)
      index(node)
    },
  }
  return cache
}

/** Finished Pods are invisible to the scheduler. */
export function isTerminal(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
}

const podKey = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}`

function infosOf(names: ReadonlySet<string>, nodes: ReadonlyMap<string, NodeInfo>): readonly NodeInfo[] {
  return [...names].map((name) => nodes.get(name)!)
}

/** The same cluster with one Node as it would be: what a preemption is tried on. */
export function viewWith(view: NodeView, changed: NodeInfo): NodeView {
  const swap = (infos: Iterable<NodeInfo>) => [...infos].map((info) => (info.name === changed.name ? changed : info))
  return {
    size: view.size,
    get: (name) => (name === changed.name ? changed : view.get(name)),
    all: () => swap(view.all()),
    withAffinity: () => swap(view.withAffinity()),
    withRequiredAntiAffinity: () => swap(view.withRequiredAntiAffinity()),
  }
}
