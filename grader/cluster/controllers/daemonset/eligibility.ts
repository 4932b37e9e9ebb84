// Should a Node run the daemon Pod? Upstream: NodeShouldRunDaemonPod in pkg/controller/daemon/daemon_controller.go.
// Only the Node's name, labels and taints count: resources, ports, conditions and `unschedulable` do not.
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Taint, Toleration } from '../../../api/core.ts'
import type { StringMap } from '../../../api/meta.ts'
import { type FailedTerm, factsOf, matchNodeSelector, type NodeFacts } from '../../../api/node-affinity.ts'
import { findToleration, formatTaint, SCHEDULING_EFFECTS } from '../../../api/tolerations.ts'
import type { Reason } from '../../trace.ts'
import { daemonTolerations } from './pod.ts'

/** The answer for a Node, with every reason against it: the decisive one first. */
export interface Eligibility {
  readonly shouldRun: boolean
  readonly shouldContinueRunning: boolean
  readonly because: readonly Reason[]
}

export const ELIGIBLE: Eligibility = { shouldRun: true, shouldContinueRunning: true, because: [] }
/** The answer for a Node that does not exist (any more). */
export const NO_NODE: Eligibility = {
  shouldRun: false,
  shouldContinueRunning: false,
  because: [{ code: 'NodeMissing' }],
}

const TEMPLATE_SPEC = 'spec.template.spec'
const REQUIRED_TERMS = `${TEMPLATE_SPEC}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`

/**
 * Whether the Node should get the daemon Pod of this template, and whether one that is there may stay. Reasons name the
 * field of the Node in `path` and the template's field, if one comes close, in `params.nearest`.
 */
export function shouldRunDaemonPod(spec: PodSpec, node: Node): Eligibility {
  const placement = [
    ...nodeNameReasons(spec, node),
    ...nodeSelectorReasons(spec, node),
    ...nodeAffinityReasons(spec, node),
  ]
  const tolerations = daemonTolerations(spec)
  const untolerated = indexedTaints(node).filter(({ taint }) => isUntolerated(taint, tolerations))
  if (placement.length === 0 && untolerated.length === 0) return ELIGIBLE
  const hasNoExecute = untolerated.some(({ taint }) => taint.effect === 'NoExecute')
  // A NoExecute taint also ends a running Pod, so it comes before the NoSchedule ones.
  const taints = [
    ...untolerated.filter(({ taint }) => taint.effect === 'NoExecute'),
    ...untolerated.filter(({ taint }) => taint.effect !== 'NoExecute'),
  ]
  return {
    shouldRun: false,
    shouldContinueRunning: placement.length === 0 && !hasNoExecute,
    because: [...placement, ...taints.map(({ taint, index }) => taintReason(taint, index, spec.tolerations ?? []))],
  }
}

function nodeNameReasons(spec: PodSpec, node: Node): Reason[] {
  const wanted = spec.nodeName ?? ''
  const actual = node.metadata.name
  if (wanted === '' || wanted === actual) return []
  return [
    {
      code: 'NodeNameMismatch',
      path: 'metadata.name',
      params: { wanted, actual, nearest: `${TEMPLATE_SPEC}.nodeName` },
    },
  ]
}

function nodeSelectorReasons(spec: PodSpec, node: Node): Reason[] {
  const labels = node.metadata.labels ?? NO_LABELS
  const reasons: Reason[] = []
  for (const [key, wanted] of Object.entries(spec.nodeSelector ?? NO_LABELS)) {
    const actual = Object.hasOwn(labels, key) ? labels[key] : undefined
    if (actual === wanted) continue
    const params = { key, wanted, nearest: `${TEMPLATE_SPEC}.nodeSelector[${key}]` }
    reasons.push({
      code: 'NodeSelectorMismatch',
      path: `metadata.labels[${key}]`,
      params: actual === undefined ? params : { ...params, actual },
    })
  }
  return reasons
}

function nodeAffinityReasons(spec: PodSpec, node: Node): Reason[] {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (required === undefined) return []
  const verdict = matchNodeSelector(required, factsOf(node))
  if (verdict.matches || verdict.because !== 'nodeAffinity') return []
  if (verdict.terms.length === 0) return [{ code: 'NodeAffinityMismatch', params: { nearest: REQUIRED_TERMS } }]
  return verdict.terms.map(failedTermReason)
}

/** Terms are alternatives: each one's first failed expression is a reason. */
function failedTermReason({ index, expression }: FailedTerm): Reason {
  const term = `${REQUIRED_TERMS}[${index}]`
  if (expression === undefined) return { code: 'NodeAffinityMismatch', params: { term: index, nearest: term } }
  const { list, requirement, actual } = expression
  const params = {
    term: index,
    expression: expressionText(requirement),
    expressionIndex: expression.index,
    key: requirement.key,
    operator: requirement.operator,
    values: (requirement.values ?? []).join(','),
    nearest: `${term}.${list}[${expression.index}]`,
  }
  return {
    code: 'NodeAffinityMismatch',
    path: list === 'matchFields' ? requirement.key : `metadata.labels[${requirement.key}]`,
    params: actual === undefined ? params : { ...params, actual },
  }
}

function expressionText({ key, operator, values }: NodeSelectorRequirement): string {
  return values === undefined || values.length === 0
    ? `${key} ${operator}`
    : `${key} ${operator} (${values.join(', ')})`
}

interface IndexedTaint {
  readonly taint: Taint
  readonly index: number
}

function indexedTaints(node: Node): readonly IndexedTaint[] {
  return node.spec.taints?.map((taint, index) => ({ taint, index })) ?? []
}

function isUntolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return SCHEDULING_EFFECTS.includes(taint.effect) && findToleration(tolerations, taint) === undefined
}

function taintReason(taint: Taint, index: number, tolerations: readonly Toleration[]): Reason {
  const params = { taint: formatTaint(taint) }
  const nearest = nearestToleration(taint, tolerations)
  return {
    code: 'UntoleratedTaint',
    path: `spec.taints[${index}]`,
    params:
      nearest === undefined
        ? params
        : { ...params, nearest: `${TEMPLATE_SPEC}.tolerations[${nearest.index}]`, differs: nearest.differs },
  }
}

type Difference = 'key' | 'value' | 'effect' | 'operator'

/** The toleration that comes closest: the fewest differences, those with the taint's own key before all others. */
function nearestToleration(
  taint: Taint,
  tolerations: readonly Toleration[],
): { index: number; differs: string } | undefined {
  let best: { index: number; differs: string; cost: number } | undefined
  tolerations.forEach((toleration, index) => {
    const differences = differencesOf(toleration, taint)
    const foreignKey = differences.includes('key')
    // A toleration of another key is near only if nothing else differs and the keys look alike.
    if (foreignKey && (differences.length > 1 || !looksAlike(toleration.key ?? '', taint.key))) return
    const cost = differences.length + (foreignKey ? 10 : 0)
    if (best === undefined || cost < best.cost) best = { index, differs: differences.join(','), cost }
  })
  return best
}

function differencesOf(toleration: Toleration, taint: Taint): Difference[] {
  const differences: Difference[] = []
  const operator: string = toleration.operator || 'Equal'
  if ((toleration.key ?? '') !== '' && toleration.key !== taint.key) differences.push('key')
  if (operator !== 'Exists' && operator !== 'Equal') differences.push('operator')
  if (operator === 'Equal' && (toleration.value ?? '') !== (taint.value ?? '')) differences.push('value')
  if (toleration.effect !== undefined && (toleration.effect as string) !== '' && toleration.effect !== taint.effect)
    differences.push('effect')
  return differences
}

/** Same letters but for case and punctuation, or the same last part after the slash. */
function looksAlike(a: string, b: string): boolean {
  const letters = (key: string) => key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const last = (key: string) => letters(key.slice(key.lastIndexOf('/') + 1))
  return letters(a) === letters(b) || (last(a) !== '' && last(a) === last(b))
}

/** Asks once per kind of Node: Nodes that agree in what the template looks at share one answer. */
export interface EligibilityMemo {
  readonly spec: PodSpec
  of(node: Node): Eligibility
}

/** A memo for one template spec. */
export function createEligibilityMemo(spec: PodSpec): EligibilityMemo {
  const answers = new Map<string, Eligibility>()
  const { labels, nodeName } = relevantFacts(spec)
  return {
    spec,
    of(node) {
      const signature = signatureOf(node, labels, nodeName)
      let answer = answers.get(signature)
      if (answer === undefined) {
        answer = shouldRunDaemonPod(spec, node)
        answers.set(signature, answer)
      }
      return answer
    },
  }
}

/** Which labels the template reads, and whether it reads the Node's name. */
function relevantFacts(spec: PodSpec): { readonly labels: readonly string[]; readonly nodeName: boolean } {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const terms: readonly NodeSelectorTerm[] = required?.nodeSelectorTerms ?? []
  const labels = new Set(Object.keys(spec.nodeSelector ?? NO_LABELS))
  for (const term of terms) for (const { key } of term.matchExpressions ?? []) labels.add(key)
  const namesNode = terms.some((term) => (term.matchFields?.length ?? 0) > 0)
  return { labels: [...labels], nodeName: namesNode || (spec.nodeName ?? '') !== '' }
}

function signatureOf(node: Node, labels: readonly string[], nodeName: boolean): string {
  const { name, labels: own }: { name: string; labels?: NodeFacts['labels'] } = node.metadata
  let text = nodeName ? name : ''
  for (const key of labels) text += own !== undefined && Object.hasOwn(own, key) ? `|=${own[key]}` : '|-'
  const taints = node.spec.taints
  if (taints !== undefined) for (const taint of taints) text += `|${taint.key}=${taint.value ?? ''}:${taint.effect}`
  return text
}

const NO_LABELS: StringMap = {}
