import { describe, expect, it } from 'vitest'
import type { PodSpec, PodStatus } from '../../../grader/api/core.ts'
import type { StringMap } from '../../../grader/api/meta.ts'
import { admitPod, type Pressures } from '../../../grader/cluster/kubelet/admission.ts'
import { type NodeOptions, node, pod, toleration } from '../../support/build.ts'
import { smallCluster } from '../../support/small-cluster.ts'

const asking = (requests: StringMap): Partial<PodSpec> => ({
  containers: [{ name: 'c', image: 'registry.example/agent:1', resources: { requests } }],
})
const port: Partial<PodSpec> = { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] }
const NONE: Pressures = { memory: false, disk: false, pid: false }

interface Case {
  readonly spec?: Partial<PodSpec>
  readonly labels?: StringMap
  readonly qos?: NonNullable<PodStatus['qosClass']>
  readonly node?: NodeOptions
  readonly other?: Partial<PodSpec>
  readonly pressures?: Partial<Pressures>
}

function admit({
  spec = {},
  labels = {},
  qos = 'BestEffort',
  node: options = {},
  other,
  pressures = {},
}: Case): string {
  const made = pod('new', { spec, labels })
  const incoming = { ...made, status: { ...made.status, qosClass: qos } }
  const others = other === undefined ? [] : [pod('old', { spec: other })]
  const rejection = admitPod(
    incoming,
    node('w-1', { allocatable: { cpu: '2', memory: '1Gi', pods: '2' }, ...options }),
    others,
    { ...NONE, ...pressures },
  )
  return rejection === undefined ? 'admitted' : `${rejection.reason}: ${rejection.message}`
}

const memoryPressure = 'node.kubernetes.io/memory-pressure:NoSchedule'
const diskPressure = 'node.kubernetes.io/disk-pressure:NoSchedule'

describe('a kubelet takes a Pod that is bound to it, or not', () => {
  it.each<readonly [string, Case, string]>([
    [
      'cpu that others have',
      { spec: asking({ cpu: '500m' }), other: asking({ cpu: '1800m' }) },
      "OutOfcpu: Node didn't have enough resource: cpu, requested: 500, used: 1800, capacity: 2000",
    ],
    ['cpu that is just left', { spec: asking({ cpu: '200m' }), other: asking({ cpu: '1800m' }) }, 'admitted'],
    [
      'memory',
      { spec: asking({ memory: '2Gi' }) },
      "OutOfmemory: Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
    ],
    [
      'the number of Pods',
      { node: { allocatable: { pods: '1' } }, other: {} },
      "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 1, capacity: 1",
    ],
    [
      'an extended resource that the Node does not know is ignored',
      { spec: asking({ 'nvidia.com/gpu': '1' }) },
      'admitted',
    ],
    [
      'a nodeSelector that does not hold',
      { spec: { nodeSelector: { a: 'b' } } },
      "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ],
    ['a nodeSelector that holds', { spec: { nodeSelector: { a: 'b' } }, node: { labels: { a: 'b' } } }, 'admitted'],
    [
      'a host port that is taken',
      { spec: port, other: port },
      "NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    ],
    [
      'a NoExecute taint',
      { node: { taints: ['a=b:NoExecute'] } },
      "TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate",
    ],
    [
      'a tolerated NoExecute taint',
      { spec: { tolerations: [toleration('a:NoExecute')] }, node: { taints: ['a=b:NoExecute'] } },
      'admitted',
    ],
    ['a NoSchedule taint is not looked at', { node: { taints: ['a=b:NoSchedule'] } }, 'admitted'],
    ['a cordon is not looked at', { node: { unschedulable: true } }, 'admitted'],
    [
      'another operating system by label',
      { labels: { 'kubernetes.io/os': 'windows' }, node: { labels: { 'kubernetes.io/os': 'linux' } } },
      "PodOSSelectorNodeLabelDoesNotMatch: Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    ],
    [
      'another operating system by spec',
      { spec: { os: { name: 'windows' } }, node: { labels: { 'kubernetes.io/os': 'linux' } } },
      "PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS",
    ],
    [
      'memory pressure and BestEffort',
      { pressures: { memory: true } },
      'Evicted: The node had condition: [MemoryPressure]. ',
    ],
    [
      'memory pressure and a toleration',
      { pressures: { memory: true }, spec: { tolerations: [toleration(memoryPressure)] } },
      'admitted',
    ],
    ['memory pressure and Burstable', { pressures: { memory: true }, qos: 'Burstable' }, 'admitted'],
    [
      'disk pressure in spite of a toleration',
      { pressures: { disk: true }, spec: { tolerations: [toleration(diskPressure)] } },
      'Evicted: The node had condition: [DiskPressure]. ',
    ],
    [
      'both pressures',
      { pressures: { memory: true, disk: true }, qos: 'Burstable' },
      'Evicted: The node had condition: [MemoryPressure DiskPressure]. ',
    ],
    [
      'a critical Pod is exempt from pressure',
      { pressures: { disk: true }, spec: { priority: 2_000_000_000 } },
      'admitted',
    ],
  ])('%s', (_, facts, verdict) => {
    expect(admit(facts)).toBe(verdict)
  })

  it('and a Pod it does not take fails with only these words and stays', () => {
    const world = smallCluster([{ name: 'w-1', cpu: 1 }])
    world.create('web', { ...asking({ cpu: '3' }), nodeName: 'w-1' })
    const message = "Node didn't have enough resource: cpu, requested: 3000, used: 0, capacity: 1000"
    const { phase, reason, message: said, conditions, containerStatuses } = world.pod('web')!.status
    expect({ phase, reason, said, conditions, containerStatuses }).toEqual({
      phase: 'Failed',
      reason: 'OutOfcpu',
      said: `Pod was rejected: ${message}`,
      conditions: undefined,
      containerStatuses: undefined,
    })
    expect(world.eventsOf('web')).toEqual([`OutOfcpu: ${message}`])
  })
})
