// Why each Node has the DaemonSet's Pod, lacks it, or keeps it Pending: one row per Node, built from what the controller,
// the scheduler and the kubelets recorded when they decided. Nothing is decided again here.
import type { DaemonSet } from '../api/apps.ts'
import type { Node, Pod } from '../api/core.ts'
import { isBeingDeleted, keyOf } from '../api/meta.ts'
import type { EligibilityEntry, ObjectRef, Reason, TraceEntry } from '../cluster/trace.ts'
import { type Because, formatRef, type NodeVerdict, type PlaceFinder, type Verdict } from './explanation.ts'
import { formatReason } from './messages.ts'
import { toTemplatePath } from './template-path.ts'

/** The state to explain, and the trace that led to it. */
export interface ExplainInput {
  readonly timeline: string
  readonly daemonSet: DaemonSet
  readonly nodes: readonly Node[]
  /** The Pods that the DaemonSet controls. */
  readonly pods: readonly Pod[]
  readonly decisions: Decisions
  readonly placeOf: PlaceFinder
}

/** The newest record of each kind, found in one pass over the trace. */
export interface Decisions {
  /** By DaemonSet key, then Node name. */
  readonly eligibility: ReadonlyMap<string, ReadonlyMap<string, EligibilityEntry>>
  /** By Pod key. */
  readonly unschedulable: ReadonlyMap<string, Extract<TraceEntry, { type: 'unschedulable' }>>
  readonly kubelet: ReadonlyMap<string, Extract<TraceEntry, { type: 'kubelet' }>>
  /** Refused creations, by DaemonSet key, then Node name. */
  readonly refused: ReadonlyMap<string, ReadonlyMap<string, Extract<TraceEntry, { type: 'decision' }>>>
}

/** Sorts the trace by what a reader asks for. Cost: one look at each entry. */
export function collectDecisions(entries: readonly TraceEntry[]): Decisions {
  const eligibility = new Map<string, Map<string, EligibilityEntry>>()
  const unschedulable = new Map<string, Extract<TraceEntry, { type: 'unschedulable' }>>()
  const kubelet = new Map<string, Extract<TraceEntry, { type: 'kubelet' }>>()
  const refused = new Map<string, Map<string, Extract<TraceEntry, { type: 'decision' }>>>()
  for (const entry of entries) {
    switch (entry.type) {
      case 'eligibility':
        for (const node of entry.nodes) entryOf(eligibility, refKey(entry.about)).set(node, entry)
        break
      case 'unschedulable':
        unschedulable.set(refKey(entry.about), entry)
        break
      case 'kubelet':
        if (entry.because.length > 0) kubelet.set(refKey(entry.about), entry)
        break
      case 'decision':
        if (entry.decision === 'createRefused' && entry.node !== undefined) entryOf(refused, refKey(entry.about)).set(entry.node, entry)
        break
      default:
    }
  }
  return { eligibility, unschedulable, kubelet, refused }
}

/** One row per Node, in the Nodes' order. */
export function explainNodes(input: ExplainInput): NodeVerdict[] {
  const podsByNode = new Map<string, Pod[]>()
  for (const pod of input.pods) {
    const target = targetNodeOf(pod)
    if (target !== undefined) entryList(podsByNode, target).push(pod)
  }
  const daemonSet = keyOf(input.daemonSet)
  return input.nodes.map((node) => {
    const { verdict, reasons } = verdictOn(node, podsByNode.get(node.metadata.name) ?? [], input)
    return { timeline: input.timeline, daemonSet, name: node.metadata.name, verdict, because: reasons.map((reason) => becauseOf(reason, node, input)) }
  })
}

interface Finding {
  readonly verdict: Verdict
  readonly reasons: readonly Reason[]
}

function verdictOn(node: Node, pods: readonly Pod[], input: ExplainInput): Finding {
  const name = node.metadata.name
  const key = keyOf(input.daemonSet)
  const eligibility = input.decisions.eligibility.get(key)?.get(name)
  const living = pods.filter((pod) => !isBeingDeleted(pod))
  if (living.length === 0) {
    if (pods.length > 0) return { verdict: 'Terminating', reasons: [...(eligibility?.because ?? []), { code: 'BeingDeleted', object: refOfPod(pods[0]!) }] }
    return withoutPod(eligibility, input.decisions.refused.get(key)?.get(name))
  }
  if (eligibility !== undefined && !eligibility.shouldRun) return { verdict: 'Misscheduled', reasons: eligibility.because }
  const ready = living.find(isReady)
  if (ready !== undefined) return { verdict: 'Running', reasons: eligibility?.because ?? [] }
  return podWithoutReadiness(living[0]!, node, input)
}

function withoutPod(eligibility: EligibilityEntry | undefined, refusal: Extract<TraceEntry, { type: 'decision' }> | undefined): Finding {
  if (eligibility === undefined) return { verdict: 'Pending', reasons: [{ code: 'NotYetCreated' }] }
  if (!eligibility.shouldRun) return { verdict: 'NotEligible', reasons: eligibility.because }
  if (refusal !== undefined) return { verdict: 'Refused', reasons: refusal.because }
  return { verdict: 'Pending', reasons: [{ code: 'NotYetCreated' }] }
}

function podWithoutReadiness(pod: Pod, node: Node, { decisions }: ExplainInput): Finding {
  const object = refOfPod(pod)
  if (pod.spec.nodeName === undefined) {
    const entry = decisions.unschedulable.get(keyOf(pod))
    const here = entry?.filters.filter((filter) => filter.nodes.includes(node.metadata.name)).flatMap((filter) => filter.because) ?? []
    if (here.length > 0) return { verdict: 'Pending', reasons: here }
    return { verdict: 'Pending', reasons: [{ code: 'NotYetScheduled', object, ...(entry === undefined ? {} : { kubernetes: entry.message }) }] }
  }
  const recorded = decisions.kubelet.get(keyOf(pod))?.because ?? []
  const reasons = [...nodeTrouble(node), ...(recorded.length > 0 ? recorded : [{ code: waitingCode(pod), object }])]
  return { verdict: 'NotReady', reasons }
}

function nodeTrouble(node: Node): readonly Reason[] {
  const ready = node.status.conditions?.find((condition) => condition.type === 'Ready')
  if (ready === undefined || ready.status === 'True') return []
  const code = ready.status === 'Unknown' ? 'NodeUnreachable' : 'NodeNotReady'
  return [{ code, object: { kind: 'Node', name: node.metadata.name }, ...(ready.message === undefined ? {} : { kubernetes: ready.message }) }]
}

/** What the Pod's own status says, when the kubelet recorded no reason. */
function waitingCode(pod: Pod): string {
  const running = pod.status.containerStatuses?.some((status) => status.state?.running !== undefined && !status.ready)
  return running === true ? 'ProbeFailing' : 'ContainerCreating'
}

function becauseOf(reason: Reason, node: Node, { daemonSet, placeOf }: ExplainInput): Because {
  const object = reason.object ?? { kind: 'Node', name: node.metadata.name }
  const place = findPlace(reason, object, daemonSet, placeOf)
  const context = { daemonSet: daemonSet.metadata.name, node: node.metadata.name, ...(place === undefined ? {} : { line: place.line }) }
  return {
    code: reason.code,
    message: formatReason(reason, context),
    ...(reason.kubernetes === undefined ? {} : { kubernetes: reason.kubernetes }),
    object: formatRef(object),
    ...(reason.path === undefined ? {} : { path: reason.path }),
    ...place,
  }
}

/** A reason may point at the learner's own field twice: by `nearest`, the field to compare with, or by the object's path. */
function findPlace(reason: Reason, object: ObjectRef, daemonSet: DaemonSet, placeOf: PlaceFinder) {
  const learner: ObjectRef = { kind: 'DaemonSet', name: daemonSet.metadata.name, ...(daemonSet.metadata.namespace === undefined ? {} : { namespace: daemonSet.metadata.namespace }) }
  const nearest = reason.params?.nearest
  if (typeof nearest === 'string' && nearest !== '') return placeOf(learner, nearest)
  if (reason.path === undefined) return undefined
  if (object.kind === 'DaemonSet') return placeOf(object, reason.path)
  if (object.kind === 'Pod') return placeOf(learner, toTemplatePath(reason.path))
  return placeOf(object, reason.path)
}

/** The Node a daemon Pod is bound to or made for. Upstream: util.GetTargetNodeName. */
export function targetNodeOf(pod: Pod): string | undefined {
  if (pod.spec.nodeName !== undefined) return pod.spec.nodeName
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  for (const term of terms) {
    const field = term.matchFields?.find((f) => f.key === 'metadata.name' && f.operator === 'In')
    if (field?.values?.length === 1) return field.values[0]
  }
  return undefined
}

/** Upstream: podutil.IsPodReady. */
export function isReady(pod: Pod): boolean {
  return pod.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
}

const refKey = (ref: ObjectRef): string => (ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`)
const refOfPod = (pod: Pod): ObjectRef => ({ kind: 'Pod', name: pod.metadata.name, ...(pod.metadata.namespace === undefined ? {} : { namespace: pod.metadata.namespace }) })

function entryOf<V>(outer: Map<string, Map<string, V>>, key: string): Map<string, V> {
  let inner = outer.get(key)
  if (inner === undefined) outer.set(key, (inner = new Map()))
  return inner
}

function entryList<V>(map: Map<string, V[]>, key: string): V[] {
  let list = map.get(key)
  if (list === undefined) map.set(key, (list = []))
  return list
}
