/** The `paths` of an OpenAPI v3 document: operations of one resource with the parameters that kubectl looks for. */
import { apiVersionOf, type Resource } from '../api/resource-table.ts'

interface Kind {
  readonly apiVersion: string
  readonly kind: string
}

/** From a kind to the `$ref` of its schema; undefined if there is none. */
type RefOf = (kind: Kind) => string | undefined

const query = (name: string, type = 'string') => ({ name, in: 'query', schema: { type, uniqueItems: true } })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } })

const WRITE_PARAMETERS = [query('dryRun'), query('fieldManager'), query('fieldValidation')]
const PATCH_PARAMETERS = [...WRITE_PARAMETERS, query('force', 'boolean')]
const LIST_PARAMETERS = [
  query('allowWatchBookmarks', 'boolean'),
  query('continue'),
  query('fieldSelector'),
  query('labelSelector'),
  query('limit', 'integer'),
  query('resourceVersion'),
  query('resourceVersionMatch'),
  query('sendInitialEvents', 'boolean'),
  query('timeoutSeconds', 'integer'),
  query('watch', 'boolean'),
]
const DELETE_PARAMETERS = [
  query('dryRun'),
  query('gracePeriodSeconds', 'integer'),
  query('orphanDependents', 'boolean'),
  query('propagationPolicy'),
]
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]
const ANSWER_TYPES = ['application/json', 'application/yaml']

interface Operation {
  readonly action: string
  readonly parameters?: readonly object[]
  readonly body?: string
  readonly bodyTypes?: readonly string[]
  readonly answer: string
}

const contentOf = (types: readonly string[], ref: string) =>
  Object.fromEntries(types.map((type) => [type, { schema: { $ref: ref } }]))

/** Paths of the resource, keyed as in upstream's documents: `/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}`. */
export function pathsOf(resource: Resource, refOf: RefOf): Readonly<Record<string, object>> {
  const apiVersion = apiVersionOf(resource)

  const own = refOf({ apiVersion, kind: resource.kind }) ?? ''
  const list = refOf({ apiVersion, kind: `${resource.kind}List` })
  const status = refOf({ apiVersion: 'v1', kind: 'Status' }) ?? ''
  const root = `${resource.group === '' ? '/api' : '/apis'}/${apiVersion}`
  const base = resource.namespaced ? `${root}/namespaces/{namespace}/${resource.plural}` : `${root}/${resource.plural}`
  const parameters = resource.namespaced ? [inPath('namespace')] : []
  const named = [inPath('name'), ...parameters]
  const patchRef = `#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch`
  // What has no list is not stored: a review is only posted.
  if (list === undefined) return { [base]: { post: reviewOperation(resource, own), parameters } }
  const operations = operationsOf({ resource, own, list, status, patchRef })
  const views = resource.subresources.filter((name) => name === 'status' || name === 'scale')
  return {
    ...(resource.namespaced ? { [`${root}/${resource.plural}`]: { get: operations.list } } : {}),
    [base]: { get: operations.list, post: operations.post, delete: operations.deletecollection, parameters },
    [`${base}/{name}`]: {
      get: operations.get,
      put: operations.put,
      patch: operations.patch,
      delete: operations.delete,
      parameters: named,
    },
    ...Object.fromEntries(
      views.map((name) => [
        `${base}/{name}/${name}`,
        { get: operations.get, put: operations.put, patch: operations.patch, parameters: named },
      ]),
    ),
  }
}

function reviewOperation(resource: Resource, own: string): object {
  return operationObject(resource, { action: 'post', parameters: WRITE_PARAMETERS, body: own, answer: own })
}

interface Refs {
  readonly resource: Resource
  readonly own: string
  readonly list: string
  readonly status: string
  readonly patchRef: string
}

function operationsOf({ resource, own, list, status, patchRef }: Refs): Readonly<Record<string, object>> {
  const make = (operation: Operation) => operationObject(resource, operation)
  return {
    list: make({ action: 'list', parameters: LIST_PARAMETERS, answer: list }),
    post: make({ action: 'post', parameters: WRITE_PARAMETERS, body: own, answer: own }),
    get: make({ action: 'get', answer: own }),
    put: make({ action: 'put', parameters: WRITE_PARAMETERS, body: own, answer: own }),
    patch: make({ action: 'patch', parameters: PATCH_PARAMETERS, body: patchRef, bodyTypes: PATCH_TYPES, answer: own }),
    delete: make({ action: 'delete', parameters: DELETE_PARAMETERS, answer: status }),
    deletecollection: make({
      action: 'deletecollection',
      parameters: [...DELETE_PARAMETERS, ...LIST_PARAMETERS],
      answer: status,
    }),
  }
}

function operationObject({ group, version, kind }: Resource, operation: Operation): object {
  const { action, parameters, body, bodyTypes = ['*/*'], answer } = operation
  return {
    description: `${action} ${kind}`,
    ...(parameters === undefined ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { content: contentOf(bodyTypes, body), required: true } }),
    responses: {
      200: { description: 'OK', content: contentOf(ANSWER_TYPES, answer) },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  }
}
