import type { Mark } from './token.ts'

/** Classes of characters as libyaml sees them. The end of the text reads as an empty string. */
export const isBreak = (c: string): boolean =>
  c === '\n' || c === '\r' || c === '\u0085' || c === '\u2028' || c === '\u2029'
export const isBlank = (c: string): boolean => c === ' ' || c === '\t'
export const isBreakOrEnd = (c: string): boolean => c === '' || isBreak(c)
export const isBlankOrEnd = (c: string): boolean => c === '' || c === ' ' || c === '\t' || isBreak(c)
export const isWord = (c: string): boolean => /^[0-9A-Za-z_-]$/.test(c)
export const isDigit = (c: string): boolean => c >= '0' && c <= '9' && c !== ''

/** A reading position in the text that knows its line and column. */
export class Cursor {
  readonly text: string
  offset = 0
  line = 0
  column = 0

  constructor(text: string) {
    this.text = text
  }

  /** The character `ahead` of the position; empty at the end of the text. */
  peek(ahead = 0): string {
    return this.text.charAt(this.offset + ahead)
  }

  mark(): Mark {
    return { offset: this.offset, line: this.line, column: this.column }
  }

  /** Moves over one character that is no line break. */
  skip(count = 1): void {
    this.offset += count
    this.column += count
  }

  /** Takes one character that is no line break. */
  take(): string {
    const c = this.text.charAt(this.offset)
    this.skip()
    return c
  }

  /** Moves over one line break, if there is one, and returns what it stands for in a scalar. */
  takeBreak(): string {
    const c = this.peek()
    if (!isBreak(c)) return ''
    this.offset += c === '\r' && this.peek(1) === '\n' ? 2 : 1
    this.line++
    this.column = 0
    return c === '\u2028' || c === '\u2029' ? c : '\n'
  }

  skipBlanks(): void {
    while (isBlank(this.peek())) this.skip()
  }

  /** Moves to the end of the line if a comment stands here. */
  skipComment(): void {
    if (this.peek() !== '#') return
    while (!isBreakOrEnd(this.peek())) this.skip()
  }

  /** Whether `---` or `...` stands at the beginning of a line. */
  atDocumentIndicator(): boolean {
    if (this.column !== 0) return false
    const three = this.text.slice(this.offset, this.offset + 3)
    return (three === '---' || three === '...') && isBlankOrEnd(this.peek(3))
  }
}
