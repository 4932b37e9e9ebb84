/** Orders strings by UTF-16 code unit: the same in every runtime, unlike locale-aware comparison. */
export function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A sorted copy, stable, by one string or number per item. */
export function sortBy<T>(items: Iterable<T>, by: (item: T) => string | number): T[] {
  return [...items].sort((a, b) => {
    const x = by(a)
    const y = by(b)
    return x < y ? -1 : x > y ? 1 : 0
  })
}

/** Deep equality of JSON values; an absent key equals an undefined one. Identical references answer at once. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => deepEqual(item, b[i]))
  }
  if (Array.isArray(b)) return false
  const x = a as Record<string, unknown>
  const y = b as Record<string, unknown>
  for (const key in x) if (!deepEqual(x[key], y[key])) return false
  for (const key in y) if (y[key] !== undefined && x[key] === undefined) return false
  return true
}
