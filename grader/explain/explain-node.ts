// Why each Node has the DaemonSet's Pod, lacks it, or keeps it Pending: one row per Node, built from what the controller,
// the scheduler and the kubelets recorded when they decided. Nothing is decided again here.

import type { DaemonSet } from '../api/apps.ts'
import type { Node, Pod } from '../api/core.ts'
import { isBeingDeleted, keyOf } from '../api/meta.ts'
import { isPodReady, targetNodeOf } from '../api/pods.ts'
import type { EligibilityEntry, ObjectRef, Reason } from '../cluster/trace.ts'
import type { ControllerRecord, Decisions } from './decisions.ts'
import { explainPod, type Finding, nodeTrouble, refOfPod } from './explain-pod.ts'
import { type Because, formatRef, type NodeVerdict, type Place, type PlaceFinder } from './explanation.ts'
import { formatReason } from './messages.ts'
import { toTemplatePath } from './template-path.ts'

/** The state to explain, and the trace that led to it. */
export interface ExplainInput {
  readonly timeline: string
  readonly daemonSet: DaemonSet
  readonly nodes: readonly Node[]
  /** The Pods that the DaemonSet controls. */
  readonly pods: readonly Pod[]
  /** The hash of its newest revision; Pods of another one are old. */
  readonly revisionHash?: string
  readonly decisions: Decisions
  readonly placeOf: PlaceFinder
}

const NO_RECORD: ControllerRecord = { eligibility: new Map(), steps: new Map() }
const HASH_LABEL = 'controller-revision-hash'
const TOLERATIONS = 'spec.template.spec.tolerations'

/** One row per Node, in the Nodes' order. */
export function explainNodes(input: ExplainInput): NodeVerdict[] {
  const podsByNode = new Map<string, Pod[]>()
  for (const pod of input.pods) {
    const target = targetNodeOf(pod)
    const there = target === undefined ? undefined : podsByNode.get(target)
    if (there !== undefined) there.push(pod)
    else if (target !== undefined) podsByNode.set(target, [pod])
  }
  const daemonSet = keyOf(input.daemonSet)
  const record = input.decisions.controller.get(daemonSet) ?? NO_RECORD
  return input.nodes.map((node) => {
    const { verdict, reasons } = verdictOn(node, podsByNode.get(node.metadata.name) ?? [], { input, record })
    return {
      timeline: input.timeline,
      daemonSet,
      name: node.metadata.name,
      verdict,
      because: reasons.map((reason) => becauseOf(reason, node, input)),
    }
  })
}

interface Surroundings {
  readonly input: ExplainInput
  readonly record: ControllerRecord
}

function verdictOn(node: Node, pods: readonly Pod[], around: Surroundings): Finding {
  const { input, record } = around
  const eligibility = record.eligibility.get(node.metadata.name)
  const living = pods.filter((pod) => !isBeingDeleted(pod))
  if (living.length === 0 && pods.length > 0) {
    return {
      verdict: 'Terminating',
      reasons: [
        ...(eligibility?.because ?? []),
        ...endings(node, around),
        { code: 'BeingDeleted', object: refOfPod(pods[0]!) },
      ],
    }
  }
  if (living.length === 0) return withoutPod(node, eligibility, around)
  if (eligibility !== undefined && !eligibility.shouldRun)
    return { verdict: 'Misscheduled', reasons: [...nodeTrouble(node), ...eligibility.because.map(withPod)] }
  const ready = living.find(isPodReady)
  const rollout = rolloutReasons(living, around)
  if (ready !== undefined) return { verdict: 'Running', reasons: rollout }
  const { verdict, reasons } = explainPod(living[0]!, node, input.decisions)
  const ended = verdict === 'Pending' ? endings(node, around).filter(({ code }) => code === 'Preempted') : []
  return { verdict, reasons: [...reasons, ...ended, ...rollout] }
}

/** The Pod came before the reason against it: sentences say so. */
function withPod(reason: Reason): Reason {
  return { ...reason, params: { ...reason.params, hasPod: true } }
}

function withoutPod(node: Node, eligibility: EligibilityEntry | undefined, around: Surroundings): Finding {
  const { refusal, retry } = around.record
  if (eligibility !== undefined && !eligibility.shouldRun)
    return { verdict: 'NotEligible', reasons: eligibility.because }
  // The controller stops at the first refusal of a round: the Nodes behind it wait for the same reason.
  if (refusal !== undefined) return { verdict: 'Refused', reasons: refusal.because }
  const words = retry?.because[0]?.kubernetes
  return {
    verdict: 'Pending',
    reasons: [
      ...endings(node, around),
      { code: 'NotYetCreated', ...(words === undefined ? {} : { kubernetes: words }) },
    ],
  }
}

/** What took the DaemonSet's last Pod off the Node from outside, if that is recorded: the newest reason of each code. */
function endings(node: Node, { input }: Surroundings): readonly Reason[] {
  const { name, namespace } = input.daemonSet.metadata
  const entries = input.decisions.ended.get(node.metadata.name) ?? []
  const own = entries.filter(({ about }) => about.namespace === namespace && isNamedAfter(about.name, name))
  const newest = own.at(-1)
  return newest === undefined ? [] : newest.because
}

/** Pods are named after their DaemonSet, with five characters more. */
const isNamedAfter = (pod: string, daemonSet: string): boolean =>
  pod.length === daemonSet.length + 6 && pod.startsWith(`${daemonSet}-`)

/** Why a Pod of an old revision is still there. */
function rolloutReasons(living: readonly Pod[], { input, record }: Surroundings): readonly Reason[] {
  const { daemonSet, revisionHash } = input
  const old = living.find((pod) => pod.metadata.labels?.[HASH_LABEL] !== revisionHash)
  if (revisionHash === undefined || old === undefined) return []
  const strategy = {
    kind: 'DaemonSet',
    name: daemonSet.metadata.name,
    ...(daemonSet.metadata.namespace === undefined ? {} : { namespace: daemonSet.metadata.namespace }),
  }
  const notYet: Reason = { code: 'NotYetUpdated', object: refOfPod(old), path: `metadata.labels[${HASH_LABEL}]` }
  if (daemonSet.spec.updateStrategy?.type === 'OnDelete')
    return [{ code: 'RolloutPaused', object: strategy, path: 'spec.updateStrategy.type' }, notYet]
  const held = record.held?.because ?? []
  const nodes = held.filter(({ code }) => code === 'RolloutBlocked')
  const blockers = nodes.map(({ object }) => object?.name ?? '').join(',')
  const blocked: readonly Reason[] = nodes.slice(0, 1).map(({ code, params }) => ({
    code,
    object: strategy,
    path: 'spec.updateStrategy.rollingUpdate',
    params: { ...params, blockers },
  }))
  return [...blocked, notYet]
}

function becauseOf(reason: Reason, node: Node, { daemonSet, placeOf }: ExplainInput): Because {
  // Nodes with the same answer share one record, which names the first of them.
  const isNode = reason.object === undefined || reason.object.kind === 'Node'
  const object: ObjectRef = isNode ? { kind: 'Node', name: node.metadata.name } : reason.object
  const place = findPlace(reason, object, daemonSet, placeOf)
  const context = {
    daemonSet: daemonSet.metadata.name,
    node: node.metadata.name,
    ...(place === undefined ? {} : { line: place.line }),
  }
  return {
    code: reason.code,
    message: formatReason(reason, context),
    ...(reason.kubernetes === undefined ? {} : { kubernetes: reason.kubernetes }),
    object: formatRef(object),
    ...(reason.path === undefined ? {} : { path: reason.path }),
    ...place,
  }
}

/** A reason points at the learner's own field by `nearest` (the toleration to compare with), by `field`, or by the object's path. */
function findPlace(reason: Reason, object: ObjectRef, daemonSet: DaemonSet, placeOf: PlaceFinder): Place | undefined {
  const { name, namespace } = daemonSet.metadata
  const learner: ObjectRef = { kind: 'DaemonSet', name, ...(namespace === undefined ? {} : { namespace }) }
  for (const field of [reason.params?.nearest, reason.params?.field])
    if (typeof field === 'string' && field !== '') return placeOf(learner, field)
  if (reason.code === 'UntoleratedTaint') return placeOf(learner, TOLERATIONS)
  if (reason.path === undefined) return undefined
  // A Pod is made from the template; labels that the controller adds stand nowhere in it.
  if (object.kind === 'Pod')
    return reason.path.startsWith('spec.') ? placeOf(learner, toTemplatePath(reason.path)) : undefined
  return placeOf(object, reason.path)
}
