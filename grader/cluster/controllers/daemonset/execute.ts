// Carries out a plan for Pods: the only place where the controller creates and deletes them.
// Upstream: syncNodes in pkg/controller/daemon/daemon_controller.go and RealPodControl in pkg/controller/controller_utils.go.
import type { DaemonSet } from '../../../api/apps.ts'
import { pods as podResource } from '../../../api/resource-table.ts'
import type { Reason, TraceId } from '../../trace.ts'
import { aggregate } from './claim.ts'
import { CONTROLLER, type DaemonSetParts, type DaemonSetState, refTo } from './daemonset-state.ts'
import { type PodTemplate, podForNode, podTemplateOf, templateGenerationOf } from './pod.ts'
import { BURST_REPLICAS, type PodCreate, type PodDelete, type PodPlan } from './pod-plan.ts'
import { isNamespaceTerminating, refusalReason } from './refusal.ts'

const SLOW_START_FIRST_BATCH = 1

/**
 * Writes what the plan says, at most a burst of each; the rest is planned again at the next sync. Returns the aggregate of
 * the errors, or undefined.
 */
export function executePlan(
  parts: DaemonSetParts,
  ds: DaemonSet,
  state: DaemonSetState,
  step: { readonly plan: PodPlan; readonly hash: string },
): string | undefined {
  const { plan, hash } = step
  for (const id of plan.raise) parts.backoff.next(id)
  for (const id of plan.waitFor) parts.queue.addAfter(state.key, parts.backoff.delaySeconds(id))
  for (const { event } of plan.deletes)
    if (event !== undefined) parts.recorder.event(ds, event.type, event.reason, event.message)
  const creates = plan.creates.slice(0, BURST_REPLICAS)
  const deletes = plan.deletes.slice(0, BURST_REPLICAS)
  parts.expectations.set(state.key, creates.length, deletes.length)
  const errors: string[] = []
  if (creates.length > 0)
    createPods(parts, ds, { key: state.key, creates, template: templateFor(ds, state, hash), errors })
  for (const pod of deletes) deletePod(parts, ds, { key: state.key, pod, errors })
  return aggregate(errors)
}

function templateFor(ds: DaemonSet, state: DaemonSetState, hash: string): PodTemplate {
  const known = state.podTemplate
  const generation = templateGenerationOf(ds)
  if (known !== undefined && known.from === ds.spec.template && known.hash === hash && known.generation === generation)
    return known.made
  const made = podTemplateOf(ds, hash)
  state.podTemplate = { from: ds.spec.template, hash, generation, made }
  return made
}

interface Creations {
  readonly key: string
  readonly creates: readonly PodCreate[]
  readonly template: PodTemplate
  readonly errors: string[]
}

/** Batches of 1, 2, 4, …: a refusal that concerns all Pods costs few calls. */
function createPods(parts: DaemonSetParts, ds: DaemonSet, { key, creates, template, errors }: Creations): void {
  let done = 0
  for (let batch = SLOW_START_FIRST_BATCH; done < creates.length; batch *= 2) {
    const end = Math.min(done + batch, creates.length)
    let failed = 0
    for (; done < end; done++) {
      const error = createPod(parts, ds, { create: creates[done]!, template })
      if (error === undefined) continue
      failed++
      errors.push(error)
    }
    parts.expectations.lowerCreations(key, failed)
    if (failed > 0 && done < creates.length) {
      parts.expectations.lowerCreations(key, creates.length - done)
      return
    }
  }
}

function createPod(
  parts: DaemonSetParts,
  ds: DaemonSet,
  { create, template }: { readonly create: PodCreate; readonly template: PodTemplate },
): string | undefined {
  const { client, recorder, trace } = parts
  const decided = decide(parts, ds, { decision: 'createPod', node: create.node, because: create.because })
  const cause = trace.cause
  trace.cause = decided
  const created = client.create(podResource, podForNode(template, create.node))
  let error: string | undefined
  if (created.ok) recorder.event(ds, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`)
  else {
    decide(parts, ds, { decision: 'createRefused', node: create.node, because: [refusalReason(created.status, ds)] })
    // In a namespace that is going away nothing is said, and the expectation stays open.
    if (!isNamespaceTerminating(created.status)) {
      error = created.status.message
      recorder.event(ds, 'Warning', 'FailedCreate', `Error creating: ${error}`)
    }
  }
  trace.cause = cause
  return error
}

function deletePod(
  parts: DaemonSetParts,
  ds: DaemonSet,
  { key, pod, errors }: { readonly key: string; readonly pod: PodDelete; readonly errors: string[] },
): void {
  const { client, recorder, trace, expectations } = parts
  const { name } = pod.pod.metadata
  const cause = trace.cause
  trace.cause = decide(parts, ds, { decision: 'deletePod', node: pod.node, because: pod.because })
  const deleted = client.delete(podResource, pod.pod.metadata)
  if (deleted.ok) recorder.event(ds, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
  else {
    expectations.deletionObserved(key)
    if (deleted.status.reason !== 'NotFound') {
      recorder.event(ds, 'Warning', 'FailedDelete', `Error deleting: ${deleted.status.message}`)
      errors.push(`unable to delete pods: ${deleted.status.message}`)
    }
  }
  trace.cause = cause
}

/** Records a decision about a Node (or, without one, about the whole DaemonSet). */
export function decide(
  { trace }: Pick<DaemonSetParts, 'trace'>,
  ds: DaemonSet,
  {
    decision,
    node,
    because,
  }: { readonly decision: string; readonly node?: string; readonly because: readonly Reason[] },
): TraceId {
  return trace.record(CONTROLLER, {
    type: 'decision',
    about: refTo(ds),
    decision,
    ...(node === undefined ? {} : { node }),
    because,
  })
}
