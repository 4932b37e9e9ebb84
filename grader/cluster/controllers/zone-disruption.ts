// Zones of Nodes: how disrupted each is, and how fast its Nodes may get NoExecute taints.
// Upstream: handleDisruption and ComputeZoneState in pkg/controller/nodelifecycle, RateLimitedTimedQueue in its scheduler.
import type { Node } from '../../api/core.ts'

export type ZoneState = 'Initial' | 'Normal' | 'PartialDisruption' | 'FullDisruption'

const UNHEALTHY_THRESHOLD = 0.55
const LARGE_ZONE = 50
const EVICTION_RATE = 0.1
const SECONDARY_EVICTION_RATE = 0.01
const LABEL_EXCLUDED = 'node.kubernetes.io/exclude-disruption'

/** Region and zone of a Node; all Nodes without labels are one zone. */
export function zoneOf(node: Node): string {
  const labels = node.metadata.labels
  const region = labels?.['topology.kubernetes.io/region'] ?? labels?.['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels?.['topology.kubernetes.io/zone'] ?? labels?.['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return `${region}:${zone}`
}

export function countsForDisruption(node: Node): boolean {
  return !Object.hasOwn(node.metadata.labels ?? {}, LABEL_EXCLUDED)
}

export function zoneStateOf({ ready, notReady }: ZoneTally): ZoneState {
  if (ready === 0 && notReady > 0) return 'FullDisruption'
  return notReady > 2 && notReady / (notReady + ready) >= UNHEALTHY_THRESHOLD ? 'PartialDisruption' : 'Normal'
}

export interface ZoneTally {
  ready: number
  notReady: number
}

/** Nodes a second that may be tainted in a zone of this state and size. */
export function evictionRate(state: ZoneState, size: number): number {
  if (state !== 'PartialDisruption') return EVICTION_RATE
  return size > LARGE_ZONE ? SECONDARY_EVICTION_RATE : 0
}

/** Nodes of one zone that wait for their NoExecute taint, let through one by one. */
export interface TaintQueue {
  add(name: string): void
  remove(name: string): void
  setRate(perSecond: number): void
  /** The next Node, if the rate allows it at this moment (ms). */
  take(now: number): string | undefined
  /** When `take` may have one (ms); undefined if none waits or the rate is zero. */
  nextAt(now: number): number | undefined
}

/** A queue with burst 1. */
export function createTaintQueue(): TaintQueue {
  const waiting = new Set<string>()
  let rate = EVICTION_RATE
  let freeAt = Number.NEGATIVE_INFINITY
  return {
    add: (name) => void waiting.add(name),
    remove: (name) => void waiting.delete(name),
    setRate(perSecond) {
      rate = perSecond
    },
    take(now) {
      if (rate === 0 || waiting.size === 0 || now < freeAt) return undefined
      const name = waiting.values().next().value!
      waiting.delete(name)
      freeAt = now + 1000 / rate
      return name
    },
    nextAt: (now) => (rate === 0 || waiting.size === 0 ? undefined : Math.max(now, freeAt)),
  }
}

export interface Disruption {
  /** Takes in the tallies of one round; says what has to happen to all Nodes. */
  update(tallies: ReadonlyMap<string, ZoneTally>): 'nothing' | 'stopEvictions' | 'resume'
  queueOf(zone: string): TaintQueue
  queues(): Iterable<TaintQueue>
}

/** The zones of a cluster over time. */
export function createDisruption(): Disruption {
  const states = new Map<string, ZoneState>()
  const queues = new Map<string, TaintQueue>()
  const queueOf = (zone: string): TaintQueue => {
    let queue = queues.get(zone)
    if (queue === undefined) {
      queue = createTaintQueue()
      queues.set(zone, queue)
    }
    return queue
  }
  const enter = (zone: string, state: ZoneState, tally: ZoneTally) => {
    states.set(zone, state)
    queueOf(zone).setRate(evictionRate(state, tally.ready + tally.notReady))
  }
  return {
    queueOf,
    queues: () => queues.values(),
    update(tallies) {
      for (const zone of states.keys()) if (!tallies.has(zone)) states.delete(zone)
      for (const zone of tallies.keys()) if (!states.has(zone)) states.set(zone, 'Initial')
      const all = (isState: (zone: string) => boolean) => {
        for (const zone of tallies.keys()) if (!isState(zone)) return false
        return true
      }
      const wasFull = all((zone) => states.get(zone) === 'FullDisruption')
      const isFull = all((zone) => zoneStateOf(tallies.get(zone)!) === 'FullDisruption')
      if (tallies.size === 0 || (wasFull && isFull)) return 'nothing'
      if (isFull) {
        for (const zone of tallies.keys()) {
          states.set(zone, 'FullDisruption')
          queueOf(zone).setRate(0)
        }
        return 'stopEvictions'
      }
      for (const [zone, tally] of tallies) {
        const state = zoneStateOf(tally)
        if (wasFull || states.get(zone) !== state) enter(zone, state, tally)
      }
      return wasFull ? 'resume' : 'nothing'
    },
  }
}
