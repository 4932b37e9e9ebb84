// Upstream: pkg/scheduler/framework/plugins/interpodaffinity/scoring.go.
import type { Pod, WeightedPodAffinityTerm } from '../../../api/core.ts'
import type { Cycle } from '../framework.ts'
import { hasAffinity, type NodeInfo } from '../node-info.ts'
import { addCount, affinityTerm, countAt, type TopologyCounts, termPicks } from './inter-pod-affinity.ts'

/** What a required affinity term of a Pod that is there is worth. */
const HARD_POD_AFFINITY_WEIGHT = 1

interface WeightedTerm {
  readonly weight: number
  readonly term: ReturnType<typeof affinityTerm>
}

/** Preferred affinity and anti-affinity, of this Pod and of those that are there. */
export function scoreInterPodAffinity(cycle: Cycle, nodes: readonly NodeInfo[]): readonly number[] | undefined {
  const { pod } = cycle.pod
  const own = preferredTerms(pod)
  const counts: TopologyCounts = new Map()
  const score = (existing: Pod, node: NodeInfo) => {
    for (const { weight, term } of own)
      if (termPicks(term, existing, cycle.namespaceLabels)) addCount(counts, node, term.topologyKey, weight)
    if (existing.spec.affinity === undefined) return
    for (const { weight, term } of termsOfExisting(existing))
      if (termPicks(term, pod, cycle.namespaceLabels)) addCount(counts, node, term.topologyKey, weight)
  }
  // Without terms of its own, only Pods with terms can matter.
  for (const node of own.length > 0 ? cycle.nodes.all() : cycle.nodes.withAffinity()) {
    for (const existing of node.pods.values()) if (own.length > 0 || hasAffinity(existing)) score(existing.pod, node)
  }
  if (counts.size === 0) return undefined
  const raw = nodes.map((node) => {
    let sum = 0
    for (const key of counts.keys()) sum += countAt(counts, node, key)
    return sum
  })
  const smallest = Math.min(...raw)
  const spread = Math.max(...raw) - smallest
  return raw.map((points) => (spread === 0 ? 0 : Math.floor((100 * (points - smallest)) / spread)))
}

function preferredTerms(pod: Pod): readonly WeightedTerm[] {
  const weigh = (terms: readonly WeightedPodAffinityTerm[] | undefined, sign: 1 | -1): readonly WeightedTerm[] =>
    (terms ?? []).map(({ weight, podAffinityTerm }) => ({
      weight: sign * weight,
      term: affinityTerm(podAffinityTerm, pod),
    }))
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  return [
    ...weigh(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution, 1),
    ...weigh(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution, -1),
  ]
}

function termsOfExisting(pod: Pod): readonly WeightedTerm[] {
  const required = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  return [
    ...preferredTerms(pod),
    ...required.map((term) => ({ weight: HARD_POD_AFFINITY_WEIGHT, term: affinityTerm(term, pod) })),
  ]
}
