/**
 * Makes strategic merge patches: what must be sent so that an object becomes another one.
 * Upstream: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (CreateTwoWayMergePatch, CreateThreeWayMergePatch).
 */
import { compareStrings, deepEqual } from '../api/compare.ts'
import type { Json, JsonObject } from '../api/meta.ts'
import { isObject } from './manifest-input.ts'
import { type MergeSchema, mergeStrategy } from './merge-schema.ts'
import { formatJson } from './print/json.ts'

interface DiffOptions {
  readonly ignoreDeletions: boolean
  readonly ignoreAdditions: boolean
  readonly setElementOrder: boolean
}

type MutablePatch = Record<string, Json | undefined>

/** From one object to another; `{}` if nothing differs. */
export function twoWayMergePatch(original: JsonObject, modified: JsonObject, schema: MergeSchema): JsonObject {
  return diffMaps(original, modified, schema, { ignoreDeletions: false, ignoreAdditions: false, setElementOrder: true })
}

/** What apply sends: the file's fields that differ from the live object, and the removal of what the file had and lost. */
export function threeWayMergePatch(versions: {
  readonly original: JsonObject
  readonly modified: JsonObject
  readonly current: JsonObject
  readonly schema: MergeSchema
}): JsonObject {
  const { original, modified, current, schema } = versions
  const changes = diffMaps(current, modified, schema, {
    ignoreDeletions: true,
    ignoreAdditions: false,
    setElementOrder: true,
  })
  const deletions = diffMaps(original, modified, schema, {
    ignoreDeletions: false,
    ignoreAdditions: true,
    setElementOrder: true,
  })
  return mergePatches(deletions, changes, schema)
}

function diffMaps(
  original: JsonObject,
  modified: JsonObject,
  schema: MergeSchema,
  options: DiffOptions,
  retainKeys = false,
): JsonObject {
  const patch: MutablePatch = {}
  for (const key of Object.keys(modified)) {
    const next = modified[key]
    if (next === undefined) continue
    const before = original[key]
    if (before === undefined) {
      if (!options.ignoreAdditions) patch[key] = next
      continue
    }
    if (isObject(before) && isObject(next)) diffMapField(patch, key, [before, next], schema, options)
    else if (Array.isArray(before) && Array.isArray(next)) diffListField(patch, key, [before, next], schema, options)
    else if (!options.ignoreAdditions && !deepEqual(before, next)) patch[key] = next
  }
  if (!options.ignoreDeletions) {
    for (const key of Object.keys(original))
      if (original[key] !== undefined && modified[key] === undefined) patch[key] = null
  }
  if (retainKeys && (Object.keys(patch).length > 0 || losesKey(original, modified))) {
    patch.$retainKeys = Object.keys(modified)
      .filter((key) => modified[key] != null)
      .sort(compareStrings)
  }
  return patch
}

const losesKey = (original: JsonObject, modified: JsonObject): boolean =>
  Object.keys(original).some((key) => original[key] != null && modified[key] === undefined)

function diffMapField(
  patch: MutablePatch,
  key: string,
  [before, next]: readonly [JsonObject, JsonObject],
  schema: MergeSchema,
  options: DiffOptions,
): void {
  const field = mergeStrategy(schema, key)
  if (field.replace) {
    if (!options.ignoreAdditions && !deepEqual(before, next)) patch[key] = next
    return
  }
  const inner = diffMaps(before, next, field.schema, options, field.retainKeys)
  if (Object.keys(inner).length > 0) patch[key] = inner
}

function diffListField(
  patch: MutablePatch,
  key: string,
  [before, next]: readonly [readonly Json[], readonly Json[]],
  schema: MergeSchema,
  options: DiffOptions,
): void {
  const field = mergeStrategy(schema, key)
  if (!field.merge) {
    if (!options.ignoreAdditions && !deepEqual(before, next)) patch[key] = next
    return
  }
  if (before.length === 0) {
    if (next.length > 0 && !options.ignoreAdditions) patch[key] = next
    return
  }
  if (field.mergeKey === undefined) diffScalars(patch, key, [before, next], options)
  else diffElements(patch, key, [before, next], { ...field, mergeKey: field.mergeKey }, options)
}

interface ElementField {
  readonly mergeKey: string
  readonly retainKeys: boolean
  readonly schema: MergeSchema
}

function diffElements(
  patch: MutablePatch,
  key: string,
  lists: readonly [readonly Json[], readonly Json[]],
  field: ElementField,
  options: DiffOptions,
): void {
  const before = lists[0].filter(isObject)
  const next = lists[1].filter(isObject)
  const { mergeKey } = field
  const known = new Map(before.map((element) => [keyText(element[mergeKey]), element]))
  const wanted = new Set(next.map((element) => keyText(element[mergeKey])))
  const items: Json[] = []
  for (const element of next) {
    const old = known.get(keyText(element[mergeKey]))
    if (old === undefined) {
      if (!options.ignoreAdditions) items.push(element)
      continue
    }
    const inner = diffMaps(old, element, field.schema, options, field.retainKeys)
    if (Object.keys(inner).length > 0) items.push({ ...inner, [mergeKey]: element[mergeKey] })
  }
  if (!options.ignoreDeletions) {
    for (const element of before) {
      if (!wanted.has(keyText(element[mergeKey]))) items.push({ $patch: 'delete', [mergeKey]: element[mergeKey] })
    }
  }
  if (items.length > 0) patch[key] = items
  const sameOrder = before.length === next.length && before.every((e, i) => deepEqual(e[mergeKey], next[i]?.[mergeKey]))
  if (options.setElementOrder && (items.length > 0 || (!options.ignoreAdditions && !sameOrder))) {
    patch[`$setElementOrder/${key}`] = next.map((element) => ({ [mergeKey]: element[mergeKey] }))
  }
}

function diffScalars(
  patch: MutablePatch,
  key: string,
  [before, next]: readonly [readonly Json[], readonly Json[]],
  options: DiffOptions,
): void {
  const added = options.ignoreAdditions ? [] : next.filter((item) => !before.includes(item))
  const removed = options.ignoreDeletions ? [] : before.filter((item) => !next.includes(item))
  if (added.length > 0) patch[key] = added
  if (removed.length > 0) patch[`$deleteFromPrimitiveList/${key}`] = removed
  if (options.setElementOrder && (removed.length > 0 || (!options.ignoreAdditions && !deepEqual(before, next)))) {
    patch[`$setElementOrder/${key}`] = next
  }
}

const keyText = (value: Json | undefined): string => formatJson(value ?? null)

/** Both patches as one. Upstream: mergeMap with lists of directives kept as they are. */
function mergePatches(first: JsonObject, second: JsonObject, schema: MergeSchema): JsonObject {
  const merged: MutablePatch = { ...first }
  for (const key of Object.keys(second)) {
    const mine = merged[key]
    const theirs = second[key]
    const field = mergeStrategy(schema, key)
    if (isObject(mine) && isObject(theirs)) merged[key] = mergePatches(mine, theirs, field.schema)
    else if (Array.isArray(mine) && Array.isArray(theirs) && field.merge) merged[key] = mergeLists(mine, theirs, field)
    else merged[key] = theirs
  }
  return merged
}

function mergeLists(
  first: readonly Json[],
  second: readonly Json[],
  field: { readonly mergeKey: string | undefined; readonly schema: MergeSchema },
): Json[] {
  const { mergeKey } = field
  if (mergeKey === undefined) return [...first, ...second.filter((item) => !first.includes(item))]
  const keyOfItem = (item: Json): string => (isObject(item) ? keyText(item[mergeKey]) : '')
  const rest = first.filter((item) => !second.some((other) => keyOfItem(other) === keyOfItem(item)))
  const joined = second.map((item) => {
    const same = first.find((other) => keyOfItem(other) === keyOfItem(item))
    return isObject(same) && isObject(item) ? mergePatches(same, item, field.schema) : item
  })
  return [...joined, ...rest]
}
