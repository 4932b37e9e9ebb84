// Upstream: pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go.
import { findToleration, firstUntoleratedTaint, formatTaint } from '../../../api/tolerations.ts'
import { type FilterPlugin, nodeRef, type PodInfo } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'

export const UNTOLERATED_TAINT_REASON = 'node(s) had untolerated taint(s)'

/** A NoSchedule or NoExecute taint keeps off every Pod without a toleration for it. The first such taint is named. */
export const taintToleration: FilterPlugin = {
  name: 'TaintToleration',
  concerns: () => true,
  filter({ pod }, node) {
    const { taints } = node.node.spec
    if (taints === undefined || taints.length === 0) return undefined
    const taint = firstUntoleratedTaint(taints, pod.pod.spec.tolerations)
    if (taint === undefined) return undefined
    return {
      plugin: 'TaintToleration',
      unresolvable: true,
      reasons: [UNTOLERATED_TAINT_REASON],
      because: [
        {
          code: 'UntoleratedTaint',
          object: nodeRef(node.name),
          path: `spec.taints[${taints.indexOf(taint)}]`,
          kubernetes: UNTOLERATED_TAINT_REASON,
          params: { taint: formatTaint(taint) },
        },
      ],
    }
  },
}

/** How many PreferNoSchedule taints the Pod does not tolerate: fewer is better. Upstream: countIntolerableTaintsPreferNoSchedule. */
export function countIntolerablePreferredTaints(pod: PodInfo, node: NodeInfo): number {
  const tolerations = pod.pod.spec.tolerations?.filter(
    ({ effect }) => ((effect as string | undefined) ?? '') === '' || effect === 'PreferNoSchedule',
  )
  return (node.node.spec.taints ?? []).filter(
    (taint) => taint.effect === 'PreferNoSchedule' && findToleration(tolerations, taint) === undefined,
  ).length
}
