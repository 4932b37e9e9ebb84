// Keeps one Pod of a DaemonSet on every eligible Node. Upstream: pkg/controller/daemon (v1.35).
import type { DaemonSet } from '../../../api/apps.ts'
import { isBeingDeleted, splitKey } from '../../../api/meta.ts'
import { daemonSets } from '../../../api/resource-table.ts'
import type { ComponentParts } from '../../cluster.ts'
import { createBackoff } from '../../machinery/backoff.ts'
import { createEventRecorder } from '../../machinery/event-recorder.ts'
import { createExpectations } from '../../machinery/expectations.ts'
import { createWorkQueue } from '../../machinery/workqueue.ts'
import { claimPods } from './claim.ts'
import { CONTROLLER, createState, type DaemonSetParts, type DaemonSetState } from './daemonset-state.ts'
import { executePlan } from './execute.ts'
import type { FleetContext } from './fleet.ts'
import { cleanUpHistory, constructHistory, type History } from './history.ts'
import { allowsSurge, planPods } from './manage.ts'
import { templateGenerationOf } from './pod.ts'
import { recordEligibility, recordHeldBack } from './record.ts'
import { planRollingUpdate } from './rolling-update.ts'
import { storeStatus } from './store-status.ts'
import { wireWakeUps } from './wake-ups.ts'

/** Delays of failed Pods: 1 s, doubling up to 15 min. */
const FAILED_POD_INITIAL_SECONDS = 1
const FAILED_POD_MAX_SECONDS = 900

const SELECTING_ALL = 'This daemon set is selecting all pods. A non-empty selector is required.'

/** The component: wires its watches to a work queue of DaemonSet keys. */
export function daemonSetController({ clientFor, informers, clock, trace }: ComponentParts): void {
  const client = clientFor(CONTROLLER)
  const states = new Map<string, DaemonSetState>()
  const queue = createWorkQueue({ name: CONTROLLER, clock, trace, sync: (key) => sync(key) })
  const parts: DaemonSetParts = {
    client,
    informers,
    clock,
    trace,
    queue,
    recorder: createEventRecorder({ client, clock, component: CONTROLLER }),
    expectations: createExpectations(clock),
    backoff: createBackoff({ clock, initialSeconds: FAILED_POD_INITIAL_SECONDS, maxSeconds: FAILED_POD_MAX_SECONDS }),
  }
  wireWakeUps(parts, states)

  function sync(key: string): void {
    const error = syncDaemonSet(key)
    if (error === undefined) {
      queue.forget(key)
      return
    }
    trace.record(CONTROLLER, {
      type: 'decision',
      about: { kind: 'DaemonSet', ...splitKey(key) },
      decision: 'retry',
      because: [{ code: 'SyncFailed', kubernetes: error }],
    })
    queue.addRateLimited(key)
  }

  /** One key from start to end; returns the error that makes it come back later. */
  function syncDaemonSet(key: string): string | undefined {
    const ds = informers.of(daemonSets).get(splitKey(key))
    if (ds === undefined) {
      states.delete(key)
      parts.expectations.forget(key)
      return undefined
    }
    if (selectsEverything(ds)) {
      parts.recorder.event(ds, 'Warning', 'SelectingAll', SELECTING_ALL)
      return undefined
    }
    // The garbage collector's turn.
    if (isBeingDeleted(ds)) return undefined
    const state = stateOf(ds, key)
    const history = constructHistory(parts, ds, state)
    if (!history.ok) return `failed to construct revisions of DaemonSet: ${history.error}`
    const isSettled = parts.expectations.satisfied(key)
    const context = contextOf(ds, history.hash)
    const claimError = claimPods(client, ds, state)
    recordEligibility(parts, ds, state.fleet.refresh(context))
    if (claimError !== undefined)
      return `couldn't get node to daemon pod mapping for daemon set "${ds.metadata.name}": ${claimError}`
    const error = isSettled ? changePods(ds, state, { context, history }) : undefined
    const statusError = storeStatus(parts, ds, { state, observe: isSettled })
    return error ?? statusError
  }

  function stateOf(ds: DaemonSet, key: string): DaemonSetState {
    let state = states.get(key)
    if (state === undefined || state.uid !== ds.metadata.uid) {
      state = createState(ds, informers)
      states.set(key, state)
    }
    return state
  }

  function contextOf(ds: DaemonSet, hash: string): FleetContext {
    return {
      now: clock.now(),
      minReadySeconds: ds.spec.minReadySeconds ?? 0,
      hash,
      templateGeneration: templateGenerationOf(ds),
      surge: allowsSurge(ds),
      spec: ds.spec.template.spec,
    }
  }

  function changePods(
    ds: DaemonSet,
    state: DaemonSetState,
    { context, history }: { readonly context: FleetContext; readonly history: History & { ok: true } },
  ): string | undefined {
    const { hash } = history
    const { fleet } = state
    const isInBackOff = (id: string) => parts.backoff.isInBackOff(id)
    const plan = planPods(fleet.unsettledNodes(), fleet.strays(), { ...context, ds, isInBackOff })
    const error = executePlan(parts, ds, state, { plan, hash })
    if (error !== undefined) return error
    // What manage has ordered must be seen first, so the update normally comes in a later sync.
    if (parts.expectations.satisfied(state.key) && ds.spec.updateStrategy?.type === 'RollingUpdate') {
      const update = planRollingUpdate(ds, fleet.census, context)
      if (!update.ok) return update.error
      recordHeldBack(parts, ds, { state, update, hash })
      const updateError = executePlan(parts, ds, state, { plan: update.plan, hash })
      if (updateError !== undefined) return updateError
    }
    return cleanUpHistory(parts, ds, history.old)
  }
}

/** A selector object without any requirement. */
function selectsEverything({ spec: { selector } }: DaemonSet): boolean {
  return (
    selector !== undefined &&
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions?.length ?? 0) === 0
  )
}
