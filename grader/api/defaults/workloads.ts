// Defaults of the workloads. Upstream: pkg/apis/apps/v1/defaults.go and pkg/apis/batch/v1/defaults.go.
import type { DaemonSet, DaemonSetSpec, Deployment, DeploymentSpec, ReplicaSet, ReplicaSetSpec } from '../apps.ts'
import type { CronJob, CronJobSpec, Job, JobSpec } from '../batch.ts'
import type { PodTemplateSpec } from '../core.ts'
import { fill, fillText, put } from './fill.ts'
import { defaultPodSpec } from './pod-spec.ts'

/** A DaemonSet: RollingUpdate with maxUnavailable 1, also where maxSurge is given. */
export function defaultDaemonSet(ds: DaemonSet): DaemonSet {
  let strategy = fillText(ds.spec.updateStrategy ?? {}, 'type', 'RollingUpdate')
  if (strategy.type === 'RollingUpdate') {
    strategy = put(strategy, 'rollingUpdate', fill(strategy.rollingUpdate ?? {}, { maxUnavailable: 1, maxSurge: 0 }))
  } else if (strategy.rollingUpdate !== undefined) {
    // A left-over block is ignored, but the internal type has no "unset" for its numbers.
    strategy = put(strategy, 'rollingUpdate', fill(strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 0 }))
  }
  const spec: DaemonSetSpec = fill(withTemplate(ds.spec), { revisionHistoryLimit: 10 })
  return put(ds, 'spec', put(spec, 'updateStrategy', strategy))
}

export function defaultDeployment(deployment: Deployment): Deployment {
  let strategy = fillText(deployment.spec.strategy ?? {}, 'type', 'RollingUpdate')
  if (strategy.type === 'RollingUpdate') {
    strategy = put(
      strategy,
      'rollingUpdate',
      fill(strategy.rollingUpdate ?? {}, { maxUnavailable: '25%', maxSurge: '25%' }),
    )
  }
  const spec: DeploymentSpec = fill(withTemplate(deployment.spec), {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  })
  return put(deployment, 'spec', put(spec, 'strategy', strategy))
}

export function defaultReplicaSet(rs: ReplicaSet): ReplicaSet {
  const spec: ReplicaSetSpec = fill(rs.spec, { replicas: 1 })
  return put(rs, 'spec', spec.template === undefined ? spec : put(spec, 'template', defaultTemplate(spec.template)))
}

/** A Job; it takes its template's labels if it has none of its own. */
export function defaultJob(job: Job): Job {
  const labels = job.spec.template?.metadata?.labels
  const needsLabels = labels !== undefined && Object.keys(job.metadata.labels ?? {}).length === 0
  const labelled = needsLabels ? { ...job, metadata: { ...job.metadata, labels } } : job
  return put(labelled, 'spec', defaultOnlyJob(defaultJobSpec(job.spec)))
}

/** What a Job's spec gets on the Job, not inside a CronJob. */
function defaultOnlyJob(given: JobSpec): JobSpec {
  const extra = given as JobSpec & { readonly backoffLimitPerIndex?: number; readonly podReplacementPolicy?: string }
  const alone = given.completions === undefined && given.parallelism === undefined
  return fill(extra, {
    ...(alone ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: extra.backoffLimitPerIndex === undefined ? 6 : 2147483647,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: given.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
  })
}

// In a CronJob only the Pod template gets its defaults; the rest follows when the Job is made.
export function defaultCronJob(cronJob: CronJob): CronJob {
  const spec = fill(cronJob.spec, { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 })
  const named: CronJobSpec = fillText(spec, 'concurrencyPolicy', 'Allow')
  const jobSpec = named.jobTemplate?.spec
  if (jobSpec === undefined) return put(cronJob, 'spec', named)
  return put(cronJob, 'spec', put(named, 'jobTemplate', put(named.jobTemplate, 'spec', defaultJobSpec(jobSpec))))
}

const defaultJobSpec = (spec: JobSpec): JobSpec => withTemplate(spec)

const withTemplate = <T extends { readonly template: PodTemplateSpec }>(spec: T): T =>
  spec.template === undefined ? spec : put(spec, 'template', defaultTemplate(spec.template))

/** A Pod template: its spec as everywhere. Upstream: SetObjectDefaults_PodTemplate. */
export function defaultTemplate(template: PodTemplateSpec): PodTemplateSpec {
  return put(template, 'spec', defaultPodSpec(template.spec ?? { containers: [] }))
}
