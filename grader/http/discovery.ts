/** Discovery documents: which groups, versions, resources and verbs are served. Upstream: apiserver/pkg/endpoints/discovery. */
import type { Resource, Subresource } from '../api/resource-table.ts'
import { REVIEW_RESOURCES } from '../api/reviews.ts'
import type { Representation } from './accept.ts'
import { jsonResponse } from './answer.ts'
import { GROUP_VERSIONS, SERVED } from './routes.ts'

/** Groups in the server's order of priority. */
const GROUPS = [
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'batch',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
]

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const VIEW_VERBS = ['get', 'patch', 'update']

interface SubresourceFacts {
  readonly verbs: readonly string[]
  /** Absent where it is the resource's own kind. */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string }
}

const SUBRESOURCES: Readonly<Record<Subresource, SubresourceFacts>> = {
  status: { verbs: VIEW_VERBS },
  ephemeralcontainers: { verbs: VIEW_VERBS },
  resize: { verbs: VIEW_VERBS },
  scale: { verbs: VIEW_VERBS, kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  binding: { verbs: ['create'], kind: { group: '', version: 'v1', kind: 'Binding' } },
  eviction: { verbs: ['create'], kind: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  token: { verbs: ['create'], kind: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } },
  exec: { verbs: ['create', 'get'], kind: { group: '', version: 'v1', kind: 'PodExecOptions' } },
  log: { verbs: ['get'] },
  finalize: { verbs: ['update'] },
}

function verbsOf(resource: Resource): readonly string[] {
  if (REVIEW_RESOURCES.some((review) => review === resource)) return ['create']
  return resource.plural === 'namespaces' ? VERBS.filter((verb) => verb !== 'deletecollection') : VERBS
}

const resourcesIn = (group: string, version: string): readonly Resource[] =>
  SERVED.filter((resource) => resource.group === group && resource.version === version)

const versionsOf = (group: string): readonly string[] =>
  GROUP_VERSIONS.filter((gv) => gv.group === group).map((gv) => gv.version)

/** GET /api: the versions of the core group, or all of it if the client asks for aggregated discovery. */
export function versionsDocument(representation: Representation, host: string): Response {
  if (representation.as === 'APIGroupDiscoveryList') return aggregatedResponse([''])
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: host }]
  return jsonResponse(200, { kind: 'APIVersions', versions: versionsOf(''), serverAddressByClientCIDRs })
}

/** GET /apis: the named groups, or all their resources if the client asks for aggregated discovery. */
export function groupsDocument(representation: Representation): Response {
  if (representation.as === 'APIGroupDiscoveryList') return aggregatedResponse(GROUPS)
  return jsonResponse(200, { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupOf) })
}

/** GET /apis/GROUP. */
export function groupDocument(group: string): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) }
}

function groupOf(group: string): object {
  const versions = versionsOf(group).map((version) => ({ groupVersion: `${group}/${version}`, version }))
  return { name: group, versions, preferredVersion: versions[0] }
}

/** GET /api/v1 or /apis/GROUP/VERSION. */
export function resourcesDocument(group: string, version: string): object {
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: resourcesIn(group, version).flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: verbsOf(resource),
        ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
        ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
      },
      ...resource.subresources.map((name) => plainSubresource(resource, name)),
    ]),
  }
}

function plainSubresource(resource: Resource, name: Subresource): object {
  const { verbs, kind } = SUBRESOURCES[name]
  return {
    name: `${resource.plural}/${name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(kind === undefined || kind.group === resource.group ? {} : { group: kind.group, version: kind.version }),
    kind: kind?.kind ?? resource.kind,
    verbs,
  }
}

const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

function aggregatedResponse(groups: readonly string[]): Response {
  const items = groups.map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versionsOf(group).map((version) => ({
      version,
      resources: resourcesIn(group, version).map(aggregatedResource),
      freshness: 'Current',
    })),
  }))
  const value = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
  return jsonResponse(200, value, [], AGGREGATED_TYPE)
}

function aggregatedResource(resource: Resource): object {
  return {
    resource: resource.plural,
    responseKind: { group: '', version: '', kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: verbsOf(resource),
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
    ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
    ...(resource.subresources.length === 0
      ? {}
      : { subresources: resource.subresources.map((name) => aggregatedSubresource(resource, name)) }),
  }
}

function aggregatedSubresource(resource: Resource, name: Subresource): object {
  const { verbs, kind } = SUBRESOURCES[name]
  const sameGroup = kind === undefined || kind.group === resource.group
  const responseKind = sameGroup ? { group: '', version: '', kind: kind?.kind ?? resource.kind } : kind
  return { subresource: name, responseKind, verbs }
}
