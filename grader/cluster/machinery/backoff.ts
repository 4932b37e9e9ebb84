// Delays that double from one failure to the next. Upstream: client-go/util/flowcontrol/backoff.go, without jitter.
import type { Clock } from '../clock.ts'

export interface Backoff {
  /** The present delay, or 0 without one. */
  delaySeconds(id: string): number
  /** Whether less than the delay has passed since it was last raised. */
  isInBackOff(id: string): boolean
  /** Raises the delay: the first one, or twice the last one up to the maximum. */
  next(id: string): void
}

export interface BackoffParts {
  readonly clock: Clock
  readonly initialSeconds: number
  readonly maxSeconds: number
}

interface Entry {
  delaySeconds: number
  at: number
}

const SWEEP_SECONDS = 60

/** Delays by id; an id that was left alone for twice the maximum starts afresh. */
export function createBackoff({ clock, initialSeconds, maxSeconds }: BackoffParts): Backoff {
  const entries = new Map<string, Entry>()
  let sweptAt = clock.now()
  const isStale = (entry: Entry) => clock.now() - entry.at > maxSeconds * 2 * 1000

  const sweep = () => {
    if (clock.now() - sweptAt < SWEEP_SECONDS * 1000) return
    sweptAt = clock.now()
    for (const [id, entry] of entries) if (isStale(entry)) entries.delete(id)
  }

  return {
    delaySeconds: (id) => entries.get(id)?.delaySeconds ?? 0,
    isInBackOff(id) {
      const entry = entries.get(id)
      return entry !== undefined && !isStale(entry) && clock.now() - entry.at < entry.delaySeconds * 1000
    },
    next(id) {
      sweep()
      const entry = entries.get(id)
      if (entry === undefined || isStale(entry)) entries.set(id, { delaySeconds: initialSeconds, at: clock.now() })
      else {
        entry.delaySeconds = Math.min(entry.delaySeconds * 2, maxSeconds)
        entry.at = clock.now()
      }
    },
  }
}
