/** Paths of the Kubernetes API ↔ resource, namespace, name and subresource. Upstream: apiserver/pkg/endpoints/request/requestinfo.go. */
import { RESOURCES, type Resource, type Subresource } from '../api/resource-table.ts'
import { REVIEW_RESOURCES } from '../api/reviews.ts'

/** What a path under /api or /apis names. */
export type Route =
  | { readonly type: 'versions' } // /api
  | { readonly type: 'groups' } // /apis
  | { readonly type: 'group'; readonly group: string }
  | { readonly type: 'resources'; readonly group: string; readonly version: string }
  | ResourceRoute
  | { readonly type: 'unknown' }

export interface ResourceRoute {
  readonly type: 'resource'
  readonly resource: Resource
  readonly namespace?: string
  readonly name?: string
  /** A subresource of the table, or the name of one that is not served. */
  readonly subresource?: Subresource
}

/** Everything that has a path: what is stored, and what is only asked. */
export const SERVED: readonly Resource[] = [...RESOURCES, ...REVIEW_RESOURCES]

const byPath = new Map(SERVED.map((r) => [`${r.group}/${r.version}/${r.plural}`, r]))
export const GROUP_VERSIONS: readonly { readonly group: string; readonly version: string }[] = [
  ...new Map(SERVED.map(({ group, version }) => [`${group}/${version}`, { group, version }])).values(),
]

/** Reads a decoded path. Empty segments at the end are ignored; anything not served is `unknown`. */
export function routeOf(pathname: string): Route {
  const parts = decodeParts(pathname)
  if (parts === undefined) return UNKNOWN
  const [root, ...rest] = parts
  if (root === 'api') return rest.length === 0 ? { type: 'versions' } : versionRoute('', rest)
  if (root !== 'apis') return UNKNOWN
  const [group, ...inGroup] = rest
  if (group === undefined) return { type: 'groups' }
  if (!GROUP_VERSIONS.some((gv) => gv.group === group && group !== '')) return UNKNOWN
  return inGroup.length === 0 ? { type: 'group', group } : versionRoute(group, inGroup)
}

const UNKNOWN: Route = { type: 'unknown' }

function decodeParts(pathname: string): readonly string[] | undefined {
  const parts = pathname.replace(/\/+$/, '').split('/').slice(1)
  try {
    return parts.map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function versionRoute(group: string, [version, ...rest]: readonly string[]): Route {
  if (version === undefined || !GROUP_VERSIONS.some((gv) => gv.group === group && gv.version === version))
    return UNKNOWN
  if (rest.length === 0) return { type: 'resources', group, version }
  const [first, namespace, ...inNamespace] = rest
  // /namespaces/NAME[/finalize|/status] is the Namespace itself; anything longer lies in it.
  if (
    first === 'namespaces' &&
    namespace !== undefined &&
    inNamespace.length > 0 &&
    !isNamespaceSubresource(group, inNamespace)
  ) {
    const resource = byPath.get(`${group}/${version}/${inNamespace[0]}`)
    return resource?.namespaced === true ? resourceRoute(resource, inNamespace.slice(1), namespace) : UNKNOWN
  }
  const resource = byPath.get(`${group}/${version}/${first}`)
  if (resource === undefined || (resource.namespaced && rest.length > 1)) return UNKNOWN
  return resourceRoute(resource, rest.slice(1))
}

function isNamespaceSubresource(group: string, rest: readonly string[]): boolean {
  return group === '' && rest.length === 1 && (rest[0] === 'finalize' || rest[0] === 'status')
}

function resourceRoute(resource: Resource, rest: readonly string[], namespace?: string): Route {
  const [name, subresource, ...more] = rest
  if (more.length > 0 || name === '' || namespace === '') return UNKNOWN
  if (subresource !== undefined && !resource.subresources.includes(subresource as Subresource)) return UNKNOWN
  return {
    type: 'resource',
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource: subresource as Subresource }),
  }
}
