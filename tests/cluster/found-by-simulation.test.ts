// What random clusters once found, each as the smallest story that shows it.
import { describe, expect, it } from 'vitest'
import { conflictStatus } from '../../grader/api/api-status.ts'
import { pods } from '../../grader/api/resource-table.ts'
import { createCluster } from '../../grader/cluster/cluster.ts'
import { STANDARD_COMPONENTS } from '../../grader/cluster/standard-cluster.ts'
import { withFaults } from '../support/partial-cluster.ts'
import { testStory } from '../support/story.ts'

const JOB = `
apiVersion: batch/v1
kind: Job
metadata: { name: copy }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "registry.example/never-ready:1" }] } } }
`

const IMPATIENT = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      tolerations: [{ key: maintenance, operator: Exists, effect: NoExecute, tolerationSeconds: 0 }]
      containers: [{ name: agent, image: "registry.example/pull-error:1" }]
`

const SURGING = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: agent, image: "registry.example/agent:1" }] }
`

const SLOW_TO_END = `
apiVersion: v1
kind: Pod
metadata: { name: slow }
spec:
  terminationGracePeriodSeconds: 300
  containers: [{ name: a, image: "registry.example/agent:1", lifecycle: { preStop: { sleep: { seconds: 200 } } } }]
`

describe('found by random clusters', () => {
  it('a Pod whose Job was deleted with --cascade=orphan can be deleted (seed 84)', () => {
    const s = testStory({ files: { 'job.yaml': JOB } })
    s.play('kubectl apply -f job.yaml', 'settle', 'kubectl delete job copy --cascade=orphan --wait=false', 'sleep 1')
    const [name] = s.names(pods)
    expect(s.get(pods, name!)?.metadata.finalizers).toBeUndefined()
    s.play(`kubectl delete pod ${name} --wait=false`, 'sleep 40')
    expect(s.names(pods)).toEqual([])
  })

  it('a DaemonSet that tolerates a NoExecute taint for no time makes a Pod a second, not a thousand (seed 10)', () => {
    const s = testStory({
      nodes: [{ name: 'w-1', taints: ['maintenance:NoExecute'] }],
      files: { 'ds.yaml': IMPATIENT },
    })
    s.play('kubectl apply -f ds.yaml', 'sleep 20')
    const made = s.story.cluster.trace
      .entries()
      .filter((entry) => entry.type === 'write' && entry.verb === 'create' && entry.about.kind === 'Pod').length
    expect(made).toBeGreaterThan(5)
    expect(made).toBeLessThan(60)
  })

  it('a surging DaemonSet on a machine under disk pressure does not make Pods for ever in one moment (seed 229)', () => {
    const s = testStory({ nodes: ['w-1'], files: { 'ds.yaml': SURGING } })
    s.play('pressure w-1 disk', 'sleep 1', 'kubectl apply -f ds.yaml', 'sleep 20')
    const made = s.story.cluster.trace
      .entries()
      .filter((entry) => entry.type === 'write' && entry.verb === 'create' && entry.about.kind === 'Pod').length
    expect(made).toBeGreaterThan(5)
    expect(made).toBeLessThan(60)
  })

  it('a Pod that ends while its machine reboots does not start again (seed 88)', () => {
    const s = testStory({ nodes: ['w-1'], files: { 'pod.yaml': SLOW_TO_END } })
    s.play(
      'kubectl apply -f pod.yaml',
      'settle',
      'kubectl delete pod slow --wait=false',
      'sleep 1',
      'reboot w-1',
      'sleep 60',
    )
    expect(s.names(pods)).toEqual([])
  })

  it('a Pod whose binding was refused is bound for the same cause as the first time (seed 37)', () => {
    let refusals = 1
    const cluster = createCluster(
      { seed: 1, images: {}, disks: {} },
      STANDARD_COMPONENTS.map((component) =>
        withFaults(component, (by, verb, resource) =>
          by === 'scheduler' && verb === 'create' && resource.plural !== 'events' && refusals-- > 0
            ? conflictStatus(resource, '')
            : undefined,
        ),
      ),
    )
    cluster.machines.join({ name: 'w-1' })
    cluster.settle()
    const container = { name: 'a', image: 'registry.example/agent:1' }
    const metadata = { name: 'p', namespace: 'default' }
    cluster
      .client()
      .create(pods, { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container] } } as never)
    cluster.advance(30)
    const bound = cluster.trace.entries().filter((entry) => entry.type === 'write' && entry.verb === 'bind')
    expect(bound).toHaveLength(1)
    expect(bound[0]?.causedBy).toBeDefined()
    expect(refusals).toBeLessThan(1)
  })
})
