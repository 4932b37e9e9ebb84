// What etcd and the watch cache are in a real cluster: committed objects, one rising resourceVersion, changes in commit
// order, and the indexes that others ask again and again. Objects are immutable and shared, never copied.
import type { Pod } from '../../api/core.ts'
import { controllerOf, type KubeObject, type ObjectKey } from '../../api/meta.ts'
import { pods as podResource, type Resource } from '../../api/resource-table.ts'
import type { TraceId } from '../trace.ts'
import { ObjectTable, type Slot } from './object-table.ts'

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
  readonly objects: ObjectTable
  readonly watchedByIndexes: boolean
  history: Change[]
  /** The resourceVersion of the newest change that was dropped from `history`. */
  forgottenUpTo: number
}

export interface Store {
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): T | undefined
  /** Objects in key order (namespace, then name, by code unit), as etcd lists them. The array is never changed afterwards. */
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
  /** The oldest resourceVersion that `changesSince` still answers. */
  oldestVersion(resource: Resource): number
  podsOnNode(nodeName: string): ReadonlyMap<string, Pod>
  /** Objects of the resource whose controller has this uid. Kept for Pods, ReplicaSets, ControllerRevisions, Jobs. */
  ownedBy<T extends KubeObject>(resource: Resource<T>, uid: string): ReadonlyMap<string, T>
}

export interface StoreOptions {
  /** Freeze what is stored, so that a caller who changes a shared object fails at once: tests and development. */
  readonly freeze?: boolean
}

const INDEXED_BY_OWNER = new Set(['pods', 'replicasets', 'controllerrevisions', 'jobs'])
const NOTHING: ReadonlyMap<string, never> = new Map<string, never>()

/** An empty store at resourceVersion 0. Upstream: apiserver/pkg/storage/etcd3 and storage/cacher. */
export function createStore({ freeze = false }: StoreOptions = {}): Store {
  let version = 0
  const tables = new Map<Resource, Table>()
  const tablesByName = new Map<string, Table>()
  const listeners: ((change: Change) => void)[] = []
  const podsByNode = new Map<string, Map<string, Pod>>()
  const byOwner = new Map<string, Map<string, KubeObject>>()

  const tableOf = (resource: Resource): Table => {
    const known = tables.get(resource)
    if (known !== undefined) return known
    const name = `${resource.group}/${resource.plural}`
    let table = tablesByName.get(name)
    if (table === undefined) {
      table = {
        objects: new ObjectTable(),
        watchedByIndexes: INDEXED_BY_OWNER.has(resource.plural),
        history: [],
        forgottenUpTo: 0,
      }
      tablesByName.set(name, table)
    }
    tables.set(resource, table)
    return table
  }

  const reindex = ({ resource, object, type, previous: before }: Change, key: string) => {
    const after = type === 'DELETED' ? undefined : object
    if (resource.plural === podResource.plural) {
      move(
        podsByNode,
        (before as Pod | undefined)?.spec.nodeName,
        (after as Pod | undefined)?.spec.nodeName,
        key,
        after as Pod,
      )
    }
    move(byOwner, ownerEntry(resource, before), ownerEntry(resource, after), key, after)
  }

  const commit = <T extends KubeObject>(table: Table, change: Change<T>, taken: Slot | undefined): T => {
    if (freeze) deepFreeze(change.object)
    const slot = place(table.objects, change, taken)
    if (table.watchedByIndexes) reindex(change, slot.key)
    table.history.push(change)
    if (table.history.length >= 2 * WATCH_HISTORY) {
      table.forgottenUpTo = table.history[WATCH_HISTORY - 1]!.resourceVersion
      table.history = table.history.slice(WATCH_HISTORY)
    }
    for (const listener of listeners) listener(change)
    return change.object
  }

  return {
    get: <T extends KubeObject>(resource: Resource<T>, key: ObjectKey) =>
      tableOf(resource).objects.get(key.namespace, key.name) as T | undefined,
    list: <T extends KubeObject>(resource: Resource<T>, namespace?: string) =>
      tableOf(resource).objects.list(namespace) as readonly T[],
    count: (resource, namespace) => tableOf(resource).objects.count(namespace),
    resourceVersion: () => version,
    put<T extends KubeObject>(resource: Resource<T>, make: (resourceVersion: string) => T, cause?: TraceId) {
      const object = make(String(++version))
      const table = tableOf(resource)
      const taken = table.objects.slot(object.metadata.namespace, object.metadata.name)
      const previous = taken?.object as T | undefined
      const type = previous === undefined ? 'ADDED' : 'MODIFIED'
      return commit(table, { type, resource, object, previous, resourceVersion: version, cause }, taken)
    },
    remove<T extends KubeObject>(resource: Resource<T>, make: (resourceVersion: string) => T, cause?: TraceId) {
      const object = make(String(++version))
      const table = tableOf(resource)
      const taken = table.objects.slot(object.metadata.namespace, object.metadata.name)
      const previous = taken?.object as T | undefined
      return commit(table, { type: 'DELETED', resource, object, previous, resourceVersion: version, cause }, taken)
    },
    onCommit(listener) {
      listeners.push(listener)
      return () => void listeners.splice(listeners.indexOf(listener), 1)
    },
    changesSince(resource, resourceVersion) {
      const { history, forgottenUpTo } = tableOf(resource)
      return resourceVersion < forgottenUpTo ? undefined : history.slice(firstAfter(history, resourceVersion))
    },
    oldestVersion: (resource) => tableOf(resource).forgottenUpTo,
    podsOnNode: (nodeName) => podsByNode.get(nodeName) ?? NOTHING,
    ownedBy: <T extends KubeObject>(resource: Resource<T>, uid: string) =>
      (byOwner.get(`${resource.plural}/${uid}`) ?? NOTHING) as ReadonlyMap<string, T>,
  }
}

function place(objects: ObjectTable, { type, object }: Change, taken: Slot | undefined): Slot {
  if (taken === undefined) return objects.add(object)
  if (type === 'DELETED') objects.remove(object)
  else objects.replace(taken, object)
  return taken
}

/** Position of the first change above a resourceVersion. */
function firstAfter(history: readonly Change[], resourceVersion: number): number {
  let low = 0
  let high = history.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (history[middle]!.resourceVersion <= resourceVersion) low = middle + 1
    else high = middle
  }
  return low
}

function ownerEntry(resource: Resource, object: KubeObject | undefined): string | undefined {
  const owner = object === undefined ? undefined : controllerOf(object)
  return owner === undefined ? undefined : `${resource.plural}/${owner.uid}`
}

/** Moves an object between the entries of an index; an entry that becomes empty goes. */
function move<T>(
  index: Map<string, Map<string, T>>,
  from: string | undefined,
  to: string | undefined,
  key: string,
  object: T,
): void {
  if (from !== undefined && from !== '' && from !== to) {
    const entry = index.get(from)
    entry?.delete(key)
    if (entry?.size === 0) index.delete(from)
  }
  if (to === undefined || to === '') return
  const entry = index.get(to)
  if (entry === undefined) index.set(to, new Map([[key, object]]))
  else entry.set(key, object)
}

/** Freezes a JSON value to the bottom; parts that are frozen already are shared ones, frozen to the bottom before. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const key in value) deepFreeze((value as Record<string, unknown>)[key])
}
