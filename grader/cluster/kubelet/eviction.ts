// Node-pressure eviction: which Pod has to go, and in which words. Pure, but for the manager at the end.
// Upstream: pkg/kubelet/eviction/{eviction_manager,helpers}.go.
import { compareStrings } from '../../api/compare.ts'
import { podRequests } from '../../api/pod-resources.ts'
import { formatQuantity, quantity, quantityFrom, valueOfQuantity } from '../../api/quantity.ts'
import type { Clock } from '../clock.ts'
import type { PressureResource } from '../machine-event.ts'
import { isCritical } from './admission.ts'
import { type ContainerRecord, isRunning } from './container.ts'
import { memoryBytesOf } from './container-end.ts'
import type { Behaviours } from './image-behaviour.ts'
import { type Kubelet, type PodWorker, whenRunning } from './kubelet.ts'
import type { NodeReporter } from './node-reporter.ts'
import type { PodReporter } from './pod-reporter.ts'
import type { PodRunner } from './pod-runner.ts'

const ROUND_SECONDS = 10
/** A pressure stays at least five minutes after it has gone: the kubelet's transition period. */
const TRANSITION_SECONDS = 300
/** What hard thresholds leave a Pod. */
const HARD_GRACE_SECONDS = 1

/** A threshold of a machine: what must be there, and how little there is when pressure begins. */
interface Threshold {
  readonly resource: 'memory' | 'ephemeral-storage'
  readonly bytes: number
  readonly availableBytes: number
}

const MI = 1024 * 1024
const MEMORY: Threshold = { resource: 'memory', bytes: 100 * MI, availableBytes: 71 * MI }
/** 10 % of the usual 100Gi. */
const DISK: Threshold = { resource: 'ephemeral-storage', bytes: 10_240 * MI, availableBytes: 7_168 * MI }
// Simplified: nothing is evicted for lack of process ids: images do not say how many they use.
const THRESHOLDS: Readonly<Record<PressureResource, Threshold | undefined>> = {
  memory: MEMORY,
  disk: DISK,
  pid: undefined,
}

/** One Pod's use of the resource, against what it asked for. */
export interface PodUsage {
  readonly worker: PodWorker
  readonly usedBytes: number
  readonly requestedBytes: number
}

/** Who goes first: more than requested, then lower priority, then the most above the request. */
export function compareForEviction(a: PodUsage, b: PodUsage): number {
  const exceeds = ({ usedBytes, requestedBytes }: PodUsage) => (usedBytes > requestedBytes ? 0 : 1)
  const above = ({ usedBytes, requestedBytes }: PodUsage) => usedBytes - requestedBytes
  const priority = ({ worker }: PodUsage) => worker.pod.spec.priority ?? 0
  return (
    exceeds(a) - exceeds(b) ||
    priority(a) - priority(b) ||
    above(b) - above(a) ||
    compareStrings(a.worker.pod.metadata.name, b.worker.pod.metadata.name)
  )
}

export interface EvictionParts {
  readonly clock: Clock
  readonly runner: PodRunner
  readonly reporter: PodReporter
  readonly nodeReporter: NodeReporter
  readonly behaviourOf: Behaviours
}

export interface EvictionManager {
  /** The machine runs short of something: the condition at once, then one Pod each ten seconds until there is enough. */
  begin(kubelet: Kubelet, resource: PressureResource): void
  /** There is enough again; the condition stays for the transition period. */
  end(kubelet: Kubelet, resource: PressureResource): void
}

// Simplified: a machine under pressure is 29Mi of memory or 3Gi of disk short; evicted Pods give back what their images state
// (`memory`, `disk`), and Pods whose images state nothing use nothing and stay. Dead containers and images are not collected.
export function createEvictionManager(parts: EvictionParts): EvictionManager {
  const { clock, runner, reporter, nodeReporter, behaviourOf } = parts
  /** What all Pods used when a shortage began, by machine and resource. */
  const shortages = new Map<Kubelet, Map<PressureResource, number>>()

  const setCondition = (kubelet: Kubelet, resource: PressureResource, isUnder: boolean) => {
    if (kubelet.pressures[resource] === isUnder) return
    kubelet.pressures[resource] = isUnder
    nodeReporter.post(kubelet)
  }

  function begin(kubelet: Kubelet, resource: PressureResource): void {
    let of = shortages.get(kubelet)
    if (of === undefined) {
      of = new Map()
      shortages.set(kubelet, of)
    }
    if (of.has(resource)) return
    of.set(resource, totalOf(usages(kubelet, resource)))
    setCondition(kubelet, resource, true)
    round(kubelet, resource)
  }

  function end(kubelet: Kubelet, resource: PressureResource): void {
    const of = shortages.get(kubelet)
    if (of?.delete(resource) !== true) return
    clock.after(TRANSITION_SECONDS, 'kubelet', () => {
      if (!of.has(resource)) setCondition(kubelet, resource, false)
    })
  }

  function round(kubelet: Kubelet, resource: PressureResource): void {
    const before = shortages.get(kubelet)?.get(resource)
    const threshold = THRESHOLDS[resource]
    if (before === undefined || threshold === undefined || kubelet.isGone) return
    whenRunning(kubelet, () => {
      const used = usages(kubelet, resource)
      const availableBytes = threshold.availableBytes + before - totalOf(used)
      if (availableBytes < threshold.bytes) evictOne(kubelet, used, { ...threshold, availableBytes })
    })
    clock.after(ROUND_SECONDS, 'kubelet', () => round(kubelet, resource))
  }

  function evictOne(kubelet: Kubelet, used: readonly PodUsage[], threshold: Threshold): void {
    nodeReporter.tell(kubelet, 'EvictionThresholdMet', `Attempting to reclaim ${threshold.resource}`, 'Warning')
    const [first] = used
      .filter(({ worker, usedBytes }) => usedBytes > 0 && !isCritical(worker.pod) && isThere(worker))
      .sort(compareForEviction)
    if (first === undefined) return
    const message = messageOf(first.worker, threshold)
    reporter.evicted(first.worker, message)
    runner.fail(first.worker, { reason: 'Evicted', message, isDisruption: true }, HARD_GRACE_SECONDS)
  }

  const isThere = ({ over, failure, deletion }: PodWorker): boolean =>
    !over && failure === undefined && deletion !== 'Terminating'

  function usages(kubelet: Kubelet, resource: PressureResource): readonly PodUsage[] {
    return [...kubelet.pods.values()].map((worker) => {
      const { memoryBytes, ephemeralBytes } = podRequests(worker.pod.spec)
      const running = [...worker.init, ...worker.containers].filter(isRunning)
      return {
        worker,
        usedBytes: running.reduce((sum, container) => sum + usedBy(worker, container, resource), 0),
        requestedBytes: resource === 'memory' ? memoryBytes : ephemeralBytes,
      }
    })
  }

  function usedBy(worker: PodWorker, container: ContainerRecord, resource: PressureResource): number {
    const behaviour = behaviourOf(container)
    if (resource === 'memory') return memoryBytesOf(worker, behaviour)
    return resource === 'disk' && behaviour.disk !== undefined ? valueOfQuantity(quantity(behaviour.disk)) : 0
  }

  /** Upstream: evictionMessage. Each part ends in a blank. */
  function messageOf(worker: PodWorker, { resource, bytes, availableBytes }: Threshold): string {
    const pressure = resource === 'memory' ? 'memory' : 'disk'
    let text = `The node was low on resource: ${resource}. Threshold quantity: ${binary(bytes)}, available: ${binary(availableBytes)}. `
    for (const container of worker.containers) {
      if (!isRunning(container)) continue
      const used = usedBy(worker, container, pressure)
      const request = container.spec.resources?.requests?.[resource]
      if (used <= (request === undefined ? 0 : valueOfQuantity(quantity(request)))) continue
      text += `Container ${container.spec.name} was using ${binary(used)}, request is ${request ?? 0}, has larger consumption of ${resource}. `
    }
    return text
  }

  return { begin, end }
}

const totalOf = (usages: readonly PodUsage[]): number => usages.reduce((sum, { usedBytes }) => sum + usedBytes, 0)
const binary = (bytes: number): string => formatQuantity(quantityFrom(Math.round(bytes), 'BinarySI'))
