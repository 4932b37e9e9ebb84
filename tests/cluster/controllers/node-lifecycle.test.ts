import { describe, expect, it } from 'vitest'
import type { Node, NodeCondition, Pod } from '../../../grader/api/core.ts'
import type { Lease } from '../../../grader/api/other.ts'
import { leases, nodes as nodeResource, pods } from '../../../grader/api/resource-table.ts'
import { nodeLifecycleController } from '../../../grader/cluster/controllers/node-lifecycle.ts'
import { noScheduleTaintDifference } from '../../../grader/cluster/controllers/node-taints.ts'
import {
  createTaintQueue,
  evictionRate,
  zoneOf,
  zoneStateOf,
} from '../../../grader/cluster/controllers/zone-disruption.ts'
import { at, node, pod } from '../../support/build.ts'
import { type PartialCluster, partialCluster } from '../../support/partial-cluster.ts'

const taintsOf = (cluster: PartialCluster, name: string) =>
  (cluster.all<Node>(nodeResource).find(({ metadata }) => metadata.name === name)?.spec.taints ?? []).map(
    ({ key, effect }) => `${key.replace('node.kubernetes.io/', '')}:${effect}`,
  )
const readyOf = (cluster: PartialCluster, name: string) =>
  cluster
    .all<Node>(nodeResource)
    .find(({ metadata }) => metadata.name === name)
    ?.status.conditions?.find(({ type }) => type === 'Ready')

function setConditions(cluster: PartialCluster, name: string, conditions: readonly NodeCondition[]): void {
  const old = cluster.all<Node>(nodeResource).find(({ metadata }) => metadata.name === name)!
  cluster.client().update(nodeResource, { ...old, status: { ...old.status, conditions } }, { subresource: 'status' })
  cluster.runDue()
}

const ready = (status: 'True' | 'False' | 'Unknown'): NodeCondition => ({
  type: 'Ready',
  status,
  lastTransitionTime: at(0),
})

/** A Lease that nobody renews: its kubelet fell silent at the start. */
function silence(cluster: PartialCluster, name: string): void {
  cluster.make<Lease>(leases, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: { renewTime: '2026-01-01T00:00:00.000000Z', holderIdentity: name, leaseDurationSeconds: 40 },
  })
}

function watched(names: readonly string[]): PartialCluster {
  const cluster = partialCluster([nodeLifecycleController])
  for (const name of names) cluster.make(nodeResource, node(name))
  for (const name of names) setConditions(cluster, name, [ready('True')])
  return cluster
}

describe('conditions become NoSchedule taints', () => {
  it.each([
    ['not Ready', [ready('False')], ['node.kubernetes.io/not-ready']],
    ['Ready unknown', [ready('Unknown')], ['node.kubernetes.io/unreachable']],
    ['Ready', [ready('True')], []],
    ['memory pressure', [{ type: 'MemoryPressure', status: 'True' as const }], ['node.kubernetes.io/memory-pressure']],
    ['unknown memory pressure', [{ type: 'MemoryPressure', status: 'Unknown' as const }], []],
    [
      'disk and PID pressure',
      [
        { type: 'DiskPressure', status: 'True' as const },
        { type: 'PIDPressure', status: 'True' as const },
      ],
      ['node.kubernetes.io/disk-pressure', 'node.kubernetes.io/pid-pressure'],
    ],
    [
      'no network',
      [{ type: 'NetworkUnavailable', status: 'True' as const }],
      ['node.kubernetes.io/network-unavailable'],
    ],
  ])('%s', (_, conditions, keys) =>
    expect(noScheduleTaintDifference(node('w-1', { conditions })).add.map(({ key }) => key)).toEqual(keys),
  )

  it('a cordoned Node gets its taint and loses it again', () => {
    const cluster = watched(['w-1'])
    const client = cluster.client()
    client.patch(nodeResource, { name: 'w-1' }, { type: 'merge', body: { spec: { unschedulable: true } } })
    cluster.runDue()
    expect(taintsOf(cluster, 'w-1')).toEqual(['unschedulable:NoSchedule'])
    client.patch(nodeResource, { name: 'w-1' }, { type: 'merge', body: { spec: { unschedulable: null } } })
    cluster.runDue()
    expect(taintsOf(cluster, 'w-1')).toEqual([])
  })

  it('a pressure taint put there by hand goes, other taints stay', () => {
    const { add, remove } = noScheduleTaintDifference(
      node('w-1', {
        taints: [
          'node.kubernetes.io/memory-pressure:NoSchedule',
          'dedicated=db:NoSchedule',
          'node.kubernetes.io/not-ready:NoExecute',
        ],
      }),
    )
    expect([add, remove]).toEqual([[], ['node.kubernetes.io/memory-pressure']])
  })

  it('the old labels of system and architecture follow the new ones', () => {
    const cluster = partialCluster([nodeLifecycleController])
    cluster.make(nodeResource, node('w-1', { labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' } }))
    cluster.runDue()
    expect(cluster.all<Node>(nodeResource)[0]?.metadata.labels).toMatchObject({
      'beta.kubernetes.io/os': 'linux',
      'beta.kubernetes.io/arch': 'arm64',
    })
  })
})

describe('a kubelet that falls silent', () => {
  it('turns its Node Unknown after the grace period, with taints, Pods and Events', () => {
    const cluster = watched(['w-1', 'w-2'])
    silence(cluster, 'w-1')
    cluster.make<Pod>(pods, pod('p', { on: 'w-1' }))
    cluster.client().update<Pod>(
      pods,
      {
        ...cluster.pods()[0]!,
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at(0) }] },
      },
      { subresource: 'status' },
    )
    cluster.advance(50)
    expect(readyOf(cluster, 'w-1')?.status).toBe('True')
    cluster.advance(10.2)
    expect(readyOf(cluster, 'w-1')).toMatchObject({
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
    })
    expect(taintsOf(cluster, 'w-1')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute'])
    expect(cluster.pods()[0]?.status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('False')
    expect(cluster.eventTexts()).toEqual([
      'NodeNotReady Node/w-1: Node w-1 status is now: NodeNotReady',
      'NodeNotReady Pod/p: Node is not ready',
    ])
    expect(taintsOf(cluster, 'w-2')).toEqual([])
    setConditions(cluster, 'w-1', [{ ...ready('True'), lastHeartbeatTime: at(60) }])
    cluster.advance(5)
    expect(taintsOf(cluster, 'w-1')).toEqual([])
  })

  it('a Node without a Lease is trusted', () => {
    const cluster = watched(['w-1', 'w-2'])
    cluster.advance(600)
    expect(readyOf(cluster, 'w-1')?.status).toBe('True')
  })

  it('the NoExecute taint of a second Node comes 10 s after the first', () => {
    const cluster = watched(['a', 'b', 'c', 'd', 'e', 'f'])
    for (const name of ['a', 'b']) silence(cluster, name)
    cluster.advance(61)
    const tainted = () => ['a', 'b'].filter((name) => taintsOf(cluster, name).includes('unreachable:NoExecute'))
    expect(tainted()).toHaveLength(1)
    cluster.advance(10)
    expect(tainted()).toHaveLength(2)
  })

  it('when all Nodes are lost none gets a NoExecute taint', () => {
    const cluster = watched(['a', 'b'])
    for (const name of ['a', 'b']) silence(cluster, name)
    cluster.advance(300)
    expect([taintsOf(cluster, 'a'), taintsOf(cluster, 'b')]).toEqual([
      ['unreachable:NoSchedule'],
      ['unreachable:NoSchedule'],
    ])
  })

  it('when more than half of a small zone is lost no further Node gets one', () => {
    const cluster = watched(['a', 'b', 'c', 'd', 'e'])
    for (const name of ['a', 'b', 'c']) silence(cluster, name)
    cluster.advance(300)
    expect(
      ['a', 'b', 'c'].filter((name) => taintsOf(cluster, name).includes('unreachable:NoExecute')).length,
    ).toBeLessThanOrEqual(1)
  })

  it('a kubelet that says itself that it is not Ready gets the not-ready taints', () => {
    const cluster = watched(['a', 'b'])
    setConditions(cluster, 'a', [ready('False')])
    expect(taintsOf(cluster, 'a')).toEqual(['not-ready:NoSchedule'])
    cluster.advance(5.2)
    expect(taintsOf(cluster, 'a')).toEqual(['not-ready:NoSchedule', 'not-ready:NoExecute'])
    setConditions(cluster, 'a', [ready('Unknown')])
    cluster.advance(5)
    expect(taintsOf(cluster, 'a')).toEqual(['unreachable:NoSchedule', 'unreachable:NoExecute'])
  })

  it('Nodes that join and go are told', () => {
    const cluster = watched(['a'])
    cluster.advance(7)
    cluster.make(nodeResource, { ...node('b'), metadata: { name: 'b' } })
    cluster.advance(5)
    cluster.client().delete(nodeResource, { name: 'b' })
    cluster.advance(5)
    expect(cluster.eventTexts()).toEqual([
      'RegisteredNode Node/b: Node b event: Registered Node b in Controller',
      'RemovingNode Node/b: Node b event: Removing Node b from Controller',
    ])
  })
})

describe('zones', () => {
  it.each([
    [{ ready: 0, notReady: 1 }, 'FullDisruption'],
    [{ ready: 2, notReady: 2 }, 'Normal'],
    [{ ready: 2, notReady: 3 }, 'PartialDisruption'],
    [{ ready: 3, notReady: 3 }, 'Normal'],
    [{ ready: 45, notReady: 55 }, 'PartialDisruption'],
    [{ ready: 5, notReady: 0 }, 'Normal'],
  ] as const)('%o is %s', (tally, state) => expect(zoneStateOf(tally)).toBe(state))

  it.each([
    ['Normal', 5, 0.1],
    ['PartialDisruption', 50, 0],
    ['PartialDisruption', 51, 0.01],
    ['FullDisruption', 5, 0.1],
  ] as const)('%s with %d Nodes taints %d a second', (state, size, rate) =>
    expect(evictionRate(state, size)).toBe(rate),
  )

  it('a Node without labels is in the zone of all such Nodes', () => {
    expect(zoneOf(node('a'))).toBe(zoneOf(node('b')))
    expect(zoneOf(node('a', { labels: { 'topology.kubernetes.io/zone': 'z' } }))).not.toBe(zoneOf(node('b')))
  })

  it('the queue lets one through, then waits', () => {
    const queue = createTaintQueue()
    queue.add('a')
    queue.add('b')
    expect([queue.take(0), queue.take(1), queue.nextAt(1), queue.take(10_000)]).toEqual(['a', undefined, 10_000, 'b'])
  })
})
