// Getting images: what fails, and when it is tried again. Upstream: pkg/kubelet/images/image_manager.go.
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import { type ContainerRecord, isRunning } from './container.ts'
import { pullError } from './container-start.ts'
import type { Behaviours } from './image-behaviour.ts'
import type { PodWorker } from './kubelet.ts'
import type { PodReporter } from './pod-reporter.ts'
import type { Later } from './worker-clock.ts'

/** The kubelet looks at the runtime once a second, so it notices a failed pull that much later. */
const RELIST_SECONDS = 1
const FIRST_BACKOFF_SECONDS = 10
const MAX_BACKOFF_SECONDS = 300

export interface ImageManagerParts {
  readonly later: Later
  readonly containerLife: Lifecycle
  readonly behaviourOf: Behaviours
  readonly reporter: PodReporter
  /** The image is there after all. */
  readonly onPulled: (worker: PodWorker, container: ContainerRecord) => void
}

export interface ImageManager {
  /** Whether the image does not come; then the container waits, and its pull is tried again later. */
  isMissing(worker: PodWorker, container: ContainerRecord): boolean
  /** Tries once more, now. */
  pullAgain(worker: PodWorker, container: ContainerRecord): void
}

export function createImageManager({
  later,
  containerLife,
  behaviourOf,
  reporter,
  onPulled,
}: ImageManagerParts): ImageManager {
  const move = (container: ContainerRecord, event: string) => {
    container.state = containerLife.next(container.state, event)
  }

  function isMissing(worker: PodWorker, container: ContainerRecord): boolean {
    const problem = pullError(container.spec, behaviourOf(container), worker.kubelet)
    if (problem === undefined) return false
    if (!containerLife.allows(container.state, problem.event)) return true
    move(container, problem.event)
    container.message = problem.message
    reporter.pullFailed(worker, container, problem)
    reporter.report(worker)
    if (problem.event === 'PULL_FAILED') backOff(worker, container, problem.message)
    return true
  }

  function backOff(worker: PodWorker, container: ContainerRecord, message: string): void {
    const delay = Math.min(FIRST_BACKOFF_SECONDS * 2 ** container.pulls, MAX_BACKOFF_SECONDS)
    const attempt = ++container.pulls
    later(worker, RELIST_SECONDS, () => {
      if (container.state !== 'ErrImagePull') return
      move(container, 'BACK_OFF')
      container.message = `Back-off pulling image "${container.spec.image}": ErrImagePull: ${message}`
      reporter.pullBackOff(worker, container)
      reporter.report(worker)
    })
    later(worker, delay, () => container.pulls === attempt && pullAgain(worker, container))
  }

  function pullAgain(worker: PodWorker, container: ContainerRecord): void {
    if (isRunning(container) || isMissing(worker, container) || !containerLife.allows(container.state, 'STARTED'))
      return
    onPulled(worker, container)
  }

  return { isMissing, pullAgain }
}
