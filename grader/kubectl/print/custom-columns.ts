/** `-o custom-columns=…`. Upstream: k8s.io/kubectl/pkg/cmd/get/customcolumn.go. */
import type { JsonObject } from '../../api/meta.ts'
import type { Invocation, Session } from '../command.ts'
import { fail } from '../failure.ts'
import { formatGoValue } from '../go-text.ts'
import { findValues } from './jsonpath.ts'
import { JsonPathError, relaxedJsonPath } from './jsonpath-parser.ts'
import { alignTabs, GET_TABLE } from './tabwriter.ts'

export interface CustomColumnsRequest {
  readonly format: string
  readonly argument: string | undefined
  readonly objects: readonly JsonObject[]
}

interface Column {
  readonly header: string
  readonly path: string
}

export function printCustomColumns(
  session: Session,
  { flags }: Invocation,
  { format, argument, objects }: CustomColumnsRequest,
): void {
  if (argument === undefined || argument === '') fail(`${format} format specified but no custom columns given`)
  const columns = format === 'custom-columns' ? columnsOfSpec(argument) : columnsOfFile(session, argument)
  const rows = objects.map((object) => columns.map((column) => cellOf(object, column.path)).join('\t'))
  const head = flags.bool('no-headers') ? [] : [columns.map((column) => column.header).join('\t')]
  const lines = [...head, ...rows]
  if (lines.length > 0) session.out(`${alignTabs(lines.join('\n'), GET_TABLE)}\n`)
}

function columnsOfSpec(spec: string): Column[] {
  return spec.split(',').map((part) => {
    const colon = part.indexOf(':')
    if (colon < 0) fail(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return { header: part.slice(0, colon), path: relaxed(part.slice(colon + 1)) }
  })
}

function columnsOfFile(session: Session, name: string): Column[] {
  const text =
    session.files.read(name) ??
    fail(`error reading custom-columns-file: ${name}, open ${name}: no such file or directory\n`)
  const [headers = '', specs = ''] = text.split('\n')
  const names = headers.trim().split(/\s+/).filter(Boolean)
  const paths = specs.trim().split(/\s+/).filter(Boolean)
  if (names.length === 0) fail('unexpected format error: no headers in the custom-columns file')
  if (names.length !== paths.length)
    fail(`number of headers (${names.length}) and field specifications (${paths.length}) don't match`)
  return names.map((header, i) => ({ header, path: relaxed(paths[i]!) }))
}

function relaxed(path: string): string {
  try {
    return relaxedJsonPath(path)
  } catch (error) {
    if (error instanceof JsonPathError) return fail(error.message)
    throw error
  }
}

function cellOf(object: JsonObject, path: string): string {
  const found = findValues(path, object)
  if (!found.ok) return fail(found.error)
  if (found.values.length === 0) return '<none>'
  return found.values.map(formatGoValue).join(',')
}
