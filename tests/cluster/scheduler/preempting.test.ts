import { describe, expect, it } from 'vitest'
import type { PodSpec } from '../../../grader/api/core.ts'
import type { PriorityClass } from '../../../grader/api/other.ts'
import { priorityClasses } from '../../../grader/api/resource-table.ts'
import { smallCluster } from '../../support/small-cluster.ts'

const asking = (cpu: string, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'c', image: 'registry.example/agent:1', resources: { requests: { cpu } } }],
  ...more,
})

function world(more: Partial<PodSpec> = {}) {
  const made = smallCluster([{ name: 'w-1', cpu: 1 }])
  made.cluster.client().create<PriorityClass>(priorityClasses, {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'high' },
    value: 1000,
  })
  made.create('hog', asking('800m', more))
  made.cluster.settle()
  return made
}
const high = asking('500m', { priorityClassName: 'high', priority: 1000 })

describe('a Pod of higher priority', () => {
  it('drives away a lower one and takes its place', () => {
    const { create, pod, eventsOf, cluster } = world()
    const preemptor = create('critical', high)
    cluster.settle()
    expect([pod('hog'), pod('critical')?.spec.nodeName]).toEqual([undefined, 'w-1'])
    expect(eventsOf('critical').slice(0, 2)).toEqual([
      'FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.',
      'Scheduled: Successfully assigned default/critical to w-1',
    ])
    expect(eventsOf('hog')).toContain(`Preempted: Preempted by pod ${preemptor.metadata.uid} on node w-1`)
  })

  it('is promised the Node while the victim takes its time, and nobody else gets it', () => {
    const lifecycle = { preStop: { sleep: { seconds: 10 } } }
    const { create, pod, cluster } = world({
      containers: [
        { name: 'c', image: 'registry.example/agent:1', lifecycle, resources: { requests: { cpu: '800m' } } },
      ],
    })
    create('critical', high)
    expect(pod('critical')?.status.nominatedNodeName).toBe('w-1')
    expect(pod('hog')?.status.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    })
    create('late', asking('600m'))
    cluster.advance(11)
    expect([pod('critical')?.spec.nodeName, pod('late')?.spec.nodeName]).toEqual(['w-1', undefined])
    expect(pod('critical')?.status.nominatedNodeName).toBeUndefined()
  })
})
