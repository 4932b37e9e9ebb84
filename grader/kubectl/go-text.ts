/** Go's ways of writing values into messages: %q, %v, durations, and how strconv complains. */
import { compareStrings } from '../api/compare.ts'

/** %q of a string. Upstream: strconv.Quote, for the characters that occur in names and messages. */
export function quote(text: string): string {
  let out = '"'
  for (const c of text) {
    const code = c.codePointAt(0)!
    if (c === '"' || c === '\\') out += `\\${c}`
    else if (SHORT_ESCAPES[c] !== undefined) out += SHORT_ESCAPES[c]
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`
    else out += c
  }
  return `${out}"`
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
}

/** %v of a decoded JSON value: `map[a:1 b:[x y]]`. */
export function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, v]) => v !== undefined)
    return `map[${entries
      .sort(([a], [b]) => compareStrings(a, b))
      .map(([k, v]) => `${k}:${formatGoValue(v)}`)
      .join(' ')}]`
  }
  return String(value)
}

/** %#v of a decoded JSON value. */
export function formatGoSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[]interface {}{${value.map(formatGoSyntax).join(', ')}}`
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  const fields = entries.sort(([a], [b]) => compareStrings(a, b)).map(([k, v]) => `${quote(k)}:${formatGoSyntax(v)}`)
  return `map[string]interface {}{${fields.join(', ')}}`
}

const UNITS: readonly (readonly [string, number])[] = [
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }

/** A duration such as `1m30s` in milliseconds. Upstream: time.ParseDuration. */
export function parseDuration(text: string): Parsed<number> {
  const bad = (why: string): Parsed<number> => ({ ok: false, error: `time: ${why} in duration ${quote(text)}` })
  const invalid: Parsed<number> = { ok: false, error: `time: invalid duration ${quote(text)}` }
  const sign = text.startsWith('-') ? -1 : 1
  let rest = text.replace(/^[+-]/, '')
  if (rest === '0') return { ok: true, value: 0 }
  if (rest === '') return invalid
  let total = 0
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) return invalid
    rest = rest.slice(number.length)
    const unit = /^[^.\d]+/.exec(rest)?.[0]
    if (unit === undefined) return bad('missing unit')
    const size = UNITS.find(([name]) => name === unit)?.[1]
    if (size === undefined) return bad(`unknown unit ${quote(unit)}`)
    total += Number(number) * size
    rest = rest.slice(unit.length)
  }
  return { ok: true, value: sign * total }
}

/** A duration in milliseconds as Go prints it: `1m20s`, `5m0s`, `1.5s`, `0s`. Upstream: Duration.String. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s'
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`
  if (milliseconds < 1) return `${Number((milliseconds * 1000).toFixed(3))}µs`
  if (milliseconds < 1000) return `${Number(milliseconds.toFixed(6))}ms`
  const hours = Math.floor(milliseconds / 3_600_000)
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000)
  const seconds = Number(((milliseconds % 60_000) / 1000).toFixed(9))
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`
}

/** An integer flag. Upstream: strconv.ParseInt with base 0. */
export function parseInteger(text: string, bits: 32 | 64): Parsed<number> {
  const fail = (why: string): Parsed<number> => ({
    ok: false,
    error: `strconv.ParseInt: parsing ${quote(text)}: ${why}`,
  })
  const body = text.replace(/^[+-]/, '')
  const known = /^(0|[1-9][\d_]*|0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+)$/.test(body)
  if (!known) return fail('invalid syntax')
  const octal = /^0\d/.test(body) ? `0o${body.slice(1)}` : body
  const value = BigInt(octal.replaceAll('_', '')) * (text.startsWith('-') ? -1n : 1n)
  const limit = 2n ** BigInt(bits - 1)
  if (value >= limit || value < -limit) return fail('value out of range')
  return { ok: true, value: Number(value) }
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** A boolean flag. Upstream: strconv.ParseBool. */
export function parseBoolean(text: string): Parsed<boolean> {
  if (TRUE.has(text)) return { ok: true, value: true }
  if (FALSE.has(text)) return { ok: true, value: false }
  return { ok: false, error: `strconv.ParseBool: parsing ${quote(text)}: invalid syntax` }
}
