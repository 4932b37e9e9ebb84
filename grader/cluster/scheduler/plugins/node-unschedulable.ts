// Upstream: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go.
import type { Taint } from '../../../api/core.ts'
import { findToleration } from '../../../api/tolerations.ts'
import { type FilterPlugin, nodeRef } from '../framework.ts'

export const UNSCHEDULABLE_REASON = 'node(s) were unschedulable'
const UNSCHEDULABLE_TAINT: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** A cordoned Node takes only Pods that tolerate the unschedulable taint; daemon Pods do. */
export const nodeUnschedulable: FilterPlugin = {
  name: 'NodeUnschedulable',
  concerns: () => true,
  filter({ pod }, node) {
    if (node.node.spec.unschedulable !== true) return undefined
    if (findToleration(pod.pod.spec.tolerations, UNSCHEDULABLE_TAINT) !== undefined) return undefined
    return {
      plugin: 'NodeUnschedulable',
      unresolvable: true,
      reasons: [UNSCHEDULABLE_REASON],
      because: [
        {
          code: 'NodeUnschedulable',
          object: nodeRef(node.name),
          path: 'spec.unschedulable',
          kubernetes: UNSCHEDULABLE_REASON,
        },
      ],
    }
  },
}
