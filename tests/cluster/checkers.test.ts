import { describe, expect, it } from 'vitest'
import { daemonSets, pods } from '../../grader/api/resource-table.ts'
import { checkAlways, checkNoExecute, checkSettled } from '../../grader/cluster/checkers.ts'
import { daemonSet, node, pod } from '../support/build.ts'
import { type PartialCluster, partialCluster } from '../support/partial-cluster.ts'

const checked = ({ store, trace, waiter }: PartialCluster) => ({ store, trace, now: waiter.now() })

describe('the checkers of the simulation', () => {
  it('notice an eligible Node without a Pod, and a status that is no recount', () => {
    const cluster = partialCluster([], [node('w-1')])
    cluster.make(daemonSets, daemonSet())
    expect(checkSettled(checked(cluster))).toEqual([
      'default/agent on w-1: eligible, and no Pod',
      expect.stringMatching(/^the status of default\/agent is .*, recounted .*"desiredNumberScheduled":1/),
    ])
  })

  it('notice two Pods on a Node, and one on a Node that is not eligible', () => {
    const cluster = partialCluster([], [node('w-1'), node('w-2', { taints: ['a=b:NoExecute'] })])
    const owner = cluster.make(daemonSets, daemonSet())
    for (const [name, on] of [
      ['a', 'w-1'],
      ['b', 'w-1'],
      ['c', 'w-2'],
    ] as const)
      cluster.make(pods, pod(name, { on, owner }))
    const found = checkSettled(checked(cluster))
    expect(found).toContain('default/agent on w-1: 2 Pods')
    expect(found).toContain('default/agent on w-2: not eligible, and 1 Pods')
    expect(checkNoExecute(checked(cluster))).toEqual(['default/c is on w-2 in spite of a=b:NoExecute'])
  })

  it('notice a daemon Pod without controllerRef, and more requests than a Node has', () => {
    const cluster = partialCluster([], [node('w-1', { allocatable: { cpu: '1' } })])
    const owner = daemonSet()
    const { controller: _, ...reference } = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      name: 'agent',
      uid: owner.metadata.uid,
      controller: true,
    }
    const big = { containers: [{ name: 'a', image: 'i', resources: { requests: { cpu: '700m' } } }] }
    for (const name of ['a', 'b']) cluster.make(pods, pod(name, { on: 'w-1', ownerReferences: [reference], spec: big }))
    expect(checkAlways(checked(cluster))).toEqual([
      'the daemon Pod default/a has no controllerRef',
      'the daemon Pod default/b has no controllerRef',
      'the Pods on w-1 request 1400m CPU of 1000m',
    ])
  })

  it('say nothing of an empty cluster', () => {
    const cluster = partialCluster([])
    expect([
      ...checkAlways(checked(cluster)),
      ...checkSettled(checked(cluster)),
      ...checkNoExecute(checked(cluster)),
    ]).toEqual([])
  })
})
