// The lines that two texts differ in, as `diff -u` shows them.

const CONTEXT = 2

/** Hunks with two lines around them; empty when the texts are equal. Cost: lines × lines, for manifests. */
export function lineDiff(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  if (head === a.length && head === b.length) return ''
  const middle = align(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  const rows = [
    ...a.slice(0, head).map((line) => ` ${line}`),
    ...middle,
    ...a.slice(a.length - tail).map((line) => ` ${line}`),
  ]
  return hunks(rows)
}

/** The longest common lines stay; ` `, `-` or `+` before each. */
function align(a: readonly string[], b: readonly string[]): string[] {
  const lengths: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  }
  const rows: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push(` ${a[i++]}`)
      j++
    } else if (i < a.length && (j >= b.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) rows.push(`-${a[i++]}`)
    else rows.push(`+${b[j++]}`)
  }
  return rows
}

function hunks(rows: readonly string[]): string {
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some((row) => row[0] !== ' '))
  const lines: string[] = []
  let [old, now] = [1, 1]
  for (let i = 0; i < rows.length; i++) {
    if (near[i] === true && near[i - 1] !== true) {
      const end = near.indexOf(false, i) < 0 ? rows.length : near.indexOf(false, i)
      const hunk = rows.slice(i, end)
      const count = (sign: string) => hunk.filter((row) => row[0] === ' ' || row[0] === sign).length
      lines.push(`@@ -${old},${count('-')} +${now},${count('+')} @@`, ...hunk)
    }
    if (rows[i]![0] !== '+') old++
    if (rows[i]![0] !== '-') now++
  }
  return lines.join('\n')
}
