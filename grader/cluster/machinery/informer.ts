// client-go's shared informers on virtual time. The cache is the store itself (always fresh); what may lag behind are the
// notifications: they are delivered in commit order, after the work that is due has been done.
// Simplified: caches are never stale, so a controller sees its own last write at once; expectations still count events.
import type { KubeObject, ObjectKey } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import type { Change, Store } from '../apiserver/store.ts'
import type { Clock } from '../clock.ts'
import type { Trace } from '../trace.ts'

export interface Informer<T extends KubeObject> {
  get(key: ObjectKey): T | undefined
  list(namespace?: string): readonly T[]
  onChange(handler: (change: Change<T>) => void): void
}

export interface Informers {
  of<T extends KubeObject>(resource: Resource<T>): Informer<T>
  /** Indexes that every lister shares. */
  readonly store: Pick<Store, 'podsOnNode' | 'ownedBy' | 'list' | 'get' | 'count'>
}

export function createInformers(store: Store, clock: Clock, trace: Trace): Informers {
  const handlers = new Map<string, ((change: Change) => void)[]>()
  let pending: Change[] = []
  let scheduled = false

  const deliver = () => {
    scheduled = false
    const changes = pending
    pending = []
    for (const change of changes) {
      trace.cause = change.cause
      for (const handler of handlers.get(idOf(change.resource)) ?? []) handler(change)
    }
  }

  store.onCommit((change) => {
    if (!handlers.has(idOf(change.resource))) return
    pending.push(change)
    if (scheduled) return
    scheduled = true
    clock.soon('informers', deliver)
  })

  const informers = new Map<Resource, Informer<KubeObject>>()
  const made = (resource: Resource): Informer<KubeObject> => ({
    get: (key) => store.get(resource, key),
    list: (namespace) => store.list(resource, namespace),
    onChange(handler) {
      const list = handlers.get(idOf(resource)) ?? []
      list.push(handler)
      handlers.set(idOf(resource), list)
    },
  })

  return {
    store,
    of<T extends KubeObject>(resource: Resource<T>): Informer<T> {
      let informer = informers.get(resource)
      if (informer === undefined) {
        informer = made(resource)
        informers.set(resource, informer)
      }
      return informer as unknown as Informer<T>
    },
  }
}

const idOf = (resource: Resource): string => `${resource.group}/${resource.plural}`
