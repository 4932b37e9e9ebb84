/** Request bodies: bounded reading, content types, decoding to objects and patches. Upstream: apiserver/pkg/endpoints/handlers/{rest,create,patch}.go. */
import type { Patch } from '../api/api-client.ts'
import { type ApiStatus, badRequestStatus } from '../api/api-status.ts'
import { parseJsonBody } from '../api/json.ts'
import type { JsonObject } from '../api/meta.ts'
import { decodeProtobuf } from './protobuf.ts'
import { accepted, denied, type Parsed } from './query-options.ts'

/** The server reads no more of a body than this. */
export const MAX_BODY_BYTES = 3_145_728
const MAX_JSON_PATCH_OPERATIONS = 10_000
const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** Turns a YAML text into a JSON text, or tells why it cannot. Given to the handler, which may not read YAML itself. */
export type YamlToJson = (
  text: string,
) => { readonly ok: true; readonly json: string } | { readonly ok: false; readonly error: string }

export interface Body {
  /** Empty for protobuf. */
  readonly text: string
  /** The body as it came, for protobuf only. */
  readonly protobuf?: Uint8Array
  /** Without parameters, in lower case; empty if the client sent none. */
  readonly mediaType: string
}

/** Reads the body up to the limit; 413 beyond it. A body that breaks off is a bad request. */
export async function readBody(request: Request): Promise<Parsed<Body>> {
  const mediaType = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (request.body === null) return accepted({ text: '', mediaType })
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      if (size > MAX_BODY_BYTES) {
        void reader.cancel().catch(() => {})
        return denied(tooLarge(`limit is ${MAX_BODY_BYTES}`))
      }
      chunks.push(value)
    }
  } catch {
    return denied(badRequestStatus('unexpected EOF'))
  }
  const bytes = joined(chunks, size)
  if (mediaType === PROTOBUF) return accepted({ text: '', protobuf: bytes, mediaType })
  return accepted({ text: new TextDecoder().decode(bytes), mediaType })
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

export function tooLarge(detail: string): ApiStatus {
  return { code: 413, reason: 'RequestEntityTooLarge', message: `Request entity too large: ${detail}` }
}

function unsupportedMediaType(types: readonly string[]): ApiStatus {
  return {
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  }
}

export interface DecodedObject {
  readonly object: JsonObject
  /** Keys that the text has more than once, per object of the value; the last one counts. */
  readonly duplicates: ReadonlyMap<object, readonly string[]>
}

const OBJECT_TYPES = ['application/json', 'application/yaml', PROTOBUF]
/** What encoding/json calls the struct that apimachinery reads apiVersion and kind into. */
const KIND_STRUCT =
  'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

/** The object of a create or update. `kind` is what must come out, as the refusal names it. */
export function decodeObject(
  { text, protobuf, mediaType }: Body,
  kind: string,
  yaml: YamlToJson | undefined,
): Parsed<DecodedObject> {
  if (protobuf !== undefined) return fromProtobuf(protobuf, kind)
  const isYaml = mediaType === 'application/yaml' && yaml !== undefined
  if (!isYaml && mediaType !== '' && mediaType !== 'application/json' && mediaType !== '*/*')
    return denied(unsupportedMediaType(OBJECT_TYPES))
  const unrecognized = (error: string) =>
    denied(
      badRequestStatus(
        `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${error} (${summarize(text)})`,
      ),
    )
  const json = isYaml ? yaml(text) : ({ ok: true, json: text } as const)
  if (!json.ok) return unrecognized(`error converting YAML to JSON: ${json.error}`)
  const parsed = parseJsonBody(json.json)
  if (parsed.type === 'error') return unrecognized(parsed.error)
  const { value, duplicates } = parsed
  if (value === null) return accepted({ object: {}, duplicates })
  if (!isObject(value)) return unrecognized(cannotUnmarshal(value, KIND_STRUCT))
  for (const field of ['apiVersion', 'kind']) {
    const given = value[field]
    if (given !== undefined && given !== null && typeof given !== 'string') {
      return unrecognized(`json: cannot unmarshal ${goName(given)} into Go struct field .${field} of type string`)
    }
  }
  return accepted({ object: value, duplicates })
}

function fromProtobuf(bytes: Uint8Array, kind: string): Parsed<DecodedObject> {
  const decoded = decodeProtobuf(bytes)
  if (decoded.ok) return accepted({ object: decoded.value, duplicates: new Map() })
  return denied(badRequestStatus(`the object provided is unrecognized (must be of type ${kind}): ${decoded.error}`))
}

/** The beginning of a body as refusals show it. Upstream: summarizeData. */
function summarize(text: string): string {
  if (text === '') return '<empty>'
  const max = 30
  const bytes = new TextEncoder().encode(text)
  if (text.startsWith('{')) return bytes.length > max ? `${new TextDecoder().decode(bytes.subarray(0, max))} ...` : text
  const hex = [...bytes.subarray(0, max)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length > max ? `${hex}...` : hex
}

const PATCH_TYPES: Readonly<Record<string, Patch['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}
const MAP = 'Go value of type map[string]interface {}'

/** The patch of a PATCH request. `force` is the query parameter of server-side apply. */
export function decodePatch(
  { text, mediaType }: Body,
  force: boolean | undefined,
  yaml: YamlToJson | undefined,
): Parsed<Patch> {
  const type = Object.hasOwn(PATCH_TYPES, mediaType) ? PATCH_TYPES[mediaType] : undefined
  if (type === undefined) return denied(unsupportedMediaType(Object.keys(PATCH_TYPES)))
  if (type === 'apply') return decodeApply(text, force, yaml)
  const parsed = parseJsonBody(text)
  if (parsed.type === 'error') return denied(badRequestStatus(type === 'merge' ? 'Invalid JSON Patch' : parsed.error))
  const { value } = parsed
  if (type === 'json') return jsonPatchOf(value)
  if (!isObject(value))
    return denied(badRequestStatus(type === 'merge' ? 'Invalid JSON Patch' : cannotUnmarshal(value, MAP)))
  return accepted({ type, body: value })
}

function jsonPatchOf(value: unknown): Parsed<Patch> {
  if (!Array.isArray(value)) return denied(badRequestStatus(cannotUnmarshal(value, 'Go value of type jsonpatch.Patch')))
  if (value.length > MAX_JSON_PATCH_OPERATIONS) {
    return denied(
      tooLarge(`The allowed maximum operations in a JSON patch is ${MAX_JSON_PATCH_OPERATIONS}, got ${value.length}`),
    )
  }
  const wrong: unknown = value.find((operation) => !isObject(operation))
  if (wrong !== undefined)
    return denied(badRequestStatus(cannotUnmarshal(wrong, 'Go value of type jsonpatch.Operation')))
  return accepted({ type: 'json', body: value as readonly JsonObject[] })
}

function decodeApply(text: string, force: boolean | undefined, yaml: YamlToJson | undefined): Parsed<Patch> {
  // kubectl sends JSON, which is YAML too; a text that is none goes to the YAML reader.
  const direct = parseJsonBody(text)
  const converted = direct.type === 'value' || yaml === undefined ? undefined : yaml(text)
  if (converted?.ok === false) return denied(badRequestStatus(`error decoding YAML: ${converted.error}`))
  const parsed = converted === undefined ? direct : parseJsonBody(converted.json)
  if (parsed.type === 'error') return denied(badRequestStatus(`error decoding YAML: ${parsed.error}`))
  const { value } = parsed
  if (!isObject(value)) return denied(badRequestStatus(`error decoding YAML: ${cannotUnmarshal(value, MAP)}`))
  return accepted({ type: 'apply', body: value, ...(force === undefined ? {} : { force }) })
}

/** The body of a delete: DeleteOptions, or nothing. */
export function decodeDeleteOptions(body: Body, yaml: YamlToJson | undefined): Parsed<JsonObject> {
  if (body.text.trim() === '' && (body.protobuf?.length ?? 0) === 0) return accepted({})
  const decoded = decodeObject(body, 'DeleteOptions', yaml)
  return decoded.ok ? accepted(decoded.value.object) : decoded
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const cannotUnmarshal = (value: unknown, into: string): string => `json: cannot unmarshal ${goName(value)} into ${into}`

/** What encoding/json calls a JSON value. */
function goName(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? 'array' : typeof value
}
