// Puts a handler of web standards behind a socket: the only place that knows node:http. Wall-clock time is driven here too.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'

/** A handler that can end what it holds open. */
export interface ServedHandler {
  (request: Request): Promise<Response>
  close(): void
}

export interface ServeOptions {
  readonly handler: ServedHandler
  /** 0 takes any free port. */
  readonly port: number
  /** 127.0.0.1 unless given. */
  readonly host?: string
  /** Moves virtual time by so many milliseconds; absent with --virtual, where only /simulation/ moves it. */
  readonly passTime?: (milliseconds: number) => void
}

export interface RunningServer {
  readonly url: string
  readonly port: number
  /** Ends all streams and connections. */
  close(): Promise<void>
}

/** How often virtual time catches up with the wall clock. */
const TICK_MS = 50
/** Longer than Go's client keeps an idle connection, so that it never writes into one that is being closed. */
const KEEP_ALIVE_MS = 120_000

/** Serves until closed. Rejects if the port cannot be had. */
export async function serve({ handler, port, host = '127.0.0.1', passTime }: ServeOptions): Promise<RunningServer> {
  const catchUp = passTime === undefined ? () => {} : timeKeeper(passTime)
  const server = createServer((incoming, outgoing) => {
    catchUp()
    void exchange(handler, incoming, outgoing)
  })
  server.keepAliveTimeout = KEEP_ALIVE_MS
  // A watch says nothing for minutes; that is no reason to hang up.
  server.timeout = 0
  server.requestTimeout = 0
  await listen(server, port, host)
  const actual = (server.address() as AddressInfo).port
  const ticker = passTime === undefined ? undefined : setInterval(catchUp, TICK_MS)
  return {
    url: `http://${host}:${actual}`,
    port: actual,
    close() {
      clearInterval(ticker)
      handler.close()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Passes on how much wall-clock time went by since it was last asked, in whole milliseconds. */
function timeKeeper(passTime: (milliseconds: number) => void): () => void {
  let last = performance.now()
  return () => {
    const elapsed = Math.floor(performance.now() - last)
    if (elapsed < 1) return
    last += elapsed
    passTime(elapsed)
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      server.on('error', () => {})
      resolve()
    })
  })
}

async function exchange(handler: ServedHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  // A connection that breaks is the client's affair; what it waited for is ended by `close`.
  incoming.on('error', () => {})
  outgoing.on('error', () => {})
  try {
    const response = await handler(requestOf(incoming, gone.signal))
    await send(response, incoming, outgoing)
  } catch {
    // Only a request line or header that the web standards refuse comes here; the handler itself answers everything.
    if (!outgoing.headersSent) outgoing.writeHead(400, { 'Content-Type': 'text/plain' })
    outgoing.end()
  }
}

function requestOf(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers()
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
    headers.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!)
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal })
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
  return new Request(url, { method, headers, signal, body, duplex: 'half' } as RequestInit)
}

/** Writes the response, no faster than the client reads. */
async function send(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (incoming.method === 'HEAD' || response.body === null) {
    await response.body?.cancel()
    outgoing.end()
    return
  }
  // A watch without events yet must still tell the client that it has begun. Flushed headers would go out as UTF-8, though,
  // and those of a warning are bytes already.
  if (!response.headers.has('warning')) outgoing.flushHeaders()
  const body = Readable.fromWeb(response.body as unknown as NodeReadableStream<Uint8Array>)
  body.on('error', () => outgoing.destroy())
  outgoing.on('close', () => body.destroy())
  body.pipe(outgoing)
}
