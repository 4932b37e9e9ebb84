import { describe, expect, it } from 'vitest'
import type { DaemonSet } from '../../../../grader/api/apps.ts'
import type { Node, Pod } from '../../../../grader/api/core.ts'
import { daemonSets, nodes as nodeResource, pods } from '../../../../grader/api/resource-table.ts'
import type { Component } from '../../../../grader/cluster/cluster.ts'
import type { DaemonSetParts } from '../../../../grader/cluster/controllers/daemonset/daemonset-state.ts'
import { isNodeUpdateIgnored, wireWakeUps } from '../../../../grader/cluster/controllers/daemonset/wake-ups.ts'
import { createExpectations } from '../../../../grader/cluster/machinery/expectations.ts'
import { APP_LABELS, controlledBy, daemonSet, node, pod } from '../../../support/build.ts'
import { type PartialCluster, partialCluster } from '../../../support/partial-cluster.ts'

interface Listening {
  readonly cluster: PartialCluster
  readonly a: DaemonSet
  readonly b: DaemonSet
  readonly other: DaemonSet
  /** What was queued since the last question. */
  woken(): readonly string[]
}

/** Three DaemonSets, two of which select `app: agent`; nobody syncs them, so only what is queued shows. */
function listening(status: Partial<DaemonSet['status']> = {}): Listening {
  let queued: string[] = []
  const listener: Component = ({ informers, clock, trace }) => {
    const queue = {
      add: (key: string) => void queued.push(key),
      addAfter: (key: string) => void queued.push(`${key} later`),
      addRateLimited: () => {},
      forget: () => {},
      retries: () => 0,
    }
    wireWakeUps(
      { informers, clock, trace, queue, expectations: createExpectations(clock) } as unknown as DaemonSetParts,
      new Map(),
    )
  }
  const cluster = partialCluster([listener])
  const make = (name: string, labels = APP_LABELS) => {
    const made = cluster.make(daemonSets, daemonSet({ name, labels }))
    const updated = cluster
      .client()
      .update(daemonSets, { ...made, status: { ...made.status, ...status } }, { subresource: 'status' })
    return updated.ok ? updated.value : made
  }
  const [a, b, other] = [make('a'), make('b'), make('other', { app: 'other' })]
  cluster.runDue()
  queued = []
  const woken = () => {
    cluster.runDue()
    const keys = [...new Set(queued)].sort()
    queued = []
    return keys
  }
  return { cluster, a, b, other, woken }
}

const owned = (by: DaemonSet, options = {}) => pod('p', { ...options, ownerReferences: [controlledBy(by)] })

function change(cluster: PartialCluster, edit: (p: Pod) => Pod): void {
  const old = cluster.pods()[0]!
  const updated = cluster.client().update(pods, edit(old))
  expect(updated.ok, updated.ok ? '' : updated.status.message).toBe(true)
}

describe('what a Pod wakes', () => {
  it('62: an owned one its DaemonSet', () => {
    const { cluster, a, woken } = listening()
    cluster.make(pods, owned(a))
    expect(woken()).toEqual(['default/a'])
  })

  it('63: an orphan every DaemonSet that selects it', () => {
    const { cluster, woken } = listening()
    cluster.make(pods, pod('p'))
    expect(woken()).toEqual(['default/a', 'default/b'])
  })

  it('64: an update of an owned one its DaemonSet', () => {
    const { cluster, a, woken } = listening()
    cluster.make(pods, owned(a))
    woken()
    change(cluster, (p) => ({ ...p, metadata: { ...p.metadata, annotations: { x: 'y' } } }))
    expect(woken()).toEqual(['default/a'])
  })

  it('65 and 66: an orphan only if its labels change', () => {
    const { cluster, woken } = listening()
    cluster.make(pods, pod('p'))
    woken()
    change(cluster, (p) => ({ ...p, metadata: { ...p.metadata, annotations: { x: 'y' } } }))
    expect(woken()).toEqual([])
    change(cluster, (p) => ({ ...p, metadata: { ...p.metadata, labels: { ...APP_LABELS, x: 'y' } } }))
    expect(woken()).toEqual(['default/a', 'default/b'])
  })

  it('67: a changed owner both of them', () => {
    const { cluster, a, b, woken } = listening()
    cluster.make(pods, owned(a))
    woken()
    change(cluster, (p) => ({ ...p, metadata: { ...p.metadata, ownerReferences: [controlledBy(b)] } }))
    expect(woken()).toEqual(['default/a', 'default/b'])
  })

  it('68: a lost owner all that select it', () => {
    const { cluster, a, woken } = listening()
    cluster.make(pods, owned(a))
    woken()
    change(cluster, ({ metadata: { ownerReferences: _, ...metadata }, ...p }) => ({ ...p, metadata }))
    expect(woken()).toEqual(['default/a', 'default/b'])
  })

  it('69 and 70: a deleted one its DaemonSet; an orphan or a foreign one nobody', () => {
    const { cluster, a, woken } = listening()
    cluster.make(pods, owned(a))
    cluster.make(pods, pod('orphan'))
    cluster.make(
      pods,
      pod('foreign', {
        labels: { x: 'y' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'u', controller: true }],
      }),
    )
    woken()
    const client = cluster.client()
    client.delete(pods, { namespace: 'default', name: 'orphan' })
    client.delete(pods, { namespace: 'default', name: 'foreign' })
    expect(woken()).toEqual([])
    client.delete(pods, { namespace: 'default', name: 'p' })
    expect(woken()).toEqual(['default/a'])
  })
})

describe('what a Node wakes', () => {
  const change = (cluster: PartialCluster, edit: (n: Node) => Node) => {
    const old = cluster.all<Node>(nodeResource)[0]!
    cluster.client().update(nodeResource, edit(old))
  }

  it('74: a new one every DaemonSet that wants a Pod there', () => {
    const { cluster, woken } = listening()
    cluster.make(nodeResource, node('w-1'))
    expect(woken()).toEqual(['default/a', 'default/b', 'default/other'])
  })

  it('71: a change of neither labels nor taints nobody', () => {
    const { cluster, woken } = listening()
    cluster.make(nodeResource, node('w-1'))
    woken()
    change(cluster, (n) => ({ ...n, metadata: { ...n.metadata, annotations: { x: 'y' } } }))
    change(cluster, (n) => ({ ...n, spec: { ...n.spec, unschedulable: true } }))
    expect(woken()).toEqual([])
  })

  it('73: a taint that goes', () => {
    const { cluster, woken } = listening()
    cluster.make(nodeResource, node('w-1', { taints: ['x=y:NoSchedule'] }))
    expect(woken()).toEqual([])
    change(cluster, ({ spec: { taints: _, ...spec }, ...n }) => ({ ...n, spec }))
    expect(woken()).toEqual(['default/a', 'default/b', 'default/other'])
  })

  it('112: an untolerated NoSchedule taint under a running Pod nobody, unless somebody is misscheduled', () => {
    for (const [numberMisscheduled, expected] of [
      [0, []],
      [1, ['default/a']],
    ] as const) {
      const { cluster, a, woken } = listening({ numberMisscheduled })
      cluster.make(nodeResource, node('w-1', { taints: ['kubernetes.io/x:PreferNoSchedule'] }))
      cluster.make(pods, owned(a, { on: 'w-1' }))
      woken()
      change(cluster, (n) => ({ ...n, spec: { taints: [{ key: 'x', value: 'y', effect: 'NoSchedule' }] } }))
      expect(woken()).toEqual(expected)
    }
  })

  it('139: an untolerated NoExecute taint under a running Pod its DaemonSet', () => {
    const { cluster, a, woken } = listening()
    cluster.make(nodeResource, node('w-1'))
    cluster.make(pods, owned(a, { on: 'w-1' }))
    woken()
    change(cluster, (n) => ({ ...n, spec: { taints: [{ key: 'x', value: 'y', effect: 'NoExecute' }] } }))
    expect(woken()).toEqual(['default/a'])
  })

  it('114: a deleted one nobody', () => {
    const { cluster, woken } = listening()
    cluster.make(nodeResource, node('w-1'))
    woken()
    cluster.client().delete(nodeResource, { name: 'w-1' })
    expect(woken()).toEqual([])
  })

  it.each([
    ['75: nothing', node('w-1'), true],
    ['75: other labels', node('w-1', { labels: { x: 'y' } }), false],
    ['75: other taints', node('w-1', { taints: ['x=y:NoSchedule'] }), false],
    ['72: another value of a label', node('w-1', { labels: { 'kubernetes.io/hostname': 'z' } }), false],
    ['71: other allocatable', node('w-1', { allocatable: { cpu: '1' } }), true],
    ['71: cordoned', node('w-1', { unschedulable: true }), true],
  ])('%s changed: is it ignored?', (_, changed, ignored) =>
    expect(isNodeUpdateIgnored(node('w-1'), changed)).toBe(ignored),
  )
})
