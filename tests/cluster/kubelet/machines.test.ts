import { describe, expect, it } from 'vitest'
import { leases, nodes } from '../../../grader/api/resource-table.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const ready = ({ node }: SmallCluster, name: string) =>
  node(name).status.conditions?.map(({ type, status }) => `${type}=${status}`)
const renewed = ({ cluster }: SmallCluster, name: string) =>
  cluster.store.get(leases, { namespace: 'kube-node-lease', name })?.spec?.renewTime

describe('a machine that joins', () => {
  it('registers a Node with labels, capacity, conditions in order, addresses and what it is', () => {
    const world = smallCluster([
      { name: 'gpu-1', labels: { pool: 'gpu' }, cpu: 8, memory: '32Gi', extended: { 'nvidia.com/gpu': '2' } },
    ])
    const { metadata, status } = world.node('gpu-1')
    expect(metadata.labels).toMatchObject({
      pool: 'gpu',
      'kubernetes.io/hostname': 'gpu-1',
      'kubernetes.io/os': 'linux',
    })
    expect(status.allocatable).toMatchObject({ cpu: '8', memory: '32Gi', pods: '110', 'nvidia.com/gpu': '2' })
    expect(ready(world, 'gpu-1')).toEqual([
      'MemoryPressure=False',
      'DiskPressure=False',
      'PIDPressure=False',
      'Ready=True',
    ])
    expect(status.addresses?.map(({ type }) => type)).toEqual(['InternalIP', 'Hostname'])
    expect(status.nodeInfo?.kubeletVersion).toBe('v1.35.6')
  })

  it('says so in Events', () => {
    expect(smallCluster(['w-1']).eventsOf('w-1')).toEqual([
      'Starting: Starting kubelet.',
      'NodeHasSufficientMemory: Node w-1 status is now: NodeHasSufficientMemory',
      'NodeHasNoDiskPressure: Node w-1 status is now: NodeHasNoDiskPressure',
      'NodeHasSufficientPID: Node w-1 status is now: NodeHasSufficientPID',
      'NodeReady: Node w-1 status is now: NodeReady',
      'NodeAllocatableEnforced: Updated Node Allocatable limit across pods',
    ])
  })

  it('a Node made through the API is a machine, too, and keeps what it says of itself', () => {
    const world = smallCluster([])
    const status = {
      capacity: { cpu: '2', memory: '1Gi', pods: '5' },
      addresses: [{ type: 'InternalIP', address: '10.9.9.9' }],
    }
    world.cluster
      .client()
      .create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'made' }, spec: {}, status })
    world.cluster.settle()
    expect(ready(world, 'made')?.at(-1)).toBe('Ready=True')
    expect(world.node('made').status).toMatchObject({
      allocatable: { cpu: '2', memory: '1Gi', pods: '5' },
      addresses: status.addresses,
    })
  })

  it('a recordings’ machine runs whatever is bound to it', () => {
    const world = smallCluster([])
    const metadata = { name: 'fake', annotations: { 'kwok.x-k8s.io/node': 'fake' } }
    world.cluster.client().create(nodes, { apiVersion: 'v1', kind: 'Node', metadata, spec: {} })
    world.cluster.runDue()
    world.create('web', {
      nodeName: 'fake',
      volumes: [{ name: 'v', secret: { secretName: 'none' } }],
      nodeSelector: { a: 'b' },
    })
    world.cluster.settle()
    expect(world.statesOf('web')).toEqual(['Ready'])
  })
})

describe('heartbeats', () => {
  it('a Lease is renewed every ten seconds, without a write, as long as the kubelet runs', () => {
    const world = smallCluster(['w-1'])
    const version = world.cluster.store.resourceVersion()
    const before = renewed(world, 'w-1')
    world.cluster.advance(10)
    const after = renewed(world, 'w-1')
    expect(after).not.toBe(before)
    world.cluster.machines.stopKubelet('w-1')
    world.cluster.advance(60)
    expect(renewed(world, 'w-1')).toBe(after)
    expect(world.cluster.store.resourceVersion()).toBe(version)
    world.cluster.machines.startKubelet('w-1')
    expect(renewed(world, 'w-1')).not.toBe(after)
  })
})

describe('a kubelet that is stopped', () => {
  it('neither starts nor ends Pods, and catches up when it is back', () => {
    const world = smallCluster(['w-1'])
    world.create('old')
    world.cluster.settle()
    world.cluster.machines.stopKubelet('w-1')
    world.delete('old')
    world.create('new', { nodeName: 'w-1' })
    world.cluster.advance(30)
    expect(world.pod('old')?.metadata.deletionTimestamp).toBeDefined()
    expect(world.pod('new')?.status.phase).toBe('Pending')
    world.cluster.machines.startKubelet('w-1')
    world.cluster.advance(2)
    expect(world.pod('old')).toBeUndefined()
    expect(world.statesOf('new')).toEqual(['Ready'])
  })

  it('restarts a container only when it runs again', () => {
    const world = smallCluster(['w-1'], { 'once:1': { exits: { code: 1, afterSeconds: 10 } } })
    world.create('web', { containers: [{ name: 'c', image: 'once:1' }] })
    world.cluster.advance(2)
    world.cluster.machines.stopKubelet('w-1')
    world.cluster.advance(60)
    expect(world.statesOf('web')).toEqual(['Ready'])
    world.cluster.machines.startKubelet('w-1')
    world.cluster.advance(2)
    expect(world.pod('web')?.status.containerStatuses?.[0]?.restartCount).toBe(1)
  })
})

describe('a Node that is cut off', () => {
  it('goes on by itself and reports when it is back', () => {
    const world = smallCluster(['w-1'], { 'slow:1': { startSeconds: 5 } })
    world.create('web', { containers: [{ name: 'c', image: 'slow:1' }] })
    world.cluster.machines.partition('w-1')
    world.cluster.advance(30)
    expect(world.statesOf('web')).toEqual(['ContainerCreating'])
    world.cluster.machines.heal('w-1')
    world.cluster.runDue()
    expect(world.statesOf('web')).toEqual(['Ready'])
  })
})

describe('a machine that reboots', () => {
  it('starts its containers again, with new addresses and one restart more', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    world.cluster.settle()
    const before = world.pod('web')?.status.podIP
    world.cluster.machines.reboot('w-1')
    world.cluster.advance(30)
    const status = world.pod('web')?.status
    expect(status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true })
    expect(status?.podIP).not.toBe(before)
    expect(world.eventsOf('web')).toContain('SandboxChanged: Pod sandbox changed, it will be killed and re-created.')
    expect(
      world.eventsOf('w-1').some((event) => event.startsWith('Rebooted: Node w-1 has been rebooted, boot id: ')),
    ).toBe(true)
  })
})

describe('a boot', () => {
  it('runs init containers once more, before the others, and the Node is not ready for a moment', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { initContainers: [{ name: 'init', image: 'x:1' }] })
    world.cluster.settle()
    world.cluster.machines.reboot('w-1')
    world.cluster.advance(20)
    expect(ready(world, 'w-1')?.at(-1)).toBe('Ready=False')
    world.cluster.advance(2)
    expect(ready(world, 'w-1')?.at(-1)).toBe('Ready=True')
    world.cluster.advance(10)
    const { initContainerStatuses, containerStatuses } = world.pod('web')!.status
    expect([initContainerStatuses?.[0]?.restartCount, containerStatuses?.[0]?.restartCount]).toEqual([1, 1])
    expect(world.statesOf('web')).toEqual(['Completed', 'Ready'])
  })

  it('fails a Pod that is never restarted', () => {
    const world = smallCluster(['w-1'])
    world.create('web', { restartPolicy: 'Never' })
    world.cluster.settle()
    world.cluster.machines.reboot('w-1')
    world.cluster.advance(30)
    expect(world.pod('web')?.status.phase).toBe('Failed')
  })
})

describe('a Node object that is deleted and made anew', () => {
  it('finds the machine’s Pods still running', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    world.cluster.settle()
    world.cluster.client().delete(nodes, { name: 'w-1' })
    world.cluster.advance(5)
    world.cluster.client().create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'w-1' }, spec: {} })
    world.cluster.advance(5)
    expect(ready(world, 'w-1')?.at(-1)).toBe('Ready=True')
    expect(world.pod('web')?.status.containerStatuses?.[0]).toMatchObject({ restartCount: 0, ready: true })
  })
})

describe('a burst of logs', () => {
  const agent = (limit: string) => ({
    containers: [{ name: 'c', image: 'agent:1', resources: { limits: { memory: limit } } }],
  })
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'u', controller: true }]
  it('kills an agent that then needs more memory than its limit, again and again until it is over', () => {
    const world = smallCluster(['w-1'], { 'agent:1': { memory: '100Mi' } })
    world.create('tight', agent('200Mi'), { ownerReferences })
    world.create('roomy', agent('400Mi'), { ownerReferences })
    world.create('other', agent('200Mi'))
    world.cluster.settle()
    world.cluster.machines.logBurst('w-1', 300)
    world.cluster.runDue()
    expect([world.statesOf('tight'), world.statesOf('roomy'), world.statesOf('other')]).toEqual([
      ['OOMKilled'],
      ['Ready'],
      ['Ready'],
    ])
    world.cluster.advance(5)
    expect(world.statesOf('tight')).toEqual(['CrashLoopBackOff'])
    world.cluster.machines.logBurst('w-1', 100)
    world.cluster.advance(30)
    expect(world.statesOf('tight')).toEqual(['Ready'])
  })
})

describe('pressure', () => {
  it('is a condition at once and stays five minutes after it has gone', () => {
    const world = smallCluster(['w-1'])
    world.cluster.machines.pressure('w-1', 'memory')
    expect(ready(world, 'w-1')?.[0]).toBe('MemoryPressure=True')
    expect(world.eventsOf('w-1')).toContain(
      'NodeHasInsufficientMemory: Node w-1 status is now: NodeHasInsufficientMemory',
    )
    world.cluster.machines.relieve('w-1', 'memory')
    world.cluster.advance(299)
    expect(ready(world, 'w-1')?.[0]).toBe('MemoryPressure=True')
    world.cluster.advance(1)
    expect(ready(world, 'w-1')?.[0]).toBe('MemoryPressure=False')
  })
})

describe('a machine that goes', () => {
  it('takes its Node object with it', () => {
    const world = smallCluster(['w-1', 'w-2'])
    world.cluster.machines.remove('w-1')
    world.cluster.settle()
    expect(world.cluster.store.list(nodes).map(({ metadata }) => metadata.name)).toEqual(['w-2'])
  })

  it('with a notice is cordoned for two minutes first', () => {
    const world = smallCluster(['spot-1'])
    world.cluster.machines.reclaim('spot-1')
    expect(world.node('spot-1').spec.unschedulable).toBe(true)
    world.cluster.advance(119)
    expect(world.node('spot-1')).toBeDefined()
    world.cluster.advance(1)
    expect(world.cluster.store.count(nodes)).toBe(0)
  })
})

describe('edges of the machines', () => {
  it('are counted, so that a simulation can tell which it never took', () => {
    const world = smallCluster(['w-1'])
    world.create('web')
    world.cluster.settle()
    world.delete('web')
    world.cluster.machines.suffer({ type: 'pressure', node: 'w-1', resource: 'disk' })
    world.cluster.runDue()
    const taken = Object.values(world.cluster.machines.edges()).flatMap((edges) =>
      edges.filter((edge) => edge.taken > 0).map(({ from, event }) => `${from} ${event}`),
    )
    expect(taken).toEqual(
      expect.arrayContaining([
        'ContainerCreating STARTED',
        'Running READY',
        'Ready EXITED',
        'Pending BOUND',
        'Scheduled CONTAINERS_RUN',
        'Running SUCCEEDED',
        'Present DELETED',
        'NotReady KUBELET_READY',
        'DiskSufficient DISK_PRESSURE',
      ]),
    )
  })
})
