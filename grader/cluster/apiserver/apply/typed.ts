// Values with their schema: which fields they have, how two of them differ, and how they merge.
// Upstream: sigs.k8s.io/structured-merge-diff/v6/typed/{tofieldset,compare,merge,remove,validate}.go.
import { compareStrings, deepEqual } from '../../../api/compare.ts'
import type { Json, JsonObject } from '../../../api/meta.ts'
import { type Definition, type FieldSchema, mapTypeOf } from '../../../api/schema/schema.ts'
import { isObject, own, setKey } from '../patch/merge-patch.ts'
import { EMPTY_SET, type FieldSet, FieldTree } from './field-set.ts'

/** A field's schema; undefined for untyped JSON, where maps merge and lists do not. */
export type Schema = FieldSchema | undefined

export interface Comparison {
  readonly added: FieldTree
  readonly modified: FieldTree
  readonly removed: FieldTree
}

/** The schema of a whole object of a kind. */
export function rootSchema(definition: Definition): FieldSchema {
  return { name: '', type: 'object', required: true, definition }
}

type Shape = 'leaf' | 'map' | 'list'

/** How a value is walked: atomic structs, maps and lists are leaves. */
function shapeOf(schema: Schema, value: Json | undefined): Shape {
  if (Array.isArray(value))
    return schema?.type === 'list' && (schema.listType === 'map' || schema.listType === 'set') ? 'list' : 'leaf'
  if (!isObject(value)) return 'leaf'
  if (schema === undefined) return 'map'
  const own = schema.type === 'object' && schema.definition !== undefined ? mapTypeOf(schema.definition) : undefined
  return (schema.mapType ?? own) === 'atomic' ? 'leaf' : 'map'
}

export function schemaBelow(schema: Schema, name: string): Schema {
  if (schema?.type === 'object') return schema.definition?.fields.get(name)
  return schema?.type === 'map' ? schema.items : undefined
}

const isStructField = (schema: Schema, name: string): boolean =>
  schema?.type === 'object' && schema.definition?.fields.has(name) === true

const keyDefault = (schema: FieldSchema, key: string): Json | undefined =>
  schema.items?.definition?.fields.get(key)?.default

/** The path element of a list's item: its keys, or the value itself in a set. */
export function elementOf(schema: FieldSchema, item: Json): string {
  if (schema.listType === 'set' || !isObject(item)) return `v:${JSON.stringify(item)}`
  const keys: Record<string, Json> = {}
  for (const key of [...(schema.listMapKeys ?? [])].sort(compareStrings))
    keys[key] = own(item, key) ?? keyDefault(schema, key) ?? null
  return `k:${JSON.stringify(keys)}`
}

/** All fields of a value that an applier would own. Upstream: TypedValue.ToFieldSet. */
export function fieldsOf(value: Json, schema: Schema): FieldTree {
  const tree = new FieldTree()
  addFields(value, schema, tree)
  return tree
}

function addFields(value: Json, schema: Schema, into: FieldTree): void {
  const shape = shapeOf(schema, value)
  if (shape === 'leaf') into.member = true
  else if (shape === 'list') {
    for (const item of value as readonly Json[]) {
      const child = into.child(elementOf(schema!, item))
      addFields(item, schema!.items, child)
      child.member = true
    }
  } else addMapFields(value as JsonObject, schema, into)
}

function addMapFields(value: JsonObject, schema: Schema, into: FieldTree): void {
  for (const name of Object.keys(value)) {
    const item = value[name]
    if (item === undefined) continue
    const child = into.child(`f:${name}`)
    addFields(item, schemaBelow(schema, name), child)
    const empty = item === null || (isObject(item) && Object.keys(item).length === 0)
    if (empty || !isStructField(schema, name)) child.member = true
  }
}

/** What a write changed. Fields of the root in `ignored` are not looked at. Upstream: TypedValue.Compare. */
export function compareValues(before: Json, after: Json, schema: Schema, ignored: FieldSet = EMPTY_SET): Comparison {
  const result = { added: new FieldTree(), modified: new FieldTree(), removed: new FieldTree() }
  if (ignored.children.size > 0 && isObject(before) && isObject(after)) {
    compareMaps(before, after, { schema, path: [], result }, ignored)
  } else compareInto(before, after, { schema, path: [], result })
  return result
}

interface Place {
  readonly schema: Schema
  readonly path: readonly string[]
  readonly result: Comparison
}

function nodeAt(tree: FieldTree, path: readonly string[]): FieldTree {
  let at = tree
  for (const element of path) at = at.child(element)
  return at
}

const isEmptyValue = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)

function compareInto(before: Json | undefined, after: Json | undefined, place: Place): void {
  if (before === after) return
  const { schema, path, result } = place
  if (before === undefined) addWhole(after!, schema, nodeAt(result.added, path))
  else if (after === undefined) addWhole(before, schema, nodeAt(result.removed, path))
  else comparePresent(before, after, place)
}

function comparePresent(before: Json, after: Json, place: Place): void {
  const { schema, path, result } = place
  const shape = shapeOf(schema, after ?? before)
  const mixed = before !== null && after !== null && shapeOf(schema, before) !== shape
  if (shape === 'leaf' || mixed || (isEmptyValue(before) && isEmptyValue(after))) {
    if (!deepEqual(before, after)) nodeAt(result.modified, path).member = true
  } else if (shape === 'list') compareLists(before as readonly Json[] | null, after as readonly Json[] | null, place)
  else compareMaps(before as JsonObject | null, after as JsonObject | null, place)
}

/** Everything in a value that came or went with it. */
function addWhole(value: Json, schema: Schema, into: FieldTree): void {
  into.member = true
  const shape = shapeOf(schema, value)
  if (shape === 'list') {
    for (const item of value as readonly Json[]) addWhole(item, schema!.items, into.child(elementOf(schema!, item)))
  } else if (shape === 'map') {
    for (const name in value as JsonObject) {
      const item = (value as JsonObject)[name]
      if (item !== undefined) addWhole(item, schemaBelow(schema, name), into.child(`f:${name}`))
    }
  }
}

/** Structs that Go holds by value and lists that it always prints are there even when empty: never added or removed as such. */
function zeroOf(schema: Schema): Json | undefined {
  if (schema?.type === 'list' && schema.required) return null
  return schema?.type === 'object' && isObject(schema.default) && Object.keys(schema.default).length === 0
    ? schema.default
    : undefined
}

function compareMaps(before: JsonObject | null, after: JsonObject | null, place: Place, ignored = EMPTY_SET): void {
  const { schema, path, result } = place
  const compare = (name: string) => {
    if (ignored.children.get(`f:${name}`)?.member === true) return
    const below = schemaBelow(schema, name)
    const valueIn = (object: JsonObject | null) => (object === null ? undefined : (own(object, name) ?? zeroOf(below)))
    compareInto(valueIn(before), valueIn(after), { schema: below, path: [...path, `f:${name}`], result })
  }
  for (const name of Object.keys(after ?? {})) compare(name)
  for (const name of Object.keys(before ?? {})) if (after === null || !Object.hasOwn(after, name)) compare(name)
}

function itemsByElement(schema: FieldSchema, list: readonly Json[] | null): Map<string, Json> {
  return new Map((list ?? []).map((item) => [elementOf(schema, item), item]))
}

function compareLists(
  before: readonly Json[] | null,
  after: readonly Json[] | null,
  { schema, path, result }: Place,
): void {
  const old = itemsByElement(schema!, before)
  const now = itemsByElement(schema!, after)
  for (const element of new Set([...old.keys(), ...now.keys()])) {
    compareInto(old.get(element), now.get(element), { schema: schema!.items, path: [...path, element], result })
  }
}

/** The live value with the applied one merged in; the applied one wins. Upstream: TypedValue.Merge. */
export function mergeValues(live: Json | undefined, applied: Json | undefined, schema: Schema): Json | undefined {
  if (applied === undefined) return live
  const shape = shapeOf(schema, applied)
  if (live === undefined || live === null || shape === 'leaf' || shapeOf(schema, live) !== shape) return applied
  return shape === 'list'
    ? mergeLists(live as readonly Json[], applied as readonly Json[], schema!)
    : mergeMaps(live as JsonObject, applied as JsonObject, schema)
}

function mergeMaps(live: JsonObject, applied: JsonObject, schema: Schema): Json {
  const merged: Record<string, Json | undefined> = { ...live }
  for (const name of Object.keys(applied)) {
    const value = mergeValues(own(live, name), applied[name], schemaBelow(schema, name))
    if (value !== undefined) setKey(merged, name, value)
  }
  return merged
}

/** Applied items come in their own order; items that only the live list has stay where they are between them. */
function mergeLists(live: readonly Json[], applied: readonly Json[], schema: FieldSchema): Json {
  const wanted = itemsByElement(schema, applied)
  const present = itemsByElement(schema, live)
  const merged: Json[] = []
  const emitted = new Set<string>()
  let at = 0
  const emitLiveOnly = () => {
    for (; at < live.length && !wanted.has(elementOf(schema, live[at]!)); at++) merged.push(live[at]!)
  }
  for (const [element, item] of wanted) {
    emitLiveOnly()
    merged.push(mergeValues(present.get(element), item, schema.items)!)
    emitted.add(element)
    while (at < live.length && emitted.has(elementOf(schema, live[at]!))) at++
  }
  for (; at < live.length; at++) if (!wanted.has(elementOf(schema, live[at]!))) merged.push(live[at]!)
  return merged
}

export interface Ownership {
  /** What the manager applied last time. */
  readonly last: FieldSet
  /** What anybody owns now, the manager's new fields included. */
  readonly owned: FieldSet
}

/** The merged value without what the manager no longer applies and nobody else owns. Upstream: Updater.prune. */
export function pruneValue(value: Json, { last, owned }: Ownership, schema: Schema): Json {
  const shape = shapeOf(schema, value)
  if (shape === 'leaf' || last.children.size === 0) return value
  if (shape === 'map') {
    const kept: Record<string, Json | undefined> = {}
    for (const name of Object.keys(value as JsonObject)) {
      const below = pruneChild((value as JsonObject)[name]!, `f:${name}`, {
        ownership: { last, owned },
        schema: schemaBelow(schema, name),
      })
      if (below !== undefined) setKey(kept, name, below)
    }
    return kept
  }
  return (value as readonly Json[]).flatMap((item) => {
    const below = pruneChild(item, elementOf(schema!, item), { ownership: { last, owned }, schema: schema!.items })
    return below === undefined ? [] : [below]
  })
}

function pruneChild(
  value: Json,
  element: string,
  { ownership, schema }: { readonly ownership: Ownership; readonly schema: Schema },
): Json | undefined {
  const last = ownership.last.children.get(element)
  if (last === undefined) return value
  const owned = ownership.owned.children.get(element)
  const field = element.startsWith('f:')
  // A field above others counts as owned with them; an item of a list only by itself.
  const wasOwned = last.member || field
  const isOwned = owned !== undefined && (owned.member || (field && owned.children.size > 0))
  const below = { last, owned: owned ?? EMPTY_SET }
  if (!wasOwned || isOwned) return pruneValue(value, below, schema)
  if (schema?.type !== 'map' || !isObject(value)) return undefined
  // Keys that components have set have no owner here: they stay, and the map with them.
  const rest = pruneValue(value, below, schema)
  return isEmptyValue(rest) ? undefined : rest
}
