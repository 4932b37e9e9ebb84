// Errors of an applied object that does not fit its schema. Upstream: structured-merge-diff/v6/typed/validate.go.
import type { Json, JsonObject } from '../../../api/meta.ts'
import type { FieldSchema } from '../../../api/schema/schema.ts'
import { isObject, own } from '../patch/merge-patch.ts'
import { goMapText } from '../patch/strategic-merge-patch.ts'
import { formatElement } from './field-set.ts'
import { elementOf, schemaBelow } from './typed.ts'

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  bytes: 'string',
  time: 'string',
  microTime: 'string',
  boolean: 'boolean',
  integer: 'numeric (int or float)',
  number: 'numeric (int or float)',
}

const fits = (type: string, value: Json): boolean => {
  if (type === 'boolean') return typeof value === 'boolean'
  if (type === 'integer' || type === 'number') return typeof value === 'number'
  return typeof value === 'string'
}

/** Go's %T of an unmarshalled JSON value. */
function goTypeName(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'map[string]interface {}'
}

/** Upstream prints what it found in four ways, by what it wanted. */
function got(wanted: string, value: Json): string {
  if (wanted.startsWith('numeric')) return goTypeName(value)
  if (wanted !== 'string') return `&{${goMapText(value)}}`
  return `&value.valueUnstructured{Value:${typeof value === 'object' ? `${goTypeName(value)}{}` : String(value)}}`
}

const expected = (wanted: string, value: Json): string => `expected ${wanted}, got ${got(wanted, value)}`

/** All errors of a value, each with its path in front: `.spec.replicas: field not declared in schema`. */
export function typeErrors(value: Json, schema: FieldSchema, path = ''): string[] {
  if (value === null) return []
  const scalar = SCALARS[schema.type]
  if (scalar !== undefined) return fits(schema.type, value) ? [] : [`${path}: ${expected(scalar, value)}`]
  if (schema.type === 'list') return listErrors(value, schema, path)
  if (schema.type === 'object' || schema.type === 'map') return mapErrors(value, schema, path)
  return []
}

function mapErrors(value: Json, schema: FieldSchema, path: string): string[] {
  if (!isObject(value)) return [`${path}: ${expected('map', value)}`]
  return Object.keys(value).flatMap((name) => {
    const below = schemaBelow(schema, name)
    if (below === undefined)
      return schema.type === 'object' && schema.definition !== undefined
        ? [`${path}.${name}: field not declared in schema`]
        : []
    return typeErrors(value[name] ?? null, below, `${path}.${name}`)
  })
}

function listErrors(value: Json, schema: FieldSchema, path: string): string[] {
  if (!Array.isArray(value)) return [`${path}: ${expected('list', value)}`]
  const seen = new Set<string>()
  return (value as readonly Json[]).flatMap((item, i) => {
    if (schema.items === undefined) return []
    if (schema.listType !== 'map' && schema.listType !== 'set') return typeErrors(item, schema.items, `${path}[${i}]`)
    const missing = missingKey(item, schema)
    if (missing !== undefined) return [`${path}: element ${i}: ${missing}`]
    const element = elementOf(schema, item)
    const repeated = seen.has(element) ? [`${path}: duplicate entries for key ${formatElement(element)}`] : []
    seen.add(element)
    return [...repeated, ...typeErrors(item, schema.items, path + formatElement(element))]
  })
}

function missingKey(item: Json, schema: FieldSchema): string | undefined {
  if (schema.listType !== 'map') return undefined
  if (!isObject(item)) return 'associative list with keys may not have non-map elements'
  const keys = schema.listMapKeys ?? []
  const lacks = (key: string) =>
    own(item as JsonObject, key) === undefined && schema.items?.definition?.fields.get(key)?.default === undefined
  const missing = keys.find(lacks)
  return missing === undefined
    ? undefined
    : `associative list with keys has an element that omits key field ${JSON.stringify(missing)} (and doesn't have default value)`
}
