// Upstream: pkg/scheduler/framework/plugins/podtopologyspread/{common,filtering}.go.
import type { Node, Pod, TopologySpreadConstraint } from '../../../api/core.ts'
import { NOTHING, type Selector, selectorMatches, selectorOf } from '../../../api/labels.ts'
import { factsOf, matchRequiredNodeAffinity } from '../../../api/node-affinity.ts'
import { firstUntoleratedTaint } from '../../../api/tolerations.ts'
import { type Cycle, type FilterPlugin, podRef } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'

export const SPREAD_REASON = "node(s) didn't match pod topology spread constraints"
export const SPREAD_MISSING_LABEL_REASON = `${SPREAD_REASON} (missing required label)`

/** A constraint with its selector made ready. */
export interface SpreadConstraint {
  readonly topologyKey: string
  readonly maxSkew: number
  readonly minDomains: number
  readonly selector: Selector
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
  readonly path: string
}

export interface SpreadState {
  readonly constraints: readonly SpreadConstraint[]
  /** Per constraint: matching Pods by value of the topology key, over the Nodes that count. */
  readonly counts: readonly ReadonlyMap<string, number>[]
}

export const podTopologySpread: FilterPlugin = {
  name: 'PodTopologySpread',
  concerns: ({ pod }) =>
    pod.pod.spec.topologySpreadConstraints?.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule') ??
    false,
  filter(cycle, node) {
    const { constraints, counts } = stateOf(cycle)
    const { labels } = node.node.metadata
    for (const [i, constraint] of constraints.entries()) {
      const value = labels?.[constraint.topologyKey]
      const skew = value === undefined ? undefined : skewWith(cycle.pod.pod, constraint, counts[i]!, value)
      if (skew !== undefined && skew <= constraint.maxSkew) continue
      const reason = skew === undefined ? SPREAD_MISSING_LABEL_REASON : SPREAD_REASON
      const params = {
        node: node.name,
        topologyKey: constraint.topologyKey,
        maxSkew: constraint.maxSkew,
        ...(skew === undefined ? {} : { skew }),
      }
      return {
        plugin: 'PodTopologySpread',
        unresolvable: skew === undefined,
        reasons: [reason],
        because: [
          {
            code: 'TopologySpreadMismatch',
            object: podRef(cycle.pod.pod),
            path: constraint.path,
            kubernetes: reason,
            params,
          },
        ],
      }
    }
    return undefined
  },
}

function stateOf(cycle: Cycle): SpreadState {
  const known = cycle.state.get('PodTopologySpread') as SpreadState | undefined
  if (known !== undefined) return known
  const constraints = constraintsOf(cycle.pod.pod, 'DoNotSchedule')
  const counts = constraints.map(() => new Map<string, number>())
  for (const node of cycle.nodes.all()) {
    if (!constraints.every(({ topologyKey }) => node.node.metadata.labels?.[topologyKey] !== undefined)) continue
    constraints.forEach((constraint, i) => {
      if (!countsAsDomain(constraint, cycle.pod.pod, node.node)) return
      const value = node.node.metadata.labels![constraint.topologyKey]!
      counts[i]!.set(
        value,
        (counts[i]!.get(value) ?? 0) + countMatchingPods(node, constraint.selector, cycle.pod.pod.metadata.namespace),
      )
    })
  }
  const state: SpreadState = { constraints, counts }
  cycle.state.set('PodTopologySpread', state)
  return state
}

/** How uneven it would be with the Pod there. Fewer domains than wanted count as one that has none. */
function skewWith(
  pod: Pod,
  { selector, minDomains }: SpreadConstraint,
  counts: ReadonlyMap<string, number>,
  value: string,
): number {
  let minimum = counts.size === 0 ? Number.MAX_SAFE_INTEGER : Math.min(...counts.values())
  if (counts.size < minDomains) minimum = 0
  const own = selectorMatches(selector, pod.metadata.labels) ? 1 : 0
  return (counts.get(value) ?? 0) + own - minimum
}

/** The Pod's own constraints of one kind. Labels under matchLabelKeys join the selector. */
export function constraintsOf(
  pod: Pod,
  kind: TopologySpreadConstraint['whenUnsatisfiable'],
): readonly SpreadConstraint[] {
  const constraints: SpreadConstraint[] = []
  pod.spec.topologySpreadConstraints?.forEach((constraint, i) => {
    if (constraint.whenUnsatisfiable !== kind) return
    const { topologyKey, maxSkew, minDomains = 1, nodeAffinityPolicy, nodeTaintsPolicy } = constraint
    constraints.push({
      topologyKey,
      maxSkew,
      minDomains,
      selector: spreadSelector(constraint, pod),
      honorsAffinity: nodeAffinityPolicy !== 'Ignore',
      honorsTaints: nodeTaintsPolicy === 'Honor',
      path: `spec.topologySpreadConstraints[${i}]`,
    })
  })
  return constraints
}

function spreadSelector({ labelSelector, matchLabelKeys }: TopologySpreadConstraint, pod: Pod): Selector {
  const parsed = selectorOf(labelSelector)
  const selector = parsed.ok ? parsed.value : NOTHING
  return withLabelKeys(selector, pod, matchLabelKeys, 'in')
}

/** The selector, and beside it that the Pod's own values of these keys are (or are not) the other's. */
export function withLabelKeys(
  selector: Selector,
  pod: Pod,
  keys: readonly string[] | undefined,
  operator: 'in' | 'notin',
): Selector {
  const own = (keys ?? []).flatMap((key) => {
    const value = pod.metadata.labels?.[key]
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
  return own.length === 0 || selector.nothing === true ? selector : { requirements: [...selector.requirements, ...own] }
}

/** Whether the Node is one of those among which Pods are spread. Upstream: matchNodeInclusionPolicies. */
export function countsAsDomain({ honorsAffinity, honorsTaints }: SpreadConstraint, pod: Pod, node: Node): boolean {
  if (honorsAffinity && !matchRequiredNodeAffinity(pod.spec, factsOf(node)).matches) return false
  return !honorsTaints || firstUntoleratedTaint(node.spec.taints, pod.spec.tolerations) === undefined
}

/** Pods of the namespace on the Node that the selector picks and that stay. An empty selector picks none here. */
export function countMatchingPods(node: NodeInfo, selector: Selector, namespace: string | undefined): number {
  if (selector.nothing === true || selector.requirements.length === 0) return 0
  let count = 0
  for (const { pod } of node.pods.values()) {
    const { metadata } = pod
    if (metadata.deletionTimestamp !== undefined || metadata.namespace !== namespace) continue
    if (selectorMatches(selector, metadata.labels)) count++
  }
  return count
}

/** Whether another Pod counts in one of the waiting Pod's constraints: its coming or going may help. */
export function podMatchesSpreadSelector(pod: Pod, waiting: Pod): boolean {
  if (pod.metadata.namespace !== waiting.metadata.namespace) return false
  return constraintsOf(waiting, 'DoNotSchedule').some(({ selector }) => selectorMatches(selector, pod.metadata.labels))
}
