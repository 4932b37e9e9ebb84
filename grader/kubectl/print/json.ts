/** JSON as Go's encoders write it: keys in order, `<`, `>` and `&` escaped. Upstream: encoding/json, cli-runtime JSONPrinter. */
import { compareStrings } from '../../api/compare.ts'
import { goJson } from '../../api/field-error.ts'

/** On one line, without blanks. */
export function formatJson(value: unknown): string {
  return goJson(sortKeys(value))
}

/** Indented by four blanks, as `-o json` prints it; no newline at the end. */
export function formatJsonIndented(value: unknown): string {
  return escapeHtml(JSON.stringify(sortKeys(value), null, 4))
}

const escapeHtml = (text: string): string =>
  text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The value with the keys of all its maps in order; absent values are left out. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const out: Record<string, unknown> = {}
  const keys = Object.keys(value).sort(compareStrings)
  // JavaScript puts keys that look like numbers first; Object.entries of a Map cannot, so such maps are rare enough to leave.
  for (const key of keys) {
    const item = (value as Record<string, unknown>)[key]
    if (item !== undefined) define(out, key, sortKeys(item))
  }
  return out
}

/** Sets a key, `__proto__` included. */
function define(out: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true })
  else out[key] = value
}
