// Stories whose trace must hold a reason, though no node's verdict shows it in the end.
import type { Case } from './scenarios.ts'

type TraceCase = Omit<Case, 'node' | 'verdict' | 'codes'> & { readonly code: string }

const APPLY = ['kubectl apply -f agent.yaml', 'settle']
const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: ${spec}\n`
const CONTAINERS = 'containers: [{ name: web, image: registry.example/web:1 }]'
const SURGE = ['updateStrategy:', '  rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }']

export const TRACE_CASES: readonly TraceCase[] = [
  {
    code: 'NodeMissing',
    says: 'the Pods of a machine that is gone go too',
    nodes: '[{ name: w-1 }, { name: w-2 }]',
    steps: [...APPLY, 'remove w-1', 'sleep 120'],
  },
  {
    code: 'NodeUnschedulable',
    says: 'a plain Pod does not go to a cordoned node',
    nodes: '[{ name: w-1, unschedulable: true }]',
    files: { 'web.yaml': pod(`{ ${CONTAINERS} }`) },
    steps: ['kubectl apply -f web.yaml', 'sleep 10'],
  },
  {
    code: 'TolerationSecondsOver',
    says: 'a toleration with seconds ends',
    spec: ['tolerations: [{ key: maintenance, operator: Exists, effect: NoExecute, tolerationSeconds: 10 }]'],
    steps: [...APPLY, 'kubectl taint nodes w-1 maintenance=now:NoExecute', 'sleep 12'],
  },
  {
    code: 'OldPodUnavailable',
    says: 'an old Pod that is not available goes first',
    image: 'registry.example/never-ready:1',
    steps: [...APPLY, 'kubectl set image daemonset/agent agent=registry.example/agent:2', 'sleep 30'],
  },
  {
    code: 'NewPodAvailable',
    says: 'with a surge the old Pod goes when the new one is available',
    ds: SURGE,
    steps: [...APPLY, 'kubectl set image daemonset/agent agent=registry.example/agent:2', 'sleep 60'],
  },
  {
    code: 'OldPodNotReady',
    says: 'with a surge an old Pod that is not ready goes at once',
    ds: SURGE,
    image: 'registry.example/never-ready:1',
    steps: [...APPLY, 'kubectl set image daemonset/agent agent=registry.example/agent:2', 'sleep 60'],
  },
  {
    code: 'NamespaceTerminating',
    says: 'a namespace that is being deleted gets no Pods',
    namespace: 'old',
    objects: ['apiVersion: v1\nkind: Namespace\nmetadata: { name: old }'],
    steps: [
      'kubectl apply -f agent.yaml',
      'settle',
      'stop-kubelet w-1',
      'kubectl delete namespace old --wait=false',
      'join {name: w-2}',
      'sleep 20',
    ],
  },
  {
    code: 'NodeOutOfService',
    says: 'an out-of-service taint ends Pods by force',
    steps: [
      ...APPLY,
      'stop-kubelet w-1',
      'sleep 60',
      'kubectl delete pods --all --wait=false',
      'kubectl taint nodes w-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute',
      'sleep 60',
    ],
  },
  {
    code: 'NeverScheduled',
    says: 'a Pod that never had a node and is being deleted goes at once',
    nodes: '[{ name: w-1, unschedulable: true }]',
    files: {
      'web.yaml': pod(`{ ${CONTAINERS} }`).replace('name: web }', 'name: web, finalizers: [example.com/keep] }'),
    },
    steps: ['kubectl apply -f web.yaml', 'sleep 10', 'kubectl delete pod web --wait=false', 'sleep 60'],
  },
  {
    code: 'DuplicatePod',
    says: 'of two Pods on one node the younger goes',
    objects: [
      pod(`{ nodeName: w-1, ${CONTAINERS} }`).replace('name: web }', 'name: web, labels: { app: agent } }'),
      pod(`{ nodeName: w-1, ${CONTAINERS} }`).replace('name: web }', 'name: web-2, labels: { app: agent } }'),
      pod(`{ nodeName: w-1, ${CONTAINERS} }`).replace('name: web }', 'name: web-3, labels: { app: agent } }'),
    ],
  },
  {
    code: 'RejectedByKubelet',
    says: 'a kubelet does not take a Pod for another operating system',
    files: { 'web.yaml': pod(`{ nodeName: w-1, os: { name: windows }, ${CONTAINERS} }`) },
    steps: ['kubectl apply -f web.yaml', 'sleep 10'],
  },
]
