// The numbers of a DaemonSet's status. Upstream: updateDaemonSetStatus in pkg/controller/daemon/daemon_controller.go.

import type { DaemonSet, DaemonSetStatus } from '../../../api/apps.ts'
import { isPodReady } from '../../../api/pods.ts'
import { isPodAvailable, isPodUpdated, type NodeView, type PodContext } from './node-view.ts'

/** What one Node adds to the numbers, as bits: a Node adds to each at most once. */
export const DESIRED = 1
export const CURRENT = 2
export const MISSCHEDULED = 4
export const READY = 8
export const AVAILABLE = 16
export const UPDATED = 32

export interface Counters {
  desired: number
  current: number
  misscheduled: number
  ready: number
  available: number
  updated: number
}

export const noCounters = (): Counters => ({
  desired: 0,
  current: 0,
  misscheduled: 0,
  ready: 0,
  available: 0,
  updated: 0,
})

/** The bits of one Node. Of several Pods only the first counts: during a surge that is the old one. */
export function countNode(view: NodeView, context: PodContext): number {
  if (!view.exists) return 0
  const first = view.pods[0]
  if (!view.eligibility.shouldRun) return first === undefined ? 0 : MISSCHEDULED
  if (first === undefined) return DESIRED
  let bits = DESIRED | CURRENT
  if (isPodReady(first)) bits |= isPodAvailable(first, context) ? READY | AVAILABLE : READY
  return isPodUpdated(first, context) ? bits | UPDATED : bits
}

/** Adds (or with -1 takes away) a Node's bits. */
export function addBits(counters: Counters, bits: number, sign: 1 | -1): void {
  if (bits & DESIRED) counters.desired += sign
  if (bits & CURRENT) counters.current += sign
  if (bits & MISSCHEDULED) counters.misscheduled += sign
  if (bits & READY) counters.ready += sign
  if (bits & AVAILABLE) counters.available += sign
  if (bits & UPDATED) counters.updated += sign
}

/** The numbers of all Nodes, recounted. */
export function countNodes(views: Iterable<NodeView>, context: PodContext): Counters {
  const counters = noCounters()
  for (const view of views) addBits(counters, countNode(view, context), 1)
  return counters
}

/**
 * The status with these numbers, or undefined if nothing would change. `observe` moves observedGeneration to the
 * object's generation. Fields that are zero are left out where the API leaves them out.
 */
export function planStatus(ds: DaemonSet, counters: Counters, observe: boolean): DaemonSetStatus | undefined {
  const old: Partial<DaemonSetStatus> = ds.status ?? {}
  const next = statusWith(ds, counters, observe)
  const unchanged =
    (old.desiredNumberScheduled ?? 0) === next.desiredNumberScheduled &&
    (old.currentNumberScheduled ?? 0) === next.currentNumberScheduled &&
    (old.numberMisscheduled ?? 0) === next.numberMisscheduled &&
    (old.numberReady ?? 0) === next.numberReady &&
    (old.updatedNumberScheduled ?? 0) === (next.updatedNumberScheduled ?? 0) &&
    (old.numberAvailable ?? 0) === (next.numberAvailable ?? 0) &&
    (old.numberUnavailable ?? 0) === (next.numberUnavailable ?? 0)
  return unchanged && (old.observedGeneration ?? 0) >= (ds.metadata.generation ?? 0) ? undefined : next
}

/** The numbers on top of what the object's status says otherwise. */
export function statusWith(ds: DaemonSet, counters: Counters, observe: boolean): DaemonSetStatus {
  const { desired, current, misscheduled, ready, available, updated } = counters
  const old: Partial<DaemonSetStatus> = ds.status ?? {}
  const observedGeneration = observe ? (ds.metadata.generation ?? 0) : (old.observedGeneration ?? 0)
  const unavailable = desired - available
  return {
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    desiredNumberScheduled: desired,
    numberReady: ready,
    ...(observedGeneration === 0 ? {} : { observedGeneration }),
    ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
    ...(available === 0 ? {} : { numberAvailable: available }),
    ...(unavailable === 0 ? {} : { numberUnavailable: unavailable }),
    ...(old.collisionCount === undefined ? {} : { collisionCount: old.collisionCount }),
  }
}
