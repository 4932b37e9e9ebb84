// How long the scheduler and the kubelets take for one daemon Pod. Run with Node 24: npx node scripts/bench/scheduler.mjs
// Prints a table; --json prints one object. Compare figures of one run with each other only.
import { nodes, pods } from '../../grader/api/resource-table.ts'
import { createCluster } from '../../grader/cluster/cluster.ts'
import { kubelets } from '../../grader/cluster/kubelet/kubelets.ts'
import { scheduler } from '../../grader/cluster/scheduler/scheduler.ts'

const now = () => performance.now()
const containers = [
  { name: 'agent', image: 'registry.example/agent:1', resources: { requests: { cpu: '100m', memory: '64Mi' } } },
]
// No node controllers here, so the taint of a new Node stays.
const tolerations = [{ operator: 'Exists' }]

function daemonPod(nodeName) {
  const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'agent-', namespace: 'default', labels: { app: 'agent' } },
    spec: {
      containers,
      tolerations,
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } } },
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
    },
    status: { phase: 'Pending' },
  }
}

/** Microseconds per Pod of each part, for so many Nodes. */
function measure(count) {
  const config = { seed: 1, images: {}, disks: {} }
  const make = (components) => {
    const cluster = createCluster(config, components)
    const client = cluster.client()
    for (let i = 0; i < count; i++) {
      client.create(nodes, {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: `n-${i}` },
        spec: {},
        status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
      })
    }
    cluster.settle()
    return { cluster, client }
  }
  const timed = (work) => {
    const start = now()
    work()
    return ((now() - start) * 1000) / count
  }
  const create = (client) => {
    for (let i = 0; i < count; i++) client.create(pods, daemonPod(`n-${i}`))
  }
  const alone = make([])
  const creating = timed(() => create(alone.client))
  const { cluster, client } = make([scheduler])
  create(client)
  const scheduling = timed(() => cluster.runDue())
  const whole = make([scheduler, kubelets])
  create(whole.client)
  whole.cluster.runDue()
  const starting = timed(() => whole.cluster.advance(2))
  const ready = whole.cluster.store
    .list(pods)
    .filter((pod) => pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')).length
  if (ready !== count) throw new Error(`${ready} of ${count} Pods are ready`)
  return { nodes: count, creating, scheduling, starting }
}

measure(500)
measure(500)
const rows = [1000, 5000, 20_000].map(measure)
if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else {
  console.log('µs per daemon Pod     create   bind   start → ready')
  for (const { nodes: count, creating, scheduling, starting } of rows) {
    console.log(
      `${String(count).padStart(6)} Nodes        ${creating.toFixed(1).padStart(8)} ${scheduling.toFixed(1).padStart(6)} ${starting.toFixed(1).padStart(14)}`,
    )
  }
}
