// Wiring: one control plane and its machines on one clock. Parts meet only through the API server.
import type { ApiClient, UserInfo, Waiter } from '../api/api-client.ts'
import { assert } from '../api/assert.ts'
import { deepEqual } from '../api/compare.ts'
import type { Node } from '../api/core.ts'
import { type ApiServer, createApiServer, SYSTEM_MASTERS } from './apiserver/server.ts'
import { type Change, createStore, type Store } from './apiserver/store.ts'
import { type Clock, createClock, type DrivenClock } from './clock.ts'
import type { ClusterConfig } from './cluster-config.ts'
import type { Machines } from './machine-event.ts'
import { createInformers, type Informers } from './machinery/informer.ts'
import { createRandom, type Random } from './random.ts'
import { createTrace, type Trace } from './trace.ts'

/** Settled: so long nothing that a learner looks at has changed (formats.md part 2). */
const QUIET_SECONDS = 3
const SETTLE_LIMIT_SECONDS = 45

/** What a component of the control plane or a machine is made of. */
export interface ComponentParts {
  readonly config: ClusterConfig
  readonly server: ApiServer
  readonly informers: Informers
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  /** Whoever runs the machines offers them here. */
  readonly machines: { attach(machines: Machines): void }
  /** An ApiClient whose writes the trace ascribes to `by`. */
  clientFor(by: string): ApiClient
}

/** A controller, the scheduler, the kubelets …: wires its watches and timers to the parts when it is called. */
export type Component = (parts: ComponentParts) => void

export interface Cluster {
  readonly trace: Trace
  readonly store: Store
  readonly waiter: Waiter
  /** The machines under the Nodes; only a cluster with kubelets has them. */
  readonly machines: Machines
  client(user?: UserInfo): ApiClient
  /** Does all work that is due now. */
  runDue(): void
  /** Lets so many seconds of virtual time pass. */
  advance(seconds: number): void
  /** Lets time pass until 3 s went by in which no Pod, workload, revision or Node spec changed; 45 s at most. */
  settle(): void
  /** Seconds since the story started. */
  seconds(): number
  /** Calls `look` after all work of each moment is done; returns the function that ends it. */
  onMoment(look: () => void): () => void
}

export const ADMIN: UserInfo = { name: 'kubernetes-admin', groups: SYSTEM_MASTERS }

/** A cluster with the given components; deterministic for a config (seed included). */
export function createCluster(config: ClusterConfig, components: readonly Component[]): Cluster {
  let now: () => number = () => 0
  const trace = createTrace(() => now())
  const clock: DrivenClock = createClock(trace)
  now = clock.now
  const random = createRandom(config.seed)
  const store = createStore({ freeze: config.freeze === true })
  const server = createApiServer({ store, clock, random: random.fork('apiserver'), trace })
  const informers = createInformers(store, clock, trace)
  let lastChangeAt = clock.now()
  store.onCommit((change) => {
    if (keepsBusy(change)) lastChangeAt = clock.now()
  })
  const clientFor = (by: string) =>
    server.clientFor({ by, component: true, user: { name: `system:${by}`, groups: SYSTEM_MASTERS } })
  let machines: Machines | undefined
  const attach = (attached: Machines) => {
    machines = attached
  }
  for (const component of components)
    component({ config, server, informers, clock, random, trace, machines: { attach }, clientFor })

  const settle = () => {
    clock.runDue()
    const limit = clock.now() + SETTLE_LIMIT_SECONDS * 1000
    let quietSince = clock.now()
    while (clock.now() < limit) {
      quietSince = Math.max(quietSince, lastChangeAt)
      const until = Math.min(quietSince + QUIET_SECONDS * 1000, limit)
      if (clock.now() >= until) return
      clock.advanceTo(Math.min(clock.nextAt() ?? until, until))
    }
  }

  return {
    trace,
    store,
    waiter: {
      now: clock.now,
      waitUntil(done, timeoutSeconds) {
        clock.runDue()
        const limit = clock.now() + timeoutSeconds * 1000
        while (!done() && clock.now() < limit) clock.advanceTo(Math.min(clock.nextAt() ?? limit, limit))
        return done()
      },
    },
    get machines() {
      assert(machines !== undefined, 'a cluster whose machines are asked for has kubelets')
      return machines
    },
    client: (user = ADMIN) => server.clientFor({ by: 'kubectl', user }),
    runDue: () => void clock.runDue(),
    advance: (seconds) => clock.advanceTo(clock.now() + seconds * 1000),
    settle,
    seconds: clock.seconds,
    onMoment: clock.onMoment,
  }
}

const WATCHED_BY_SETTLE = new Set(['pods', 'daemonsets', 'deployments', 'replicasets', 'jobs', 'controllerrevisions'])

function keepsBusy({ resource, object, previous }: Change): boolean {
  if (WATCHED_BY_SETTLE.has(resource.plural)) return true
  return resource.plural === 'nodes' && !deepEqual((object as Node).spec, (previous as Node | undefined)?.spec)
}
