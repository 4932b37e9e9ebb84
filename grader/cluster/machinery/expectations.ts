// What a controller has ordered and not yet seen come back. Upstream: pkg/controller/controller_utils.go
// (ControllerExpectations).
import type { Clock } from '../clock.ts'

/** A controller waits at most so long for its own orders; nothing wakes it when the time is over. */
const EXPIRES_AFTER_SECONDS = 300

export interface Expectations {
  /** No orders open, or they are older than five minutes. */
  satisfied(key: string): boolean
  /** Replaces whatever was expected. */
  set(key: string, creations: number, deletions: number): void
  creationObserved(key: string): void
  deletionObserved(key: string): void
  /** Takes back orders that were not carried out. */
  lowerCreations(key: string, by: number): void
  forget(key: string): void
}

interface Open {
  creations: number
  deletions: number
  readonly at: number
}

/** Expectations of one controller, by object key. Counters may become negative, as upstream. */
export function createExpectations(clock: Clock): Expectations {
  const open = new Map<string, Open>()
  const lower = (key: string, creations: number, deletions: number) => {
    const expected = open.get(key)
    if (expected === undefined) return
    expected.creations -= creations
    expected.deletions -= deletions
  }
  return {
    satisfied(key) {
      const expected = open.get(key)
      if (expected === undefined || (expected.creations <= 0 && expected.deletions <= 0)) return true
      return clock.now() - expected.at > EXPIRES_AFTER_SECONDS * 1000
    },
    set: (key, creations, deletions) => void open.set(key, { creations, deletions, at: clock.now() }),
    creationObserved: (key) => lower(key, 1, 0),
    deletionObserved: (key) => lower(key, 0, 1),
    lowerCreations: (key, by) => lower(key, by, 0),
    forget: (key) => void open.delete(key),
  }
}
