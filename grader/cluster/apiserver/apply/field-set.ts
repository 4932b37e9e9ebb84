// Sets of field paths, and how managedFields writes them. Upstream: sigs.k8s.io/structured-merge-diff/v6/fieldpath.
import { compareStrings } from '../../../api/compare.ts'
import type { Json, JsonObject } from '../../../api/meta.ts'

/**
 * A set of paths as a tree. Keys are path elements as fieldsV1 writes them: `f:spec`, `k:{"name":"agent"}`, `v:"x"`.
 * A node may be in the set itself and still have children in it.
 */
export interface FieldSet {
  readonly member: boolean
  readonly children: ReadonlyMap<string, FieldSet>
}

/** A set under construction. */
export class FieldTree implements FieldSet {
  member = false
  readonly children = new Map<string, FieldTree>()

  child(element: string): FieldTree {
    const known = this.children.get(element)
    if (known !== undefined) return known
    const child = new FieldTree()
    this.children.set(element, child)
    return child
  }
}

const NO_CHILDREN: ReadonlyMap<string, FieldSet> = new Map()
export const EMPTY_SET: FieldSet = { member: false, children: NO_CHILDREN }
export const MEMBER: FieldSet = { member: true, children: NO_CHILDREN }

export function isEmptySet(set: FieldSet): boolean {
  if (set.member) return false
  for (const child of set.children.values()) if (!isEmptySet(child)) return false
  return true
}

/** Builds a node from members of two nodes, element by element. */
function combine(a: FieldSet, b: FieldSet, member: boolean, child: (a: FieldSet, b: FieldSet) => FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  const visit = (element: string) => {
    if (children.has(element)) return
    const made = child(a.children.get(element) ?? EMPTY_SET, b.children.get(element) ?? EMPTY_SET)
    if (!isEmptySet(made)) children.set(element, made)
  }
  for (const element of a.children.keys()) visit(element)
  for (const element of b.children.keys()) visit(element)
  return { member, children }
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(a)) return b
  return isEmptySet(b) ? a : combine(a, b, a.member || b.member, union)
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, a.member && b.member, intersection)
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return isEmptySet(b) ? a : combine(a, b, a.member && !b.member, difference)
}

/** Without what lies at and below the given paths. */
export function withoutBranches(set: FieldSet, branches: FieldSet): FieldSet {
  return branches.member ? EMPTY_SET : combine(set, branches, set.member, withoutBranches)
}

export function sameSets(a: FieldSet, b: FieldSet): boolean {
  return isEmptySet(difference(a, b)) && isEmptySet(difference(b, a))
}

const ELEMENT_ORDER = 'fkvi'

/** Field names, then keyed items, then values, then positions. Upstream: PathElement.Compare. */
function compareElements(a: string, b: string): number {
  return ELEMENT_ORDER.indexOf(a[0]!) - ELEMENT_ORDER.indexOf(b[0]!) || compareStrings(a, b)
}

const sortedElements = (set: FieldSet): readonly (readonly [string, FieldSet])[] =>
  [...set.children.entries()].sort(([a], [b]) => compareElements(a, b))

const written = new WeakMap<FieldSet, JsonObject>()

/** The set as fieldsV1. A finished set never changes, so each is written once. */
export function fieldsV1Of(set: FieldSet): JsonObject {
  let json = written.get(set)
  if (json === undefined) {
    json = writeNode(set)
    written.set(set, json)
  }
  return json
}

function writeNode(set: FieldSet): JsonObject {
  const json: Record<string, Json> = {}
  if (set.member && set.children.size > 0) json['.'] = {}
  for (const [element, child] of sortedElements(set)) if (!isEmptySet(child)) json[element] = writeNode(child)
  return json
}

/** Reads fieldsV1; what is no such thing is undefined. Never throws. */
export function fieldSetFrom(json: Json | undefined): FieldSet | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  return readNode(json as JsonObject, true)
}

function readNode(json: JsonObject, root: boolean): FieldSet | undefined {
  const children = new Map<string, FieldSet>()
  let member = false
  let count = 0
  for (const element of Object.keys(json)) {
    count++
    if (element === '.') {
      member = true
      continue
    }
    const child = json[element]
    if (!/^[fkvi]:/.test(element) || typeof child !== 'object' || child === null || Array.isArray(child))
      return undefined
    const read = readNode(child as JsonObject, false)
    if (read === undefined) return undefined
    children.set(element, read)
  }
  return { member: member || (count === 0 && !root), children }
}

/**
 * Paths in the set as conflicts print them, `.spec.containers[name="agent"].image`; at each level members come before what lies
 * deeper. Upstream: Set.Iterate.
 */
export function formatPaths(set: FieldSet, prefix = ''): string[] {
  const elements = sortedElements(set).map(([element, child]) => ({ path: prefix + formatElement(element), child }))
  const members = elements.filter(({ child }) => child.member).map(({ path }) => path)
  return [...members, ...elements.flatMap(({ path, child }) => formatPaths(child, path))]
}

/** Upstream: PathElement.String. */
export function formatElement(element: string): string {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('v:')) return `[=${rest}]`
  if (element.startsWith('i:')) return `[${rest}]`
  const keys = JSON.parse(rest) as JsonObject
  return `[${Object.keys(keys)
    .sort(compareStrings)
    .map((key) => `${key}=${JSON.stringify(keys[key])}`)
    .join(',')}]`
}
