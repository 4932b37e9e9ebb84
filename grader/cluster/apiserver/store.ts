// What etcd and the watch cache are in a real cluster: committed objects, one rising resourceVersion, changes in commit
// order, and the indexes that others ask again and again. Objects are immutable and shared, never copied.
import { keyOf, type KubeObject, type ObjectKey, controllerOf } from '../../api/meta.ts'
import { pods as podResource, type Resource } from '../../api/resource-table.ts'
import type { Pod } from '../../api/core.ts'
import type { TraceId } from '../trace.ts'

/** One committed change. `object` is the state after it (for DELETED the last state, with the deletion's resourceVersion). */
export interface Change<T extends KubeObject = KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: Resource<T>
  readonly object: T
  readonly previous: T | undefined
  readonly resourceVersion: number
  readonly cause: TraceId | undefined
}

/** How many changes per resource a late watcher may still ask for; older ones answer 410 Gone. */
export const WATCH_HISTORY = 10_000

interface Table {
  readonly objects: Map<string, KubeObject>
  /** Keys in order, rebuilt when an object came or went since it was last asked for. */
  ordered: readonly KubeObject[] | undefined
  readonly byNamespace: Map<string, Map<string, KubeObject>>
  history: Change[]
  /** The resourceVersion of the newest change that was dropped from `history`. */
  forgottenUpTo: number
}

export interface Store {
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): T | undefined
  /** Objects in key order (namespace, then name, by code unit), as etcd lists them. */
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): readonly T[]
  count(resource: Resource, namespace?: string): number
  resourceVersion(): number
  /** Writes the object under the resourceVersion that `next` gets; the caller has checked everything. */
  put<T extends KubeObject>(resource: Resource<T>, make: (resourceVersion: string) => T, cause?: TraceId): T
  remove<T extends KubeObject>(resource: Resource<T>, make: (resourceVersion: string) => T, cause?: TraceId): T
  /** Called synchronously at each commit, in order. Must only take note: no writes. */
  onCommit(listener: (change: Change) => void): () => void
  /** Changes after a resourceVersion, or undefined when they are forgotten (410 Gone). */
  changesSince(resource: Resource, resourceVersion: number): readonly Change[] | undefined
  podsOnNode(nodeName: string): ReadonlyMap<string, Pod>
  /** Objects of the resource whose controller has this uid. Kept for Pods, ReplicaSets, ControllerRevisions, Jobs. */
  ownedBy<T extends KubeObject>(resource: Resource<T>, uid: string): ReadonlyMap<string, T>
}

const INDEXED_BY_OWNER = new Set(['pods', 'replicasets', 'controllerrevisions', 'jobs'])
const NOTHING: ReadonlyMap<string, never> = new Map<string, never>()

export function createStore(): Store {
  let version = 0
  const tables = new Map<string, Table>()
  const listeners: ((change: Change) => void)[] = []
  const podsByNode = new Map<string, Map<string, Pod>>()
  const byOwner = new Map<string, Map<string, KubeObject>>()

  const tableOf = (resource: Resource): Table => {
    const id = `${resource.group}/${resource.plural}`
    let table = tables.get(id)
    if (table === undefined) {
      table = { objects: new Map(), ordered: undefined, byNamespace: new Map(), history: [], forgottenUpTo: 0 }
      tables.set(id, table)
    }
    return table
  }

  const reindex = (resource: Resource, key: string, before: KubeObject | undefined, after: KubeObject | undefined) => {
    if (resource.group === podResource.group && resource.plural === podResource.plural) {
      move(podsByNode, (before as Pod | undefined)?.spec.nodeName, (after as Pod | undefined)?.spec.nodeName, key, after as Pod)
    }
    if (INDEXED_BY_OWNER.has(resource.plural)) {
      const id = (object: KubeObject | undefined) => {
        const owner = object === undefined ? undefined : controllerOf(object)
        return owner === undefined ? undefined : `${resource.plural}/${owner.uid}`
      }
      move(byOwner, id(before), id(after), key, after)
    }
  }

  const commit = (change: Change, key: string) => {
    const table = tableOf(change.resource)
    const after = change.type === 'DELETED' ? undefined : change.object
    const namespace = change.object.metadata.namespace
    if (after === undefined) table.objects.delete(key)
    else table.objects.set(key, after)
    if (namespace !== undefined) {
      let inNamespace = table.byNamespace.get(namespace)
      if (inNamespace === undefined) table.byNamespace.set(namespace, (inNamespace = new Map()))
      if (after === undefined) inNamespace.delete(key)
      else inNamespace.set(key, after)
    }
    table.ordered = undefined
    reindex(change.resource, key, change.previous, after)
    table.history.push(change)
    if (table.history.length >= 2 * WATCH_HISTORY) {
      table.forgottenUpTo = table.history[WATCH_HISTORY - 1]!.resourceVersion
      table.history = table.history.slice(WATCH_HISTORY)
    }
    for (const listener of listeners) listener(change)
  }

  return {
    get: <T extends KubeObject>(resource: Resource<T>, key: ObjectKey) => tableOf(resource).objects.get(keyText(key)) as T | undefined,
    list<T extends KubeObject>(resource: Resource<T>, namespace?: string) {
      const table = tableOf(resource)
      if (namespace !== undefined) return sorted((table.byNamespace.get(namespace) ?? NOTHING) as ReadonlyMap<string, T>)
      table.ordered ??= sorted(table.objects)
      return table.ordered as readonly T[]
    },
    count: (resource, namespace) =>
      namespace === undefined ? tableOf(resource).objects.size : (tableOf(resource).byNamespace.get(namespace)?.size ?? 0),
    resourceVersion: () => version,
    put<T extends KubeObject>(resource: Resource<T>, make: (resourceVersion: string) => T, cause?: TraceId) {
      const object = make(String(++version))
      const key = keyOf(object)
      const previous = tableOf(resource).objects.get(key) as T | undefined
      commit({ type: previous === undefined ? 'ADDED' : 'MODIFIED', resource, object, previous, resourceVersion: version, cause } as Change, key)
      return object
    },
    remove<T extends KubeObject>(resource: Resource<T>, make: (resourceVersion: string) => T, cause?: TraceId) {
      const object = make(String(++version))
      const key = keyOf(object)
      const previous = tableOf(resource).objects.get(key) as T | undefined
      commit({ type: 'DELETED', resource, object, previous, resourceVersion: version, cause } as Change, key)
      return object
    },
    onCommit(listener) {
      listeners.push(listener)
      return () => void listeners.splice(listeners.indexOf(listener), 1)
    },
    changesSince(resource, resourceVersion) {
      const { history, forgottenUpTo } = tableOf(resource)
      if (resourceVersion < forgottenUpTo) return undefined
      let low = 0
      let high = history.length
      while (low < high) {
        const middle = (low + high) >> 1
        if (history[middle]!.resourceVersion <= resourceVersion) low = middle + 1
        else high = middle
      }
      return history.slice(low)
    },
    podsOnNode: (nodeName) => podsByNode.get(nodeName) ?? NOTHING,
    ownedBy: <T extends KubeObject>(resource: Resource<T>, uid: string) =>
      (byOwner.get(`${resource.plural}/${uid}`) ?? NOTHING) as ReadonlyMap<string, T>,
  }
}

function keyText(key: ObjectKey): string {
  return key.namespace === undefined ? key.name : `${key.namespace}/${key.name}`
}

function sorted<T>(objects: ReadonlyMap<string, T>): readonly T[] {
  const keys = [...objects.keys()].sort()
  return keys.map((key) => objects.get(key)!)
}

/** Moves an object between the entries of an index; an entry that becomes empty goes. */
function move<T>(index: Map<string, Map<string, T>>, from: string | undefined, to: string | undefined, key: string, object: T): void {
  if (from !== undefined && from !== '' && from !== to) {
    const entry = index.get(from)
    entry?.delete(key)
    if (entry?.size === 0) index.delete(from)
  }
  if (to === undefined || to === '') return
  let entry = index.get(to)
  if (entry === undefined) index.set(to, (entry = new Map()))
  entry.set(key, object)
}
