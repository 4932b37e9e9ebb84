// client-go's second recorder (events.k8s.io/v1), which the scheduler uses: repeats become a series, nothing is dropped.
// Upstream: client-go/tools/events/{event_recorder.go,event_broadcaster.go}.
import type { ApiClient } from '../../api/api-client.ts'
import type { Event, ObjectReference } from '../../api/core.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import { events } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import { type EventType, eventName, referenceTo } from './event-recorder.ts'

export interface EventsRecorder {
  /** Writes one event, or turns the repeated one into a series; never fails. */
  event(regarding: KubeObject | ObjectReference, type: EventType, reason: string, action: string, note: string): void
}

export interface EventsRecorderParts {
  readonly client: ApiClient
  readonly clock: Clock
  /** `reportingComponent`: `default-scheduler`. */
  readonly controller: string
  /** `reportingInstance`; without it `<controller>-<controller>`. */
  readonly instance?: string
}

/** A series that was not repeated for so long is written a last time and forgotten. */
const FINISH_SECONDS = 360
/** Running series are written every so many finish rounds (30 min). */
const REFRESH_ROUNDS = 5
const NOTE_LIMIT = 1024

interface Cached {
  readonly name: string
  readonly namespace: string
  readonly firstAt: number
  count: number
  lastAt: number
  lastObservedTime: string
}

/** A recorder for one component. */
export function createEventsRecorder({ client, clock, controller, instance }: EventsRecorderParts): EventsRecorder {
  const cache = new Map<string, Cached>()
  let rounds = 0
  let ticking = false

  const writeSeries = (cached: Cached) => {
    const body: JsonObject = { series: { count: cached.count, lastObservedTime: cached.lastObservedTime } }
    client.patch(events, cached, { type: 'strategic', body })
  }

  const finishRound = () => {
    rounds++
    const oldest = clock.now() - FINISH_SECONDS * 1000
    for (const [key, cached] of cache) {
      if (cached.count > 1 && cached.lastAt < oldest) writeSeries(cached)
      else if (cached.count > 1 && rounds % REFRESH_ROUNDS === 0) writeSeries(cached)
      if (cached.lastAt < oldest) cache.delete(key)
    }
    ticking = cache.size > 0
    if (ticking) clock.after(FINISH_SECONDS, 'events', finishRound)
  }

  const repeat = (cached: Cached) => {
    cached.count++
    cached.lastAt = clock.now()
    cached.lastObservedTime = clock.microTimestamp()
    // Only the first repeat is written at once; later ones wait for the next round.
    if (cached.count === 2) writeSeries(cached)
  }

  return {
    event(regarding, type, reason, action, note) {
      const ref = referenceTo(regarding)
      const key = `${type}/${action}/${reason}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}/${ref.uid ?? ''}/${ref.resourceVersion ?? ''}/${ref.fieldPath ?? ''}`
      const known = cache.get(key)
      if (known !== undefined) return repeat(known)
      const name = eventName(ref, clock)
      const namespace = ref.namespace ?? 'default'
      const now = clock.now()
      cache.set(key, { name, namespace, firstAt: now, count: 1, lastAt: now, lastObservedTime: '' })
      client.create<Event>(events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name, namespace },
        involvedObject: ref,
        reason,
        message: cutNote(note),
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        type,
        eventTime: clock.microTimestamp(),
        action,
        reportingComponent: controller,
        reportingInstance: instance ?? `${controller}-${controller}`,
      })
      if (ticking) return
      ticking = true
      clock.after(FINISH_SECONDS, 'events', finishRound)
    },
  }
}

/** Upstream cuts at 1024 characters, the dots included. */
function cutNote(note: string): string {
  return note.length <= NOTE_LIMIT ? note : `${note.slice(0, NOTE_LIMIT - 4)} ...`
}
