import { describe, expect, it } from 'vitest'
import { formatHumanDuration } from '../../../grader/api/human-duration.ts'
import type { KubeObject } from '../../../grader/api/meta.ts'
import { columnsOf, tableOf } from '../../../grader/api/printers/table.ts'
import type { Resource } from '../../../grader/api/resource-table.ts'
import * as resources from '../../../grader/api/resource-table.ts'
import { parseRfc3339 } from '../../../grader/api/timestamp.ts'

const NOW = parseRfc3339('2026-01-01T00:01:00Z') ?? 0
const metadata = (name: string, more: object = {}) => ({
  name,
  uid: 'u',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
  ...more,
})

function cells(resource: Resource, object: object): string {
  const table = tableOf(resource, [{ metadata: metadata('x'), ...object } as unknown as KubeObject], NOW)
  return table.rows[0]?.cells.join(' | ') ?? ''
}

const header = (resource: Resource) =>
  columnsOf(resource)
    .map((c) => `${c.priority === 1 ? '*' : ''}${c.name.toUpperCase()}`)
    .join(', ')

const template = {
  metadata: {},
  spec: {
    containers: [
      { name: 'a', image: 'i:1' },
      { name: 'b', image: 'j' },
    ],
    nodeSelector: { z: '1', a: '2' },
  },
}
const selector = { matchLabels: { app: 'x' } }
const workloadColumns = '*CONTAINERS, *IMAGES, *SELECTOR'

describe('columns are those of the real server, wide ones marked', () => {
  it.each<[Resource, string]>([
    [
      resources.daemonSets,
      `NAME, DESIRED, CURRENT, READY, UP-TO-DATE, AVAILABLE, NODE SELECTOR, AGE, ${workloadColumns}`,
    ],
    [resources.pods, 'NAME, READY, STATUS, RESTARTS, AGE, *IP, *NODE, *NOMINATED NODE, *READINESS GATES'],
    [
      resources.nodes,
      'NAME, STATUS, ROLES, AGE, VERSION, *INTERNAL-IP, *EXTERNAL-IP, *OS-IMAGE, *KERNEL-VERSION, *CONTAINER-RUNTIME',
    ],
    [resources.controllerRevisions, 'NAME, CONTROLLER, REVISION, AGE'],
    [resources.events, 'LAST SEEN, TYPE, REASON, OBJECT, *SUBOBJECT, *SOURCE, MESSAGE, *FIRST SEEN, *COUNT, *NAME'],
    [resources.namespaces, 'NAME, STATUS, AGE'],
    [resources.configMaps, 'NAME, DATA, AGE'],
    [resources.services, 'NAME, TYPE, CLUSTER-IP, EXTERNAL-IP, PORT(S), AGE, *SELECTOR'],
    [resources.deployments, `NAME, READY, UP-TO-DATE, AVAILABLE, AGE, ${workloadColumns}`],
    [resources.replicaSets, `NAME, DESIRED, CURRENT, READY, AGE, ${workloadColumns}`],
    [resources.jobs, `NAME, STATUS, COMPLETIONS, DURATION, AGE, ${workloadColumns}`],
    [resources.cronJobs, `NAME, SCHEDULE, TIMEZONE, SUSPEND, ACTIVE, LAST SCHEDULE, AGE, ${workloadColumns}`],
    [resources.clusterRoles, 'NAME, CREATED AT'],
    [resources.limitRanges, 'NAME, CREATED AT'],
    [resources.priorityClasses, 'NAME, VALUE, GLOBAL-DEFAULT, AGE, PREEMPTIONPOLICY'],
    [resources.podDisruptionBudgets, 'NAME, MIN AVAILABLE, MAX UNAVAILABLE, ALLOWED DISRUPTIONS, AGE'],
    [resources.roleBindings, 'NAME, ROLE, AGE, *USERS, *GROUPS, *SERVICEACCOUNTS'],
    [resources.resourceQuotas, 'NAME, REQUEST, LIMIT, AGE'],
  ])('of $plural', (resource, expected) => expect(header(resource)).toBe(expected))
})

describe('cells say what the real server says', () => {
  it.each<[string, Resource, object, string]>([
    [
      'a DaemonSet shows its counters and its node selector, not its affinity',
      resources.daemonSets,
      {
        spec: { template, selector },
        status: {
          desiredNumberScheduled: 3,
          currentNumberScheduled: 2,
          numberReady: 1,
          updatedNumberScheduled: 2,
          numberAvailable: 1,
          numberMisscheduled: 0,
        },
      },
      'x | 3 | 2 | 1 | 2 | 1 | a=2,z=1 | 60s | a,b | i:1,j | app=x',
    ],
    [
      'a new DaemonSet shows zeros',
      resources.daemonSets,
      { spec: { template: { spec: { containers: [] } }, selector: {} }, status: {} },
      'x | 0 | 0 | 0 | 0 | 0 | <none> | 60s |  |  | <none>',
    ],
    [
      'a Node with a role',
      resources.nodes,
      {
        metadata: metadata('cp-1', { labels: { 'node-role.kubernetes.io/control-plane': '' } }),
        spec: {},
        status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.35.6' } },
      },
      'cp-1 | Ready | control-plane | 60s | v1.35.6 | <none> | <none> | <unknown> | <unknown> | <unknown>',
    ],
    [
      'a cordoned Node whose kubelet is silent',
      resources.nodes,
      { spec: { unschedulable: true }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      'x | NotReady,SchedulingDisabled | <none> | 60s |  | <none> | <none> | <unknown> | <unknown> | <unknown>',
    ],
    [
      'a Node without a Ready condition is Unknown',
      resources.nodes,
      { spec: {}, status: {} },
      'x | Unknown | <none> | 60s |  | <none> | <none> | <unknown> | <unknown> | <unknown>',
    ],
    [
      'a ControllerRevision names its controller',
      resources.controllerRevisions,
      {
        metadata: metadata('x', {
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'u', controller: true }],
        }),
        revision: 2,
      },
      'x | daemonset.apps/agent | 2 | 60s',
    ],
    ['an orphaned ControllerRevision', resources.controllerRevisions, { revision: 1 }, 'x | <none> | 1 | 60s'],
    [
      'an Event counts at least 1 and falls back to its eventTime',
      resources.events,
      {
        involvedObject: { kind: 'Pod', name: 'p' },
        type: 'Warning',
        reason: 'R',
        message: ' m\n',
        eventTime: '2026-01-01T00:00:50.000000Z',
        firstTimestamp: null,
        lastTimestamp: null,
        reportingComponent: 'default-scheduler',
        reportingInstance: 'i',
      },
      '10s | Warning | R | pod/p |  | default-scheduler, i | m | 10s | 1 | x',
    ],
    ['a Namespace', resources.namespaces, { status: { phase: 'Active' } }, 'x | Active | 60s'],
    [
      'a ConfigMap counts both kinds of data',
      resources.configMaps,
      { data: { a: '' }, binaryData: { b: '' } },
      'x | 2 | 60s',
    ],
    [
      'a headless Service',
      resources.services,
      { spec: { type: 'ClusterIP', clusterIPs: ['None'], ports: [{ port: 80, protocol: 'TCP' }] } },
      'x | ClusterIP | None | <none> | 80/TCP | 60s | <none>',
    ],
    [
      'a LoadBalancer without an address is pending',
      resources.services,
      {
        spec: {
          type: 'LoadBalancer',
          clusterIPs: ['10.0.0.1'],
          ports: [{ port: 80, nodePort: 30080, protocol: 'TCP' }],
          selector: { a: 'b' },
        },
      },
      'x | LoadBalancer | 10.0.0.1 | <pending> | 80:30080/TCP | 60s | a=b',
    ],
    [
      'a Deployment',
      resources.deployments,
      { spec: { template, selector, replicas: 2 }, status: { readyReplicas: 1, updatedReplicas: 2 } },
      'x | 1/2 | 2 | 0 | 60s | a,b | i:1,j | app=x',
    ],
    [
      'a running Job',
      resources.jobs,
      { spec: { template, completions: 1 }, status: { startTime: '2026-01-01T00:00:30Z' } },
      'x | Running | 0/1 | 30s | 60s | a,b | i:1,j | <none>',
    ],
    [
      'a Job without completions',
      resources.jobs,
      { spec: { template, parallelism: 3, selector }, status: { conditions: [{ type: 'Complete', status: 'True' }] } },
      'x | Complete | 0/1 of 3 |  | 60s | a,b | i:1,j | app=x',
    ],
    [
      'a PodDisruptionBudget',
      resources.podDisruptionBudgets,
      { spec: { maxUnavailable: '10%' }, status: { disruptionsAllowed: 1 } },
      'x | N/A | 10% | 1 | 60s',
    ],
    [
      'a ResourceQuota splits requests and limits',
      resources.resourceQuotas,
      { status: { hard: { pods: '4', 'limits.cpu': '2' }, used: { pods: '1' } } },
      'x | pods: 1/4 | limits.cpu: 0/2 | 60s',
    ],
    ['a ClusterRole has no age but a date', resources.clusterRoles, {}, 'x | 2026-01-01T00:00:00Z'],
    [
      'a RoleBinding',
      resources.roleBindings,
      {
        roleRef: { kind: 'Role', name: 'r' },
        subjects: [
          { kind: 'ServiceAccount', namespace: 'n', name: 's' },
          { kind: 'User', name: 'u' },
        ],
      },
      'x | Role/r | 60s | u |  | n/s',
    ],
    [
      'a PriorityClass',
      resources.priorityClasses,
      { value: 5, preemptionPolicy: 'Never' },
      'x | 5 | false | 60s | Never',
    ],
  ])('%s', (_, resource, object, expected) => expect(cells(resource, object)).toBe(expected))
})

describe('ages grow coarser', () => {
  it.each<[number, string]>([
    [-3, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [125, '2m5s'],
    [599, '9m59s'],
    [600, '10m'],
    [3 * 3600 - 1, '179m'],
    [3 * 3600, '3h'],
    [3 * 3600 + 60, '3h1m'],
    [8 * 3600, '8h'],
    [47 * 3600, '47h'],
    [48 * 3600, '2d'],
    [49 * 3600, '2d1h'],
    [8 * 86400, '8d'],
    [729 * 86400, '729d'],
    [730 * 86400, '2y'],
    [731 * 86400, '2y1d'],
    [8 * 365 * 86400 + 86400, '8y'],
  ])('%s s are %s', (seconds, text) => expect(formatHumanDuration(seconds * 1000)).toBe(text))
})

describe('RFC 3339', () => {
  it.each<[string, number | undefined]>([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-01-01T00:00:00.123456Z', 1_767_225_600_123],
    ['2026-01-01T01:00:00+01:00', 1_767_225_600_000],
    ['yesterday', undefined],
  ])('%s', (text, at) => expect(parseRfc3339(text)).toBe(at))
})
