import { describe, expect, it } from 'vitest'
import type { ControllerRevision } from '../../../../grader/api/apps.ts'
import { daemonSets, pods } from '../../../../grader/api/resource-table.ts'
import { daemonSetController } from '../../../../grader/cluster/controllers/daemonset/controller.ts'
import { hashesOf, newRevision, planCleanup } from '../../../../grader/cluster/controllers/daemonset/revisions.ts'
import { planStatus } from '../../../../grader/cluster/controllers/daemonset/status.ts'
import { daemonSet, node, nodes, pod } from '../../../support/build.ts'
import { instantDaemonSet } from '../../../support/instant-daemonset.ts'
import { partialCluster } from '../../../support/partial-cluster.ts'

const plain = daemonSet()

describe('the numbers of a status', () => {
  it('60: Ready counts the Nodes whose first Pod is Ready', () => {
    const world = instantDaemonSet(plain, nodes(2))
    world.sync()
    expect(world.counters).toMatchObject({ desired: 2, current: 2, ready: 0, available: 0, updated: 2 })
    world.markReady()
    world.sync()
    expect(world.counters).toMatchObject({ ready: 2, available: 2 })
  })

  it('50: Pods that are there at once are counted at once', () => {
    const world = instantDaemonSet(plain, nodes(5))
    world.sync()
    expect(world.counters.current).toBe(5)
  })

  it('a Pod on a Node that is not wanted is misscheduled, and nothing else', () => {
    const world = instantDaemonSet(
      plain,
      [node('w-1', { taints: ['a=b:NoSchedule'] }), node('w-2')],
      [pod('p', { on: 'w-1', owner: plain, ready: true })],
    )
    world.sync()
    expect(world.counters).toEqual({ desired: 1, current: 1, misscheduled: 1, ready: 0, available: 0, updated: 1 })
  })

  it('of two Pods on a Node the older one counts', () => {
    const surging = daemonSet({ update: { maxUnavailable: 0, maxSurge: 1 } })
    const both = [
      pod('new', { on: 'w-1', owner: surging, createdAt: 9 }),
      pod('old', { on: 'w-1', owner: surging, hash: 'old', ready: true }),
    ]
    const world = instantDaemonSet(surging, [node('w-1')], both)
    world.sync()
    expect(world.counters).toMatchObject({ ready: 1, available: 1, updated: 0 })
  })

  it.each([
    ['Ready for 9 s of 10', 9, 0],
    ['Ready for 10 s of 10: the boundary counts', 10, 1],
  ])('%s', (_, seconds, available) => {
    const ds = daemonSet({ minReadySeconds: 10 })
    const world = instantDaemonSet(ds, nodes(1), [pod('p', { on: 'node-0', owner: ds, ready: 0 })])
    world.seconds = seconds
    world.sync()
    expect(world.counters).toMatchObject({ ready: 1, available })
  })

  it('61: observedGeneration follows, and only when nothing is expected any more', () => {
    const none = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 }
    expect(planStatus(plain, none, true)?.observedGeneration).toBe(1)
    expect(planStatus(plain, none, false)).not.toHaveProperty('observedGeneration')
    expect(
      planStatus({ ...plain, status: { ...plain.status, observedGeneration: 1 } }, none, true),
      'nothing to write',
    ).toBeUndefined()
  })

  it('leaves out what is zero where the API does', () => {
    const counters = { desired: 1, current: 1, misscheduled: 0, ready: 0, available: 0, updated: 0 }
    expect(planStatus(plain, counters, true)).toEqual({
      currentNumberScheduled: 1,
      numberMisscheduled: 0,
      desiredNumberScheduled: 1,
      numberReady: 0,
      observedGeneration: 1,
      numberUnavailable: 1,
    })
  })

  it('a Pod becomes available by the clock alone', () => {
    const ready = [{ type: 'Ready', status: 'True' as const, lastTransitionTime: '2026-01-01T00:00:00Z' }]
    const cluster = partialCluster([daemonSetController], nodes(1))
    cluster.make(daemonSets, daemonSet({ minReadySeconds: 10 }))
    cluster.runDue()
    const [made] = cluster.pods()
    cluster
      .client()
      .update(pods, { ...made!, status: { phase: 'Running', conditions: ready } }, { subresource: 'status' })
    cluster.advance(9)
    expect(cluster.daemonSet().status).toMatchObject({ numberReady: 1, numberUnavailable: 1 })
    cluster.advance(2)
    expect(cluster.daemonSet().status).toMatchObject({ numberReady: 1, numberAvailable: 1 })
  })
})

describe('what is kept and what is forgotten', () => {
  it('42: for the clean-up of history ended and terminating Pods count too', () => {
    const stored = (hash: string, revision: number) =>
      ({
        ...newRevision(plain, revision),
        metadata: { ...plain.metadata, name: hash, labels: { 'controller-revision-hash': hash } },
      }) as ControllerRevision
    const gone = pod('p', { hash: 'used', phase: 'Failed', isTerminating: true })
    const limited = daemonSet({ revisionHistoryLimit: 0 })
    expect(
      planCleanup(limited, [stored('unused', 2), stored('used', 1)], hashesOf([gone])).map(
        ({ metadata }) => metadata.name,
      ),
    ).toEqual(['unused'])
  })

  it('59: a deleted DaemonSet is looked at once more, and forgotten', () => {
    const cluster = partialCluster([daemonSetController], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    cluster.client().delete(daemonSets, { namespace: 'default', name: 'agent' })
    cluster.runDue()
    const before = cluster.trace.count()
    cluster.advance(600)
    expect(cluster.trace.count()).toBe(before)
  })
})
