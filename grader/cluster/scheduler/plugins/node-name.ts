// Upstream: pkg/scheduler/framework/plugins/nodename/node_name.go.
import { type FilterPlugin, podRef } from '../framework.ts'

export const NODE_NAME_REASON = "node(s) didn't match the requested node name"

/** A Pod that names its Node goes there or nowhere. Such a Pod hardly ever meets the scheduler: it counts as bound. */
export const nodeName: FilterPlugin = {
  name: 'NodeName',
  concerns: ({ pod }) => (pod.pod.spec.nodeName ?? '') !== '',
  filter({ pod }, node) {
    if (pod.pod.spec.nodeName === node.name) return undefined
    return {
      plugin: 'NodeName',
      unresolvable: true,
      reasons: [NODE_NAME_REASON],
      because: [
        { code: 'NodeNameMismatch', object: podRef(pod.pod), path: 'spec.nodeName', kubernetes: NODE_NAME_REASON },
      ],
    }
  },
}
