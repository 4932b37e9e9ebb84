/**
 * Reads JSONPath templates: text with `{…}` in it.
 * Upstream: k8s.io/client-go/util/jsonpath/{parser,node}.go.
 */

export type PathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'identifier'; readonly name: string }
  | {
      readonly type: 'slice'
      readonly from: number | undefined
      readonly to: number | undefined
      readonly step: number | undefined
      /** Written as one index. */
      readonly single: boolean
    }
  | { readonly type: 'filter'; readonly left: PathList; readonly operator: string; readonly right: PathList }
  | { readonly type: 'recursive' }
  | { readonly type: 'wildcard' }
  | { readonly type: 'union'; readonly nodes: readonly PathList[] }
  | { readonly type: 'list'; readonly nodes: PathList }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }

export type PathList = readonly PathNode[]

/** A template that does not parse; the message is upstream's. */
export class JsonPathError extends Error {}

const DEEPEST = 200

/** The parts of a template. Throws JsonPathError. */
export function parseJsonPath(text: string): PathList {
  const parser = new PathParser(text)
  return parser.template()
}

/** A path such as `metadata.name`, `.metadata.name` or `{.metadata.name}` as `{.metadata.name}`. Upstream: RelaxedJSONPathExpression. */
export function relaxedJsonPath(text: string): string {
  if (text === '') return text
  const match = /^(\{\.?([^{}]+)\}|\.?([^{}]+))$/.exec(text)
  if (match === null) {
    throw new JsonPathError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    )
  }
  return `{.${match[2] ?? match[3]}}`
}

const NOT_TERMINAL = /[^ \t\r\n.,[\](){}$@]/

class PathParser {
  readonly text: string
  at = 0
  depth = 0

  constructor(text: string) {
    this.text = text
  }

  template(): PathNode[] {
    const nodes: PathNode[] = []
    while (this.at < this.text.length) {
      const open = this.text.indexOf('{', this.at)
      if (open < 0) {
        nodes.push({ type: 'text', text: this.text.slice(this.at) })
        break
      }
      if (open > this.at) nodes.push({ type: 'text', text: this.text.slice(this.at, open) })
      this.at = open + 1
      nodes.push({ type: 'list', nodes: this.insideAction() })
    }
    return nodes
  }

  insideAction(): PathNode[] {
    if (++this.depth > DEEPEST) throw new JsonPathError('nesting too deep')
    const nodes: PathNode[] = []
    for (;;) {
      const c = this.text[this.at]
      if (c === undefined) throw new JsonPathError('unclosed action')
      if (c === '}') {
        this.at++
        this.depth--
        return nodes
      }
      nodes.push(...this.step(c))
    }
  }

  /** One step of a path at the present character. */
  step(c: string): PathNode[] {
    if (this.text.startsWith('[?(', this.at)) return [this.filter()]
    if (this.text.startsWith('..', this.at)) return this.recursive()
    if (c === '\n' || c === '\r') throw new JsonPathError('unclosed action')
    if (c === ' ' || c === '\t') return this.skip()
    if (c === '@' || c === '$') return this.skip()
    if (c === '[') return [this.bracket()]
    if (c === '"' || c === "'") return [this.quoted(c)]
    if (c === '.') return [this.field()]
    if (c === '+' || c === '-' || isDigit(c)) return [this.number()]
    if (isWordCharacter(c)) return [this.identifier()]
    throw new JsonPathError(
      `unrecognized character in action: U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${c}'`,
    )
  }

  skip(): PathNode[] {
    this.at++
    return []
  }

  recursive(): PathNode[] {
    this.at += 2
    const next = this.text[this.at]
    if (next !== undefined && isWordCharacter(next)) {
      this.at--
      return [{ type: 'recursive' }, this.field()]
    }
    return [{ type: 'recursive' }]
  }

  word(): string {
    const start = this.at
    while (this.at < this.text.length && NOT_TERMINAL.test(this.text[this.at]!)) {
      if (this.text[this.at] === '\\') this.at++
      this.at++
    }
    return this.text.slice(start, this.at)
  }

  identifier(): PathNode {
    const name = this.word()
    if (name === 'true' || name === 'false') return { type: 'boolean', value: name === 'true' }
    return { type: 'identifier', name }
  }

  number(): PathNode {
    const start = this.at
    if ('+-'.includes(this.text[this.at]!)) this.at++
    while (this.at < this.text.length && /[\d.eE+-]/.test(this.text[this.at]!)) this.at++
    const text = this.text.slice(start, this.at)
    const value = Number(text)
    if (text === '' || Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`)
    return { type: 'number', value }
  }

  field(): PathNode {
    this.at++
    const start = this.at
    while (this.at < this.text.length) {
      const c = this.text[this.at]!
      if (c === '\\') this.at += 2
      else if (NOT_TERMINAL.test(c)) this.at++
      else break
    }
    const name = this.text.slice(start, Math.min(this.at, this.text.length))
    if (name === '*') return { type: 'wildcard' }
    return { type: 'field', name: name.replaceAll('\\', '') }
  }

  quoted(quote: string): PathNode {
    const start = this.at + 1
    let end = start
    while (end < this.text.length && this.text[end] !== quote) end += this.text[end] === '\\' ? 2 : 1
    if (end >= this.text.length) throw new JsonPathError('unterminated quoted string')
    this.at = end + 1
    return { type: 'text', text: unquote(this.text.slice(start, end)) }
  }

  /** `[1]`, `[a:b:c]`, `['x']`, `[*]`, `[a,b]`. */
  bracket(): PathNode {
    const start = this.at + 1
    let end = start
    let quote = ''
    for (; end < this.text.length; end++) {
      const c = this.text[end]!
      if (quote !== '') {
        if (c === quote && this.text[end - 1] !== '\\') quote = ''
      } else if (c === '"' || c === "'") quote = c
      else if (c === ']' || c === '\n') break
    }
    if (this.text[end] !== ']') throw new JsonPathError('unterminated array')
    const inside = this.text.slice(start, end)
    this.at = end + 1
    return arrayNode(inside)
  }

  filter(): PathNode {
    const start = this.at + 3
    let end = start
    let depth = 1
    let quote = ''
    for (; end < this.text.length && depth > 0; end++) {
      const c = this.text[end]!
      if (quote !== '') {
        if (c === '\\') end++
        else if (c === quote) quote = ''
      } else if (c === '"' || c === "'") quote = c
      else if (c === '(') depth++
      else if (c === ')') depth--
    }
    if (depth > 0) throw new JsonPathError('unterminated filter')
    if (this.text[end] !== ']') throw new JsonPathError('unclosed array expect ]')
    const inside = this.text.slice(start, end - 1)
    this.at = end + 1
    return filterNode(inside)
  }
}

const isDigit = (c: string): boolean => c >= '0' && c <= '9'
const isWordCharacter = (c: string): boolean => /[\p{L}\p{N}_]/u.test(c)

const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/
const QUOTED = /^'([^']*)'$/

function arrayNode(inside: string): PathNode {
  const quoted = QUOTED.exec(inside)
  // A key in quotes is a path of its own: dots go down, backslashes keep them.
  if (quoted !== null) return { type: 'list', nodes: parseList(`.${quoted[1]}`) }
  const parts = splitOutsideQuotes(inside)
  if (parts.length > 1) return { type: 'union', nodes: parts.map((part) => parseList(`[${part.trim()}]`)) }
  if (inside === '*') return { type: 'slice', from: undefined, to: undefined, step: undefined, single: false }
  const match = SLICE.exec(inside.trim())
  if (match === null || inside.trim() === '') throw new JsonPathError(`invalid array index ${inside}`)
  const numberOf = (text: string | undefined): number | undefined =>
    text === undefined || text === '' || text === ':' ? undefined : Number(text.replace(':', ''))
  if (match[2] === undefined) {
    const index = Number(match[1])
    return { type: 'slice', from: index, to: index + 1, step: undefined, single: true }
  }
  return { type: 'slice', from: numberOf(match[1]), to: numberOf(match[2]), step: numberOf(match[3]), single: false }
}

function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = []
  let part = ''
  let quote = ''
  for (const c of text) {
    if (quote !== '') quote = c === quote ? '' : quote
    else if (c === '"' || c === "'") quote = c
    if (c === ',' && quote === '') {
      parts.push(part)
      part = ''
    } else part += c
  }
  return [...parts, part]
}

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>']

function filterNode(inside: string): PathNode {
  let quote = ''
  for (let i = 0; i < inside.length; i++) {
    const c = inside[i]!
    if (quote !== '') quote = c === quote ? '' : quote
    else if (c === '"' || c === "'") quote = c
    else {
      const operator = OPERATORS.find((o) => inside.startsWith(o, i))
      if (operator !== undefined) {
        const right = inside.slice(i + operator.length).trim()
        return { type: 'filter', left: parseList(inside.slice(0, i).trim()), operator, right: parseList(right) }
      }
    }
  }
  return { type: 'filter', left: parseList(inside.trim()), operator: 'exists', right: [] }
}

/** A path without the braces around it. */
function parseList(text: string): PathList {
  const nodes = parseJsonPath(`{${text}}`)
  const [first] = nodes
  return first?.type === 'list' ? first.nodes : nodes
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', "'": "'", '\\': '\\' }

function unquote(text: string): string {
  return text.replace(/\\(.)/gs, (all, c: string) => ESCAPES[c] ?? all)
}
