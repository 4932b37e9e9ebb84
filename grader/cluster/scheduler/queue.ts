// Pods that wait for the scheduler: active, in back-off, unschedulable. Upstream: pkg/scheduler/backend/queue.
// The v1.33+ rule that an idle scheduler takes Pods straight out of the back-off queue makes back-off a matter of order:
// such Pods come after all active ones.
import type { Clock } from '../clock.ts'
import type { TraceId } from '../trace.ts'
import type { PluginName, PodInfo } from './framework.ts'
import { waitsForClaims } from './plugins/dynamic-resources.ts'

/** A Pod on its way through the queue. */
export interface QueuedPod {
  info: PodInfo
  /** When it was last put into the queue or given back to it, ms; earlier goes first among equals. */
  queuedAt: number
  /** How often it was found unschedulable: the back-off counts this. */
  attempts: number
  /** The plugins on whose account it waits; an event must speak to one of them. */
  plugins: ReadonlySet<PluginName>
  gated: boolean
  place: 'active' | 'backoff' | 'unschedulable' | 'inFlight'
  sequence: number
  cause: TraceId | undefined
}

export interface SchedulingQueue {
  get(key: string): QueuedPod | undefined
  /** A new Pod, or one whose gates are gone. */
  add(info: PodInfo, cause: TraceId | undefined): void
  /** Takes the next Pod: higher priority first, then the one that waits longer; back-off only when nothing else is there. */
  pop(): QueuedPod | undefined
  /** Gives back a Pod that fits nowhere. */
  park(queued: QueuedPod, plugins: ReadonlySet<PluginName>): void
  remove(key: string): void
  /** Wakes every parked Pod that the test picks; says how many. */
  wake(helps: (queued: QueuedPod) => boolean, cause: TraceId | undefined): number
  /** Pods that fit nowhere at present. */
  parked(): ReadonlyMap<string, QueuedPod>
}

const FIRST_BACKOFF_SECONDS = 1
const MAX_BACKOFF_SECONDS = 10

/** Upstream: backoffQueue.calculateBackoffDuration. */
export function backoffSeconds(attempts: number): number {
  return attempts <= 0 ? 0 : Math.min(FIRST_BACKOFF_SECONDS * 2 ** (attempts - 1), MAX_BACKOFF_SECONDS)
}

/** Back-off ends at whole seconds, so that Pods of one second are ordered by priority. */
const backoffEndsAt = (queued: QueuedPod): number => {
  const end = queued.queuedAt + backoffSeconds(queued.attempts) * 1000
  return Math.floor(end / 1000) * 1000
}

/** An empty queue on the clock; `onActive` is called when a Pod may be taken. */
export function createSchedulingQueue(clock: Clock, onActive: () => void): SchedulingQueue {
  const all = new Map<string, QueuedPod>()
  const parked = new Map<string, QueuedPod>()
  const active = createHeap(comparePriority)
  const backoff = createHeap((a, b) => backoffEndsAt(a) - backoffEndsAt(b) || comparePriority(a, b))
  let sequence = 0

  const activate = (queued: QueuedPod) => {
    const inBackoff = backoffEndsAt(queued) > clock.now()
    queued.place = inBackoff ? 'backoff' : 'active'
    queued.sequence = sequence++
    ;(inBackoff ? backoff : active).push(queued)
    onActive()
  }

  // Pods that left the queue stay in the heaps until they come up; their place tells.
  const takeFrom = (heap: Heap, place: QueuedPod['place']): QueuedPod | undefined => {
    for (let queued = heap.pop(); queued !== undefined; queued = heap.pop()) {
      if (queued.place === place && all.get(queued.info.key) === queued) return queued
    }
    return undefined
  }

  return {
    get: (key) => all.get(key),
    add(info, cause) {
      const queued: QueuedPod = {
        info,
        queuedAt: clock.now(),
        attempts: 0,
        plugins: NONE,
        gated: isGated(info),
        place: 'active',
        sequence: 0,
        cause,
      }
      all.set(info.key, queued)
      if (!queued.gated) return activate(queued)
      queued.place = 'unschedulable'
      parked.set(info.key, queued)
    },
    pop() {
      const queued = takeFrom(active, 'active') ?? takeFrom(backoff, 'backoff')
      if (queued === undefined) return undefined
      queued.place = 'inFlight'
      return queued
    },
    park(queued, plugins) {
      queued.queuedAt = clock.now()
      queued.attempts++
      queued.plugins = plugins
      queued.place = 'unschedulable'
      parked.set(queued.info.key, queued)
    },
    remove(key) {
      all.delete(key)
      parked.delete(key)
    },
    wake(helps, cause) {
      let woken = 0
      for (const queued of [...parked.values()]) {
        if (isGated(queued.info) || !helps(queued)) continue
        parked.delete(queued.info.key)
        queued.gated = false
        // Whoever is woken by time alone still answers to what queued it.
        queued.cause = cause ?? queued.cause
        activate(queued)
        woken++
      }
      return woken
    },
    parked: () => parked,
  }
}

const NONE: ReadonlySet<PluginName> = new Set()

/** Whether a PreEnqueue plugin keeps the Pod out: it is not taken up, and nothing is said about it. */
export function isGated({ pod }: PodInfo): boolean {
  return (pod.spec.schedulingGates?.length ?? 0) > 0 || waitsForClaims(pod)
}

/** Upstream: queuesort.PrioritySort. */
function comparePriority(a: QueuedPod, b: QueuedPod): number {
  return b.info.priority - a.info.priority || a.queuedAt - b.queuedAt || a.sequence - b.sequence
}

interface Heap {
  push(item: QueuedPod): void
  pop(): QueuedPod | undefined
}

function createHeap(compare: (a: QueuedPod, b: QueuedPod) => number): Heap {
  const items: QueuedPod[] = []
  return {
    push(item) {
      let i = items.length
      items.push(item)
      while (i > 0) {
        const parent = (i - 1) >> 1
        if (compare(items[parent]!, item) <= 0) break
        items[i] = items[parent]!
        i = parent
      }
      items[i] = item
    },
    pop() {
      const top = items[0]
      const last = items.pop()
      if (items.length === 0 || last === undefined) return top
      let i = 0
      for (;;) {
        let next = 2 * i + 1
        if (next >= items.length) break
        if (next + 1 < items.length && compare(items[next + 1]!, items[next]!) < 0) next++
        if (compare(items[next]!, last) >= 0) break
        items[i] = items[next]!
        i = next
      }
      items[i] = last
      return top
    },
  }
}
