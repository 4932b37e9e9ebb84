// What the controller found out, for the trace: which Nodes qualify, and why a rollout waits.
import type { DaemonSet } from '../../../api/apps.ts'
import type { Reason } from '../../trace.ts'
import { CONTROLLER, type DaemonSetParts, type DaemonSetState, refTo } from './daemonset-state.ts'
import { decide } from './execute.ts'
import type { EligibilityChanges } from './fleet.ts'
import type { UpdateCensus, UpdatePlan, UpdateState } from './rolling-update.ts'

/** So many Nodes are named in one decision; the rest is a number. */
const NAMED_NODES = 20

/** One entry per answer, with all Nodes whose answer changed to it. Reasons name the first of them as their object. */
export function recordEligibility({ trace }: DaemonSetParts, ds: DaemonSet, changes: EligibilityChanges): void {
  for (const [{ shouldRun, shouldContinueRunning, because }, nodes] of changes) {
    const object = { kind: 'Node', name: nodes[0]! }
    trace.record(CONTROLLER, {
      type: 'eligibility',
      about: refTo(ds),
      nodes,
      shouldRun,
      shouldContinueRunning,
      because: because.map((reason) => ({ ...reason, object })),
    })
  }
}

/** Records that old Pods wait because others use up the budget, once per hold-up. */
export function recordHeldBack(
  parts: DaemonSetParts,
  ds: DaemonSet,
  {
    state,
    update,
    hash,
  }: { readonly state: DaemonSetState; readonly update: UpdatePlan & { readonly ok: true }; readonly hash: string },
): void {
  const { census } = state.fleet
  const waiting = update.waiting.reduce((sum, name) => sum + census.count(name), 0)
  const acts = update.plan.creates.length + update.plan.deletes.length > 0
  const signature =
    waiting === 0 || acts ? '' : `${hash}/${waiting}/${update.blockedBy.map((name) => census.count(name)).join()}`
  if (signature === state.heldBack) return
  state.heldBack = signature
  if (signature === '') return
  const { maxSurge, maxUnavailable } = update.limits
  const numbers = {
    unavailable: update.used,
    budget: maxSurge > 0 ? maxSurge : maxUnavailable,
    maxSurge,
    maxUnavailable,
  }
  decide(parts, ds, {
    decision: 'holdRollout',
    because: [
      ...namedNodes(census, update.blockedBy).map(
        ({ name, as }): Reason => ({
          code: 'RolloutBlocked',
          object: { kind: 'Node', name },
          params: { ...numbers, state: as },
        }),
      ),
      ...namedNodes(census, update.waiting).map(
        ({ name }): Reason => ({ code: 'NotYetUpdated', object: { kind: 'Node', name }, params: { count: waiting } }),
      ),
    ],
  })
}

function namedNodes(
  census: UpdateCensus,
  states: readonly UpdateState[],
): { readonly name: string; readonly as: UpdateState }[] {
  const named: { name: string; as: UpdateState }[] = []
  for (const as of states) {
    for (const { name } of census.nodesIn(as)) {
      if (named.length >= NAMED_NODES) return named
      named.push({ name, as })
    }
  }
  return named
}
