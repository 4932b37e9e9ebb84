/** Watches as chunked streams of JSON lines. Upstream: apiserver/pkg/endpoints/handlers/watch.go, storage/cacher/cache_watcher.go. */
import type { ApiClient, WatchEvent, WatchOptions } from '../api/api-client.ts'
import { type ApiStatus, statusToJson } from '../api/api-status.ts'
import type { KubeObject } from '../api/meta.ts'
import { apiVersionOf } from '../api/resource-table.ts'
import { type AnswerContext, statusResponse } from './answer.ts'
import { secondsOf } from './query-options.ts'
import type { ResourceRoute } from './routes.ts'
import { partialOf, tableJson } from './table.ts'

/** A watcher that reads nothing while so many characters wait for it is cut off, as the watch cache cuts off a slow one. */
const MAX_WAITING_CHARACTERS = 32 * 1024 * 1024
/** Upstream: --min-request-timeout; the server ends a watch that asks for no end after this (there: up to twice as long). */
const DEFAULT_TIMEOUT_SECONDS = 1800
/** Timers hold no more than 2^31 ms; no watch lives longer than a day. */
const MAX_TIMEOUT_SECONDS = 86_400

/** What the handler knows of open watches: how to end them, and where time comes from. */
export interface WatchStreams {
  readonly open: Set<() => void>
  /** Virtual milliseconds since the epoch. */
  now(): number
  /** The newest resourceVersion of the store. */
  resourceVersion(): string
}

interface WatchRequest {
  readonly client: ApiClient
  readonly route: ResourceRoute
  readonly query: URLSearchParams
  readonly context: AnswerContext
  readonly watches: WatchStreams
  readonly signal: AbortSignal
}

/** Starts the watch; the response's body ends with the client, after timeoutSeconds, or when the watcher is too slow. */
export function watchResponse(request: WatchRequest, options: WatchOptions): Response {
  const { client, route, watches } = request
  let send: (event: WatchEvent<KubeObject>) => void = () => {}
  const early: WatchEvent<KubeObject>[] = []
  send = (event) => void early.push(event)
  const started = client.watch(route.resource, options, (event) => send(event))
  if (!started.ok) return watchRefused(started.status)
  const stop = started.value
  let end = () => {}
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const stream = createEventStream(request, options, controller)
        end = () => {
          if (!watches.open.delete(end)) return
          stop()
          stream.close()
        }
        watches.open.add(end)
        stream.onFull(() => end())
        stream.onTimeout(() => end())
        request.signal.addEventListener('abort', () => end(), { once: true })
        send = stream.send
        for (const event of early) stream.send(event)
      },
      cancel: () => end(),
    },
    { highWaterMark: MAX_WAITING_CHARACTERS, size: (chunk) => chunk?.byteLength ?? 0 },
  )
  if (request.signal.aborted) end()
  return new Response(body, {
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' },
  })
}

/** A version that is gone is told inside the stream, as the watch cache does; anything else is an ordinary refusal. */
function watchRefused(status: ApiStatus): Response {
  if (status.code !== 410) return statusResponse(status)
  const line = `${JSON.stringify({ type: 'ERROR', object: statusToJson(status) })}\n`
  return new Response(line, {
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' },
  })
}

interface EventStream {
  send(event: WatchEvent<KubeObject>): void
  onFull(act: () => void): void
  onTimeout(act: () => void): void
  close(): void
}

function createEventStream(
  request: WatchRequest,
  options: WatchOptions,
  controller: ReadableStreamDefaultController<Uint8Array>,
): EventStream {
  const { query, watches } = request
  const encoder = new TextEncoder()
  let full = () => {}
  let timedOut = () => {}
  let isFirst = true
  let closed = false
  const send = (event: WatchEvent<KubeObject>) => {
    if (closed) return
    controller.enqueue(
      encoder.encode(`${JSON.stringify({ type: event.type, object: eventObject(event, request, isFirst) })}\n`),
    )
    isFirst = false
    if ((controller.desiredSize ?? 0) <= 0) full()
  }
  const bookmark = () => send({ type: 'BOOKMARK', object: bookmarkOf(request.route, watches.resourceVersion()) })
  const timeout = setTimeout(
    () => {
      if (options.allowBookmarks === true) bookmark()
      timedOut()
    },
    Math.min(secondsOf(query, 'timeoutSeconds') ?? DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS) * 1000,
  )
  return {
    send,
    onFull: (act) => {
      full = act
    },
    onTimeout: (act) => {
      timedOut = act
    },
    close() {
      if (closed) return
      closed = true
      clearTimeout(timeout)
      try {
        controller.close()
      } catch {
        // The reader is gone already: nothing is left to close.
      }
    },
  }
}

function bookmarkOf({ resource }: ResourceRoute, resourceVersion: string): KubeObject {
  const metadata = { resourceVersion, creationTimestamp: null }
  return { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata } as unknown as KubeObject
}

function eventObject(event: WatchEvent<KubeObject>, { context, watches }: WatchRequest, isFirst: boolean): unknown {
  const { object, type } = event
  if (type === 'ERROR') return 'code' in object ? statusToJson(object as unknown as ApiStatus) : object
  const { representation } = context
  if (representation.as === 'Table') {
    const metadata = { resourceVersion: object.metadata.resourceVersion }
    const rows = type === 'BOOKMARK' ? [] : [object]
    return tableJson(rows, metadata, { ...context, now: watches.now() }, isFirst)
  }
  return representation.as === 'PartialObjectMetadata' ? partialOf(object, representation.version) : object
}
