import type { ApiResult } from './api-status.ts'
import type { ForCreate, JsonObject, KubeObject, ObjectKey } from './meta.ts'
import type { Resource, Subresource } from './resource-table.ts'

export interface UserInfo {
  readonly name: string
  readonly groups: readonly string[]
}

export interface ListOptions {
  readonly namespace?: string
  /** Selector text as on kubectl's command line: `app=agent,tier in (a, b)`. */
  readonly labelSelector?: string
  readonly fieldSelector?: string
  readonly limit?: number
  readonly continue?: string
  /** For a watch: absent means later changes only; "0" the present state as ADDED events first, as HTTP does without one. */
  readonly resourceVersion?: string
  readonly resourceVersionMatch?: string
}

export interface ObjectList<T extends KubeObject> {
  readonly items: readonly T[]
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** One change as a watcher sees it. For ERROR the object is a Status. */
export interface WatchEvent<T> {
  readonly type: WatchEventType
  readonly object: T
}

export interface WatchOptions extends ListOptions {
  readonly allowBookmarks?: boolean
  /** Send the present state as ADDED events and a bookmark first (WatchList). */
  readonly sendInitialEvents?: boolean
}

export interface WriteOptions {
  readonly dryRun?: boolean
  readonly fieldManager?: string
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore'
  readonly subresource?: Subresource
  /** What the URL names; the body must agree with it. In-process callers need not say it. */
  readonly key?: ObjectKey
  /** Keys that the body's JSON text had more than once, per object, as its parser found them. */
  readonly duplicates?: ReadonlyMap<object, readonly string[]>
}

export type Patch =
  | { readonly type: 'json'; readonly body: readonly JsonObject[] }
  | { readonly type: 'merge'; readonly body: JsonObject }
  | { readonly type: 'strategic'; readonly body: JsonObject }
  | { readonly type: 'apply'; readonly body: JsonObject; readonly force?: boolean }

export interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly gracePeriodSeconds?: number
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
  readonly dryRun?: boolean
}

/**
 * The Kubernetes API as its clients see it: controllers, kubelets, kubectl, the HTTP handler. Synchronous; never throws
 * for what a client did: a refused call is an ApiResult with `ok: false`. Objects that come back are shared and must
 * not be changed.
 */
export interface ApiClient {
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): ApiResult<T>
  list<T extends KubeObject>(resource: Resource<T>, options?: ListOptions): ApiResult<ObjectList<T>>
  /** Calls `onEvent` for every later change, in commit order, while virtual time is run; returns the function that ends it. */
  watch<T extends KubeObject>(
    resource: Resource<T>,
    options: WatchOptions,
    onEvent: (event: WatchEvent<T>) => void,
  ): ApiResult<() => void>
  create<T extends KubeObject>(resource: Resource<T>, object: ForCreate<T>, options?: WriteOptions): ApiResult<T>
  update<T extends KubeObject>(resource: Resource<T>, object: T, options?: WriteOptions): ApiResult<T>
  patch<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, patch: Patch, options?: WriteOptions): ApiResult<T>
  /** The value is the object as it was last (gone or now terminating), as the server answers it. */
  delete<T extends KubeObject>(resource: Resource<T>, key: ObjectKey, options?: DeleteOptions): ApiResult<T>
  deleteCollection<T extends KubeObject>(
    resource: Resource<T>,
    list: ListOptions,
    options?: DeleteOptions,
  ): ApiResult<ObjectList<T>>
  /** POST to a subresource that is no view of the object: pods/binding, pods/eviction, serviceaccounts/token. */
  createSubresource(
    resource: Resource,
    key: ObjectKey,
    subresource: Subresource,
    body: JsonObject,
    options?: WriteOptions,
  ): ApiResult<JsonObject>
  /** GET of a subresource: scale, status, log (a text under `log`). */
  getSubresource(
    resource: Resource,
    key: ObjectKey,
    subresource: Subresource,
    query?: Readonly<Record<string, string>>,
  ): ApiResult<JsonObject>
}

/** Moves the clock while a kubectl command waits (rollout status, drain, wait, get -w). */
export interface Waiter {
  /** Virtual milliseconds since the epoch. */
  now(): number
  /** Lets virtual time pass until `done()` is true or the time is over; says whether it was done. */
  waitUntil(done: () => boolean, timeoutSeconds: number): boolean
}
