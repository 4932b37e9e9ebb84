// The lines as they should be, for findings that leave no doubt.
import type { FieldError } from '../api/field-error.ts'
import type { Diagnostic } from '../manifest/diagnostic.ts'
import { hasSmartQuotes, meantName, meantValue, refusedText, replaceOnLine, requote } from './value-slips.ts'
import type { LineFix } from './yaml-slips.ts'

type Fix = readonly LineFix[] | undefined

/** For a fault of the text, on the line where it stands. */
export function fixOfText(text: string, { code, params, path }: Diagnostic, line: number): Fix {
  const { field = '', suggestion, value = '', wanted = '' } = params
  switch (code) {
    case 'WrongCase':
      return suggestion === undefined ? undefined : replaceOnLine(text, line, field, suggestion)
    case 'UnknownField':
      if (path === 'spec.strategy') return replaceOnLine(text, line, 'strategy', 'updateStrategy')
      if (path === 'spec.replicas') return [{ line }]
      return suggestion === undefined || !isSlipOfThePen(field, suggestion)
        ? undefined
        : replaceOnLine(text, line, field, suggestion)
    case 'UnknownKind':
    case 'WrongApiVersion':
      return suggestion === undefined ? undefined : replaceOnLine(text, line, value, suggestion)
    case 'WrongType':
      return requote(text, line, wanted)
    case 'MissingField': {
      const at = text.split('\n').findIndex((one) => new RegExp(`^${path}:`, 'i').test(one))
      return at < 0 ? undefined : [{ line: at + 1, text: text.split('\n')[at]!.replace(/^\w+/, path) }]
    }
    default:
      return undefined
  }
}

/** For a value that validation refuses. */
export function fixOfValue(text: string, error: FieldError, line: number): Fix {
  const given = refusedText(error)
  const meant = meantValue(error) ?? meantName(error)
  if (given === undefined || meant === undefined) return undefined
  return (
    replaceOnLine(text, line, given, meant) ??
    (hasSmartQuotes(given) ? undefined : replaceOnLine(text, line, ` ${given}`, ` ${meant}`))
  )
}

/** A letter or two; anything farther away is a question, not a fix. */
function isSlipOfThePen(field: string, suggestion: string): boolean {
  return Math.abs(field.length - suggestion.length) <= 1
}
