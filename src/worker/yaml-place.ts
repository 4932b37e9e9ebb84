// Where a cursor stands in a YAML text, by indentation alone: a text being typed is seldom one that a parser accepts.

/** One step down from the document: a key, or into an item of a list. */
export type PlaceStep = { readonly type: 'key'; readonly name: string } | { readonly type: 'item' }

export interface YamlPlace {
  readonly apiVersion: string | undefined
  readonly kind: string | undefined
  /** From the document to what the line itself belongs to; the line's own key is not in it. */
  readonly path: readonly PlaceStep[]
  /** The line's own key, where it has one already. */
  readonly key: string | undefined
  /** What the cursor is in: the name of a field, or the value behind it. */
  readonly part: 'key' | 'value'
  /** Column (from 0) at which the line's own key begins, or would. */
  readonly indent: number
  /** True if the line opened an item by itself (`- `), so that its key needs no dash. */
  readonly hasDash: boolean
  /** Keys that stand beside this one already. */
  readonly siblings: readonly string[]
}

interface Line {
  readonly dashes: readonly number[]
  readonly indent: number
  readonly key: string | undefined
  readonly value: string
}

const KEY = /^((?:"[^"]*"|'[^']*'|[^\s#:"'{[][^:#]*?))\s*:(?:\s+(.*))?$/
const BLOCK_TEXT = /^[|>][+-]?\d?\s*$/

/** The place at a line and column (both from 1); undefined inside comments, block texts and flow style. */
export function placeAt(text: string, line: number, column: number): YamlPlace | undefined {
  const lines = text.split(/\r?\n/)
  const at = line - 1
  const own = lines[at] ?? ''
  const before = own.slice(0, column - 1)
  if (/(^|\s)#/.test(before) || /[{[]/.test(before)) return undefined
  const from = lastMark(lines, at) + 1
  const until = nextMark(lines, at)
  const parsed = lines.slice(from, until).map(readLine)
  const current = readLine(own) ?? emptyLine(before)
  const path = pathTo(parsed, at - from, current)
  if (path === undefined) return undefined
  return {
    apiVersion: topLevel(parsed, 'apiVersion'),
    kind: topLevel(parsed, 'kind'),
    path,
    key: current.key,
    part: /^\s*(- +)*[^\s:#]+:\s/.test(before) ? 'value' : 'key',
    indent: current.indent,
    hasDash: current.dashes.length > 0,
    siblings: siblingsOf(parsed, at - from, current),
  }
}

function lastMark(lines: readonly string[], at: number): number {
  for (let i = at - 1; i >= 0; i--) if (/^---(\s|$)/.test(lines[i] ?? '')) return i
  return -1
}

function nextMark(lines: readonly string[], at: number): number {
  for (let i = at + 1; i < lines.length; i++) if (/^---(\s|$)/.test(lines[i] ?? '')) return i
  return lines.length
}

function readLine(text: string): Line | undefined {
  const dashes: number[] = []
  let indent = text.length - text.trimStart().length
  let rest = text.slice(indent)
  if (rest === '' || rest.startsWith('#')) return undefined
  while (rest === '-' || rest.startsWith('- ')) {
    dashes.push(indent)
    const inner = rest.slice(1)
    const spaces = inner.length - inner.trimStart().length
    indent += 1 + Math.max(spaces, 1)
    rest = inner.trimStart()
  }
  const found = KEY.exec(rest.trimEnd())
  if (found === null) return { dashes, indent, key: undefined, value: rest }
  const name = (found[1] ?? '').replace(/^(["'])(.*)\1$/, '$2')
  return { dashes, indent, key: name, value: (found[2] ?? '').replace(/(^|\s+)#.*$/, '').trim() }
}

const emptyLine = (before: string): Line => ({ dashes: [], indent: before.length, key: undefined, value: '' })

/** Walks up from a line to the document, by what is indented less. Undefined inside a block text. */
function pathTo(lines: readonly (Line | undefined)[], at: number, own: Line): readonly PlaceStep[] | undefined {
  const path: PlaceStep[] = []
  let limit = own.indent
  let isItem = false
  const climbDashes = (dashes: readonly number[]) => {
    for (const dash of [...dashes].reverse()) {
      if (dash >= limit) continue
      path.unshift({ type: 'item' })
      limit = dash
      isItem = true
    }
  }
  climbDashes(own.dashes)
  for (let i = at - 1; i >= 0 && (limit > 0 || isItem); i--) {
    const line = lines[i]
    if (line === undefined) continue
    const isParent = line.key !== undefined && (line.indent < limit || (isItem && line.indent === limit))
    if (isParent && line.key !== undefined) {
      if (BLOCK_TEXT.test(line.value)) return undefined
      path.unshift({ type: 'key', name: line.key })
      limit = line.indent
      isItem = false
    }
    climbDashes(line.dashes)
  }
  return path
}

/** Keys of the same mapping, above and below. */
function siblingsOf(lines: readonly (Line | undefined)[], at: number, own: Line): readonly string[] {
  const found: string[] = []
  const look = (from: number, step: 1 | -1) => {
    for (let i = from; i >= 0 && i < lines.length; i += step) {
      const line = lines[i]
      if (line === undefined) continue
      const first = line.dashes[0] ?? line.indent
      const opens = line.dashes.length > 0 && first < own.indent
      if (step === 1 && opens) return
      if (line.indent === own.indent && line.key !== undefined) found.push(line.key)
      if (first < own.indent) return
    }
  }
  if (own.dashes.length === 0) look(at - 1, -1)
  look(at + 1, 1)
  return found
}

function topLevel(lines: readonly (Line | undefined)[], key: string): string | undefined {
  const line = lines.find((found) => found?.key === key && found.indent === 0 && found.dashes.length === 0)
  return line === undefined || line.value === '' ? undefined : line.value.replace(/^(["'])(.*)\1$/, '$2')
}
