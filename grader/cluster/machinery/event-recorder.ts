// client-go's first recorder, which controllers and kubelets use: similar events are aggregated, equal ones counted, and
// what an object has too many of is dropped. Upstream: client-go/tools/record/{event.go,events_cache.go}.
import type { ApiClient } from '../../api/api-client.ts'
import type { Event, ObjectReference } from '../../api/core.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import { events } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'

export type EventType = 'Normal' | 'Warning'

export interface EventRecorder {
  /** Writes, counts, aggregates or drops one event about an object; never fails. */
  event(regarding: KubeObject | ObjectReference, type: EventType, reason: string, message: string): void
}

export interface EventRecorderParts {
  readonly client: ApiClient
  readonly clock: Clock
  /** `source.component` and `reportingComponent`: the From column of describe. */
  readonly component: string
  /** `source.host`: the Node, for kubelets. */
  readonly host?: string
}

/** From so many different messages on, similar events become one. */
const MAX_SIMILAR = 10
const AGGREGATION_SECONDS = 600
const SPAM_BURST = 25
const SPAM_REFILL_SECONDS = 300
/** Size of upstream's least-recently-used caches. */
const CACHE_SIZE = 4096

interface Similar {
  readonly messages: Set<string>
  lastAt: number
}

interface Observation {
  count: number
  readonly name: string
  readonly firstTimestamp: string
  stored: boolean
}

interface Bucket {
  tokens: number
  at: number
}

/** A recorder for one component. Its caches come into being with the first event: most kubelets never need them. */
export function createEventRecorder(parts: EventRecorderParts): EventRecorder {
  let similar: Map<string, Similar> | undefined
  let observed: Map<string, Observation> | undefined
  let buckets: Map<string, Bucket> | undefined
  let last: { readonly regarding: KubeObject | ObjectReference; readonly ref: ObjectReference } | undefined
  const { clock, component, host } = parts

  /** True if the message is the tenth different one, or a later one, of the last ten minutes. */
  const isAggregated = (key: string, message: string): boolean => {
    similar ??= new Map()
    const now = clock.now()
    let record = similar.get(key)
    if (record === undefined || now - record.lastAt > AGGREGATION_SECONDS * 1000)
      record = { messages: new Set(), lastAt: now }
    remember(similar, key, record)
    record.lastAt = now
    record.messages.add(message)
    if (record.messages.size < MAX_SIMILAR) return false
    // Upstream drops any one of them, so that nine stay known; ours is the oldest.
    record.messages.delete(record.messages.values().next().value!)
    return true
  }

  const passesSpamFilter = (key: string): boolean => {
    buckets ??= new Map()
    const now = clock.now()
    let bucket = buckets.get(key)
    if (bucket === undefined) bucket = { tokens: SPAM_BURST, at: now }
    remember(buckets, key, bucket)
    bucket.tokens = Math.min(SPAM_BURST, bucket.tokens + (now - bucket.at) / 1000 / SPAM_REFILL_SECONDS)
    bucket.at = now
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  return {
    event(regarding, type, reason, message) {
      if (regarding !== last?.regarding) last = { regarding, ref: referenceTo(regarding) }
      const { ref } = last
      const spamKey = `${ref.kind}/${ref.namespace ?? ''}/${ref.name}/${ref.uid ?? ''}/${type}`
      const similarKey = `${spamKey}/${reason}`
      const aggregated = isAggregated(similarKey, message)
      const text = aggregated ? `(combined from similar events): ${message}` : message
      const key = aggregated ? similarKey : `${similarKey}/${ref.fieldPath ?? ''}/${message}`
      observed ??= new Map()
      const known = observed.get(key)
      const observation = known ?? {
        count: 0,
        name: eventName(ref, clock),
        firstTimestamp: clock.timestamp(),
        stored: false,
      }
      observation.count++
      remember(observed, key, observation)
      // The count goes on for dropped events: the next one that passes shows a jump.
      if (!passesSpamFilter(spamKey)) return
      write(parts, observation, {
        ref,
        type,
        reason,
        message: text,
        component,
        ...(host === undefined ? {} : { host }),
      })
    },
  }
}

/** The reference that events carry. A reference that is given stays as it is. Upstream: reference.GetReference. */
export function referenceTo(object: KubeObject | ObjectReference): ObjectReference {
  if (!('metadata' in object)) return object
  const { namespace, name, uid, resourceVersion } = object.metadata
  return {
    kind: object.kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    apiVersion: object.apiVersion,
    resourceVersion,
  }
}

const sequences = new WeakMap<Clock, { at: number; next: number }>()

/** `<object>.<hex nanoseconds>`; events of one virtual moment are nanoseconds apart. Upstream: GenerateEventName. */
export function eventName(ref: ObjectReference, clock: Clock): string {
  let sequence = sequences.get(clock)
  if (sequence === undefined) {
    sequence = { at: clock.now(), next: 0 }
    sequences.set(clock, sequence)
  }
  if (sequence.at !== clock.now()) {
    sequence.at = clock.now()
    sequence.next = 0
  }
  return `${ref.name}.${(BigInt(sequence.at) * 1_000_000n + BigInt(sequence.next++)).toString(16)}`
}

interface Content {
  readonly ref: ObjectReference
  readonly type: EventType
  readonly reason: string
  readonly message: string
  readonly component: string
  readonly host?: string
}

function write({ client, clock }: EventRecorderParts, observation: Observation, content: Content): void {
  const namespace = content.ref.namespace ?? 'default'
  if (observation.stored) {
    const body: JsonObject = { count: observation.count, lastTimestamp: clock.timestamp(), message: content.message }
    const patched = client.patch(events, { namespace, name: observation.name }, { type: 'strategic', body })
    if (patched.ok || patched.status.reason !== 'NotFound') return
  }
  const created = client.create<Event>(events, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: observation.name, namespace },
    involvedObject: content.ref,
    reason: content.reason,
    message: content.message,
    source: { component: content.component, ...(content.host === undefined ? {} : { host: content.host }) },
    firstTimestamp: observation.firstTimestamp,
    lastTimestamp: clock.timestamp(),
    count: observation.count,
    type: content.type,
    eventTime: null,
    reportingComponent: content.component,
    reportingInstance: content.host ?? '',
  })
  observation.stored = created.ok
}

/** Puts the entry at the fresh end of the cache and drops the stalest one when it is full; order counts only near that. */
function remember<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size > CACHE_SIZE / 2) cache.delete(key)
  cache.set(key, value)
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!)
}
