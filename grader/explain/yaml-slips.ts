// What is probably meant where YAML breaks: go-yaml says where its grammar failed, which is rarely where the slip is.
// Each rule looks at the lines around that place and answers with a sentence, the line of the slip and, where it is
// certain, the line as it should be.

/** A line as it should be; no text: the line goes. Lines count from 1. */
export interface LineFix {
  readonly line: number
  readonly text?: string
}

export interface YamlSlip {
  /** From 1. */
  readonly line: number
  readonly says: string
  readonly fix?: readonly LineFix[]
  /** A better name for the finding than `YamlSyntax`. */
  readonly code?: 'TemplateNotRendered'
}

interface Broken {
  readonly lines: readonly string[]
  /** Index of the line where reading stopped. */
  readonly at: number
  readonly problem: string
}

type Rule = (broken: Broken) => YamlSlip | undefined

/** The first rule that recognises something around the line (from 1); undefined if none does. */
export function recogniseYamlSlip(text: string, line: number, problem: string): YamlSlip | undefined {
  const lines = text.split('\n')
  const at = Math.min(Math.max(0, line - 1), lines.length - 1)
  for (const rule of RULES) {
    const slip = rule({ lines, at, problem })
    if (slip !== undefined) return slip
  }
  return undefined
}

const RULES: readonly Rule[] = [
  fence,
  prompt,
  placeholder,
  textBehindBar,
  tab,
  openQuote,
  blankAfterDash,
  blankAfterColon,
  specialValue,
  colonInValue,
  forgottenColon,
  keyUnderDash,
  deeperThanValue,
  oddIndent,
]

function fence({ lines }: Broken): YamlSlip | undefined {
  const marks = lines.flatMap((line, i) => (/^\s*```/.test(line) ? [i + 1] : []))
  if (marks.length === 0) return undefined
  return {
    line: marks[0]!,
    says: 'This line is a Markdown fence: it belongs to the page that the text was copied from, not to the YAML. Next: delete the lines that begin with three backticks.',
    fix: marks.map((line) => ({ line })),
  }
}

function prompt({ lines }: Broken): YamlSlip | undefined {
  const i = lines.findIndex(
    (line) =>
      /^\s*(\S+@\S+[^:]*)?[$#>%✖✗➜❯]\s+(kubectl|cat|vi|vim|nano|echo)\b/u.test(line) ||
      /^\s*(kubectl|cat|EOF)\b(?!.*:\s)/.test(line),
  )
  if (i < 0 || lines[i]!.trimStart().startsWith('#')) return undefined
  return {
    line: i + 1,
    says: 'This line is a shell command, not YAML: it was copied along. Next: delete it and keep the manifest alone.',
    fix: [{ line: i + 1 }],
  }
}

/** `__NAME__` or `@NAME@` on a line of its own: something is to be put there. */
function placeholder({ lines }: Broken): YamlSlip | undefined {
  const i = lines.findIndex((line) => /^\s*(__\w+__|@\w+@|%\w+%)\s*$/.test(line))
  if (i < 0) return undefined
  return {
    line: i + 1,
    code: 'TemplateNotRendered',
    says: `\`${lines[i]!.trim()}\` is a place that a script was to fill in, so this is not YAML yet. Next: fill it in or delete the line.`,
  }
}

function textBehindBar({ lines, at }: Broken): YamlSlip | undefined {
  const i = near(lines, at, (line) => /:\s+[|>][-+]?\d?\s+\S/.test(line))
  if (i === undefined) return undefined
  return {
    line: i + 1,
    says: 'Behind `|` or `>` a text of several lines begins on the next line; here it begins on the same. Next: break the line behind the sign and indent the text.',
  }
}

/** A tab is the only thing that stands where YAML wants blanks. */
function tab({ lines, at, problem }: Broken): YamlSlip | undefined {
  const line = lines[at]!
  const indent = /^[ \t]*/.exec(line)![0]
  if (!indent.includes('\t') || !/tab|cannot start any token/.test(problem)) return undefined
  const others = lines.filter((other) => other.includes('\t')).length
  const fixed = siblingIndent(lines, at)
  const says =
    'A tab stands where YAML wants blanks; tabs may not indent. Next: replace it by blanks, two for each level.'
  return others === 1 && fixed !== undefined
    ? { line: at + 1, says, fix: [{ line: at + 1, text: fixed + line.trimStart() }] }
    : { line: at + 1, says }
}

/** The indentation that the line below leaves no doubt about. */
function siblingIndent(lines: readonly string[], at: number): string | undefined {
  const line = lines[at]!.trimStart()
  const next = lines.slice(at + 1).find((other) => other.trim() !== '' && !/^\s*#/.test(other))
  if (next === undefined || next.includes('\t')) return undefined
  const indent = indentOf(next)
  const item = next.trimStart().startsWith('- ')
  if (/: *$/.test(line) && !line.startsWith('- ')) return item ? ' '.repeat(indent) : undefined
  if (line.startsWith('- ') && !item && !/: *$/.test(line)) return ' '.repeat(Math.max(0, indent - 2))
  return undefined
}

function openQuote({ lines, at, problem }: Broken): YamlSlip | undefined {
  if (!/end of stream|quoted scalar|expected key|document indicator/.test(problem)) return undefined
  const i = lines.findIndex((line, n) => n <= at && /:\s+["'][^"']*$|^\s*-\s+["'][^"']*$/.test(withoutComment(line)))
  if (i < 0) return undefined
  const quote = /["']/.exec(lines[i]!)![0]
  return {
    line: i + 1,
    says: `The quote \`${quote}\` that opens on this line is never closed, so the rest of the text counts as one value. Next: close it at the end of the value.`,
  }
}

function blankAfterDash({ lines, at }: Broken): YamlSlip | undefined {
  const i = near(lines, at, (line) => /^\s*-[A-Za-z"']/.test(line) && !line.startsWith('---'))
  if (i === undefined) return undefined
  return {
    line: i + 1,
    says: 'A list item begins with a dash and a blank; here the blank is missing. Next: write `- ` before the key.',
    fix: [{ line: i + 1, text: lines[i]!.replace('-', '- ') }],
  }
}

function blankAfterColon({ lines, at }: Broken): YamlSlip | undefined {
  const i = near(lines, at, (line) => /^\s*(-\s+)?[A-Za-z][\w-]*:[^\s:/].*$/.test(line) && !/:\s/.test(line))
  if (i === undefined) return undefined
  return {
    line: i + 1,
    says: 'Between the colon of a key and its value stands a blank; here it is missing, so the whole is one text. Next: write `key: value`.',
    fix: [{ line: i + 1, text: lines[i]!.replace(/:(?=\S)/, ': ') }],
  }
}

const SPECIAL: Readonly<Record<string, string>> = {
  '*': 'An unquoted `*` at the start of a value means an alias of YAML.',
  '%': 'An unquoted value may not begin with `%`.',
  '@': 'An unquoted value may not begin with `@`.',
  '`': 'An unquoted value may not begin with a backtick.',
}

function specialValue({ lines, at }: Broken): YamlSlip | undefined {
  const i = near(lines, at, (line) => /^\s*(-\s+)?([\w./-]+:\s+)?[*%@`](?![A-Za-z]\w*\s*$)|:\s+[%@`]/.test(line))
  const mark = i === undefined ? undefined : /(?:^|[:-])\s+([*%@`])/.exec(lines[i]!)?.[1]
  if (i === undefined || mark === undefined) return undefined
  return {
    line: i + 1,
    says: `${SPECIAL[mark]} Next: put the value in quotes.`,
    fix: [{ line: i + 1, text: lines[i]!.replace(/([:-]\s+)([*%@`].*?)\s*$/, "$1'$2'") }],
  }
}

function colonInValue({ lines, at, problem }: Broken): YamlSlip | undefined {
  if (!problem.includes('mapping values are not allowed')) return undefined
  const line = lines[at]!
  const match = /^(\s*(?:-\s+)?[\w./-]+:\s+)([^"'{[#&*!|>\s].*:\s.*?)\s*$/.exec(withoutComment(line))
  if (match === null) return undefined
  const quoted = match[2]!.includes("'") ? JSON.stringify(match[2]) : `'${match[2]}'`
  return {
    line: at + 1,
    says: 'The value holds a colon with a blank behind it, which YAML reads as another key. Next: put the value in quotes.',
    fix: [{ line: at + 1, text: `${match[1]}${quoted}` }],
  }
}

function forgottenColon({ lines, at }: Broken): YamlSlip | undefined {
  const i = near(lines, at, (line, n) => /^\s*(-\s+)?[A-Za-z][\w.-]*\s*$/.test(line) && deeper(lines, n))
  if (i === undefined) return undefined
  return {
    line: i + 1,
    says: `\`${lines[i]!.trim()}\` opens a block, and the colon behind it is missing. Next: write \`${lines[i]!.trim()}:\`.`,
    fix: [{ line: i + 1, text: `${lines[i]!.trimEnd()}:` }],
  }
}

/** A key below a dash, where it should stand below the dash's first key. */
function keyUnderDash({ lines, at }: Broken): YamlSlip | undefined {
  const i = near(lines, at, (line, n) => {
    const above = lines[n - 1] ?? ''
    return (
      /^\s*[\w./-]+:\s+\S/.test(line) &&
      /^\s*-\s+[\w./-]+:/.test(above) &&
      indentOf(above) === indentOf(line) &&
      deeper(lines, n)
    )
  })
  if (i === undefined) return undefined
  const fixed = `  ${lines[i]!}`
  return {
    line: i + 1,
    says: 'This key stands below the dash of a list item, so it does not belong to the item. Next: indent it by two blanks more, like the key behind the dash.',
    fix: [{ line: i + 1, text: fixed }],
  }
}

/** "key: value" and then a line that is deeper: a value cannot hold keys. */
function deeperThanValue({ lines, at, problem }: Broken): YamlSlip | undefined {
  if (!/mapping values are not allowed|did not find expected|block/.test(problem)) return undefined
  for (const i of [at, at + 1]) {
    const line = lines[i]
    const above = i - 1
    if (line === undefined || above < 0 || line.trim() === '') continue
    const indent = indentOf(line)
    const owner = /^(\s*(?:-\s+)*)[\w./-]+:\s+[^\s#&|>{[].*$/.exec(lines[above]!)
    if (owner === null || indent <= owner[1]!.length) continue
    return {
      line: i + 1,
      says: `This line is indented by ${indent} blanks, deeper than the keys above it (${owner[1]!.length}), and the line above has its value already. Next: indent it like its neighbours.`,
      fix: [{ line: i + 1, text: ' '.repeat(owner[1]!.length) + line.trimStart() }],
    }
  }
  return undefined
}

/** The line's indentation is that of no level that is open above it. */
function oddIndent({ lines, at, problem }: Broken): YamlSlip | undefined {
  if (!/did not find expected|block|mapping values/.test(problem)) return undefined
  const line = lines[at]!
  const indent = indentOf(line)
  const levels = openLevels(lines, at)
  if (line.trim() === '' || levels.length === 0 || levels.includes(indent)) return undefined
  const nearest = levels.reduce(
    (best, level) => (Math.abs(level - indent) < Math.abs(best - indent) ? level : best),
    levels[0] ?? 0,
  )
  return {
    line: at + 1,
    says: `The indentation of this line (${indent} blanks) is that of no block above it; the nearest has ${nearest}. Next: align the line with the keys that it belongs to.`,
  }
}

function openLevels(lines: readonly string[], at: number): readonly number[] {
  const levels: number[] = []
  let limit = Number.POSITIVE_INFINITY
  for (let i = at - 1; i >= 0; i--) {
    const line = lines[i]!
    if (line.trim() === '' || /^\s*#/.test(line)) continue
    const dash = /^(\s*)-\s+(?=\S)/.exec(line)
    for (const level of dash === null ? [indentOf(line)] : [dash[0].length, dash[1]!.length]) {
      if (level >= limit) continue
      levels.push(level)
      limit = level
    }
    if (limit === 0) break
  }
  return levels
}

/** The line itself, the one above or the one below: whichever fits first. */
function near(
  lines: readonly string[],
  at: number,
  fits: (line: string, index: number) => boolean,
): number | undefined {
  return [at, at - 1, at + 1, at - 2].find(
    (i) => lines[i] !== undefined && !/^\s*#/.test(lines[i]) && fits(withoutComment(lines[i]), i),
  )
}

function deeper(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at + 1).find((line) => line.trim() !== '')
  return next !== undefined && (indentOf(next) > indentOf(lines[at]!) || next.trimStart().startsWith('- '))
}

const indentOf = (line: string): number => line.length - line.trimStart().length
const withoutComment = (line: string): string => line.replace(/\s#.*$/, '')
