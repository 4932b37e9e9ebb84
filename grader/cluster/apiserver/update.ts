// PUT and the end of every PATCH. Upstream: apiserver/pkg/registry/rest/update.go, registry/generic/registry/store.go.
import {
  type ApiResult,
  type ApiStatus,
  badRequestStatus,
  conflictStatus,
  invalidStatus,
  notFoundStatus,
} from '../../api/api-status.ts'
import { deepEqual } from '../../api/compare.ts'
import { invalid } from '../../api/field-error.ts'
import type { KubeObject, ObjectKey, ObjectMeta } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { createObject } from './create.ts'
import { decodeBody } from './decoding.ts'
import { trackUpdate } from './field-management.ts'
import { admitIn, answer, type Call, commit, commitRemoval, draftOf, refuse } from './request.ts'
import { strategyOf } from './strategy/strategies.ts'
import { type Draft, fieldDiffers, keep, raiseGeneration } from './strategy/strategy.ts'

/** Stores what a client sent in the place of what is there. Fails with every status that a PUT can answer. */
export function updateFrom<T extends KubeObject>(call: Call<T>, body: KubeObject): ApiResult<T> {
  const decoded = decodeBody(call, body)
  if (!decoded.ok) return refuse(call, decoded.status)
  const { object } = decoded
  const mismatch = keyMismatch(call, object)
  if (mismatch !== undefined) return refuse(call, mismatch)
  const { server, resource } = call
  const key = call.options.key ?? object.metadata
  const old = server.store.get(resource, key)
  if (old === undefined) {
    const creates = strategyOf(resource).createOnUpdate === true && call.subresource === undefined
    return creates ? createObject(call, withoutVersion(object)) : refuse(call, notFoundStatus(resource, key.name))
  }
  return updateObject(call, {
    verb: 'update',
    old,
    object: trackUpdate(call, old, server.stages.applyDefaults(resource, object)),
  })
}

function keyMismatch({ options }: Call, { metadata }: KubeObject): ApiStatus | undefined {
  const { key } = options
  const name = metadata?.name ?? ''
  if (name === '') return badRequestStatus('name must be provided')
  if (key === undefined) return undefined
  if (name !== key.name)
    return badRequestStatus(`the name of the object (${name}) does not match the name on the URL (${key.name})`)
  const namespace = metadata.namespace ?? key.namespace
  if (namespace === key.namespace) return undefined
  return badRequestStatus(
    `the namespace of the object (${namespace}) does not match the namespace on the request (${key.namespace ?? ''})`,
  )
}

function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _gone, ...metadata } = object.metadata
  return { ...object, metadata: metadata as ObjectMeta }
}

const WRONG_NAMESPACE = 'the namespace of the provided object does not match the namespace sent on the request'

export interface Update {
  readonly verb: 'update' | 'patch'
  readonly old: KubeObject
  /** Decoded and defaulted; what the client did not send is absent. */
  readonly object: KubeObject
}

/** Checks a decoded object against the stored one and stores it; writing what is there already changes nothing. */
export function updateObject<T extends KubeObject>(call: Call<T>, { verb, old, object }: Update): ApiResult<T> {
  const { resource, caller, options } = call
  const { name } = old.metadata
  const admitted = admitIn(call, 'mutate', { operation: 'update', object, previous: old })
  if (!admitted.ok) return refuse(call, admitted.status)
  const draft = draftOf(admitted.object)
  const stale = versionProblem(call, draft, old)
  if (stale !== undefined) return refuse(call, stale)
  draft.metadata.resourceVersion = old.metadata.resourceVersion
  prepare(call, draft, old)
  if (draft.metadata.namespace !== old.metadata.namespace) return refuse(call, badRequestStatus(WRONG_NAMESPACE))
  const errors = validate(call, draft, old)
  if (errors.length > 0) return refuse(call, invalidStatus(resource, name, errors))
  if (caller.component !== true && call.subresource === undefined)
    call.warnings.push(...call.server.stages.warningsOf(resource, draft, old))
  strategyOf(resource).canonicalize?.(draft)
  const validated = admitIn(call, 'validate', { operation: 'update', object: draft, previous: old })
  if (!validated.ok) return refuse(call, validated.status)
  if (sameObject(draft, old)) return answer(call, old)
  if (options.dryRun === true) return answer(call, draft)
  // The last finalizer's removal is what a waiting deletion waited for.
  if (isFinished(resource, draft, old)) return answer(call, commitRemoval(call, verb, draft, old))
  return answer(call, commit(call, verb, draft, old))
}

/** Preconditions: uid and resourceVersion. Upstream: Store.Update and storage.Preconditions. */
function versionProblem({ resource }: Call, draft: Draft, old: KubeObject): ApiStatus | undefined {
  const { uid, resourceVersion = '' } = draft.metadata
  const { name } = old.metadata
  if (resourceVersion === '' && strategyOf(resource).needsResourceVersion === true) {
    // Upstream names the plural here, not the kind.
    const kind = { group: resource.group, kind: resource.plural }
    return invalidStatus(kind, name, [invalid('metadata.resourceVersion', 0, 'must be specified for an update')])
  }
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid)
    return conflictStatus(resource, name, wrongUid(resource, old, uid))
  return resourceVersion === '' || resourceVersion === old.metadata.resourceVersion
    ? undefined
    : conflictStatus(resource, name)
}

function wrongUid(resource: Resource, { metadata }: KubeObject, wanted: string): string {
  const place = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
  const etcdKey = `/registry/${resource.plural === 'nodes' ? 'minions' : resource.plural}/${place}`
  const why = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${metadata.uid}`
  return `StorageError: invalid object, Code: 4, Key: ${etcdKey}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`
}

/** What a client cannot change, whatever it sends. Upstream: rest.BeforeUpdate. */
function prepare({ resource, subresource }: Call, draft: Draft, old: KubeObject): void {
  const { metadata } = draft
  const before = old.metadata
  if (metadata.namespace !== before.namespace && !resource.namespaced) delete metadata.namespace
  draft.apiVersion = apiVersionOf(resource)
  draft.kind = resource.kind
  if (before.namespace !== undefined) metadata.namespace ??= before.namespace
  restore(metadata, before, 'generation')
  const strategy = strategyOf(resource)
  if (subresource === 'status') {
    keepAllBut('status', draft, old)
    strategy.prepareForStatusUpdate?.(draft, old)
  } else if (subresource !== undefined) {
    keepAllBut('spec', draft, old)
    if (resource.plural === 'pods' && fieldDiffers(draft, old, 'spec')) raiseGeneration(draft, old)
  } else strategy.prepareForUpdate?.(draft, old)
  metadata.uid ??= before.uid
  metadata.creationTimestamp = before.creationTimestamp
  restore(metadata, before, 'deletionTimestamp')
  if (before.deletionGracePeriodSeconds !== undefined)
    metadata.deletionGracePeriodSeconds ??= before.deletionGracePeriodSeconds
  else if (metadata.deletionGracePeriodSeconds !== undefined) delete metadata.deletionGracePeriodSeconds
}

function restore(metadata: Draft['metadata'], before: ObjectMeta, field: 'generation' | 'deletionTimestamp'): void {
  if (metadata[field] === before[field]) return
  if (before[field] === undefined) delete metadata[field]
  else Object.assign(metadata, { [field]: before[field] })
}

/** A subresource touches its own part: status its status; finalize, resize and ephemeralcontainers the spec. */
function keepAllBut(part: 'spec' | 'status', draft: Draft, old: KubeObject): void {
  for (const field in draft) if (field !== part && field !== 'metadata') keep(draft, old, field)
  for (const field in old) if (field !== part && !(field in draft)) keep(draft, old, field)
}

function validate({ server, resource, subresource, caller }: Call, draft: Draft, old: KubeObject) {
  if (subresource !== 'status') return server.stages.validateUpdate(resource, draft, old)
  return caller.component === true ? [] : server.stages.validateStatusUpdate(resource, draft, old)
}

/** Equality that looks at what is shared first: an update that changes only the status compares nothing else. */
function sameObject(draft: Draft, old: KubeObject): boolean {
  const before = old as unknown as Record<string, unknown>
  for (const field in draft) if (field !== 'metadata' && !deepEqual(draft[field], before[field])) return false
  for (const field in before) if (before[field] !== undefined && draft[field] === undefined) return false
  return deepEqual(draft.metadata, old.metadata)
}

const isFinished = (resource: Resource, { metadata, spec }: Draft, old: KubeObject): boolean =>
  old.metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  (old.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
  (resource.plural !== 'namespaces' ||
    ((spec as { finalizers?: readonly string[] } | undefined)?.finalizers ?? []).length === 0)

/** 404 for a key, as every verb on one object answers it. */
export function refuseMissing(call: Call, key: ObjectKey) {
  return refuse(call, notFoundStatus(call.resource, key.name))
}
