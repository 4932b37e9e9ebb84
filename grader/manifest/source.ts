/** A file's text, and places in it. Offsets count UTF-16 units from 0; lines and columns count from 1, as editors do. */

export interface SourceFile {
  readonly name: string
  readonly text: string
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[]
}

/** From `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Position {
  readonly line: number
  readonly column: number
}

export interface Range {
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export function createSource(name: string, text: string): SourceFile {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { name, text, lineStarts }
}

/** Line and column of an offset; offsets outside the text are moved to its ends. */
export function positionAt(source: SourceFile, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length))
  let low = 0
  let high = source.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (source.lineStarts[middle]! <= at) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: at - source.lineStarts[low]! + 1 }
}

/** Offset of a line and column; places outside the text are moved to its ends. */
export function offsetAt(source: SourceFile, { line, column }: Position): number {
  const start = source.lineStarts[Math.max(0, Math.min(line, source.lineStarts.length) - 1)]!
  return Math.max(0, Math.min(start + column - 1, source.text.length))
}

export function rangeOf(source: SourceFile, span: Span): Range {
  const start = positionAt(source, span.start)
  const end = positionAt(source, Math.max(span.start, span.end))
  return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column }
}

/** The line that holds the offset, without its indentation and end. */
export function lineSpan(source: SourceFile, offset: number): Span {
  const { line } = positionAt(source, offset)
  const start = source.lineStarts[line - 1]!
  const end = source.lineStarts[line] ?? source.text.length
  const text = source.text.slice(start, end)
  const indent = text.length - text.trimStart().length
  const last = start + text.trimEnd().length
  return last <= start + indent ? { start, end: start } : { start: start + indent, end: last }
}
