// Talks to the handler in memory as a client would over a socket.

import type { Cluster } from '../../grader/cluster/cluster.ts'
import { createStandardCluster } from '../../grader/cluster/standard-cluster.ts'
import { createHandler, type Handler, type HandlerOptions } from '../../grader/http/handler.ts'

export interface Answer {
  readonly code: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; undefined where it is none. */
  readonly json: JsonValue
}

// Tests read answers freely; what is not there is undefined.
// biome-ignore lint/suspicious/noExplicitAny: an answer's shape is what the test is about
export type JsonValue = any

export interface Ask {
  readonly method?: string
  readonly body?: unknown
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

export class HttpClient {
  readonly cluster: Cluster
  readonly handler: Handler

  constructor(options: HandlerOptions = {}) {
    this.cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
    this.cluster.settle()
    this.handler = createHandler(this.cluster, options)
  }

  request(path: string, { method = 'GET', body, type, headers }: Ask = {}, signal?: AbortSignal): Promise<Response> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const all = {
      'User-Agent': 'test/1',
      ...(text === undefined ? {} : { 'Content-Type': type ?? 'application/json' }),
      ...headers,
    }
    return this.handler(
      new Request(`http://cluster${path}`, {
        method,
        headers: all,
        ...(text === undefined ? {} : { body: text }),
        ...(signal === undefined ? {} : { signal }),
      }),
    )
  }

  async ask(path: string, ask: Ask = {}): Promise<Answer> {
    const response = await this.request(path, ask)
    const text = await response.text()
    const isJson = /json(;|$)/.test(response.headers.get('content-type') ?? '')
    return {
      code: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : undefined,
    }
  }

  get = (path: string, accept?: string) => this.ask(path, accept === undefined ? {} : { headers: { Accept: accept } })
  post = (path: string, body: unknown, ask: Ask = {}) => this.ask(path, { method: 'POST', body, ...ask })
  put = (path: string, body: unknown) => this.ask(path, { method: 'PUT', body })
  patch = (path: string, type: string, body: unknown) => this.ask(path, { method: 'PATCH', body, type })
  delete = (path: string, body?: unknown) =>
    this.ask(path, { method: 'DELETE', ...(body === undefined ? {} : { body }) })

  /** Opens a watch; events are read one by one. */
  async watch(path: string, headers: Readonly<Record<string, string>> = {}): Promise<WatchReader> {
    const abort = new AbortController()
    const response = await this.request(path, { headers }, abort.signal)
    return new WatchReader(response, () => abort.abort())
  }
}

export class WatchReader {
  readonly response: Response
  readonly stop: () => void
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>
  private text = ''

  constructor(response: Response, stop: () => void) {
    this.response = response
    this.stop = stop
    this.reader = response.body!.getReader()
  }

  /** The next event, or undefined when the stream has ended. */
  async next(): Promise<JsonValue> {
    for (;;) {
      const end = this.text.indexOf('\n')
      if (end >= 0) {
        const line = this.text.slice(0, end)
        this.text = this.text.slice(end + 1)
        return JSON.parse(line)
      }
      const { done, value } = await this.reader.read()
      if (done) return undefined
      this.text += new TextDecoder().decode(value)
    }
  }
}

export const NODES = '/api/v1/nodes'
export const DAEMON_SETS = '/apis/apps/v1/namespaces/default/daemonsets'

export const nodeBody = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: { capacity: { cpu: '4', memory: '8Gi', pods: '110' }, allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
})

export const daemonSetBody = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'a', image: 'registry.example/agent:1' }] },
    },
  },
})
