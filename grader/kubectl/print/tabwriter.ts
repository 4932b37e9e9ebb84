/** Columns of text. Upstream: Go's text/tabwriter as kubectl uses it (minimum width 6, padding 3, no alignment of the last cell). */

export interface TabOptions {
  readonly minWidth: number
  readonly padding: number
}

/** kubectl get and custom-columns. Upstream: cli-runtime/pkg/printers/tabwriter.go. */
export const GET_TABLE: TabOptions = { minWidth: 6, padding: 3 }
/** kubectl describe and rollout history. Upstream: describe.go (tabbedString). */
export const DESCRIBE_TABLE: TabOptions = { minWidth: 0, padding: 2 }

/**
 * Lines whose cells are separated by tabs, set in columns. A column is a run of neighbouring lines that have a cell
 * there that ends in a tab; text behind the last tab belongs to no column.
 */
export function alignTabs(text: string, { minWidth, padding }: TabOptions): string {
  const lines = text.split('\n').map((line) => line.split('\t'))
  const out: string[] = lines.map(() => '')
  align({ lines, out, minWidth, padding }, 0, lines.length, 0)
  return out.join('\n')
}

interface Work {
  readonly lines: readonly (readonly string[])[]
  readonly out: string[]
  readonly minWidth: number
  readonly padding: number
}

function align(work: Work, from: number, to: number, column: number): void {
  let i = from
  while (i < to) {
    const cells = work.lines[i]!
    if (column >= cells.length - 1) {
      work.out[i] += cells.slice(column).join('')
      i++
      continue
    }
    let end = i
    let width = 0
    while (end < to && column < work.lines[end]!.length - 1) {
      width = Math.max(width, [...work.lines[end]![column]!].length)
      end++
    }
    // A column of empty cells takes no room; Go discards only those of width zero with padding.
    const full = Math.max(width + work.padding, work.minWidth)
    for (let k = i; k < end; k++) {
      const cell = work.lines[k]![column]!
      work.out[k] += cell + ' '.repeat(full - [...cell].length)
    }
    align(work, i, end, column + 1)
    i = end
  }
}
