import { describe, expect, it } from 'vitest'
import { pods } from '../../../grader/api/resource-table.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const manifest = (image = 'agent:1') => ({
  metadata: { name: 'proxy', namespace: 'default' },
  spec: { containers: [{ name: 'c', image }] },
})
const running = (): SmallCluster => {
  const world = smallCluster(['w-1'])
  world.cluster.machines.writeManifest('w-1', 'proxy.yaml', manifest())
  world.cluster.settle()
  return world
}

describe('a static Pod', () => {
  it('runs under the name of its Node, and has a mirror that the Node owns', () => {
    const { metadata, spec, status } = running().pod('proxy-w-1')!
    expect(status.phase).toBe('Running')
    expect(Object.keys(metadata.annotations ?? {}).sort()).toEqual([
      'kubernetes.io/config.hash',
      'kubernetes.io/config.mirror',
      'kubernetes.io/config.seen',
      'kubernetes.io/config.source',
    ])
    expect(metadata.annotations?.['kubernetes.io/config.mirror']).toBe(
      metadata.annotations?.['kubernetes.io/config.hash'],
    )
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'w-1', controller: true }])
    expect(spec.tolerations).toContainEqual({ operator: 'Exists', effect: 'NoExecute' })
  })

  it('outlives the deletion of its mirror, which is made anew', () => {
    for (const gracePeriodSeconds of [30, 0]) {
      const world = running()
      const before = world.pod('proxy-w-1')!
      world.cluster.client().delete(pods, before.metadata, { gracePeriodSeconds })
      world.cluster.settle()
      const after = world.pod('proxy-w-1')!
      expect(after.metadata.uid).not.toBe(before.metadata.uid)
      expect(after.status.containerStatuses?.[0]).toMatchObject({ restartCount: 0, ready: true })
      expect(after.status.containerStatuses?.[0]?.state).toEqual(before.status.containerStatuses?.[0]?.state)
    }
  })

  it('ends when its file goes, and changes when its file changes', () => {
    const world = running()
    world.cluster.machines.writeManifest('w-1', 'proxy.yaml', manifest('agent:2'))
    world.cluster.settle()
    expect(world.pod('proxy-w-1')?.status.containerStatuses?.[0]).toMatchObject({ image: 'agent:2', ready: true })
    world.cluster.machines.writeManifest('w-1', 'proxy.yaml', undefined)
    world.cluster.settle()
    expect(world.pod('proxy-w-1')).toBeUndefined()
  })

  it('starts without an API server, and its mirror follows', () => {
    const world = smallCluster(['w-1'])
    world.cluster.machines.controlPlane(false)
    world.cluster.machines.writeManifest('w-1', 'proxy.yaml', manifest())
    world.cluster.advance(30)
    expect(world.pod('proxy-w-1')).toBeUndefined()
    world.cluster.machines.controlPlane(true)
    world.cluster.runDue()
    expect(world.statesOf('proxy-w-1')).toEqual(['Ready'])
  })

  it('is not evicted under pressure', () => {
    const world = running()
    world.cluster.machines.pressure('w-1', 'disk')
    world.cluster.advance(60)
    expect(world.pod('proxy-w-1')?.status.phase).toBe('Running')
  })
})
