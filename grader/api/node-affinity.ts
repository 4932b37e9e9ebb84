/**
 * nodeSelector and required node affinity against one Node.
 * Upstream: k8s.io/component-helpers/scheduling/corev1/nodeaffinity.
 */
import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from './core.ts'
import type { StringMap } from './meta.ts'

/** What of a Node decides: its name and its labels. */
export interface NodeFacts {
  readonly name: string
  readonly labels: StringMap
}

/** The expression of a term that does not hold on the Node. */
export interface FailedExpression {
  readonly list: 'matchExpressions' | 'matchFields'
  readonly index: number
  readonly requirement: NodeSelectorRequirement
  /** The Node's label (or field) of that key, if it has one. */
  readonly actual: string | undefined
}

/** Why one term does not hold: its first failed expression, or that it is empty and so matches no Node. */
export interface FailedTerm {
  readonly index: number
  readonly expression?: FailedExpression
}

export type AffinityVerdict =
  | { readonly matches: true; readonly term?: number }
  | {
      readonly matches: false
      readonly because: 'nodeSelector'
      readonly key: string
      readonly wanted: string
      readonly actual: string | undefined
    }
  | { readonly matches: false; readonly because: 'nodeAffinity'; readonly terms: readonly FailedTerm[] }

export function factsOf(node: Node): NodeFacts {
  return { name: node.metadata.name, labels: node.metadata.labels ?? NO_LABELS }
}

const NO_LABELS: StringMap = {}
const MATCHES: AffinityVerdict = { matches: true }

/** An int64 as strconv.ParseInt reads it, or undefined. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text) || text.length > 40) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value >= -9223372036854775808n && value <= 9223372036854775807n ? value : undefined
}

/** Whether one expression holds for a label value; `actual` is undefined if the key is missing. */
export function requirementHolds(requirement: NodeSelectorRequirement, actual: string | undefined): boolean {
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
      return actual !== undefined && values.includes(actual)
    case 'NotIn':
      return actual === undefined || !values.includes(actual)
    case 'Exists':
      return actual !== undefined
    case 'DoesNotExist':
      return actual === undefined
    case 'Gt':
    case 'Lt':
      return comparesAs(requirement.operator, values, actual)
    default:
      return false
  }
}

function comparesAs(operator: 'Gt' | 'Lt', values: readonly string[], actual: string | undefined): boolean {
  const left = actual === undefined ? undefined : parseInt64(actual)
  const right = values.length === 1 ? parseInt64(values[0]!) : undefined
  if (left === undefined || right === undefined) return false
  return operator === 'Gt' ? left > right : left < right
}

/** The first expression or field of the term that does not hold on the Node, or undefined. */
export function firstFailedExpression(term: NodeSelectorTerm, node: NodeFacts): FailedExpression | undefined {
  const expressions = term.matchExpressions ?? []
  for (let i = 0; i < expressions.length; i++) {
    const requirement = expressions[i]!
    const actual = Object.hasOwn(node.labels, requirement.key) ? node.labels[requirement.key] : undefined
    if (!requirementHolds(requirement, actual)) return { list: 'matchExpressions', index: i, requirement, actual }
  }
  const fields = term.matchFields ?? []
  for (let i = 0; i < fields.length; i++) {
    const requirement = fields[i]!
    const actual = requirement.key === 'metadata.name' ? node.name : undefined
    if (!fieldHolds(requirement, actual)) return { list: 'matchFields', index: i, requirement, actual }
  }
  return undefined
}

function fieldHolds(requirement: NodeSelectorRequirement, actual: string | undefined): boolean {
  const { operator, values = [] } = requirement
  // Upstream builds a field selector from exactly one value; anything else is a term that does not parse.
  if (values.length !== 1 || actual === undefined) return false
  return operator === 'In' ? actual === values[0] : operator === 'NotIn' ? actual !== values[0] : false
}

/** A term with neither expressions nor fields matches no Node. */
export function isEmptyTerm(term: NodeSelectorTerm): boolean {
  return (term.matchExpressions?.length ?? 0) === 0 && (term.matchFields?.length ?? 0) === 0
}

export function termMatches(term: NodeSelectorTerm, node: NodeFacts): boolean {
  return !isEmptyTerm(term) && firstFailedExpression(term, node) === undefined
}

/** The terms are alternatives: one that holds is enough. All failed ones are told otherwise. */
export function matchNodeSelector(selector: NodeSelector, node: NodeFacts): AffinityVerdict {
  const terms = selector.nodeSelectorTerms
  for (let i = 0; i < terms.length; i++) if (termMatches(terms[i]!, node)) return { matches: true, term: i }
  return {
    matches: false,
    because: 'nodeAffinity',
    terms: terms.map((term, index) => {
      const expression = isEmptyTerm(term) ? undefined : firstFailedExpression(term, node)
      return expression === undefined ? { index } : { index, expression }
    }),
  }
}

/**
 * Whether the Pod's nodeSelector and its required node affinity both allow the Node; if not, which pair or which terms
 * stand against it. Upstream: nodeaffinity.GetRequiredNodeAffinity(pod).Match(node).
 */
export function matchRequiredNodeAffinity(
  spec: Pick<PodSpec, 'nodeSelector' | 'affinity'>,
  node: NodeFacts,
): AffinityVerdict {
  for (const key in spec.nodeSelector) {
    const wanted = spec.nodeSelector[key]!
    const actual = Object.hasOwn(node.labels, key) ? node.labels[key] : undefined
    if (actual !== wanted) return { matches: false, because: 'nodeSelector', key, wanted, actual }
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined ? MATCHES : matchNodeSelector(required, node)
}
