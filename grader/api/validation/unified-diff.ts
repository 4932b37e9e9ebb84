// The difference of two values as a unified diff of their indented JSON, three lines of context.
// Upstream: k8s.io/apimachinery/pkg/util/diff (difflib.GetUnifiedDiffString).
import { goJson } from '../field-error.ts'

const CONTEXT = 3

type Change = {
  readonly type: 'equal' | 'delete' | 'insert' | 'replace'
  readonly from: number
  readonly fromEnd: number
  readonly to: number
  readonly toEnd: number
}

/** Empty when nothing differs; every line ends in a newline. */
export function unifiedDiff(before: object, after: object): string {
  const a = linesOf(before)
  const b = linesOf(after)
  const groups = groupChanges(changesOf(a, b))
  if (groups.length === 0) return ''
  return groups.map((group) => formatGroup(group, a, b)).join('')
}

function linesOf(value: object): readonly string[] {
  return goJson(value, 1)
    .split('\n')
    .map((line) => `${line}\n`)
}

/** Matching blocks, the longest first: what difflib's SequenceMatcher finds. */
function changesOf(a: readonly string[], b: readonly string[]): readonly Change[] {
  const blocks: { from: number; to: number; size: number }[] = []
  const where = new Map<string, number[]>()
  b.forEach((line, j) => {
    const list = where.get(line)
    if (list === undefined) where.set(line, [j])
    else list.push(j)
  })
  // Lines that are very frequent in a long text do not anchor a match: difflib's autojunk.
  if (b.length >= 200)
    for (const [line, list] of where) if (list.length > Math.trunc(b.length / 100) + 1) where.delete(line)
  const queue: [number, number, number, number][] = [[0, a.length, 0, b.length]]
  while (queue.length > 0) {
    const [aLow, aHigh, bLow, bHigh] = queue.pop()!
    const match = longestMatch({ a, b, where }, [aLow, aHigh, bLow, bHigh])
    if (match.size === 0) continue
    blocks.push(match)
    queue.push([aLow, match.from, bLow, match.to], [match.from + match.size, aHigh, match.to + match.size, bHigh])
  }
  blocks.sort((x, y) => x.from - y.from || x.to - y.to)
  return toChanges([...blocks, { from: a.length, to: b.length, size: 0 }])
}

interface Texts {
  readonly a: readonly string[]
  readonly b: readonly string[]
  readonly where: ReadonlyMap<string, readonly number[]>
}

function longestMatch(
  { a, b, where }: Texts,
  [aLow, aHigh, bLow, bHigh]: readonly [number, number, number, number],
): { from: number; to: number; size: number } {
  let best = { from: aLow, to: bLow, size: 0 }
  let lengths = new Map<number, number>()
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>()
    for (const j of where.get(a[i]!) ?? []) {
      if (j < bLow) continue
      if (j >= bHigh) break
      const size = (lengths.get(j - 1) ?? 0) + 1
      next.set(j, size)
      if (size > best.size) best = { from: i - size + 1, to: j - size + 1, size }
    }
    lengths = next
  }
  while (best.from > aLow && best.to > bLow && a[best.from - 1] === b[best.to - 1])
    best = { from: best.from - 1, to: best.to - 1, size: best.size + 1 }
  while (
    best.from + best.size < aHigh &&
    best.to + best.size < bHigh &&
    a[best.from + best.size] === b[best.to + best.size]
  )
    best = { ...best, size: best.size + 1 }
  return best
}

function toChanges(blocks: readonly { from: number; to: number; size: number }[]): readonly Change[] {
  const changes: Change[] = []
  let i = 0
  let j = 0
  for (const block of blocks) {
    const type =
      i < block.from && j < block.to ? 'replace' : i < block.from ? 'delete' : j < block.to ? 'insert' : undefined
    if (type !== undefined) changes.push({ type, from: i, fromEnd: block.from, to: j, toEnd: block.to })
    i = block.from + block.size
    j = block.to + block.size
    if (block.size > 0) changes.push({ type: 'equal', from: block.from, fromEnd: i, to: block.to, toEnd: j })
  }
  return mergeEqual(changes)
}

function mergeEqual(changes: readonly Change[]): readonly Change[] {
  const merged: Change[] = []
  for (const change of changes) {
    const last = merged[merged.length - 1]
    if (last?.type === 'equal' && change.type === 'equal')
      merged[merged.length - 1] = { ...last, fromEnd: change.fromEnd, toEnd: change.toEnd }
    else merged.push(change)
  }
  return merged
}

/** Changes with their context, split where more than twice the context lies between. */
function groupChanges(changes: readonly Change[]): readonly (readonly Change[])[] {
  if (changes.every((change) => change.type === 'equal')) return []
  const groups: Change[][] = []
  let group: Change[] = []
  changes.forEach((change, k) => {
    const first = k === 0
    const last = k === changes.length - 1
    if (change.type !== 'equal') {
      group.push(change)
      return
    }
    const size = change.fromEnd - change.from
    if (first)
      group.push({
        ...change,
        from: Math.max(change.from, change.fromEnd - CONTEXT),
        to: Math.max(change.to, change.toEnd - CONTEXT),
      })
    else if (last || size > 2 * CONTEXT) {
      group.push({
        ...change,
        fromEnd: Math.min(change.fromEnd, change.from + CONTEXT),
        toEnd: Math.min(change.toEnd, change.to + CONTEXT),
      })
      if (last) return
      groups.push(group)
      group = [{ ...change, from: change.fromEnd - CONTEXT, to: change.toEnd - CONTEXT }]
    } else group.push(change)
  })
  return [...groups, group]
}

function formatGroup(group: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const first = group[0]!
  const last = group[group.length - 1]!
  const lines = group.flatMap((change) => {
    if (change.type === 'equal') return a.slice(change.from, change.fromEnd).map((line) => ` ${line}`)
    return [
      ...a.slice(change.from, change.fromEnd).map((line) => `-${line}`),
      ...b.slice(change.to, change.toEnd).map((line) => `+${line}`),
    ]
  })
  return `@@ -${formatRange(first.from, last.fromEnd)} +${formatRange(first.to, last.toEnd)} @@\n${lines.join('')}`
}

function formatRange(start: number, end: number): string {
  const length = end - start
  return length === 1 ? String(start + 1) : `${length === 0 ? start : start + 1},${length}`
}
