/**
 * /openapi/v3: an index, and one document per group and version, made from the schema tables. `kubectl explain` reads
 * the descriptions; `kubectl apply` reads merge keys, and whether PATCH takes fieldValidation.
 * Upstream: k8s.io/kube-openapi/pkg/handler3.
 */
import { apiVersionOf, type Resource } from '../api/resource-table.ts'
import { definitionsBehind, openApiSchema } from '../api/schema/openapi.ts'
import { definitionOf } from '../api/schema/schema.ts'
import { jsonResponse, textResponse } from './answer.ts'
import { pathsOf } from './openapi-paths.ts'
import { GROUP_VERSIONS, SERVED } from './routes.ts'

const REF = '#/components/schemas/'
/** Definitions that clients look for in every group. */
const SHARED = ['DeleteOptions', 'Status', 'WatchEvent', 'Patch'].map(
  (name) => `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`,
)

interface OpenApiText {
  readonly text: string
  /** Says when a client's copy is stale. */
  readonly hash: string
}

const texts = new Map<string, OpenApiText>()

const pathOf = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`

/** GET /openapi/v3: where the document of each group and version is. */
export function openApiV3Index(): Response {
  const paths = Object.fromEntries(
    GROUP_VERSIONS.map((gv) => {
      const path = pathOf(gv)
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${textOf(gv).hash}` }]
    }),
  )
  return jsonResponse(200, { paths })
}

/** GET /openapi/v3/PATH: the document, for good: its address carries its hash. 404 for what is not served. */
export function openApiV3Document(path: string): Response {
  const gv = GROUP_VERSIONS.find((candidate) => pathOf(candidate) === path)
  if (gv === undefined) return textResponse(404, '404 page not found\n')
  const { text, hash } = textOf(gv)
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'public, immutable',
    Etag: `"${hash}"`,
    Vary: 'Accept',
  }
  return new Response(text, { status: 200, headers })
}

const V2_PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
/** The @ of the request is no character of a media type; upstream answers with a dot. */
const V2_PROTOBUF_ANSWER = V2_PROTOBUF.replace('@', '.')

/**
 * GET /openapi/v2: a document without paths and definitions, so that kubectl, which asks here when v3 does not know a
 * kind, learns that it is not served. Simplified: everything that is served is in v3 alone.
 */
export function openApiV2Document(accept: string | null): Response {
  if (accept?.includes(V2_PROTOBUF) !== true) {
    return jsonResponse(200, { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.35.6' }, paths: {} })
  }
  const info = [...protobufText(1, 'Kubernetes'), ...protobufText(2, 'v1.35.6')]
  const document = [...protobufText(1, '2.0'), ...protobufField(2, info), ...protobufField(8, [])]
  return new Response(Uint8Array.from(document), { status: 200, headers: { 'Content-Type': V2_PROTOBUF_ANSWER } })
}

/** A field with a length below 128: number and wire type, length, bytes. */
const protobufField = (number: number, bytes: readonly number[]): readonly number[] => [
  number * 8 + 2,
  bytes.length,
  ...bytes,
]
const protobufText = (number: number, text: string): readonly number[] =>
  protobufField(number, [...new TextEncoder().encode(text)])

function textOf(gv: { readonly group: string; readonly version: string }): OpenApiText {
  const path = pathOf(gv)
  let known = texts.get(path)
  if (known === undefined) {
    const resources = SERVED.filter(
      (resource) =>
        resource.group === gv.group && resource.version === gv.version && definitionNames(resource).length > 0,
    )
    const text = JSON.stringify(documentOf(resources))
    known = { text, hash: hashOf(text) }
    texts.set(path, known)
  }
  return known
}

function documentOf(resources: readonly Resource[]): object {
  const names = definitionsBehind([...SHARED, ...resources.flatMap(definitionNames)])
  const schemas = Object.fromEntries(names.map((name) => [name, openApiSchema(name)]))
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.6' },
    paths: Object.assign({}, ...resources.map((resource) => pathsOf(resource, refOf))),
    components: { schemas },
  }
}

function refOf(kind: { readonly apiVersion: string; readonly kind: string }): string | undefined {
  const name = definitionName(kind)
  return name === undefined ? undefined : `${REF}${name}`
}

const SUBRESOURCE_KINDS: readonly (readonly [string, string])[] = [
  ['autoscaling/v1', 'Scale'],
  ['policy/v1', 'Eviction'],
  ['v1', 'Binding'],
  ['authentication.k8s.io/v1', 'TokenRequest'],
]

function definitionName({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string
  readonly kind: string
}): string | undefined {
  return definitionOf(apiVersion, kind)?.name
}

function definitionNames(resource: Resource): readonly string[] {
  const own = [resource.kind, `${resource.kind}List`].map((kind) =>
    definitionName({ apiVersion: apiVersionOf(resource), kind }),
  )
  const others = SUBRESOURCE_KINDS.filter(([, kind]) =>
    resource.subresources.some((name) => kind.toLowerCase().startsWith(name)),
  )
  return [...own, ...others.map(([apiVersion, kind]) => definitionName({ apiVersion, kind }))].filter(
    (name) => name !== undefined,
  )
}

/** FNV-1a, 64 bits: enough to tell documents apart. */
function hashOf(text: string): string {
  let a = 0x811c9dc5
  let b = 0xcbf29ce4
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(i), 0x01000197)
  }
  const hex = (n: number) => (n >>> 0).toString(16).padStart(8, '0').toUpperCase()
  return `${hex(a)}${hex(b)}`
}
