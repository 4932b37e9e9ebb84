// Looks transitions up. Whoever moves a container, a Pod or a Node asks here; a step that no edge allows is a fault of ours.
import { assert } from '../../api/assert.ts'

export interface TransitionTable {
  /** The first state of each region; one for a machine without regions. */
  readonly initial: readonly string[]
  /** For each state: event → next state. Events that are not there change nothing or must not happen. */
  readonly next: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** One edge of a machine and how often it was taken. */
export interface Edge {
  readonly from: string
  readonly event: string
  readonly to: string
  readonly taken: number
}

export interface Lifecycle {
  readonly initial: readonly string[]
  /** The state after the event; throws AssertionError where the machine has no such edge. */
  next(state: string, event: string): string
  /** Whether the machine has the edge. */
  allows(state: string, event: string): boolean
  /** All edges, with how often each was taken. */
  edges(): readonly Edge[]
}

/** A lifecycle on a table, counting what it sees. */
export function createLifecycle(name: string, table: TransitionTable): Lifecycle {
  const taken = new Map<string, Map<string, number>>()
  return {
    initial: table.initial,
    next(state, event) {
      const to = table.next[state]?.[event]
      assert(to !== undefined, `the ${name} machine has an edge ${event} from ${state}`)
      let counts = taken.get(state)
      if (counts === undefined) {
        counts = new Map()
        taken.set(state, counts)
      }
      counts.set(event, (counts.get(event) ?? 0) + 1)
      return to
    },
    allows: (state, event) => table.next[state]?.[event] !== undefined,
    edges: () =>
      Object.entries(table.next).flatMap(([from, events]) =>
        Object.entries(events).map(([event, to]) => ({ from, event, to, taken: taken.get(from)?.get(event) ?? 0 })),
      ),
  }
}
