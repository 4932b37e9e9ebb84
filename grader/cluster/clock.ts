// Virtual time. Nothing in the cluster knows another clock. Timers run in the order (at, sequence); work that is due now
// is a queue of its own, because most work is. Time jumps from timer to timer, so a callback always sees its own moment.
import { assert } from '../api/assert.ts'
import { formatRfc3339 as formatTimestamp, parseRfc3339 as parseTimestamp } from '../api/timestamp.ts'
import type { TraceId } from './trace.ts'

export { formatTimestamp, parseTimestamp }

/** The moment every story starts, in milliseconds since the Unix epoch: 2026-01-01T00:00:00Z. */
export const STORY_START = 1_767_225_600_000

/** More steps than this without time moving on is a loop of ours: the biggest real burst is far below. */
const STEPS_AT_ONE_MOMENT = 20_000_000

export interface Timer {
  readonly at: number
  readonly by: string
  cancelled: boolean
}

interface Task extends Timer {
  readonly run: () => void
  readonly cause: TraceId | undefined
}

export interface Clock {
  /** Milliseconds since the Unix epoch, virtual. */
  now(): number
  /** Seconds since the story started. */
  seconds(): number
  /** RFC 3339, whole seconds, as API objects carry it: `2026-01-01T00:00:04Z`. */
  timestamp(): string
  /** RFC 3339 with microseconds, as Leases and scheduler events carry it. */
  microTimestamp(): string
  /** Runs `task` at this very moment, after everything that is already due. */
  soon(by: string, task: () => void): Timer
  /** Runs `task` after so many seconds of virtual time. Zero and less mean `soon`. */
  after(delaySeconds: number, by: string, task: () => void): Timer
  cancel(timer: Timer | undefined): void
}

/** Lets a current cause travel with delayed work: the trace implements it. */
export interface CauseKeeper {
  cause: TraceId | undefined
}

/** The clock as its owner drives it. */
export interface DrivenClock extends Clock {
  /** Does everything that is due now; returns how many tasks ran. */
  runDue(): number
  /** Moves to `at` (ms), doing what falls due on the way, in order. */
  advanceTo(at: number): void
  /** The moment of the next timer, or undefined. Work due now counts as now. */
  nextAt(): number | undefined
  /** Called after all work of a moment is done, before time moves on. Must only look. Returns the function that ends it. */
  onMoment(look: () => void): () => void
}

export function createClock(causes: CauseKeeper): DrivenClock {
  let now = STORY_START
  let timestampOf = Number.NaN
  let timestamp = ''
  let microTimestampOf = Number.NaN
  let microTimestamp = ''
  const due: Task[] = []
  let head = 0
  // Timers share few distinct moments (all Pods of a rollout start together): one bucket per moment, a heap of moments.
  const buckets = new Map<number, Task[]>()
  const moments: number[] = []
  const lookers: (() => void)[] = []

  const push = (task: Task): Timer => {
    if (task.at <= now) {
      due.push(task)
      return task
    }
    const bucket = buckets.get(task.at)
    if (bucket !== undefined) bucket.push(task)
    else {
      buckets.set(task.at, [task])
      heapPush(moments, task.at)
    }
    return task
  }

  const runDue = (): number => {
    let ran = 0
    while (head < due.length) {
      const task = due[head++]!
      if (head > 4096 && head * 2 > due.length) {
        due.splice(0, head)
        head = 0
      }
      if (task.cancelled) continue
      causes.cause = task.cause
      task.run()
      ran++
      assert(ran < STEPS_AT_ONE_MOMENT, `work at one moment comes to an end (last: ${task.by})`)
    }
    due.length = 0
    head = 0
    causes.cause = undefined
    if (ran > 0) for (const look of lookers) look()
    return ran
  }

  const nextTimerAt = (): number | undefined => {
    while (moments.length > 0) {
      const bucket = buckets.get(moments[0]!)!
      if (bucket.some((task) => !task.cancelled)) return moments[0]
      buckets.delete(heapPop(moments))
    }
    return undefined
  }

  return {
    now: () => now,
    seconds: () => (now - STORY_START) / 1000,
    timestamp() {
      const second = Math.floor(now / 1000)
      if (second !== timestampOf) {
        timestampOf = second
        timestamp = formatTimestamp(now)
      }
      return timestamp
    },
    microTimestamp() {
      if (now !== microTimestampOf) {
        microTimestampOf = now
        microTimestamp = `${formatTimestamp(now).slice(0, -1)}.${String(now % 1000).padStart(3, '0')}000Z`
      }
      return microTimestamp
    },
    soon: (by, run) => push({ at: now, by, run, cause: causes.cause, cancelled: false }),
    after: (delaySeconds, by, run) =>
      push({ at: now + Math.max(0, Math.ceil(delaySeconds * 1000)), by, run, cause: causes.cause, cancelled: false }),
    cancel(timer) {
      if (timer !== undefined) timer.cancelled = true
    },
    runDue,
    advanceTo(target) {
      runDue()
      for (let at = nextTimerAt(); at !== undefined && at <= target; at = nextTimerAt()) {
        now = at
        const bucket = buckets.get(at)!
        buckets.delete(heapPop(moments))
        for (const task of bucket) due.push(task)
        runDue()
      }
      now = Math.max(now, target)
    },
    nextAt: () => (head < due.length ? now : nextTimerAt()),
    onMoment(look) {
      lookers.push(look)
      return () => void lookers.splice(lookers.indexOf(look), 1)
    },
  }
}

function heapPush(heap: number[], value: number): void {
  let i = heap.length
  heap.push(value)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (heap[parent]! <= value) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = value
}

function heapPop(heap: number[]): number {
  const top = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return top
  let i = 0
  for (;;) {
    let next = 2 * i + 1
    if (next >= heap.length) break
    if (next + 1 < heap.length && heap[next + 1]! < heap[next]!) next++
    if (heap[next]! >= last) break
    heap[i] = heap[next]!
    i = next
  }
  heap[i] = last
  return top
}
