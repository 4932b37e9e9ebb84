// The cluster as goals see it: objects and a few questions, nothing that knows how a manifest was written.

import type { DaemonSet } from '../api/apps.ts'
import type { Event, Node, Pod } from '../api/core.ts'
import { isBeingDeleted } from '../api/meta.ts'
import { isPodReady, targetNodeOf } from '../api/pods.ts'
import * as resources from '../api/resource-table.ts'
import type { Store } from '../cluster/apiserver/store.ts'

/** What an expression may ask. Reads the present state of a store; costs nothing until asked. */
export interface ClusterView {
  nodes(): readonly Node[]
  pods(): readonly Pod[]
  events(): readonly Event[]
  daemonSet(name: string): DaemonSet | undefined
  /** Pods of the DaemonSet made for the node, terminating ones included. */
  daemonPods(name: string, node: string): readonly Pod[]
  /** … of these, Ready and not terminating. */
  readyPods(name: string, node: string): readonly Pod[]
  /** Revision number of the present template, 0 without a DaemonSet. */
  revision(name: string): number
}

/** A view of the store; names without a slash are of `defaultNamespace`. */
export function createClusterView(store: Store, defaultNamespace: string): ClusterView {
  const daemonSet = (name: string) => store.get(resources.daemonSets, keyFrom(name, defaultNamespace))
  const daemonPods = (name: string, node: string): readonly Pod[] => {
    const ds = daemonSet(name)
    if (ds === undefined) return []
    const found: Pod[] = []
    for (const pod of store.ownedBy(resources.pods, ds.metadata.uid).values())
      if (targetNodeOf(pod) === node) found.push(pod)
    return found
  }
  return {
    nodes: () => store.list(resources.nodes),
    pods: () => store.list(resources.pods),
    events: () => store.list(resources.events),
    daemonSet,
    daemonPods,
    readyPods: (name, node) => daemonPods(name, node).filter((pod) => isPodReady(pod) && !isBeingDeleted(pod)),
    revision(name) {
      const ds = daemonSet(name)
      if (ds === undefined) return 0
      return [...store.ownedBy(resources.controllerRevisions, ds.metadata.uid).values()].reduce(
        (newest, revision) => Math.max(newest, revision.revision),
        0,
      )
    },
  }
}

function keyFrom(name: string, defaultNamespace: string): { readonly namespace: string; readonly name: string } {
  const slash = name.indexOf('/')
  return slash < 0
    ? { namespace: defaultNamespace, name }
    : { namespace: name.slice(0, slash), name: name.slice(slash + 1) }
}
