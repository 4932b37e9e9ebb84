/** The nearest known field, value or kind, for `Was «tolerations» meant?`. */
import { compareStrings } from '../api/compare.ts'
import type { FieldPath } from '../api/field-path.ts'
import { apiVersionOf, RESOURCES } from '../api/resource-table.ts'
import type { Definition, FieldSchema } from '../api/schema/schema.ts'
import { structOf } from '../api/schema/schema.ts'

/** Edits (insert, delete, replace, swap) between two words, or more than `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
    }
    before = previous
    previous = row
  }
  return previous[b.length]!
}

/** The candidate that is written most like the word, or undefined if none is near. Other case counts least. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const lower = word.toLowerCase().slice(0, 80)
  const limit = lower.length <= 3 ? 1 : lower.length <= 6 ? 2 : 3
  let best: string | undefined
  let bestCost = limit + 1
  for (const candidate of [...candidates].sort(compareStrings)) {
    if (candidate === word) continue
    const cost = editDistance(lower, candidate.toLowerCase(), limit)
    if (cost < bestCost) [best, bestCost] = [candidate, cost]
  }
  return best
}

/** The field of the struct whose name is nearest. */
export function nearestField(definition: Definition, name: string): string | undefined {
  return nearest(name, definition.fields.keys())
}

/** The field that differs in case only. */
export function fieldInOtherCase(definition: Definition, name: string): string | undefined {
  const lower = name.toLowerCase()
  for (const field of definition.fields.keys()) if (field.toLowerCase() === lower && field !== name) return field
  return undefined
}

/** Where in the kind a field of that name belongs, nearest to the top first; lists are written without indexes. */
export function fieldElsewhere(kind: Definition, name: string): FieldPath | undefined {
  const seen = new Set<Definition>([kind])
  let level: { readonly path: FieldPath; readonly definition: Definition }[] = [{ path: '', definition: kind }]
  while (level.length > 0) {
    const next: typeof level = []
    for (const { path, definition } of level) {
      if (path !== '' && definition.fields.has(name)) return `${path}.${name}`
      for (const field of definition.fields.values()) {
        const inner = innerDefinition(path, field)
        if (inner === undefined || seen.has(inner)) continue
        seen.add(inner)
        next.push({ path: path === '' ? field.name : `${path}.${field.name}`, definition: inner })
      }
    }
    level = next
  }
  return undefined
}

// Status is written by the cluster, managed fields by the API server: nobody means those.
function innerDefinition(path: FieldPath, field: FieldSchema): Definition | undefined {
  if (path === '' && field.name === 'status') return undefined
  return field.name === 'managedFields' ? undefined : structOf(field)
}

/** The served kind that is written most like this one. */
export function nearestKind(kind: string): string | undefined {
  return nearest(
    kind,
    RESOURCES.map((resource) => resource.kind),
  )
}

/** The apiVersion under which a kind is served, or undefined if the cluster does not know the kind. */
export function apiVersionOfKind(kind: string): string | undefined {
  const resource = RESOURCES.find((candidate) => candidate.kind === kind)
  return resource === undefined ? undefined : apiVersionOf(resource)
}
