/**
 * What Go's encoder writes for empty values: fields with `omitempty` vanish, others are printed with their zero value.
 * OpenAPI shows the difference: a required scalar or a struct by value carries a zero default.
 */
import type { Json, JsonObject } from '../meta.ts'
import { isPointer } from './go-types.ts'
import type { Definition, FieldSchema } from './schema.ts'

type Zeros = readonly (readonly [name: string, zero: Json])[]

const zeroFields = new WeakMap<Definition, Zeros>()
const zeroStructs = new WeakMap<Definition, JsonObject>()

/** The fields that Go prints even when nobody set them, with what it prints. */
export function zerosOf(definition: Definition): Zeros {
  const known = zeroFields.get(definition)
  if (known !== undefined) return known
  const zeros: (readonly [string, Json])[] = []
  for (const field of definition.fields.values()) {
    const zero = zeroOfField(definition, field)
    if (zero !== undefined) zeros.push([field.name, zero])
  }
  zeroFields.set(definition, zeros)
  return zeros
}

function zeroOfField(owner: Definition, field: FieldSchema): Json | undefined {
  if (field.type === 'object')
    return field.default === undefined || field.definition === undefined ? undefined : zeroStruct(field.definition)
  // A struct by value although OpenAPI gives it no default.
  if (field.type === 'quantity' && owner.struct === 'ResourceFieldSelector') return '0'
  if (!field.required) return undefined
  return field.default === '' || field.default === 0 || field.default === false ? field.default : undefined
}

/** A struct in which nothing is set. */
export function zeroStruct(definition: Definition): JsonObject {
  const known = zeroStructs.get(definition)
  if (known !== undefined) return known
  const zero: JsonObject = Object.fromEntries(zerosOf(definition))
  zeroStructs.set(definition, zero)
  return zero
}

const ITEM_ZEROS: Readonly<Record<string, Json>> = {
  string: '',
  boolean: false,
  integer: 0,
  number: 0,
  quantity: '0',
  intOrString: 0,
  bytes: '',
}

/** What a null among the items of a list or map becomes. */
export function zeroItem(items: FieldSchema): Json {
  if (items.type === 'object') return items.definition === undefined ? {} : zeroStruct(items.definition)
  return ITEM_ZEROS[items.type] ?? null
}

/** Whether Go leaves the value out: an empty one of a field with `omitempty` that is no pointer. */
export function isOmitted(owner: Definition, field: FieldSchema, value: Json): boolean {
  if (field.required) return false
  switch (field.type) {
    case 'string':
    case 'boolean':
    case 'integer':
    case 'number':
      return (value === '' || value === 0 || value === false) && !isPointer(owner.struct, field.name)
    case 'list':
      return (value as readonly Json[]).length === 0
    case 'map':
      return isEmpty(value as JsonObject)
    default:
      return false
  }
}

function isEmpty(value: JsonObject): boolean {
  for (const _ in value) return false
  return true
}

/** The offset of the first byte that is no standard base64, or -1. Upstream: encoding/base64 CorruptInputError. */
export function firstBadBase64(text: string): number {
  let digits = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '\n' || c === '\r') continue
    if (/[A-Za-z0-9+/]/.test(c)) {
      digits++
      continue
    }
    if (c !== '=' || digits % 4 < 2) return i
    return badPadding(text, i, digits % 4)
  }
  return digits % 4 === 0 ? -1 : text.length - (digits % 4)
}

function badPadding(text: string, at: number, have: number): number {
  const rest = [...text.slice(at)].filter((c) => c !== '\n' && c !== '\r').join('')
  const wanted = '='.repeat(4 - have)
  if (rest === wanted) return -1
  return rest.startsWith(wanted) ? at + wanted.length : text.length
}
