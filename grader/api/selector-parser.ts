/**
 * Reads the text of a label selector, `a=b,c in (x,y),!d`, with upstream's own errors.
 * Upstream: k8s.io/apimachinery/pkg/labels/selector.go (Lexer, Parser).
 */
import { compareStrings } from './compare.ts'
import { formatFieldError, invalid } from './field-error.ts'
import type { ParsedSelector, Requirement, SelectorOperator } from './labels.ts'
import { aggregateText, labelKeyProblems, requirementErrors } from './labels.ts'

type TokenType = 'error' | 'end' | ')' | ',' | '!' | '==' | '=' | '>' | 'identifier' | 'in' | '<' | '!=' | 'notin' | '('

interface Token {
  readonly type: TokenType
  readonly literal: string
}

const SYMBOLS = '=!(),><'
const KEYWORDS: ReadonlySet<string> = new Set([')', ',', '!', '==', '=', '>', 'in', '<', '!=', 'notin', '('])
const BINARY_OPERATORS = 'in, notin, =, ==, !=, gt, lt'

class SelectorError extends Error {}

function scan(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++
    if (at >= text.length) break
    const start = at
    if (SYMBOLS.includes(text[at]!)) {
      const token = scanSymbol(text, at)
      tokens.push(token)
      at += Math.max(1, token.literal.length)
      if (token.type === 'error') at = endOfSymbols(text, start)
    } else {
      while (at < text.length && !SYMBOLS.includes(text[at]!) && !' \t\r\n'.includes(text[at]!)) at++
      const literal = text.slice(start, at)
      tokens.push({ type: literal === 'in' || literal === 'notin' ? literal : 'identifier', literal })
    }
  }
  tokens.push({ type: 'end', literal: '' })
  return tokens
}

function endOfSymbols(text: string, from: number): number {
  let at = from
  while (at < text.length && SYMBOLS.includes(text[at]!)) at++
  return at
}

/** The longest run of symbols that is a token; a run that never becomes one is an error. */
function scanSymbol(text: string, from: number): Token {
  const end = endOfSymbols(text, from)
  let last: string | undefined
  for (let to = from + 1; to <= end; to++) {
    const literal = text.slice(from, to)
    if (KEYWORDS.has(literal)) last = literal
    else if (last !== undefined) break
  }
  if (last === undefined) return { type: 'error', literal: `error expected: keyword found '${text.slice(from, end)}'` }
  return { type: last as TokenType, literal: last }
}

/** Walks the tokens; inside value lists `in` and `notin` are ordinary words. */
class TokenReader {
  readonly tokens: readonly Token[]
  position = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  peek(): Token {
    const token = this.tokens[Math.min(this.position, this.tokens.length - 1)]!
    return token.type === 'in' || token.type === 'notin' ? { type: 'identifier', literal: token.literal } : token
  }

  take(): Token {
    const token = this.peek()
    this.position++
    return token
  }

  takeOperator(): Token {
    const token = this.tokens[Math.min(this.position, this.tokens.length - 1)]!
    this.position++
    return token
  }
}

/**
 * Reads a selector as kubectl's `-l` and the API's `labelSelector` take it. Requirements come out in order of keys.
 * Fails with upstream's text, without the callers' prefixes. Upstream: labels.Parse.
 */
export function parseSelector(text: string): ParsedSelector {
  try {
    const requirements = parseRequirements(new TokenReader(scan(text)))
    return { ok: true, value: { requirements: requirements.sort((a, b) => compareStrings(a.key, b.key)) } }
  } catch (error) {
    if (error instanceof SelectorError) return { ok: false, error: error.message }
    throw error
  }
}

function parseRequirements(reader: TokenReader): Requirement[] {
  const requirements: Requirement[] = []
  for (;;) {
    const next = reader.peek()
    if (next.type === 'end') return requirements
    if (next.type !== 'identifier' && next.type !== '!') {
      throw new SelectorError(`found '${next.literal}', expected: !, identifier, or 'end of string'`)
    }
    requirements.push(parseRequirement(reader))
    const after = reader.take()
    if (after.type === 'end') return requirements
    if (after.type !== ',') throw new SelectorError(`found '${after.literal}', expected: ',' or 'end of string'`)
    const following = reader.peek()
    if (following.type !== 'identifier' && following.type !== '!') {
      throw new SelectorError(`found '${following.literal}', expected: identifier after ','`)
    }
  }
}

const unparsable = (why: string): SelectorError => new SelectorError(`unable to parse requirement: ${why}`)

function parseRequirement(reader: TokenReader): Requirement {
  const negated = reader.peek().type === '!'
  if (negated) reader.take()
  const { type, literal: key } = reader.take()
  if (type !== 'identifier') throw unparsable(`found '${key}', expected: identifier`)
  const problems = labelKeyProblems(key)
  if (problems.length > 0) throw unparsable(formatFieldError(invalid('<nil>', key, problems.join('; '))))
  const next = reader.peek().type
  if (negated) return { key, operator: '!', values: [] }
  if (next === 'end' || next === ',') return { key, operator: 'exists', values: [] }
  const operator = parseOperator(reader)
  const values = operator === 'in' || operator === 'notin' ? parseValues(reader) : parseExactValue(reader)
  const requirement = { key, operator, values: [...values].sort(compareStrings) }
  const errors = requirementErrors(requirement, 'key', 'values')
  if (errors.length > 0) throw unparsable(aggregateText(errors))
  return requirement
}

function parseOperator(reader: TokenReader): SelectorOperator {
  const { type, literal } = reader.takeOperator()
  if (type === '>') return 'gt'
  if (type === '<') return 'lt'
  if (type === 'in' || type === 'notin' || type === '=' || type === '==' || type === '!=') return type
  throw unparsable(`found '${literal}', expected: ${BINARY_OPERATORS}`)
}

function parseValues(reader: TokenReader): Set<string> {
  const open = reader.take()
  if (open.type !== '(') throw unparsable(`found '${open.literal}' expected: '('`)
  const first = reader.peek()
  if (first.type === ')') {
    reader.take()
    return new Set([''])
  }
  if (first.type !== 'identifier' && first.type !== ',') {
    throw unparsable(`found '${first.literal}', expected: ',', ')' or identifier`)
  }
  const values = parseIdentifiers(reader)
  if (reader.take().type !== ')') throw unparsable(`found '${first.literal}', expected: ')'`)
  return values
}

function parseIdentifiers(reader: TokenReader): Set<string> {
  const values = new Set<string>()
  for (;;) {
    const { type, literal } = reader.take()
    if (type === 'identifier') {
      values.add(literal)
      const next = reader.peek()
      if (next.type === ')') return values
      if (next.type !== ',') throw unparsable(`found '${next.literal}', expected: ',' or ')'`)
    } else if (type === ',') {
      if (values.size === 0) values.add('')
      const next = reader.peek()
      if (next.type === ')') return values.add('')
      if (next.type === ',') {
        reader.take()
        values.add('')
      }
    } else {
      throw unparsable(`found '${literal}', expected: ',', or identifier`)
    }
  }
}

function parseExactValue(reader: TokenReader): Set<string> {
  const next = reader.peek()
  if (next.type === 'end' || next.type === ',') return new Set([''])
  const { type, literal } = reader.take()
  if (type !== 'identifier') throw unparsable(`found '${literal}', expected: identifier`)
  return new Set([literal])
}
