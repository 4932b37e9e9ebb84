/** Workloads of apps/v1 and batch/v1 in a table. Upstream: pkg/printers/internalversion/printers.go. */
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, WorkloadCondition } from '../apps.ts'
import type { CronJob, Job } from '../batch.ts'
import { formatAge, formatHumanDuration } from '../human-duration.ts'
import { formatLabelSelector, formatLabels, formatSelector, selectorOf } from '../labels.ts'
import { controllerOf } from '../meta.ts'
import { parseRfc3339 } from '../timestamp.ts'
import { AGE, ageOf, CONTAINERS, column, containerCells, IMAGES, NAME, type Printer } from './printer.ts'

const SELECTOR = column('Selector', { wide: true, description: 'A label query over pods.' })
const integer = (name: string, description = '') => column(name, { type: 'integer', description })

export const daemonSetPrinter: Printer<DaemonSet> = {
  columns: [
    NAME,
    integer(
      'Desired',
      'The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod).',
    ),
    integer(
      'Current',
      'The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod.',
    ),
    integer(
      'Ready',
      'The number of nodes that should be running the daemon pod and have one or more of the daemon pod running with a Ready Condition.',
    ),
    integer('Up-to-date', 'The total number of nodes that are running updated daemon pod'),
    integer(
      'Available',
      'The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available.',
    ),
    column('Node Selector'),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  cells: (ds, now) => [
    ds.metadata.name,
    ds.status?.desiredNumberScheduled ?? 0,
    ds.status?.currentNumberScheduled ?? 0,
    ds.status?.numberReady ?? 0,
    ds.status?.updatedNumberScheduled ?? 0,
    ds.status?.numberAvailable ?? 0,
    formatLabels(ds.spec.template.spec.nodeSelector),
    ageOf(ds, now),
    ...containerCells(ds.spec.template.spec.containers),
    formatLabelSelector(ds.spec.selector),
  ],
}

export const replicaSetPrinter: Printer<ReplicaSet> = {
  columns: [NAME, integer('Desired'), integer('Current'), integer('Ready'), AGE, CONTAINERS, IMAGES, SELECTOR],
  cells: (rs, now) => [
    rs.metadata.name,
    rs.spec.replicas ?? 0,
    rs.status?.replicas ?? 0,
    rs.status?.readyReplicas ?? 0,
    ageOf(rs, now),
    ...containerCells(rs.spec.template?.spec.containers),
    formatLabelSelector(rs.spec.selector),
  ],
}

export const deploymentPrinter: Printer<Deployment> = {
  columns: [
    NAME,
    column('Ready', { description: 'Number of the pod with ready state' }),
    column('Up-to-date'),
    column('Available'),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  cells: (deployment, now) => [
    deployment.metadata.name,
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    ageOf(deployment, now),
    ...containerCells(deployment.spec.template.spec.containers),
    deploymentSelector(deployment),
  ],
}

/** A Deployment's selector is printed bare: empty where other workloads say `<none>`. */
function deploymentSelector(deployment: Deployment): string {
  const parsed = selectorOf(deployment.spec.selector)
  return parsed.ok ? formatSelector(parsed.value) : '<invalid>'
}

export const controllerRevisionPrinter: Printer<ControllerRevision> = {
  columns: [NAME, column('Controller', { description: 'Controller of the object' }), column('Revision'), AGE],
  cells: (revision, now) => [revision.metadata.name, controllerCell(revision), revision.revision, ageOf(revision, now)],
}

/** `daemonset.apps/agent`: kind and group in lower case. */
function controllerCell(revision: ControllerRevision): string {
  const owner = controllerOf(revision)
  if (owner === undefined) return '<none>'
  const slash = owner.apiVersion.indexOf('/')
  const group = slash < 0 ? '' : owner.apiVersion.slice(0, slash)
  return `${`${owner.kind}${group === '' ? '' : `.${group}`}`.toLowerCase()}/${owner.name}`
}

export const jobPrinter: Printer<Job> = {
  columns: [
    NAME,
    column('Status', { description: 'Status of the job.' }),
    column('Completions', { description: 'The number of pods which reached phase Succeeded.' }),
    column('Duration', { description: 'Time required to complete the job.' }),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  cells: (job, now) => [
    job.metadata.name,
    jobStatus(job),
    completionsCell(job),
    durationCell(job, now),
    ageOf(job, now),
    ...containerCells(job.spec.template.spec.containers),
    formatLabelSelector(job.spec.selector),
  ],
}

function jobStatus(job: Job): string {
  const conditions = job.status?.conditions
  if (holds(conditions, 'Complete')) return 'Complete'
  if (holds(conditions, 'Failed')) return 'Failed'
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating'
  if (holds(conditions, 'Suspended')) return 'Suspended'
  return holds(conditions, 'FailureTarget') ? 'FailureTarget' : 'Running'
}

const holds = (conditions: readonly WorkloadCondition[] | undefined, type: string): boolean =>
  conditions?.find((condition) => condition.type === type)?.status === 'True'

function completionsCell(job: Job): string {
  const succeeded = job.status?.succeeded ?? 0
  if (job.spec.completions !== undefined) return `${succeeded}/${job.spec.completions}`
  const parallelism = job.spec.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function durationCell(job: Job, now: number): string {
  const startedAt = parseRfc3339(job.status?.startTime)
  if (startedAt === undefined) return ''
  return formatHumanDuration((parseRfc3339(job.status?.completionTime) ?? now) - startedAt)
}

export const cronJobPrinter: Printer<CronJob> = {
  columns: [
    NAME,
    column('Schedule'),
    column('Timezone'),
    column('Suspend', { type: 'boolean' }),
    integer('Active'),
    column('Last Schedule'),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  cells: (cronJob, now) => [
    cronJob.metadata.name,
    cronJob.spec.schedule,
    cronJob.spec.timeZone ?? '<none>',
    cronJob.spec.suspend === undefined ? '<unset>' : cronJob.spec.suspend ? 'True' : 'False',
    cronJob.status?.active?.length ?? 0,
    cronJob.status?.lastScheduleTime === undefined ? '<none>' : formatAge(cronJob.status.lastScheduleTime, now),
    ageOf(cronJob, now),
    ...containerCells(cronJob.spec.jobTemplate.spec.template.spec.containers),
    formatLabelSelector(cronJob.spec.jobTemplate.spec.selector),
  ],
}
