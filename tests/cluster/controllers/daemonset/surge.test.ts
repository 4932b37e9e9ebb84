import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../../grader/api/core.ts'
import { daemonSet, node, nodes, pod, toleration } from '../../../support/build.ts'
import { type InstantDaemonSet, instantDaemonSet } from '../../../support/instant-daemonset.ts'

function running(count: number, maxSurge: number, { ready = true, minReadySeconds = 0 } = {}): InstantDaemonSet {
  const world = instantDaemonSet(daemonSet({ update: { maxUnavailable: 0, maxSurge }, minReadySeconds }), nodes(count))
  world.sync()
  if (ready) world.markReady()
  return world
}

const onNode = (p: Pod): string =>
  p.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0]?.matchFields?.[0]
    ?.values?.[0] ?? ''
const carries = (hash: string) => (p: Pod) => p.metadata.labels?.['controller-revision-hash'] === hash

describe('rolling update within maxSurge', () => {
  it('90: five Ready Pods, two new ones at a time', () => {
    const world = running(5, 2)
    world.setImage('agent:2')
    for (const synced of [
      [2, 0, 0],
      [2, 2, 0],
      [1, 2, 0],
    ] as const) {
      expect(world.sync()).toEqual(synced)
      expect(world.sync()).toEqual([0, 0, 0])
      world.markReady()
    }
    expect(world.sync()).toEqual([0, 1, 0])
    expect(world.sync()).toEqual([0, 0, 0])
  })

  it('91: beside unavailable old Pods new ones come without limit, and the old ones go', () => {
    const world = running(5, 3, { ready: false })
    world.setImage('agent:2')
    expect(world.sync()).toEqual([5, 0, 0])
    expect(world.sync()).toEqual([0, 5, 0])
  })

  it('92: minReadySeconds hold the next ones back', () => {
    const world = running(5, 3, { minReadySeconds: 15, ready: false })
    world.seconds = 200
    world.markReady()
    world.seconds = 300
    world.setImage('agent:2')
    expect(world.sync()).toEqual([3, 0, 0])
    const fresh = world.pods.filter(carries(world.hash))
    const hasNew = new Set(fresh.map(onNode))
    world.markReady((p) => fresh.slice(0, 2).includes(p))
    world.markNotReady((p) => p === world.pods.find((q) => !hasNew.has(onNode(q))))
    world.seconds = 310
    expect(world.sync()).toEqual([1, 0, 0])
    world.seconds = 320
    expect(world.sync()).toEqual([1, 3, 0])
    world.markReady()
    world.seconds = 340
    expect(world.sync()).toEqual([0, 2, 0])
    world.seconds = 350
    expect(world.sync()).toEqual([0, 0, 0])
  })

  it('93: a Pod on a Node that is no longer wanted goes only when enough others are available', () => {
    const tolerant = daemonSet({ update: { maxUnavailable: 0, maxSurge: 1 }, spec: { tolerations: [toleration('')] } })
    const world = instantDaemonSet(tolerant, [node('node-0', { taints: ['a:NoSchedule'] }), ...nodes(4, { from: 1 })])
    world.sync()
    world.markReady()
    const { tolerations: _, ...spec } = world.ds.spec.template.spec
    world.ds = { ...world.ds, spec: { ...world.ds.spec, template: { ...world.ds.spec.template, spec } } }
    for (let i = 0; i < 4; i++) {
      expect(world.sync()).toEqual([1, 1, 0])
      if (i === 0) expect(world.deleted).toEqual(['agent-new-0000'])
      expect(world.sync()).toEqual([0, 0, 0])
      world.markReady()
    }
    expect(world.sync()).toEqual([0, 1, 0])
    expect(world.sync()).toEqual([0, 0, 0])
  })

  const ds = daemonSet({ update: { maxUnavailable: 0, maxSurge: 1 } })
  const slow = daemonSet({ update: { maxUnavailable: 0, maxSurge: 1 }, minReadySeconds: 15 })
  const old = (name: string, createdAt: number, ready: boolean) =>
    pod(name, { on: 'node-1', owner: ds, hash: 'old', createdAt, ready })
  const fresh = (ready: number | boolean) => pod('new', { on: 'node-1', owner: ds, createdAt: 100, ready })
  const elsewhere = pod('other', { on: 'node-2', owner: ds, ready: true })

  it('95: of two old Ready Pods beside a new one that is not the younger goes', () => {
    const world = instantDaemonSet(ds, nodes(5), [fresh(false), old('t50', 50, true), old('t60', 60, true), elsewhere])
    expect(world.sync()).toEqual([3, 1, 0])
    expect(world.deleted).toEqual(['t60'])
  })

  it('96: the oldest old Pod is the one that is judged', () => {
    const world = instantDaemonSet(ds, nodes(5), [fresh(false), old('t50', 50, false), old('t60', 60, true), elsewhere])
    expect(world.sync()).toEqual([3, 2, 0])
  })

  it.each([
    ['97: Ready for 10 s of 15 is not available', 110, [3, 1, 0]],
    ['98: Ready for 20 s is', 100, [3, 2, 0]],
  ] as const)('%s', (_, since, synced) => {
    const world = instantDaemonSet(slow, nodes(5), [
      fresh(since),
      old('t50', 50, true),
      old('t60', 60, true),
      elsewhere,
    ])
    world.seconds = 120
    expect(world.sync()).toEqual(synced)
  })

  it('99: where the old Pod is terminating a new one comes beyond the limit', () => {
    const world = running(5, 1)
    world.setImage('agent:2')
    expect(world.sync()).toEqual([1, 0, 0])
    world.pods = world.pods.map((p) =>
      onNode(p) === 'node-4' ? { ...p, metadata: { ...p.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } } : p,
    )
    expect(world.sync()).toEqual([1, 0, 0])
    expect(world.created).toEqual(['node-4'])
  })

  it('107: with surge the replacement comes beside the terminating Pod', () => {
    const world = instantDaemonSet(ds, nodes(1), [
      pod('old', { on: 'node-0', owner: ds, hash: 'old', isTerminating: true }),
    ])
    expect(world.sync()).toEqual([1, 0, 0])
  })

  it('129: an old Pod on a Node that is gone stops the update step', () => {
    const world = running(2, 1)
    world.nodes = nodes(1)
    world.pods = world.pods.map((p) => ({ ...p, spec: { ...p.spec, nodeName: onNode(p) } }))
    world.setImage('agent:2')
    expect(world.sync()).toEqual([0, 0, 0])
    expect(world.error).toBe(`couldn't get node for nodeName "node-1": node "node-1" not found`)
  })
})
