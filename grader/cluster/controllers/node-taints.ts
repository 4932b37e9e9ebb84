// Which taints the conditions of a Node call for. Upstream: doNoScheduleTaintingPass and processTaintBaseEviction in
// pkg/controller/nodelifecycle/node_lifecycle_controller.go.
import type { ConditionStatus, Node, NodeCondition, Taint, TaintEffect } from '../../api/core.ts'

export const NOT_READY_TAINT = 'node.kubernetes.io/not-ready'
export const UNREACHABLE_TAINT = 'node.kubernetes.io/unreachable'
export const UNSCHEDULABLE_TAINT = 'node.kubernetes.io/unschedulable'
export const OUT_OF_SERVICE_TAINT = 'node.kubernetes.io/out-of-service'

const TAINT_OF_CONDITION: Readonly<Record<string, Readonly<Partial<Record<ConditionStatus, string>>>>> = {
  Ready: { False: NOT_READY_TAINT, Unknown: UNREACHABLE_TAINT },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
}
const MANAGED_KEYS = new Set([
  ...Object.values(TAINT_OF_CONDITION).flatMap((byStatus) => Object.values(byStatus)),
  UNSCHEDULABLE_TAINT,
])

/** A taint that is missing, with the condition (or field) that calls for it. */
export interface WantedTaint {
  readonly key: string
  readonly because: string
}

export interface TaintDifference {
  readonly add: readonly WantedTaint[]
  /** Keys of managed taints that nothing justifies any more, also of such as were put there by hand. */
  readonly remove: readonly string[]
}

const NOTHING: TaintDifference = { add: [], remove: [] }

/** How the NoSchedule taints that this controller manages differ from what conditions and `unschedulable` call for. */
export function noScheduleTaintDifference(node: Node): TaintDifference {
  const wanted = wantedTaints(node)
  const present = node.spec?.taints?.filter(({ key, effect }) => effect === 'NoSchedule' && MANAGED_KEYS.has(key)) ?? []
  if (wanted.length === 0 && present.length === 0) return NOTHING
  return {
    add: wanted.filter(({ key }) => !present.some((taint) => taint.key === key)),
    remove: present.filter(({ key }) => !wanted.some((taint) => taint.key === key)).map(({ key }) => key),
  }
}

function wantedTaints(node: Node): WantedTaint[] {
  const wanted: WantedTaint[] = []
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = Object.hasOwn(TAINT_OF_CONDITION, type) ? TAINT_OF_CONDITION[type]![status] : undefined
    if (key !== undefined) wanted.push({ key, because: `status.conditions[${type}]` })
  }
  if (node.spec?.unschedulable === true) wanted.push({ key: UNSCHEDULABLE_TAINT, because: 'spec.unschedulable' })
  return wanted
}

/** Keys to add and to remove, for taints of one effect. */
export interface TaintChange {
  readonly effect: TaintEffect
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** `timeAdded` of those that come. */
  readonly now: string
}

/** The taints without those to remove and with those to add at the end, each stamped with the present moment. */
export function changedTaints(taints: readonly Taint[], { effect, add, remove, now }: TaintChange): readonly Taint[] {
  const kept = taints.filter(
    (taint) => taint.effect !== effect || (!remove.includes(taint.key) && !add.includes(taint.key)),
  )
  return [...kept, ...add.map((key): Taint => ({ key, effect, timeAdded: now }))]
}

export function readyConditionOf(node: Node): NodeCondition | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready')
}

export function hasTaint(node: Node, key: string, effect: TaintEffect): boolean {
  return node.spec?.taints?.some((taint) => taint.key === key && taint.effect === effect) ?? false
}

/** Conditions that turn Unknown when the kubelet falls silent, in the order in which they are filled in. */
const WATCHED_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']

/** The conditions of a Node whose kubelet was not heard of for the grace period. */
export function silentConditions(node: Node, now: string): readonly NodeCondition[] {
  const conditions = node.status?.conditions ?? []
  const missing = WATCHED_CONDITIONS.filter((type) => !conditions.some((condition) => condition.type === type))
  return [
    ...conditions.map((condition): NodeCondition => {
      if (!WATCHED_CONDITIONS.includes(condition.type) || condition.status === 'Unknown') return condition
      return {
        ...condition,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: now,
      }
    }),
    ...missing.map(
      (type): NodeCondition => ({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata.creationTimestamp,
        lastTransitionTime: now,
      }),
    ),
  ]
}
