/**
 * The API server's decoding of a request body: strict errors, type errors in Go's words, and the object as Go would print
 * it again (unknown fields and nulls dropped, empty values dropped where Go omits them, quantities in canonical form).
 * Upstream: sigs.k8s.io/json, k8s.io/apimachinery/pkg/runtime/serializer/json and (for patches) runtime/converter.go.
 */
import type { FieldPath } from '../field-path.ts'
import type { Json, JsonObject } from '../meta.ts'
import { formatQuantity, parseQuantity } from '../quantity.ts'
import { embeddedStruct, goItemTypeOf, goTypeOf, isNamedString } from './go-types.ts'
import type { Definition, FieldSchema } from './schema.ts'
import { definitionOf } from './schema.ts'
import { decodeTime } from './time.ts'
import { firstBadBase64, isOmitted, zeroItem, zerosOf } from './zero.ts'

/** A field that strict validation complains of; the object is usable without it. */
export interface StrictError {
  readonly type: 'unknown' | 'duplicate'
  readonly path: FieldPath
  /** `unknown field "spec.replicas"`. */
  readonly text: string
}

/** Why the body is no such object at all. */
export interface DecodeError {
  /** What Go says: `json: cannot unmarshal string into Go struct field …`. */
  readonly text: string
  readonly path: FieldPath
  /** The Go type that was wanted, and what was found instead; absent for a value of the right type that does not parse. */
  readonly wanted?: string
  readonly found?: string
}

export interface Decoded {
  readonly object: JsonObject
  readonly strictErrors: readonly StrictError[]
  readonly error?: DecodeError
}

export interface DecodeOptions {
  /**
   * `json` (default): a body. `unstructured`: the object that a strategic merge patch made; type errors read differently
   * and the first one ends the decoding.
   */
  readonly source?: 'json' | 'unstructured'
  /** Keys that occur more than once, per object, as the JSON parser found them. */
  readonly duplicates?: ReadonlyMap<object, readonly string[]>
}

const MAX_STRICT_ERRORS = 100

/** Ends the decoding at once; caught in decodeInto. */
class Fatal extends Error {}

/**
 * Decodes a body into the kind that it names, or undefined if the tables do not know that kind. Never throws.
 */
export function decodeObject(body: JsonObject, options: DecodeOptions = {}): Decoded | undefined {
  const { apiVersion, kind } = body
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined
  const definition = definitionOf(apiVersion, kind)
  return definition === undefined ? undefined : decodeInto(definition, body, options)
}

/** Decodes a body into the given definition. Never throws. */
export function decodeInto(definition: Definition, body: JsonObject, options: DecodeOptions = {}): Decoded {
  const decoder = new Decoder(options)
  try {
    const object = decoder.struct(definition, body)
    return decoder.result(object)
  } catch (error) {
    if (error instanceof Fatal) return decoder.result({})
    throw error
  }
}

/** `strict decoding error: unknown field "a", unknown field "b"`. Upstream: runtime.NewStrictDecodingError. */
export function formatStrictErrors(errors: readonly StrictError[]): string {
  return `strict decoding error: ${errors.map((error) => error.text).join(', ')}`
}

/** The server's 400 text. Upstream: transformDecodeError in k8s.io/apiserver/pkg/endpoints/handlers/rest.go. */
export function formatDecodeRefusal(kind: { readonly kind: string; readonly version: string }, detail: string): string {
  return `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${detail}`
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function foundWord(value: Json): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return value === null ? 'null' : typeof value
}

const GO_KINDS: Readonly<Record<string, string>> = { array: 'slice', object: 'map', bool: 'bool', string: 'string' }
const goKindOf = (value: Json): string =>
  typeof value === 'number'
    ? Number.isInteger(value)
      ? 'int64'
      : 'float64'
    : (GO_KINDS[foundWord(value)] ?? 'interface')

/** Where the decoder stands: whose field, which field, and whether inside one of its items. */
interface Place {
  readonly owner: Definition
  readonly field: FieldSchema
  readonly item: boolean
}

class Decoder {
  private readonly unstructured: boolean
  private readonly duplicates: ReadonlyMap<object, readonly string[]> | undefined
  private readonly strictErrors: StrictError[] = []
  private readonly seen = new Set<string>()
  private error: DecodeError | undefined
  /** Go's own path: names only, with embedded structs. */
  private readonly goPath: string[] = []
  private path: FieldPath = ''
  private place: Place | undefined

  constructor(options: DecodeOptions) {
    this.unstructured = options.source === 'unstructured'
    this.duplicates = options.duplicates
  }

  result(object: JsonObject): Decoded {
    const { strictErrors, error } = this
    return error === undefined ? { object, strictErrors } : { object, strictErrors, error }
  }

  /** A struct; the input itself if it is already as Go would print it. */
  struct(definition: Definition, value: JsonObject): JsonObject {
    let changed = false
    const out: Record<string, Json> = {}
    for (const key in value) {
      const raw = value[key]
      if (raw === undefined) continue
      const field = definition.fields.get(key)
      if (field === undefined) {
        this.strict('unknown', key)
        changed = true
        continue
      }
      const decoded = raw === null ? undefined : this.field(definition, field, raw)
      if (decoded === undefined || isOmitted(definition, field, decoded)) changed = true
      else {
        out[key] = decoded
        if (decoded !== raw) changed = true
      }
    }
    for (const key of this.duplicates?.get(value) ?? []) this.strict('duplicate', key)
    for (const [name, zero] of zerosOf(definition)) {
      if (out[name] !== undefined) continue
      out[name] = zero
      changed = true
    }
    return changed ? out : value
  }

  private strict(type: 'unknown' | 'duplicate', key: string): void {
    const path = this.path === '' ? key : `${this.path}.${key}`
    const text = `${type} field "${path}"`
    if (this.strictErrors.length >= MAX_STRICT_ERRORS || this.seen.has(text)) return
    this.seen.add(text)
    this.strictErrors.push({ type, path, text })
  }

  private field(owner: Definition, field: FieldSchema, value: Json): Json | undefined {
    const { path, place } = this
    const depth = this.goPath.length
    const embedded = embeddedStruct(owner.struct, field.name)
    if (embedded !== undefined) this.goPath.push(embedded)
    this.goPath.push(field.name)
    this.path = path === '' ? field.name : `${path}.${field.name}`
    this.place = { owner, field, item: false }
    const decoded = this.value(field, value)
    this.path = path
    this.place = place
    this.goPath.length = depth
    return decoded
  }

  private value(schema: FieldSchema, value: Json): Json | undefined {
    switch (schema.type) {
      case 'object':
        if (!isObject(value)) return this.mismatch(value)
        return schema.definition === undefined ? value : this.struct(schema.definition, value)
      case 'list':
        return Array.isArray(value) ? this.list(schema, value) : this.mismatch(value)
      case 'map':
        return isObject(value) ? this.map(schema, value) : this.mismatch(value)
      case 'string':
        return typeof value === 'string' ? value : this.mismatch(value)
      case 'boolean':
        return typeof value === 'boolean' ? value : this.mismatch(value)
      case 'integer':
        return typeof value === 'number' ? this.integer(schema.format, value) : this.mismatch(value)
      case 'number':
        return typeof value === 'number' ? value : this.mismatch(value)
      case 'bytes':
        return typeof value === 'string' ? this.bytes(value) : this.mismatch(value)
      default:
        return this.custom(schema, value)
    }
  }

  /** Values that upstream decodes with code of their own: one that does not parse ends the decoding. */
  private custom(schema: FieldSchema, value: Json): Json {
    switch (schema.type) {
      case 'quantity':
        return this.quantity(value)
      case 'intOrString':
        return this.intOrString(value)
      case 'time':
      case 'microTime': {
        if (typeof value !== 'string') return this.fatalType(foundWord(value), 'string')
        const time = decodeTime(value, schema.type === 'microTime')
        return time.ok ? time.value : this.fatal(time.error)
      }
      default:
        return value
    }
  }

  private list(schema: FieldSchema, values: readonly Json[]): readonly Json[] {
    const items = schema.items
    if (items === undefined) return values
    const { path, place } = this
    let changed = false
    const out = values.map((value, i) => {
      this.path = `${path}[${i}]`
      const decoded = this.item(items, value, place)
      if (decoded !== value) changed = true
      return decoded
    })
    this.path = path
    this.place = place
    return changed ? out : values
  }

  private map(schema: FieldSchema, values: JsonObject): JsonObject {
    const items = schema.items
    if (items === undefined) return values
    const { path, place } = this
    const out: Record<string, Json> = {}
    let changed = false
    for (const key in values) {
      const value = values[key]
      if (value === undefined) continue
      this.path = `${path}[${key}]`
      const decoded = this.item(items, value, place)
      setOwn(out, key, decoded)
      if (decoded !== value) changed = true
    }
    this.path = path
    this.place = place
    return changed ? out : values
  }

  /** A null inside a list or map is the item's zero value. */
  private item(items: FieldSchema, value: Json, place: Place | undefined): Json {
    if (value === null) return zeroItem(items)
    if (place !== undefined) this.place = { owner: place.owner, field: place.field, item: true }
    return this.value(items, value) ?? zeroItem(items)
  }

  private integer(format: string | undefined, value: number): number | undefined {
    const fits = format === 'int32' ? value === (value | 0) : Number.isInteger(value) && Math.abs(value) <= 2 ** 63
    if (fits) return value === 0 ? 0 : value
    // Upstream's converter cuts an int64 down without a word.
    if (this.unstructured && Number.isInteger(value)) return value | 0
    return this.mismatch(value, `number ${value}`)
  }

  private bytes(value: string): string | undefined {
    const at = firstBadBase64(value)
    if (at < 0) return value
    this.error ??= { text: `illegal base64 data at input byte ${at}`, path: this.path }
    return undefined
  }

  private quantity(value: Json): string {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const parsed = parseQuantity(text.trim())
    return parsed.ok ? formatQuantity(parsed.value) : this.fatal(parsed.error)
  }

  private intOrString(value: Json): Json {
    if (typeof value === 'string') return value
    if (typeof value === 'number' && value === (value | 0)) return value
    return this.fatalType(typeof value === 'number' ? `number ${value}` : foundWord(value), 'int32')
  }

  /** Go keeps the first type error and goes on; the converter of patches stops there. */
  private mismatch(value: Json, found: string = foundWord(value)): undefined {
    const { owner, field, item } = this.place!
    const wanted = item ? goItemTypeOf(owner, field) : goTypeOf(owner, field)
    if (this.unstructured) this.fatal(formatConversionError(wanted, value), wanted, found)
    this.error ??= { text: this.typeText(found, wanted), path: this.path, wanted, found }
    return undefined
  }

  private typeText(found: string, wanted: string): string {
    const struct = this.place?.owner.struct ?? ''
    return `json: cannot unmarshal ${found} into Go struct field ${struct}.${this.goPath.join('.')} of type ${wanted}`
  }

  private fatalType(found: string, wanted: string): never {
    const plain = `json: cannot unmarshal ${found} into Go value of type ${wanted}`
    return this.fatal(this.unstructured ? plain : this.typeText(found, wanted), wanted, found)
  }

  private fatal(text: string, wanted?: string, found?: string): never {
    this.error = {
      text,
      path: this.path,
      ...(wanted === undefined ? {} : { wanted }),
      ...(found === undefined ? {} : { found }),
    }
    throw new Fatal()
  }
}

/** The words of runtime/converter.go for a value that does not fit the Go type. */
function formatConversionError(wanted: string, value: Json): string {
  const kind = goKindOf(value)
  if (wanted.startsWith('[]')) return `cannot restore slice from ${kind}`
  if (wanted.startsWith('map[') || wanted === 'v1.ResourceList') return `cannot restore map from ${kind}`
  if (/^(int|float)/.test(wanted)) {
    return kind === 'float64' ? `cannot convert float64 to ${wanted}` : `unrecognized type: ${wanted}`
  }
  if (wanted === 'bool') return 'unrecognized type: bool'
  // A number converts to a string in Go (as a code point), which upstream refuses by name; nothing else converts.
  const isText = wanted === 'string' || isNamedString(wanted)
  if (!isText) return `cannot restore struct from: ${kind}`
  return kind === 'int64' ? `cannot convert int64 to ${wanted}` : 'unrecognized type: string'
}

/** `__proto__` is a key like any other. */
function setOwn(out: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true })
  else out[key] = value
}
