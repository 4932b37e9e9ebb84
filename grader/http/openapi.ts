/**
 * /openapi/v3: an index, and one document per group and version, made from the schema tables. `kubectl explain` reads
 * the descriptions; `kubectl apply` reads merge keys, and whether PATCH takes fieldValidation.
 * Upstream: k8s.io/kube-openapi/pkg/handler3.
 */
import type { Json } from '../api/meta.ts'
import { apiVersionOf, RESOURCES, type Resource } from '../api/resource-table.ts'
import { describeDefinition, describeField } from '../api/schema/descriptions.ts'
import { type CompactSchema, compactDefinitions, definitionOf } from '../api/schema/schema.ts'
import { jsonResponse, textResponse } from './answer.ts'
import { pathsOf } from './openapi-paths.ts'
import { GROUP_VERSIONS } from './routes.ts'

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

/** GET /openapi/v2: only what kubectl needs to fall back from v3. Simplified: no definitions. */
export function openApiV2Document(): Response {
  return jsonResponse(200, {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: 'v1.35.6' },
    paths: {},
    definitions: {},
  })
}

function textOf(gv: { readonly group: string; readonly version: string }): OpenApiText {
  const path = pathOf(gv)
  let known = texts.get(path)
  if (known === undefined) {
    const resources = RESOURCES.filter((resource) => resource.group === gv.group && resource.version === gv.version)
    const text = JSON.stringify(documentOf(resources))
    known = { text, hash: hashOf(text) }
    texts.set(path, known)
  }
  return known
}

function documentOf(resources: readonly Resource[]): object {
  const schemas: Record<string, object> = {}
  for (const name of reachable([...SHARED, ...resources.flatMap(definitionNames)])) schemas[name] = schemaOf(name)
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.6' },
    paths: Object.assign(
      {},
      ...resources.map((resource) => pathsOf(resource, (kind) => `${REF}${definitionName(kind) ?? ''}`)),
    ),
    components: { schemas },
  }
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

/** The named definitions and all that they are made of, in order of names. */
function reachable(names: readonly string[]): readonly string[] {
  const all = compactDefinitions()
  const found = new Set<string>()
  const queue = [...names]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const schema = all[name]
    if (schema === undefined || found.has(name)) continue
    found.add(name)
    collectRefs(schema, queue)
  }
  return [...found].sort()
}

function collectRefs(schema: CompactSchema, into: string[]): void {
  if (schema.$ !== undefined) into.push(schema.$)
  if (schema.i !== undefined) collectRefs(schema.i, into)
  if (schema.m !== undefined) collectRefs(schema.m, into)
  for (const field of Object.values(schema.p ?? {})) collectRefs(field, into)
}

function schemaOf(name: string): object {
  const schema = compactDefinitions()[name] ?? {}
  const properties = Object.entries(schema.p ?? {}).map(
    ([field, inner]) => [field, expand(inner, describeField(name, field))] as const,
  )
  return {
    ...expand(schema, describeDefinition(name)),
    ...(schema.p === undefined ? {} : { properties: Object.fromEntries(properties) }),
  }
}

/** A table entry with OpenAPI's own names. */
function expand(schema: CompactSchema, description: string): Record<string, unknown> {
  const out: Record<string, unknown> = description === '' ? {} : { description }
  const put = (key: string, value: unknown) => {
    if (value !== undefined) out[key] = value
  }
  put('type', schema.t)
  put('format', schema.f)
  put('default', schema.d)
  put('enum', schema.e)
  put('oneOf', schema.o)
  put('required', schema.r)
  if (schema.i !== undefined) out.items = expand(schema.i, '')
  if (schema.m !== undefined) out.additionalProperties = expand(schema.m, '')
  put('x-kubernetes-list-map-keys', schema.lk)
  put('x-kubernetes-list-type', schema.lt)
  put('x-kubernetes-map-type', schema.mt)
  put('x-kubernetes-patch-merge-key', schema.pk)
  put('x-kubernetes-patch-strategy', schema.ps)
  put('x-kubernetes-unions', schema.un)
  put(
    'x-kubernetes-group-version-kind',
    schema.k?.map(([group, version, kind]) => ({ group, version, kind })),
  )
  if (schema.$ !== undefined) reference(out, schema.$)
  return out
}

/** OpenAPI 3.0 allows nothing beside $ref; a reference with more goes into allOf. */
function reference(out: Record<string, unknown>, name: string): void {
  const ref: Json = { $ref: `${REF}${name}` }
  if (Object.keys(out).length === 0) out.$ref = ref.$ref
  else out.allOf = [ref]
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
