// Makes Jobs by the clock. Upstream: pkg/controller/cronjob/cronjob_controllerv2.go.
// Simplified: schedules are read in UTC whatever timeZone says, and at most one missed run is caught up.
import type { CronJob, Job } from '../../api/batch.ts'
import { controllerOf, keyOf, splitKey } from '../../api/meta.ts'
import { cronJobs, jobs } from '../../api/resource-table.ts'
import { formatTimestamp, parseTimestamp } from '../clock.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'
import { nextRun, parseSchedule } from './cron-schedule.ts'

/** The CronJob controller. */
export function cronJobController(parts: ComponentParts): void {
  const { clock, informers, trace } = parts
  const client = parts.clientFor('cronjob-controller')
  const recorder = createEventRecorder({ client, clock, component: 'cronjob-controller' })

  const queue = createWorkQueue({ name: 'cronjob-controller', clock, trace, sync: (key) => syncCronJob(key) })

  const syncCronJob = (key: string) => {
    const cronJob = informers.store.get(cronJobs, splitKey(key))
    if (cronJob === undefined) return
    const owned = jobsOf(cronJob)
    cleanUp(cronJob, owned)
    keepActive(cronJob, owned)
    if (cronJob.spec.suspend === true) return
    const schedule = parseSchedule(cronJob.spec.schedule)
    if (schedule === undefined) {
      recorder.event(
        cronJob,
        'Warning',
        'UnparseableSchedule',
        `unparseable schedule: ${JSON.stringify(cronJob.spec.schedule)}`,
      )
      return
    }
    const earliest =
      parseTimestamp(cronJob.status?.lastScheduleTime) ??
      parseTimestamp(cronJob.metadata.creationTimestamp) ??
      clock.now()
    const due = nextRun(schedule, earliest)
    if (due !== undefined && due <= clock.now()) run(cronJob, due, owned)
    const next = nextRun(schedule, clock.now())
    if (next !== undefined) queue.addAfter(key, (next - clock.now()) / 1000)
  }

  const jobsOf = (cronJob: CronJob): readonly Job[] => [...informers.store.ownedBy(jobs, cronJob.metadata.uid).values()]

  const run = (cronJob: CronJob, due: number, owned: readonly Job[]) => {
    const active = owned.filter((job) => !isFinished(job))
    const policy = cronJob.spec.concurrencyPolicy ?? 'Allow'
    if (policy === 'Forbid' && active.length > 0) {
      recorder.event(
        cronJob,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
      )
      return
    }
    if (policy === 'Replace')
      for (const job of active) client.delete(jobs, job.metadata, { propagationPolicy: 'Background' })
    const { metadata, spec } = cronJob.spec.jobTemplate
    const made = client.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        ...(metadata as Record<string, unknown> | undefined),
        name: `${cronJob.metadata.name}-${Math.floor(due / 60_000)}`,
        ...(cronJob.metadata.namespace === undefined ? {} : { namespace: cronJob.metadata.namespace }),
        annotations: {
          ...(metadata?.annotations as Record<string, string> | undefined),
          'batch.kubernetes.io/cronjob-scheduled-timestamp': formatTimestamp(due),
        },
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            name: cronJob.metadata.name,
            uid: cronJob.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec,
    })
    if (!made.ok && made.status.reason !== 'AlreadyExists') {
      recorder.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${made.status.message}`)
      return
    }
    if (made.ok) recorder.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${made.value.metadata.name}`)
    const present = informers.store.get(cronJobs, cronJob.metadata)
    if (present !== undefined)
      client.update(
        cronJobs,
        { ...present, status: { ...present.status, lastScheduleTime: formatTimestamp(due) } },
        { subresource: 'status' },
      )
  }

  const cleanUp = (cronJob: CronJob, owned: readonly Job[]) => {
    const finished = (type: string) =>
      owned
        .filter((job) => hasCondition(job, type))
        .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
    const tooMany = (list: readonly Job[], limit: number) => list.slice(0, Math.max(0, list.length - limit))
    const old = [
      ...tooMany(finished('Complete'), cronJob.spec.successfulJobsHistoryLimit ?? 3),
      ...tooMany(finished('Failed'), cronJob.spec.failedJobsHistoryLimit ?? 1),
    ]
    for (const job of old) client.delete(jobs, job.metadata, { propagationPolicy: 'Background' })
  }

  const keepActive = (cronJob: CronJob, owned: readonly Job[]) => {
    const active = owned
      .filter((job) => !isFinished(job))
      .map(({ metadata }) => ({
        kind: 'Job',
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        uid: metadata.uid,
        apiVersion: 'batch/v1',
      }))
    const known = (cronJob.status?.active ?? []).map((reference) => reference.uid).join()
    if (known === active.map((reference) => reference.uid).join()) return
    const { active: _, ...rest } = cronJob.status ?? {}
    client.update(
      cronJobs,
      { ...cronJob, status: active.length === 0 ? rest : { ...rest, active } },
      { subresource: 'status' },
    )
  }

  informers.of(cronJobs).onChange(({ object }) => queue.add(keyOf(object)))
  informers.of(jobs).onChange(({ object }) => {
    const owner = controllerOf(object)
    if (owner?.kind === 'CronJob') queue.add(`${object.metadata.namespace}/${owner.name}`)
  })
}

const hasCondition = (job: Job, type: string): boolean =>
  job.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
const isFinished = (job: Job): boolean => hasCondition(job, 'Complete') || hasCondition(job, 'Failed')
