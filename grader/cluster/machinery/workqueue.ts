// client-go's rate-limiting work queue on virtual time. Upstream: client-go/util/workqueue. One worker: keys are taken one
// after the other, a key that is added while it waits is there once.
import type { Clock, Timer } from '../clock.ts'
import type { Trace, TraceId } from '../trace.ts'

const FIRST_RETRY_SECONDS = 0.005
const LAST_RETRY_SECONDS = 1000
const BUCKET_BURST = 100
const BUCKET_PER_SECOND = 10

export interface WorkQueue {
  add(key: string): void
  addAfter(key: string, delaySeconds: number): void
  /** As after a failed sync: per key 5 ms doubling up to 1000 s, and 10 a second (burst 100) over all keys; the later counts. */
  addRateLimited(key: string): void
  /** As after a good sync: the key's retries start afresh. */
  forget(key: string): void
  retries(key: string): number
}

export interface WorkQueueParts {
  readonly name: string
  readonly clock: Clock
  readonly trace: Trace
  /** Handles one key. Whatever it wants again it adds itself. */
  readonly sync: (key: string) => void
}

export function createWorkQueue({ name, clock, trace, sync }: WorkQueueParts): WorkQueue {
  const waiting = new Map<string, TraceId | undefined>()
  // A Map's own order would do, but its first entry is slow to find once many before it were deleted.
  let order: string[] = []
  let head = 0
  const failures = new Map<string, number>()
  const delayed = new Map<string, Timer>()
  let tokens = BUCKET_BURST
  let tokensAt = clock.now()
  let running = false

  const work = () => {
    const key = order[head++]!
    if (head === order.length) {
      order = []
      head = 0
    }
    const cause = waiting.get(key)
    waiting.delete(key)
    trace.cause = cause
    sync(key)
    if (waiting.size > 0) clock.soon(name, work)
    else running = false
  }

  const add = (key: string) => {
    if (waiting.has(key)) return
    waiting.set(key, trace.cause)
    order.push(key)
    if (running) return
    running = true
    clock.soon(name, work)
  }

  const addAfter = (key: string, delaySeconds: number) => {
    if (delaySeconds <= 0) return add(key)
    const at = clock.now() + delaySeconds * 1000
    const earlier = delayed.get(key)
    // Upstream keeps the earlier of two waits for one key.
    if (earlier !== undefined && !earlier.cancelled && earlier.at > clock.now() && earlier.at <= at) return
    clock.cancel(earlier)
    delayed.set(
      key,
      clock.after(delaySeconds, name, () => {
        delayed.delete(key)
        add(key)
      }),
    )
  }

  const bucketDelay = (): number => {
    const now = clock.now()
    tokens = Math.min(BUCKET_BURST, tokens + ((now - tokensAt) / 1000) * BUCKET_PER_SECOND)
    tokensAt = now
    tokens -= 1
    return tokens >= 0 ? 0 : -tokens / BUCKET_PER_SECOND
  }

  return {
    add,
    addAfter,
    addRateLimited(key) {
      const failed = failures.get(key) ?? 0
      failures.set(key, failed + 1)
      const own = Math.min(FIRST_RETRY_SECONDS * 2 ** failed, LAST_RETRY_SECONDS)
      addAfter(key, Math.max(own, bucketDelay()))
    },
    forget: (key) => void failures.delete(key),
    retries: (key) => failures.get(key) ?? 0,
  }
}
