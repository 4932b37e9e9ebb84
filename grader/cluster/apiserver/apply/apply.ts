// Server-side apply. Upstream: apimachinery/pkg/util/managedfields/internal/{fieldmanager,structuredmerge,lastapplied*}.go,
// structured-merge-diff/v6/merge/{update,conflict}.go.
import { type ApiStatus, badRequestStatus } from '../../../api/api-status.ts'
import { compareStrings, deepEqual } from '../../../api/compare.ts'
import { goJson } from '../../../api/field-error.ts'
import type { Json, JsonObject, KubeObject } from '../../../api/meta.ts'
import { apiVersionOf } from '../../../api/resource-table.ts'
import type { FieldSchema } from '../../../api/schema/schema.ts'
import { asJson, BEFORE_FIRST_APPLY, identityOf, schemaOf, strip, withConversion } from '../field-management.ts'
import { isObject } from '../patch/merge-patch.ts'
import { goMapText } from '../patch/strategic-merge-patch.ts'
import type { Call } from '../request.ts'
import {
  difference,
  EMPTY_SET,
  type FieldSet,
  formatPaths,
  intersection,
  isEmptySet,
  sameSets,
  union,
} from './field-set.ts'
import { entriesOf, type Manager, managersFrom, sameManager, withFields } from './managers.ts'
import { typeErrors } from './type-errors.ts'
import { compareValues, fieldsOf, mergeValues, pruneValue } from './typed.ts'

export type Applied =
  | { readonly ok: true; readonly object: JsonObject; readonly entries: ReturnType<typeof entriesOf> }
  | { readonly ok: false; readonly status: ApiStatus }

const KUBECTL = 'kubectl'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

export interface ApplyRequest {
  readonly config: JsonObject
  /** Undefined when the object does not exist yet. */
  readonly live: KubeObject | undefined
  readonly force: boolean
}

/** What the object becomes when the configuration is applied, and who owns what then; or why it cannot be. */
export function applyConfiguration(call: Call, { config, live, force }: ApplyRequest): Applied {
  const problem = configProblem(call, config)
  if (problem !== undefined) return { ok: false, status: problem }
  const schema = schemaOf(call.resource)
  const errors = schema === undefined ? [] : typeErrors(config, schema)
  if (errors.length > 0) return { ok: false, status: typedPatchError(call, config, errors) }
  const base = live ?? ({ apiVersion: config.apiVersion, kind: config.kind, metadata: {} } as unknown as KubeObject)
  const before = asJson(live === undefined ? base : withoutManagedFields(live))
  const managers = startingManagers(call, live)
  const attempt = (forced: boolean) => applyOnce(call, { before, config, managers, force: forced, schema })
  const first = attempt(force)
  const upgraded = first.conflicts.length === 0 ? first : allowLastApplied(call, live, first, attempt)
  if (upgraded.conflicts.length > 0) return { ok: false, status: conflictOf(upgraded.conflicts) }
  const object = rememberApplied(call, { config, live, applied: upgraded.object })
  return { ok: true, object, entries: entriesOf(upgraded.managers) }
}

interface Remembered {
  readonly config: JsonObject
  readonly live: KubeObject | undefined
  readonly applied: JsonObject
}

/** kubectl keeps the annotation of its client-side apply up to date, where there is one. Upstream: lastAppliedUpdater. */
function rememberApplied(call: Call, { config, live, applied }: Remembered): JsonObject {
  if (call.options.fieldManager !== KUBECTL || live?.metadata.annotations?.[LAST_APPLIED] === undefined) return applied
  const metadata = applied.metadata as JsonObject
  const { [LAST_APPLIED]: _old, ...annotations } = ((config.metadata as JsonObject).annotations ?? {}) as JsonObject
  const hasOthers = Object.keys(annotations).length > 0
  const { annotations: _annotations, ...rest } = config.metadata as JsonObject
  const written = { ...config, metadata: { ...rest, ...(hasOthers ? { annotations } : {}) } }
  const text = `${goJson(inKeyOrder(written))}\n`
  return {
    ...applied,
    metadata: { ...metadata, annotations: { ...(metadata.annotations as JsonObject), [LAST_APPLIED]: text } },
  }
}

/** Go prints the keys of a map in order. */
function inKeyOrder(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(inKeyOrder)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort(compareStrings)
      .map((key) => [key, inKeyOrder(value[key] ?? null)]),
  )
}

function configProblem({ resource, options }: Call, { apiVersion, metadata }: JsonObject): ApiStatus | undefined {
  if ((options.fieldManager ?? '') === '') {
    const why = 'fieldManager: Required value: is required for apply patch'
    return {
      code: 422,
      reason: 'Invalid',
      message: `PatchOptions.meta.k8s.io "" is invalid: ${why}`,
      details: {
        group: 'meta.k8s.io',
        kind: 'PatchOptions',
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: is required for apply patch',
            field: 'fieldManager',
          },
        ],
      },
    }
  }
  if ((metadata as JsonObject | undefined)?.managedFields !== undefined)
    return badRequestStatus('metadata.managedFields must be nil')
  const expected = apiVersionOf(resource)
  if (apiVersion === expected) return undefined
  return badRequestStatus(
    `Incorrect version specified in apply patch. Specified patch version: ${apiVersion === undefined ? '' : goMapText(apiVersion)}, expected: ${expected}`,
  )
}

function typedPatchError({ resource }: Call, config: JsonObject, errors: readonly string[]): ApiStatus {
  const { name = '', namespace = '' } = (config.metadata ?? {}) as {
    readonly name?: string
    readonly namespace?: string
  }
  const kind = `${resource.group === '' ? `/${resource.version}` : apiVersionOf(resource)}, Kind=${resource.kind}`
  const text = errors.length === 1 ? errors[0]! : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n')
  return {
    code: 500,
    reason: '',
    message: `failed to create typed patch object (${namespace}/${name}; ${kind}): ${text}`,
  }
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _entries, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** An object that nobody tracked is owned by before-first-apply. Upstream: skipNonAppliedManager.Apply. */
function startingManagers(call: Call, live: KubeObject | undefined): readonly Manager[] {
  if (live === undefined) return []
  const known = managersFrom(live.metadata.managedFields) ?? []
  if (known.length > 0) return known
  const { apiVersion, kind } = live
  const { added, modified } = compareValues(
    { apiVersion, kind, metadata: {} },
    asJson(withConversion(call.resource, live)),
    schemaOf(call.resource),
  )
  const fields = strip(union(added, modified), call.resource, call.subresource)
  const time = call.server.clock.timestamp()
  return [{ manager: BEFORE_FIRST_APPLY, operation: 'Update', apiVersion, subresource: '', time, fields }]
}

interface Attempt {
  readonly before: Json
  readonly config: JsonObject
  readonly managers: readonly Manager[]
  readonly force: boolean
  readonly schema: FieldSchema | undefined
}

interface Conflict {
  readonly manager: Manager
  readonly fields: FieldSet
}

interface Outcome {
  readonly object: JsonObject
  readonly managers: readonly Manager[]
  readonly conflicts: readonly Conflict[]
}

function applyOnce(call: Call, { before, config, managers, force, schema }: Attempt): Outcome {
  const self = { ...identityOf(call, 'Apply'), time: call.server.clock.timestamp() }
  const others = managers.filter((manager) => !sameManager(manager, self))
  const mine = managers.find((manager) => sameManager(manager, self))
  const whole = fieldsOf(config, schema)
  const fields = strip(whole, call.resource, call.subresource)
  const owned = others.reduce((set: FieldSet, manager) => union(set, manager.fields), whole)
  const merged = mergeValues(before, config, schema)!
  const after = pruneValue(merged, { last: mine?.fields ?? EMPTY_SET, owned }, schema)
  const { added, modified, removed } = compareValues(before, after, schema)
  const changed = union(added, modified)
  const conflicts = others
    .map((manager) => ({ manager, fields: intersection(manager.fields, changed) }))
    .filter((conflict) => !isEmptySet(conflict.fields))
  const lost = union(changed, removed)
  const kept = others.map((manager) =>
    isEmptySet(intersection(manager.fields, lost)) ? manager : withFields(manager, difference(manager.fields, lost)),
  )
  const same =
    mine !== undefined &&
    sameSets(mine.fields, fields) &&
    mine.apiVersion === self.apiVersion &&
    deepEqual(before, after)
  return {
    object: after as JsonObject,
    managers: [...kept, same ? mine : { ...self, fields }],
    conflicts: force ? [] : conflicts,
  }
}

/**
 * Fields that kubectl itself applied from the client's side before are no conflict for kubectl's server-side apply.
 * Upstream: lastAppliedManager.
 */
function allowLastApplied(
  call: Call,
  live: KubeObject | undefined,
  first: Outcome,
  attempt: (force: boolean) => Outcome,
): Outcome {
  const annotation = live?.metadata.annotations?.[LAST_APPLIED]
  if (call.options.fieldManager !== KUBECTL || annotation === undefined) return first
  const last = parseJson(annotation)
  if (last === undefined) return first
  const allowed = fieldsOf(last, schemaOf(call.resource))
  const left = first.conflicts
    .map(({ manager, fields }) => ({ manager, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmptySet(fields))
  return left.length === 0 ? attempt(true) : { ...first, conflicts: left }
}

function parseJson(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

/** `"kubectl-edit" using apps/v1`. Upstream: managedfields/internal/conflict.go printManager. */
function printManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const text = `${goJson(manager)}${subresource === '' ? '' : ` with subresource ${goJson(subresource)}`}`
  return operation === 'Update' ? `${text} using ${apiVersion}` : text
}

/** 409 with one cause per field. Upstream: NewConflictError. */
function conflictOf(conflicts: readonly Conflict[]): ApiStatus {
  const groups = new Map<string, string[]>()
  for (const { manager, fields } of conflicts) {
    const name = printManager(manager)
    groups.set(name, [...(groups.get(name) ?? []), ...formatPaths(fields)])
  }
  const sorted = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  const causes = sorted.flatMap(([manager, paths]) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  )
  const count = causes.length
  const blocks = sorted.map(([manager, paths]) =>
    [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)].join('\n'),
  )
  const text =
    count === 1 ? `1 conflict: ${causes[0]!.message}: ${causes[0]!.field}` : `${count} conflicts: ${blocks.join('\n')}`
  return { code: 409, reason: 'Conflict', message: `Apply failed with ${text}`, details: { causes } }
}
