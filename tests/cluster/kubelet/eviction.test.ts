import { describe, expect, it } from 'vitest'
import type { PodSpec } from '../../../grader/api/core.ts'
import { compareForEviction, type PodUsage } from '../../../grader/cluster/kubelet/eviction.ts'
import type { PodWorker } from '../../../grader/cluster/kubelet/kubelet.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const IMAGES = { 'big:1': { memory: '900Mi' }, 'small:1': { memory: '20Mi' }, 'writer:1': { disk: '20Gi' } }
const using = (image: string, memory?: string): Partial<PodSpec> => ({
  containers: [{ name: 'app', image, ...(memory === undefined ? {} : { resources: { requests: { memory } } }) }],
})
const world = (pods: Readonly<Record<string, Partial<PodSpec>>>): SmallCluster => {
  const made = smallCluster(['w-1'], IMAGES)
  for (const [name, spec] of Object.entries(pods)) made.create(name, spec)
  made.cluster.settle()
  return made
}
const evicted = ({ pod }: SmallCluster, ...names: string[]) =>
  names.filter((name) => pod(name)?.status.reason === 'Evicted')

describe('the order of eviction', () => {
  const usage = (name: string, usedBytes: number, requestedBytes: number, priority = 0): PodUsage => ({
    worker: { pod: { metadata: { name }, spec: { priority } } } as unknown as PodWorker,
    usedBytes,
    requestedBytes,
  })
  it.each<readonly [string, readonly PodUsage[], string]>([
    ['who exceeds a request goes before who does not', [usage('a', 10, 20), usage('b', 2, 1, 1000)], 'b a'],
    ['then the lower priority', [usage('a', 9, 1, 100), usage('b', 2, 1, 0)], 'b a'],
    ['then who uses most above the request', [usage('a', 5, 4), usage('b', 50, 40)], 'b a'],
  ])('%s', (_, usages, order) => {
    expect(
      [...usages]
        .sort(compareForEviction)
        .map(({ worker }) => worker.pod.metadata.name)
        .join(' '),
    ).toBe(order)
  })
})

describe('memory pressure', () => {
  it('evicts the Pod that uses most above its request, and says so in upstream’s words', () => {
    const made = world({ big: using('big:1', '64Mi'), small: using('small:1'), modest: using('big:1', '1Gi') })
    made.cluster.machines.pressure('w-1', 'memory')
    made.cluster.runDue()
    const message =
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 71Mi. ' +
      'Container app was using 900Mi, request is 64Mi, has larger consumption of memory. '
    expect(made.pod('big')?.status).toMatchObject({ phase: 'Failed', reason: 'Evicted', message })
    expect(made.pod('big')?.status.conditions?.[0]).toMatchObject({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'TerminationByKubelet',
      message,
    })
    expect(made.eventsOf('big').slice(-2)).toEqual([`Evicted: ${message}`, 'Killing: Stopping container app'])
    expect(made.eventsOf('w-1').slice(-2)).toEqual([
      'NodeHasInsufficientMemory: Node w-1 status is now: NodeHasInsufficientMemory',
      'EvictionThresholdMet: Attempting to reclaim memory',
    ])
    made.cluster.advance(60)
    expect(evicted(made, 'big', 'small', 'modest')).toEqual(['big'])
  })

  it('evicts one Pod every ten seconds until there is enough', () => {
    const made = world({ a: using('small:1'), b: using('small:1'), c: using('small:1') })
    made.cluster.machines.pressure('w-1', 'memory')
    made.cluster.runDue()
    expect(evicted(made, 'a', 'b', 'c')).toEqual(['a'])
    made.cluster.advance(10)
    expect(evicted(made, 'a', 'b', 'c')).toEqual(['a', 'b'])
    made.cluster.advance(60)
    expect(evicted(made, 'a', 'b', 'c')).toEqual(['a', 'b'])
  })

  it('spares critical Pods and Pods whose images state nothing', () => {
    const made = world({ plain: using('agent:1') })
    made.create('critical', { ...using('big:1'), priorityClassName: 'system-node-critical' })
    made.cluster.settle()
    made.cluster.machines.pressure('w-1', 'memory')
    made.cluster.advance(60)
    expect(evicted(made, 'plain', 'critical')).toEqual([])
  })

  it('stops evicting when it is relieved, though the condition stays, and can come again meanwhile', () => {
    const made = world({ a: using('small:1'), b: using('small:1') })
    const condition = () => made.node('w-1').status.conditions?.[0]?.status
    made.cluster.machines.pressure('w-1', 'memory')
    made.cluster.machines.relieve('w-1', 'memory')
    made.cluster.advance(100)
    expect([evicted(made, 'a', 'b').length, condition()]).toEqual([1, 'True'])
    made.cluster.machines.pressure('w-1', 'memory')
    made.cluster.advance(250)
    expect(condition()).toBe('True')
    made.cluster.machines.relieve('w-1', 'memory')
    made.cluster.advance(300)
    expect(condition()).toBe('False')
  })
})

describe('disk pressure', () => {
  it('evicts by what Pods write, and refuses new ones', () => {
    const made = world({ writer: using('writer:1'), other: using('big:1') })
    made.cluster.machines.pressure('w-1', 'disk')
    made.cluster.runDue()
    expect(evicted(made, 'writer', 'other')).toEqual(['writer'])
    expect(made.pod('writer')?.status.message).toBe(
      'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 7Gi. ' +
        'Container app was using 20Gi, request is 0, has larger consumption of ephemeral-storage. ',
    )
    made.create('late', { nodeName: 'w-1' })
    expect(made.pod('late')?.status).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [DiskPressure]. ',
    })
  })
})
