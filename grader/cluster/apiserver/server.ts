// The API server: an ApiClient per caller. Each verb is authorized here and then done by its own file:
// create.ts, update.ts, patch.ts, remove.ts, list.ts, watch.ts, subresources.ts.
import type {
  ApiClient,
  DeleteOptions,
  ListOptions,
  ObjectList,
  Patch,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../../api/api-client.ts'
import {
  type ApiResult,
  type ApiStatus,
  CONNECTION_REFUSED,
  methodNotAllowedStatus,
  noSuchResourceStatus,
  notFoundStatus,
  refused,
  succeeded,
} from '../../api/api-status.ts'
import { formatFieldErrorBody } from '../../api/field-error.ts'
import type { ForCreate, JsonObject, KubeObject, ObjectKey } from '../../api/meta.ts'
import type { Resource, Subresource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Trace } from '../trace.ts'
import { type ApiVerb, type Attributes, authorize, forbidden, isMaster } from './authorization.ts'
import { bootstrap } from './bootstrap.ts'
import { createFrom } from './create.ts'
import { listObjects } from './list.ts'
import { patchObject } from './patch.ts'
import { removeObject } from './remove.ts'
import { type Caller, newCall, refOf, type Server } from './request.ts'
import { isReview, reviewOf } from './reviews.ts'
import { patchScale, updateScale } from './scale.ts'
import { type Stages, standardStages } from './stages.ts'
import type { Store } from './store.ts'
import { createBelow, getBelow, type KubeletHooks } from './subresources.ts'
import { updateFrom } from './update.ts'
import { watchObjects } from './watch.ts'

export type { Caller } from './request.ts'

export interface ApiServerParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  /** Absent: the standard ones. */
  readonly stages?: Stages
  /** False: an empty store stays empty. */
  readonly bootstrap?: boolean
}

export interface ApiServer {
  clientFor(caller: Caller): ApiClient
  /** Where kubelets answer for logs and commands; their part fills it in. */
  readonly kubelets: KubeletHooks
  /** False while nobody listens: every call is refused. */
  isUp: boolean
}

export const SYSTEM_MASTERS: readonly string[] = ['system:masters', 'system:authenticated']

/** An API server over a store; an empty store gets what a new control plane holds. */
export function createApiServer(parts: ApiServerParts): ApiServer {
  const { store, clock, random, trace } = parts
  const server: Server = { store, clock, random, trace, stages: parts.stages ?? standardStages() }
  const kubelets: KubeletHooks = {}
  if (store.resourceVersion() === 0 && parts.bootstrap !== false) bootstrap(server)
  const self: ApiServer = {
    kubelets,
    isUp: true,
    clientFor: (caller) =>
      createClient(
        server,
        createGuard(server, caller, () => self.isUp),
        { caller, kubelets },
      ),
  }
  return self
}

type Guard = (
  verb: ApiVerb,
  resource: Resource,
  key: Partial<ObjectKey>,
  subresource?: Subresource,
) => ApiStatus | undefined

/** What a caller may do; components and members of system:masters everything. */
function createGuard({ store }: Server, { component, user }: Caller, isUp: () => boolean): Guard {
  if (component === true || isMaster(user)) return () => (isUp() ? undefined : CONNECTION_REFUSED)
  return (verb, resource, { namespace, name }, subresource) => {
    if (!isUp()) return CONNECTION_REFUSED
    const attributes: Attributes = {
      verb,
      group: resource.group,
      plural: subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    }
    const verdict = authorize(store, user, attributes)
    return verdict.allowed ? undefined : forbidden(user, attributes, verdict.reason)
  }
}

function createClient(server: Server, guard: Guard, parts: ReaderParts): ApiClient {
  return { ...createReader(server, guard, parts), ...createWriter(server, guard, parts.caller) }
}

interface ReaderParts {
  readonly caller: Caller
  readonly kubelets: KubeletHooks
}

function createReader(
  server: Server,
  guard: Guard,
  { caller, kubelets }: ReaderParts,
): Pick<ApiClient, 'get' | 'list' | 'watch' | 'getSubresource'> {
  const { store } = server
  return {
    get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): ApiResult<T> {
      const denied = guard('get', resource, key)
      if (denied !== undefined) return refused(denied)
      if (isReview(resource)) return refused(methodNotAllowedStatus(resource, 'get'))
      const found = store.get(resource, key)
      return found === undefined ? refused(notFoundStatus(resource, key.name)) : succeeded(found)
    },
    list<T extends KubeObject>(resource: Resource<T>, options: ListOptions = {}): ApiResult<ObjectList<T>> {
      const denied = guard('list', resource, options)
      if (denied !== undefined) return refused(denied)
      return isReview(resource)
        ? refused(methodNotAllowedStatus(resource, 'list'))
        : listObjects(store, resource, options)
    },
    watch<T extends KubeObject>(resource: Resource<T>, options: WatchOptions, onEvent: (event: WatchEvent<T>) => void) {
      const denied = guard('watch', resource, options)
      return denied !== undefined ? refused(denied) : watchObjects(server, resource, options, onEvent)
    },
    getSubresource(resource, key, subresource, query = {}) {
      const denied = guard('get', resource, key, subresource)
      if (denied !== undefined) return refused(denied)
      return getBelow(newCall(server, caller, resource, { subresource }), key, query, kubelets)
    },
  }
}

type Written = Pick<ApiClient, 'create' | 'update' | 'patch' | 'delete' | 'deleteCollection' | 'createSubresource'>

function createWriter(server: Server, guard: Guard, caller: Caller): Written {
  /** A refused write leaves its reason in the trace. */
  const noted = <T>(result: ApiResult<T>, verb: string, resource: Resource, key: Partial<ObjectKey>): ApiResult<T> => {
    if (!result.ok) noteRefusal(server, caller, { verb, resource, key, status: result.status })
    return result
  }
  const remove = <T extends KubeObject>(
    resource: Resource<T>,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): ApiResult<T> =>
    removeObject(
      newCall(server, caller, resource, options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
      key,
      options,
    )

  return {
    create<T extends KubeObject>(
      resource: Resource<T>,
      object: ForCreate<T>,
      options: WriteOptions = {},
    ): ApiResult<T> {
      const body = object as unknown as KubeObject
      const { namespace = options.key?.namespace } = body.metadata ?? {}
      const denied = guard('create', resource, namespace === undefined ? {} : { namespace })
      if (denied !== undefined) return noted(refused(denied), 'create', resource, body.metadata)
      if (isReview(resource)) return reviewOf(server.store, caller.user, resource, body) as ApiResult<T>
      return noted(
        createFrom(newCall(server, caller, resource, options), body),
        'create',
        resource,
        body.metadata ?? {},
      )
    },
    update<T extends KubeObject>(resource: Resource<T>, object: T, options: WriteOptions = {}): ApiResult<T> {
      const key = options.key ?? object.metadata
      const denied = guard('update', resource, key, options.subresource) ?? unserved(resource, options.subresource)
      if (denied !== undefined) return noted(refused(denied), 'update', resource, key)
      const call = newCall(server, caller, resource, options)
      if (options.subresource === 'scale')
        return noted(updateScale(call, key, object as unknown as JsonObject), 'update', resource, key) as ApiResult<T>
      return noted(updateFrom(call, object), 'update', resource, key)
    },
    patch<T extends KubeObject>(
      resource: Resource<T>,
      key: ObjectKey,
      patch: Patch,
      options: WriteOptions = {},
    ): ApiResult<T> {
      const denied = guard('patch', resource, key, options.subresource) ?? unserved(resource, options.subresource)
      if (denied !== undefined) return noted(refused(denied), 'patch', resource, key)
      const call = newCall(server, caller, resource, options)
      if (options.subresource === 'scale')
        return noted(patchScale(call, key, patch), 'patch', resource, key) as ApiResult<T>
      return noted(patchObject(call, key, patch), 'patch', resource, key)
    },
    delete<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options: DeleteOptions = {}): ApiResult<T> {
      const denied = guard('delete', resource, key)
      return noted(denied !== undefined ? refused(denied) : remove(resource, key, options), 'delete', resource, key)
    },
    deleteCollection<T extends KubeObject>(
      resource: Resource<T>,
      list: ListOptions,
      options: DeleteOptions = {},
    ): ApiResult<ObjectList<T>> {
      const denied = guard('deletecollection', resource, list)
      if (denied !== undefined) return refused(denied)
      const found = listObjects(server.store, resource, list)
      if (!found.ok) return found
      for (const { metadata } of found.value.items) {
        const gone = noted(remove(resource, metadata, options), 'delete', resource, metadata)
        if (!gone.ok && gone.status.code !== 404) return gone
      }
      return found
    },
    createSubresource(resource, key, subresource, body, options = {}) {
      const denied = guard('create', resource, key, subresource)
      const call = newCall(server, caller, resource, { ...options, subresource })
      return noted(denied !== undefined ? refused(denied) : createBelow(call, key, body), 'create', resource, key)
    },
  }
}

function unserved(resource: Resource, subresource: Subresource | undefined): ApiStatus | undefined {
  if (isReview(resource)) return methodNotAllowedStatus(resource, 'update')
  return subresource === undefined || resource.subresources.includes(subresource) ? undefined : noSuchResourceStatus()
}

interface Refusal {
  readonly verb: string
  readonly resource: Resource
  readonly key: Partial<ObjectKey>
  readonly status: ApiStatus
}

/** Why a write was refused, field by field where the server says so. Components' races are no news: they just try again. */
function noteRefusal({ trace }: Server, caller: Caller, { verb, resource, key, status }: Refusal): void {
  if (caller.component === true && (status.code === 404 || status.code === 409)) return
  const about = refOf(resource, { ...key, name: key.name ?? '' })
  const code = status.reason === '' ? 'InternalError' : status.reason
  const errors = status.fieldErrors ?? []
  const because =
    errors.length === 0
      ? [{ code, kubernetes: status.message }]
      : errors.map((error) => ({ code, object: about, path: error.path, kubernetes: formatFieldErrorBody(error) }))
  trace.record(caller.by, { type: 'refused', verb, about, because })
}
