/** One request on a resource → one call of the ApiClient → one response. Upstream: apiserver/pkg/endpoints/handlers/{create,get,update,patch,delete}.go. */
import type { ApiClient, WriteOptions } from '../api/api-client.ts'
import { type ApiResult, type ApiStatus, badRequestStatus } from '../api/api-status.ts'
import type { JsonObject, KubeObject, ObjectKey } from '../api/meta.ts'
import { apiVersionOf, type Resource, resourceOfKind } from '../api/resource-table.ts'
import { REVIEW_RESOURCES } from '../api/reviews.ts'
import {
  type AnswerContext,
  listResponse,
  objectResponse,
  statusResponse,
  successStatus,
  textResponse,
} from './answer.ts'
import {
  accepted,
  deleteOptionsOf,
  denied,
  isTrue,
  listOptionsOf,
  type Parsed,
  watchOptionsOf,
  writeOptionsOf,
} from './query-options.ts'
import {
  type Body,
  type DecodedObject,
  decodeDeleteOptions,
  decodeObject,
  decodePatch,
  type YamlToJson,
} from './read-body.ts'
import type { ResourceRoute } from './routes.ts'
import { type WatchStreams, watchResponse } from './watch-stream.ts'

export interface VerbRequest {
  readonly client: ApiClient
  readonly route: ResourceRoute
  readonly method: string
  readonly query: URLSearchParams
  readonly userAgent: string | null
  readonly body: Body
  readonly context: AnswerContext
  readonly yaml: YamlToJson | undefined
  readonly watches: WatchStreams
  readonly signal: AbortSignal
}

/** Subresources that are no view of the object: a POST of their own kind. */
const POSTED: Readonly<Record<string, string>> = { binding: 'Binding', eviction: 'Eviction', token: 'TokenRequest' }
const STREAMED = new Set(['exec'])

/** Executes the request. Everything a client can do wrong comes back as a Status. */
export function serveResource(request: VerbRequest): Response {
  const { route, method } = request
  if (route.subresource !== undefined && STREAMED.has(route.subresource))
    return statusResponse(notSimulated(route.subresource))
  if (route.subresource !== undefined && POSTED[route.subresource] !== undefined) {
    return method === 'POST' ? postSubresource(request, POSTED[route.subresource]!) : notAllowed()
  }
  const all = route.resource.namespaced && route.namespace === undefined
  if (isReview(route.resource))
    return method === 'POST' && route.name === undefined && !all ? create(request) : notAllowed()
  switch (method) {
    case 'GET':
    case 'HEAD':
      return route.name === undefined ? listOrWatch(request) : getOne(request)
    case 'POST':
      return route.name === undefined && !all ? create(request) : notAllowed()
    case 'PUT':
      return route.name === undefined ? notAllowed() : update(request)
    case 'PATCH':
      return route.name === undefined ? notAllowed() : patch(request)
    case 'DELETE':
      if (route.subresource !== undefined || all) return notAllowed()
      return route.name === undefined ? removeAll(request) : remove(request)
    default:
      return notAllowed()
  }
}

export function notAllowed(): Response {
  return statusResponse({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  })
}

// Simplified: no exec into containers; a container here has no processes to talk to.
function notSimulated(subresource: string): ApiStatus {
  return { code: 501, reason: '', message: `pods/${subresource} is not simulated` }
}

const isReview = (resource: Resource): boolean => REVIEW_RESOURCES.some((review) => review === resource)

const keyOfRoute = ({ namespace, name }: ResourceRoute): ObjectKey => ({
  name: name ?? '',
  ...(namespace === undefined ? {} : { namespace }),
})

function answer<T>(result: ApiResult<T>, request: VerbRequest, code = 200): Response {
  if (!result.ok) return statusResponse(result.status, result.warnings)
  return objectResponse(code, result.value as unknown as JsonObject, request.context, result.warnings)
}

function listOrWatch(request: VerbRequest): Response {
  const { client, route, query, context } = request
  if (isTrue(query.get('watch'))) {
    const options = watchOptionsOf(query, route.namespace)
    return options.ok ? watchResponse(request, options.value) : statusResponse(options.status)
  }
  const options = listOptionsOf(query, route.namespace)
  if (!options.ok) return statusResponse(options.status)
  const result = client.list(route.resource, options.value)
  return result.ok
    ? listResponse(result.value, context, result.warnings)
    : statusResponse(result.status, result.warnings)
}

function getOne(request: VerbRequest): Response {
  const { client, route, query } = request
  const key = keyOfRoute(route)
  if (route.subresource === undefined || route.subresource === 'status') {
    // A watch on one path with a name is the old way to watch one object.
    if (isTrue(query.get('watch'))) return watchOne(request)
    return answer(client.get(route.resource, key), request)
  }
  if (
    route.subresource === 'finalize' ||
    route.subresource === 'ephemeralcontainers' ||
    route.subresource === 'resize'
  ) {
    return answer(client.get(route.resource, key), request)
  }
  const result = client.getSubresource(route.resource, key, route.subresource, Object.fromEntries(query))
  if (route.subresource === 'log' && result.ok) return textResponse(200, String(result.value.log ?? ''))
  return answer(result, request)
}

function watchOne(request: VerbRequest): Response {
  const { route, query } = request
  const options = watchOptionsOf(query, route.namespace)
  if (!options.ok) return statusResponse(options.status)
  return watchResponse(request, { ...options.value, fieldSelector: `metadata.name=${route.name ?? ''}` })
}

function create(request: VerbRequest): Response {
  const { client, route, query, userAgent } = request
  const options = writeOptionsOf(query, 'CreateOptions', userAgent)
  if (!options.ok) return statusResponse(options.status)
  const decoded = objectFor(request, route.resource)
  if (!decoded.ok) return statusResponse(decoded.status)
  const { object, duplicates } = decoded.value
  const all = { ...options.value, duplicates, key: keyOfRoute(route) }
  return answer(client.create(route.resource, object as unknown as KubeObject, all), request, 201)
}

function update(request: VerbRequest): Response {
  const { client, route, query, userAgent } = request
  const options = writeOptionsOf(query, 'UpdateOptions', userAgent)
  if (!options.ok) return statusResponse(options.status)
  const decoded =
    route.subresource === 'scale'
      ? decodeObject(request.body, 'Scale', request.yaml)
      : objectFor(request, route.resource)
  if (!decoded.ok) return statusResponse(decoded.status)
  const { object, duplicates } = decoded.value
  const all = { ...options.value, duplicates, key: keyOfRoute(route), ...subresourceOf(route) }
  return answer(client.update(route.resource, object as unknown as KubeObject, all), request)
}

const subresourceOf = ({ subresource }: ResourceRoute): Pick<WriteOptions, 'subresource'> =>
  subresource === undefined ? {} : { subresource }

function patch(request: VerbRequest): Response {
  const { client, route, query, userAgent } = request
  const force = query.has('force') ? isTrue(query.get('force')) : undefined
  const decoded = decodePatch(request.body, force, request.yaml)
  if (!decoded.ok) return statusResponse(decoded.status)
  const options = writeOptionsOf(query, 'PatchOptions', decoded.value.type === 'apply' ? null : userAgent)
  if (!options.ok) return statusResponse(options.status)
  const key = keyOfRoute(route)
  const creates = decoded.value.type === 'apply' && !client.get(route.resource, key).ok
  const result = client.patch(route.resource, key, decoded.value, { ...options.value, ...subresourceOf(route) })
  return answer(result, request, creates ? 201 : 200)
}

function remove(request: VerbRequest): Response {
  const { client, route, query, context } = request
  const given = decodeDeleteOptions(request.body, request.yaml)
  if (!given.ok) return statusResponse(given.status)
  const options = deleteOptionsOf(query, given.value)
  if (!options.ok) return statusResponse(options.status)
  const key = keyOfRoute(route)
  const result = client.delete(route.resource, key, options.value)
  if (!result.ok) return statusResponse(result.status, result.warnings)
  const remains = client.get(route.resource, key)
  const gone = options.value.dryRun === true ? result.value.metadata.deletionTimestamp === undefined : !remains.ok
  const value =
    gone && !RETURNS_DELETED.has(route.resource.plural)
      ? successStatus(route.resource, result.value)
      : (result.value as unknown as JsonObject)
  return objectResponse(200, value, { ...context, representation: { as: 'json' } }, result.warnings)
}

/** Kinds that answer a delete with the object even when it is gone. Upstream: ReturnDeletedObject of their registries. */
const RETURNS_DELETED = new Set([
  'pods',
  'resourcequotas',
  'serviceaccounts',
  'services',
  'storageclasses',
  'csidrivers',
])

function removeAll(request: VerbRequest): Response {
  const { client, route, query, context } = request
  const given = decodeDeleteOptions(request.body, request.yaml)
  if (!given.ok) return statusResponse(given.status)
  const options = deleteOptionsOf(query, given.value)
  if (!options.ok) return statusResponse(options.status)
  const list = listOptionsOf(query, route.namespace)
  if (!list.ok) return statusResponse(list.status)
  const result = client.deleteCollection(route.resource, list.value, options.value)
  return result.ok
    ? listResponse(result.value, { ...context, representation: { as: 'json' } }, result.warnings)
    : statusResponse(result.status, result.warnings)
}

function postSubresource(request: VerbRequest, kind: string): Response {
  const { client, route, query, userAgent } = request
  const options = writeOptionsOf(query, 'CreateOptions', userAgent)
  if (!options.ok) return statusResponse(options.status)
  const decoded = decodeObject(request.body, kind, request.yaml)
  if (!decoded.ok) return statusResponse(decoded.status)
  const body = { ...decoded.value.object, ...(decoded.value.object.kind === undefined ? { kind } : {}) }
  const result = client.createSubresource(route.resource, keyOfRoute(route), route.subresource!, body, options.value)
  return answer(result, { ...request, context: { ...request.context, representation: { as: 'json' } } }, 201)
}

/** The decoded body as an object of the resource: its kind may be left out, but not be another. */
function objectFor({ body, yaml }: VerbRequest, resource: Resource): Parsed<DecodedObject> {
  const decoded = decodeObject(body, resource.kind, yaml)
  if (!decoded.ok) return decoded
  const { object, duplicates } = decoded.value
  const expected = apiVersionOf(resource)
  const apiVersion = typeof object.apiVersion === 'string' && object.apiVersion !== '' ? object.apiVersion : expected
  const kind = typeof object.kind === 'string' && object.kind !== '' ? object.kind : resource.kind
  if (apiVersion !== expected || kind !== resource.kind) return denied(wrongKind({ apiVersion, kind }, resource))
  if (object.apiVersion === apiVersion && object.kind === kind) return decoded
  const named = { ...object, apiVersion, kind }
  // What the root itself had twice is known by the root's identity.
  const atRoot = duplicates.get(object)
  return accepted({
    object: named,
    duplicates: atRoot === undefined ? duplicates : new Map([...duplicates, [named, atRoot]]),
  })
}

/** Versions that the server can still read but no longer serves. */
const RETIRED = new Set(['apps/v1beta1', 'apps/v1beta2', 'extensions/v1beta1', 'batch/v1beta1', 'policy/v1beta1'])

/** Upstream: transformDecodeError and the version check in create.go. */
function wrongKind(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  resource: Resource,
): ApiStatus {
  if (RETIRED.has(apiVersion) && kind === resource.kind) {
    return badRequestStatus(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(resource)})`,
    )
  }
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  const known = resourceOfKind(apiVersion, kind)
  const group = resource.group === '' ? 'core' : resource.group.split('.')[0]
  const why =
    known === undefined
      ? `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`
      : `converting (${known.version}.${kind}) to (${group}.${resource.kind}): unknown conversion`
  return badRequestStatus(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${resource.kind}: ${why}`,
  )
}
