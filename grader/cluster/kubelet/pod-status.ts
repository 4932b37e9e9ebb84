// A Pod's status from its containers: phase, conditions in upstream's order, container statuses. Pure.
// Upstream: pkg/kubelet/kubelet_pods.go (generateAPIPodStatus, getPhase) and pkg/kubelet/status/generate.go.
import { compareStrings } from '../../api/compare.ts'
import type { ConditionStatus, Pod, PodCondition, PodPhase, PodStatus } from '../../api/core.ts'
import { type ContainerRecord, containerStatusOf, isCompleted, isDone, isEnded, isRunning } from './container.ts'
import type { PodFailure } from './kubelet.ts'

/** What a status is made of. */
export interface PodFacts {
  readonly init: readonly ContainerRecord[]
  readonly containers: readonly ContainerRecord[]
  readonly startTime: string
  readonly hostIP: string
  /** Undefined until the sandbox is up. */
  readonly podIP: string | undefined
  readonly terminating: boolean
  /** Set once a Pod that the kubelet ended has no running container any more. */
  readonly ended?: PodFailure | undefined
  /** Set as soon as the kubelet ends the Pod. */
  readonly failure?: PodFailure | undefined
}

/** The phase that the containers make. */
export function phaseOf(
  pod: Pod,
  { init, containers, terminating }: Pick<PodFacts, 'init' | 'containers' | 'terminating'>,
): PodPhase {
  const policy = pod.spec.restartPolicy ?? 'Always'
  // A Pod that was initialised once does not fall back when its init containers run again.
  if (!terminating && containers.every(({ startedAt }) => startedAt === undefined)) {
    for (const container of init) {
      if (isDone(container)) continue
      return policy === 'Never' && isEnded(container) ? 'Failed' : 'Pending'
    }
  }
  let running = 0
  let waiting = 0
  let ended = 0
  let succeeded = 0
  for (const container of containers) {
    if (isRunning(container)) running++
    else if (isEnded(container) || container.state === 'CrashLoopBackOff') {
      ended++
      if (isCompleted(container)) succeeded++
    } else waiting++
  }
  if (waiting > 0) return 'Pending'
  if (running > 0) return 'Running'
  if (!terminating && (policy === 'Always' || (policy === 'OnFailure' && succeeded < ended))) return 'Running'
  return succeeded === ended ? 'Succeeded' : 'Failed'
}

/** The whole status, keeping what others own in the present one. */
export function podStatusOf(pod: Pod, facts: PodFacts, now: string): PodStatus {
  const old = pod.status
  const { init, containers, hostIP, podIP, startTime } = facts
  const { uid, generation } = pod.metadata
  const { ended, failure } = facts
  const phase = ended === undefined ? phaseOf(pod, facts) : 'Failed'
  const waitingReason = init.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const statuses = containers.map((container) => containerStatusOf(container, uid, waitingReason))
  if (statuses.length > 1) statuses.sort((a, b) => compareStrings(a.name, b.name))
  return {
    ...(generation === undefined ? NOTHING : { observedGeneration: generation }),
    phase,
    ...(ended === undefined ? NOTHING : { reason: ended.reason, message: ended.message }),
    conditions: withDisruption(conditionsOf(pod, facts, phase, now), failure, { pod, now }),
    ...(old.nominatedNodeName === undefined ? NOTHING : { nominatedNodeName: old.nominatedNodeName }),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP === undefined ? NOTHING : { podIP, podIPs: [{ ip: podIP }] }),
    startTime,
    ...(init.length === 0
      ? NOTHING
      : { initContainerStatuses: init.map((container) => containerStatusOf(container, uid, waitingReason)) }),
    containerStatuses: statuses,
    ...(old.qosClass === undefined ? NOTHING : { qosClass: old.qosClass }),
  }
}

const NOTHING = {}

/** Upstream: DisruptionTarget comes first, as soon as the kubelet has decided. */
function withDisruption(
  conditions: readonly PodCondition[],
  failure: PodFailure | undefined,
  { pod, now }: { readonly pod: Pod; readonly now: string },
): readonly PodCondition[] {
  if (failure?.isDisruption !== true) return conditions
  const verdict = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'TerminationByKubelet',
    message: failure.message,
  } as const
  const rest = conditions.filter(({ type }) => type !== 'DisruptionTarget')
  return [conditionOf(pod, pod.status.conditions ?? [], verdict, now), ...rest]
}

interface Verdict {
  readonly type: string
  readonly status: ConditionStatus
  readonly reason?: string
  readonly message?: string
}

const OWNED: ReadonlySet<string> = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodScheduled',
])

/** Others' conditions first, then the kubelet's five, in the order in which kubectl describe shows them. */
function conditionsOf(pod: Pod, facts: PodFacts, phase: PodPhase, now: string): readonly PodCondition[] {
  const old = pod.status.conditions ?? []
  const scheduled = old.find(({ type, status }) => type === 'PodScheduled' && status === 'True')
  // The usual Pod of a large cluster: everything came true at once, and nothing was written before.
  if (
    old.length === 1 &&
    scheduled !== undefined &&
    phase === 'Running' &&
    pod.spec.readinessGates === undefined &&
    allReady(facts)
  ) {
    return [...allTrue(now, pod.metadata.generation), scheduled]
  }
  const others = old.filter(({ type }) => !OWNED.has(type))
  const containersReady = containersReadyOf(facts, phase)
  const verdicts: readonly Verdict[] = [
    { type: 'PodReadyToStartContainers', status: facts.podIP === undefined || isOver(phase) ? 'False' : 'True' },
    initializedOf(facts, phase),
    readyOf(pod, containersReady),
    containersReady,
  ]
  const own = verdicts.map((verdict) => conditionOf(pod, old, verdict, now))
  return [...others, ...own, scheduled ?? conditionOf(pod, old, { type: 'PodScheduled', status: 'True' }, now)]
}

function allReady({ init, containers, podIP }: PodFacts): boolean {
  if (podIP === undefined) return false
  for (const container of containers) if (container.state !== 'Ready') return false
  for (const container of init)
    if (!isDone(container) || (container.kind === 'sidecar' && container.state !== 'Ready')) return false
  return true
}

let allTrueAt = ''
let allTrueGeneration: number | undefined
let allTrueConditions: readonly PodCondition[] = []

function allTrue(now: string, generation: number | undefined): readonly PodCondition[] {
  if (allTrueAt !== now || allTrueGeneration !== generation) {
    const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady']
    allTrueConditions = types.map((type) => plainCondition(type, 'True', now, generation))
    allTrueAt = now
    allTrueGeneration = generation
  }
  return allTrueConditions
}

const isOver = (phase: PodPhase): boolean => phase === 'Succeeded' || phase === 'Failed'

function conditionOf(
  pod: Pod,
  old: readonly PodCondition[],
  { type, status, reason, message }: Verdict,
  now: string,
): PodCondition {
  const before = old.find((condition) => condition.type === type)
  const { generation } = pod.metadata
  const lastTransitionTime =
    before?.status === status && before.lastTransitionTime !== undefined ? before.lastTransitionTime : now
  if (reason === undefined) return plainCondition(type, status, lastTransitionTime, generation)
  return {
    type,
    ...(generation === undefined ? NOTHING : { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime,
    reason,
    ...(message === undefined ? NOTHING : { message }),
  }
}

const plain = new Map<string, PodCondition>()

/** Conditions without words are the same for all Pods of one moment; they share one object. */
function plainCondition(
  type: string,
  status: ConditionStatus,
  lastTransitionTime: string,
  generation: number | undefined,
): PodCondition {
  const key = `${type} ${status} ${lastTransitionTime} ${generation}`
  const known = plain.get(key)
  if (known !== undefined) return known
  const made: PodCondition = {
    type,
    ...(generation === undefined ? NOTHING : { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime,
  }
  if (plain.size > 1000) plain.clear()
  plain.set(key, made)
  return made
}

function initializedOf({ init }: PodFacts, phase: PodPhase): Verdict {
  const type = 'Initialized'
  if (phase === 'Succeeded') return { type, status: 'True', reason: 'PodCompleted' }
  const open = init.filter((container) => !isDone(container)).map(({ spec }) => spec.name)
  if (open.length === 0) return { type, status: 'True' }
  return {
    type,
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${open.join(' ')}]`,
  }
}

function containersReadyOf({ init, containers }: PodFacts, phase: PodPhase): Verdict {
  const type = 'ContainersReady'
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' }
  const unready: string[] = []
  for (const { kind, state, spec } of init) if (kind === 'sidecar' && state !== 'Ready') unready.push(spec.name)
  for (const { state, spec } of containers) if (state !== 'Ready') unready.push(spec.name)
  if (unready.length === 0) return { type, status: 'True' }
  return {
    type,
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  }
}

function readyOf(pod: Pod, { status, reason, message }: Verdict): Verdict {
  const type = 'Ready'
  if (status !== 'True') {
    return {
      type,
      status,
      ...(reason === undefined ? NOTHING : { reason }),
      ...(message === undefined ? NOTHING : { message }),
    }
  }
  const gates = pod.spec.readinessGates ?? []
  const problems: string[] = []
  for (const { conditionType } of gates) {
    const condition = pod.status.conditions?.find((candidate) => candidate.type === conditionType)
    if (condition === undefined)
      problems.push(`corresponding condition of pod readiness gate "${conditionType}" does not exist.`)
    else if (condition.status !== 'True') {
      problems.push(`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`)
    }
  }
  if (problems.length === 0) return { type, status: 'True' }
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') }
}
