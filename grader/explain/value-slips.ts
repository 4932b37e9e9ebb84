// What is probably meant by a value or a field that the API server does not take, and the line as it should be where
// that is certain.
import type { FieldError } from '../api/field-error.ts'
import { nearest } from '../manifest/suggest.ts'
import type { LineFix } from './yaml-slips.ts'

const QUOTES = /[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]/
const GO_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^\[\]/, 'list'],
  [/^array$/, 'list'],
  [/^map\[|^object$|^v\d\w*\./, 'map of keys'],
  [/^u?int\d*$/, 'whole number'],
  [/^number$/, 'number'],
  [/^bool$/, '`true` or `false`'],
  [/^string$/, 'text'],
]

/** Go's type in words: `[]v1.Toleration` is a list. */
export function wordOfType(type: string): string {
  return GO_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? type
}

/** Whether two types differ in shape (list, map, one value) and not only in how a value is written. */
export function isShape(type: string): boolean {
  return /^(list|map)/.test(wordOfType(type))
}

export function hasSmartQuotes(text: string): boolean {
  return QUOTES.test(text)
}

/** The allowed value that was meant: the one written most alike. */
export function meantValue(error: FieldError): string | undefined {
  const given = refusedText(error)
  if (given === undefined || error.type !== 'Unsupported value') return undefined
  const allowed = [...error.detail.matchAll(/"([^"]*)"/g)].map((match) => match[1]!)
  if (allowed.length === 1) return allowed[0]
  const plain = given.replace(new RegExp(QUOTES, 'g'), '')
  const sameLetters = allowed.find((value) => value.toLowerCase() === plain.toLowerCase())
  return sameLetters ?? nearest(plain, allowed) ?? allowed.find((value) => plain.length > 3 && value.startsWith(plain))
}

/** The text that was refused. Upstream prints the whole updateStrategy; meant is its type. */
export function refusedText({ badValue, path }: FieldError): string | undefined {
  if (typeof badValue === 'string') return badValue
  if (path !== 'spec.updateStrategy' || typeof badValue !== 'object' || badValue === null) return undefined
  const { type, Type } = badValue as { readonly type?: unknown; readonly Type?: unknown }
  const given = type ?? Type
  return typeof given === 'string' ? given : undefined
}

/** A name as Kubernetes takes it, if lower case and dashes are all that it lacks. */
export function meantName(error: FieldError): string | undefined {
  if (typeof error.badValue !== 'string' || !error.detail.includes('RFC 1123')) return undefined
  const name = error.badValue.toLowerCase().replace(/[_ ]/g, '-')
  return name !== error.badValue && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) ? name : undefined
}

/** The line with one word for another; nothing if the word does not stand there once. */
export function replaceOnLine(text: string, line: number, from: string, to: string): readonly LineFix[] | undefined {
  const old = text.split('\n')[line - 1]
  if (old === undefined || from === '' || old.split(from).length !== 2) return undefined
  return [{ line, text: old.replace(from, () => to) }]
}

/** A number in quotes without them, a bare number or truth value with them. */
export function requote(text: string, line: number, wanted: string): readonly LineFix[] | undefined {
  const old = text.split('\n')[line - 1]
  const match = /^(\s*(?:-\s+)?[^\s:]+:\s+)(\S+)\s*$/.exec(old ?? '')
  if (match === null) return undefined
  const [, key = '', value = ''] = match
  const bare = /^(["'])(.*)\1$/.exec(value)?.[2]
  if (wordOfType(wanted) === 'text') return bare === undefined ? [{ line, text: `${key}"${value}"` }] : undefined
  if (bare === undefined) return undefined
  const fits =
    wordOfType(wanted) === 'whole number' ? /^\d+$/.test(bare) : wanted === 'bool' && /^(true|false)$/.test(bare)
  return fits ? [{ line, text: `${key}${bare}` }] : undefined
}
