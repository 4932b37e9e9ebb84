// The NoExecute taints of Nodes that are not Ready, given out at the rate that their zone allows.
// Upstream: processTaintBaseEviction and doNoExecuteTaintingPass in pkg/controller/nodelifecycle/node_lifecycle_controller.go.
import type { Node } from '../../api/core.ts'
import type { Clock } from '../clock.ts'
import type { Trace } from '../trace.ts'
import type { NodeReconciler } from './node-reconciler.ts'
import { hasTaint, NOT_READY_TAINT, readyConditionOf, UNREACHABLE_TAINT } from './node-taints.ts'
import type { Disruption } from './zone-disruption.ts'

/** How often the queues are looked at. */
const PERIOD_SECONDS = 0.1

export interface NoExecuteTaints {
  /** Swaps, queues or removes, as the Node's Ready status wants. */
  decide(name: string, zone: string): void
  remove(name: string, zone: string): void
  /** Sees to it that the queues are looked at when the next Node may be let through. */
  wake(): void
}

export interface NoExecuteTaintsParts {
  readonly by: string
  readonly clock: Clock
  readonly trace: Trace
  readonly disruption: Disruption
  readonly freshNode: (name: string) => Node | undefined
  readonly writeTaints: NodeReconciler['writeTaints']
}

export function createNoExecuteTaints(parts: NoExecuteTaintsParts): NoExecuteTaints {
  const { by, clock, trace, disruption, freshNode, writeTaints } = parts
  let timerAt: number | undefined

  /** What the Ready status means for the two NoExecute taints. Upstream: processTaintBaseEviction. */
  function decide(name: string, zone: string): void {
    const node = freshNode(name)
    if (node === undefined) return
    const status = readyConditionOf(node)?.status
    if (status === 'True') remove(name, zone)
    if (status === undefined || status === 'True') return
    const { own, other } = noExecuteKeys(status)
    // A wrong one of the two is swapped at once; a first one waits for its turn.
    if (hasTaint(node, other, 'NoExecute')) writeTaints(node, { effect: 'NoExecute', add: [own], remove: [other] })
    else if (!hasTaint(node, own, 'NoExecute')) disruption.queueOf(zone).add(name)
  }

  function remove(name: string, zone: string): void {
    disruption.queueOf(zone).remove(name)
    const node = freshNode(name)
    if (node === undefined) return
    const present = [NOT_READY_TAINT, UNREACHABLE_TAINT].filter((key) => hasTaint(node, key, 'NoExecute'))
    if (present.length > 0) writeTaints(node, { effect: 'NoExecute', add: [], remove: present })
  }

  function wake(): void {
    let next: number | undefined
    for (const queue of disruption.queues()) {
      const at = queue.nextAt(clock.now())
      if (at !== undefined && (next === undefined || at < next)) next = at
    }
    if (next === undefined || (timerAt !== undefined && timerAt <= next && timerAt > clock.now())) return
    const delaySeconds = Math.max(PERIOD_SECONDS, (next - clock.now()) / 1000)
    timerAt = clock.now() + delaySeconds * 1000
    clock.after(delaySeconds, by, drain)
  }

  function drain(): void {
    timerAt = undefined
    for (const queue of disruption.queues()) {
      const name = queue.take(clock.now())
      if (name !== undefined) add(name)
    }
    wake()
  }

  /** Reads the Ready status anew: it may have changed while the Node waited. */
  function add(name: string): void {
    const node = freshNode(name)
    const status = node === undefined ? undefined : readyConditionOf(node)?.status
    if (node === undefined || status === undefined || status === 'True') return
    const { own, other } = noExecuteKeys(status)
    const object = { kind: 'Node', name }
    trace.cause = trace.record(by, {
      type: 'decision',
      about: object,
      decision: 'taint',
      because: [
        {
          code: status === 'False' ? 'NodeNotReady' : 'NodeUnreachable',
          object,
          path: 'status.conditions[Ready]',
          params: { taint: `${own}:NoExecute` },
        },
      ],
    })
    writeTaints(node, { effect: 'NoExecute', add: [own], remove: [other] })
  }

  return { decide, remove, wake }
}

function noExecuteKeys(status: 'False' | 'Unknown'): { readonly own: string; readonly other: string } {
  return status === 'False'
    ? { own: NOT_READY_TAINT, other: UNREACHABLE_TAINT }
    : { own: UNREACHABLE_TAINT, other: NOT_READY_TAINT }
}

/** Whether one of the two is there. */
export function hasNoExecuteTaint({ spec }: Node): boolean {
  return (
    spec?.taints?.some(
      ({ key, effect }) => effect === 'NoExecute' && (key === NOT_READY_TAINT || key === UNREACHABLE_TAINT),
    ) ?? false
  )
}
