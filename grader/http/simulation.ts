/** /simulation/…: moving virtual time, playing one step, reading the trace. Not part of Kubernetes (docs/formats, part 5). */
import { badRequestStatus, noSuchResourceStatus } from '../api/api-status.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { jsonResponse, statusResponse } from './answer.ts'
import { notAllowed } from './verbs.ts'

/** A day of virtual time per request is more than any story needs. */
const MAX_ADVANCE_SECONDS = 86_400

/** What the handler may not know itself; whoever creates it brings it along. */
export interface SimulationHooks {
  /** Plays one line of the step language; a text says what was wrong with it. */
  readonly playStep?: (line: string) => string | undefined
  /** The per-node verdicts of a DaemonSet, in the form of a grade's `nodes`; undefined if there is no such DaemonSet. */
  readonly explain?: (key: { readonly namespace: string; readonly name: string }) => unknown
}

interface SimulationRequest {
  readonly cluster: Cluster
  readonly hooks: SimulationHooks
  readonly method: string
  readonly url: URL
  readonly text: string
}

/** Answers a request under /simulation/. */
export function serveSimulation(request: SimulationRequest): Response {
  const { cluster, hooks, method, url } = request
  const action = url.pathname.slice('/simulation/'.length)
  const expected = action === 'trace' || action === 'explain' ? 'GET' : 'POST'
  if (!['settle', 'advance', 'step', 'trace', 'explain'].includes(action)) return statusResponse(noSuchResourceStatus())
  if (method !== expected) return notAllowed()
  switch (action) {
    case 'settle':
      cluster.settle()
      return nowResponse(cluster)
    case 'advance':
      return advance(cluster, url.searchParams.get('seconds'))
    case 'step':
      return step(cluster, hooks, request.text)
    case 'trace':
      return trace(cluster, url.searchParams.get('after'))
    default:
      return explain(hooks, url.searchParams.get('daemonSet'))
  }
}

const nowResponse = (cluster: Cluster): Response => jsonResponse(200, { now: cluster.seconds() })

function advance(cluster: Cluster, text: string | null): Response {
  const seconds = text === null || text === '' ? Number.NaN : Number(text)
  if (!(seconds >= 0 && seconds <= MAX_ADVANCE_SECONDS)) {
    return statusResponse(badRequestStatus(`seconds must be a number from 0 to ${MAX_ADVANCE_SECONDS}`))
  }
  cluster.advance(seconds)
  return nowResponse(cluster)
}

function step(cluster: Cluster, hooks: SimulationHooks, text: string): Response {
  if (hooks.playStep === undefined) return notHere('step')
  const problem = hooks.playStep(text.trim())
  return problem === undefined ? nowResponse(cluster) : statusResponse(badRequestStatus(problem))
}

/** The kept entries after an id, one JSON object per line. */
function trace(cluster: Cluster, after: string | null): Response {
  const id = Number(after ?? 0)
  if (!Number.isInteger(id) || id < 0) return statusResponse(badRequestStatus('after must be the id of a trace entry'))
  const lines = cluster.trace.entries(id).map((entry) => `${JSON.stringify(entry)}\n`)
  return new Response(lines.join(''), { status: 200, headers: { 'Content-Type': 'application/jsonl' } })
}

function explain(hooks: SimulationHooks, key: string | null): Response {
  if (hooks.explain === undefined) return notHere('explain')
  const [namespace, name, ...rest] = (key ?? '').split('/')
  if (namespace === undefined || name === undefined || rest.length > 0 || name === '') {
    return statusResponse(badRequestStatus('daemonSet must be namespace/name'))
  }
  const verdicts = hooks.explain({ namespace, name })
  return verdicts === undefined ? statusResponse(noSuchResourceStatus()) : jsonResponse(200, verdicts)
}

function notHere(action: string): Response {
  return statusResponse({ code: 501, reason: '', message: `/simulation/${action} is not available on this server` })
}
