/**
 * kubectl stamps `rollout restart` with its own clock, in whole seconds, and refuses a second restart within the same one.
 * Where time is virtual a settled second may be a millisecond for kubectl: whoever moves time then waits for the next
 * second of the wall clock, so that the next restart gets a stamp of its own.
 */

const STAMP = 'kubectl.kubernetes.io/restartedAt'

export interface RestartStamps {
  /** Takes note of a body that carries a stamp. */
  note(body: string): void
  /** Resolves when a new stamp would differ from the last one: at once unless there was one in this very second. */
  passed(): Promise<void>
}

export function createRestartStamps(): RestartStamps {
  let stampedAt = Number.NEGATIVE_INFINITY
  const secondOf = (milliseconds: number) => Math.floor(milliseconds / 1000)
  return {
    note(body) {
      if (body.includes(STAMP)) stampedAt = Date.now()
    },
    async passed() {
      const now = Date.now()
      if (secondOf(now) !== secondOf(stampedAt)) return
      await new Promise((resolve) => setTimeout(resolve, 1000 - (now % 1000)))
    },
  }
}
