/** `--sort-by`. Upstream: k8s.io/kubectl/pkg/cmd/get/sorter.go, github.com/fvbommel/sortorder. */

import type { JsonObject } from '../../api/meta.ts'
import { compareQuantities, parseQuantity } from '../../api/quantity.ts'
import { fail } from '../failure.ts'
import { findValues } from './jsonpath.ts'
import { JsonPathError, relaxedJsonPath } from './jsonpath-parser.ts'

/** A sorted copy; fails if no object has the field. */
export function sortObjects<T extends { readonly object: JsonObject }>(
  items: readonly T[],
  field: string,
): readonly T[] {
  const path = pathOf(field)
  const keyed = items.map((item) => ({ item, value: sortValue(path, item.object) }))
  if (items.length > 0 && keyed.every(({ value }) => value === undefined)) {
    fail(`couldn't find any field with path ${JSON.stringify(path)} in the list of objects`)
  }
  return keyed.sort((a, b) => compareValues(a.value, b.value)).map(({ item }) => item)
}

function pathOf(field: string): string {
  try {
    return relaxedJsonPath(field)
  } catch (error) {
    if (error instanceof JsonPathError) return fail(error.message)
    throw error
  }
}

function sortValue(path: string, object: JsonObject): unknown {
  const found = findValues(path, object)
  if (!found.ok) return fail(found.error)
  return found.values[0]
}

function compareValues(a: unknown, b: unknown): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (typeof a === 'object' || typeof b === 'object') return 0
  const [x, y] = [String(a), String(b)]
  const left = parseQuantity(x)
  const right = parseQuantity(y)
  if (left.ok && right.ok) return compareQuantities(left.value, right.value)
  return compareNaturally(x, y)
}

/** Runs of digits count by their value. */
export function compareNaturally(a: string, b: string): number {
  const left = a.match(/\d+|\D/g) ?? []
  const right = b.match(/\d+|\D/g) ?? []
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i]!
    const y = right[i]!
    if (x === y) continue
    const numbers = /^\d/.test(x) && /^\d/.test(y)
    if (numbers && BigInt(x) !== BigInt(y)) return BigInt(x) < BigInt(y) ? -1 : 1
    if (numbers && x.length !== y.length) return x.length - y.length
    return x < y ? -1 : 1
  }
  return left.length - right.length
}
