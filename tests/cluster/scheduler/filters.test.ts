import { describe, expect, it } from 'vitest'
import type {
  Affinity,
  Container,
  NodeSelectorRequirement,
  PodSpec,
  TopologySpreadConstraint,
} from '../../../grader/api/core.ts'
import type { StringMap } from '../../../grader/api/meta.ts'
import type { FilterPlugin } from '../../../grader/cluster/scheduler/framework.ts'
import { namedNodes } from '../../../grader/cluster/scheduler/named-nodes.ts'
import { interPodAffinity } from '../../../grader/cluster/scheduler/plugins/inter-pod-affinity.ts'
import { nodeAffinity } from '../../../grader/cluster/scheduler/plugins/node-affinity.ts'
import { nodeName } from '../../../grader/cluster/scheduler/plugins/node-name.ts'
import { nodePorts } from '../../../grader/cluster/scheduler/plugins/node-ports.ts'
import { nodeResourcesFit } from '../../../grader/cluster/scheduler/plugins/node-resources-fit.ts'
import { nodeUnschedulable } from '../../../grader/cluster/scheduler/plugins/node-unschedulable.ts'
import { podTopologySpread } from '../../../grader/cluster/scheduler/plugins/pod-topology-spread.ts'
import { taintToleration } from '../../../grader/cluster/scheduler/plugins/taint-toleration.ts'
import { volumeBinding } from '../../../grader/cluster/scheduler/plugins/volume-binding.ts'
import { affinityTo, node, pod, toleration } from '../../support/build.ts'
import { cycleOf, verdictOf, type World } from '../../support/scheduling.ts'

type Row = readonly [rule: string, spec: Partial<PodSpec>, world: World, verdict: string]

function rows(plugin: FilterPlugin, table: readonly Row[]): void {
  describe(plugin.name, () => {
    it.each(table)('%s', (_, spec, world, verdict) => {
      expect(verdictOf(plugin, pod('new', { phase: 'Pending', spec }), world)).toBe(verdict)
    })
  })
}

const requesting = (requests: StringMap): Partial<PodSpec> => ({ containers: [{ name: 'c', resources: { requests } }] })
const withPort = (hostPort: number, more: object = {}): Partial<PodSpec> => ({
  containers: [{ name: 'c', ports: [{ containerPort: 1, hostPort, ...more }] }],
})

const CORDONED = 'unresolvable: node(s) were unschedulable'
rows(nodeUnschedulable, [
  ['a cordoned Node takes no ordinary Pod', {}, { nodes: [node('w-1', { unschedulable: true })] }, CORDONED],
  ['a Node that is not cordoned takes it', {}, { nodes: [node('w-1')] }, 'passes'],
  [
    'a daemon Pod tolerates the cordon',
    { tolerations: [toleration('node.kubernetes.io/unschedulable:NoSchedule')] },
    { nodes: [node('w-1', { unschedulable: true })] },
    'passes',
  ],
  [
    'a toleration for NoExecute does not tolerate the cordon',
    { tolerations: [toleration('node.kubernetes.io/unschedulable:NoExecute')] },
    { nodes: [node('w-1', { unschedulable: true })] },
    CORDONED,
  ],
])

rows(nodeName, [
  [
    'a Pod that names another Node is turned away',
    { nodeName: 'w-2' },
    { nodes: [node('w-1')] },
    "unresolvable: node(s) didn't match the requested node name",
  ],
  ['a Pod that names this Node passes', { nodeName: 'w-1' }, { nodes: [node('w-1')] }, 'passes'],
])

const UNTOLERATED = 'unresolvable: node(s) had untolerated taint(s)'
const gpu = { nodes: [node('gpu-1', { taints: ['nvidia.com/gpu=present:NoSchedule'] })] }
rows(taintToleration, [
  ['a NoSchedule taint keeps off a Pod without a toleration', {}, gpu, UNTOLERATED],
  [
    'a toleration with the taint’s value lets it in',
    { tolerations: [toleration('nvidia.com/gpu=present:NoSchedule')] },
    gpu,
    'passes',
  ],
  [
    'a toleration with another value does not',
    { tolerations: [toleration('nvidia.com/gpu=a100:NoSchedule')] },
    gpu,
    UNTOLERATED,
  ],
  [
    'a PreferNoSchedule taint keeps off nobody',
    {},
    { nodes: [node('w-1', { taints: ['spot=true:PreferNoSchedule'] })] },
    'passes',
  ],
  [
    'a NoExecute taint keeps off new Pods, too',
    {},
    { nodes: [node('w-1', { taints: ['spot=true:NoExecute'] })] },
    UNTOLERATED,
  ],
  [
    'every taint needs its toleration',
    { tolerations: [toleration('a:NoSchedule')] },
    { nodes: [node('w-1', { taints: ['a=1:NoSchedule', 'b=1:NoSchedule'] })] },
    UNTOLERATED,
  ],
])

const requiring = (...matchExpressions: NodeSelectorRequirement[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
  },
})
const NO_MATCH = "unresolvable: node(s) didn't match Pod's node affinity/selector"
const ssd = { nodes: [node('w-1', { labels: { disktype: 'ssd' } })] }
rows(nodeAffinity, [
  ['a nodeSelector that the Node does not have', { nodeSelector: { disktype: 'nvme' } }, ssd, NO_MATCH],
  ['a nodeSelector that the Node has', { nodeSelector: { disktype: 'ssd' } }, ssd, 'passes'],
  [
    'required affinity that does not hold',
    requiring({ key: 'disktype', operator: 'NotIn', values: ['ssd'] }),
    ssd,
    NO_MATCH,
  ],
  ['required affinity that holds', requiring({ key: 'disktype', operator: 'In', values: ['ssd'] }), ssd, 'passes'],
  ['a daemon Pod on its own Node', { affinity: affinityTo('w-1') }, ssd, 'passes'],
  ['a daemon Pod on another Node', { affinity: affinityTo('w-2') }, ssd, NO_MATCH],
  [
    'nodeSelector and affinity must both hold',
    { ...requiring({ key: 'disktype', operator: 'Exists' }), nodeSelector: { zone: 'a' } },
    ssd,
    NO_MATCH,
  ],
])

const PORTS = "node(s) didn't have free ports for the requested pod ports"
const taken = (spec: Partial<PodSpec>): World => ({ nodes: [node('w-1')], pods: [pod('old', { on: 'w-1', spec })] })
rows(nodePorts, [
  ['a host port that another Pod has', withPort(9100), taken(withPort(9100)), PORTS],
  ['another host port', withPort(9101), taken(withPort(9100)), 'passes'],
  ['the same port of another protocol', withPort(9100, { protocol: 'UDP' }), taken(withPort(9100)), 'passes'],
  [
    'the same port of two addresses',
    withPort(9100, { hostIP: '10.0.0.1' }),
    taken(withPort(9100, { hostIP: '10.0.0.2' })),
    'passes',
  ],
  ['every address clashes with any one', withPort(9100), taken(withPort(9100, { hostIP: '10.0.0.2' })), PORTS],
  [
    'a port of a sidecar counts',
    { containers: [], initContainers: sidecarWithPort('Always') },
    taken(withPort(9100)),
    PORTS,
  ],
  [
    'a port of an ordinary init container does not',
    { containers: [], initContainers: sidecarWithPort(undefined) },
    taken(withPort(9100)),
    'passes',
  ],
])

function sidecarWithPort(restartPolicy: 'Always' | undefined): readonly Container[] {
  return [
    {
      name: 's',
      ports: [{ containerPort: 1, hostPort: 9100 }],
      ...(restartPolicy === undefined ? {} : { restartPolicy }),
    },
  ]
}

const small = node('small', { allocatable: { cpu: '1', memory: '1Gi', pods: '2' } })
const full: World = {
  nodes: [small],
  pods: [pod('old', { on: 'small', spec: requesting({ cpu: '600m', memory: '600Mi' }) })],
}
rows(nodeResourcesFit, [
  ['what fits exactly fits', requesting({ cpu: '400m' }), full, 'passes'],
  ['a thousandth too much does not', requesting({ cpu: '401m' }), full, 'Insufficient cpu'],
  [
    'more than the Node has at all is beyond preemption',
    requesting({ cpu: '1001m' }),
    full,
    'unresolvable: Insufficient cpu',
  ],
  [
    'every resource that lacks is named',
    requesting({ cpu: '500m', memory: '500Mi' }),
    full,
    'Insufficient cpu, Insufficient memory',
  ],
  [
    'a resource that the Node does not know',
    requesting({ 'nvidia.com/gpu': '1' }),
    full,
    'unresolvable: Insufficient nvidia.com/gpu',
  ],
  ['none of a resource that the Node does not know', requesting({ 'nvidia.com/gpu': '0' }), full, 'passes'],
  ['a Pod that asks for nothing needs only a place', {}, full, 'passes'],
  [
    'the number of Pods is a resource, too',
    {},
    { nodes: [small], pods: [pod('a', { on: 'small' }), pod('b', { on: 'small' })] },
    'Too many pods',
  ],
])

describe('volumes and claims', () => {
  const wholePod = (plugin: FilterPlugin, spec: Partial<PodSpec>) => {
    const cycle = cycleOf(pod('new', { spec }), { nodes: [node('w-1')] })
    return plugin.concerns(cycle) ? plugin.preFilter?.(cycle)?.message : undefined
  }
  it.each<readonly [string, FilterPlugin, Partial<PodSpec>, string | undefined]>([
    [
      'a claim that is not there',
      volumeBinding,
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
      'persistentvolumeclaim "data" not found',
    ],
    [
      'a hostPath never matters to the scheduler',
      volumeBinding,
      { volumes: [{ name: 'v', hostPath: { path: '/none' } }] },
      undefined,
    ],
    [
      'the claim of an ephemeral volume stays unbound',
      volumeBinding,
      { volumes: [{ name: 'v', ephemeral: {} }] },
      'pod has unbound immediate PersistentVolumeClaims',
    ],
    ['terms that contradict each other', nodeAffinity, { affinity: contradiction() }, 'pod affinity terms conflict'],
  ])('%s', (_, plugin, spec, message) => {
    expect(wholePod(plugin, spec)).toBe(message)
  })
})

function contradiction(): Affinity {
  const name = (value: string) => ({ key: 'metadata.name', operator: 'In', values: [value] })
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [name('a'), name('b')] }] },
    },
  }
}

describe('NodeAffinity narrows', () => {
  const named = (terms: readonly object[]) =>
    namedNodes({
      containers: [],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
    })
  const field = (operator: string, ...values: string[]) => ({ key: 'metadata.name', operator, values })
  it.each<readonly [string, readonly object[], readonly string[] | undefined]>([
    ['to the one Node of a daemon Pod', [{ matchFields: [field('In', 'w-1')] }], ['w-1']],
    [
      'to the Nodes of all terms together',
      [{ matchFields: [field('In', 'w-2')] }, { matchFields: [field('In', 'w-1')] }],
      ['w-1', 'w-2'],
    ],
    [
      'not at all when one term names no Node',
      [{ matchFields: [field('In', 'w-2')] }, { matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
      undefined,
    ],
    ['not by NotIn', [{ matchFields: [field('NotIn', 'w-2')] }], undefined],
    ['to nothing by two names in one term', [{ matchFields: [field('In', 'a'), field('In', 'b')] }], []],
  ])('%s', (_, terms, names) => {
    expect(named(terms)).toEqual(names)
  })
})

const spread = (constraint: Partial<TopologySpreadConstraint>): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'agent' } },
      ...constraint,
    },
  ],
})
const zones: World = {
  nodes: [node('a-1', { labels: { zone: 'a' } }), node('b-1', { labels: { zone: 'b' } })],
  pods: [pod('old', { on: 'a-1' })],
}
const SPREAD = "node(s) didn't match pod topology spread constraints"
rows(podTopologySpread, [
  ['a second Pod in the fuller zone is one too many', spread({}), zones, SPREAD],
  ['a skew of two is allowed by maxSkew 2', spread({ maxSkew: 2 }), zones, 'passes'],
  ['a constraint that only prefers does not filter', spread({ whenUnsatisfiable: 'ScheduleAnyway' }), zones, 'passes'],
  [
    'a Node without the topology label is out',
    spread({ topologyKey: 'rack' }),
    zones,
    `unresolvable: ${SPREAD} (missing required label)`,
  ],
  [
    'only Nodes that the Pod’s affinity allows count as domains',
    { ...spread({}), affinity: affinityTo('a-1') },
    zones,
    'passes',
  ],
  [
    'with nodeAffinityPolicy Ignore all Nodes count',
    { ...spread({ nodeAffinityPolicy: 'Ignore' }), affinity: affinityTo('a-1') },
    zones,
    SPREAD,
  ],
  [
    'too few domains count as one that is empty',
    spread({ minDomains: 3, maxSkew: 1 }),
    { ...zones, pods: [pod('o', { on: 'a-1' }), pod('p', { on: 'b-1' })] },
    SPREAD,
  ],
  [
    'terminating Pods do not count',
    spread({}),
    { ...zones, pods: [pod('old', { on: 'a-1', isTerminating: true })] },
    'passes',
  ],
  [
    'Pods that the selector does not pick do not count',
    spread({}),
    { ...zones, pods: [pod('old', { on: 'a-1', labels: { app: 'other' } })] },
    'passes',
  ],
])

const affinityFor = (field: 'podAffinity' | 'podAntiAffinity', app: string, more: object = {}): Partial<PodSpec> => ({
  affinity: {
    [field]: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'zone', labelSelector: { matchLabels: { app } }, ...more },
      ],
    },
  },
})
const AFFINITY = "unresolvable: node(s) didn't match pod affinity rules"
const ANTI = "node(s) didn't match pod anti-affinity rules"
const EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules"
const withDb = (...on: string[]): World => ({
  nodes: zones.nodes,
  pods: on.map((name) => pod(`db-${name}`, { on: name, labels: { app: 'db' } })),
})
const guarded = (app: string): World => ({
  nodes: zones.nodes,
  pods: [pod('guard', { on: 'a-1', labels: { app: 'guard' }, spec: affinityFor('podAntiAffinity', app) })],
})
rows(interPodAffinity, [
  ['affinity to a Pod that is not in the zone', affinityFor('podAffinity', 'db'), withDb('b-1'), AFFINITY],
  ['affinity to a Pod in the zone', affinityFor('podAffinity', 'db'), withDb('a-1'), 'passes'],
  ['the first Pod of a group that wants itself', affinityFor('podAffinity', 'agent'), withDb(), 'passes'],
  ['anti-affinity to a Pod in the zone', affinityFor('podAntiAffinity', 'db'), withDb('a-1'), ANTI],
  ['anti-affinity to a Pod in another zone', affinityFor('podAntiAffinity', 'db'), withDb('b-1'), 'passes'],
  ['a Pod that is there does not want this one', {}, guarded('agent'), EXISTING],
  ['a Pod that is there does not want others', {}, guarded('db'), 'passes'],
  [
    'Pods of other namespaces do not count',
    affinityFor('podAffinity', 'db', { namespaces: ['elsewhere'] }),
    withDb('a-1'),
    AFFINITY,
  ],
  [
    'an empty namespaceSelector means all namespaces',
    affinityFor('podAffinity', 'db', { namespaceSelector: {} }),
    withDb('a-1'),
    'passes',
  ],
])
