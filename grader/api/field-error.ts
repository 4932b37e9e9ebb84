import type { FieldPath } from './field-path.ts'

/** The kinds of k8s.io/apimachinery/pkg/util/validation/field/errors.go, with the words they print. */
export type FieldErrorType =
  | 'Required value'
  | 'Invalid value'
  | 'Unsupported value'
  | 'Forbidden'
  | 'Duplicate value'
  | 'Not found'
  | 'Too long'
  | 'Too many'
  | 'Internal error'

/** One refused field. `badValue` is printed only for the kinds that print one. */
export interface FieldError {
  readonly type: FieldErrorType
  readonly path: FieldPath
  readonly badValue?: unknown
  readonly detail: string
}

export const required = (path: FieldPath, detail = ''): FieldError => ({ type: 'Required value', path, detail })
export const forbidden = (path: FieldPath, detail: string): FieldError => ({ type: 'Forbidden', path, detail })
export const tooLong = (path: FieldPath, detail: string): FieldError => ({ type: 'Too long', path, detail })
export const internal = (path: FieldPath, detail: string): FieldError => ({ type: 'Internal error', path, detail })
export const duplicate = (path: FieldPath, badValue: unknown): FieldError => ({
  type: 'Duplicate value',
  path,
  badValue,
  detail: '',
})
export const notFound = (path: FieldPath, badValue: unknown): FieldError => ({
  type: 'Not found',
  path,
  badValue,
  detail: '',
})
export const invalid = (path: FieldPath, badValue: unknown, detail: string): FieldError => ({
  type: 'Invalid value',
  path,
  badValue,
  detail,
})
export const tooMany = (path: FieldPath, badValue: unknown, detail: string): FieldError => ({
  type: 'Too many',
  path,
  badValue,
  detail,
})
export const notSupported = (path: FieldPath, badValue: unknown, supported: readonly string[]): FieldError => ({
  type: 'Unsupported value',
  path,
  badValue,
  detail: `supported values: ${supported.map((value) => JSON.stringify(value)).join(', ')}`,
})

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set([
  'Required value',
  'Forbidden',
  'Too long',
  'Internal error',
])

/** Text of the error without its path: `Invalid value: "x": must be …`. */
export function formatFieldErrorBody(error: FieldError): string {
  const value = WITHOUT_VALUE.has(error.type) ? '' : `: ${formatBadValue(error)}`
  return `${error.type}${value}${error.detail === '' ? '' : `: ${error.detail}`}`
}

/** The server's text: `spec.selector: Required value`. */
export function formatFieldError(error: FieldError): string {
  return `${error.path}: ${formatFieldErrorBody(error)}`
}

// Upstream prints plain strings with %q and everything else, named string types too, as JSON; the two differ for <, > and &.
function formatBadValue(error: FieldError): string {
  const value = error.badValue
  if (value === undefined) return 'null'
  return typeof value === 'string' && error.type !== 'Unsupported value' ? goQuote(value) : goJson(value)
}

/** A string as Go's %q writes it, for text as people write it: quotes, backslashes and control characters are escaped. */
export function goQuote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return `"${text.replace(/["\\\u0000-\u001f\u007f-\u00a0\u00ad\u2028\u2029\ufeff]/g, escapeGo)}"`
}

const GO_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function escapeGo(character: string): string {
  const code = character.charCodeAt(0)
  return (
    GO_ESCAPES[character] ??
    (code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  )
}

/** JSON as Go's encoder writes it: like JSON.stringify, but <, > and & are escaped. `indent`: blanks per level. */
export function goJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
