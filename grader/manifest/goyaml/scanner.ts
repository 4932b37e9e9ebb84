/**
 * Text → tokens, as libyaml does it: a key is recognised only when its `:` is met, so tokens wait in a queue until it is
 * certain that no key begins with them. Upstream: scannerc.go of go.yaml.in/yaml/v2, whose order of checks decides which
 * error a broken text gets.
 */
import { Cursor, isBlankOrEnd, isBreak } from './cursor.ts'
import { scanAnchor, scanDirective, scanTag } from './scan-property.ts'
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalar.ts'
import type { Mark, Token, TokenType } from './token.ts'
import { scannerFailure } from './token.ts'

/** A token that may turn out to be the beginning of a key. */
interface SimpleKey {
  readonly token: number
  readonly mark: Mark
  readonly required: boolean
}

/** `:` must follow a key within this many characters. */
const KEY_LIMIT = 1024
// Simplified: upstream allows 10,000 levels of nesting; far below that a browser's stack is at its end.
const MAX_DEPTH = 500
const NEVER_PLAIN = '-?:,[]{}#&*!|>\'"%@`'

export class Scanner {
  private readonly cursor: Cursor
  private readonly queue: Token[] = []
  private head = 0
  /** How many tokens were taken: with the queue it numbers every token. */
  private taken = 0
  private readonly indents: number[] = []
  private indent = -1
  private flowLevel = 0
  private keyAllowed = true
  private readonly keys: (SimpleKey | undefined)[] = [undefined]
  private readonly keyByToken = new Map<number, number>()

  constructor(text: string) {
    this.cursor = new Cursor(text)
    const start = this.cursor.mark()
    this.push('stream-start', start)
  }

  /** The next token, without taking it. Throws YamlFailure. */
  peek(): Token {
    while (this.needsMore()) this.fetchNext()
    return this.queue[this.head]!
  }

  /** Takes the token that peek showed. */
  skip(): void {
    this.head++
    this.taken++
    if (this.head <= 256) return
    this.queue.splice(0, this.head)
    this.head = 0
  }

  private needsMore(): boolean {
    if (this.head === this.queue.length) return true
    const level = this.keyByToken.get(this.taken)
    return level !== undefined && this.isPossible(level)
  }

  /** Whether the key may still be one; a required one that is too old fails. */
  private isPossible(level: number): boolean {
    const key = this.keys[level]
    if (key === undefined) return false
    const { line, offset } = this.cursor
    if (key.mark.line === line && key.mark.offset + KEY_LIMIT >= offset) return true
    if (key.required) throw scannerFailure("could not find expected ':'", this.cursor.mark(), key.mark)
    this.keys[level] = undefined
    return false
  }

  private saveKey(): void {
    if (!this.keyAllowed) return
    const required = this.flowLevel === 0 && this.indent === this.cursor.column
    this.removeKey()
    const token = this.taken + (this.queue.length - this.head)
    this.keys[this.keys.length - 1] = { token, mark: this.cursor.mark(), required }
    this.keyByToken.set(token, this.keys.length - 1)
  }

  private removeKey(): void {
    const key = this.keys[this.keys.length - 1]
    if (key === undefined) return
    if (key.required) throw scannerFailure("could not find expected ':'", this.cursor.mark(), key.mark)
    this.keyByToken.delete(key.token)
    this.keys[this.keys.length - 1] = undefined
  }

  private push(type: TokenType, start: Mark, end: Mark = start): void {
    this.queue.push(plainToken(type, start, end))
  }

  private insert(number: number, type: TokenType, mark: Mark): void {
    this.queue.splice(this.head + number - this.taken, 0, plainToken(type, mark, mark))
  }

  private roll(column: number, type: TokenType, mark: Mark, number?: number): void {
    if (this.flowLevel > 0 || this.indent >= column) return
    this.indents.push(this.indent)
    this.indent = column
    if (this.indents.length + this.flowLevel > MAX_DEPTH)
      throw scannerFailure('exceeded max depth of 10000', this.cursor.mark(), mark)
    if (number === undefined) this.push(type, mark)
    else this.insert(number, type, mark)
  }

  private unroll(column: number): void {
    if (this.flowLevel > 0) return
    while (this.indent > column) {
      this.push('block-end', this.cursor.mark())
      this.indent = this.indents.pop()!
    }
  }

  private toNextToken(): void {
    const { cursor } = this
    for (;;) {
      if (cursor.column === 0 && cursor.peek() === '\ufeff') cursor.skip()
      // A tab is no indentation: it is skipped only where no key can begin.
      while (cursor.peek() === ' ' || ((this.flowLevel > 0 || !this.keyAllowed) && cursor.peek() === '\t'))
        cursor.skip()
      cursor.skipComment()
      if (!isBreak(cursor.peek())) return
      cursor.takeBreak()
      if (this.flowLevel === 0) this.keyAllowed = true
    }
  }

  private fetchNext(): void {
    const { cursor } = this
    this.toNextToken()
    this.unroll(cursor.column)
    const c = cursor.peek()
    const last = isBlankOrEnd(cursor.peek(1))
    const inFlow = this.flowLevel > 0
    if (c === '') this.fetchEnd()
    else if (cursor.column === 0 && c === '%') this.fetchDirective()
    else if (cursor.atDocumentIndicator()) this.fetchIndicator(c === '-' ? 'document-start' : 'document-end')
    else if (c === '[' || c === '{') this.fetchFlowStart(c)
    else if (c === ']' || c === '}') this.fetchFlowEnd(c)
    else if (c === ',') this.fetchFlowEntry()
    else if (c === '-' && last) this.fetchBlockEntry()
    else if (c === '?' && (inFlow || last)) this.fetchKey()
    else if (c === ':' && (inFlow || last)) this.fetchValue()
    else this.fetchNode(c)
  }

  private fetchNode(c: string): void {
    const { cursor } = this
    if (c === '*' || c === '&') this.fetchProperty(() => scanAnchor(cursor))
    else if (c === '!') this.fetchProperty(() => scanTag(cursor))
    else if ((c === '|' || c === '>') && this.flowLevel === 0) {
      this.removeKey()
      this.keyAllowed = true
      this.queue.push(scanBlockScalar(cursor, { indent: this.indent, inFlow: false }))
    } else if (c === "'" || c === '"') this.fetchProperty(() => scanQuotedScalar(cursor))
    else if (this.startsPlain(c)) {
      this.saveKey()
      this.keyAllowed = false
      const { token, newLine } = scanPlainScalar(cursor, { indent: this.indent, inFlow: this.flowLevel > 0 })
      this.queue.push(token)
      if (newLine) this.keyAllowed = true
    } else {
      throw scannerFailure('found character that cannot start any token', cursor.mark(), cursor.mark())
    }
  }

  private startsPlain(c: string): boolean {
    const next = this.cursor.peek(1)
    if (!isBlankOrEnd(c) && !NEVER_PLAIN.includes(c)) return true
    if (c === '-') return next !== ' ' && next !== '\t'
    return this.flowLevel === 0 && (c === '?' || c === ':') && !isBlankOrEnd(next)
  }

  /** Anchors, aliases, tags and quoted scalars: each may begin a key, and none may follow it directly. */
  private fetchProperty(scan: () => Token): void {
    this.saveKey()
    this.keyAllowed = false
    this.queue.push(scan())
  }

  private fetchEnd(): void {
    const { cursor } = this
    if (cursor.column !== 0) {
      cursor.column = 0
      cursor.line++
    }
    this.unroll(-1)
    this.removeKey()
    this.keyAllowed = false
    this.push('stream-end', cursor.mark())
  }

  private fetchDirective(): void {
    this.unroll(-1)
    this.removeKey()
    this.keyAllowed = false
    this.queue.push(scanDirective(this.cursor))
  }

  private fetchIndicator(type: TokenType): void {
    this.unroll(-1)
    this.removeKey()
    this.keyAllowed = false
    this.pushSkipping(type, 3)
  }

  private pushSkipping(type: TokenType, length: number): void {
    const start = this.cursor.mark()
    this.cursor.skip(length)
    this.push(type, start, this.cursor.mark())
  }

  private fetchFlowStart(type: '[' | '{'): void {
    this.saveKey()
    this.keys.push(undefined)
    this.flowLevel++
    if (this.indents.length + this.flowLevel > MAX_DEPTH) {
      throw scannerFailure('exceeded max depth of 10000', this.cursor.mark(), this.cursor.mark())
    }
    this.keyAllowed = true
    this.pushSkipping(type, 1)
  }

  private fetchFlowEnd(type: ']' | '}'): void {
    this.removeKey()
    if (this.flowLevel > 0) {
      this.flowLevel--
      this.keys.pop()
    }
    this.keyAllowed = false
    this.pushSkipping(type, 1)
  }

  private fetchFlowEntry(): void {
    this.removeKey()
    this.keyAllowed = true
    this.pushSkipping(',', 1)
  }

  private fetchBlockEntry(): void {
    // Inside a flow collection the parser complains of it, since it knows the context.
    if (this.flowLevel === 0)
      this.startBlock('block-sequence-start', 'block sequence entries are not allowed in this context')
    this.removeKey()
    this.keyAllowed = true
    this.pushSkipping('-', 1)
  }

  private startBlock(type: TokenType, problem: string): void {
    const mark = this.cursor.mark()
    if (!this.keyAllowed) throw scannerFailure(problem, mark, mark)
    this.roll(mark.column, type, mark)
  }

  private fetchKey(): void {
    if (this.flowLevel === 0) this.startBlock('block-mapping-start', 'mapping keys are not allowed in this context')
    this.removeKey()
    this.keyAllowed = this.flowLevel === 0
    this.pushSkipping('?', 1)
  }

  private fetchValue(): void {
    const level = this.keys.length - 1
    if (this.isPossible(level)) {
      const key = this.keys[level]!
      this.insert(key.token, '?', key.mark)
      this.roll(key.mark.column, 'block-mapping-start', key.mark, key.token)
      this.keys[level] = undefined
      this.keyByToken.delete(key.token)
      this.keyAllowed = false
    } else {
      if (this.flowLevel === 0) this.startBlock('block-mapping-start', 'mapping values are not allowed in this context')
      this.keyAllowed = this.flowLevel === 0
    }
    this.pushSkipping(':', 1)
  }
}

function plainToken(type: TokenType, start: Mark, end: Mark): Token {
  return { type, start, end, value: '', suffix: '', style: 'plain' }
}
