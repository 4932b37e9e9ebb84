// Status and conditions of a Deployment. Upstream: pkg/controller/deployment/{sync,progress}.go.
import type { Deployment, DeploymentStatus, ReplicaSet, WorkloadCondition } from '../../../api/apps.ts'
import { parseTimestamp } from '../../clock.ts'
import { surgeAndUnavailable } from './rolling.ts'

/** Without a deadline upstream's default; this value of the field means none. */
const NO_DEADLINE = 2_147_483_647

export interface StatusInput {
  readonly deployment: Deployment
  readonly all: readonly ReplicaSet[]
  readonly fresh: ReplicaSet | undefined
  readonly now: number
  readonly timestamp: string
}

/** The status to store, and after how many seconds to look again (the progress deadline), if at all. */
export function deploymentStatus(input: StatusInput): {
  readonly status: DeploymentStatus
  readonly again: number | undefined
} {
  const { deployment, all, fresh } = input
  const sum = (of: (rs: ReplicaSet) => number | undefined) => all.reduce((total, rs) => total + (of(rs) ?? 0), 0)
  const available = sum((rs) => rs.status.availableReplicas)
  const wanted = sum((rs) => rs.spec.replicas)
  const counts = {
    replicas: sum((rs) => rs.status.replicas),
    updatedReplicas: fresh?.status.replicas ?? 0,
    readyReplicas: sum((rs) => rs.status.readyReplicas),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    terminatingReplicas: sum((rs) => rs.status.terminatingReplicas),
  }
  const shown = Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0))
  const { conditions, again } = conditionsOf(input, counts)
  const status: DeploymentStatus = {
    ...(deployment.metadata.generation === undefined ? {} : { observedGeneration: deployment.metadata.generation }),
    ...shown,
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(deployment.status.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
  }
  return { status, again }
}

interface Counts {
  readonly replicas: number
  readonly updatedReplicas: number
  readonly availableReplicas: number
}

/** All replicas are new and available. Upstream: util.DeploymentComplete. */
export function isComplete(deployment: Deployment, counts: Partial<Counts> = deployment.status): boolean {
  const replicas = deployment.spec.replicas ?? 1
  return (
    (counts.updatedReplicas ?? 0) === replicas &&
    (counts.replicas ?? 0) === replicas &&
    (counts.availableReplicas ?? 0) === replicas
  )
}

function conditionsOf(input: StatusInput, counts: Counts) {
  const { deployment, all } = input
  const minimum = (deployment.spec.replicas ?? 1) - surgeAndUnavailable(deployment).unavailable
  const enough = counts.availableReplicas >= minimum
  const availability = condition(input, 'Available', enough ? 'True' : 'False', {
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
  })
  const failed = all.flatMap((rs) => rs.status.conditions ?? []).find((c) => c.type === 'ReplicaFailure')
  const failure =
    failed === undefined
      ? undefined
      : condition(input, 'ReplicaFailure', 'True', { reason: failed.reason ?? '', message: failed.message ?? '' })
  const { progressing, again } = progress(input, counts)
  const wanted = new Map([availability, progressing, failure].filter((c) => c !== undefined).map((c) => [c.type, c]))
  const kept = (deployment.status.conditions ?? []).filter((c) => wanted.has(c.type)).map((c) => c.type)
  const order = [...kept, ...[...wanted.keys()].filter((type) => !kept.includes(type))]
  return { conditions: order.map((type) => wanted.get(type)!), again }
}

/** The condition Progressing: created, updated, complete, or over its deadline. */
function progress(
  input: StatusInput,
  counts: Counts,
): { readonly progressing: WorkloadCondition | undefined; readonly again: number | undefined } {
  const { deployment, fresh, now } = input
  const deadline = deployment.spec.progressDeadlineSeconds ?? 600
  const known = deployment.status.conditions?.find((c) => c.type === 'Progressing')
  if (deadline === NO_DEADLINE) return { progressing: known, again: undefined }
  const name = fresh?.metadata.name ?? ''
  if (deployment.spec.paused === true)
    return {
      progressing: condition(input, 'Progressing', 'Unknown', {
        reason: 'DeploymentPaused',
        message: 'Deployment is paused',
      }),
      again: undefined,
    }
  if (isComplete(deployment, counts)) {
    return {
      progressing: condition(input, 'Progressing', 'True', {
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
      }),
      again: undefined,
    }
  }
  const moved =
    counts.updatedReplicas > (deployment.status.updatedReplicas ?? 0) ||
    counts.availableReplicas > (deployment.status.availableReplicas ?? 0)
  const restarted =
    known === undefined || known.reason === 'NewReplicaSetAvailable' || known.reason === 'DeploymentPaused'
  if (moved || restarted) {
    const reason = moved ? 'ReplicaSetUpdated' : 'NewReplicaSetCreated'
    const message = moved ? `ReplicaSet "${name}" is progressing.` : `Created new replica set "${name}"`
    return { progressing: condition(input, 'Progressing', 'True', { reason, message, touched: true }), again: deadline }
  }
  const since = parseTimestamp(known.lastUpdateTime) ?? now
  if (known.reason !== 'ProgressDeadlineExceeded' && now - since >= deadline * 1000) {
    return {
      progressing: condition(input, 'Progressing', 'False', {
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${name}" has timed out progressing.`,
      }),
      again: undefined,
    }
  }
  return {
    progressing: known,
    again: known.reason === 'ProgressDeadlineExceeded' ? undefined : deadline - (now - since) / 1000,
  }
}

interface ConditionText {
  readonly reason: string
  readonly message: string
  /** Renew lastUpdateTime even if nothing else changed. */
  readonly touched?: boolean
}

function condition(
  { deployment, timestamp }: StatusInput,
  type: string,
  status: 'True' | 'False' | 'Unknown',
  { reason, message, touched }: ConditionText,
): WorkloadCondition {
  const known = deployment.status.conditions?.find((c) => c.type === type)
  if (known?.status === status && known.reason === reason && known.message === message && touched !== true) return known
  const lastTransitionTime = known?.status === status ? (known.lastTransitionTime ?? timestamp) : timestamp
  return { type, status, lastUpdateTime: timestamp, lastTransitionTime, reason, message }
}
