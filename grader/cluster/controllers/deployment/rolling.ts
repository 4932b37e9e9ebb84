// How many replicas each ReplicaSet should have next. Pure. Upstream: pkg/controller/deployment/{rolling,sync}.go.
import type { Deployment, ReplicaSet } from '../../../api/apps.ts'
import { scaledValue } from '../../../api/int-or-string.ts'

export interface ReplicaSetScale {
  readonly rs: ReplicaSet
  readonly replicas: number
  /** For the annotations desired-replicas and max-replicas, where they are to be written. */
  readonly desired?: number
  readonly max?: number
}

/** Pods above and below the wanted number that a rolling update may have; both zero means one unavailable. Surge rounds up, unavailable down. */
export function surgeAndUnavailable(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  if (deployment.spec.strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 }
  const replicas = deployment.spec.replicas ?? 1
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {}
  const surge = scaledValue(maxSurge, replicas, 'up')
  const unavailable = scaledValue(maxUnavailable, replicas, 'down')
  const s = surge.ok ? surge.value : 0
  const u = unavailable.ok ? unavailable.value : 0
  return { surge: s, unavailable: s === 0 && u === 0 ? 1 : Math.min(u, Math.max(replicas, u)) }
}

/** Replicas the new ReplicaSet should have now. Upstream: NewRSNewReplicas. */
export function newReplicas(deployment: Deployment, all: readonly ReplicaSet[], fresh: ReplicaSet | undefined): number {
  const replicas = deployment.spec.replicas ?? 1
  if (deployment.spec.strategy?.type === 'Recreate') return replicas
  const { surge } = surgeAndUnavailable(deployment)
  const total = all.reduce((sum, rs) => sum + (rs.spec.replicas ?? 0), 0)
  const current = fresh?.spec.replicas ?? 0
  if (total >= replicas + surge) return current
  return current + Math.min(replicas + surge - total, replicas - current)
}

/** The next scaling steps; empty when there is nothing to do. */
export function planRollout(
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
): readonly ReplicaSetScale[] {
  const replicas = deployment.spec.replicas ?? 1
  const { surge, unavailable } = surgeAndUnavailable(deployment)
  const annotations = { desired: replicas, max: replicas + surge }
  const old = all.filter((rs) => rs.metadata.uid !== fresh?.metadata.uid)
  if (deployment.spec.paused === true || fresh === undefined)
    return scaleInProportion(replicas, surge, all, annotations)
  const current = fresh.spec.replicas ?? 0
  if (deployment.spec.strategy?.type === 'Recreate')
    return current === replicas ? [] : [{ rs: fresh, replicas, ...annotations }]
  if (current > replicas) return [{ rs: fresh, replicas, ...annotations }]
  const wanted = newReplicas(deployment, all, fresh)
  if (wanted !== current) return [{ rs: fresh, replicas: wanted, ...annotations }]
  const down = planScaleDown({ old, fresh, all, minAvailable: replicas - unavailable })
  return down.length > 0 ? down : [{ rs: fresh, replicas: current, ...annotations }]
}

interface ScaleDownInput {
  readonly old: readonly ReplicaSet[]
  readonly fresh: ReplicaSet
  readonly all: readonly ReplicaSet[]
  readonly minAvailable: number
}

/** First the old replicas that are not available anyway, then as many as availability allows. Upstream: reconcileOldReplicaSets. */
function planScaleDown({ old, fresh, all, minAvailable }: ScaleDownInput): readonly ReplicaSetScale[] {
  const total = all.reduce((sum, rs) => sum + (rs.spec.replicas ?? 0), 0)
  const newUnavailable = (fresh.spec.replicas ?? 0) - (fresh.status.availableReplicas ?? 0)
  let spare = total - minAvailable - newUnavailable
  if (spare <= 0) return []
  const wanted = new Map(old.map((rs) => [rs, rs.spec.replicas ?? 0]))
  for (const rs of old) {
    const unhealthy = Math.max(0, (rs.spec.replicas ?? 0) - (rs.status.availableReplicas ?? 0))
    const gone = Math.min(spare, unhealthy)
    wanted.set(rs, wanted.get(rs)! - gone)
    spare -= gone
  }
  let available = all.reduce((sum, rs) => sum + (rs.status.availableReplicas ?? 0), 0) - minAvailable
  for (const rs of old) {
    if (available <= 0) break
    const gone = Math.min(available, wanted.get(rs)!)
    wanted.set(rs, wanted.get(rs)! - gone)
    available -= gone
  }
  return old.filter((rs) => wanted.get(rs) !== (rs.spec.replicas ?? 0)).map((rs) => ({ rs, replicas: wanted.get(rs)! }))
}

/** While paused, a change of replicas is spread over the ReplicaSets that run. */
function scaleInProportion(
  replicas: number,
  surge: number,
  all: readonly ReplicaSet[],
  annotations: { readonly desired: number; readonly max: number },
): readonly ReplicaSetScale[] {
  const active = all.filter((rs) => (rs.spec.replicas ?? 0) > 0)
  if (active.length === 0) return []
  if (active.length === 1)
    return active[0]!.spec.replicas === replicas ? [] : [{ rs: active[0]!, replicas, ...annotations }]
  const total = active.reduce((sum, rs) => sum + (rs.spec.replicas ?? 0), 0)
  const allowed = replicas > 0 ? replicas + surge : 0
  const scales = active.map((rs) => ({
    rs,
    replicas: Math.round(((rs.spec.replicas ?? 0) * allowed) / total),
    ...annotations,
  }))
  return total === allowed ? [] : scales
}
