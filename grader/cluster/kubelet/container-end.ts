// How containers end by themselves, and whether they start again. Pure.
// Upstream: pkg/kubelet/container/helpers.go (ShouldContainerBeRestarted); the rest is what images do.
import type { Pod } from '../../api/core.ts'
import { quantity, valueOfQuantity } from '../../api/quantity.ts'
import type { ImageBehaviour } from '../cluster-config.ts'
import type { ContainerRecord } from './container.ts'
import type { PodWorker } from './kubelet.ts'

/** How a container ends, and how long after its start. */
export interface Exit {
  readonly event: 'EXITED' | 'FAILED' | 'OOM_KILLED'
  readonly code: number
  readonly afterSeconds: number
}

export const OUT_OF_MEMORY: Exit = { event: 'OOM_KILLED', code: 137, afterSeconds: 0 }

/** How and when the container ends by itself, if it does. */
export function exitOf(worker: PodWorker, container: ContainerRecord, behaviour: ImageBehaviour): Exit | undefined {
  if (exceedsMemory(worker, container, behaviour)) return OUT_OF_MEMORY
  if (behaviour.exits !== undefined) {
    const { code, afterSeconds } = behaviour.exits
    return { event: code === 0 ? 'EXITED' : 'FAILED', code, afterSeconds }
  }
  if (behaviour.ready === 'never') return undefined
  // Simplified: what an unknown image does is over at once in an init container, and after a second in a Job.
  if (container.kind === 'init') return { event: 'EXITED', code: 0, afterSeconds: 0 }
  return isOwnedBy(worker.pod, 'Job') && container.kind === 'regular'
    ? { event: 'EXITED', code: 0, afterSeconds: 1 }
    : undefined
}

// Simplified: only agents, the Pods of DaemonSets, feel a machine's load.
/** Whether the image needs more memory, on this machine now, than the container may have. */
export function exceedsMemory(worker: PodWorker, { spec }: ContainerRecord, behaviour: ImageBehaviour): boolean {
  const limit = spec.resources?.limits?.memory
  return limit !== undefined && memoryBytesOf(worker, behaviour) > valueOfQuantity(quantity(limit))
}

/** What a container of the image uses on this machine now; 0 if the image does not say. */
export function memoryBytesOf({ pod, kubelet }: PodWorker, { memory }: ImageBehaviour): number {
  if (memory === undefined) return 0
  return valueOfQuantity(quantity(memory)) * (isOwnedBy(pod, 'DaemonSet') ? kubelet.load : 1)
}

function isOwnedBy(pod: Pod, kind: string): boolean {
  return pod.metadata.ownerReferences?.some((owner) => owner.kind === kind) ?? false
}

/** Whether a container that has ended starts again in its Pod. */
export function restarts(pod: Pod, container: ContainerRecord): boolean {
  if (container.kind === 'sidecar') return true
  const policy = container.spec.restartPolicy ?? pod.spec.restartPolicy ?? 'Always'
  if (container.kind === 'init') return policy !== 'Never'
  return policy === 'Always' || (policy === 'OnFailure' && container.state !== 'Completed')
}
