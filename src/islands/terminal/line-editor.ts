// The line being typed at the prompt, as a value: what each key makes of it. Knows no terminal.

export interface TypedLine {
  readonly text: string
  readonly cursor: number
  /** Which earlier line is shown: 0 is the one being typed, 1 the last that was run. */
  readonly back: number
  /** What was being typed before the reader went back. */
  readonly kept: string
}

export const EMPTY_LINE: TypedLine = { text: '', cursor: 0, back: 0, kept: '' }

const at = (text: string, cursor = text.length): TypedLine => ({ ...EMPTY_LINE, text, cursor })

/** Characters typed or pasted at the cursor. */
export function insert({ text, cursor }: TypedLine, typed: string): TypedLine {
  return at(text.slice(0, cursor) + typed + text.slice(cursor), cursor + typed.length)
}

/** What a control sequence of the terminal does to the line; undefined if it does nothing to it. */
export function edit(line: TypedLine, sequence: string, history: readonly string[]): TypedLine | undefined {
  const { text, cursor } = line
  switch (sequence) {
    case '\x7f':
      return cursor === 0 ? line : at(text.slice(0, cursor - 1) + text.slice(cursor), cursor - 1)
    case '\x1b[3~':
    case '\x04':
      return at(text.slice(0, cursor) + text.slice(cursor + 1), cursor)
    case '\x1b[D':
    case '\x02':
      return { ...line, cursor: Math.max(0, cursor - 1) }
    case '\x1b[C':
    case '\x06':
      return { ...line, cursor: Math.min(text.length, cursor + 1) }
    case '\x1b[H':
    case '\x01':
      return { ...line, cursor: 0 }
    case '\x1b[F':
    case '\x05':
      return { ...line, cursor: text.length }
    case '\x1b[1;5D':
    case '\x1bb':
      return { ...line, cursor: wordStart(text, cursor) }
    case '\x1b[1;5C':
    case '\x1bf':
      return { ...line, cursor: cursor + (/^\s*\S*/.exec(text.slice(cursor))?.[0].length ?? 0) }
    case '\x15':
      return at(text.slice(cursor), 0)
    case '\x0b':
      return at(text.slice(0, cursor))
    case '\x17': {
      const start = wordStart(text, cursor)
      return at(text.slice(0, start) + text.slice(cursor), start)
    }
    case '\x1b[A':
    case '\x10':
      return recall(line, history, line.back + 1)
    case '\x1b[B':
    case '\x0e':
      return recall(line, history, line.back - 1)
    default:
      return undefined
  }
}

function recall(line: TypedLine, history: readonly string[], back: number): TypedLine {
  if (back < 0 || back > history.length) return line
  const kept = line.back === 0 ? line.text : line.kept
  const text = back === 0 ? kept : (history[history.length - back] ?? '')
  return { text, cursor: text.length, back, kept }
}

function wordStart(text: string, cursor: number): number {
  return text.slice(0, cursor).replace(/\S*\s*$/, '').length
}

/** Puts a completed word in the place of the one before the cursor; a whole word gets its blank. */
export function complete(line: TypedLine, word: string, candidates: readonly string[]): TypedLine {
  const shared = commonStart(candidates)
  if (shared.length < word.length || (candidates.length > 1 && shared === word)) return line
  const end = candidates.length === 1 && !/[=/]$/.test(shared) ? ' ' : ''
  const start = line.cursor - word.length
  return at(line.text.slice(0, start) + shared + end + line.text.slice(line.cursor), start + shared.length + end.length)
}

function commonStart([first = '', ...rest]: readonly string[]): string {
  let length = first.length
  for (const candidate of rest) while (!candidate.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}
