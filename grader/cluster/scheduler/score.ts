// Which of several feasible Nodes is best. Upstream: pkg/scheduler/schedule_one.go (prioritizeNodes, selectHost).
// Simplified: ImageLocality gives every Node the same, since our Nodes do not list their images.
import type { Random } from '../random.ts'
import type { Cycle } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import { scoreInterPodAffinity } from './plugins/inter-pod-affinity-score.ts'
import { scorePreferredTerms } from './plugins/node-affinity.ts'
import { scoreBalancedAllocation, scoreLeastAllocated } from './plugins/node-resources-score.ts'
import { scoreTopologySpread } from './plugins/pod-topology-spread-score.ts'
import { countIntolerablePreferredTaints } from './plugins/taint-toleration.ts'

export const MAX_NODE_SCORE = 100

/** One plugin's scores for the feasible Nodes, in their order, already from 0 to 100; undefined when it has no say. */
type ScorePlugin = (cycle: Cycle, nodes: readonly NodeInfo[]) => readonly number[] | undefined

const SCORERS: readonly { readonly weight: number; readonly score: ScorePlugin }[] = [
  {
    weight: 3,
    score: (cycle, nodes) =>
      normalize(
        nodes.map((node) => countIntolerablePreferredTaints(cycle.pod, node)),
        'fewerIsBetter',
      ),
  },
  {
    weight: 2,
    score: (cycle, nodes) =>
      cycle.pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution === undefined
        ? undefined
        : normalize(
            nodes.map((node) => scorePreferredTerms(cycle.pod, node)),
            'moreIsBetter',
          ),
  },
  { weight: 1, score: (cycle, nodes) => nodes.map((node) => scoreLeastAllocated(cycle.pod, node)) },
  { weight: 2, score: scoreTopologySpread },
  { weight: 2, score: scoreInterPodAffinity },
  { weight: 1, score: (cycle, nodes) => scoreBalancedAllocation(cycle.pod, nodes) },
]

/** The weighted sum of all plugins' scores, one per Node. Pure. */
export function scoreNodes(cycle: Cycle, nodes: readonly NodeInfo[]): readonly number[] {
  const total = nodes.map(() => 0)
  for (const { weight, score } of SCORERS) {
    score(cycle, nodes)?.forEach((points, i) => {
      total[i]! += weight * points
    })
  }
  return total
}

/** The Node with the highest score; among equals the seed decides. */
export function selectHost(cycle: Cycle, feasible: readonly NodeInfo[], random: Random): NodeInfo {
  const scores = scoreNodes(cycle, feasible)
  const highest = Math.max(...scores)
  const best = feasible.filter((_, i) => scores[i] === highest)
  return best.length === 1 ? best[0]! : best[random.integer(best.length)]!
}

/** From 0 to 100 by the largest. Upstream: helper.DefaultNormalizeScore. */
function normalize(scores: readonly number[], direction: 'moreIsBetter' | 'fewerIsBetter'): readonly number[] {
  const largest = Math.max(0, ...scores)
  const reverse = direction === 'fewerIsBetter'
  if (largest === 0) return reverse ? scores.map(() => MAX_NODE_SCORE) : scores
  return scores.map((score) => {
    const share = Math.floor((MAX_NODE_SCORE * score) / largest)
    return reverse ? MAX_NODE_SCORE - share : share
  })
}
