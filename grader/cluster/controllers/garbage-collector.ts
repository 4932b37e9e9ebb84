// Deletes what nobody owns any more, and lets go of what waits for its dependents.
// Upstream: pkg/controller/garbagecollector/{garbagecollector,graph_builder,operations}.go.
import { controllerOf, type KubeObject, keyOf, type ObjectKey, type OwnerReference } from '../../api/meta.ts'
import {
  controllerRevisions,
  events,
  jobs,
  pods,
  RESOURCES,
  type Resource,
  replicaSets,
  resourceOfKind,
} from '../../api/resource-table.ts'
import type { Change } from '../apiserver/store.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/** Resources whose controller references the store indexes: their dependents need no index of ours. */
const INDEXED: readonly Resource[] = [pods, replicaSets, controllerRevisions, jobs]

/**
 * Pods go a moment after everything else. Simplified: upstream's twenty workers take dependents in any order, but a Pod's
 * deletion has the kubelet to wait for, so revisions are gone while Pods are still there [recorded].
 */
const POD_DELAY_SECONDS = 0.1
const delayOf = (resource: Resource): number => (resource === pods ? POD_DELAY_SECONDS : 0)

interface Found {
  readonly resource: Resource
  readonly object: KubeObject
}

/** The garbage collector. Wakes when an owner goes or starts to go, and when an object comes whose owner may be gone already. */
export function garbageCollector(parts: ComponentParts): void {
  const { clock, informers, trace } = parts
  const client = parts.clientFor('garbage-collector')
  const recorder = createEventRecorder({ client, clock, component: 'garbage-collector-controller' })
  const dependents = createDependentIndex(parts)

  const queue = createWorkQueue({
    name: 'garbage-collector',
    clock,
    trace,
    sync(id) {
      const found = find(id)
      if (found === undefined) return
      const good = isGoing(found.object) ? finishOwner(found) : collect(found)
      if (good) queue.forget(id)
      else queue.addRateLimited(id)
    },
  })

  const find = (id: string): Found | undefined => {
    const [index = '', key = ''] = id.split('#')
    const resource = RESOURCES[Number(index)]
    const object = resource === undefined ? undefined : informers.store.get(resource, splitKey(resource, key))
    return resource === undefined || object === undefined ? undefined : { resource, object }
  }

  /** An object in foreground or orphaning deletion: its dependents first, then its finalizer. */
  const finishOwner = ({ resource, object }: Found): boolean => {
    const mine = dependents.of(object.metadata.uid)
    if (object.metadata.finalizers?.includes(ORPHAN) === true) {
      const released = mine.map((dependent) => release(dependent, object.metadata.uid))
      return released.every(Boolean) && removeFinalizer(resource, object, ORPHAN)
    }
    const blocking = mine.filter(
      ({ object: dependent }) => ownerRef(dependent, object.metadata.uid)?.blockOwnerDeletion === true,
    )
    if (blocking.length === 0) return removeFinalizer(resource, object, FOREGROUND)
    for (const dependent of mine)
      if (dependent.object.metadata.deletionTimestamp === undefined)
        queue.add(idOf(dependent.resource, dependent.object))
    return true
  }

  /** An object with owners: stays while one of them is solid. */
  const collect = ({ resource, object }: Found): boolean => {
    if (object.metadata.deletionTimestamp !== undefined) return true
    const owners = object.metadata.ownerReferences ?? []
    const states = owners.map((owner) => ({ owner, state: stateOf(owner, object) }))
    const solid = states.filter(({ state }) => state === 'solid')
    if (solid.length === owners.length) return true
    if (solid.length > 0) {
      const kept = solid.map(({ owner }) => owner)
      return patchMetadata(resource, object, { ownerReferences: kept })
    }
    const isAwaited = states.some(({ state }) => state === 'waiting')
    const foreground = isAwaited && dependents.of(object.metadata.uid).length > 0
    const own =
      object.metadata.finalizers?.includes(ORPHAN) === true
        ? 'Orphan'
        : object.metadata.finalizers?.includes(FOREGROUND) === true || foreground
          ? 'Foreground'
          : 'Background'
    const result = client.delete(resource, object.metadata, {
      propagationPolicy: own,
      preconditions: { uid: object.metadata.uid },
    })
    return result.ok || result.status.reason === 'NotFound' || result.status.reason === 'Conflict'
  }

  const stateOf = (owner: OwnerReference, dependent: KubeObject): 'solid' | 'waiting' | 'gone' => {
    const resource = resourceOfKind(owner.apiVersion, owner.kind)
    // Simplified: owners of kinds that are not served count as solid; upstream retries them for ever.
    if (resource === undefined) return 'solid'
    const namespace = dependent.metadata.namespace
    if (resource.namespaced && namespace === undefined) return 'gone'
    const found = informers.store.get(
      resource,
      resource.namespaced ? { namespace: namespace!, name: owner.name } : { name: owner.name },
    )
    if (found === undefined || found.metadata.uid !== owner.uid) {
      if (resource.namespaced) warnOfNamespace(owner, dependent, resource)
      return 'gone'
    }
    const waits =
      found.metadata.deletionTimestamp !== undefined && found.metadata.finalizers?.includes(FOREGROUND) === true
    return waits ? 'waiting' : 'solid'
  }

  /** The owner lives, in another namespace: such references do not count. */
  const warnOfNamespace = (owner: OwnerReference, dependent: KubeObject, resource: Resource) => {
    const elsewhere = informers.store.list(resource).some((object) => object.metadata.uid === owner.uid)
    if (!elsewhere) return
    const namespace = dependent.metadata.namespace ?? ''
    const reference = `[${owner.apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${owner.name}, uid: ${owner.uid}]`
    recorder.event(
      dependent,
      'Warning',
      'OwnerRefInvalidNamespace',
      `ownerRef ${reference} does not exist in namespace "${namespace}"`,
    )
  }

  const release = ({ resource, object }: Found, ownerUid: string): boolean =>
    patchMetadata(resource, object, {
      ownerReferences: (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== ownerUid),
    })

  const removeFinalizer = (resource: Resource, object: KubeObject, finalizer: string): boolean =>
    patchMetadata(resource, object, {
      finalizers: (object.metadata.finalizers ?? []).filter((name) => name !== finalizer),
    })

  const patchMetadata = (resource: Resource, object: KubeObject, change: Record<string, unknown>): boolean => {
    const metadata = { ...change, resourceVersion: object.metadata.resourceVersion }
    const result = client.patch(resource, object.metadata, { type: 'merge', body: { metadata } as never })
    return result.ok || result.status.reason === 'NotFound'
  }

  for (const resource of RESOURCES) {
    if (resource === events) continue
    informers.of(resource).onChange((change) => {
      dependents.note(change)
      const { object, previous } = change
      if (change.type === 'DELETED') {
        for (const dependent of dependents.of(object.metadata.uid))
          queue.addAfter(idOf(dependent.resource, dependent.object), delayOf(dependent.resource))
        wakeWaitingOwners(object)
        return
      }
      if (isGoing(object)) queue.add(idOf(resource, object))
      else if (
        object.metadata.ownerReferences !== undefined &&
        object.metadata.ownerReferences !== previous?.metadata.ownerReferences
      ) {
        if (object.metadata.ownerReferences.some((owner) => stateOf(owner, object) !== 'solid'))
          queue.add(idOf(resource, object))
      }
    })
  }

  /** A dependent has gone: an owner in foreground deletion may go on. */
  const wakeWaitingOwners = (gone: KubeObject) => {
    for (const owner of gone.metadata.ownerReferences ?? []) {
      const resource = resourceOfKind(owner.apiVersion, owner.kind)
      if (resource === undefined) continue
      const namespace = resource.namespaced ? gone.metadata.namespace : undefined
      const found = informers.store.get(resource, {
        name: owner.name,
        ...(namespace === undefined ? {} : { namespace }),
      })
      if (found !== undefined && found.metadata.uid === owner.uid && isGoing(found)) queue.add(idOf(resource, found))
    }
  }
}

function isGoing(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers } = object.metadata
  return (
    deletionTimestamp !== undefined &&
    (finalizers?.includes(FOREGROUND) === true || finalizers?.includes(ORPHAN) === true)
  )
}

function ownerRef(object: KubeObject, uid: string): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.uid === uid)
}

/** Who depends on a uid: the store's index for controllers' objects, a small one of ours for all other references. */
function createDependentIndex({ informers }: ComponentParts) {
  const others = new Map<string, Map<string, Found>>()
  const isIndexedByStore = (resource: Resource, object: KubeObject, owner: OwnerReference) =>
    INDEXED.includes(resource) && controllerOf(object)?.uid === owner.uid

  return {
    note({ type, resource, object, previous }: Change): void {
      // Entries are looked up by key when they are asked for, so that only a change of owners counts.
      if (type !== 'DELETED' && object.metadata.ownerReferences === previous?.metadata.ownerReferences) return
      const id = idOf(resource, object)
      for (const owner of previous?.metadata.ownerReferences ?? []) others.get(owner.uid)?.delete(id)
      if (type === 'DELETED') return
      for (const owner of object.metadata.ownerReferences ?? []) {
        if (isIndexedByStore(resource, object, owner)) continue
        const entry = others.get(owner.uid) ?? new Map<string, Found>()
        entry.set(id, { resource, object })
        others.set(owner.uid, entry)
      }
    },
    of(uid: string): Found[] {
      const owned = INDEXED.flatMap((resource) =>
        [...informers.store.ownedBy(resource, uid).values()].map((object) => ({ resource, object })),
      )
      const more = [...(others.get(uid)?.values() ?? [])].flatMap(({ resource, object }) => {
        const present = informers.store.get(resource, object.metadata)
        return present === undefined ? [] : [{ resource, object: present }]
      })
      return [...owned, ...more]
    },
  }
}

function idOf(resource: Resource, object: KubeObject): string {
  return `${RESOURCES.indexOf(resource)}#${keyOf(object)}`
}

function splitKey(resource: Resource, key: string): ObjectKey {
  const slash = key.indexOf('/')
  return resource.namespaced ? { namespace: key.slice(0, slash), name: key.slice(slash + 1) } : { name: key }
}
