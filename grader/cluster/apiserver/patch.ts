// PATCH. Upstream: apiserver/pkg/endpoints/handlers/patch.go.
import type { Patch } from '../../api/api-client.ts'
import {
  type ApiResult,
  type ApiStatus,
  badRequestStatus,
  invalidStatus,
  notFoundStatus,
} from '../../api/api-status.ts'
import { goJson, invalid } from '../../api/field-error.ts'
import type { Json, JsonObject, KubeObject, ManagedFieldsEntry, ObjectKey, ObjectMeta } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { applyConfiguration } from './apply/apply.ts'
import { createObject } from './create.ts'
import { decodeAs } from './decoding.ts'
import { schemaOf, trackUpdate } from './field-management.ts'
import { applyJsonPatch, MAX_JSON_PATCH_OPERATIONS } from './patch/json-patch.ts'
import { applyMergePatch, isObject } from './patch/merge-patch.ts'
import { applyStrategicMergePatch, goMapText } from './patch/strategic-merge-patch.ts'
import { type Call, refuse } from './request.ts'
import { refuseMissing, updateObject } from './update.ts'

type Patched = { readonly ok: true; readonly object: KubeObject } | { readonly ok: false; readonly status: ApiStatus }

const failed = (status: ApiStatus): Patched => ({ ok: false, status })

/** Changes one object by a patch of any type. Fails with every status that a PATCH can answer. */
export function patchObject<T extends KubeObject>(call: Call<T>, key: ObjectKey, patch: Patch): ApiResult<T> {
  const old = call.server.store.get(call.resource, key)
  if (patch.type === 'apply')
    return applyPatch(call, key, { config: patch.body, force: patch.force === true, live: old })
  if (old === undefined) return refuseMissing(call, key)
  const patched = patchedObject(call, old, patch)
  if (!patched.ok) return refuse(call, patched.status)
  const object = trackUpdate(call, old, call.server.stages.applyDefaults(call.resource, patched.object))
  return updateObject(call, { verb: 'patch', old, object })
}

function patchedObject(call: Call, old: KubeObject, patch: Exclude<Patch, { type: 'apply' }>): Patched {
  const live = old as unknown as JsonObject
  switch (patch.type) {
    case 'json':
      return jsonPatched(call, live, patch.body)
    case 'merge':
      return isObject(patch.body) ? decodePatched(call, applyMergePatch(live, patch.body)) : failed(notAMap(patch.body))
    case 'strategic':
      return isObject(patch.body) ? strategicPatched(call, live, patch.body) : failed(notAMap(patch.body))
  }
}

const jsonKind = (value: Json): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value

const notAMap = (body: Json): ApiStatus =>
  badRequestStatus(`json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`)

/** The API server hides why a readable patch does not apply. Upstream: errors.NewGenericServerResponse(422). */
export const UNPROCESSABLE: ApiStatus = {
  code: 422,
  reason: 'Invalid',
  message: 'the server rejected our request due to an error in our request',
  details: {},
}

function jsonPatched(call: Call, live: JsonObject, operations: readonly JsonObject[]): Patched {
  if (!Array.isArray(operations))
    return failed(
      badRequestStatus(`json: cannot unmarshal ${jsonKind(operations)} into Go value of type jsonpatch.Patch`),
    )
  const bad = operations.find((operation) => !isObject(operation))
  if (bad !== undefined)
    return failed(badRequestStatus(`json: cannot unmarshal ${jsonKind(bad)} into Go value of type jsonpatch.Operation`))
  if (operations.length > MAX_JSON_PATCH_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}, got ${operations.length}`
    return failed({ code: 413, reason: 'RequestEntityTooLarge', message: `Request entity too large: ${message}` })
  }
  const result = applyJsonPatch(live, operations)
  return result.ok ? decodePatched(call, result.value) : failed(UNPROCESSABLE)
}

/** What a JSON or merge patch made, as the kind's struct. Errors show the whole patched object. */
function decodePatched(call: Call, patched: Json): Patched {
  if (!isObject(patched))
    return failed(
      invalidPatch(
        goJson(patched),
        `json: cannot unmarshal ${jsonKind(patched)} into Go value of type ${call.resource.kind}`,
      ),
    )
  return decodeResult(call, patched, { text: () => goJson(patched), source: 'json' })
}

function strategicPatched(call: Call, live: JsonObject, patch: JsonObject): Patched {
  const definition = schemaOf(call.resource)?.definition
  const result = applyStrategicMergePatch(live, patch, (name) => definition?.fields.get(name))
  if (result.ok) return decodeResult(call, result.value, { text: () => goMapText(patch), source: 'unstructured' })
  if (result.code === 400) return failed(badRequestStatus(result.error))
  return failed(result.code === 422 ? UNPROCESSABLE : { code: 500, reason: '', message: result.error })
}

interface PatchWords {
  readonly text: () => string
  readonly source: 'json' | 'unstructured'
}

function decodeResult(call: Call, patched: JsonObject, { text, source }: PatchWords): Patched {
  const { resource, caller } = call
  const object = { ...patched, apiVersion: apiVersionOf(resource), kind: resource.kind } as unknown as KubeObject
  if (!isObject(patched.metadata ?? {}))
    return failed(invalidPatch(text(), `cannot restore struct from: ${jsonKind(patched.metadata!)}`))
  if (caller.component === true) return { ok: true, object }
  const decoded = decodeAs(call, object, { source })
  return typeof decoded === 'string' ? failed(invalidPatch(text(), decoded)) : { ok: true, object: decoded }
}

const invalidPatch = (patch: string, why: string): ApiStatus =>
  invalidStatus({ group: '', kind: '' }, '', [invalid('patch', patch, why)])

interface ApplyInput {
  readonly config: JsonObject
  readonly force: boolean
  readonly live: KubeObject | undefined
}

function applyPatch<T extends KubeObject>(
  call: Call<T>,
  key: ObjectKey,
  { config, force, live }: ApplyInput,
): ApiResult<T> {
  if (!isObject(config))
    return refuse(
      call,
      badRequestStatus(
        `error decoding YAML: json: cannot unmarshal ${jsonKind(config)} into Go value of type map[string]interface {}`,
      ),
    )
  const mismatch = configMismatch(call.resource, key, config)
  if (mismatch !== undefined) return refuse(call, mismatch)
  if (live === undefined && call.subresource !== undefined) return refuse(call, notFoundStatus(call.resource, key.name))
  const named = withKey(call.resource, key, config)
  const applied = applyConfiguration(call, { config: named, live, force })
  if (!applied.ok) return refuse(call, applied.status)
  const decoded = decodeAs(call, applied.object as unknown as KubeObject, { source: 'unstructured' })
  if (typeof decoded === 'string') return refuse(call, badRequestStatus(decoded))
  if (live === undefined) return createObject(call, withEntries(decoded, applied.entries))
  const object = call.server.stages.applyDefaults(call.resource, decoded)
  return updateObject(call, {
    verb: 'patch',
    old: live,
    object: withEntries(object, entriesFor(live, applied.entries)),
  })
}

/** An applied configuration names itself. Upstream: applyPatcher and rest.EnsureObjectNamespaceMatchesRequestNamespace. */
function configMismatch(resource: Resource, key: ObjectKey, config: JsonObject): ApiStatus | undefined {
  const metadata = (isObject(config.metadata) ? config.metadata : {}) as JsonObject
  const { name = key.name, namespace = key.namespace } = metadata
  if (config.kind !== undefined && config.kind !== resource.kind)
    return badRequestStatus(
      `${goMapText(config.kind)} in version "${resource.version}" cannot be handled as a ${resource.kind}`,
    )
  if (name !== key.name)
    return badRequestStatus(
      `metadata.name: Invalid value: ${JSON.stringify(name)}: must match the name in the request path`,
    )
  if (namespace === key.namespace || !resource.namespaced) return undefined
  return badRequestStatus('the namespace of the provided object does not match the namespace sent on the request')
}

function withKey(resource: Resource, key: ObjectKey, config: JsonObject): JsonObject {
  const metadata = (isObject(config.metadata) ? config.metadata : {}) as JsonObject
  return { ...config, kind: resource.kind, metadata: { ...metadata, ...key } }
}

function withEntries(object: KubeObject, managedFields: readonly ManagedFieldsEntry[]): KubeObject {
  return { ...object, metadata: { ...object.metadata, managedFields } as ObjectMeta }
}

/** The stored entries themselves when nothing about them changed, so that applying the same again writes nothing. */
function entriesFor(live: KubeObject, entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const before = live.metadata.managedFields ?? []
  return before.length === entries.length && before.every((entry, i) => entry === entries[i]) ? before : entries
}
