import { describe, expect, it } from 'vitest'
import type { DaemonSet } from '../../../../grader/api/apps.ts'
import type { Node, Pod } from '../../../../grader/api/core.ts'
import { shouldRunDaemonPod } from '../../../../grader/cluster/controllers/daemonset/eligibility.ts'
import { affinityTo, daemonSet, node, nodes, pod, toleration } from '../../../support/build.ts'
import { instantDaemonSet, type Synced } from '../../../support/instant-daemonset.ts'

const plain = daemonSet()
const onDelete = (ds: DaemonSet): DaemonSet => ({ ...ds, spec: { ...ds.spec, updateStrategy: { type: 'OnDelete' } } })
const color = (value: string) => ({ labels: { color: value } })
const selectsBlue = daemonSet({ spec: { nodeSelector: { color: 'blue' } } })
const affinityIn = (key: string, values: readonly string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values }] }],
    },
  },
})
const hostPort = (port: number) => ({
  containers: [{ name: 'agent', image: 'i', ports: [{ containerPort: port, hostPort: port }] }],
})
const onPort = daemonSet({ spec: hostPort(9100) })
const notReady = [{ type: 'Ready', status: 'False' as const }]
const unreachable = [{ type: 'Ready', status: 'Unknown' as const }]
const pressures = ['disk', 'memory', 'pid'].map((what) => `node.kubernetes.io/${what}-pressure:NoSchedule`)
const tolerates = (...texts: string[]) => daemonSet({ spec: { tolerations: texts.map(toleration) } })

interface Row {
  readonly ds: DaemonSet
  readonly nodes: readonly Node[]
  readonly pods?: readonly Pod[]
  readonly synced: Synced
}

const CASES: readonly (readonly [string, Row])[] = [
  ['1: five Nodes without Pods get five', { ds: plain, nodes: nodes(5), synced: [5, 0, 0] }],
  ['3: no Nodes, no Pods', { ds: plain, nodes: [], synced: [0, 0, 0] }],
  ['4: one Node gets one', { ds: plain, nodes: nodes(1), synced: [1, 0, 0] }],
  [
    '5: a Node that is not Ready but has no taint gets one',
    { ds: plain, nodes: [node('w-1', { conditions: notReady })], synced: [1, 0, 0] },
  ],
  [
    '6: a Node without network but without taint gets one',
    {
      ds: plain,
      nodes: [node('w-1', { conditions: [{ type: 'NetworkUnavailable', status: 'True' }] })],
      synced: [1, 0, 0],
    },
  ],
  [
    '7: a Node that is far too small gets one all the same',
    {
      ds: daemonSet({
        spec: { containers: [{ name: 'agent', image: 'i', resources: { requests: { memory: '75M' } } }] },
      }),
      nodes: [node('w-1', { allocatable: { memory: '10M' } })],
      synced: [1, 0, 0],
    },
  ],
  [
    '8: of a matching and another Node the matching one gets one',
    { ds: selectsBlue, nodes: [node('big', color('blue')), node('small')], synced: [1, 0, 0] },
  ],
  [
    '9: a foreign Pod with another host port does not matter',
    {
      ds: onPort,
      nodes: nodes(1),
      pods: [pod('other', { on: 'node-0', labels: {}, spec: hostPort(9200) })],
      synced: [1, 0, 0],
    },
  ],
  [
    '10: an own Pod with the same host port stays and stays alone',
    {
      ds: onPort,
      nodes: nodes(1),
      pods: [pod('own', { on: 'node-0', owner: onPort, spec: hostPort(9100) })],
      synced: [0, 0, 0],
    },
  ],
  [
    '11: only labelled Nodes get one',
    { ds: selectsBlue, nodes: [...nodes(4), ...nodes(3, { from: 4, ...color('blue') })], synced: [3, 0, 0] },
  ],
  [
    '12: a selector that matches no Node creates nothing',
    {
      ds: daemonSet({ spec: { nodeSelector: { color: 'red' } } }),
      nodes: [...nodes(4), ...nodes(3, { from: 4, ...color('blue') })],
      synced: [0, 0, 0],
    },
  ],
  [
    '13: required affinity counts like a selector',
    {
      ds: daemonSet({ spec: { affinity: affinityIn('color', ['blue']) } }),
      nodes: [...nodes(4), ...nodes(3, { from: 4, ...color('blue') })],
      synced: [3, 0, 0],
    },
  ],
  [
    '14: a nodeName picks its Node',
    { ds: daemonSet({ spec: { nodeName: 'node-0' } }), nodes: nodes(5), synced: [1, 0, 0] },
  ],
  [
    '15: a nodeName of no Node creates nothing',
    { ds: daemonSet({ spec: { nodeName: 'node-9' } }), nodes: nodes(5), synced: [0, 0, 0] },
  ],
  [
    '16: nodeName and a selector that agree',
    {
      ds: daemonSet({ spec: { nodeName: 'node-6', nodeSelector: { color: 'blue' } } }),
      nodes: [...nodes(4), ...nodes(3, { from: 4, ...color('blue') })],
      synced: [1, 0, 0],
    },
  ],
  [
    '17: nodeName and a selector that do not agree',
    {
      ds: daemonSet({ spec: { nodeName: 'node-0', nodeSelector: { color: 'blue' } } }),
      nodes: [...nodes(4), ...nodes(3, { from: 4, ...color('blue') })],
      synced: [0, 0, 0],
    },
  ],
  [
    '18: an untolerated NoSchedule taint keeps Pods away',
    { ds: plain, nodes: [node('w-1', { taints: ['dedicated=db:NoSchedule'] })], synced: [0, 0, 0] },
  ],
  [
    '19: a tolerated one does not',
    {
      ds: tolerates('dedicated=db:NoSchedule'),
      nodes: [node('w-1', { taints: ['dedicated=db:NoSchedule'] })],
      synced: [1, 0, 0],
    },
  ],
  [
    '20: a toleration without a taint does no harm',
    { ds: tolerates('dedicated=db:NoSchedule'), nodes: nodes(1), synced: [1, 0, 0] },
  ],
  [
    '21: a running Pod survives an untolerated NoSchedule taint',
    {
      ds: plain,
      nodes: [node('w-1', { taints: ['dedicated=db:NoSchedule'] })],
      pods: [pod('own', { on: 'w-1', owner: plain })],
      synced: [0, 0, 0],
    },
  ],
  [
    '22: a running Pod does not survive an untolerated NoExecute taint',
    {
      ds: plain,
      nodes: [node('w-1', { taints: ['dedicated=db:NoExecute'] })],
      pods: [pod('own', { on: 'w-1', owner: plain })],
      synced: [0, 1, 0],
    },
  ],
  [
    '23: not-ready:NoExecute is tolerated by all',
    {
      ds: plain,
      nodes: [node('w-1', { conditions: notReady, taints: ['node.kubernetes.io/not-ready:NoExecute'] })],
      synced: [1, 0, 0],
    },
  ],
  [
    '24: unreachable:NoExecute is tolerated by all',
    {
      ds: plain,
      nodes: [node('w-1', { conditions: unreachable, taints: ['node.kubernetes.io/unreachable:NoExecute'] })],
      synced: [1, 0, 0],
    },
  ],
  [
    '25: pressure taints are tolerated by all',
    { ds: plain, nodes: [node('w-1', { taints: pressures })], synced: [1, 0, 0] },
  ],
  [
    '113: a cordoned Node still gets its daemon Pod',
    {
      ds: plain,
      nodes: [node('w-1', { unschedulable: true, taints: ['node.kubernetes.io/unschedulable:NoSchedule'] })],
      synced: [1, 0, 0],
    },
  ],
  [
    '115: without hostNetwork a Node without network gets none',
    {
      ds: plain,
      nodes: [node('w-1', { taints: ['node.kubernetes.io/network-unavailable:NoSchedule'] })],
      synced: [0, 0, 0],
    },
  ],
  [
    '115: with hostNetwork it does',
    {
      ds: daemonSet({ spec: { hostNetwork: true } }),
      nodes: [node('w-1', { taints: ['node.kubernetes.io/network-unavailable:NoSchedule'] })],
      synced: [1, 0, 0],
    },
  ],
  [
    'not-ready:NoSchedule is tolerated by none',
    { ds: plain, nodes: [node('w-1', { taints: ['node.kubernetes.io/not-ready:NoSchedule'] })], synced: [0, 0, 0] },
  ],
  [
    'a PreferNoSchedule taint does not matter',
    { ds: plain, nodes: [node('w-1', { taints: ['dedicated=db:PreferNoSchedule'] })], synced: [1, 0, 0] },
  ],
]

describe('which Nodes get a Pod', () => {
  for (const [name, { ds, nodes: all, pods, synced }] of CASES) {
    it(`${name} (RollingUpdate)`, () => expect(instantDaemonSet(ds, all, pods).sync()).toEqual(synced))
    it(`${name} (OnDelete)`, () => expect(instantDaemonSet(onDelete(ds), all, pods).sync()).toEqual(synced))
  }

  it('2: each Pod names its Node in one required term, and all Nodes are covered', () => {
    const world = instantDaemonSet(plain, nodes(5))
    world.sync()
    expect(world.pods.map(({ spec }) => [spec.nodeName, spec.affinity])).toEqual(
      nodes(5).map(({ metadata }) => [undefined, affinityTo(metadata.name)]),
    )
  })
})

const VERDICTS: readonly (readonly [string, DaemonSet, Node, boolean, boolean, readonly string[]])[] = [
  ['26: a plain Node', plain, node('w-1'), true, true, []],
  [
    '27: requests beyond what the Node has',
    daemonSet({ spec: { containers: [{ name: 'a', resources: { requests: { memory: '1Ti' } } }] } }),
    node('w-1'),
    true,
    true,
    [],
  ],
  [
    '28: a template for another Node',
    daemonSet({ spec: { nodeName: 'w-2' } }),
    node('w-1'),
    false,
    false,
    ['NodeNameMismatch'],
  ],
  ['29: a host port that others may use', daemonSet({ spec: hostPort(80) }), node('w-1'), true, true, []],
  [
    '30: a selector that does not match',
    selectsBlue,
    node('w-1', color('red')),
    false,
    false,
    ['NodeSelectorMismatch'],
  ],
  ['30: a selector that matches', selectsBlue, node('w-1', color('blue')), true, true, []],
  [
    '31: affinity that does not match',
    daemonSet({ spec: { affinity: affinityIn('color', ['blue']) } }),
    node('w-1', color('red')),
    false,
    false,
    ['NodeAffinityMismatch'],
  ],
  [
    '31: affinity that matches',
    daemonSet({ spec: { affinity: affinityIn('color', ['blue']) } }),
    node('w-1', color('blue')),
    true,
    true,
    [],
  ],
  ['32: unschedulable without its taint', plain, node('w-1', { unschedulable: true }), true, true, []],
  [
    'an untolerated NoSchedule taint',
    plain,
    node('w-1', { taints: ['a=b:NoSchedule'] }),
    false,
    true,
    ['UntoleratedTaint'],
  ],
  [
    'an untolerated NoExecute taint',
    plain,
    node('w-1', { taints: ['a=b:NoExecute'] }),
    false,
    false,
    ['UntoleratedTaint'],
  ],
  [
    'everything at once, selector first',
    selectsBlue,
    node('w-1', { taints: ['a=b:NoSchedule', 'c:NoExecute'] }),
    false,
    false,
    ['NodeSelectorMismatch', 'UntoleratedTaint', 'UntoleratedTaint'],
  ],
]

describe('the verdict on a Node', () => {
  it.each(VERDICTS)('%s', (_, ds, on, shouldRun, shouldContinueRunning, codes) => {
    const verdict = shouldRunDaemonPod(ds.spec.template.spec, on)
    expect(verdict).toMatchObject({ shouldRun, shouldContinueRunning })
    expect(verdict.because.map(({ code }) => code)).toEqual(codes)
  })

  it.each([
    [
      'another value',
      ['nvidia.com/gpu=true:NoSchedule'],
      { nearest: 'spec.template.spec.tolerations[0]', differs: 'value' },
    ],
    [
      'another effect',
      ['x=y:NoExecute', 'nvidia.com/gpu=present:NoExecute'],
      { nearest: 'spec.template.spec.tolerations[1]', differs: 'effect' },
    ],
    [
      'a misspelt key',
      ['Nvidia.com/gpu=present:NoSchedule'],
      { nearest: 'spec.template.spec.tolerations[0]', differs: 'key' },
    ],
    [
      'the one with fewer differences',
      ['nvidia.com/gpu=true:NoExecute', 'nvidia.com/gpu=present:NoExecute'],
      { nearest: 'spec.template.spec.tolerations[1]', differs: 'effect' },
    ],
    ['nothing like it', ['dedicated=db:NoSchedule'], {}],
  ])('the nearest toleration: %s', (_, texts, params) => {
    const gpu = node('gpu-1', { taints: ['a:PreferNoSchedule', 'nvidia.com/gpu=present:NoSchedule'] })
    const { because } = shouldRunDaemonPod(tolerates(...texts).spec.template.spec, gpu)
    expect(because).toEqual([
      {
        code: 'UntoleratedTaint',
        path: 'spec.taints[1]',
        params: { taint: 'nvidia.com/gpu=present:NoSchedule', ...params },
      },
    ])
  })

  it('names the label, the value wanted and the value found', () => {
    const { because } = shouldRunDaemonPod(selectsBlue.spec.template.spec, node('w-1', color('red')))
    const params = { key: 'color', wanted: 'blue', actual: 'red', nearest: 'spec.template.spec.nodeSelector[color]' }
    expect(because).toEqual([{ code: 'NodeSelectorMismatch', path: 'metadata.labels[color]', params }])
  })
})
