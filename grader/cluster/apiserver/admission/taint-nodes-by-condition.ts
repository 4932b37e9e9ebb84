// TaintNodesByCondition: a new Node is not ready before somebody says so.
// Upstream: plugin/pkg/admission/nodetaint/admission.go.
import type { Node, Taint } from '../../../api/core.ts'

const NOT_READY: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }

/** The Node with the taint `node.kubernetes.io/not-ready:NoSchedule`. */
export function taintNewNode(node: Node): Node {
  const { taints = [] } = node.spec
  if (taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) return node
  return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } }
}
