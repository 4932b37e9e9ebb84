/**
 * A simulated cluster as a Kubernetes API over HTTP: (Request) → Promise<Response> with web standards only, so that it
 * runs in Node and in the browser. Upstream: k8s.io/apiserver/pkg/server (handler chain).
 */
import type { UserInfo } from '../api/api-client.ts'
import { type ApiStatus, noSuchResourceStatus } from '../api/api-status.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { negotiate } from './accept.ts'
import { jsonResponse, statusResponse, textResponse } from './answer.ts'
import { groupDocument, groupsDocument, resourcesDocument, versionsDocument } from './discovery.ts'
import { openApiV2Document, openApiV3Document, openApiV3Index } from './openapi.ts'
import { type Body, readBody, type YamlToJson } from './read-body.ts'
import { createRestartStamps, type RestartStamps } from './restart-stamps.ts'
import { type ResourceRoute, type Route, routeOf } from './routes.ts'
import { type SimulationHooks, serveSimulation } from './simulation.ts'
import { notAllowed, serveResource } from './verbs.ts'
import { VERSION } from './version.ts'
import type { WatchStreams } from './watch-stream.ts'

export interface HandlerOptions extends SimulationHooks {
  /** Reads `application/yaml` bodies; without it they are refused as an unknown format. */
  readonly yaml?: YamlToJson
}

export interface Handler {
  (request: Request): Promise<Response>
  /** Ends all open watches, so that a server can go down. */
  close(): void
}

/** Answers requests on the cluster. Never rejects: a fault of ours is a Status with code 500. */
export function createHandler(cluster: Cluster, options: HandlerOptions = {}): Handler {
  const watches: WatchStreams = {
    open: new Set(),
    now: () => cluster.waiter.now(),
    resourceVersion: () => String(cluster.store.resourceVersion()),
  }
  const stamps = createRestartStamps()
  const handle = async (request: Request): Promise<Response> => {
    try {
      const url = new URL(request.url)
      const body = request.method === 'GET' || request.method === 'HEAD' ? EMPTY_BODY : await readBody(request)
      if (!body.ok) return statusResponse(body.status)
      return await serve({ cluster, options, watches, stamps, request, url, body: body.value })
    } catch (fault) {
      return statusResponse(faultStatus(fault))
    }
  }
  return Object.assign(handle, {
    close() {
      for (const end of [...watches.open]) end()
    },
  })
}

const EMPTY_BODY = { ok: true, value: { text: '', mediaType: '' } } as const

interface Exchange {
  readonly cluster: Cluster
  readonly options: HandlerOptions
  readonly watches: WatchStreams
  readonly stamps: RestartStamps
  readonly request: Request
  readonly url: URL
  readonly body: Body
}

async function serve(exchange: Exchange): Promise<Response> {
  const { cluster, url, request, body, stamps } = exchange
  if (url.pathname.startsWith('/simulation/')) {
    const hooks = exchange.options
    const response = serveSimulation({ cluster, hooks, method: request.method, url, text: body.text })
    if (request.method === 'POST') await stamps.passed()
    return response
  }
  if (request.method === 'PATCH') stamps.note(body.text)
  const fixed = fixedDocument(url, request)
  if (fixed !== undefined) return fixed
  const route = routeOf(url.pathname)
  if (route.type !== 'resource') return serveDiscovery(route, url, request)
  return withDueWork(cluster, () => serveRoute(exchange, route))
}

/** Work that is due is done before the request is looked at, and what follows from the request before it is answered. */
function withDueWork(cluster: Cluster, answer: () => Response): Response {
  cluster.runDue()
  const response = answer()
  cluster.runDue()
  return response
}

function serveRoute({ cluster, options, watches, request, url, body }: Exchange, route: ResourceRoute): Response {
  const negotiated = negotiate(request.headers.get('accept'), 'object')
  if (!negotiated.ok) return statusResponse(negotiated.status)
  return serveResource({
    client: cluster.client(userOf(request.headers)),
    route,
    method: request.method,
    query: url.searchParams,
    userAgent: request.headers.get('user-agent'),
    body,
    context: {
      representation: negotiated.value,
      resource: route.resource,
      now: cluster.waiter.now(),
      includeObject: url.searchParams.get('includeObject'),
    },
    yaml: options.yaml,
    watches,
    signal: request.signal,
  })
}

/**
 * Who asks: Impersonate-User and its groups, else the administrator.
 * Simplified: no authentication; any token is kubernetes-admin's.
 */
function userOf(headers: Headers): UserInfo | undefined {
  const name = headers.get('impersonate-user')
  if (name === null || name === '') return undefined
  const groups = (headers.get('impersonate-group') ?? '')
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '')
  const account = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)
  if (groups.length === 0 && account !== null)
    groups.push('system:serviceaccounts', `system:serviceaccounts:${account[1]}`)
  const everyone = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  return { name, groups: groups.includes(everyone) ? groups : [...groups, everyone] }
}

const HEALTH = new Set(['/healthz', '/livez', '/readyz', '/healthz/ping', '/livez/ping', '/readyz/ping'])

/** Documents that do not depend on the cluster's state. */
function fixedDocument(url: URL, request: Request): Response | undefined {
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/+$/, '') : url.pathname
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const document = () => {
    if (HEALTH.has(path)) return healthDocument(path, url.searchParams.has('verbose'))
    if (path === '/version') return jsonResponse(200, VERSION)
    if (path === '/openapi/v3') return openApiV3Index()
    if (path.startsWith('/openapi/v3/')) return openApiV3Document(path.slice('/openapi/v3/'.length))
    if (path === '/openapi/v2') return openApiV2Document(request.headers.get('accept'))
    if (path === '/') return jsonResponse(200, { paths: ROOT_PATHS })
    return undefined
  }
  const response = document()
  return response === undefined || isRead ? response : notAllowed()
}

const ROOT_PATHS = [
  '/api',
  '/api/v1',
  '/apis',
  '/healthz',
  '/livez',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
]

function healthDocument(path: string, verbose: boolean): Response {
  return textResponse(200, verbose ? `[+]ping ok\n[+]etcd ok\n${path.slice(1)} check passed\n` : 'ok')
}

function serveDiscovery(route: Exclude<Route, ResourceRoute>, url: URL, request: Request): Response {
  if (route.type === 'unknown') return notServed(url.pathname)
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed()
  const negotiated = negotiate(request.headers.get('accept'), 'discovery')
  if (!negotiated.ok) return statusResponse(negotiated.status)
  switch (route.type) {
    case 'versions':
      return versionsDocument(negotiated.value, url.host)
    case 'groups':
      return groupsDocument(negotiated.value)
    case 'group':
      return jsonResponse(200, groupDocument(route.group))
    default:
      return jsonResponse(200, resourcesDocument(route.group, route.version))
  }
}

/** Inside the API a Status; elsewhere Go's plain text. */
function notServed(pathname: string): Response {
  return /^\/apis?(\/|$)/.test(pathname)
    ? statusResponse(noSuchResourceStatus())
    : textResponse(404, '404 page not found\n')
}

function faultStatus(fault: unknown): ApiStatus {
  const message = fault instanceof Error ? fault.message : String(fault)
  return { code: 500, reason: 'InternalError', message: `Internal error occurred: a fault of the platform: ${message}` }
}
