/**
 * Which quotes a string needs in YAML, and where its lines break.
 * Upstream: go-yaml v2, encode.go (stringv), resolve.go, emitterc.go (analyze_scalar, select_scalar_style, write_*).
 */

const BEST_WIDTH = 80
const BEST_INDENT = 2

export interface Place {
  /** Where the scalar's first character stands. */
  readonly column: number
  /** Where further lines of it begin. */
  readonly indent: number
  readonly isKey: boolean
}

/** One word that no rule below could touch: most names, images and paths. */
const PLAINLY_PLAIN = /^[A-Za-z/](?:[\w./@-]|:(?=[\w/]))*$/

/** The string as a YAML scalar: plain, quoted, or as a literal block. */
export function scalarText(text: string, place: Place): string {
  if (PLAINLY_PLAIN.test(text) && !WORDS.has(text)) return text
  const traits = analyze(text)
  if (text.includes('\n')) {
    return traits.blockAllowed && !place.isKey ? literal(text, place.indent) : doubleQuoted(text, place)
  }
  if (readsAsSomethingElse(text)) return doubleQuoted(text, place)
  if (traits.plainAllowed && text !== '') return folded(text, place, 0)
  return traits.singleQuotedAllowed ? singleQuoted(text, place) : doubleQuoted(text, place)
}

const WORDS = new Set(
  [
    ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'],
    ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'],
    ['', '~', 'null', 'Null', 'NULL', '.nan', '.NaN', '.NAN', '<<'],
    ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'],
  ].flat(),
)
const INTEGER = /^[-+]?(0|[1-9]\d*|0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/
const FLOAT = /^[-+]?\d*\.?\d+([eE][-+]\d+)?$/
const DOT_FLOAT = /^\.\d+([eE][-+]?\d+)?$/
const TIMESTAMP = /^\d{4}-\d\d?-\d\d?([Tt ]\d\d?:\d\d?:\d\d?(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/
const BASE_60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/

/** Whether a reader would take the bare text for a number, a boolean, null or a time. */
function readsAsSomethingElse(text: string): boolean {
  if (WORDS.has(text)) return true
  const first = text[0]!
  if (first === '.') return DOT_FLOAT.test(text)
  if (!/[-+\d]/.test(first)) return false
  const plain = text.replaceAll('_', '')
  return INTEGER.test(plain) || FLOAT.test(plain) || TIMESTAMP.test(text) || BASE_60.test(text)
}

interface Traits {
  readonly plainAllowed: boolean
  readonly singleQuotedAllowed: boolean
  readonly blockAllowed: boolean
}

const isPrintable = (code: number): boolean =>
  code === 0x0a ||
  (code >= 0x20 && code <= 0x7e) ||
  code === 0x85 ||
  (code >= 0xa0 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff) ||
  code > 0xffff
const isBreak = (c: string | undefined): boolean =>
  c === '\n' || c === '\r' || c === '\u0085' || c === '\u2028' || c === '\u2029'
const isBlankOrEnd = (c: string | undefined): boolean => c === undefined || c === ' ' || c === '\t' || isBreak(c)

function analyze(text: string): Traits {
  const chars = [...text]
  let indicators = text.startsWith('---') || text.startsWith('...')
  let special = false
  let breakSpace = false
  let spaceBreak = false
  for (const [i, c] of chars.entries()) {
    const before = chars[i - 1]
    if (isIndicator(c, i === 0 || isBlankOrEnd(before), isBlankOrEnd(chars[i + 1]), i === 0)) indicators = true
    if (!isPrintable(c.codePointAt(0)!)) special = true
    if (c === ' ' && isBreak(before)) breakSpace = true
    if (isBreak(c) && before === ' ') spaceBreak = true
  }
  const last = chars.at(-1)
  const edges = chars[0] === ' ' || isBreak(chars[0]) || last === ' ' || isBreak(last)
  const broken = chars.some(isBreak)
  return {
    plainAllowed: !edges && !breakSpace && !spaceBreak && !special && !broken && !indicators,
    singleQuotedAllowed: !breakSpace && !spaceBreak && !special,
    blockAllowed: last !== ' ' && !spaceBreak && !special,
  }
}

function isIndicator(c: string, afterBlank: boolean, beforeBlank: boolean, first: boolean): boolean {
  if (first && '#,[]{}&*!|>\'"%@`'.includes(c)) return true
  if (first && (c === '?' || c === '-')) return beforeBlank
  if (c === ':') return beforeBlank
  return c === '#' && afterBlank
}

/** Breaks at the first blank behind column 80. */
function folded(text: string, { column, indent, isKey }: Place, quotes: 0 | 1): string {
  if (isKey) return text
  let out = ''
  let at = column
  const chars = [...text]
  for (const [i, c] of chars.entries()) {
    const inside = quotes === 0 || (i > 0 && i < chars.length - 1)
    if (c === ' ' && at > BEST_WIDTH && inside && chars[i - 1] !== ' ' && chars[i + 1] !== ' ') {
      out += `\n${' '.repeat(indent)}`
      at = indent
    } else {
      out += c
      at += 1
    }
  }
  return out
}

function singleQuoted(text: string, place: Place): string {
  const body = folded(text.replaceAll("'", "''"), { ...place, column: place.column + 1 }, 1)
  return `'${body}'`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

function doubleQuoted(text: string, { column, indent, isKey }: Place): string {
  let out = '"'
  let at = column + 1
  let afterSpace = false
  const chars = [...text]
  for (const [i, c] of chars.entries()) {
    if (c === ' ') {
      if (!isKey && !afterSpace && at > BEST_WIDTH && i > 0 && i < chars.length - 1) {
        out += `\n${' '.repeat(indent)}${chars[i + 1] === ' ' ? '\\' : ''}`
        at = indent
      } else {
        out += c
        at += 1
      }
      afterSpace = true
      continue
    }
    const piece = escaped(c)
    out += piece
    at += piece.length
    afterSpace = false
  }
  return `${out}"`
}

function escaped(c: string): string {
  const known = Object.hasOwn(ESCAPES, c) ? ESCAPES[c] : undefined
  if (known !== undefined) return known
  const code = c.codePointAt(0)!
  if (isPrintable(code)) return c
  if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
  return code <= 0xffff
    ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    : `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`
}

function literal(text: string, indent: number): string {
  const hint = text.startsWith(' ') || isBreak(text[0]) ? String(BEST_INDENT) : ''
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : ''
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const pad = ' '.repeat(indent)
  const lines = body.split('\n').map((line) => (line === '' ? '' : pad + line))
  return `|${hint}${chomp}\n${lines.join('\n')}`
}
