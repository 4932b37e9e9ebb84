/** describe of kinds without a describer of their own. Upstream: describe.go (genericDescriber, printUnstructuredContent). */
import { compareStrings } from '../../api/compare.ts'
import type { Json, JsonObject, KubeObject } from '../../api/meta.ts'
import { isObject } from '../manifest-input.ts'
import { writeHead } from './small-kinds.ts'
import type { Writer } from './writer.ts'

const SHOWN_ABOVE = new Set([
  '.metadata.name',
  '.metadata.namespace',
  '.metadata.labels',
  '.metadata.annotations',
  '.metadata.managedFields',
])

export function describeGeneric(writer: Writer, object: KubeObject): void {
  writeHead(writer, object)
  writeContent(writer, 0, object as unknown as JsonObject, '')
}

function writeContent(writer: Writer, level: number, content: JsonObject, path: string): void {
  for (const field of Object.keys(content).sort(compareStrings)) {
    const value = content[field]
    if (value === undefined || SHOWN_ABOVE.has(`${path}.${field}`)) continue
    writeField(writer, level, { field, value, path: `${path}.${field}` })
  }
}

interface Field {
  readonly field: string
  readonly value: Json
  readonly path: string
}

function writeField(writer: Writer, level: number, { field, value, path }: Field): void {
  const label = labelOf(field)
  if (Array.isArray(value)) {
    writer.write(level, `${label}:\n`)
    for (const child of value as readonly Json[]) {
      if (isObject(child)) writeContent(writer, level + 1, child, path)
      else writer.write(level + 1, `${textOf(child)}\n`)
    }
  } else if (isObject(value)) {
    writer.write(level, `${label}:\n`)
    writeContent(writer, level + 1, value, path)
  } else writer.write(level, `${label}:\t${textOf(value)}\n`)
}

const textOf = (value: Json): string => (value === null ? '<nil>' : String(value))

const ACRONYMS = new Set(['API', 'URL', 'UID', 'OSB', 'GUID'])

/** `apiVersion` → `API Version`. Upstream: smartLabelFor. */
export function labelOf(field: string): string {
  // Upstream leaves names alone that are not made of words, such as keys with dots and dashes.
  if (/[^A-Za-z0-9]/.test(field)) return field
  return (field.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? [field])
    .map((part) => (ACRONYMS.has(part.toUpperCase()) ? part.toUpperCase() : part[0]!.toUpperCase() + part.slice(1)))
    .join(' ')
}
