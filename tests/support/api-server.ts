// A control plane without controllers: an API server on a clock, with frozen objects, and clients for whoever asks.
import type { ApiClient, UserInfo } from '../../grader/api/api-client.ts'
import type { ApiResult, ApiStatus } from '../../grader/api/api-status.ts'
import type { DaemonSet } from '../../grader/api/apps.ts'
import type { Pod } from '../../grader/api/core.ts'
import type { ForCreate, JsonObject, KubeObject } from '../../grader/api/meta.ts'
import { apiVersionOf, type Resource, serviceAccounts } from '../../grader/api/resource-table.ts'
import { type ApiServer, createApiServer, SYSTEM_MASTERS } from '../../grader/cluster/apiserver/server.ts'
import { createStore, type Store } from '../../grader/cluster/apiserver/store.ts'
import { createClock, type DrivenClock } from '../../grader/cluster/clock.ts'
import { createRandom } from '../../grader/cluster/random.ts'
import { createTrace, type Trace } from '../../grader/cluster/trace.ts'

export interface TestServer {
  readonly server: ApiServer
  readonly store: Store
  readonly clock: DrivenClock
  readonly trace: Trace
  /** An administrator with kubectl. */
  readonly admin: ApiClient
  /** A part of the control plane. */
  readonly component: ApiClient
  as(name: string, ...groups: readonly string[]): ApiClient
}

/** An empty, bootstrapped server in which namespace `default` has its ServiceAccount. */
export function apiServer(): TestServer {
  let now = () => 0
  const trace = createTrace(() => now())
  const clock = createClock(trace)
  now = clock.now
  const store = createStore({ freeze: true })
  const server = createApiServer({ store, clock, random: createRandom(1), trace })
  const client = (user: UserInfo) => server.clientFor({ by: 'kubectl', user })
  const component = server.clientFor({
    by: 'test',
    component: true,
    user: { name: 'system:test', groups: SYSTEM_MASTERS },
  })
  value(
    component.create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    }),
  )
  return {
    server,
    store,
    clock,
    trace,
    admin: client({ name: 'kubernetes-admin', groups: SYSTEM_MASTERS }),
    component,
    as: (name, ...groups) => client({ name, groups: [...groups, 'system:authenticated'] }),
  }
}

/** The value of a call that must succeed. */
export function value<T>(result: ApiResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.status.message}`)
  return result.value
}

/** The status of a call that must be refused. */
export function status(result: ApiResult<unknown>): ApiStatus {
  if (result.ok) throw new Error('was not refused')
  return result.status
}

const TEMPLATE_SPEC = { containers: [{ name: 'agent', image: 'registry.example/agent:1' }] }

/** A DaemonSet as somebody writes it: only what must be said. */
export function daemonSet(spec: JsonObject = {}, metadata: JsonObject = {}): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent', namespace: 'default', ...metadata },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: TEMPLATE_SPEC },
      ...spec,
    },
  } as unknown as DaemonSet
}

/** A Pod as somebody writes it. */
export function podNamed(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { ...TEMPLATE_SPEC, ...spec },
  } as unknown as Pod
}

/** Any other object, as somebody writes it. */
export function object<T extends KubeObject>(resource: Resource<T>, name: string, rest: JsonObject = {}): ForCreate<T> {
  const { metadata, ...body } = rest
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, ...(metadata as JsonObject) },
    ...body,
  } as unknown as ForCreate<T>
}
