// The name of a revision: 32-bit FNV-1a over Go's own dump of the template.
// Upstream: pkg/controller/controller_utils.go (ComputeHash), pkg/util/hash, apimachinery/pkg/util/{dump,rand}.
import { compareStrings } from '../../api/compare.ts'
import type { PodTemplateSpec } from '../../api/core.ts'
import type { Json, JsonObject } from '../../api/meta.ts'
import { parseQuantity, ZERO_QUANTITY } from '../../api/quantity.ts'
import { GO_STRUCTS } from './template-schema.ts'

const FNV_OFFSET = 2_166_136_261
const FNV_PRIME = 16_777_619
/** No vowels and no look-alikes. Upstream: rand.SafeEncodeString. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

const hashes = new WeakMap<PodTemplateSpec, Map<number | undefined, string>>()

/** The value of `controller-revision-hash` (and `pod-template-hash`) for a defaulted template. */
export function templateHash(template: PodTemplateSpec, collisionCount?: number): string {
  let known = hashes.get(template)
  if (known === undefined) {
    known = new Map()
    hashes.set(template, known)
  }
  let hash = known.get(collisionCount)
  if (hash === undefined) {
    hash = safeEncode(String(fnv(template, collisionCount)))
    known.set(collisionCount, hash)
  }
  return hash
}

function fnv(template: PodTemplateSpec, collisionCount: number | undefined): number {
  let hash = fnvOfText(FNV_OFFSET, dumpTemplate(template))
  if (collisionCount !== undefined) {
    // Eight bytes, of which Go fills the first four, little-endian.
    for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ (i < 4 ? (collisionCount >>> (8 * i)) & 255 : 0), FNV_PRIME)
  }
  return hash >>> 0
}

function safeEncode(text: string): string {
  let encoded = ''
  for (let i = 0; i < text.length; i++) encoded += ALPHABET[text.charCodeAt(i) % ALPHABET.length]!
  return encoded
}

/** Mixes in the text's UTF-8 bytes; almost every character is ASCII. */
function fnvOfText(start: number, text: string): number {
  let hash = start
  const mix = (byte: number): void => {
    hash = Math.imul(hash ^ byte, FNV_PRIME)
  }
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      hash = Math.imul(hash ^ unit, FNV_PRIME)
      continue
    }
    const code = text.codePointAt(i)!
    if (code < 0x800) mix(0xc0 | (code >> 6))
    else {
      if (code < 0x10000) mix(0xe0 | (code >> 12))
      else {
        i++
        mix(0xf0 | (code >> 18))
        mix(0x80 | ((code >> 12) & 63))
      }
      mix(0x80 | ((code >> 6) & 63))
    }
    mix(0x80 | (code & 63))
  }
  return hash
}

/** Go's dump of the template (`%#v` of spew without addresses), as text. */
export function dumpTemplate(template: PodTemplateSpec): string {
  return `(v1.PodTemplateSpec)${structBody('PodTemplateSpec', template as unknown as JsonObject)}`
}

interface GoField {
  /** `Name:(type)`, as the dump writes it before the value. */
  readonly label: string
  readonly type: string
  /** The JSON field, or undefined if the struct's own fields stand in its parent's JSON object. */
  readonly json: string | undefined
}

const INLINED = new Set(['VolumeSource', 'ProbeHandler', 'LocalObjectReference'])
const JSON_NAMES: Readonly<Record<string, string>> = {
  ObjectMeta: 'metadata',
  DeprecatedServiceAccount: 'serviceaccount',
}
const structs = new Map<string, readonly GoField[]>()

function fieldsOf(struct: string): readonly GoField[] {
  let fields = structs.get(struct)
  if (fields === undefined) {
    fields = GO_STRUCTS[struct]!.split(', ').map((text) => {
      const [name, type = 'string'] = text.split(' ') as [string, string?]
      return {
        label: `${name}:(${typeText(type)})`,
        type,
        json: INLINED.has(name) && name === type ? undefined : (JSON_NAMES[name] ?? name.toLowerCase()),
      }
    })
    structs.set(struct, fields)
  }
  return fields
}

function structBody(struct: string, value: JsonObject): string {
  // Go's field names equal the JSON names up to case.
  const byName = new Map<string, Json | undefined>()
  for (const key in value) byName.set(key.toLowerCase(), value[key])
  let text = '{'
  for (const { label, type, json } of fieldsOf(struct)) {
    if (text.length > 1) text += ' '
    text += label
    text += json === undefined ? structBody(type, value) : bodyOf(type, byName.get(json))
  }
  return `${text}}`
}

const BUILT_IN = new Set(['string', 'bool', 'int32', 'int64', 'map[string]string'])

function typeText(type: string): string {
  const prefix = /^(\*|\[\])*/.exec(type)![0]
  const base = type.slice(prefix.length)
  return prefix + (BUILT_IN.has(base) || base.includes('.') ? base : `v1.${base}`)
}

const ZERO_TIME = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}'

function bodyOf(type: string, value: Json | undefined): string {
  if (type.startsWith('*')) return value == null ? '<nil>' : bodyOf(type.slice(1), value)
  if (type.startsWith('[]')) return listBody(type.slice(2), value as readonly Json[] | null | undefined)
  switch (type) {
    case 'map[string]string':
      return mapBody(value as JsonObject | null | undefined, String)
    case 'ResourceList':
      return mapBody(value as JsonObject | null | undefined, quantityBody)
    case 'Time':
      return ZERO_TIME
    case 'bool':
      return value === true ? 'true' : 'false'
    case 'int32':
    case 'int64':
      return String(value ?? 0)
    case 'intstr.IntOrString':
      return intOrStringBody(value as number | string | undefined)
    case 'resource.Quantity':
      return quantityBody(value)
    default:
      if (type in GO_STRUCTS) return structBody(type, (value ?? {}) as JsonObject)
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
  }
}

function listBody(type: string, items: readonly Json[] | null | undefined): string {
  if (items == null || items.length === 0) return '<nil>'
  return `[${items.map((item) => bodyOf(type, item)).join(' ')}]`
}

function mapBody(map: JsonObject | null | undefined, body: (value: Json | undefined) => string): string {
  const keys = map == null ? [] : Object.keys(map).sort(compareStrings)
  if (keys.length === 0) return '<nil>'
  return `map[${keys.map((key) => `${key}:${body(map![key])}`).join(' ')}]`
}

function intOrStringBody(value: number | string | undefined): string {
  const [type, number, text] = typeof value === 'string' ? [1, 0, value] : [0, value ?? 0, '']
  return `{Type:(intstr.Type)${type} IntVal:(int32)${number} StrVal:(string)${text}}`
}

/** Simplified: amounts beyond 64 bits, which Go dumps in another form, are dumped like all others. */
function quantityBody(value: Json | undefined): string {
  const parsed = parseQuantity(String(value ?? '0'))
  const q = parsed.ok ? parsed.value : ZERO_QUANTITY
  const amount = `{value:(int64)${q.mantissa} scale:(resource.Scale)${q.exponent}}`
  const text = q.text ?? ''
  // An absent quantity is Go's zero value, which has no format yet.
  const format = value === undefined ? '' : q.format
  return `{i:(resource.int64Amount)${amount} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${value === undefined ? '' : text} Format:(resource.Format)${format}}`
}
