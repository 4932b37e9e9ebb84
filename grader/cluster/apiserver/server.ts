// The API server: verbs over the store. One request: admission → defaults → validation → strategy → store.
// First slice: enough for controllers to run on; the parts below each step are being filled in.
import type {
  ApiClient,
  DeleteOptions,
  ListOptions,
  ObjectList,
  Patch,
  UserInfo,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../../api/api-client.ts'
import {
  type ApiResult,
  alreadyExistsStatus,
  badRequestStatus,
  conflictStatus,
  noSuchResourceStatus,
  notFoundStatus,
  refused,
  succeeded,
} from '../../api/api-status.ts'
import { deepEqual } from '../../api/compare.ts'
import type { ForCreate, JsonObject, KubeObject, ObjectKey, ObjectMeta } from '../../api/meta.ts'
import { apiVersionOf, type Resource, type Subresource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Trace } from '../trace.ts'
import type { Change, Store } from './store.ts'

export interface ApiServerParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
}

/** Who calls: the trace names `by`; authorization and audit see `user`. */
export interface Caller {
  readonly by: string
  readonly user: UserInfo
}

export interface ApiServer {
  clientFor(caller: Caller): ApiClient
}

export const SYSTEM_MASTERS: readonly string[] = ['system:masters', 'system:authenticated']

export function createApiServer(parts: ApiServerParts): ApiServer {
  return { clientFor: (caller) => createClient(parts, caller) }
}

function createClient({ store, clock, random, trace }: ApiServerParts, caller: Caller): ApiClient {
  const write = <T extends KubeObject>(verb: 'create' | 'update' | 'patch' | 'delete', resource: Resource<T>, next: T | undefined, previous: T | undefined): T => {
    const about = refOf(resource, (next ?? previous)!)
    const id = trace.record(caller.by, {
      type: 'write',
      verb,
      about,
      resourceVersion: String(store.resourceVersion() + 1),
      ...(previous === undefined ? {} : { before: previous }),
      ...(next === undefined ? {} : { after: next }),
    })
    const stamp = (object: T) => (resourceVersion: string) => ({ ...object, metadata: { ...object.metadata, resourceVersion } })
    return next === undefined ? store.remove(resource, stamp(previous!), id) : store.put(resource, stamp(next), id)
  }

  const get = <T extends KubeObject>(resource: Resource<T>, key: ObjectKey): ApiResult<T> => {
    const found = store.get(resource, key)
    return found === undefined ? refused(notFoundStatus(resource, key.name)) : succeeded(found)
  }

  const create = <T extends KubeObject>(resource: Resource<T>, object: ForCreate<T>, options: WriteOptions = {}): ApiResult<T> => {
    const given = object.metadata
    const name = given.name ?? (given.generateName === undefined ? undefined : given.generateName + random.suffix(5))
    if (name === undefined) return refused(badRequestStatus('name or generateName is required'))
    if (store.get(resource, { ...given, name }) !== undefined) return refused(alreadyExistsStatus(resource, name))
    const metadata: ObjectMeta = { ...given, name, uid: random.uid(), creationTimestamp: clock.timestamp(), resourceVersion: '', generation: 1 }
    const made = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object, metadata } as unknown as T
    return succeeded(options.dryRun === true ? made : write('create', resource, made, undefined))
  }

  const save = <T extends KubeObject>(verb: 'update' | 'patch', resource: Resource<T>, object: T, options: WriteOptions): ApiResult<T> => {
    const old = store.get(resource, object.metadata)
    if (old === undefined) return refused(notFoundStatus(resource, object.metadata.name))
    const wanted = object.metadata.resourceVersion
    if (wanted !== '' && wanted !== undefined && wanted !== old.metadata.resourceVersion) return refused(conflictStatus(resource, object.metadata.name))
    const next = options.subresource === 'status' ? { ...old, status: (object as { status?: unknown }).status } : { ...object, status: (old as { status?: unknown }).status }
    if (deepEqual(next, old)) return succeeded(old)
    const specChanged = !deepEqual((next as { spec?: unknown }).spec, (old as { spec?: unknown }).spec)
    const generation = (old.metadata.generation ?? 1) + (specChanged ? 1 : 0)
    return succeeded(write(verb, resource, { ...next, metadata: { ...next.metadata, generation } } as T, old))
  }

  const patch = <T extends KubeObject>(resource: Resource<T>, key: ObjectKey, body: Patch, options: WriteOptions = {}): ApiResult<T> => {
    const old = store.get(resource, key)
    if (old === undefined) return refused(notFoundStatus(resource, key.name))
    if (body.type === 'json' || body.type === 'apply') return refused(noSuchResourceStatus())
    return save('patch', resource, mergePatch(old as unknown as JsonObject, body.body) as unknown as T, options)
  }

  const remove = <T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options: DeleteOptions = {}): ApiResult<T> => {
    const old = store.get(resource, key)
    if (old === undefined) return refused(notFoundStatus(resource, key.name))
    const grace = options.gracePeriodSeconds ?? (resource.plural === 'pods' ? ((old as { spec?: { terminationGracePeriodSeconds?: number } }).spec?.terminationGracePeriodSeconds ?? 30) : 0)
    const bound = (old as { spec?: { nodeName?: string } }).spec?.nodeName !== undefined
    if (resource.plural === 'pods' && bound && grace > 0) {
      if (old.metadata.deletionTimestamp !== undefined) return succeeded(old)
      const metadata = { ...old.metadata, deletionTimestamp: clock.timestamp(), deletionGracePeriodSeconds: grace }
      return succeeded(write('delete', resource, { ...old, metadata }, old))
    }
    return succeeded(write('delete', resource, undefined, old))
  }

  const list = <T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): ApiResult<ObjectList<T>> =>
    succeeded({ items: store.list(resource, options.namespace), resourceVersion: String(store.resourceVersion()) })

  return {
    get,
    list,
    watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions, onEvent: (event: WatchEvent<T>) => void) {
      let pending: Change[] = []
      const stop = store.onCommit((change) => {
        if (change.resource.plural !== resource.plural || change.resource.group !== resource.group) return
        if (options.namespace !== undefined && change.object.metadata.namespace !== options.namespace) return
        pending.push(change)
        if (pending.length > 1) return
        clock.soon('watch', () => {
          const changes = pending
          pending = []
          for (const { type, object } of changes) onEvent({ type, object: object as T })
        })
      })
      return succeeded(stop)
    },
    create,
    update: (resource, object, options = {}) => save('update', resource, object, options),
    patch,
    delete: remove,
    deleteCollection(resource, options, deleteOptions) {
      const found = list(resource, options)
      if (found.ok) for (const object of found.value.items) remove(resource, object.metadata, deleteOptions)
      return found
    },
    createSubresource(resource, key, subresource: Subresource, body) {
      if (subresource !== 'binding') return refused(noSuchResourceStatus())
      const old = store.get(resource, key)
      if (old === undefined) return refused(notFoundStatus(resource, key.name))
      const nodeName = (body.target as { name: string }).name
      const bound = { ...old, spec: { ...(old as unknown as { spec: JsonObject }).spec, nodeName } } as KubeObject
      write('update', resource, bound, old)
      return succeeded({})
    },
    getSubresource: () => refused(noSuchResourceStatus()),
  }
}

function refOf(resource: Resource, object: KubeObject) {
  const { namespace, name } = object.metadata
  return { kind: resource.kind, name, ...(namespace === undefined ? {} : { namespace }) }
}

/** RFC 7386. */
function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const out: Record<string, unknown> = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key]
    else if (typeof value === 'object' && !Array.isArray(value)) {
      const old = out[key]
      out[key] = mergePatch((typeof old === 'object' && old !== null && !Array.isArray(old) ? old : {}) as JsonObject, value as JsonObject)
    } else out[key] = value
  }
  return out as JsonObject
}
