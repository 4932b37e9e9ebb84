// Runs Pods to completion. Upstream: pkg/controller/job/job_controller.go.
// Simplified: completionMode Indexed, podFailurePolicy, successPolicy and suspended Jobs' resume times are not simulated.

import type { WorkloadCondition } from '../../api/apps.ts'
import type { Job, JobStatus } from '../../api/batch.ts'
import { deepEqual } from '../../api/compare.ts'
import type { Pod } from '../../api/core.ts'
import { controllerOf, isBeingDeleted, keyOf, splitKey } from '../../api/meta.ts'
import { isPodReady } from '../../api/pods.ts'
import { jobs, pods as podResource } from '../../api/resource-table.ts'
import { parseTimestamp } from '../clock.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createExpectations } from '../machinery/expectations.ts'
import { isActive } from '../machinery/pod-ranking.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

const BACKOFF_FIRST_SECONDS = 10
const BACKOFF_LAST_SECONDS = 600
/** Keeps a finished Pod until its Job has counted it. */
const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking'

/** The Job controller. */
export function jobController(parts: ComponentParts): void {
  const { clock, informers, trace } = parts
  const client = parts.clientFor('job-controller')
  const recorder = createEventRecorder({ client, clock, component: 'job-controller' })
  const expectations = createExpectations(clock)

  const queue = createWorkQueue({
    name: 'job-controller',
    clock,
    trace,
    sync(key) {
      if (syncJob(key)) queue.forget(key)
      else queue.addRateLimited(key)
    },
  })

  const syncJob = (key: string): boolean => {
    const job = informers.store.get(jobs, splitKey(key))
    if (job === undefined) {
      expectations.forget(key)
      return true
    }
    if (isFinished(job)) return removeWhenDue(job)
    if (!expectations.satisfied(key) || isBeingDeleted(job)) return true
    const owned = [...informers.store.ownedBy(podResource, job.metadata.uid).values()]
    const tally = count(job, owned)
    const end = endOf(job, tally, clock.now())
    if (end !== undefined) for (const pod of owned.filter(isActive)) client.delete(podResource, pod.metadata)
    else managePods(job, tally, key)
    const saved = writeStatus(job, tally, end)
    for (const pod of owned) if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') untrack(pod)
    return saved
  }

  const managePods = (job: Job, tally: Tally, key: string) => {
    const active = tally.active.length
    const parallelism = job.spec.suspend === true ? 0 : (job.spec.parallelism ?? 1)
    const left =
      job.spec.completions === undefined
        ? tally.succeeded > 0
          ? active
          : parallelism
        : Math.min(parallelism, job.spec.completions - tally.succeeded)
    if (active > left) {
      const surplus = tally.active.slice(left)
      expectations.set(key, 0, surplus.length)
      for (const pod of surplus) {
        client.delete(podResource, pod.metadata)
        recorder.event(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
      }
      return
    }
    const missing = left - active
    if (missing <= 0) return
    const waitSeconds = backoffLeft(tally, clock.now())
    if (waitSeconds > 0) return queue.addAfter(key, waitSeconds)
    expectations.set(key, missing, 0)
    for (let i = 0; i < missing; i++) if (!createPod(job)) expectations.lowerCreations(key, 1)
  }

  const createPod = (job: Job): boolean => {
    const { template } = job.spec
    const made = client.create(podResource, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: `${job.metadata.name}-`,
        ...(job.metadata.namespace === undefined ? {} : { namespace: job.metadata.namespace }),
        labels: { ...template.metadata?.labels },
        ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        finalizers: [TRACKING_FINALIZER],
        ownerReferences: [
          {
            apiVersion: 'batch/v1',
            kind: 'Job',
            name: job.metadata.name,
            uid: job.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: template.spec,
    })
    if (made.ok) recorder.event(job, 'Normal', 'SuccessfulCreate', `Created pod: ${made.value.metadata.name}`)
    else recorder.event(job, 'Warning', 'FailedCreate', `Error creating: ${made.status.message}`)
    return made.ok
  }

  const writeStatus = (job: Job, tally: Tally, end: JobEnd | undefined): boolean => {
    const status = statusOf(job, tally, end, clock.timestamp())
    if (end !== undefined) recorder.event(job, end.type === 'Failed' ? 'Warning' : 'Normal', end.event, end.message)
    if (deepEqual(status, job.status)) return true
    const present = informers.store.get(jobs, job.metadata)
    return present === undefined || client.update(jobs, { ...present, status }, { subresource: 'status' }).ok
  }

  const untrack = (pod: Pod) => {
    if (pod.metadata.finalizers?.includes(TRACKING_FINALIZER) !== true) return
    const finalizers = pod.metadata.finalizers.filter((name) => name !== TRACKING_FINALIZER)
    const body = { metadata: { finalizers: finalizers.length === 0 ? null : finalizers } }
    client.patch(podResource, pod.metadata, { type: 'merge', body: body as never })
  }

  /** ttlSecondsAfterFinished. Upstream: pkg/controller/ttlafterfinished. */
  const removeWhenDue = (job: Job): boolean => {
    for (const pod of informers.store.ownedBy(podResource, job.metadata.uid).values()) untrack(pod)
    const ttl = job.spec.ttlSecondsAfterFinished
    const finished = job.status.conditions?.find(
      (c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True',
    )
    if (ttl === undefined || finished === undefined) return true
    const due = (parseTimestamp(finished.lastTransitionTime) ?? clock.now()) + ttl * 1000
    if (clock.now() < due) queue.addAfter(keyOf(job), (due - clock.now()) / 1000)
    else client.delete(jobs, job.metadata, { propagationPolicy: 'Foreground' })
    return true
  }

  informers.of(jobs).onChange(({ object }) => {
    queue.add(keyOf(object))
    const deadline = object.spec.activeDeadlineSeconds
    const started = parseTimestamp(object.status?.startTime)
    if (deadline !== undefined && started !== undefined)
      queue.addAfter(keyOf(object), Math.max(0, (started - clock.now()) / 1000 + deadline))
  })
  informers.of(podResource).onChange(({ type, object }) => {
    const owner = controllerOf(object)
    // A Pod whose Job let it go is tracked no more. Upstream: syncOrphanPod.
    if (owner === undefined && type !== 'DELETED') untrack(object)
    if (owner?.kind !== 'Job') return
    const key = `${object.metadata.namespace}/${owner.name}`
    if (type === 'ADDED') expectations.creationObserved(key)
    if (type === 'DELETED' || isBeingDeleted(object)) expectations.deletionObserved(key)
    // A Pod that is deleted while it is tracked is let go by its Job.
    if (isBeingDeleted(object) && type !== 'DELETED') untrack(object)
    queue.add(key)
  })
}

interface Tally {
  readonly active: readonly Pod[]
  readonly ready: number
  readonly terminating: number
  readonly succeeded: number
  readonly failed: number
  /** When the newest failed Pod ended, and how many failed. */
  readonly lastFailureAt: number | undefined
}

/** Counts Pods that are there, plus those that were counted before and are gone since. */
function count(job: Job, owned: readonly Pod[]): Tally {
  const tracked = (pod: Pod) => pod.metadata.finalizers?.includes(TRACKING_FINALIZER) === true
  const failures = owned.filter((pod) => pod.status.phase === 'Failed')
  return {
    active: owned.filter(isActive),
    ready: owned.filter((pod) => isActive(pod) && isPodReady(pod)).length,
    terminating: owned.filter((pod) => isBeingDeleted(pod)).length,
    succeeded:
      (job.status.succeeded ?? 0) + owned.filter((pod) => pod.status.phase === 'Succeeded' && tracked(pod)).length,
    failed: (job.status.failed ?? 0) + failures.filter(tracked).length,
    lastFailureAt: failures.reduce<number | undefined>(
      (latest, pod) => Math.max(latest ?? 0, endedAt(pod) ?? 0),
      undefined,
    ),
  }
}

function endedAt(pod: Pod): number | undefined {
  const ends = (pod.status.containerStatuses ?? []).map(
    (status) => parseTimestamp(status.state?.terminated?.finishedAt) ?? 0,
  )
  return ends.length === 0 ? undefined : Math.max(...ends)
}

function backoffLeft(tally: Tally, now: number): number {
  if (tally.failed === 0 || tally.lastFailureAt === undefined) return 0
  const delay = Math.min(BACKOFF_FIRST_SECONDS * 2 ** (tally.failed - 1), BACKOFF_LAST_SECONDS)
  return Math.max(0, (tally.lastFailureAt + delay * 1000 - now) / 1000)
}

interface JobEnd {
  readonly type: 'Complete' | 'Failed'
  readonly event: string
  readonly reason: string
  readonly message: string
}

function endOf(job: Job, tally: Tally, now: number): JobEnd | undefined {
  const started = parseTimestamp(job.status.startTime)
  if (tally.failed > (job.spec.backoffLimit ?? 6)) {
    return {
      type: 'Failed',
      event: 'BackoffLimitExceeded',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    }
  }
  if (
    job.spec.activeDeadlineSeconds !== undefined &&
    started !== undefined &&
    now - started >= job.spec.activeDeadlineSeconds * 1000
  ) {
    return {
      type: 'Failed',
      event: 'DeadlineExceeded',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    }
  }
  const done =
    job.spec.completions === undefined
      ? tally.succeeded > 0 && tally.active.length === 0
      : tally.succeeded >= job.spec.completions
  return done
    ? { type: 'Complete', event: 'Completed', reason: 'CompletionsReached', message: 'Job completed' }
    : undefined
}

function statusOf(job: Job, tally: Tally, end: JobEnd | undefined, timestamp: string): JobStatus {
  const active = end === undefined ? tally.active.length : 0
  const startTime = job.status.startTime ?? (job.spec.suspend === true ? undefined : timestamp)
  return {
    ...(end === undefined
      ? job.status.conditions === undefined
        ? {}
        : { conditions: job.status.conditions }
      : { conditions: [...(job.status.conditions ?? []), ...endConditions(end, timestamp)] }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(end?.type === 'Complete' ? { completionTime: timestamp } : {}),
    ...(active > 0 ? { active } : {}),
    ...(tally.succeeded > 0 ? { succeeded: tally.succeeded } : {}),
    ...(tally.failed > 0 ? { failed: tally.failed } : {}),
    ready: end === undefined ? tally.ready : 0,
    terminating: tally.terminating,
    uncountedTerminatedPods: {},
  }
}

function endConditions(end: JobEnd, timestamp: string): readonly WorkloadCondition[] {
  const early = end.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'
  const make = (type: string) =>
    ({
      type,
      status: 'True',
      lastProbeTime: timestamp,
      lastTransitionTime: timestamp,
      reason: end.reason,
      message: end.type === 'Complete' ? 'Reached expected number of succeeded pods' : end.message,
    }) as WorkloadCondition
  return [make(early), make(end.type)]
}

function isFinished(job: Job): boolean {
  return (
    job.status?.conditions?.some((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True') ?? false
  )
}
