// Which Pods are missing and which are too many. Upstream: manage and podsShouldBeOnNode in
// pkg/controller/daemon/daemon_controller.go.

import type { DaemonSet } from '../../../api/apps.ts'
import type { Pod } from '../../../api/core.ts'
import { scaledValue } from '../../../api/int-or-string.ts'
import { isBeingDeleted } from '../../../api/meta.ts'
import { isPodReady } from '../../../api/pods.ts'
import type { Reason } from '../../trace.ts'
import { isPodAvailable, type NodeView, type PodContext } from './node-view.ts'
import { REVISION_HASH_LABEL } from './pod.ts'
import { BURST_REPLICAS, type PodCreate, type PodDelete, type PodPlan } from './pod-plan.ts'

export interface ManageContext extends PodContext {
  readonly ds: DaemonSet
  readonly surge: boolean
  /** Whether the back-off of failed Pods with this id still runs. */
  isInBackOff(id: string): boolean
}

/** Where a Node stands before anything is decided: most Nodes need no decision, and are not asked. */
export type ManageState = 'settled' | 'lacksPod' | 'undecided'

const LACKS_POD: readonly Reason[] = [{ code: 'NodeLacksDaemonPod' }]
const DUPLICATE: readonly Reason[] = [{ code: 'DuplicatePod' }]
const SUCCEEDED: readonly Reason[] = [{ code: 'SucceededDaemonPod' }]
const OLD_NOT_READY: readonly Reason[] = [{ code: 'RollingUpdate' }, { code: 'OldPodNotReady' }]
const NEW_AVAILABLE: readonly Reason[] = [{ code: 'RollingUpdate' }, { code: 'NewPodAvailable' }]
const NODE_MISSING: readonly Reason[] = [{ code: 'NodeMissing' }]

/** Whether maxSurge lets a Node have two Pods during an update. Upstream: util.AllowsSurge. */
export function allowsSurge(ds: DaemonSet): boolean {
  const strategy = ds.spec.updateStrategy
  const maxSurge = strategy?.rollingUpdate?.maxSurge
  if (strategy?.type !== 'RollingUpdate' || maxSurge === undefined) return false
  const scaled = scaledValue(maxSurge, 1, 'up')
  return scaled.ok && scaled.value > 0
}

/** The Node's state. `undecided` is asked again at every sync: time and back-off may matter. */
export function manageStateOf(view: NodeView, surge: boolean): ManageState {
  if (!view.exists) return 'settled'
  const { pods, eligibility } = view
  if (pods.length === 0) return eligibility.shouldRun ? 'lacksPod' : 'settled'
  if (pods.length > 1 || !eligibility.shouldContinueRunning) return 'undecided'
  const pod = pods[0]!
  if (isBeingDeleted(pod)) return surge ? 'undecided' : 'settled'
  const phase = pod.status?.phase
  return phase === 'Failed' || phase === 'Succeeded' ? 'undecided' : 'settled'
}

/**
 * The plan for the Nodes given (in name order; settled ones may be left out) and for the unbound Pods whose Node does
 * not exist. Of each kind no more than the burst limit is carried out, so no more is collected of creations.
 */
export function planPods(views: Iterable<NodeView>, strays: readonly Pod[], context: ManageContext): PodPlan {
  const plan: Draft = { creates: [], deletes: [], raise: [], waitFor: [] }
  for (const view of views) planNode(view, context, plan)
  for (const pod of strays) plan.deletes.push({ pod, node: '', because: NODE_MISSING })
  return plan
}

interface Draft {
  creates: PodCreate[]
  deletes: PodDelete[]
  raise: string[]
  waitFor: string[]
}

function planNode(view: NodeView, context: ManageContext, plan: Draft): void {
  const { shouldRun, shouldContinueRunning, because } = view.eligibility
  if (shouldRun && view.pods.length === 0) needPod(plan, view, LACKS_POD)
  else if (shouldContinueRunning) planRunningNode(view, context, plan)
  else {
    const leaving = view.pods.filter((pod) => !isBeingDeleted(pod))
    for (const pod of leaving)
      plan.deletes.push({ pod, node: view.name, because: [{ code: 'NotEligible' }, ...because] })
  }
}

function needPod(plan: Draft, view: NodeView, because: readonly Reason[]): void {
  if (plan.creates.length < BURST_REPLICAS) plan.creates.push({ node: view.name, because })
}

function planRunningNode(view: NodeView, context: ManageContext, plan: Draft): void {
  const running: Pod[] = []
  for (const pod of view.pods) {
    if (isBeingDeleted(pod)) continue
    const phase = pod.status?.phase
    if (phase === 'Failed') planFailedPod(view, pod, context, plan)
    else if (phase === 'Succeeded') plan.deletes.push(succeededPod(view, pod))
    else running.push(pod)
  }
  if (context.surge) planSurgingNode(view, running, context, plan)
  else for (const pod of running.slice(1)) plan.deletes.push({ pod, node: view.name, because: DUPLICATE })
}

/** Upstream deletes failed Pods with back-off: a kubelet may refuse the next one at once, and the two would race for ever. */
function planFailedPod(view: NodeView, pod: Pod, context: ManageContext, plan: Draft): void {
  const id = backoffId(context.ds, view.name)
  if (plan.raise.includes(id) || context.isInBackOff(id)) {
    plan.waitFor.push(id)
    return
  }
  plan.raise.push(id)
  const message = `Found failed daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${view.name}, will try to kill it`
  plan.deletes.push({
    pod,
    node: view.name,
    because: [
      {
        code: 'FailedDaemonPod',
        ...(pod.status.reason === undefined ? {} : { params: { reason: pod.status.reason } }),
      },
    ],
    event: { type: 'Warning', reason: 'FailedDaemonPod', message },
  })
}

/** A spec change that was observed starts a new back-off. */
export function backoffId(ds: DaemonSet, nodeName: string): string {
  return `${ds.metadata.uid}/${ds.status?.observedGeneration ?? 0}/${nodeName}`
}

function succeededPod(view: NodeView, pod: Pod): PodDelete {
  const message = `Found succeeded daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${view.name}, will try to delete it`
  return { pod, node: view.name, because: SUCCEEDED, event: { type: 'Normal', reason: 'SucceededDaemonPod', message } }
}

/** With surge a Node may have one old and one new Pod; only the hash label tells them apart here. */
function planSurgingNode(view: NodeView, running: readonly Pod[], context: ManageContext, plan: Draft): void {
  if (running.length === 0 && view.eligibility.shouldRun) needPod(plan, view, LACKS_POD)
  if (running.length <= 1) return
  const isNew = (pod: Pod) => pod.metadata.labels?.[REVISION_HASH_LABEL] === context.hash
  const newest = running.find(isNew)
  const oldest = running.find((pod) => !isNew(pod))
  for (const pod of running)
    if (pod !== newest && pod !== oldest) plan.deletes.push({ pod, node: view.name, because: DUPLICATE })
  if (newest === undefined || oldest === undefined) return
  if (!isPodReady(oldest)) plan.deletes.push({ pod: oldest, node: view.name, because: OLD_NOT_READY })
  else if (isPodAvailable(newest, context)) plan.deletes.push({ pod: oldest, node: view.name, because: NEW_AVAILABLE })
}
