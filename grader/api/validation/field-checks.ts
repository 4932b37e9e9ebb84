// Checks of one value that many fields share. Each returns the errors, most often none.
import { compareStrings } from '../compare.ts'
import { type FieldError, invalid, notSupported, required } from '../field-error.ts'
import type { FieldPath } from '../field-path.ts'
import type { FormatRule } from './format.ts'

export const NONE: readonly FieldError[] = []

/** An absent or empty text is refused. */
export function requireText(text: string | undefined, path: FieldPath, detail = ''): readonly FieldError[] {
  return text === undefined || text === '' ? [required(path, detail)] : NONE
}

/** One `Invalid value` per thing the rule finds. */
export function checkFormat(text: string, rule: FormatRule, path: FieldPath): readonly FieldError[] {
  const messages = rule(text)
  return messages.length === 0 ? NONE : messages.map((message) => invalid(path, text, message))
}

/** A text that must be there and have the shape. */
export function requireFormat(text: string | undefined, rule: FormatRule, path: FieldPath): readonly FieldError[] {
  return text === undefined || text === '' ? [required(path)] : checkFormat(text, rule, path)
}

/** The value must be one of the list; upstream prints sets sorted and lists as written. */
export function checkSupported(
  value: string | undefined,
  supported: readonly string[],
  path: FieldPath,
): readonly FieldError[] {
  return supported.includes(value ?? '') ? NONE : [notSupported(path, value ?? '', supported)]
}

/** As checkSupported, with the words for an absent value. */
export function requireSupported(
  value: string | undefined,
  supported: readonly string[],
  path: FieldPath,
): readonly FieldError[] {
  return value === undefined || value === '' ? [required(path)] : checkSupported(value, supported, path)
}

const FILE_MODE = 'must be a number between 0 and 0777 (octal), both inclusive'

export function checkFileMode(mode: number | undefined, path: FieldPath): readonly FieldError[] {
  return mode === undefined || (mode >= 0 && mode <= 0o777) ? NONE : [invalid(path, mode, FILE_MODE)]
}

/** A relative path without `..`. Upstream: validateLocalDescendingPath. */
export function checkLocalDescendingPath(text: string, path: FieldPath): readonly FieldError[] {
  const noBacksteps = checkNoBacksteps(text, path)
  return text.startsWith('/') ? [invalid(path, text, 'must be a relative path'), ...noBacksteps] : noBacksteps
}

/** Upstream: validatePathNoBacksteps. */
export function checkNoBacksteps(text: string, path: FieldPath): readonly FieldError[] {
  return text.includes('..') && text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : NONE
}

/** Upstream: ValidateLocalNonReservedPath. */
export function checkLocalNonReservedPath(text: string, path: FieldPath): readonly FieldError[] {
  const errors = checkLocalDescendingPath(text, path)
  const reserved = text.startsWith('..') && !text.startsWith('../')
  return reserved ? [...errors, invalid(path, text, "must not start with '..'")] : errors
}

/** The keys of a map in the order of code units: Go's order is random, ours is fixed. */
export function sortedKeys(map: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  if (map === undefined) return []
  const keys = Object.keys(map)
  return keys.length < 2 ? keys : keys.sort(compareStrings)
}
