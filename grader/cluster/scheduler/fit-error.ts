// What a Pod that fits nowhere is told. Upstream: pkg/scheduler/framework/types.go (FitError.Error).
import type { Diagnosis } from './find-nodes.ts'

export const NO_NODES_MESSAGE = 'no nodes available to schedule pods'

/**
 * `0/5 nodes are available: 1 Insufficient cpu, 4 node(s) didn't satisfy plugin(s) [NodeAffinity].` plus what PostFilter
 * has to say. Each Node adds one to every reason that the plugin which rejected it gave.
 */
export function formatFitError(numberOfNodes: number, diagnosis: Diagnosis, postFilterMessage: string): string {
  const start = `0/${numberOfNodes} nodes are available:`
  const { podRejection } = diagnosis
  const middle =
    podRejection === undefined ? countsText(countReasons(numberOfNodes, diagnosis)) : ` ${podRejection.message}.`
  return postFilterMessage === '' ? `${start}${middle}` : `${start}${middle} ${postFilterMessage}`
}

function countReasons(numberOfNodes: number, { rejections, absentReason }: Diagnosis): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { reasons } of rejections.values())
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const absent = numberOfNodes - rejections.size
  if (absent > 0 && absentReason !== undefined) counts.set(absentReason, (counts.get(absentReason) ?? 0) + absent)
  return counts
}

/** ` 1 Insufficient cpu, 4 node(s) ….`, the counted reasons sorted as texts; nothing without any. */
export function countsText(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return ''
  const texts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  return ` ${texts.join(', ')}.`
}
