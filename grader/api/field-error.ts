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
export const duplicate = (path: FieldPath, badValue: unknown): FieldError => ({ type: 'Duplicate value', path, badValue, detail: '' })
export const notFound = (path: FieldPath, badValue: unknown): FieldError => ({ type: 'Not found', path, badValue, detail: '' })
export const invalid = (path: FieldPath, badValue: unknown, detail: string): FieldError => ({ type: 'Invalid value', path, badValue, detail })
export const tooMany = (path: FieldPath, badValue: unknown, detail: string): FieldError => ({ type: 'Too many', path, badValue, detail })
export const notSupported = (path: FieldPath, badValue: unknown, supported: readonly string[]): FieldError => ({
  type: 'Unsupported value',
  path,
  badValue,
  detail: `supported values: ${supported.map((value) => JSON.stringify(value)).join(', ')}`,
})

const WITHOUT_VALUE: ReadonlySet<FieldErrorType> = new Set(['Required value', 'Forbidden', 'Too long', 'Internal error'])

/** Text of the error without its path: `Invalid value: "x": must be …`. */
export function formatFieldErrorBody(error: FieldError): string {
  const value = WITHOUT_VALUE.has(error.type) ? '' : `: ${formatBadValue(error.badValue)}`
  return `${error.type}${value}${error.detail === '' ? '' : `: ${error.detail}`}`
}

/** The server's text: `spec.selector: Required value`. */
export function formatFieldError(error: FieldError): string {
  return `${error.path}: ${formatFieldErrorBody(error)}`
}

function formatBadValue(value: unknown): string {
  return value === undefined ? 'null' : goJson(value)
}

/** JSON as Go's encoder writes it: like JSON.stringify, but <, > and & are escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
