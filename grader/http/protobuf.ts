/**
 * Protobuf bodies as kubectl 1.32 and later send them, turned into the JSON object that they stand for.
 * Upstream: apimachinery/pkg/runtime/serializer/protobuf, k8s.io/api (generated.proto).
 */
import type { Json, JsonObject } from '../api/meta.ts'
import { PROTOBUF_FIELDS_JSON } from './generated/protobuf-fields.ts'

export type DecodedProtobuf =
  | { readonly ok: true; readonly value: JsonObject }
  | { readonly ok: false; readonly error: string }

/**
 * Name and type per field number. Types: s text, i integer, b boolean, y bytes, d double, else a message; before it `[]`
 * for a list, `{}` for a map from text, `^` for a struct that Go embeds and JSON spreads out.
 * Simplified: fields that came after kubectl 1.33 are unknown here and skipped.
 */
type Fields = Readonly<Record<string, readonly [name: string, type: string]>>

const PREFIX = [0x6b, 0x38, 0x73, 0x00]
/** Deeper than any kind of ours nests. */
const MAX_DEPTH = 100
const META = 'apimachinery.pkg.apis.meta.v1'

class Malformed extends Error {}

let tables: Readonly<Record<string, Fields>> | undefined

function fieldsOf(message: string): Fields {
  tables ??= JSON.parse(PROTOBUF_FIELDS_JSON) as Record<string, Fields>
  return tables[message] ?? {}
}

/** Decodes a body that starts with `k8s` and a zero byte. Never throws. */
export function decodeProtobuf(bytes: Uint8Array): DecodedProtobuf {
  if (PREFIX.some((byte, i) => bytes[i] !== byte)) {
    return {
      ok: false,
      error: 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    }
  }
  try {
    return { ok: true, value: envelope(bytes.subarray(PREFIX.length)) }
  } catch (failure) {
    if (failure instanceof Malformed) return { ok: false, error: failure.message }
    throw failure
  }
}

/** runtime.Unknown: apiVersion and kind, and the object itself as bytes. */
function envelope(bytes: Uint8Array): JsonObject {
  let type: JsonObject = {}
  let raw = new Uint8Array()
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1 && value instanceof Uint8Array) type = message('apimachinery.pkg.runtime.TypeMeta', value, 0)
    if (number === 2 && value instanceof Uint8Array) raw = value as Uint8Array<ArrayBuffer>
  }
  const apiVersion = String(type.apiVersion ?? '')
  const kind = String(type.kind ?? '')
  const name = messageOfKind(apiVersion, kind)
  if (name === undefined)
    throw new Malformed(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
  return { apiVersion, kind, ...message(name, raw, 0) }
}

function messageOfKind(apiVersion: string, kind: string): string | undefined {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? 'core' : (apiVersion.slice(0, slash).split('.')[0] ?? '')
  const name =
    kind === 'DeleteOptions' ? `${META}.DeleteOptions` : `api.${group}.${apiVersion.slice(slash + 1)}.${kind}`
  return Object.keys(fieldsOf(name)).length === 0 ? undefined : name
}

interface WireField {
  readonly number: number
  readonly value: bigint | Uint8Array
}

function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Malformed('unexpected EOF')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
    throw new Malformed('proto: integer overflow')
  }
  const take = (length: number): Uint8Array => {
    if (length < 0 || at + length > bytes.length) throw new Malformed('unexpected EOF')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const number = Math.floor(tag / 8)
    const wire = tag & 7
    if (wire === 0) yield { number, value: varint() }
    else if (wire === 2) yield { number, value: take(Number(varint())) }
    else if (wire === 1) yield { number, value: take(8) }
    else if (wire === 5) yield { number, value: take(4) }
    else throw new Malformed(`proto: illegal wireType ${wire}`)
  }
}

function message(name: string, bytes: Uint8Array, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw new Malformed('proto: exceeded maximum recursion depth')
  const fields = fieldsOf(name)
  const out: Record<string, Json> = {}
  for (const { number, value } of wireFields(bytes)) {
    const field = fields[number]
    if (field !== undefined) put(out, field, { value, depth })
  }
  return out
}

interface Found {
  readonly value: WireField['value']
  readonly depth: number
}

function put(out: Record<string, Json>, [name, type]: readonly [string, string], { value, depth }: Found): void {
  const inner = type.replace(/^(\[\]|\{\}|\^)/, '')
  if (type.startsWith('[]')) {
    const list = (out[name] ?? []) as Json[]
    list.push(decode(inner, value, depth) ?? null)
    out[name] = list
  } else if (type.startsWith('{}')) {
    const [key, entry] = mapEntry(inner, bytesOf(value), depth)
    const map = (out[name] ?? {}) as Record<string, Json>
    Object.defineProperty(map, key, { value: entry, enumerable: true, configurable: true, writable: true })
    out[name] = map
  } else if (type.startsWith('^')) Object.assign(out, message(inner, bytesOf(value), depth + 1))
  else {
    // Go writes empty texts that JSON leaves out.
    const decoded = decode(inner, value, depth)
    if (decoded !== undefined && decoded !== '') out[name] = decoded
  }
}

function mapEntry(type: string, bytes: Uint8Array, depth: number): readonly [string, Json] {
  let key = ''
  let entry: Json | undefined
  for (const { number, value } of wireFields(bytes)) {
    if (number === 1) key = textOf(bytesOf(value))
    if (number === 2) entry = decode(type, value, depth)
  }
  return [key, entry ?? (type === 's' || type === 'y' ? '' : {})]
}

/** One value; undefined for a moment that is not set. */
function decode(type: string, value: WireField['value'], depth: number): Json | undefined {
  switch (type) {
    case 's':
      return textOf(bytesOf(value))
    case 'y':
      return base64Of(bytesOf(value))
    case 'i':
      return Number(BigInt.asIntN(64, integerOf(value)))
    case 'b':
      return integerOf(value) !== 0n
    case 'd':
      return new DataView(Uint8Array.from(bytesOf(value)).buffer).getFloat64(0, true)
    default:
      return structOf(type, bytesOf(value), depth)
  }
}

/** Messages that are plain values in JSON. */
function structOf(type: string, bytes: Uint8Array, depth: number): Json | undefined {
  const parts = () => new Map([...wireFields(bytes)].map(({ number, value }) => [number, value] as const))
  const text = (number: number) => textOf(bytesOf(parts().get(number) ?? new Uint8Array()))
  switch (type) {
    case `${META}.Time`:
    case `${META}.MicroTime`:
      return timeOf(parts(), type.endsWith('MicroTime'))
    case 'apimachinery.pkg.api.resource.Quantity':
      return text(1) === '' ? '0' : text(1)
    case 'apimachinery.pkg.util.intstr.IntOrString':
      return parts().get(1) === 1n ? text(3) : Number(BigInt.asIntN(64, integerOf(parts().get(2) ?? 0n)))
    case 'apimachinery.pkg.runtime.RawExtension':
    case `${META}.FieldsV1`:
      return rawJson(text(1))
    case 'api.authentication.v1.ExtraValue':
    case 'api.authorization.v1.ExtraValue':
      return [...wireFields(bytes)].map((item) => textOf(bytesOf(item.value)))
    default:
      return message(type, bytes, depth + 1)
  }
}

function timeOf(parts: ReadonlyMap<number, WireField['value']>, micro: boolean): string | undefined {
  const seconds = parts.get(1)
  if (seconds === undefined) return undefined
  const milliseconds = Number(BigInt.asIntN(64, integerOf(seconds))) * 1000
  if (!(Math.abs(milliseconds) <= 8.64e15)) throw new Malformed('time is out of range')
  const text = new Date(milliseconds).toISOString().slice(0, -5)
  if (!micro) return `${text}Z`
  const micros = Math.floor(Number(integerOf(parts.get(2) ?? 0n)) / 1000)
  return `${text}.${String(micros).padStart(6, '0')}Z`
}

function rawJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new Malformed('embedded JSON cannot be read')
  }
}

function bytesOf(value: WireField['value']): Uint8Array {
  if (value instanceof Uint8Array) return value
  throw new Malformed('proto: wrong wireType')
}

function integerOf(value: WireField['value']): bigint {
  if (typeof value === 'bigint') return value
  throw new Malformed('proto: wrong wireType')
}

function base64Of(bytes: Uint8Array): string {
  let binary = ''
  // In pieces, because each byte becomes an argument.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}

const utf8 = new TextDecoder()
const textOf = (bytes: Uint8Array): string => utf8.decode(bytes)
