// The scale subresource of Deployments and ReplicaSets. Upstream: pkg/registry/apps/{deployment,replicaset}/storage/storage.go.
import type { Patch } from '../../api/api-client.ts'
import { type ApiResult, badRequestStatus, conflictStatus, invalidStatus, succeeded } from '../../api/api-status.ts'
import type { Deployment, ReplicaSet } from '../../api/apps.ts'
import { invalid } from '../../api/field-error.ts'
import { formatSelector, selectorOf } from '../../api/labels.ts'
import type { JsonObject, KubeObject, ObjectKey } from '../../api/meta.ts'
import { trackUpdate } from './field-management.ts'
import { applyJsonPatch } from './patch/json-patch.ts'
import { applyMergePatch, isObject } from './patch/merge-patch.ts'
import { UNPROCESSABLE } from './patch.ts'
import { type Call, refuse } from './request.ts'
import { refuseMissing, updateObject } from './update.ts'

type Scalable = Deployment | ReplicaSet

/** The object as an autoscaling/v1 Scale. */
export function scaleOf({ metadata, spec, status }: Scalable): JsonObject {
  const { name, namespace = '', uid, resourceVersion, creationTimestamp } = metadata
  const selector = selectorOf(spec.selector)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: (spec.replicas ?? 0) === 0 ? {} : { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: selector.ok ? formatSelector(selector.value) : '' },
  }
}

export function getScale(call: Call, key: ObjectKey): ApiResult<JsonObject> {
  const found = call.server.store.get(call.resource, key)
  return found === undefined ? refuseMissing(call, key) : succeeded(scaleOf(found as Scalable))
}

/** Stores a Scale's replicas in the object it is a view of. */
export function updateScale(
  call: Call,
  key: ObjectKey,
  scale: JsonObject,
  verb: 'update' | 'patch' = 'update',
): ApiResult<JsonObject> {
  const old = call.server.store.get(call.resource, key) as Scalable | undefined
  if (old === undefined) return refuseMissing(call, key)
  const { name, resourceVersion = '' } = (scale.metadata ?? {}) as {
    readonly name?: string
    readonly resourceVersion?: string
  }
  if (name !== key.name)
    return refuse(
      call,
      badRequestStatus(`the name of the object (${name ?? ''}) does not match the name on the URL (${key.name})`),
    )
  if (resourceVersion !== '' && resourceVersion !== old.metadata.resourceVersion)
    return refuse(call, conflictStatus(call.resource, key.name))
  const replicas = (scale.spec as { readonly replicas?: number } | undefined)?.replicas ?? 0
  if (typeof replicas !== 'number' || replicas < 0 || !Number.isInteger(replicas)) {
    const error = invalid('spec.replicas', replicas, 'must be greater than or equal to 0')
    return refuse(call, invalidStatus({ group: 'autoscaling', kind: 'Scale' }, key.name, [error]))
  }
  const { resourceVersion: _any, ...metadata } = old.metadata
  const object = { ...old, metadata, spec: { ...old.spec, replicas } } as unknown as KubeObject
  // The Deployment itself is what changes: its strategy counts, not that of a subresource.
  const { subresource: _scale, ...whole } = call
  const updated = updateObject(whole, { verb, old, object: trackUpdate(call, old, object) })
  return updated.ok ? succeeded(scaleOf(updated.value as Scalable), updated.warnings) : updated
}

export function patchScale(call: Call, key: ObjectKey, patch: Patch): ApiResult<JsonObject> {
  const found = getScale(call, key)
  if (!found.ok) return found
  if (patch.type === 'json') {
    const patched = applyJsonPatch(found.value, patch.body)
    return patched.ok && isObject(patched.value)
      ? updateScale(call, key, patched.value, 'patch')
      : refuse(call, UNPROCESSABLE)
  }
  const patched = applyMergePatch(found.value, patch.body)
  return isObject(patched) ? updateScale(call, key, patched, 'patch') : refuse(call, UNPROCESSABLE)
}
