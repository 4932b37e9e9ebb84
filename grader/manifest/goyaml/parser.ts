/**
 * Tokens → one document as a tree that knows its places. Upstream: parserc.go and the node builder of decode.go in
 * go.yaml.in/yaml/v2; when tokens are asked for decides which of two errors comes first, so the order is kept.
 */
import { Scanner } from './scanner.ts'
import type { Mark, ScalarStyle, Token, TokenType } from './token.ts'
import { parserFailure, YamlFailure } from './token.ts'

interface Place {
  readonly start: Mark
  readonly end: Mark
}

export interface ScalarNode extends Place {
  readonly type: 'scalar'
  readonly value: string
  readonly style: ScalarStyle
  /** `tag:yaml.org,2002:str`, `!local`, or empty. */
  readonly tag: string
}

export interface SequenceNode extends Place {
  readonly type: 'sequence'
  readonly items: readonly YamlNode[]
  readonly flow: boolean
}

export interface MappingNode extends Place {
  readonly type: 'mapping'
  readonly entries: readonly { readonly key: YamlNode; readonly value: YamlNode }[]
  readonly flow: boolean
}

export interface AliasNode extends Place {
  readonly type: 'alias'
  readonly name: string
  /** What the alias stands for; `undefined` items of it that are still open mean that it contains itself. */
  readonly target: YamlNode
}

export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode

const LONG = 'tag:yaml.org,2002:'
const CONTROL = /[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ud800-\udfff\ue000-\ufffd]/

/** The first document of the text, or undefined if there is none. Throws YamlFailure, nothing else. */
export function parseDocument(text: string): YamlNode | undefined {
  if (CONTROL.test(text)) throw new YamlFailure('control characters are not allowed')
  return new Parser(text).document()
}

class Parser {
  private readonly scanner: Scanner
  private readonly anchors = new Map<string, YamlNode>()
  private readonly handles = new Map<string, string>()

  constructor(text: string) {
    this.scanner = new Scanner(text)
  }

  private peek(): Token {
    return this.scanner.peek()
  }

  private take(): Token {
    const token = this.scanner.peek()
    this.scanner.skip()
    return token
  }

  private skipped(): Token {
    this.scanner.skip()
    return this.scanner.peek()
  }

  document(): YamlNode | undefined {
    this.take()
    const first = this.peek()
    if (first.type === 'stream-end') return undefined
    const explicit =
      first.type === 'version-directive' || first.type === 'tag-directive' || first.type === 'document-start'
    this.directives()
    const node = explicit ? this.explicitDocument() : this.node(true, false)
    this.peek()
    return node
  }

  private explicitDocument(): YamlNode {
    const start = this.peek()
    if (start.type !== 'document-start') throw parserFailure('did not find expected <document start>', start.start)
    const token = this.skipped()
    return ENDS_DOCUMENT.has(token.type) ? empty(token.start) : this.node(true, false)
  }

  private directives(): void {
    let version = false
    for (
      let token = this.peek();
      token.type === 'version-directive' || token.type === 'tag-directive';
      token = this.skipped()
    ) {
      if (token.type === 'version-directive') {
        if (version) throw parserFailure('found duplicate %YAML directive', token.start)
        if (token.value !== '1.1') throw parserFailure('found incompatible YAML document', token.start)
        version = true
      } else if (this.handles.has(token.value)) throw parserFailure('found duplicate %TAG directive', token.start)
      else this.handles.set(token.value, token.suffix)
    }
    if (!this.handles.has('!')) this.handles.set('!', '!')
    if (!this.handles.has('!!')) this.handles.set('!!', LONG)
  }

  private node(block: boolean, indentless: boolean): YamlNode {
    let token = this.peek()
    if (token.type === 'alias') return this.alias()
    const { start } = token
    let end = start
    let anchor = ''
    let tag: Token | undefined
    while ((token.type === 'anchor' && anchor === '') || (token.type === 'tag' && tag === undefined)) {
      if (token.type === 'anchor') anchor = token.value
      else tag = token
      end = token.end
      token = this.skipped()
    }
    const fullTag = tag === undefined ? '' : this.resolveTag(tag, start)
    const open: Opening = { start, end, anchor, tag: fullTag, block, indentless }
    const node = this.content(token, open)
    return this.anchored(anchor, node)
  }

  private anchored(anchor: string, node: YamlNode): YamlNode {
    if (anchor !== '') this.anchors.set(anchor, node)
    return node
  }

  private alias(): YamlNode {
    const { value, start, end } = this.take()
    const target = this.anchors.get(value)
    if (target === undefined) throw new YamlFailure(`unknown anchor '${value}' referenced`, start)
    return { type: 'alias', name: value, target, start, end }
  }

  private resolveTag(tag: Token, start: Mark): string {
    if (tag.value === '') return tag.suffix
    const prefix = this.handles.get(tag.value)
    if (prefix === undefined) throw parserFailure('found undefined tag handle', tag.start, start)
    return prefix + tag.suffix
  }

  private content(token: Token, open: Opening): YamlNode {
    if (open.indentless && token.type === '-') return this.sequence(open, false, () => this.indentlessItems())
    switch (token.type) {
      case 'scalar':
        this.scanner.skip()
        return {
          type: 'scalar',
          value: token.value,
          style: token.style,
          tag: open.tag,
          start: open.start,
          end: token.end,
        }
      case '[':
        return this.sequence(open, true, () => this.flowItems())
      case '{':
        return this.mapping(open, true, () => this.flowEntries())
      case 'block-sequence-start':
        if (open.block) return this.sequence(open, false, () => this.blockItems())
        break
      case 'block-mapping-start':
        if (open.block) return this.mapping(open, false, () => this.blockEntries())
        break
      default:
    }
    if (open.anchor !== '' || open.tag !== '') {
      return { type: 'scalar', value: '', style: 'plain', tag: open.tag, start: open.start, end: open.end }
    }
    throw parserFailure('did not find expected node content', token.start, open.start)
  }

  private sequence(open: Opening, flow: boolean, read: () => Items<YamlNode>): YamlNode {
    // The node exists before its items, so that an alias inside can name it.
    const node: { -readonly [K in keyof SequenceNode]: SequenceNode[K] } = {
      type: 'sequence',
      items: [],
      flow,
      start: open.start,
      end: open.end,
    }
    this.anchored(open.anchor, node)
    const { list, end } = read()
    node.items = list
    node.end = end
    return node
  }

  private mapping(open: Opening, flow: boolean, read: () => Items<Entry>): YamlNode {
    const node: { -readonly [K in keyof MappingNode]: MappingNode[K] } = {
      type: 'mapping',
      entries: [],
      flow,
      start: open.start,
      end: open.end,
    }
    this.anchored(open.anchor, node)
    const { list, end } = read()
    node.entries = list
    node.end = end
    return node
  }

  private blockItems(): Items<YamlNode> {
    const { start } = this.take()
    const list: YamlNode[] = []
    let end = start
    for (let token = this.peek(); token.type !== 'block-end'; token = this.peek()) {
      if (token.type !== '-') throw parserFailure("did not find expected '-' indicator", token.start, start)
      const next = this.skipped()
      list.push(next.type === '-' || next.type === 'block-end' ? empty(token.end) : this.node(true, false))
      end = list[list.length - 1]!.end
    }
    this.scanner.skip()
    return { list, end }
  }

  private indentlessItems(): Items<YamlNode> {
    const list: YamlNode[] = []
    let end = this.peek().end
    for (let token = this.peek(); token.type === '-'; token = this.peek()) {
      const next = this.skipped()
      list.push(ENDS_ITEM.has(next.type) ? empty(token.end) : this.node(true, false))
      end = list[list.length - 1]!.end
    }
    return { list, end }
  }

  private blockEntries(): Items<Entry> {
    const { start } = this.take()
    const list: Entry[] = []
    let end = start
    for (let token = this.peek(); token.type !== 'block-end'; token = this.peek()) {
      if (token.type !== '?') throw parserFailure('did not find expected key', token.start, start)
      const afterKey = this.skipped()
      const key = ENDS_KEY.has(afterKey.type) ? empty(token.end) : this.node(true, true)
      const value = this.blockValue()
      list.push({ key, value })
      end = value.end
    }
    this.scanner.skip()
    return { list, end }
  }

  private blockValue(): YamlNode {
    const token = this.peek()
    if (token.type !== ':') return empty(token.start)
    const next = this.skipped()
    return ENDS_KEY.has(next.type) ? empty(token.end) : this.node(true, true)
  }

  private flowItems(): Items<YamlNode> {
    const { start } = this.take()
    const list: YamlNode[] = []
    for (let token = this.peek(); token.type !== ']'; token = this.peek()) {
      if (list.length > 0) {
        if (token.type !== ',') throw parserFailure("did not find expected ',' or ']'", token.start, start)
        token = this.skipped()
        if (token.type === ']') break
      }
      list.push(token.type === '?' ? this.flowPair(token) : this.node(false, false))
    }
    return { list, end: this.take().end }
  }

  /** `[a: b]`: a mapping of one entry. */
  private flowPair(opening: Token): YamlNode {
    const token = this.skipped()
    let key: YamlNode
    if (token.type === ':' || token.type === ',' || token.type === ']') {
      // Upstream loses the token after an empty key.
      this.scanner.skip()
      key = empty(token.end)
    } else key = this.node(false, false)
    const value = this.flowValue(']')
    return { type: 'mapping', entries: [{ key, value }], flow: true, start: opening.start, end: value.end }
  }

  private flowValue(close: TokenType): YamlNode {
    const token = this.peek()
    if (token.type !== ':') return empty(token.start)
    const next = this.skipped()
    return next.type === ',' || next.type === close ? empty(next.start) : this.node(false, false)
  }

  private flowEntries(): Items<Entry> {
    const { start } = this.take()
    const list: Entry[] = []
    for (let token = this.peek(); token.type !== '}'; token = this.peek()) {
      if (list.length > 0) {
        if (token.type !== ',') throw parserFailure("did not find expected ',' or '}'", token.start, start)
        token = this.skipped()
        if (token.type === '}') break
      }
      list.push(token.type === '?' ? this.flowEntry() : this.loneKey())
    }
    return { list, end: this.take().end }
  }

  private flowEntry(): Entry {
    const token = this.skipped()
    const key =
      token.type === ':' || token.type === ',' || token.type === '}' ? empty(token.start) : this.node(false, false)
    return { key, value: this.flowValue('}') }
  }

  private loneKey(): Entry {
    const key = this.node(false, false)
    return { key, value: empty(this.peek().start) }
  }
}

interface Opening {
  readonly start: Mark
  readonly end: Mark
  readonly anchor: string
  readonly tag: string
  readonly block: boolean
  readonly indentless: boolean
}

interface Items<T> {
  readonly list: readonly T[]
  readonly end: Mark
}

type Entry = MappingNode['entries'][number]

const ENDS_DOCUMENT: ReadonlySet<TokenType> = new Set([
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
])
const ENDS_KEY: ReadonlySet<TokenType> = new Set(['?', ':', 'block-end'])
const ENDS_ITEM: ReadonlySet<TokenType> = new Set(['-', '?', ':', 'block-end'])

function empty(at: Mark): ScalarNode {
  return { type: 'scalar', value: '', style: 'plain', tag: '', start: at, end: at }
}
