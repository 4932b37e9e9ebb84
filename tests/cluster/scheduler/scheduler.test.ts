import { describe, expect, it } from 'vitest'
import type { PodSpec, Taint } from '../../../grader/api/core.ts'
import type { StringMap } from '../../../grader/api/meta.ts'
import { nodes, pods } from '../../../grader/api/resource-table.ts'
import { affinityTo } from '../../support/build.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const asking = (requests: StringMap, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'c', image: 'registry.example/agent:1', resources: { requests } }],
  ...more,
})
const scheduledCondition = ({ pod }: SmallCluster, name: string) =>
  pod(name)?.status.conditions?.find(({ type }) => type === 'PodScheduled')
const attempts = ({ cluster }: SmallCluster, name: string) =>
  cluster.trace.entries().filter((entry) => entry.type === 'unschedulable' && entry.about.name === name).length

function setTaints({ cluster, node }: SmallCluster, name: string, taints: readonly Taint[]): void {
  const current = node(name)
  cluster.client().update(nodes, { ...current, spec: { ...current.spec, taints } })
  cluster.runDue()
}

function setLabels({ cluster, node }: SmallCluster, name: string, labels: StringMap): void {
  const current = node(name)
  cluster
    .client()
    .update(nodes, { ...current, metadata: { ...current.metadata, labels: { ...current.metadata.labels, ...labels } } })
  cluster.runDue()
}

describe('a Pod that fits', () => {
  it('is bound, gets PodScheduled=True without words, and an Event', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    expect(world.pod('web')?.spec.nodeName).toBe('w-1')
    expect(scheduledCondition(world, 'web')).toMatchObject({ status: 'True' })
    expect(scheduledCondition(world, 'web')?.reason).toBeUndefined()
    expect(world.eventsOf('web')[0]).toBe('Scheduled: Successfully assigned default/web to w-1')
  })

  it('counts on its Node from that moment: the next one does not fit any more', () => {
    const world = smallCluster([{ name: 'w-1', cpu: 1 }])
    world.create('first', asking({ cpu: '600m' }))
    world.create('second', asking({ cpu: '600m' }))
    expect([world.pod('first')?.spec.nodeName, world.pod('second')?.spec.nodeName]).toEqual(['w-1', undefined])
  })
})

describe('a Pod that does not fit', () => {
  it('stays Pending with the reason as condition, Event and trace entry', () => {
    const world = smallCluster(['w-1'])
    world.create('big', asking({ cpu: '9' }))
    const message =
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
    expect(scheduledCondition(world, 'big')).toMatchObject({ status: 'False', reason: 'Unschedulable', message })
    expect(world.eventsOf('big')).toEqual([`FailedScheduling: ${message}`])
    const [entry] = world.cluster.trace.entries().filter(({ type }) => type === 'unschedulable')
    expect(entry).toMatchObject({
      message,
      filters: [
        {
          plugin: 'NodeResourcesFit',
          nodes: ['w-1'],
          because: [
            {
              code: 'InsufficientCPU',
              path: 'spec.containers[0].resources.requests[cpu]',
              params: { requested: 9000, allocatable: 4000 },
            },
          ],
        },
      ],
    })
  })

  it('without any Node hears so', () => {
    const world = smallCluster([])
    world.create('web')
    expect(scheduledCondition(world, 'web')?.message).toBe('no nodes available to schedule pods')
    world.cluster.machines.join({ name: 'w-1' })
    world.cluster.settle()
    setTaints(world, 'w-1', [])
    expect(world.pod('web')?.spec.nodeName).toBe('w-1')
  })

  it('names the first untolerated taint in the trace', () => {
    const world = smallCluster([{ name: 'gpu-1', taints: ['nvidia.com/gpu=present:NoSchedule'] }])
    world.create('web')
    const [entry] = world.cluster.trace.entries().filter(({ type }) => type === 'unschedulable')
    expect(entry).toMatchObject({
      filters: [
        {
          because: [
            {
              code: 'UntoleratedTaint',
              object: { kind: 'Node', name: 'gpu-1' },
              path: 'spec.taints[0]',
              params: { taint: 'nvidia.com/gpu=present:NoSchedule' },
            },
          ],
        },
      ],
    })
  })
})

describe('who is never taken up', () => {
  it.each<readonly [string, Partial<PodSpec>]>([
    ['a Pod of another scheduler', { schedulerName: 'mine' }],
    ['a Pod with scheduling gates', { schedulingGates: [{ name: 'example.com/wait' }] }],
    ['a Pod whose ResourceClaim is not there', { resourceClaims: [{ name: 'gpu', resourceClaimName: 'one' }] }],
  ])('%s', (_, spec) => {
    const world = smallCluster(['w-1'])
    world.create('web', spec)
    world.cluster.settle()
    expect(world.pod('web')?.spec.nodeName).toBeUndefined()
    expect(world.eventsOf('web')).toEqual([])
  })

  it('a Pod whose last gate is taken away is taken up at once', () => {
    const world = smallCluster(['w-1'])
    const gated = world.create('web', { schedulingGates: [{ name: 'example.com/wait' }] })
    const { schedulingGates: _, ...spec } = world.pod('web')?.spec ?? gated.spec
    world.cluster.client().update(pods, { ...world.pod('web')!, spec })
    world.cluster.runDue()
    expect(world.pod('web')?.spec.nodeName).toBe('w-1')
  })
})

describe('a waiting Pod is tried again', () => {
  const waiting = (spec: Partial<PodSpec>, ...machines: Parameters<typeof smallCluster>[0]) => {
    const world = smallCluster(machines)
    world.create('waiting', spec)
    expect(attempts(world, 'waiting')).toBe(1)
    return world
  }
  const tried = (world: SmallCluster) =>
    attempts(world, 'waiting') > 1 || world.pod('waiting')?.spec.nodeName !== undefined

  it('when the label it wants appears, not when another does', () => {
    const world = waiting({ nodeSelector: { disktype: 'ssd' } }, 'w-1')
    setLabels(world, 'w-1', { zone: 'a' })
    expect(tried(world)).toBe(false)
    setLabels(world, 'w-1', { disktype: 'ssd' })
    expect(world.pod('waiting')?.spec.nodeName).toBe('w-1')
  })

  it('when the taint it does not tolerate goes', () => {
    const world = waiting({}, { name: 'w-1', taints: ['a=1:NoSchedule'] })
    setTaints(world, 'w-1', [{ key: 'b', effect: 'NoSchedule' }])
    expect(tried(world)).toBe(false)
    setTaints(world, 'w-1', [])
    expect(world.pod('waiting')?.spec.nodeName).toBe('w-1')
  })

  it('a daemon Pod by any change of taints anywhere', () => {
    const world = waiting(asking({ cpu: '9' }, { affinity: affinityTo('w-1') }), 'w-1', 'w-2')
    setTaints(world, 'w-2', [{ key: 'b', effect: 'NoSchedule' }])
    expect(tried(world)).toBe(true)
  })

  it('a daemon Pod not by labels of other Nodes', () => {
    const world = waiting(asking({ cpu: '9' }, { affinity: affinityTo('w-1') }), 'w-1', 'w-2')
    setLabels(world, 'w-2', { zone: 'a' })
    expect(tried(world)).toBe(false)
  })

  it('when a Pod goes that had the room', () => {
    const world = smallCluster([{ name: 'w-1', cpu: 1 }])
    world.create('old', asking({ cpu: '1' }))
    world.create('waiting', asking({ cpu: '1' }))
    expect(world.pod('waiting')?.spec.nodeName).toBeUndefined()
    world.delete('old')
    world.cluster.advance(1)
    expect(world.pod('waiting')?.spec.nodeName).toBe('w-1')
  })

  it('when a big enough Node joins, not when a small one does', () => {
    const world = waiting(asking({ cpu: '6' }), 'w-1')
    world.cluster.machines.join({ name: 'small', cpu: 2 })
    world.cluster.runDue()
    const before = attempts(world, 'waiting')
    world.cluster.machines.join({ name: 'big', cpu: 8 })
    world.cluster.runDue()
    expect(attempts(world, 'waiting') > before || world.pod('waiting')?.spec.nodeName === 'big').toBe(true)
  })

  it('not by a Node that goes, and the next message counts without it', () => {
    const world = waiting(asking({ cpu: '9' }), 'w-1', 'w-2')
    world.cluster.client().delete(nodes, { name: 'w-2' })
    world.cluster.runDue()
    expect(tried(world)).toBe(false)
    world.cluster.machines.join({ name: 'w-3', cpu: 16, taints: ['a=1:NoSchedule'] })
    world.cluster.runDue()
    expect(scheduledCondition(world, 'waiting')?.message).toContain(
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).',
    )
  })

  it('by itself after five minutes, at the next look of thirty seconds', () => {
    const world = waiting(asking({ cpu: '9' }), 'w-1')
    world.cluster.advance(295)
    expect(tried(world)).toBe(false)
    world.cluster.advance(40)
    expect(tried(world)).toBe(true)
  })

  it('the more important Pod first', () => {
    const world = smallCluster([{ name: 'w-1', cpu: 1 }])
    world.create('old', asking({ cpu: '1' }))
    world.create('low', asking({ cpu: '1' }))
    world.create('late', asking({ cpu: '1' }))
    world.delete('old')
    world.cluster.advance(1)
    expect([world.pod('low')?.spec.nodeName, world.pod('late')?.spec.nodeName]).toEqual(['w-1', undefined])
  })
})

describe('repeated failures', () => {
  it('write the condition once, and make a second Event and then a series', () => {
    const world = smallCluster(['w-1', 'w-2'])
    world.create('big', asking({ cpu: '9' }, { affinity: affinityTo('w-1') }))
    const version = world.pod('big')?.metadata.resourceVersion
    for (const key of ['a', 'b', 'c']) setTaints(world, 'w-2', [{ key, effect: 'NoSchedule' }])
    expect(attempts(world, 'big')).toBe(4)
    expect(world.pod('big')?.metadata.resourceVersion).toBe(version)
    expect(world.eventsOf('big')).toHaveLength(2)
  })
})

describe('the same seed', () => {
  it('places the same Pods on the same Nodes', () => {
    const places = (seed: number) => {
      const world = smallCluster(['a', 'b', 'c', 'd'], {}, seed)
      for (let i = 0; i < 12; i++) world.create(`p-${i}`)
      return world.cluster.store.list(pods).map(({ spec }) => spec.nodeName)
    }
    expect(places(5)).toEqual(places(5))
    expect(places(5)).not.toEqual(places(6))
  })
})
