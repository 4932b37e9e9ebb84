// Writes what a Node's state calls for: NoSchedule taints of its conditions and the old labels that follow new ones.
// Upstream: doNoScheduleTaintingPass and reconcileNodeLabels in pkg/controller/nodelifecycle/node_lifecycle_controller.go.
import type { ApiClient } from '../../api/api-client.ts'
import type { Node } from '../../api/core.ts'
import type { Json, JsonObject, StringMap } from '../../api/meta.ts'
import { nodes as nodeResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Trace } from '../trace.ts'
import { changedTaints, noScheduleTaintDifference, type TaintChange, type TaintDifference } from './node-taints.ts'

/** Old label and the one that it follows. */
const LABEL_PAIRS: readonly (readonly [string, string])[] = [
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
]

export interface NodeReconciler {
  /** Writes what differs, if anything does; false if the write was refused. */
  reconcile(node: Node): boolean
  writeTaints(node: Node, change: Omit<TaintChange, 'now'>): boolean
}

export interface NodeReconcilerParts {
  readonly by: string
  readonly client: ApiClient
  readonly clock: Clock
  readonly trace: Trace
}

/** The writer of one controller. */
export function createNodeReconciler({ by, client, clock, trace }: NodeReconcilerParts): NodeReconciler {
  // Simplified: upstream writes added taints, removed taints and labels one after the other; ours is one write.
  function reconcile(node: Node): boolean {
    const { add, remove } = noScheduleTaintDifference(node)
    const labels = missingLabels(node)
    const changesTaints = add.length > 0 || remove.length > 0
    if (!changesTaints && labels === undefined) return true
    if (changesTaints) recordTaints(node, { add, remove })
    const change = { effect: 'NoSchedule', add: add.map(({ key }) => key), remove } as const
    return write(node, {
      ...(changesTaints ? { spec: { taints: taintsAfter(node, change) } } : {}),
      ...(labels === undefined ? {} : { metadata: { labels } }),
    })
  }

  function recordTaints(node: Node, { add, remove }: TaintDifference): void {
    const object = { kind: 'Node', name: node.metadata.name }
    trace.cause = trace.record(by, {
      type: 'decision',
      about: object,
      decision: add.length > 0 ? 'taint' : 'removeTaint',
      because: [
        ...add.map(({ key, because }) => ({
          code: 'ConditionTaint',
          object,
          path: because,
          params: { taint: `${key}:NoSchedule` },
        })),
        ...remove.map((key) => ({ code: 'ConditionGone', object, params: { taint: `${key}:NoSchedule` } })),
      ],
    })
  }

  function writeTaints(node: Node, change: Omit<TaintChange, 'now'>): boolean {
    return write(node, { spec: { taints: taintsAfter(node, change) } })
  }

  function taintsAfter(node: Node, change: Omit<TaintChange, 'now'>): Json {
    const taints = changedTaints(node.spec?.taints ?? [], { ...change, now: clock.timestamp() })
    return taints.length === 0 ? null : (taints as unknown as Json)
  }

  function write(node: Node, body: JsonObject): boolean {
    const patched = client.patch(nodeResource, node.metadata, { type: 'strategic', body })
    return patched.ok || patched.status.reason === 'NotFound'
  }

  return { reconcile, writeTaints }
}

/** Whether a Node's taints or old labels are not what they should be: most changes of Nodes need nothing. */
export function needsReconciling(node: Node): boolean {
  const { add, remove } = noScheduleTaintDifference(node)
  return add.length > 0 || remove.length > 0 || missingLabels(node) !== undefined
}

function missingLabels({ metadata: { labels } }: Node): StringMap | undefined {
  let missing: Record<string, string> | undefined
  for (const [old, label] of LABEL_PAIRS) {
    const value = labels?.[label]
    if (value !== undefined && labels?.[old] !== value) missing = { ...missing, [old]: value }
  }
  return missing
}
