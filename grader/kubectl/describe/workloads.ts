/** describe daemonset, replicaset, deployment, job. Upstream: describe.go. */
import type { DaemonSet, Deployment, ReplicaSet, WorkloadCondition } from '../../api/apps.ts'
import type { Job } from '../../api/batch.ts'
import type { Pod } from '../../api/core.ts'
import { formatHumanDuration } from '../../api/human-duration.ts'
import { formatLabelSelector, formatLabels, labelSelectorMatches } from '../../api/labels.ts'
import { controllerOf, type KubeObject, type LabelSelector } from '../../api/meta.ts'
import { pods, replicaSets } from '../../api/resource-table.ts'
import { parseRfc3339 } from '../../api/timestamp.ts'
import type { Session } from '../command.ts'
import { formatRfc1123 } from '../rfc1123.ts'
import { writeAnnotations, writeLabels } from './maps.ts'
import { describePodTemplate } from './pod-template.ts'
import type { Writer } from './writer.ts'

export function describeDaemonSet(writer: Writer, ds: DaemonSet, session: Session): void {
  const { metadata, spec, status } = ds
  writeNames(writer, ds)
  writer.write(0, `Selector:\t${formatLabelSelector(spec.selector)}\n`)
  writer.write(0, `Node-Selector:\t${formatLabels(spec.template.spec.nodeSelector)}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  writer.write(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}\n`)
  writer.write(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}\n`)
  writer.write(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}\n`)
  writer.write(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}\n`)
  writer.write(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}\n`)
  writePodsStatus(writer, session, ds, spec.selector)
  describePodTemplate(writer, spec.template)
}

export function describeReplicaSet(writer: Writer, rs: ReplicaSet, session: Session): void {
  const { metadata, spec, status } = rs
  writeNames(writer, rs)
  writer.write(0, `Selector:\t${formatLabelSelector(spec.selector)}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  writeController(writer, rs)
  writer.write(0, `Replicas:\t${status.replicas} current / ${spec.replicas ?? 1} desired\n`)
  writePodsStatus(writer, session, rs, spec.selector)
  if (spec.template !== undefined) describePodTemplate(writer, spec.template)
  writeConditions(writer, status.conditions)
}

export function describeDeployment(writer: Writer, deployment: Deployment, session: Session): void {
  const { metadata, spec, status } = deployment
  writeNames(writer, deployment)
  writer.write(0, `CreationTimestamp:\t${formatRfc1123(metadata.creationTimestamp)}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  writer.write(0, `Selector:\t${formatLabelSelector(spec.selector)}\n`)
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status
  writer.write(
    0,
    `Replicas:\t${spec.replicas ?? 1} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable\n`,
  )
  writer.write(0, `StrategyType:\t${spec.strategy?.type ?? ''}\n`)
  writer.write(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}\n`)
  const rolling = spec.strategy?.rollingUpdate
  if (rolling !== undefined) {
    writer.write(
      0,
      `RollingUpdateStrategy:\t${rolling.maxUnavailable ?? ''} max unavailable, ${rolling.maxSurge ?? ''} max surge\n`,
    )
  }
  describePodTemplate(writer, spec.template)
  writeConditions(writer, status.conditions)
  writeReplicaSets(writer, session, deployment)
}

function writeReplicaSets(writer: Writer, session: Session, deployment: Deployment): void {
  const listed = session.client.list(replicaSets, { namespace: deployment.metadata.namespace ?? 'default' })
  const mine = (listed.ok ? listed.value.items : []).filter((rs) => controllerOf(rs)?.uid === deployment.metadata.uid)
  const revision = (object: KubeObject): string =>
    object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? ''
  const isNew = (rs: ReplicaSet): boolean => revision(rs) === revision(deployment)
  const text = (all: readonly ReplicaSet[]): string =>
    all.length === 0
      ? '<none>'
      : all
          .map((rs) => `${rs.metadata.name} (${rs.status.replicas}/${rs.spec.replicas ?? 1} replicas created)`)
          .join(', ')
  writer.write(0, `OldReplicaSets:\t${text(mine.filter((rs) => !isNew(rs)))}\n`)
  writer.write(0, `NewReplicaSet:\t${text(mine.filter(isNew))}\n`)
}

export function describeJob(writer: Writer, job: Job, _session: Session): void {
  const { metadata, spec, status } = job
  writeNames(writer, job)
  writer.write(0, `Selector:\t${formatLabelSelector(spec.selector)}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  writeController(writer, job)
  const all = { ...(spec as unknown as Record<string, unknown>) }
  if (all.parallelism !== undefined) writer.write(0, `Parallelism:\t${all.parallelism}\n`)
  writer.write(0, `Completions:\t${all.completions ?? '<unset>'}\n`)
  if (all.completionMode !== undefined) writer.write(0, `Completion Mode:\t${all.completionMode}\n`)
  if (all.suspend !== undefined) writer.write(0, `Suspend:\t${all.suspend}\n`)
  if (all.backoffLimit !== undefined) writer.write(0, `Backoff Limit:\t${all.backoffLimit}\n`)
  if (all.ttlSecondsAfterFinished !== undefined)
    writer.write(0, `TTL Seconds After Finished:\t${all.ttlSecondsAfterFinished}\n`)
  const {
    startTime,
    completionTime,
    active = 0,
    ready,
    succeeded = 0,
    failed = 0,
  } = (status ?? {}) as {
    readonly startTime?: string
    readonly completionTime?: string
    readonly active?: number
    readonly ready?: number
    readonly succeeded?: number
    readonly failed?: number
  }
  if (startTime !== undefined) writer.write(0, `Start Time:\t${formatRfc1123(startTime)}\n`)
  if (completionTime !== undefined) writer.write(0, `Completed At:\t${formatRfc1123(completionTime)}\n`)
  const [from, to] = [parseRfc3339(startTime), parseRfc3339(completionTime)]
  if (from !== undefined && to !== undefined) writer.write(0, `Duration:\t${formatHumanDuration(to - from)}\n`)
  if (all.activeDeadlineSeconds !== undefined)
    writer.write(0, `Active Deadline Seconds:\t${all.activeDeadlineSeconds}s\n`)
  writer.write(
    0,
    `Pods Statuses:\t${active} Active${ready === undefined ? '' : ` (${ready} Ready)`} / ${succeeded} Succeeded / ${failed} Failed\n`,
  )
  describePodTemplate(writer, spec.template)
}

export function writeNames(writer: Writer, { metadata }: KubeObject): void {
  writer.write(0, `Name:\t${metadata.name}\n`)
  if (metadata.namespace !== undefined) writer.write(0, `Namespace:\t${metadata.namespace}\n`)
}

function writeController(writer: Writer, object: KubeObject): void {
  const owner = controllerOf(object)
  if (owner !== undefined) writer.write(0, `Controlled By:\t${owner.kind}/${owner.name}\n`)
}

function writePodsStatus(
  writer: Writer,
  session: Session,
  owner: KubeObject,
  selector: LabelSelector | undefined,
): void {
  const listed = session.client.list(pods, { namespace: owner.metadata.namespace ?? 'default' })
  const mine = (listed.ok ? listed.value.items : []).filter(
    (pod) => controllerOf(pod)?.uid === owner.metadata.uid && labelSelectorMatches(selector, pod.metadata.labels),
  )
  const count = (phase: Pod['status']['phase']): number => mine.filter((pod) => pod.status.phase === phase).length
  writer.write(
    0,
    `Pods Status:\t${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed\n`,
  )
}

function writeConditions(writer: Writer, conditions: readonly WorkloadCondition[] | undefined): void {
  if (conditions === undefined || conditions.length === 0) return
  writer.write(0, 'Conditions:\n  Type\tStatus\tReason\n')
  writer.write(1, '----\t------\t------\n')
  for (const { type, status, reason } of conditions) writer.write(1, `${type} \t${status}\t${reason ?? ''}\n`)
}
