import { describe, expect, it } from 'vitest'
import type { Node, PodSpec } from '../../../grader/api/core.ts'
import type { StringMap } from '../../../grader/api/meta.ts'
import { affinityTo, node, pod } from '../../support/build.ts'
import { messageOf, type World } from '../../support/scheduling.ts'

const requesting = (requests: StringMap, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'c', resources: { requests } }],
  ...more,
})
const one = (name: string, more: Parameters<typeof node>[1] = {}): Node =>
  node(name, { allocatable: { cpu: '1', memory: '1Gi' }, ...more })
const five = (first: Node = one('w-1')): readonly Node[] => [first, one('w-2'), one('w-3'), one('w-4'), one('w-5')]
const hog = (spec: Partial<PodSpec>): World => ({ nodes: five(), pods: [pod('hog', { on: 'w-1', spec })] })
const daemon = (spec: Partial<PodSpec>): Partial<PodSpec> => ({ ...spec, affinity: affinityTo('w-1') })
const port: Partial<PodSpec> = { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] }

const S = 'no new claims to deallocate, preemption:'
const OTHERS = "4 node(s) didn't satisfy plugin(s) [NodeAffinity]"

type Row = readonly [situation: string, spec: Partial<PodSpec>, world: World, message: string]

// reference/around-daemonsets.md, 1.5.
const DAEMON_PODS: readonly Row[] = [
  [
    'cpu used up by others of the same priority',
    daemon(requesting({ cpu: '500m' })),
    hog(requesting({ cpu: '800m' })),
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${S} 0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.`,
  ],
  [
    'a request larger than the whole Node',
    daemon(requesting({ cpu: '2' })),
    { nodes: five() },
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${S} 0/5 nodes are available: 5 Preemption is not helpful for scheduling.`,
  ],
  [
    'cpu and memory used up',
    daemon(requesting({ cpu: '500m', memory: '500Mi' })),
    hog(requesting({ cpu: '800m', memory: '800Mi' })),
    `0/5 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, ${OTHERS}. ${S} 0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.`,
  ],
  [
    'the host port is taken',
    daemon(port),
    hog(port),
    `0/5 nodes are available: 1 node(s) didn't have free ports for the requested pod ports, ${OTHERS}. ${S} 0/5 nodes are available: 1 No preemption victims found for incoming pod, 4 Preemption is not helpful for scheduling.`,
  ],
  [
    'a taint that appeared after the Pod was made',
    daemon({}),
    { nodes: five(one('w-1', { taints: ['dedicated=db:NoSchedule'] })) },
    `0/5 nodes are available: 1 node(s) had untolerated taint(s), ${OTHERS}. ${S} 0/5 nodes are available: 5 Preemption is not helpful for scheduling.`,
  ],
  [
    'lower Pods are there, but removing them is not enough',
    daemon(requesting({ cpu: '500m' }, { priority: 10 })),
    {
      nodes: five(),
      pods: [
        pod('equal', { on: 'w-1', spec: requesting({ cpu: '700m' }, { priority: 10 }) }),
        pod('low', { on: 'w-1', spec: requesting({ cpu: '100m' }) }),
      ],
    },
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${S} 0/5 nodes are available: 1 Insufficient cpu, 4 Preemption is not helpful for scheduling.`,
  ],
  [
    'a claim that is not there',
    daemon({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] }),
    { nodes: five() },
    '0/5 nodes are available: persistentvolumeclaim "data" not found. not found',
  ],
  [
    'the Node is gone',
    { affinity: affinityTo('w-9') },
    { nodes: five().slice(0, 4) },
    `0/4 nodes are available: ${OTHERS}. ${S} 0/4 nodes are available: 4 Preemption is not helpful for scheduling.`,
  ],
  [
    'preemption succeeds',
    daemon(requesting({ cpu: '500m' }, { priority: 10 })),
    hog(requesting({ cpu: '800m' })),
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}.`,
  ],
  [
    'a single Node, cpu used up',
    daemon(requesting({ cpu: '500m' })),
    { nodes: [one('w-1')], pods: [pod('hog', { on: 'w-1', spec: requesting({ cpu: '800m' }) })] },
    `0/1 nodes are available: 1 Insufficient cpu. ${S} 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
  ],
  [
    'a single Node, too small',
    daemon(requesting({ cpu: '2' })),
    { nodes: [one('w-1')] },
    `0/1 nodes are available: 1 Insufficient cpu. ${S} 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
  ],
  [
    'the Node lost a label that the nodeSelector wants',
    daemon({ nodeSelector: { disktype: 'ssd' } }),
    { nodes: five() },
    `0/5 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, ${OTHERS}. ${S} 0/5 nodes are available: 5 Preemption is not helpful for scheduling.`,
  ],
  [
    'preemptionPolicy Never, cpu used up',
    daemon(requesting({ cpu: '500m' }, { priority: 10, preemptionPolicy: 'Never' })),
    hog(requesting({ cpu: '800m' })),
    `0/5 nodes are available: 1 Insufficient cpu, ${OTHERS}. ${S} not eligible due to preemptionPolicy=Never.`,
  ],
]

// reference/around-daemonsets.md, 1.6.
const ORDINARY_PODS: readonly Row[] = [
  [
    'three tainted Nodes and three without the label',
    { nodeSelector: { disktype: 'nvme' } },
    { nodes: ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => one(name, i < 3 ? { taints: ['x:NoSchedule'] } : {})) },
    `0/6 nodes are available: 3 node(s) didn't match Pod's node affinity/selector, 3 node(s) had untolerated taint(s). ${S} 0/6 nodes are available: 6 Preemption is not helpful for scheduling.`,
  ],
  [
    'all Nodes cordoned',
    {},
    {
      nodes: [
        one('a', { unschedulable: true }),
        one('b', { unschedulable: true, taints: ['node.kubernetes.io/unschedulable:NoSchedule'] }),
      ],
    },
    `0/2 nodes are available: 2 node(s) were unschedulable. ${S} 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`,
  ],
  [
    'a control plane, a Node that is not ready, a cordoned one, two that are full',
    requesting({ cpu: '500m' }),
    {
      nodes: [
        one('cp', { taints: ['node-role.kubernetes.io/control-plane:NoSchedule'] }),
        one('late', { taints: ['node.kubernetes.io/not-ready:NoSchedule'] }),
        one('off', { unschedulable: true }),
        one('w-1'),
        one('w-2'),
      ],
      pods: ['w-1', 'w-2'].map((on) => pod(`hog-${on}`, { on, spec: requesting({ cpu: '800m' }) })),
    },
    `0/5 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu, 2 node(s) had untolerated taint(s). ${S} 0/5 nodes are available: 2 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling.`,
  ],
  [
    'counts are sorted as texts: 10 comes before 2',
    { nodeSelector: { disktype: 'nvme' } },
    { nodes: Array.from({ length: 12 }, (_, i) => one(`n-${i}`, i < 2 ? { unschedulable: true } : {})) },
    `0/12 nodes are available: 10 node(s) didn't match Pod's node affinity/selector, 2 node(s) were unschedulable. ${S} 0/12 nodes are available: 12 Preemption is not helpful for scheduling.`,
  ],
]

describe('FailedScheduling of a daemon Pod', () => {
  it.each(DAEMON_PODS)('%s', (_, spec, world, message) => {
    expect(messageOf(pod('new', { phase: 'Pending', spec }), world)).toBe(message)
  })
})

describe('FailedScheduling of an ordinary Pod', () => {
  it.each(ORDINARY_PODS)('%s', (_, spec, world, message) => {
    expect(messageOf(pod('new', { phase: 'Pending', spec }), world)).toBe(message)
  })
})
