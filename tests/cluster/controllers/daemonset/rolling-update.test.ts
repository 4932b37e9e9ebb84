import { describe, expect, it } from 'vitest'
import type { IntOrString } from '../../../../grader/api/apps.ts'
import { updateLimits } from '../../../../grader/cluster/controllers/daemonset/rolling-update.ts'
import { createRandom } from '../../../../grader/cluster/random.ts'
import { daemonSet, node, nodes, pod } from '../../../support/build.ts'
import { type InstantDaemonSet, instantDaemonSet } from '../../../support/instant-daemonset.ts'

/** A DaemonSet whose Pods of the first revision run, Ready or not, on so many Nodes. */
function running(count: number, maxUnavailable: IntOrString, { ready = true } = {}): InstantDaemonSet {
  const world = instantDaemonSet(daemonSet({ update: { maxUnavailable } }), nodes(count))
  world.sync()
  if (ready) world.markReady()
  return world
}

const setLimit = (world: InstantDaemonSet, maxUnavailable: number) => {
  const updateStrategy = { type: 'RollingUpdate' as const, rollingUpdate: { maxUnavailable, maxSurge: 0 } }
  world.ds = { ...world.ds, spec: { ...world.ds.spec, updateStrategy } }
}

describe('rolling update within maxUnavailable', () => {
  it('76: five Ready Pods, two at a time', () => {
    const world = running(5, 2)
    world.setImage('agent:2')
    for (const [deleted, created] of [
      [2, 2],
      [2, 2],
      [1, 1],
    ] as const) {
      expect(world.sync()).toEqual([0, deleted, 0])
      expect(world.sync()).toEqual([created, 0, 0])
      world.markReady()
    }
    expect(world.sync()).toEqual([0, 0, 0])
  })

  it('77: new Pods that never become Ready stop it', () => {
    const world = running(5, 3)
    world.setImage('agent:2')
    expect([world.sync(), world.sync(), world.sync()]).toEqual([
      [0, 3, 0],
      [3, 0, 0],
      [0, 0, 0],
    ])
  })

  it('78: unavailable old Pods all go at once, whatever the limit', () => {
    const world = running(5, 3, { ready: false })
    world.setImage('agent:2')
    expect([world.sync(), world.sync(), world.sync()]).toEqual([
      [0, 5, 0],
      [5, 0, 0],
      [0, 0, 0],
    ])
  })

  it('79: a second bad update recycles the broken Pods only', () => {
    const world = running(5, 2)
    const healthy = () => world.pods.filter(({ status }) => status?.conditions?.[0]?.status === 'True').length
    for (const image of ['bad:1', 'bad:2']) {
      world.setImage(image)
      expect([world.sync(), world.sync(), world.sync()]).toEqual([
        [0, 2, 0],
        [2, 0, 0],
        [0, 0, 0],
      ])
    }
    expect(healthy()).toBe(3)
  })

  it('80 and 81: ten more bad updates never touch the healthy ten; a larger limit takes one more', () => {
    const world = running(20, 10)
    const random = createRandom(7)
    world.setImage('bad:0')
    expect([world.sync(), world.sync(), world.sync()]).toEqual([
      [0, 10, 0],
      [10, 0, 0],
      [0, 0, 0],
    ])
    for (let i = 1; i <= 10; i++) {
      setLimit(world, random.integer(10))
      world.setImage(`bad:${i}`)
      expect([world.sync(), world.sync(), world.sync()]).toEqual([
        [0, 10, 0],
        [10, 0, 0],
        [0, 0, 0],
      ])
    }
    setLimit(world, 11)
    world.setImage('bad:11')
    expect([world.sync(), world.sync(), world.sync()]).toEqual([
      [0, 11, 0],
      [11, 0, 0],
      [0, 0, 0],
    ])
  })

  it('82: unavailable old ones go although unavailable new ones fill the budget', () => {
    const ds = daemonSet({ update: { maxUnavailable: 10 } })
    const pods = nodes(100).map(({ metadata: { name } }, i) =>
      i < 12
        ? pod(`old-${i}`, { on: name, owner: ds, hash: 'old', ready: i < 10 })
        : pod(`new-${i}`, { on: name, owner: ds }),
    )
    const world = instantDaemonSet(ds, nodes(100), pods)
    expect([world.sync(), world.sync(), world.sync()]).toEqual([
      [0, 2, 0],
      [2, 0, 0],
      [0, 0, 0],
    ])
  })

  it('83: another strategy is no other template', () => {
    const world = running(5, 2)
    setLimit(world, 3)
    expect(world.sync()).toEqual([0, 0, 0])
  })

  it('107: the replacement comes when the old Pod is gone', () => {
    const ds = daemonSet()
    const world = instantDaemonSet(ds, nodes(1), [
      pod('old', { on: 'node-0', owner: ds, hash: 'old', isTerminating: true }),
    ])
    expect(world.sync()).toEqual([0, 0, 0])
    world.pods = []
    expect(world.sync()).toEqual([1, 0, 0])
  })

  it('119: before minReadySeconds are over old Pods count as unavailable and all go', () => {
    const world = instantDaemonSet(daemonSet({ minReadySeconds: 60 }), nodes(4))
    world.sync()
    world.markReady()
    world.seconds = 30
    world.setImage('agent:2')
    expect(world.sync()).toEqual([0, 4, 0])
  })

  it('119, its twin: once they are over one goes at a time', () => {
    const world = instantDaemonSet(daemonSet({ minReadySeconds: 60 }), nodes(4))
    world.sync()
    world.markReady()
    world.seconds = 60
    world.setImage('agent:2')
    expect(world.sync()).toEqual([0, 1, 0])
  })

  it('120: a Pod that never ends uses up the budget', () => {
    const world = running(3, 1)
    world.setImage('agent:2')
    world.pods = world.pods.map((p, i) =>
      i === 0 ? { ...p, metadata: { ...p.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } } : p,
    )
    expect([world.sync(), world.sync()]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ])
  })

  it('126: OnDelete to RollingUpdate starts with what is old', () => {
    const world = running(3, 1)
    const { spec } = world.ds
    world.ds = { ...world.ds, spec: { ...spec, updateStrategy: { type: 'OnDelete' } } }
    world.setImage('agent:2')
    expect(world.sync()).toEqual([0, 0, 0])
    setLimit(world, 1)
    expect(world.sync()).toEqual([0, 1, 0])
  })

  it('old available Pods on Nodes that are no longer wanted are candidates, and are not replaced', () => {
    const world = running(2, 1)
    world.nodes = [node('node-0', { taints: ['a:NoSchedule'] }), node('node-1')]
    world.setImage('agent:2')
    expect(world.sync()).toEqual([0, 1, 0])
    expect(world.deleted).toEqual(['agent-new-0000'])
    expect(world.sync()).toEqual([0, 1, 0])
  })
})

describe('84 to 89: the limits', () => {
  it.each([
    ['84: no Nodes', { maxUnavailable: 0 }, 0, { maxUnavailable: 0, maxSurge: 0 }],
    ['85: one of two', { maxUnavailable: 1 }, 2, { maxUnavailable: 1, maxSurge: 0 }],
    ['86: none of two falls back to one', { maxUnavailable: 0 }, 2, { maxUnavailable: 1, maxSurge: 0 }],
    ['87: neither', { maxUnavailable: 0, maxSurge: 0 }, 3, { maxUnavailable: 1, maxSurge: 0 }],
    ['88: half of two', { maxUnavailable: '50%' }, 2, { maxUnavailable: 1, maxSurge: 0 }],
    ['88: half of three is rounded up', { maxUnavailable: '50%' }, 3, { maxUnavailable: 2, maxSurge: 0 }],
    ['89: half of two as surge', { maxUnavailable: 0, maxSurge: '50%' }, 2, { maxUnavailable: 0, maxSurge: 1 }],
    ['89: all of two as surge', { maxUnavailable: 0, maxSurge: '100%' }, 2, { maxUnavailable: 0, maxSurge: 2 }],
    ['10 % of five', { maxUnavailable: '10%' }, 5, { maxUnavailable: 1, maxSurge: 0 }],
    ['30 % of five', { maxUnavailable: '30%' }, 5, { maxUnavailable: 2, maxSurge: 0 }],
  ])('%s', (_, update, desired, limits) =>
    expect(updateLimits(daemonSet({ update }), desired)).toEqual({ ok: true, limits }),
  )

  it('a value that is no percentage is an error', () => {
    expect(updateLimits(daemonSet({ update: { maxUnavailable: 'x' } }), 2)).toMatchObject({ ok: false })
  })
})
