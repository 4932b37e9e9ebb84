/** Content negotiation. Upstream: k8s.io/apiserver/pkg/endpoints/handlers/negotiation. */
import type { ApiStatus } from '../api/api-status.ts'

/** One entry of an Accept header. */
interface MediaType {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

/** How an answer is to be written. */
export type Representation =
  | { readonly as: 'json' | 'yaml' }
  | { readonly as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'; readonly version: string }
  | { readonly as: 'APIGroupDiscoveryList'; readonly version: string }

export type Negotiated =
  | { readonly ok: true; readonly value: Representation }
  | { readonly ok: false; readonly status: ApiStatus }

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const TRANSFORMS = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'] as const

/** Parses an Accept header, best first; entries of equal quality keep their order. */
function parseAccept(header: string): readonly MediaType[] {
  return header
    .split(',')
    .map((entry) => {
      const [type = '', ...rest] = entry.split(';').map((part) => part.trim())
      const parameters = new Map(
        rest.map((part) => [part.split('=')[0]!.trim(), part.slice(part.indexOf('=') + 1).trim()] as const),
      )
      const quality = Number(parameters.get('q') ?? 1)
      return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 0 : quality }
    })
    .filter((entry) => entry.type !== '')
    .sort((a, b) => b.quality - a.quality)
}

/**
 * The first representation of the Accept header that the endpoint can give; 406 if there is none.
 * Simplified: a client that asks for protobuf gets JSON, which every client library reads by its Content-Type.
 */
export function negotiate(header: string | null, endpoint: 'object' | 'discovery'): Negotiated {
  if (header === null || header.trim() === '') return { ok: true, value: { as: 'json' } }
  for (const entry of parseAccept(header)) {
    const value = representationOf(entry, endpoint)
    if (value !== undefined) return { ok: true, value }
  }
  return { ok: false, status: notAcceptable() }
}

function representationOf(
  { type, parameters }: MediaType,
  endpoint: 'object' | 'discovery',
): Representation | undefined {
  const as = parameters.get('as')
  if (as !== undefined) return type === 'application/json' ? transformOf(as, parameters, endpoint) : undefined
  if (type === 'application/yaml') return { as: 'yaml' }
  return type === 'application/json' || type === '*/*' || type === 'application/*' || type === PROTOBUF
    ? { as: 'json' }
    : undefined
}

function transformOf(
  as: string,
  parameters: ReadonlyMap<string, string>,
  endpoint: string,
): Representation | undefined {
  const group = parameters.get('g')
  const version = parameters.get('v') ?? ''
  if (endpoint === 'discovery') {
    return as === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && version === 'v2'
      ? { as, version }
      : undefined
  }
  if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined
  const known = TRANSFORMS.find((name) => name === as)
  return known === undefined ? undefined : { as: known, version }
}

function notAcceptable(): ApiStatus {
  return {
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: application/json, application/yaml, ${PROTOBUF}`,
  }
}
