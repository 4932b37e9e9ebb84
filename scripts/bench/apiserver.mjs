// How long one API write takes: Pods as the DaemonSet controller makes them, bound and run, then deleted.
// Run with Node 24: npx node scripts/bench/apiserver.mjs [PODS]
import { daemonSets, nodes, pods } from '../../grader/api/resource-table.ts'
import { createApiServer, SYSTEM_MASTERS } from '../../grader/cluster/apiserver/server.ts'
import { createStore } from '../../grader/cluster/apiserver/store.ts'
import { createClock } from '../../grader/cluster/clock.ts'
import { createRandom } from '../../grader/cluster/random.ts'
import { createTrace } from '../../grader/cluster/trace.ts'

const COUNT = Number(process.argv[2] ?? 100_000)

const trace = createTrace(() => clock.now())
const clock = createClock(trace)
const store = createStore()
const server = createApiServer({ store, clock, random: createRandom(1), trace })
const operator = { name: 'system:bench', groups: SYSTEM_MASTERS }
const client = server.clientFor({ by: 'bench', component: true, user: operator })
const kubectl = server.clientFor({ by: 'kubectl', user: operator })

const must = (result) => {
  if (!result.ok) throw new Error(result.status.message)
  return result.value
}

const measure = (what, writes, run) => {
  // The processor's time beside the clock's: others may use the machine, too.
  const cpu = process.cpuUsage()
  const started = performance.now()
  run()
  const wall = ((performance.now() - started) * 1000) / writes
  const { user, system } = process.cpuUsage(cpu)
  const columns = [wall, (user + system) / writes].map((micros) => micros.toFixed(2).padStart(9))
  console.log(`${what.padEnd(20)} ${columns[0]} µs each, ${columns[1]} µs of processor (${writes})`)
}

must(
  client.create(
    { ...pods, plural: 'serviceaccounts', kind: 'ServiceAccount' },
    { metadata: { name: 'default', namespace: 'default' } },
  ),
)

measure('create Node', COUNT, () => {
  for (let i = 0; i < COUNT; i++) {
    const status = {
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    }
    must(
      client.create(nodes, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `n-${i}`, labels: { 'kubernetes.io/hostname': `n-${i}` } },
        spec: {},
        status,
      }),
    )
  }
})

const template = {
  metadata: { labels: { app: 'agent' } },
  spec: {
    containers: [
      { name: 'agent', image: 'registry.example/agent:1', resources: { requests: { cpu: '100m', memory: '64Mi' } } },
    ],
    tolerations: [{ operator: 'Exists' }],
  },
}
const spec = { selector: { matchLabels: { app: 'agent' } }, template }
const ds = must(
  kubectl.create(
    daemonSets,
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent', namespace: 'default' }, spec },
    { fieldValidation: 'Strict', fieldManager: 'kubectl-create' },
  ),
)
const owners = [
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    name: 'agent',
    uid: ds.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  },
]
const labels = { app: 'agent', 'controller-revision-hash': 'abcdef' }

const made = []
measure('create Pod', COUNT, () => {
  for (let i = 0; i < COUNT; i++) {
    const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [`n-${i}`] }] }]
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } }
    const metadata = { generateName: 'agent-', namespace: 'default', labels, ownerReferences: owners }
    made.push(
      must(
        client.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...ds.spec.template.spec, affinity } }),
      ),
    )
  }
})
measure('bind Pod', COUNT, () => {
  for (const [i, pod] of made.entries()) {
    must(client.createSubresource(pods, pod.metadata, 'binding', { target: { kind: 'Node', name: `n-${i}` } }))
  }
})
measure('Pod status', COUNT, () => {
  for (const { metadata } of made) {
    const pod = store.get(pods, metadata)
    const conditions = [
      ...pod.status.conditions,
      { type: 'Ready', status: 'True', lastTransitionTime: clock.timestamp() },
    ]
    const status = {
      ...pod.status,
      phase: 'Running',
      conditions,
      podIP: '10.0.0.1',
      containerStatuses: [
        {
          name: 'agent',
          ready: true,
          restartCount: 0,
          image: 'x',
          imageID: '',
          state: { running: { startedAt: clock.timestamp() } },
        },
      ],
    }
    must(client.update(pods, { ...pod, status }, { subresource: 'status' }))
  }
})
measure('Node status', COUNT, () => {
  for (let i = 0; i < COUNT; i++) {
    const node = store.get(nodes, { name: `n-${i}` })
    must(
      client.update(
        nodes,
        {
          ...node,
          status: { ...node.status, conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: String(i) }] },
        },
        { subresource: 'status' },
      ),
    )
  }
})
measure('list 100,000 Nodes', 1, () => store.list(nodes))
measure('delete Pod', COUNT, () => {
  for (const { metadata } of made) must(client.delete(pods, metadata))
})
measure('finish Pod', COUNT, () => {
  for (const { metadata } of made) must(client.delete(pods, metadata, { gracePeriodSeconds: 0 }))
})
console.log(
  `memory ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB, resourceVersion ${store.resourceVersion()}`,
)
