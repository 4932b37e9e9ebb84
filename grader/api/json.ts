/**
 * JSON as Go reads it: values one after the other, syntax errors in Go's words, and which keys occur twice.
 * Upstream: encoding/json (scanner.go), sigs.k8s.io/json.
 */
import type { Json } from './meta.ts'

export type ParsedJson =
  | {
      readonly type: 'value'
      readonly value: Json
      readonly end: number
      readonly duplicates: ReadonlyMap<object, readonly string[]>
    }
  | {
      readonly type: 'error'
      readonly error: string /** How many bytes Go had read: one past the fault. */
      readonly offset: number
    }
  | { readonly type: 'end' }

// Simplified: upstream allows 10,000 levels of nesting; far below that a browser's stack is at its end.
const MAX_DEPTH = 1000

class JsonFailure extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Reads the next value at `from`. Never throws. */
export function parseJson(text: string, from = 0): ParsedJson {
  const reader = new JsonReader(text, from)
  try {
    return reader.top()
  } catch (error) {
    if (error instanceof JsonFailure) return { type: 'error', error: error.message, offset: error.offset }
    throw error
  }
}

/** Reads a body that must be one value and nothing else. Never throws. */
export function parseJsonBody(text: string): Exclude<ParsedJson, { readonly type: 'end' }> {
  const parsed = parseJson(text)
  if (parsed.type === 'end') return { type: 'error', error: 'unexpected end of JSON input', offset: text.length }
  if (parsed.type === 'error') return parsed
  const rest = /^[ \t\r\n]*/.exec(text.slice(parsed.end))![0].length + parsed.end
  if (rest >= text.length) return parsed
  return { type: 'error', error: `invalid character ${quoteChar(text, rest)} after top-level value`, offset: rest + 1 }
}

function quoteChar(text: string, at: number): string {
  const c = String.fromCodePoint(text.codePointAt(at)!)
  if (c === "'") return `'\\''`
  if (c === '"') return `'"'`
  return `'${JSON.stringify(c).slice(1, -1)}'`
}

class JsonReader {
  private readonly text: string
  private at: number
  private readonly duplicates = new Map<object, readonly string[]>()

  constructor(text: string, from: number) {
    this.text = text
    this.at = from
  }

  top(): ParsedJson {
    this.space()
    if (this.at >= this.text.length) return { type: 'end' }
    const value = this.value(0)
    return { type: 'value', value, end: this.at, duplicates: this.duplicates }
  }

  private fail(where: string): never {
    if (this.at >= this.text.length) throw new JsonFailure('unexpected end of JSON input', this.at)
    throw new JsonFailure(`invalid character ${quoteChar(this.text, this.at)} ${where}`, this.at + 1)
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at]!)) this.at++
  }

  private value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new JsonFailure('exceeded max depth', this.at)
    const c = this.text[this.at]
    if (c === '{') return this.object(depth)
    if (c === '[') return this.array(depth)
    if (c === '"') return this.string()
    if (c === 't') return this.word('true', true)
    if (c === 'f') return this.word('false', false)
    if (c === 'n') return this.word('null', null)
    if (c !== undefined && /[-0-9]/.test(c)) return this.number()
    return this.fail('looking for beginning of value')
  }

  private word(word: string, value: boolean | null): boolean | null {
    for (const c of word) {
      if (this.text[this.at] !== c) this.fail(`in literal ${word} (expecting '${c}')`)
      this.at++
    }
    return value
  }

  // Simplified: `1.0` and `1` are one number here; Go refuses the former where it wants an integer.
  private number(): number {
    const match = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/.exec(this.text.slice(this.at, this.at + 400))
    if (match === null) {
      this.at++
      return this.fail('in numeric literal')
    }
    this.at += match[0].length
    const next = this.text[this.at]
    if (next === '.' || next === 'e' || next === 'E') {
      this.at += next !== '.' && /[-+]/.test(this.text[this.at + 1] ?? '') ? 2 : 1
      this.fail(next === '.' ? 'after decimal point in numeric literal' : 'in exponent of numeric literal')
    }
    return Number(match[0])
  }

  private string(): string {
    const start = this.at++
    for (;;) {
      const c = this.text[this.at]
      if (c === undefined) this.fail('')
      if (c === '"') break
      if (c < ' ') this.fail('in string literal')
      if (c === '\\') this.escape()
      else this.at++
    }
    this.at++
    return JSON.parse(this.text.slice(start, this.at)) as string
  }

  private escape(): void {
    this.at++
    const c = this.text[this.at]
    if (c === undefined || !'bfnrt\\/"u'.includes(c)) this.fail('in string escape code')
    this.at++
    if (c !== 'u') return
    for (let i = 0; i < 4; i++, this.at++) {
      if (!/[0-9A-Fa-f]/.test(this.text[this.at] ?? '')) this.fail('in \\u hexadecimal character escape')
    }
  }

  private array(depth: number): Json {
    const out: Json[] = []
    this.at++
    this.space()
    if (this.text[this.at] === ']') {
      this.at++
      return out
    }
    for (;;) {
      this.space()
      out.push(this.value(depth + 1))
      this.space()
      const c = this.text[this.at]
      if (c !== ',' && c !== ']') this.fail('after array element')
      this.at++
      if (c === ']') return out
    }
  }

  private object(depth: number): Json {
    const out: Record<string, Json> = {}
    const twice: string[] = []
    this.at++
    this.space()
    if (this.text[this.at] === '}') {
      this.at++
      return out
    }
    for (;;) {
      this.space()
      if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string')
      const key = this.string()
      this.space()
      if (this.text[this.at] !== ':') this.fail('after object key')
      this.at++
      this.space()
      if (Object.hasOwn(out, key)) twice.push(key)
      const value = this.value(depth + 1)
      if (key === '__proto__')
        Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true })
      else out[key] = value
      this.space()
      const c = this.text[this.at]
      if (c !== ',' && c !== '}') this.fail('after object key:value pair')
      this.at++
      if (c === '}') break
    }
    if (twice.length > 0) this.duplicates.set(out, twice)
    return out
  }
}
