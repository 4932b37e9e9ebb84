/**
 * Splits a command line into words as a POSIX shell does: quotes, backslashes, `$'…'` (as bash), comments. Nothing is
 * expanded. An open quote takes what is left.
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let i = 0
  while (i < line.length) {
    const c = line[i]!
    if (isBlank(c)) {
      if (word !== undefined) words.push(word)
      word = undefined
      i++
    } else if (c === '#' && word === undefined) {
      break
    } else {
      const part =
        c === "'"
          ? singleQuoted(line, i)
          : c === '"'
            ? doubleQuoted(line, i)
            : c === '$' && line[i + 1] === "'"
              ? ansiQuoted(line, i)
              : bare(line, i)
      word = (word ?? '') + part.text
      i = part.end
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

interface Part {
  readonly text: string
  readonly end: number
}

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\n' || c === '\r'

function singleQuoted(line: string, at: number): Part {
  const end = line.indexOf("'", at + 1)
  return end < 0 ? { text: line.slice(at + 1), end: line.length } : { text: line.slice(at + 1, end), end: end + 1 }
}

function doubleQuoted(line: string, at: number): Part {
  let text = ''
  let i = at + 1
  while (i < line.length && line[i] !== '"') {
    if (line[i] === '\\' && i + 1 < line.length && '"\\$`\n'.includes(line[i + 1]!)) {
      if (line[i + 1] !== '\n') text += line[i + 1]
      i += 2
    } else {
      text += line[i++]
    }
  }
  return { text, end: i + 1 }
}

const ANSI_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  e: '\u001b',
}

function ansiQuoted(line: string, at: number): Part {
  let text = ''
  let i = at + 2
  while (i < line.length && line[i] !== "'") {
    const next = line[i + 1]
    if (line[i] === '\\' && next !== undefined) {
      text += ANSI_ESCAPES[next] ?? `\\${next}`
      i += 2
    } else {
      text += line[i++]
    }
  }
  return { text, end: i + 1 }
}

function bare(line: string, at: number): Part {
  if (line[at] !== '\\') return { text: line[at]!, end: at + 1 }
  const next = line[at + 1]
  // A backslash before the end of a line joins the two lines.
  return { text: next === undefined || next === '\n' ? '' : next, end: at + 2 }
}
