import type { Case } from './scenarios.ts'

const APPLY = ['kubectl apply -f agent.yaml', 'settle']
const requests = (amounts: string) => ['resources:', `  requests: ${amounts}`]
const manifest = (kind: string, name: string, rest: string, apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\n${rest}`

/** What admission refuses; the DaemonSet itself is accepted. */
export const REFUSAL_CASES: readonly Case[] = [
  {
    says: 'a quota refuses the Pods, not the DaemonSet',
    objects: [manifest('ResourceQuota', 'none', 'spec: { hard: { pods: "0" } }')],
    node: 'w-1',
    verdict: 'Refused',
    codes: ['QuotaExceeded'],
    kubernetes: 'exceeded quota: none',
    object: 'DaemonSet/agent',
  },
  {
    says: 'creations stop at the first refusal, so every node has the reason',
    nodes: '[{ name: w-1 }, { name: w-2 }, { name: w-3 }]',
    objects: [manifest('ResourceQuota', 'none', 'spec: { hard: { pods: "0" } }')],
    node: 'w-3',
    verdict: 'Refused',
    codes: ['QuotaExceeded'],
  },
  {
    says: 'a restricted namespace refuses privileged Pods',
    namespace: 'safe',
    objects: [
      'apiVersion: v1\nkind: Namespace\nmetadata: { name: safe, labels: { pod-security.kubernetes.io/enforce: restricted } }',
    ],
    spec: ['hostNetwork: true'],
    node: 'w-1',
    verdict: 'Refused',
    codes: ['PodSecurityForbidden'],
    kubernetes: 'violates PodSecurity "restricted:latest"',
  },
  {
    says: 'a LimitRange refuses what is larger than its maximum',
    objects: [manifest('LimitRange', 'small', 'spec: { limits: [{ type: Container, max: { cpu: 100m } }] }')],
    container: ['resources:', '  limits: { cpu: 2 }'],
    node: 'w-1',
    verdict: 'Refused',
    codes: ['LimitRangeExceeded'],
    kubernetes: 'maximum cpu usage per Container is 100m',
  },
  {
    says: 'a ServiceAccount that does not exist',
    spec: ['serviceAccountName: nobody'],
    node: 'w-1',
    verdict: 'Refused',
    codes: ['ServiceAccountMissing'],
    kubernetes: 'error looking up service account default/nobody',
    points: 'serviceAccountName: nobody',
  },
  {
    says: 'a PriorityClass that does not exist',
    spec: ['priorityClassName: urgent'],
    node: 'w-1',
    verdict: 'Refused',
    codes: ['PriorityClassMissing'],
    kubernetes: 'no PriorityClass with name urgent was found',
    points: 'priorityClassName: urgent',
  },
  {
    says: 'a RuntimeClass that does not exist',
    spec: ['runtimeClassName: gvisor'],
    node: 'w-1',
    verdict: 'Refused',
    codes: ['CreationRefused'],
    kubernetes: 'RuntimeClass "gvisor" not found',
    points: 'runtimeClassName: gvisor',
  },
  {
    says: 'a daemon Pod makes room for one of higher priority',
    nodes: '[{ name: w-1, cpu: 1 }]',
    container: requests('{ cpu: 600m }'),
    objects: [manifest('PriorityClass', 'high', 'value: 1000', 'scheduling.k8s.io/v1')],
    files: {
      'db.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata: { name: db }\nspec:\n  priorityClassName: high\n  containers: [{ name: db, image: registry.example/db:1, resources: { requests: { cpu: 800m } } }]',
    },
    steps: [...APPLY, 'kubectl apply -f db.yaml', 'sleep 60'],
    node: 'w-1',
    verdict: 'Pending',
    codes: ['InsufficientCPU', 'Preempted'],
  },
]
