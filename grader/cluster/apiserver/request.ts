// What every verb of the server works with.
import type { UserInfo, WriteOptions } from '../../api/api-client.ts'
import { type ApiResult, type ApiStatus, refused, succeeded } from '../../api/api-status.ts'
import type { KubeObject, ObjectKey } from '../../api/meta.ts'
import type { Resource, Subresource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { ObjectRef, Trace, WriteEntry } from '../trace.ts'
import type { AdmissionContext } from './admission/admission.ts'
import type { Stages } from './stages.ts'
import type { Store } from './store.ts'
import type { Draft } from './strategy/strategy.ts'

/** Who calls: the trace names `by`; authorization and audit see `user`. */
export interface Caller {
  readonly by: string
  readonly user: UserInfo
  /**
   * A part of the control plane or a kubelet. What it sends is typed by the compiler, so it is not decoded.
   * Simplified: components may do everything, leave no managedFields, and their status writes are not validated.
   */
  readonly component?: boolean
}

export interface Server {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  readonly stages: Stages
}

/** One call under way. */
export interface Call<T extends KubeObject = KubeObject> {
  readonly server: Server
  readonly caller: Caller
  readonly resource: Resource<T>
  readonly subresource?: Subresource
  readonly options: WriteOptions
  /** Collected for the answer; identical texts are sent once. */
  readonly warnings: string[]
}

export function newCall<T extends KubeObject>(
  server: Server,
  caller: Caller,
  resource: Resource<T>,
  options: WriteOptions,
): Call<T> {
  const { subresource } = options
  return { server, caller, resource, options, warnings: [], ...(subresource === undefined ? {} : { subresource }) }
}

const uniqueWarnings = (warnings: readonly string[]): readonly string[] =>
  warnings.length < 2 ? warnings : [...new Set(warnings)]

export function answer<T extends KubeObject>(call: Call<T>, object: KubeObject): ApiResult<T> {
  return succeeded(object as T, uniqueWarnings(call.warnings))
}

export function refuse(call: Call, status: ApiStatus): ReturnType<typeof refused> {
  return refused(status, uniqueWarnings(call.warnings))
}

export function refOf(resource: Resource, key: ObjectKey): ObjectRef {
  return key.namespace === undefined
    ? { kind: resource.kind, name: key.name }
    : { kind: resource.kind, name: key.name, namespace: key.namespace }
}

/** An object's own top level and metadata, to be changed; all below stays shared. */
export function draftOf(object: KubeObject): Draft {
  return { ...(object as unknown as Draft), metadata: { ...object.metadata } }
}

/** Writes a finished draft under the next resourceVersion, with its trace entry. The draft must not be touched afterwards. */
export function commit(
  call: Call,
  verb: WriteEntry['verb'],
  draft: Draft,
  previous: KubeObject | undefined,
): KubeObject {
  const { store, trace } = call.server
  const resourceVersion = String(store.resourceVersion() + 1)
  draft.metadata.resourceVersion = resourceVersion
  const after = draft as KubeObject
  const about = refOf(call.resource, after.metadata)
  const entry: WriteEntry =
    previous === undefined
      ? { type: 'write', verb, about, resourceVersion, after }
      : { type: 'write', verb, about, resourceVersion, before: previous, after }
  const id = trace.record(call.caller.by, entry)
  return store.put(call.resource, () => after, id)
}

/** Takes the object out of the store; `last` is how its watchers see it for the last time. */
export function commitRemoval(call: Call, verb: WriteEntry['verb'], last: Draft, previous: KubeObject): KubeObject {
  const { store, trace } = call.server
  const resourceVersion = String(store.resourceVersion() + 1)
  last.metadata.resourceVersion = resourceVersion
  const object = last as KubeObject
  const id = trace.record(call.caller.by, {
    type: 'write',
    verb,
    about: refOf(call.resource, object.metadata),
    resourceVersion,
    before: previous,
  })
  return store.remove(call.resource, () => object, id)
}

export type Admission =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly status: ApiStatus }

interface AdmissionInput {
  readonly operation: AdmissionContext['operation']
  /** For a delete the stored object. */
  readonly object: KubeObject
  readonly previous?: KubeObject
}

/** Asks one phase of admission; its warnings go to the call. */
export function admitIn(call: Call, phase: 'mutate' | 'validate', input: AdmissionInput): Admission {
  const { server, caller, resource, subresource, options } = call
  // No plugin looks at what the control plane's own parts write to a status.
  if (caller.component === true && subresource === 'status') return { ok: true, object: input.object }
  const { operation, object, previous } = input
  const context: { -readonly [Key in keyof AdmissionContext]: AdmissionContext[Key] } = {
    operation,
    object,
    resource,
    user: caller.user,
    dryRun: options.dryRun === true,
    read: server.store,
    random: server.random,
  }
  if (previous !== undefined) context.previous = previous
  if (subresource !== undefined) context.subresource = subresource
  const result = server.stages[phase](context)
  if ('refused' in result) return { ok: false, status: result.refused }
  if (result.warnings !== undefined) call.warnings.push(...result.warnings)
  return { ok: true, object: result.object }
}
