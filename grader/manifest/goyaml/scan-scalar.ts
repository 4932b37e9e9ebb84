/**
 * The five ways to write a scalar. Upstream: yaml_parser_scan_{block,flow,plain}_scalar in go-yaml's scannerc.go.
 */
import type { Cursor } from './cursor.ts'
import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit } from './cursor.ts'
import type { Mark, Token } from './token.ts'
import { scannerFailure } from './token.ts'

/** What a scalar needs to know of the scanner around it. */
export interface ScalarContext {
  readonly indent: number
  readonly inFlow: boolean
}

interface BlockHeader {
  readonly chomping: '' | '+' | '-'
  readonly increment: number
}

function scanBlockHeader(cursor: Cursor, start: Mark): BlockHeader {
  let chomping: '' | '+' | '-' = ''
  let increment = 0
  const takeChomping = (): boolean => {
    const c = cursor.peek()
    if (c !== '+' && c !== '-') return false
    chomping = c
    cursor.skip()
    return true
  }
  const takeIncrement = (): void => {
    if (!isDigit(cursor.peek())) return
    if (cursor.peek() === '0') throw scannerFailure('found an indentation indicator equal to 0', cursor.mark(), start)
    increment = Number(cursor.take())
  }
  if (takeChomping()) takeIncrement()
  else {
    takeIncrement()
    if (increment > 0) takeChomping()
  }
  cursor.skipBlanks()
  cursor.skipComment()
  if (!isBreakOrEnd(cursor.peek())) {
    throw scannerFailure('did not find expected comment or line break', cursor.mark(), start)
  }
  cursor.takeBreak()
  return { chomping, increment }
}

interface BlockIndent {
  readonly indent: number
  readonly breaks: string
  readonly end: Mark
}

/** Skips indentation and empty lines; finds the indentation when it is not known yet (0). */
function scanBlockBreaks(cursor: Cursor, known: number, context: ScalarContext, start: Mark): BlockIndent {
  let breaks = ''
  let deepest = 0
  let end = cursor.mark()
  for (;;) {
    while ((known === 0 || cursor.column < known) && cursor.peek() === ' ') cursor.skip()
    deepest = Math.max(deepest, cursor.column)
    if ((known === 0 || cursor.column < known) && cursor.peek() === '\t') {
      throw scannerFailure('found a tab character where an indentation space is expected', cursor.mark(), start)
    }
    if (!isBreak(cursor.peek())) break
    breaks += cursor.takeBreak()
    end = cursor.mark()
  }
  return { indent: known === 0 ? Math.max(deepest, context.indent + 1, 1) : known, breaks, end }
}

/** `|` and `>`. */
export function scanBlockScalar(cursor: Cursor, context: ScalarContext): Token {
  const start = cursor.mark()
  const literal = cursor.take() === '|'
  const { chomping, increment } = scanBlockHeader(cursor, start)
  const given = increment === 0 ? 0 : Math.max(context.indent, 0) + increment
  let { indent, breaks, end } = scanBlockBreaks(cursor, given, context, start)
  let value = ''
  let lastBreak = ''
  let afterBlank = false
  while (cursor.column === indent && cursor.peek() !== '') {
    const blank = isBlank(cursor.peek())
    // Folding joins two lines by a blank unless one of them is indented further.
    if (!literal && !afterBlank && !blank && lastBreak === '\n') value += breaks === '' ? ' ' : ''
    else value += lastBreak
    value += breaks
    afterBlank = blank
    const from = cursor.offset
    while (!isBreakOrEnd(cursor.peek())) cursor.skip()
    value += cursor.text.slice(from, cursor.offset)
    lastBreak = cursor.takeBreak()
    ;({ indent, breaks, end } = scanBlockBreaks(cursor, indent, context, start))
  }
  if (chomping !== '-') value += lastBreak
  if (chomping === '+') value += breaks
  return { type: 'scalar', start, end, value, suffix: '', style: literal ? 'literal' : 'folded' }
}

/** Line breaks inside a flow or plain scalar: one becomes a blank, more become all but one. */
class Folding {
  blanks = ''
  firstBreak = ''
  moreBreaks = ''
  newLine = false

  /** Takes blanks and breaks; `onTab` is asked about a tab at the beginning of a line. */
  take(cursor: Cursor, onTab?: () => void): void {
    while (isBlank(cursor.peek()) || isBreak(cursor.peek())) {
      if (isBlank(cursor.peek())) {
        if (this.newLine) {
          if (cursor.peek() === '\t') onTab?.()
          cursor.skip()
        } else this.blanks += cursor.take()
      } else if (this.newLine) this.moreBreaks += cursor.takeBreak()
      else {
        this.blanks = ''
        this.firstBreak = cursor.takeBreak()
        this.newLine = true
      }
    }
  }

  /** What was taken, as it reads in the scalar. */
  flush(): string {
    const { blanks, firstBreak, moreBreaks, newLine } = this
    this.blanks = this.firstBreak = this.moreBreaks = ''
    this.newLine = false
    if (!newLine) return blanks
    if (firstBreak === '\n') return moreBreaks === '' ? ' ' : moreBreaks
    return firstBreak + moreBreaks
  }
}

/** A plain scalar, and whether it ended at a new line (where a key may begin). */
export function scanPlainScalar(
  cursor: Cursor,
  context: ScalarContext,
): { readonly token: Token; readonly newLine: boolean } {
  const start = cursor.mark()
  const indent = context.indent + 1
  const folding = new Folding()
  let end = start
  let value = ''
  for (;;) {
    if (cursor.atDocumentIndicator() || cursor.peek() === '#') break
    const from = cursor.offset
    while (!isBlankOrEnd(cursor.peek()) && !endsPlain(cursor, context.inFlow)) cursor.skip()
    if (cursor.offset > from) {
      value += folding.flush() + cursor.text.slice(from, cursor.offset)
      end = cursor.mark()
    }
    if (!isBlank(cursor.peek()) && !isBreak(cursor.peek())) break
    folding.take(cursor, () => {
      if (cursor.column < indent)
        throw scannerFailure('found a tab character that violates indentation', cursor.mark(), start)
    })
    if (!context.inFlow && cursor.column < indent) break
  }
  return { token: { type: 'scalar', start, end, value, suffix: '', style: 'plain' }, newLine: folding.newLine }
}

function endsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const c = cursor.peek()
  if (c === ':') return isBlankOrEnd(cursor.peek(1))
  return inFlow && (c === ',' || c === '?' || c === '[' || c === ']' || c === '{' || c === '}')
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
}
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** `'…'` and `"…"`. */
export function scanQuotedScalar(cursor: Cursor): Token {
  const start = cursor.mark()
  const quote = cursor.take()
  const folding = new Folding()
  let value = ''
  for (;;) {
    if (cursor.atDocumentIndicator()) throw scannerFailure('found unexpected document indicator', cursor.mark(), start)
    if (cursor.peek() === '') throw scannerFailure('found unexpected end of stream', cursor.mark(), start)
    value += scanQuotedWord(cursor, quote, folding, start)
    if (cursor.peek() === quote) break
    folding.take(cursor)
    value += folding.flush()
  }
  cursor.skip()
  return { type: 'scalar', start, end: cursor.mark(), value, suffix: '', style: quote === "'" ? 'single' : 'double' }
}

/** Characters up to a blank, a break or the closing quote; an escaped line break counts as a break already taken. */
function scanQuotedWord(cursor: Cursor, quote: string, folding: Folding, start: Mark): string {
  let word = ''
  for (;;) {
    const c = cursor.peek()
    if (isBlankOrEnd(c)) return word
    if (quote === "'" && c === "'" && cursor.peek(1) === "'") {
      word += "'"
      cursor.skip(2)
    } else if (c === quote) return word
    else if (quote === '"' && c === '\\') {
      if (isBreak(cursor.peek(1))) {
        cursor.skip()
        cursor.takeBreak()
        folding.newLine = true
        return word
      }
      word += scanEscape(cursor, start)
    } else word += cursor.take()
  }
}

function scanEscape(cursor: Cursor, start: Mark): string {
  const c = cursor.peek(1)
  const plain = Object.hasOwn(ESCAPES, c) ? ESCAPES[c] : undefined
  const length = Object.hasOwn(CODE_LENGTHS, c) ? CODE_LENGTHS[c]! : 0
  if (plain === undefined && length === 0) throw scannerFailure('found unknown escape character', cursor.mark(), start)
  cursor.skip(2)
  if (plain !== undefined) return plain
  const digits = cursor.text.slice(cursor.offset, cursor.offset + length)
  if (digits.length < length || !/^[0-9A-Fa-f]+$/.test(digits)) {
    throw scannerFailure('did not find expected hexdecimal number', cursor.mark(), start)
  }
  const code = Number.parseInt(digits, 16)
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw scannerFailure('found invalid Unicode character escape code', cursor.mark(), start)
  }
  cursor.skip(length)
  return String.fromCodePoint(code)
}
