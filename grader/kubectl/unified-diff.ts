/** `diff -u -N`: how two texts differ, in hunks with three lines around. */

const CONTEXT = 3

type Edit = { readonly kind: ' ' | '-' | '+'; readonly line: string }

/** Hunks only, without the two head lines; '' for equal texts. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return ''
  const edits = editScript(linesOf(before), linesOf(after))
  return hunksOf(edits)
    .map((hunk) => formatHunk(edits, hunk))
    .join('')
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
}

/** The longest common subsequence decides; equal heads and tails are taken off first. */
function editScript(a: readonly string[], b: readonly string[]): Edit[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const keep = (lines: readonly string[]): Edit[] => lines.map((line) => ({ kind: ' ', line }))
  const middle = middleScript(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return [...keep(a.slice(0, head)), ...middle, ...keep(a.slice(a.length - tail))]
}

function middleScript(a: readonly string[], b: readonly string[]): Edit[] {
  const width = b.length + 1
  const length = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] =
        a[i] === b[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!)
    }
  }
  const out: Edit[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: ' ', line: a[i++]! })
      j++
    } else if (j >= b.length || (i < a.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) {
      out.push({ kind: '-', line: a[i++]! })
    } else out.push({ kind: '+', line: b[j++]! })
  }
  return out
}

interface Range {
  readonly from: number
  readonly to: number
}

function hunksOf(edits: readonly Edit[]): Range[] {
  const hunks: { from: number; to: number }[] = []
  edits.forEach((edit, i) => {
    if (edit.kind === ' ') return
    const from = Math.max(0, i - CONTEXT)
    const to = Math.min(edits.length, i + CONTEXT + 1)
    const last = hunks.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else hunks.push({ from, to })
  })
  return hunks
}

function formatHunk(edits: readonly Edit[], { from, to }: Range): string {
  const before = edits.slice(0, from)
  const inside = edits.slice(from, to)
  const count = (list: readonly Edit[], kind: '-' | '+'): number =>
    list.filter((e) => e.kind === ' ' || e.kind === kind).length
  const range = (kind: '-' | '+'): string => {
    const [skipped, lines] = [count(before, kind), count(inside, kind)]
    return `${lines === 0 ? skipped : skipped + 1}${lines === 1 ? '' : `,${lines}`}`
  }
  return `@@ -${range('-')} +${range('+')} @@\n${inside.map((e) => `${e.kind}${e.line}\n`).join('')}`
}
