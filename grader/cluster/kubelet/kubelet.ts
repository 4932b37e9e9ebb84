// One Node's agent: what it is, before what it does. Upstream: pkg/kubelet/kubelet.go.
import type { Pod } from '../../api/core.ts'
import type { HostPathKind } from '../cluster-config.ts'
import type { EventRecorder } from '../machinery/event-recorder.ts'
import type { ContainerRecord } from './container.ts'

/** A kubelet and the machine under it. */
export interface Kubelet {
  readonly name: string
  /** Counts machines in the order in which they joined: addresses come from it. */
  readonly index: number
  readonly hostIP: string
  readonly pods: Map<string, PodWorker>
  /** Recordings' machines run every Pod that is bound to them, at once, and look at nothing. */
  readonly runsEverything: boolean
  readonly disk: Readonly<Record<string, HostPathKind>> | undefined
  /** Images that were pulled; kept in small clusters only. */
  images: Set<string> | undefined
  /** The process runs. */
  running: boolean
  /** It reaches the API server. */
  connected: boolean
  /** How many Pods got an address here. */
  addresses: number
  /** What waits for the kubelet to run again. */
  postponed: (() => void)[] | undefined
  recorder: EventRecorder | undefined
  /** The states of the node machine, one per region. */
  states: readonly string[]
  pressures: { memory: boolean; disk: boolean; pid: boolean }
  /** False while the runtime is not up again after a boot. */
  isReady: boolean
  /** How many times more memory than usual agents need here. */
  load: number
  /** The machine itself is gone: a Node of the same name is another machine. */
  isGone: boolean
}

/** Why a kubelet ended a Pod; the Pod's status says it. */
export interface PodFailure {
  readonly reason: string
  readonly message: string
  /** Whether the condition DisruptionTarget says so, too. */
  readonly isDisruption?: true
}

/** One Pod on its machine. */
export interface PodWorker {
  /** As the kubelet last saw it. */
  pod: Pod
  readonly kubelet: Kubelet
  readonly init: readonly ContainerRecord[]
  readonly containers: readonly ContainerRecord[]
  /** States of the pod machine: phase and deletion. */
  phase: string
  deletion: string
  startTime: string
  podIP: string | undefined
  /** Bumped when what was planned is void: the Pod is gone, or its machine started afresh. */
  epoch: number
  mountFailures: number
  /** After a boot: containers that have to run once more. */
  again: Set<ContainerRecord> | undefined
  /** Set when the kubelet ends the Pod by itself; the phase follows when all containers have stopped. */
  failure: PodFailure | undefined
  hasFailed: boolean
  /** The grace period that its deletion has now. */
  graceSeconds: number
  /** It comes from a file of the machine; its object in the API is a mirror. */
  isStatic: boolean
  /** Refused, evicted or gone: nothing more happens. */
  over: boolean
}

/** Runs the work now, or as soon as the kubelet runs again. */
export function whenRunning(kubelet: Kubelet, work: () => void): void {
  if (kubelet.running) work()
  else postpone(kubelet, work)
}

/** Keeps the work until the kubelet catches up. */
export function postpone(kubelet: Kubelet, work: () => void): void {
  kubelet.postponed ??= []
  kubelet.postponed.push(work)
}

/** `10.1.0.0/16` and on for machines, in order of joining. */
export function hostAddress(index: number): string {
  const number = index + 1
  return `10.${1 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`
}

// Simplified: every machine has 256 Pod addresses; they repeat in clusters of more than 3,000 machines.
/** `10.244.0.0/16` and on: a /24 per machine. */
export function podAddress(index: number, count: number): string {
  const block = index % 3072
  return `10.${244 + (block >> 8)}.${block & 255}.${1 + (count % 254)}`
}
