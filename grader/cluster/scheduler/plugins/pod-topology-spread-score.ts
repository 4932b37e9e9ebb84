// Upstream: pkg/scheduler/framework/plugins/podtopologyspread/scoring.go.
import type { Cycle } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { constraintsOf, countMatchingPods, countsAsDomain, type SpreadConstraint } from './pod-topology-spread.ts'

const HOSTNAME = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'

/** Fewer matching Pods in the Node's domains are better; without constraints of its own a Pod gets the cluster's default ones. */
export function scoreTopologySpread(cycle: Cycle, nodes: readonly NodeInfo[]): readonly number[] | undefined {
  const { pod } = cycle.pod
  const own = (pod.spec.topologySpreadConstraints?.length ?? 0) > 0
  const constraints = own ? constraintsOf(pod, 'ScheduleAnyway') : defaultConstraints(cycle)
  if (constraints.length === 0) return undefined
  const ignored = nodes.map(
    (node) => own && !constraints.every(({ topologyKey }) => node.node.metadata.labels?.[topologyKey] !== undefined),
  )
  const counts = constraints.map((constraint) =>
    domainCounts(
      cycle,
      constraint,
      nodes.filter((_, i) => !ignored[i]),
    ),
  )
  const counted = nodes.length - ignored.filter(Boolean).length
  const weights = constraints.map(({ topologyKey }, i) =>
    Math.log((topologyKey === HOSTNAME ? counted : counts[i]!.size) + 2),
  )
  const raw = nodes.map((node, n) => {
    if (ignored[n]) return 0
    let sum = 0
    constraints.forEach(({ topologyKey, selector, maxSkew }, i) => {
      const value = node.node.metadata.labels?.[topologyKey]
      if (value === undefined) return
      const count =
        topologyKey === HOSTNAME
          ? countMatchingPods(node, selector, pod.metadata.namespace)
          : (counts[i]!.get(value) ?? 0)
      sum += count * weights[i]! + (maxSkew - 1)
    })
    return Math.round(sum)
  })
  return normalizeSpread(raw, ignored)
}

/** The built-in defaults: spread over hosts and zones, for Pods of Services, ReplicaSets and their like only. */
function defaultConstraints(cycle: Cycle): readonly SpreadConstraint[] {
  const selector = cycle.defaultSelector()
  if (selector === undefined || selector.requirements.length === 0) return []
  const make = (topologyKey: string, maxSkew: number): SpreadConstraint => ({
    topologyKey,
    maxSkew,
    minDomains: 1,
    selector,
    honorsAffinity: true,
    honorsTaints: false,
    path: '',
  })
  return [make(HOSTNAME, 3), make(ZONE, 5)]
}

/** Matching Pods per domain that a feasible Node lies in; hosts are counted one by one, when they are scored. */
function domainCounts(
  cycle: Cycle,
  constraint: SpreadConstraint,
  feasible: readonly NodeInfo[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const { topologyKey, selector } = constraint
  if (topologyKey === HOSTNAME) return counts
  for (const { node } of feasible) {
    const value = node.metadata.labels?.[topologyKey]
    if (value !== undefined) counts.set(value, 0)
  }
  if (counts.size === 0) return counts
  const { pod } = cycle.pod
  for (const node of cycle.nodes.all()) {
    const value = node.node.metadata.labels?.[topologyKey]
    if (value === undefined || !counts.has(value) || !countsAsDomain(constraint, pod, node.node)) continue
    counts.set(value, counts.get(value)! + countMatchingPods(node, selector, pod.metadata.namespace))
  }
  return counts
}

function normalizeSpread(raw: readonly number[], ignored: readonly boolean[]): readonly number[] {
  const scores = raw.filter((_, i) => !ignored[i])
  const smallest = Math.min(...scores)
  const largest = Math.max(...scores)
  return raw.map((score, i) => {
    if (ignored[i]) return 0
    return largest === 0 ? 100 : Math.floor((100 * (largest + smallest - score)) / largest)
  })
}
