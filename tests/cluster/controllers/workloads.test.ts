// Workloads beside DaemonSets: what agents share their nodes with, what drains evict and what namespaces take with them.
import { describe, expect, it } from 'vitest'
import {
  controllerRevisions,
  cronJobs,
  daemonSets,
  deployments,
  jobs,
  namespaces,
  podDisruptionBudgets,
  pods,
  replicaSets,
  serviceAccounts,
} from '../../../grader/api/resource-table.ts'
import { testStory } from '../../support/story.ts'

const deployment = (image: string, replicas = 4, more = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: web } }
${more}
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: "${image}" }]
`
const daemonSet = (namespace = 'default') => `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers: [{ name: agent, image: "registry.example/agent:1" }]
`
const job = (image: string, spec = '') => `
apiVersion: batch/v1
kind: Job
metadata: { name: once }
spec:
${spec}
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: once, image: "${image}" }]
`
const done = {
  'registry.example/done:1': { exits: { code: 0, afterSeconds: 1 } },
  'registry.example/fails:1': { exits: { code: 3, afterSeconds: 1 } },
}

describe('a Deployment', () => {
  it('keeps its replicas: a Pod that is deleted is replaced', () => {
    const s = testStory({ files: { 'web.yaml': deployment('registry.example/web:1') } })
    s.play('kubectl apply -f web.yaml', 'settle')
    const before = s.names(pods)
    s.play(`kubectl delete pod ${before[0]}`, 'settle')
    expect(before).toHaveLength(4)
    expect(s.names(pods)).toHaveLength(4)
    expect(s.names(pods)).not.toContain(before[0])
    expect(s.get(deployments, 'web')!.status).toMatchObject({
      replicas: 4,
      readyReplicas: 4,
      availableReplicas: 4,
      updatedReplicas: 4,
    })
  })

  it('rolls a new template into a second ReplicaSet and leaves the first at 0', () => {
    const s = testStory({
      files: { 'web.yaml': deployment('registry.example/web:1'), 'next.yaml': deployment('registry.example/web:2') },
    })
    s.play(
      'kubectl apply -f web.yaml',
      'settle',
      'kubectl apply -f next.yaml',
      'settle',
      'kubectl rollout status deployment/web',
    )
    const sets = s.names(replicaSets).map((name) => s.get(replicaSets, name)!)
    expect(sets.map((rs) => rs.spec.replicas).sort()).toEqual([0, 4])
    expect(s.get(deployments, 'web')!.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2')
  })

  it('never has more Pods unavailable than a quarter of its replicas while it rolls', () => {
    const s = testStory({
      files: {
        'web.yaml': deployment('registry.example/web:1'),
        'next.yaml': deployment('registry.example/never-ready:1'),
      },
    })
    s.play('kubectl apply -f web.yaml', 'settle', 'kubectl apply -f next.yaml', 'settle')
    expect(s.get(deployments, 'web')!.status.availableReplicas).toBe(3)
  })

  it('of type Recreate starts no new Pod while an old one runs', () => {
    const recreate = '  strategy: { type: Recreate }'
    const s = testStory({
      files: {
        'web.yaml': deployment('registry.example/web:1', 2, recreate),
        'next.yaml': deployment('registry.example/web:2', 2, recreate),
      },
    })
    s.play('kubectl apply -f web.yaml', 'settle')
    let both = false
    s.story.cluster.onMoment(() => {
      const images = new Set(s.story.cluster.store.list(pods, 'default').map((pod) => pod.spec.containers[0]!.image))
      both ||= images.size > 1
    })
    s.play('kubectl apply -f next.yaml', 'settle')
    expect(both).toBe(false)
    expect(s.get(deployments, 'web')!.status.availableReplicas).toBe(2)
  })

  it('gives up on its progress deadline and says so', () => {
    const s = testStory({
      files: { 'web.yaml': deployment('registry.example/never-ready:1', 1, '  progressDeadlineSeconds: 30') },
    })
    s.play('kubectl apply -f web.yaml', 'sleep 40')
    const progressing = s
      .get(deployments, 'web')!
      .status.conditions!.find((condition) => condition.type === 'Progressing')!
    expect(progressing).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' })
  })

  it('scaled down keeps the Pods that are ready', () => {
    const s = testStory({
      nodes: [{ name: 'w-1', pods: 3 }],
      files: { 'web.yaml': deployment('registry.example/web:1', 5) },
    })
    s.play('kubectl apply -f web.yaml', 'settle', 'kubectl scale deployment/web --replicas=3', 'settle')
    const left = s.names(pods).map((name) => s.get(pods, name)!)
    expect(left.map((pod) => pod.status.phase)).toEqual(['Running', 'Running', 'Running'])
  })

  it('takes its ReplicaSet and Pods with it when it is deleted', () => {
    const s = testStory({ files: { 'web.yaml': deployment('registry.example/web:1') } })
    s.play('kubectl apply -f web.yaml', 'settle', 'kubectl delete deployment web', 'settle')
    expect([s.names(deployments), s.names(replicaSets), s.names(pods)]).toEqual([[], [], []])
  })
})

describe('the garbage collector', () => {
  it('deletes Pods and revisions of a deleted DaemonSet, and the controller writes no events about it', () => {
    const s = testStory({ files: { 'ds.yaml': daemonSet() } })
    s.play('kubectl apply -f ds.yaml', 'settle', 'kubectl delete ds agent', 'settle')
    expect([s.names(pods), s.names(controllerRevisions)]).toEqual([[], []])
    expect(s.events('agent').filter((event) => event.startsWith('SuccessfulDelete'))).toEqual([])
  })

  it('leaves the Pods of a DaemonSet deleted with --cascade=orphan, and the next one adopts them', () => {
    const s = testStory({ files: { 'ds.yaml': daemonSet() } })
    s.play('kubectl apply -f ds.yaml', 'settle')
    const before = s.names(pods)
    s.play('kubectl delete ds agent --cascade=orphan', 'settle')
    expect(s.names(pods)).toEqual(before)
    expect(s.get(pods, before[0]!)!.metadata.ownerReferences ?? []).toEqual([])
    s.play('kubectl apply -f ds.yaml', 'settle')
    expect(s.names(pods)).toEqual(before)
    expect(s.get(daemonSets, 'agent')!.status).toMatchObject({ desiredNumberScheduled: 3, updatedNumberScheduled: 3 })
  })

  it('keeps a DaemonSet deleted in the foreground until its Pods are gone', () => {
    const s = testStory({ files: { 'ds.yaml': daemonSet() } })
    s.play('kubectl apply -f ds.yaml', 'settle')
    const podsLeft: number[] = []
    s.story.cluster.store.onCommit(({ type, object }) => {
      if (type === 'DELETED' && object.kind === 'DaemonSet') podsLeft.push(s.names(pods).length)
    })
    s.play('kubectl delete ds agent --cascade=foreground', 'settle')
    expect([s.names(daemonSets), podsLeft]).toEqual([[], [0]])
  })
})

describe('a namespace', () => {
  it('has its default ServiceAccount, and gets it again when it is deleted', () => {
    const s = testStory()
    s.play('kubectl create namespace logging', 'settle')
    expect(s.names(serviceAccounts, 'logging')).toEqual(['default'])
    s.play('kubectl delete serviceaccount default -n logging', 'settle')
    expect(s.names(serviceAccounts, 'logging')).toEqual(['default'])
  })

  it('is empty before it is gone, Pods first', () => {
    const s = testStory({ files: { 'ds.yaml': daemonSet('logging') } })
    s.play(
      'kubectl create namespace logging',
      'settle',
      'kubectl apply -f ds.yaml',
      'settle',
      'kubectl delete namespace logging --wait=false',
    )
    expect(s.get(namespaces, 'logging')!.status!.phase).toBe('Terminating')
    let orphanedPods = false
    s.story.cluster.onMoment(() => {
      const { store } = s.story.cluster
      orphanedPods ||= store.count(daemonSets, 'logging') === 0 && store.count(pods, 'logging') > 0
    })
    s.play('sleep 60', 'settle')
    expect(orphanedPods).toBe(false)
    expect(s.get(namespaces, 'logging')).toBeUndefined()
  })

  it('that is being deleted takes nothing new', () => {
    const s = testStory({ files: { 'ds.yaml': daemonSet('logging') } })
    s.play('kubectl create namespace logging', 'settle', 'kubectl delete namespace logging --wait=false')
    expect(s.said('kubectl apply -f ds.yaml')).toContain(
      'unable to create new content in namespace logging because it is being terminated',
    )
  })
})

describe('a Job', () => {
  it('is complete when its Pod has succeeded', () => {
    const s = testStory({ images: done, files: { 'job.yaml': job('registry.example/done:1') } })
    s.play('kubectl apply -f job.yaml', 'settle', 'settle')
    expect(s.get(jobs, 'once')!.status).toMatchObject({
      succeeded: 1,
      conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete' }],
    })
  })

  it('fails after its back-off limit', () => {
    const s = testStory({ images: done, files: { 'job.yaml': job('registry.example/fails:1', '  backoffLimit: 2') } })
    s.play('kubectl apply -f job.yaml', 'sleep 300')
    const { status } = s.get(jobs, 'once')!
    expect(status.failed).toBe(3)
    expect(status.conditions!.at(-1)).toMatchObject({ type: 'Failed', reason: 'BackoffLimitExceeded' })
  })

  it('of a CronJob runs at the minute of its schedule', () => {
    const cron = `
apiVersion: batch/v1
kind: CronJob
metadata: { name: tick }
spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: tick, image: "registry.example/done:1" }]
`
    const s = testStory({ images: done, files: { 'cron.yaml': cron } })
    s.play('kubectl apply -f cron.yaml', 'sleep 900')
    expect(s.names(jobs)).toHaveLength(3)
    expect(s.get(cronJobs, 'tick')!.status.lastScheduleTime).toMatch(/:\d[05]:00Z$/)
  })
})

describe('a PodDisruptionBudget', () => {
  const budget = `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec:
  minAvailable: 2
  selector: { matchLabels: { app: web } }
`
  it('counts what may be evicted', () => {
    const s = testStory({ files: { 'web.yaml': deployment('registry.example/web:1', 3), 'pdb.yaml': budget } })
    s.play('kubectl apply -f web.yaml', 'kubectl apply -f pdb.yaml', 'settle')
    expect(s.get(podDisruptionBudgets, 'web')!.status).toMatchObject({
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
      expectedPods: 3,
    })
  })

  it('makes a drain wait until a replacement is ready', () => {
    const s = testStory({
      nodes: ['w-1', 'w-2'],
      files: {
        'web.yaml': deployment('registry.example/web:1', 2),
        'pdb.yaml': budget.replace('minAvailable: 2', 'minAvailable: 1'),
      },
    })
    s.play('kubectl apply -f web.yaml', 'kubectl apply -f pdb.yaml', 'settle')
    let fewest = 2
    s.story.cluster.onMoment(() => {
      fewest = Math.min(fewest, s.get(deployments, 'web')!.status.availableReplicas ?? 0)
    })
    s.play('kubectl drain w-1 --ignore-daemonsets', 'settle')
    expect(fewest).toBeGreaterThanOrEqual(1)
    expect(s.get(deployments, 'web')!.status.availableReplicas).toBe(2)
  })
})
