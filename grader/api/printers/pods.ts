/** Pods in a table. Upstream: printPod in pkg/printers/internalversion/printers.go. */
import type { ContainerStatus, Pod } from '../core.ts'
import { formatHumanDuration } from '../human-duration.ts'
import { parseRfc3339 } from '../timestamp.ts'
import { AGE, ageOf, column, NAME, orElse, type Printer, type TableCell, type TableRowCondition } from './printer.ts'

const SUCCEEDED: readonly TableRowCondition[] = [
  { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
]
const FAILED: readonly TableRowCondition[] = [
  { type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' },
]
const NODE_UNREACHABLE_REASON = 'NodeLost'

export const podPrinter: Printer<Pod> = {
  columns: [
    NAME,
    column('Ready', { description: 'The aggregate readiness state of this pod for accepting traffic.' }),
    column('Status', { description: 'The aggregate status of the containers in this pod.' }),
    column('Restarts', {
      description:
        'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
    }),
    AGE,
    column('IP', { wide: true }),
    column('Node', { wide: true }),
    column('Nominated Node', { wide: true }),
    column('Readiness Gates', { wide: true }),
  ],
  cells(pod, now) {
    const { ready, total, restarts, lastRestartAt, status } = summarizePod(pod)
    const restartsText =
      restarts !== 0 && lastRestartAt !== undefined
        ? `${restarts} (${formatHumanDuration(now - lastRestartAt)} ago)`
        : `${restarts}`
    return [pod.metadata.name, `${ready}/${total}`, status, restartsText, ageOf(pod, now), ...wideCells(pod)]
  },
  conditions: (pod) =>
    pod.status?.phase === 'Succeeded' ? SUCCEEDED : pod.status?.phase === 'Failed' ? FAILED : undefined,
}

function wideCells(pod: Pod): readonly TableCell[] {
  const gates = pod.spec.readinessGates ?? []
  const open = gates.filter((gate) => conditionStatus(pod, gate.conditionType) === 'True').length
  return [
    orElse(pod.status?.podIPs?.[0]?.ip, '<none>'),
    orElse(pod.spec.nodeName, '<none>'),
    orElse(pod.status?.nominatedNodeName, '<none>'),
    gates.length === 0 ? '<none>' : `${open}/${gates.length}`,
  ]
}

/** What the columns READY, STATUS and RESTARTS say of a Pod. */
export interface PodSummary {
  readonly ready: number
  readonly total: number
  readonly restarts: number
  readonly lastRestartAt: number | undefined
  readonly status: string
}

/** A running sum over container statuses. */
interface Tally {
  ready: number
  restarts: number
  lastRestartAt: number | undefined
}

/** Folds the container statuses into the words and numbers of `kubectl get pods`. */
export function summarizePod(pod: Pod): PodSummary {
  const sidecars = new Set(
    (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always').map((c) => c.name),
  )
  const total = pod.spec.containers.length + sidecars.size
  const init = tallyInitContainers(pod, sidecars)
  let { tally, status } = init
  if (!init.initializing || conditionStatus(pod, 'Initialized') === 'True') {
    tally = { ...init.sidecars, ready: init.tally.ready }
    status = tallyContainers(pod, tally, status)
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (pod.status?.reason === NODE_UNREACHABLE_REASON) status = 'Unknown'
    else if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') status = 'Terminating'
  }
  return { ready: tally.ready, total, restarts: tally.restarts, lastRestartAt: tally.lastRestartAt, status }
}

function firstStatus(pod: Pod): string {
  const gated = (pod.status?.conditions ?? []).some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')
  return gated ? 'SchedulingGated' : orElse(pod.status?.reason, pod.status?.phase ?? '')
}

interface InitTally {
  readonly tally: Tally
  readonly sidecars: Tally
  readonly status: string
  readonly initializing: boolean
}

/** Counts init containers up to the first one that has not done its part yet; that one gives the status. */
function tallyInitContainers(pod: Pod, sidecarNames: ReadonlySet<string>): InitTally {
  const tally: Tally = { ready: 0, restarts: 0, lastRestartAt: undefined }
  const sidecars: Tally = { ready: 0, restarts: 0, lastRestartAt: undefined }
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecarNames.has(container.name)
    addRestarts(tally, container)
    if (isSidecar) addRestarts(sidecars, container)
    if (container.state?.terminated?.exitCode === 0) continue
    if (isSidecar && container.started === true) {
      if (container.ready) tally.ready++
      continue
    }
    return { tally, sidecars, status: `Init:${initReason(container, index, pod)}`, initializing: true }
  }
  return { tally, sidecars, status: firstStatus(pod), initializing: false }
}

function initReason(container: ContainerStatus, index: number, pod: Pod): string {
  const { terminated, waiting } = container.state ?? {}
  if (terminated !== undefined) return endReason(terminated)
  const reason = waiting?.reason ?? ''
  if (reason !== '' && reason !== 'PodInitializing') return reason
  return `${index}/${(pod.spec.initContainers ?? []).length}`
}

/** Adds the containers to the tally, from last to first, so that the first one's trouble is the status. Upstream: since
 *  1.35 a container that failed outweighs the first one's `Completed`. */
function tallyContainers(pod: Pod, tally: Tally, firstGuess: string): string {
  let status = firstGuess
  let failure: string | undefined
  let hasRunning = false
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    addRestarts(tally, container)
    const { waiting, terminated, running } = container.state ?? {}
    if (waiting?.reason !== undefined && waiting.reason !== '') status = waiting.reason
    else if (terminated !== undefined) {
      status = endReason(terminated)
      if (terminated.exitCode !== 0) failure = status
    } else if (container.ready && running !== undefined) {
      hasRunning = true
      tally.ready++
    }
  }
  if (status !== 'Completed') return status
  if (hasRunning && conditionStatus(pod, 'Ready') === 'True') return 'Running'
  return failure ?? (hasRunning ? 'NotReady' : status)
}

function endReason(terminated: {
  readonly reason?: string
  readonly signal?: number
  readonly exitCode: number
}): string {
  if (terminated.reason !== undefined && terminated.reason !== '') return terminated.reason
  return (terminated.signal ?? 0) !== 0 ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`
}

function addRestarts(tally: Tally, container: ContainerStatus): void {
  tally.restarts += container.restartCount
  const finishedAt = parseRfc3339(container.lastState?.terminated?.finishedAt)
  if (finishedAt !== undefined && finishedAt > (tally.lastRestartAt ?? Number.NEGATIVE_INFINITY))
    tally.lastRestartAt = finishedAt
}

function conditionStatus(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status
}
