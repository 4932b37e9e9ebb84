import { describe, expect, it } from 'vitest'
import { pods } from '../../../grader/api/resource-table.ts'
import { smallCluster } from '../../support/small-cluster.ts'

describe('a control plane that is down', () => {
  it('refuses every call, while containers go on', () => {
    const world = smallCluster(['w-1'], { 'once:1': { exits: { code: 1, afterSeconds: 30 } } })
    world.create('web', { containers: [{ name: 'c', image: 'once:1' }] })
    world.cluster.settle()
    world.cluster.machines.suffer({ type: 'control-plane', up: false })
    const answer = world.cluster.client().get(pods, { namespace: 'default', name: 'web' })
    expect(answer).toMatchObject({
      ok: false,
      status: {
        code: 0,
        message: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
      },
    })
    const version = world.cluster.store.resourceVersion()
    world.cluster.advance(60)
    expect(world.cluster.store.resourceVersion()).toBe(version)
    world.cluster.machines.suffer({ type: 'control-plane', up: true })
    world.cluster.runDue()
    expect(world.pod('web')?.status.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0)
  })

  it('leaves a Node that was cut off cut off', () => {
    const world = smallCluster(['w-1', 'w-2'])
    world.cluster.machines.partition('w-1')
    world.cluster.machines.suffer({ type: 'control-plane', up: false })
    world.cluster.machines.suffer({ type: 'control-plane', up: true })
    for (const nodeName of ['w-1', 'w-2']) world.create(`on-${nodeName}`, { nodeName })
    world.cluster.settle()
    expect([world.pod('on-w-1')?.status.phase, world.pod('on-w-2')?.status.phase]).toEqual(['Pending', 'Running'])
  })
})
