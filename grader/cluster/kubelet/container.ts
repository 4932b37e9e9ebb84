// One container as its kubelet remembers it, and its status. Upstream: pkg/kubelet/kubelet_pods.go (convertToAPIContainerStatuses).
import type { Container, ContainerState, ContainerStatus } from '../../api/core.ts'
import { isSidecar } from '../../api/pod-resources.ts'

export type Terminated = NonNullable<ContainerState['terminated']>

/** What is known of one container. `state` is a state of the container machine (lifecycles/container.machine.ts). */
export interface ContainerRecord {
  /** As the Pod's spec has it now: images can be edited. */
  spec: Container
  readonly kind: 'init' | 'sidecar' | 'regular'
  state: string
  /** The words beside a waiting state. */
  message: string | undefined
  startedAt: string | undefined
  terminated: Terminated | undefined
  /** The run before this one. */
  last: Terminated | undefined
  restartCount: number
  /** The startup probe has succeeded in this run, or there is none. */
  hasStarted: boolean
  /** When this run began, ms. */
  runningSince: number
  /** It was told to end and has not ended yet. */
  isStopping: boolean
  /** Failed pulls in a row. */
  pulls: number
  /** Exits in a row that count for the restart back-off, and when the last of them was, ms. */
  exits: number
  exitedAt: number
}

export function createContainer(spec: Container, lifecycleStart: string, isInit: boolean): ContainerRecord {
  return {
    spec,
    kind: !isInit ? 'regular' : isSidecar(spec) ? 'sidecar' : 'init',
    state: lifecycleStart,
    message: undefined,
    startedAt: undefined,
    terminated: undefined,
    last: undefined,
    restartCount: 0,
    hasStarted: false,
    runningSince: 0,
    isStopping: false,
    pulls: 0,
    exits: 0,
    exitedAt: 0,
  }
}

export const isRunning = ({ state }: ContainerRecord): boolean => state === 'Running' || state === 'Ready'
export const isEnded = ({ state }: ContainerRecord): boolean =>
  state === 'Completed' || state === 'Error' || state === 'OOMKilled'
export const isCompleted = ({ state }: ContainerRecord): boolean => state === 'Completed'

/** An init container counts as done when it exited 0, a sidecar when it has started. */
export function isDone(container: ContainerRecord): boolean {
  return container.kind === 'sidecar' ? container.hasStarted || container.restartCount > 0 : isCompleted(container)
}

/** The status as the API shows it; `waitingReason` stands where the container has not been looked at yet. */
export function containerStatusOf(container: ContainerRecord, uid: string, waitingReason: string): ContainerStatus {
  const { spec, state, restartCount, last } = container
  const running = isRunning(container)
  const ran = container.startedAt !== undefined
  return {
    name: spec.name,
    state: stateOf(container, waitingReason),
    ...(last === undefined ? NOTHING : { lastState: { terminated: last } }),
    ready: container.kind === 'init' ? isCompleted(container) : state === 'Ready',
    restartCount,
    image: spec.image ?? '',
    imageID: ran ? imageIdOf(spec.image ?? '') : '',
    ...(ran ? { containerID: containerIdOf(uid, spec.name, restartCount) } : NOTHING),
    started: running && (container.hasStarted || container.kind === 'init'),
  }
}

const NOTHING = {}

function stateOf(container: ContainerRecord, waitingReason: string): ContainerState {
  if (isRunning(container)) return { running: { startedAt: container.startedAt! } }
  if (isEnded(container)) return { terminated: container.terminated! }
  const reason = container.state === 'ContainerCreating' ? waitingReason : container.state
  return { waiting: container.message === undefined ? { reason } : { reason, message: container.message } }
}

const HEX = '0123456789abcdef'
const imageIds = new Map<string, string>()

/** The image with a digest made from its name: the same everywhere, and no more than a name. */
export function imageIdOf(image: string): string {
  const known = imageIds.get(image)
  if (known !== undefined) return known
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')
  const id = `${repository}@sha256:${digestOf(image)}`
  if (imageIds.size > 1000) imageIds.clear()
  imageIds.set(image, id)
  return id
}

/** 64 hexadecimal digits that depend on every character of the text. */
export function digestOf(text: string): string {
  let a = 0x811c9dc5
  let digits = ''
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < text.length; i++) a = Math.imul(a ^ text.charCodeAt(i) ^ (round << 8), 0x01000193)
    for (let i = 0; i < 8; i++) digits += HEX[(a >>> (i * 4)) & 15]
  }
  return digits
}

const tails = new Map<string, string>()

/** 64 hexadecimal digits: the Pod's uid, then a part for the container's name and its run. */
export function containerIdOf(uid: string, name: string, run: number): string {
  const key = `${name}/${run}`
  let tail = tails.get(key)
  if (tail === undefined) {
    if (tails.size > 1000) tails.clear()
    tail = digestOf(key).slice(0, 32)
    tails.set(key, tail)
  }
  return `containerd://${uid.slice(0, 8)}${uid.slice(9, 13)}${uid.slice(14, 18)}${uid.slice(19, 23)}${uid.slice(24)}${tail}`
}
