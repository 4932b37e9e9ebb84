// What a planner wants done with Pods. A plan is data; controller.ts carries it out.
import type { Pod } from '../../../api/core.ts'
import type { Reason } from '../../trace.ts'

export interface PodCreate {
  readonly node: string
  readonly because: readonly Reason[]
}

export interface PodDelete {
  readonly pod: Pod
  readonly node: string
  readonly because: readonly Reason[]
  /** The Event that the decision itself causes, before anything is deleted. */
  readonly event?: { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string }
}

export interface PodPlan {
  readonly creates: readonly PodCreate[]
  readonly deletes: readonly PodDelete[]
  /** Back-offs of failed Pods to raise. */
  readonly raise: readonly string[]
  /** Back-offs after whose whole delay the DaemonSet is looked at again. */
  readonly waitFor: readonly string[]
}

/** At most so many creations, and so many deletions, in one go. Upstream: BurstReplicas. */
export const BURST_REPLICAS = 250
