/** Objects, lists and refusals as HTTP responses. Upstream: apiserver/pkg/endpoints/handlers/responsewriters. */
import type { ObjectList } from '../api/api-client.ts'
import { type ApiStatus, statusToJson } from '../api/api-status.ts'
import type { JsonObject, KubeObject } from '../api/meta.ts'
import { apiVersionOf, type Resource } from '../api/resource-table.ts'
import type { Representation } from './accept.ts'
import { partialOf, tableJson } from './table.ts'

/** What an answer is about: needed to print it. */
export interface AnswerContext {
  readonly representation: Representation
  readonly resource: Resource
  /** Virtual milliseconds since the epoch: ages in tables. */
  readonly now: number
  /** Query parameter includeObject: how much of an object a table row carries. */
  readonly includeObject: string | null
}

const NO_WARNINGS: readonly string[] = []

/** A JSON answer; warnings become Warning headers with code 299. */
export function jsonResponse(
  code: number,
  value: unknown,
  warnings: readonly string[] = NO_WARNINGS,
  type = 'application/json',
): Response {
  const headers = new Headers({ 'Content-Type': type, 'Cache-Control': 'no-cache, private' })
  for (const warning of warnings) headers.append('Warning', warningHeader(warning))
  return new Response(`${JSON.stringify(value)}\n`, { status: code, headers })
}

export function textResponse(code: number, text: string): Response {
  return new Response(text, {
    status: code,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache, private' },
  })
}

/** A refusal as metav1.Status; Retry-After where the client should come back. */
export function statusResponse(status: ApiStatus, warnings: readonly string[] = NO_WARNINGS): Response {
  // Code 0, a server that does not answer, has no HTTP form of its own.
  const response = jsonResponse(status.code === 0 ? 503 : status.code, statusToJson(status), warnings)
  const seconds = status.details?.retryAfterSeconds
  if (seconds !== undefined) response.headers.set('Retry-After', String(seconds))
  return response
}

/** One object in the representation that the client asked for. */
export function objectResponse(
  code: number,
  object: JsonObject,
  context: AnswerContext,
  warnings: readonly string[],
): Response {
  const { representation } = context
  if (representation.as === 'Table')
    return jsonResponse(code, tableJson([object as unknown as KubeObject], {}, context), warnings)
  if (representation.as === 'PartialObjectMetadata')
    return jsonResponse(code, partialOf(object as unknown as KubeObject, representation.version), warnings)
  return jsonResponse(code, object, warnings, contentType(representation))
}

/** A list in the representation that the client asked for. */
export function listResponse(
  list: ObjectList<KubeObject>,
  context: AnswerContext,
  warnings: readonly string[],
): Response {
  const { representation, resource } = context
  const metadata = {
    resourceVersion: list.resourceVersion,
    ...(list.continue === undefined ? {} : { continue: list.continue }),
    ...(list.remainingItemCount === undefined ? {} : { remainingItemCount: list.remainingItemCount }),
  }
  if (representation.as === 'Table') return jsonResponse(200, tableJson(list.items, metadata, context), warnings)
  if (representation.as === 'PartialObjectMetadataList') {
    const { version } = representation
    const items = list.items.map((item) => ({ metadata: item.metadata }))
    return jsonResponse(
      200,
      { kind: representation.as, apiVersion: `meta.k8s.io/${version}`, metadata, items },
      warnings,
    )
  }
  const items = list.items.map(withoutType)
  const value = { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items }
  return jsonResponse(200, value, warnings, contentType(representation))
}

/** Items of a typed list carry no apiVersion and kind. */
function withoutType({ apiVersion: _, kind: __, ...rest }: KubeObject): object {
  return rest
}

// JSON is YAML too: what asks for YAML gets the same text under its own name.
const contentType = (representation: Representation): string =>
  representation.as === 'yaml' ? 'application/yaml' : 'application/json'

/** `299 - "text"`, the text quoted and as UTF-8 bytes, because headers are bytes. Upstream: net.NewWarningHeader. */
function warningHeader(text: string): string {
  const printable = text.replace(/[\p{Cc}]/gu, ' ').replace(/["\\]/g, (c) => `\\${c}`)
  const bytes = new TextEncoder().encode(printable)
  let latin1 = ''
  for (const byte of bytes) latin1 += String.fromCharCode(byte)
  return `299 - "${latin1}"`
}

/** metav1.Status of success: what a delete answers when the object is gone. */
export function successStatus(resource: Resource, object: KubeObject): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  }
}
