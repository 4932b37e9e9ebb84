// The text of a command line, cut into commands. What is not understood is an error, never a guess.

/** A piece of a word; `isLiteral` pieces are not expanded. */
export interface Piece {
  readonly text: string
  readonly isLiteral: boolean
  readonly isQuoted: boolean
}

export type Word = readonly Piece[]

export interface Redirection {
  readonly from: 1 | 2 | 0
  /** A file, or the other stream. */
  readonly to: Word | 1 | 2
}

export interface SimpleCommand {
  readonly words: readonly Word[]
  readonly redirections: readonly Redirection[]
}

/** Commands joined by `|`, and how they follow what came before. */
export interface Pipeline {
  readonly after: ';' | '&&' | '||'
  readonly commands: readonly SimpleCommand[]
}

export type ParsedLine = { readonly pipelines: readonly Pipeline[] } | { readonly error: string }

type Token = { readonly type: 'word'; readonly word: Word } | { readonly type: 'operator'; readonly text: string }

const OPERATORS = ['&&', '||', '2>&1', '2>>', '2>', '1>&2', '>&2', '>>', '>', '<', ';', '|', '\n'] as const
const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  '{',
  '}',
  '!',
])

// Simplified: containers' shells know commands, pipes, lists, redirections and variables; no loops, conditions or functions.
/** Reads a line; the error is the shell's words. */
export function parseLine(text: string): ParsedLine {
  const tokens = tokensOf(text)
  if ('error' in tokens) return tokens
  const pipelines: Pipeline[] = []
  let after: Pipeline['after'] = ';'
  let commands: SimpleCommand[] = []
  let words: Word[] = []
  let redirections: Redirection[] = []
  const endCommand = () => {
    if (words.length > 0 || redirections.length > 0) commands.push({ words, redirections })
    words = []
    redirections = []
  }
  const endPipeline = (next: Pipeline['after']) => {
    endCommand()
    if (commands.length > 0) pipelines.push({ after, commands })
    commands = []
    after = next
  }
  const list = tokens.tokens
  for (let i = 0; i < list.length; i++) {
    const token = list[i]!
    if (token.type === 'word') {
      const [only] = token.word
      if (words.length === 0 && token.word.length === 1 && !only!.isQuoted && KEYWORDS.has(only!.text))
        return { error: `syntax error: unexpected "${only!.text}"` }
      words.push(token.word)
      continue
    }
    const { text: operator } = token
    if (operator === '\n' || operator === ';') endPipeline(';')
    else if (operator === '&&' || operator === '||' || operator === '|') {
      if (words.length === 0 && redirections.length === 0) return { error: `syntax error: unexpected "${operator}"` }
      if (operator === '|') endCommand()
      else endPipeline(operator)
    } else if (operator === '2>&1') redirections.push({ from: 2, to: 1 })
    else if (operator === '>&2' || operator === '1>&2') redirections.push({ from: 1, to: 2 })
    else {
      const target = list[++i]
      if (target?.type !== 'word') return { error: 'syntax error: unexpected newline' }
      redirections.push({ from: operator === '<' ? 0 : operator.startsWith('2') ? 2 : 1, to: target.word })
    }
  }
  endPipeline(';')
  return { pipelines }
}

function tokensOf(text: string): { readonly tokens: readonly Token[] } | { readonly error: string } {
  const tokens: Token[] = []
  let pieces: Piece[] | undefined
  const endWord = () => {
    if (pieces !== undefined) tokens.push({ type: 'word', word: pieces })
    pieces = undefined
  }
  let i = 0
  while (i < text.length) {
    const char = text[i]!
    const operator = OPERATORS.find((candidate) => text.startsWith(candidate, i))
    const isOperator = operator !== undefined && (pieces === undefined || !/^\d/.test(operator))
    if (isOperator) {
      endWord()
      tokens.push({ type: 'operator', text: operator })
      i += operator.length
    } else if (char === ' ' || char === '\t') {
      endWord()
      i++
    } else if (char === '#' && pieces === undefined) i = endOfLine(text, i)
    else {
      const read = readPiece(text, i)
      if (read === undefined) return { error: 'syntax error: unterminated quoted string' }
      pieces ??= []
      pieces.push(read.piece)
      i = read.end
    }
  }
  endWord()
  return { tokens }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** One quoted or plain stretch of a word; undefined where a quote does not end. */
function readPiece(text: string, start: number): { readonly piece: Piece; readonly end: number } | undefined {
  const char = text[start]!
  if (char === "'") {
    const end = text.indexOf("'", start + 1)
    if (end < 0) return undefined
    return { piece: { text: text.slice(start + 1, end), isLiteral: true, isQuoted: true }, end: end + 1 }
  }
  if (char === '\\') {
    return { piece: { text: text[start + 1] ?? '', isLiteral: true, isQuoted: true }, end: start + 2 }
  }
  if (char === '"') {
    const end = endOfQuote(text, start + 1)
    if (end < 0) return undefined
    return { piece: { text: text.slice(start + 1, end), isLiteral: false, isQuoted: true }, end: end + 1 }
  }
  let end = start + 1
  while (end < text.length && !/[\s'"\\;|&<>]/.test(text[end]!)) end++
  return { piece: { text: text.slice(start, end), isLiteral: false, isQuoted: false }, end }
}

function endOfQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i
  }
  return -1
}
