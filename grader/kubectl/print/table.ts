/** Tables of `kubectl get`: the server's columns plus what the flags add. Upstream: cli-runtime/pkg/printers/tableprinter.go. */
import { compareStrings } from '../../api/compare.ts'
import type { KubeObject } from '../../api/meta.ts'
import { tableOf } from '../../api/printers/table.ts'
import type { Resource } from '../../api/resource-table.ts'
import { kindNameOf } from '../resource-argument.ts'
import { alignTabs, GET_TABLE } from './tabwriter.ts'

export interface TableOptions {
  readonly wide: boolean
  readonly noHeaders: boolean
  readonly withNamespace: boolean
  readonly withKind: boolean
  readonly showLabels: boolean
  readonly labelColumns: readonly string[]
  readonly now: number
}

/** Header (unless left out) and rows, cells joined by tabs. */
export function tableLines(resource: Resource, objects: readonly KubeObject[], options: TableOptions): string[] {
  const table = tableOf(resource, objects, options.now)
  const shown = table.columnDefinitions.map((column) => options.wide || column.priority === 0)
  const lines = table.rows.map((row) => {
    const cells = row.cells.filter((_, i) => shown[i] === true).map((cell) => oneLine(String(cell)))
    if (options.withKind) cells[0] = `${kindNameOf(resource)}/${cells[0]}`
    const { namespace } = row.object.metadata
    const front = options.withNamespace ? [namespace ?? ''] : []
    return [...front, ...cells, ...labelCells(row.object, options)].join('\t')
  })
  if (options.noHeaders) return lines
  const names = table.columnDefinitions.filter((_, i) => shown[i] === true).map((column) => column.name.toUpperCase())
  const labels = options.labelColumns.map((label) => label.slice(label.lastIndexOf('/') + 1).toUpperCase())
  const head = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...names,
    ...labels,
    ...(options.showLabels ? ['LABELS'] : []),
  ]
  return [head.join('\t'), ...lines]
}

/** The table as kubectl prints it, or '' for no lines. */
export function formatLines(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${alignTabs(lines.join('\n'), GET_TABLE)}\n`
}

/** Upstream: a cell shows its first line only. */
function oneLine(cell: string): string {
  const end = cell.search(/[\f\n\r]/)
  return (end < 0 ? cell : `${cell.slice(0, end)}...`).replaceAll('\t', ' ')
}

function labelCells(object: KubeObject, options: TableOptions): string[] {
  const labels = object.metadata.labels ?? {}
  const columns = options.labelColumns.map((label) => (Object.hasOwn(labels, label) ? labels[label]! : '<none>'))
  if (!options.showLabels) return columns
  const keys = Object.keys(labels).sort(compareStrings)
  return [...columns, keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels[key]}`).join(',')]
}
