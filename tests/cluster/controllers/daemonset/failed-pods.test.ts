import { describe, expect, it } from 'vitest'
import { daemonSet, nodes, pod } from '../../../support/build.ts'
import { instantDaemonSet } from '../../../support/instant-daemonset.ts'

const plain = daemonSet()
const surging = daemonSet({ update: { maxUnavailable: 0, maxSurge: 1 } })
const failed = (name = 'failed', createdAt = 0) => pod(name, { on: 'node-0', owner: plain, phase: 'Failed', createdAt })
const normal = (name: string, createdAt = 0) => pod(name, { on: 'node-0', owner: plain, ready: true, createdAt })

describe('failed and succeeded daemon Pods', () => {
  it('43: a normal Pod is left alone', () =>
    expect(instantDaemonSet(plain, nodes(1), [normal('a')]).sync()).toEqual([0, 0, 0]))
  it('44: a missing one is created', () => expect(instantDaemonSet(plain, nodes(1)).sync()).toEqual([1, 0, 0]))

  it('45: a failed one is deleted, and replaced in a later sync', () => {
    const world = instantDaemonSet(plain, nodes(1), [failed()])
    expect(world.sync()).toEqual([0, 1, 1])
    expect(world.sync()).toEqual([1, 0, 0])
  })

  it('46: a failed one and the two normal ones that sort last are deleted', () => {
    const world = instantDaemonSet(plain, nodes(1), [failed(), normal('a', 1), normal('b', 2), normal('c', 3)])
    expect(world.sync()).toEqual([0, 3, 1])
    expect(world.pods.map(({ metadata }) => metadata.name)).toEqual(['a'])
  })

  it('47: the next failure waits until the back-off is over', () => {
    const world = instantDaemonSet(plain, nodes(1), [failed('first')])
    expect(world.sync()).toEqual([0, 1, 1])
    world.pods = [failed('second')]
    expect(world.sync()).toEqual([0, 0, 0])
    world.seconds = 0.999
    expect(world.sync()).toEqual([0, 0, 0])
    world.seconds = 1
    expect(world.sync()).toEqual([0, 1, 1])
    world.pods = [failed('third')]
    world.seconds = 2.999
    expect(world.sync()).toEqual([0, 0, 0])
    world.seconds = 3
    expect(world.sync()).toEqual([0, 1, 1])
  })

  it('109: succeeded ones are deleted every time', () => {
    const world = instantDaemonSet(plain, nodes(1))
    for (const name of ['a', 'b', 'c']) {
      world.pods = [pod(name, { on: 'node-0', owner: plain, phase: 'Succeeded' })]
      expect(world.sync()).toEqual([0, 1, 1])
    }
  })

  it('110: with surge a new Pod comes although the failed one is in back-off', () => {
    const world = instantDaemonSet(surging, nodes(1), [failed('first')])
    expect(world.sync()).toEqual([1, 1, 1])
    world.pods = [failed('second')]
    expect(world.sync()).toEqual([1, 0, 0])
    const without = instantDaemonSet(plain, nodes(1), [failed('first')])
    without.sync()
    without.pods = [failed('second')]
    expect(without.sync()).toEqual([0, 0, 0])
  })

  it('111: a spec change that was observed starts a new back-off', () => {
    const world = instantDaemonSet(plain, nodes(1), [failed('first')])
    expect(world.sync()).toEqual([0, 1, 1])
    world.pods = [failed('second')]
    expect(world.sync()).toEqual([0, 0, 0])
    world.ds = { ...plain, status: { ...plain.status, observedGeneration: 2 } }
    expect(world.sync()).toEqual([0, 1, 1])
  })

  it('128: of two failed Pods on a Node the second waits for the back-off of the first', () => {
    const world = instantDaemonSet(plain, nodes(1), [failed('first', 1), failed('second', 2)])
    expect(world.sync()).toEqual([0, 1, 1])
    expect(world.deleted).toEqual(['first'])
    expect(world.sync()).toEqual([0, 0, 0])
  })
})
