// Which old Pods may go, or get a new one beside them, within maxUnavailable or maxSurge.
// Upstream: rollingUpdate in pkg/controller/daemon/update.go.
import type { DaemonSet, IntOrString } from '../../../api/apps.ts'
import type { Pod } from '../../../api/core.ts'
import { scaledValue } from '../../../api/int-or-string.ts'
import { isBeingDeleted } from '../../../api/meta.ts'
import type { Reason } from '../../trace.ts'
import { isPodAvailable, isPodUpdated, type NodeView, type PodContext } from './node-view.ts'
import { BURST_REPLICAS, type PodCreate, type PodDelete, type PodPlan } from './pod-plan.ts'

/** What an update finds on a Node, terminating Pods left out. The numbers index the tallies. */
export const UPDATE_STATES = [
  'outside', // neither wants a Pod nor has one
  'duplicates', // several old or several new ones: manage prunes first
  'empty',
  'newAvailable',
  'newUnavailable',
  'oldAvailable',
  'oldUnavailable',
  'bothNoneAvailable',
  'bothOldAvailable',
  'bothNewAvailable',
  'bothAvailable',
] as const
export type UpdateState = (typeof UPDATE_STATES)[number]

/** All Nodes by state: how many, and which, in name order. */
export interface UpdateCensus {
  count(state: UpdateState): number
  nodesIn(state: UpdateState): Iterable<NodeView>
  readonly desired: number
  /** How many of the Nodes do not exist. */
  readonly missing: number
}

export interface UpdateLimits {
  readonly maxUnavailable: number
  readonly maxSurge: number
}

/** `blockedBy` names the states of Nodes that use up the budget while old Pods wait; empty if none has to wait. */
export type UpdatePlan =
  | {
      readonly ok: true
      readonly plan: PodPlan
      readonly limits: UpdateLimits
      readonly used: number
      readonly waiting: readonly UpdateState[]
      readonly blockedBy: readonly UpdateState[]
    }
  | { readonly ok: false; readonly error: string }

/** The Pods of a Node as an update sees them; undefined if there are several of one sort. Upstream: findUpdatedPodsOnNode. */
export function oldAndNewPod(
  view: NodeView,
  context: PodContext,
): { readonly old?: Pod; readonly new?: Pod } | undefined {
  let old: Pod | undefined
  let updated: Pod | undefined
  for (const pod of view.pods) {
    if (isBeingDeleted(pod)) continue
    if (isPodUpdated(pod, context)) {
      if (updated !== undefined) return undefined
      updated = pod
    } else {
      if (old !== undefined) return undefined
      old = pod
    }
  }
  return { ...(old === undefined ? {} : { old }), ...(updated === undefined ? {} : { new: updated }) }
}

/** The Node's state. */
export function updateStateOf(view: NodeView, context: PodContext): UpdateState {
  if (view.pods.length === 0) return view.exists && view.eligibility.shouldRun ? 'empty' : 'outside'
  const found = oldAndNewPod(view, context)
  if (found === undefined) return 'duplicates'
  const oldAvailable = found.old !== undefined && isPodAvailable(found.old, context)
  const newAvailable = found.new !== undefined && isPodAvailable(found.new, context)
  if (found.old !== undefined && found.new !== undefined) {
    if (oldAvailable) return newAvailable ? 'bothAvailable' : 'bothOldAvailable'
    return newAvailable ? 'bothNewAvailable' : 'bothNoneAvailable'
  }
  if (found.old !== undefined) return oldAvailable ? 'oldAvailable' : 'oldUnavailable'
  if (found.new !== undefined) return newAvailable ? 'newAvailable' : 'newUnavailable'
  return 'empty'
}

/** Takes the census of the Nodes (in name order). The controller keeps one by difference; this one counts afresh. */
export function takeCensus(views: Iterable<NodeView>, context: PodContext): UpdateCensus {
  const byState = new Map<UpdateState, NodeView[]>(UPDATE_STATES.map((state) => [state, []]))
  let desired = 0
  let missing = 0
  for (const view of views) {
    byState.get(updateStateOf(view, context))!.push(view)
    if (!view.exists) missing++
    else if (view.eligibility.shouldRun) desired++
  }
  return { count: (state) => byState.get(state)!.length, nodesIn: (state) => byState.get(state)!, desired, missing }
}

/** Both are rounded up; both zero would never come to an end, so one Pod may then be unavailable. Upstream: updatedDesiredNodeCounts. */
export function updateLimits(
  ds: DaemonSet,
  desired: number,
): { readonly ok: true; readonly limits: UpdateLimits } | { readonly ok: false; readonly error: string } {
  const rolling = ds.spec.updateStrategy?.type === 'RollingUpdate' ? ds.spec.updateStrategy.rollingUpdate : undefined
  const unavailable = scale(rolling?.maxUnavailable, rolling === undefined, desired)
  if (!unavailable.ok)
    return {
      ok: false,
      error: `couldn't get unavailable numbers: invalid value for MaxUnavailable: ${unavailable.error}`,
    }
  const surge = scale(rolling?.maxSurge ?? 0, rolling === undefined, desired)
  if (!surge.ok)
    return { ok: false, error: `couldn't get unavailable numbers: invalid value for MaxSurge: ${surge.error}` }
  const neither = desired > 0 && unavailable.value === 0 && surge.value === 0
  return { ok: true, limits: { maxUnavailable: neither ? 1 : unavailable.value, maxSurge: surge.value } }
}

function scale(value: IntOrString | undefined, absent: boolean, desired: number) {
  if (absent) return { ok: true as const, value: 0 }
  if (value === undefined) return { ok: false as const, error: 'nil value for IntOrString' }
  return scaledValue(value, desired, 'up')
}

/** Old Pods to delete, or Nodes that get a new Pod beside the old one. With OnDelete the caller does not ask. */
export function planRollingUpdate(ds: DaemonSet, census: UpdateCensus, context: PodContext): UpdatePlan {
  const resolved = updateLimits(ds, census.desired)
  if (!resolved.ok) return resolved
  return resolved.limits.maxSurge === 0
    ? planDeleteFirst(census, context, resolved.limits)
    : planCreateFirst(census, context, resolved.limits)
}

const UNAVAILABLE_STATES: readonly UpdateState[] = [
  'duplicates',
  'empty',
  'newUnavailable',
  'oldUnavailable',
  'bothNoneAvailable',
  'bothOldAvailable',
  'bothNewAvailable',
  'bothAvailable',
]
const NEW_REVISION: Reason = { code: 'RollingUpdate' }
const REPLACE_UNAVAILABLE: readonly Reason[] = [NEW_REVISION, { code: 'OldPodUnavailable' }]

function planDeleteFirst(census: UpdateCensus, context: PodContext, limits: UpdateLimits): UpdatePlan {
  const unavailable = total(census, UNAVAILABLE_STATES)
  // Upstream: unavailable old Pods all go at once, and still use up the budget (#123233).
  const deletes = deletesOf(census, 'oldUnavailable', {
    context,
    because: REPLACE_UNAVAILABLE,
    limit: Number.POSITIVE_INFINITY,
  })
  const budget = Math.max(0, limits.maxUnavailable - unavailable)
  const because: readonly Reason[] = [
    { ...NEW_REVISION, params: { maxUnavailable: limits.maxUnavailable, unavailable } },
  ]
  deletes.push(...deletesOf(census, 'oldAvailable', { context, because, limit: budget }))
  const isWaiting = census.count('oldAvailable') > budget
  return {
    ok: true,
    limits,
    plan: { creates: [], deletes, raise: [], waitFor: [] },
    used: unavailable,
    waiting: isWaiting ? ['oldAvailable'] : [],
    blockedBy: isWaiting ? UNAVAILABLE_STATES : [],
  }
}

const SURGING_STATES: readonly UpdateState[] = ['duplicates', 'bothNoneAvailable', 'bothOldAvailable']
const REPLACED: readonly Reason[] = [NEW_REVISION, { code: 'NewPodAvailable' }]
const NO_LONGER_WANTED: readonly Reason[] = [NEW_REVISION, { code: 'NotEligible' }]

function planCreateFirst(census: UpdateCensus, context: PodContext, limits: UpdateLimits): UpdatePlan {
  const lost = firstMissing(census)
  if (lost !== undefined)
    return { ok: false, error: `couldn't get node for nodeName "${lost}": node "${lost}" not found` }
  const unlimited = { context, limit: Number.POSITIVE_INFINITY }
  const wanted = (view: NodeView) => view.eligibility.shouldRun
  const unwanted = (view: NodeView) => !view.eligibility.shouldRun
  const deletes = deletesOf(census, 'oldUnavailable', { ...unlimited, because: NO_LONGER_WANTED, only: unwanted })
  deletes.push(...deletesOf(census, 'bothNewAvailable', { ...unlimited, because: REPLACED }))
  deletes.push(...deletesOf(census, 'bothAvailable', { ...unlimited, because: REPLACED }))
  const surging = total(census, SURGING_STATES)
  const available = total(census, ['oldAvailable', 'newAvailable', 'bothOldAvailable', 'bothAvailable'])
  const spare = Math.max(0, available - census.desired)
  // Pods on Nodes that the new template leaves out go only when enough Pods are available elsewhere.
  deletes.push(
    ...deletesOf(census, 'oldAvailable', { context, because: NO_LONGER_WANTED, limit: spare, only: unwanted }),
  )
  const creates = createsOn(census, 'oldUnavailable', {
    because: REPLACE_UNAVAILABLE,
    limit: Number.POSITIVE_INFINITY,
    only: wanted,
  })
  const budget = Math.max(0, limits.maxSurge - surging)
  const because: readonly Reason[] = [{ ...NEW_REVISION, params: { maxSurge: limits.maxSurge, surging } }]
  const surges = createsOn(census, 'oldAvailable', { because, limit: budget, only: wanted })
  creates.push(...surges)
  const isWaiting = surges.length === budget && census.count('oldAvailable') > surges.length
  return {
    ok: true,
    limits,
    plan: { creates, deletes, raise: [], waitFor: [] },
    used: surging,
    waiting: isWaiting ? ['oldAvailable'] : [],
    blockedBy: isWaiting ? SURGING_STATES : [],
  }
}

function total(census: UpdateCensus, states: readonly UpdateState[]): number {
  let sum = 0
  for (const state of states) sum += census.count(state)
  return sum
}

/** The Node of an old Pod that does not exist: upstream's whole step fails on it until the Pod GC removed the Pod. */
function firstMissing(census: UpdateCensus): string | undefined {
  if (census.missing === 0) return undefined
  for (const state of ['oldAvailable', 'oldUnavailable'] as const) {
    for (const view of census.nodesIn(state)) if (!view.exists) return view.name
  }
  return undefined
}

interface Choice {
  readonly because: readonly Reason[]
  readonly limit: number
  readonly only?: (view: NodeView) => boolean
}

function deletesOf(
  census: UpdateCensus,
  state: UpdateState,
  { context, because, limit, only }: Choice & { readonly context: PodContext },
): PodDelete[] {
  const deletes: PodDelete[] = []
  // No more than the burst limit is carried out, so no more is looked for.
  const enough = Math.min(limit, BURST_REPLICAS)
  if (enough === 0 || census.count(state) === 0) return deletes
  for (const view of census.nodesIn(state)) {
    if (only !== undefined && !only(view)) continue
    deletes.push({ pod: oldAndNewPod(view, context)!.old!, node: view.name, because })
    if (deletes.length >= enough) break
  }
  return deletes
}

function createsOn(census: UpdateCensus, state: UpdateState, { because, limit, only }: Choice): PodCreate[] {
  const creates: PodCreate[] = []
  const enough = Math.min(limit, BURST_REPLICAS)
  if (enough === 0 || census.count(state) === 0) return creates
  for (const view of census.nodesIn(state)) {
    if (only !== undefined && !only(view)) continue
    creates.push({ node: view.name, because })
    if (creates.length >= enough) break
  }
  return creates
}
