import { describe, expect, it } from 'vitest'
import type { Pod } from '../../../grader/api/core.ts'
import { nodes as nodeResource, pods } from '../../../grader/api/resource-table.ts'
import type { Change } from '../../../grader/cluster/apiserver/store.ts'
import { podGarbageCollector } from '../../../grader/cluster/controllers/pod-gc.ts'
import { node, pod } from '../../support/build.ts'
import { type PartialCluster, partialCluster } from '../../support/partial-cluster.ts'

function setUp(): PartialCluster {
  return partialCluster([podGarbageCollector], [node('w-1'), node('w-2')])
}

/** The states a Pod went through, newest last. */
function watch(cluster: PartialCluster): (Pod | undefined)[] {
  const states: (Pod | undefined)[] = []
  cluster.store.onCommit(({ resource, object, type }: Change) => {
    if (resource.plural === 'pods') states.push(type === 'DELETED' ? undefined : (object as Pod))
  })
  return states
}

describe('Pod GC', () => {
  it('marks Pods of a deleted Node Failed and deletes them, 40 to 60 s later', () => {
    const cluster = setUp()
    cluster.make<Pod>(pods, pod('p', { on: 'w-1' }))
    cluster.make<Pod>(pods, pod('q', { on: 'w-2' }))
    cluster.advance(5)
    cluster.client().delete(nodeResource, { name: 'w-1' })
    cluster.advance(50)
    expect(cluster.pods()).toHaveLength(2)
    const states = watch(cluster)
    cluster.advance(10)
    expect(cluster.pods().map(({ metadata }) => metadata.name)).toEqual(['q'])
    expect(states[0]?.status).toMatchObject({
      phase: 'Failed',
      conditions: expect.arrayContaining([
        expect.objectContaining({
          type: 'DisruptionTarget',
          reason: 'DeletionByPodGC',
          message: 'PodGC: node no longer exists',
        }),
      ]),
    })
    expect(states.at(-1)).toBeUndefined()
  })

  it('leaves them when the Node comes back during the quarantine', () => {
    const cluster = setUp()
    cluster.make<Pod>(pods, pod('p', { on: 'w-1' }))
    cluster.client().delete(nodeResource, { name: 'w-1' })
    cluster.advance(30)
    cluster.make(nodeResource, node('w-1'))
    cluster.advance(100)
    expect(cluster.pods()).toHaveLength(1)
  })

  it('deletes terminating Pods that were never scheduled', () => {
    const cluster = setUp()
    const finalizers = ['example.com/wait']
    cluster.make<Pod>(pods, { ...pod('p'), metadata: { ...pod('p').metadata, finalizers } })
    cluster.client().delete(pods, { namespace: 'default', name: 'p' })
    const states = watch(cluster)
    cluster.advance(20)
    expect(states[0]?.status.phase).toBe('Failed')
  })

  it('deletes terminating Pods of a Node that is out of service and not Ready', () => {
    const cluster = partialCluster(
      [podGarbageCollector],
      [
        node('w-1', {
          conditions: [{ type: 'Ready', status: 'False' }],
          taints: ['node.kubernetes.io/out-of-service=nodeshutdown:NoExecute'],
        }),
      ],
    )
    cluster.make<Pod>(pods, pod('p', { on: 'w-1' }))
    cluster.client().delete(pods, { namespace: 'default', name: 'p' })
    cluster.advance(20)
    expect(cluster.pods()).toEqual([])
  })

  it('leaves terminating Pods of other Nodes', () => {
    const cluster = setUp()
    cluster.make<Pod>(pods, pod('p', { on: 'w-1' }))
    cluster.client().delete(pods, { namespace: 'default', name: 'p' })
    cluster.advance(60)
    expect(cluster.pods()).toHaveLength(1)
  })
})
