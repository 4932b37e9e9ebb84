// Strategic merge patch: a merge patch that knows which lists are sets, which are maps by a key, and which are one value.
// Upstream: apimachinery/pkg/util/strategicpatch/{patch,meta}.go.
import { deepEqual } from '../../../api/compare.ts'
import type { Json, JsonObject } from '../../../api/meta.ts'
import type { FieldSchema } from '../../../api/schema/schema.ts'
import { isObject, own, setKey } from './merge-patch.ts'

/** How upstream reports an error of a patch: as 400, as 422 without the text, or as an error of the server. */
export type StrategicPatchResult =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly error: string; readonly code: 400 | 422 | 500 }

/** Finds a struct's field; undefined for what the kind does not have, and inside maps. */
export type FieldLookup = (name: string) => FieldSchema | undefined

const DIRECTIVE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const DELETE_FROM_LIST = '$deleteFromPrimitiveList/'
const SET_ORDER = '$setElementOrder/'

class PatchError extends Error {
  readonly code: 400 | 422 | 500

  constructor(message: string, code: 400 | 422 | 500) {
    super(message)
    this.code = code
  }
}

const NO_FIELDS: FieldLookup = () => undefined

/** What lies below a field: the struct's own fields, or the same value schema for every key of a map. */
function fieldsOf(field: FieldSchema | undefined): FieldLookup {
  if (field?.type === 'object') return (name) => field.definition?.fields.get(name)
  if (field?.type === 'map') return () => field.items
  return NO_FIELDS
}

const strategiesOf = (field: FieldSchema | undefined): readonly string[] => field?.patchStrategy?.split(',') ?? []
const isMerged = (field: FieldSchema | undefined): boolean => strategiesOf(field).includes('merge')

/** Applies a patch to an object of the kind that `lookup` describes. Never throws; what is not patched is shared. */
export function applyStrategicMergePatch(
  original: JsonObject,
  patch: JsonObject,
  lookup: FieldLookup,
): StrategicPatchResult {
  try {
    return { ok: true, value: mergeMaps(original, patch, lookup) }
  } catch (error) {
    if (error instanceof PatchError) return { ok: false, error: error.message, code: error.code }
    throw error
  }
}

function mergeMaps(original: JsonObject, patch: JsonObject, lookup: FieldLookup): JsonObject {
  const directive = own(patch, DIRECTIVE)
  if (directive !== undefined) return applyDirective(original, patch, directive)
  const merged: Record<string, Json | undefined> = retainKeys({ ...original }, patch)
  for (const key of Object.keys(patch)) {
    if (key === RETAIN_KEYS || key.startsWith(SET_ORDER)) continue
    if (key.startsWith(DELETE_FROM_LIST)) deleteFromList(merged, key.slice(DELETE_FROM_LIST.length), patch[key])
    else mergeKey(merged, key, { patch, lookup })
  }
  orderAlone(merged, patch, lookup)
  return merged
}

function applyDirective(original: JsonObject, patch: JsonObject, directive: Json): JsonObject {
  const { [DIRECTIVE]: _directive, ...rest } = patch
  if (directive === 'replace') return rest
  if (directive === 'delete') return {}
  if (directive === 'merge') return mergeMaps(original, rest, NO_FIELDS)
  throw new PatchError(`unknown patch type found: ${JSON.stringify(directive)} in map`, 422)
}

function mergeKey(
  merged: Record<string, Json | undefined>,
  key: string,
  { patch, lookup }: { readonly patch: JsonObject; readonly lookup: FieldLookup },
): void {
  const value = patch[key]
  if (value === undefined) return
  if (value === null) {
    delete merged[key]
    return
  }
  const before = own(merged, key)
  const field = lookup(key)
  setKey(merged, key, mergeValue(before, value, { field, order: own(patch, `${SET_ORDER}${key}`) }))
}

interface Context {
  readonly field: FieldSchema | undefined
  readonly order?: Json | undefined
}

function mergeValue(before: Json | undefined, value: Json, { field, order }: Context): Json {
  if (isObject(value)) {
    if (isObject(before) && strategiesOf(field).includes('replace')) return withoutDirectives(value)
    return isObject(before) ? mergeMaps(before, value, fieldsOf(field)) : fresh(value, field)
  }
  if (!Array.isArray(value)) return value
  if (!isMerged(field) || (before !== undefined && !Array.isArray(before))) return replaceList(value)
  return mergeLists((before ?? []) as readonly Json[], value, { field, order })
}

/** A map or list that is new: directives in it say nothing any more. */
function fresh(value: JsonObject, field: FieldSchema | undefined): Json {
  return mergeMaps({}, value, fieldsOf(field))
}

function withoutDirectives({ [DIRECTIVE]: _patch, [RETAIN_KEYS]: _keys, ...rest }: JsonObject): JsonObject {
  return rest
}

/** An atomic list is taken as it comes, nulls in its items dropped by the decoder. */
function replaceList(list: readonly Json[]): Json {
  return list
}

/** `$retainKeys`: of the original only the named keys stay. Upstream: handleDirectiveInMergeMap. */
function retainKeys(original: Record<string, Json | undefined>, patch: JsonObject): Record<string, Json | undefined> {
  const retained = own(patch, RETAIN_KEYS)
  if (retained === undefined) return original
  if (!Array.isArray(retained)) throw new PatchError('invalid patch format of retainKeys', 400)
  for (const key of Object.keys(patch)) {
    if (key === RETAIN_KEYS || patch[key] === null || key.startsWith(SET_ORDER) || key.startsWith(DELETE_FROM_LIST))
      continue
    if (!retained.includes(key)) throw new PatchError('invalid patch format of retainKeys', 400)
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => retained.includes(key)))
}

function deleteFromList(merged: Record<string, Json | undefined>, key: string, gone: Json | undefined): void {
  if (!Array.isArray(gone)) throw new PatchError('invalid patch format of primitive list', 400)
  const list = own(merged, key)
  if (!Array.isArray(list)) return
  setKey(
    merged,
    key,
    (list as readonly Json[]).filter((item) => !gone.some((other) => deepEqual(other, item))),
  )
}

/** `$setElementOrder/x` without a patch of x: only the order changes. */
function orderAlone(merged: Record<string, Json | undefined>, patch: JsonObject, lookup: FieldLookup): void {
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(SET_ORDER)) continue
    const name = key.slice(SET_ORDER.length)
    const list = own(merged, name)
    if (!Array.isArray(patch[key])) throw new PatchError('invalid patch format of setElementOrder list', 400)
    if (own(patch, name) !== undefined || !Array.isArray(list)) continue
    const field = lookup(name)
    setKey(
      merged,
      name,
      inOrder(list as readonly Json[], {
        order: patch[key] as readonly Json[],
        live: list as readonly Json[],
        mergeKey: field?.patchMergeKey,
      }),
    )
  }
}

function mergeLists(before: readonly Json[], patch: readonly Json[], { field, order }: Context): Json {
  const mergeKey = field?.patchMergeKey
  const byKey = patch.some(isObject) || before.some(isObject)
  if (byKey && mergeKey === undefined) throw new PatchError('cannot merge lists of maps without a merge key', 500)
  const merged = byKey ? mergeByKey(before, patch, { field: field!, mergeKey: mergeKey! }) : mergeSets(before, patch)
  const wanted = Array.isArray(order) ? (order as readonly Json[]) : undefined
  return wanted === undefined ? merged : inOrder(merged, { order: wanted, live: before, mergeKey })
}

function mergeSets(before: readonly Json[], patch: readonly Json[]): readonly Json[] {
  const merged = [...before]
  for (const item of patch) if (!merged.some((other) => deepEqual(other, item))) merged.push(item)
  return merged
}

interface Keyed {
  readonly field: FieldSchema
  readonly mergeKey: string
}

function mergeByKey(before: readonly Json[], patch: readonly Json[], { field, mergeKey }: Keyed): readonly Json[] {
  const lookup = fieldsOf(field.items)
  const { items, list } = applyListDirectives(before, patch, mergeKey)
  const merged = [...list]
  for (const item of items) {
    const keyValue = keyOf(item, mergeKey)
    const at = merged.findIndex((other) => isObject(other) && deepEqual(own(other, mergeKey), keyValue))
    if (at < 0) merged.push(fresh(item, field.items))
    else merged[at] = mergeMaps(merged[at] as JsonObject, item, lookup)
  }
  return merged
}

function keyOf(item: JsonObject, mergeKey: string): Json {
  const value = own(item, mergeKey)
  if (value === undefined)
    throw new PatchError(`map: ${goMapText(item)} does not contain declared merge key: ${mergeKey}`, 500)
  return value
}

/** `$patch: delete | replace | merge` as items of a list. Upstream: applyPatchesWithDirectives... mergeSliceWithSpecialElements. */
function applyListDirectives(before: readonly Json[], patch: readonly Json[], mergeKey: string) {
  let list = before
  let replaced = false
  const items: JsonObject[] = []
  for (const item of patch) {
    if (!isObject(item)) throw new PatchError('expected all elements to have the same type in merge list', 500)
    const directive = own(item, DIRECTIVE)
    if (directive === undefined) items.push(item)
    else if (directive === 'replace') replaced = true
    else if (directive === 'delete') {
      const keyValue = keyOf(item, mergeKey)
      list = list.filter((other) => !(isObject(other) && deepEqual(own(other, mergeKey), keyValue)))
    } else if (directive === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch', 500)
    else throw new PatchError(`unknown patch type found: ${JSON.stringify(directive)} in list of maps`, 422)
  }
  return { list: replaced ? [] : list, items }
}

interface Ordering {
  readonly order: readonly Json[]
  /** The list as the server has it: what is new there has no place yet and goes first. */
  readonly live: readonly Json[]
  readonly mergeKey: string | undefined
}

/**
 * Items that the patch's order names come in that order; the others (which the server alone has) keep their place before the
 * next one that they were before. Upstream: normalizeElementOrder.
 */
function inOrder(list: readonly Json[], { order, live, mergeKey }: Ordering): readonly Json[] {
  const idOf = (item: Json): Json | undefined => (mergeKey !== undefined && isObject(item) ? own(item, mergeKey) : item)
  const wanted = order.map(idOf)
  const position = (item: Json): number => wanted.findIndex((id) => deepEqual(id, idOf(item)))
  const placeOf = (item: Json): number => live.findIndex((other) => deepEqual(idOf(other), idOf(item)))
  const named = list.filter((item) => position(item) >= 0).sort((a, b) => position(a) - position(b))
  const others = list.filter((item) => position(item) < 0)
  const result: Json[] = []
  let next = 0
  for (const item of named) {
    const at = placeOf(item)
    while (next < others.length && at >= 0 && placeOf(others[next]!) < at) result.push(others[next++]!)
    result.push(item)
  }
  return [...result, ...others.slice(next)]
}

/** A value as Go's %v prints an unmarshalled JSON value: `map[spec:map[replicas:3]]`. */
export function goMapText(value: Json | undefined): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(goMapText).join(' ')}]`
  if (!isObject(value)) return typeof value === 'number' ? goNumberText(value) : String(value as string | boolean)
  const keys = Object.keys(value).sort()
  return `map[${keys.map((key) => `${key}:${goMapText(value[key])}`).join(' ')}]`
}

function goNumberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value)
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}
