// Which of several feasible Nodes is best. Upstream: pkg/scheduler/schedule_one.go (prioritizeNodes, selectHost).
import type { Random } from '../random.ts'
import type { Cycle } from './framework.ts'
import type { NodeInfo } from './node-info.ts'

/** The Node with the highest score; among equals the seed decides. */
export function selectHost(_cycle: Cycle, feasible: readonly NodeInfo[], random: Random): NodeInfo {
  return feasible[random.integer(feasible.length)]!
}
