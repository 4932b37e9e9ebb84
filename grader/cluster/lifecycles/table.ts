// The lookup tables that the kubelet runs on, drawn once from the machines: docs/architecture.md, "State machines".
// Building takes longer than a cold start may, so the result is committed (generated/transitions.ts, by
// scripts/generate-lifecycles.mjs) and a test proves that it equals the machines.
import type { AnyStateMachine, EventObject, StateValue } from 'xstate'
import { getAdjacencyMap } from 'xstate/graph'
import { CONTAINER_EVENTS, containerMachine } from './container.machine.ts'
import type { TransitionTable } from './lifecycle.ts'
import { NODE_EVENTS, nodeMachine } from './node.machine.ts'
import { POD_EVENTS, podMachine } from './pod.machine.ts'

export type LifecycleName = 'container' | 'node' | 'pod'

/** The tables of all three machines. */
export function drawTables(): Readonly<Record<LifecycleName, TransitionTable>> {
  return {
    container: drawTable(containerMachine, CONTAINER_EVENTS),
    node: drawTable(nodeMachine, NODE_EVENTS),
    pod: drawTable(podMachine, POD_EVENTS),
  }
}

interface Reached {
  readonly event: EventObject
  readonly state: { readonly value: StateValue }
}

/**
 * States and, for each, which event leads where; events that change nothing are no edges. The regions of a parallel
 * machine do not know each other, so each keeps its own states, and an edge says which state of its region it leaves.
 */
function drawTable(machine: AnyStateMachine, events: readonly string[]): TransitionTable {
  const adjacency = getAdjacencyMap(machine, { events: events.map((type) => ({ type })) })
  const next: Record<string, Record<string, string>> = {}
  for (const { state, transitions } of Object.values(adjacency)) {
    const before = regionsOf(state.value)
    for (const from of before) next[from] ??= {}
    for (const { event, state: reached } of Object.values(transitions as Readonly<Record<string, Reached>>)) {
      const after = regionsOf(reached.value)
      before.forEach((from, region) => {
        if (after[region] !== from) next[from]![event.type] = after[region]!
      })
    }
  }
  return {
    initial: regionsOf(machine.getInitialSnapshot({} as never, undefined as never).value),
    next: sortedTable(next, events),
  }
}

/** The state of each region, in the machine's order; one for a machine without regions. */
function regionsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : Object.values(value as Record<string, string>)
}

function sortedTable(
  next: Readonly<Record<string, Readonly<Record<string, string>>>>,
  events: readonly string[],
): TransitionTable['next'] {
  const states = Object.keys(next).sort()
  return Object.fromEntries(
    states.map((state) => [
      state,
      Object.fromEntries(
        events.flatMap((event) => (next[state]![event] === undefined ? [] : [[event, next[state]![event]!]])),
      ),
    ]),
  )
}
