// What a container has written, and which part of it a reader asked for. Pure: lines are made when somebody reads them.
// Upstream: pkg/kubelet/kubelet_pods.go (validateContainerLogStatus), kuberuntime/logs/logs.go.
import type { Pod } from '../../api/core.ts'
import { formatTimestamp, parseTimestamp } from '../clock.ts'
import type { ImageBehaviour } from '../cluster-config.ts'
import { type ContainerRecord, isEnded, isRunning } from './container.ts'

/** One run of a container; `endedAt` and `exitCode` are missing while it runs. */
export interface Run {
  readonly startedAt?: string
  readonly finishedAt?: string
  readonly exitCode?: number
  readonly reason?: string
}

export type LogChoice = { readonly run: Run } | { readonly problem: string }

/** The run whose log is meant, or the kubelet's words where there is none. */
export function chooseRun(pod: Pod, container: ContainerRecord, previous: boolean): LogChoice {
  const where = `container "${container.spec.name}" in pod "${pod.metadata.name}"`
  if (previous) {
    return container.last === undefined
      ? { problem: `previous terminated ${where} not found` }
      : { run: container.last }
  }
  if (isRunning(container)) return { run: { startedAt: container.startedAt! } }
  if (isEnded(container)) return { run: container.terminated! }
  if (container.last !== undefined) return { run: container.last }
  return { problem: `${where} is waiting to start: ${WAITING_WORDS[container.state] ?? container.state}` }
}

const WAITING_WORDS: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
}

interface LogLine {
  readonly at: number
  readonly text: string
}

// Simplified: a container writes the lines of its image when it starts; without such lines it says that it starts and how it ends.
/** Everything that the run has written. */
function linesOf(image: string, { logs }: ImageBehaviour, run: Run): readonly LogLine[] {
  const start = parseTimestamp(run.startedAt) ?? 0
  if (logs !== undefined) return logs.map((text) => ({ at: start, text }))
  const lines = [{ at: start, text: `starting ${image}` }]
  const { finishedAt, exitCode = 0, reason } = run
  if (finishedAt === undefined || reason === 'OOMKilled' || exitCode === 137) return lines
  const at = parseTimestamp(finishedAt) ?? start
  return [...lines, { at, text: exitCode === 0 ? 'done' : `fatal: exiting with code ${exitCode}` }]
}

/** The text that the log query asks for: `tailLines`, `sinceSeconds`, `sinceTime`, `timestamps`, `limitBytes`. */
export function formatLog(
  { image, behaviour, run }: { readonly image: string; readonly behaviour: ImageBehaviour; readonly run: Run },
  query: Readonly<Record<string, string>>,
  now: number,
): string {
  const since =
    query.sinceSeconds === undefined
      ? (parseTimestamp(query.sinceTime) ?? Number.NEGATIVE_INFINITY)
      : now - Number(query.sinceSeconds) * 1000
  let lines = linesOf(image, behaviour, run).filter(({ at }) => at >= since)
  const tail = Number(query.tailLines ?? lines.length)
  if (tail < lines.length) lines = tail <= 0 ? [] : lines.slice(-tail)
  const stamp = query.timestamps === 'true'
  const text = lines.map((line) => `${stamp ? `${nanoTimestamp(line.at)} ` : ''}${line.text}\n`).join('')
  return query.limitBytes === undefined ? text : text.slice(0, Number(query.limitBytes))
}

const nanoTimestamp = (at: number): string => formatTimestamp(at).replace('Z', '.000000000Z')
