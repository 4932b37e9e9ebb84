// One rule of the cluster is broken on purpose; among the first random worlds the right checker has to say so.
import { describe, expect, it } from 'vitest'
import { internalErrorStatus } from '../../grader/api/api-status.ts'
import { nodes } from '../../grader/api/resource-table.ts'
import type { Store } from '../../grader/cluster/apiserver/store.ts'
import type { Component } from '../../grader/cluster/cluster.ts'
import { disruptionController } from '../../grader/cluster/controllers/disruption.ts'
import { garbageCollector } from '../../grader/cluster/controllers/garbage-collector.ts'
import { podGarbageCollector } from '../../grader/cluster/controllers/pod-gc.ts'
import { replicaSetController } from '../../grader/cluster/controllers/replicaset.ts'
import { resourceQuotaController } from '../../grader/cluster/controllers/resource-quota.ts'
import { taintEvictionController } from '../../grader/cluster/controllers/taint-eviction.ts'
import { STANDARD_COMPONENTS } from '../../grader/cluster/standard-cluster.ts'
import { type Fault, withFaults } from '../support/partial-cluster.ts'
import { live } from '../support/simulation.ts'

const MOST_SEEDS = 60

const without = (missing: Component): readonly Component[] =>
  STANDARD_COMPONENTS.filter((component) => component !== missing)

const refusing = (isRefused: (...call: Parameters<Fault>) => boolean): readonly Component[] =>
  STANDARD_COMPONENTS.map((component) =>
    withFaults(component, (...call) => (isRefused(...call) ? internalErrorStatus('broken on purpose') : undefined)),
  )

/** Binds whatever it is told to bind to the first Node. */
const careless: readonly Component[] = STANDARD_COMPONENTS.map(
  (component) => (parts) =>
    component({
      ...parts,
      clientFor(by) {
        const client = parts.clientFor(by)
        return {
          ...client,
          createSubresource(resource, key, subresource, body) {
            const target = { kind: 'Node', name: parts.informers.store.list(nodes)[0]?.metadata.name ?? '' }
            return client.createSubresource(
              resource,
              key,
              subresource,
              subresource === 'binding' ? { ...body, target } : body,
            )
          },
        }
      },
    }),
)

/** Writes past the API server, once a Node is there. */
const secretive: Component = ({ informers, clock }) => {
  const store = informers.store as Store
  clock.after(4, 'secretive', () => {
    const [node] = store.list(nodes)
    if (node === undefined) return
    store.put(nodes, (resourceVersion) => ({ ...node, metadata: { ...node.metadata, resourceVersion } }))
  })
}

/** Acts out of the blue. */
const causeless: Component = ({ clientFor, clock, trace }) => {
  clock.after(4, 'causeless-controller', () => {
    trace.cause = undefined
    const metadata = { name: 'from-nowhere', namespace: 'default' }
    const spec = { selector: { matchLabels: { a: 'b' } } }
    clientFor('causeless-controller').create(
      {
        ...nodes,
        group: 'policy',
        version: 'v1',
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        plural: 'poddisruptionbudgets',
        namespaced: true,
      } as never,
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec } as never,
    )
  })
}

describe('the checkers speak when', () => {
  it.each<readonly [string, readonly Component[], RegExp]>([
    [
      'the DaemonSet controller creates no Pods',
      refusing((by, verb, { plural }) => by === 'daemonset-controller' && verb === 'create' && plural === 'pods'),
      /eligible, and no Pod/,
    ],
    [
      'the DaemonSet controller deletes no Pods',
      refusing((by, verb) => by === 'daemonset-controller' && verb === 'delete'),
      /not eligible, and 1 Pods|: 2 Pods/,
    ],
    [
      'the DaemonSet controller writes no status',
      refusing((by, verb, { plural }) => by === 'daemonset-controller' && verb === 'update' && plural === 'daemonsets'),
      /^the status of \w+\/agent/,
    ],
    [
      'the Deployment controller writes no status',
      refusing(
        (by, verb, { plural }) => by === 'deployment-controller' && verb === 'update' && plural === 'deployments',
      ),
      /^the status of the Deployment/,
    ],
    ['no ReplicaSet has a controller', without(replicaSetController), /^the ReplicaSet .* wants \d Pods and has 0/],
    ['nobody evicts from tainted Nodes', without(taintEvictionController), /in spite of/],
    ['nobody collects garbage', without(garbageCollector), /^the owner of .* is gone/],
    ['nobody collects Pods of Nodes that are gone', without(podGarbageCollector), /which is gone/],
    ['nobody counts for quotas', without(resourceQuotaController), /^the status of the quota/],
    ['nobody counts for budgets', without(disruptionController), /^the status of the PodDisruptionBudget/],
    ['the scheduler binds to any Node', careless, /m CPU of |bytes of |have the host port|, which takes/],
    [
      'somebody writes past the API server',
      [secretive, ...STANDARD_COMPONENTS],
      /has no entry|is not as the trace left it/,
    ],
    ['a controller writes without a cause', [causeless, ...STANDARD_COMPONENTS], /without a cause/],
  ])('%s', { timeout: 60_000 }, (_, components, words) => {
    const found: string[] = []
    for (let seed = 1; seed <= MOST_SEEDS && !found.some((text) => words.test(text)); seed++)
      found.push(...live(seed, { components }).problems)
    expect(
      found.some((text) => words.test(text)),
      [...new Set(found)].slice(0, 5).join('\n'),
    ).toBe(true)
  })
})
