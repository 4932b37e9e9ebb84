// Upstream: pkg/scheduler/framework/plugins/nodeports/node_ports.go.
import { hostPortsConflict } from '../../../api/pod-resources.ts'
import { type FilterPlugin, podRef } from '../framework.ts'

export const NODE_PORTS_REASON = "node(s) didn't have free ports for the requested pod ports"

/** Two Pods cannot have the same port of one host. */
export const nodePorts: FilterPlugin = {
  name: 'NodePorts',
  concerns: ({ pod }) => pod.hostPorts.length > 0,
  filter({ pod }, node) {
    if (node.withPorts === 0) return undefined
    for (const other of node.pods.values()) {
      for (const taken of other.hostPorts) {
        const wanted = pod.hostPorts.find((port) => hostPortsConflict(port, taken))
        if (wanted === undefined) continue
        const params = { node: node.name, port: wanted.port, protocol: wanted.protocol, holder: other.key }
        return {
          plugin: 'NodePorts',
          unresolvable: false,
          reasons: [NODE_PORTS_REASON],
          because: [
            {
              code: 'HostPortConflict',
              object: podRef(pod.pod),
              path: wanted.path,
              kubernetes: NODE_PORTS_REASON,
              params,
            },
          ],
        }
      }
    }
    return undefined
  },
}
