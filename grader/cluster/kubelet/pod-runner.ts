// The life of a Pod on its machine, step by step, each step moving along an edge of the machines in lifecycles/.
// Upstream: pkg/kubelet/pod_workers.go, kuberuntime/kuberuntime_manager.go (computePodActions, SyncPod, killPod).
import { assert } from '../../api/assert.ts'
import { SPECIAL_IMAGES, type ImageBehaviour } from '../cluster-config.ts'
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import type { Clock } from '../clock.ts'
import { type ContainerRecord, isDone, isEnded, isRunning } from './container.ts'
import { pullError, missingConfig, type Configs } from './container-start.ts'
import { podAddress, type PodWorker, whenRunning } from './kubelet.ts'
import { phaseOf } from './pod-status.ts'
import type { PodReporter } from './pod-reporter.ts'
import { restartDelaySeconds } from './restart-backoff.ts'

/** What an unknown image does. */
const DEFAULT_START_SECONDS = 1
/** The kubelet looks at the runtime once a second, so it notices an exit or a failed pull that much later. */
const RELIST_SECONDS = 1
const FIRST_PULL_BACKOFF_SECONDS = 10
const MAX_PULL_BACKOFF_SECONDS = 300
/** A container whose configuration is missing is looked at again with the Pod's next sync. */
const SYNC_RETRY_SECONDS = 10

export interface PodRunnerParts {
  readonly clock: Clock
  readonly images: Readonly<Record<string, ImageBehaviour>>
  readonly containerLife: Lifecycle
  readonly reporter: PodReporter
  readonly configs: Configs
}

export interface PodRunner {
  /** Sandbox, then init containers, then the others. */
  start(worker: PodWorker): void
  /** Ends all containers within the grace period, then removes the Pod from the API. */
  terminate(worker: PodWorker): void
  /** The machine went down and came up: every container is lost and starts again. */
  startAfresh(worker: PodWorker): void
}

const BY = 'kubelet'
const NO_BEHAVIOUR: ImageBehaviour = {}

export function createPodRunner({ clock, images, containerLife, reporter, configs }: PodRunnerParts): PodRunner {
  const behaviourOf = (container: ContainerRecord): ImageBehaviour => {
    const image = container.spec.image ?? ''
    return images[image] ?? SPECIAL_IMAGES[image] ?? NO_BEHAVIOUR
  }

  const move = (container: ContainerRecord, event: string) => {
    container.state = containerLife.next(container.state, event)
  }

  /** Does the work after so long, unless the Pod's plans have changed, and not before the kubelet runs. */
  const later = (worker: PodWorker, seconds: number, work: () => void) => {
    const { epoch } = worker
    const act = () => {
      if (worker.epoch === epoch && !worker.over) whenRunning(worker.kubelet, () => worker.epoch === epoch && work())
    }
    clock.after(seconds, BY, act)
  }

  function start(worker: PodWorker): void {
    const { kubelet } = worker
    worker.podIP = worker.pod.spec.hostNetwork === true ? kubelet.hostIP : podAddress(kubelet.index, kubelet.addresses++)
    startNext(worker)
  }

  /** The next container that has to start: init containers one after the other, then the others one after the other. */
  function startNext(worker: PodWorker): void {
    const container = worker.init.find((candidate) => !isDone(candidate)) ?? worker.containers.find(({ state }) => state === 'ContainerCreating')
    if (container === undefined || container.state !== 'ContainerCreating') return
    const { startSeconds = DEFAULT_START_SECONDS } = behaviourOf(container)
    later(worker, startSeconds, () => launch(worker, container))
  }

  function launch(worker: PodWorker, container: ContainerRecord): void {
    if (container.state !== 'ContainerCreating' && container.state !== 'CreateContainerConfigError') return
    const problem = pullError(container.spec, behaviourOf(container), worker.kubelet)
    if (problem !== undefined) failToPull(worker, container, problem)
    else {
      const missing = worker.kubelet.runsEverything ? undefined : missingConfig(worker.pod, container.spec, configs)
      if (missing !== undefined) waitForConfig(worker, container, missing.message, missing.path)
      else run(worker, container, 'STARTED')
    }
    if (container.kind === 'regular') startNext(worker)
  }

  function failToPull(worker: PodWorker, container: ContainerRecord, problem: NonNullable<ReturnType<typeof pullError>>): void {
    move(container, problem.event)
    container.message = problem.message
    reporter.pullFailed(worker, container, problem)
    reporter.report(worker)
    if (problem.event !== 'PULL_FAILED') return
    const delay = Math.min(FIRST_PULL_BACKOFF_SECONDS * 2 ** container.pulls, MAX_PULL_BACKOFF_SECONDS)
    container.pulls++
    later(worker, RELIST_SECONDS, () => {
      move(container, 'BACK_OFF')
      container.message = `Back-off pulling image "${container.spec.image}": ErrImagePull: ${problem.message}`
      reporter.pullBackOff(worker, container)
      reporter.report(worker)
    })
    later(worker, delay, () => failToPull(worker, container, problem))
  }

  function waitForConfig(worker: PodWorker, container: ContainerRecord, message: string, path: string): void {
    if (container.state === 'ContainerCreating') {
      move(container, 'CONFIG_MISSING')
      reporter.configMissing(worker, container, message, path)
    }
    container.message = message
    reporter.report(worker)
    later(worker, SYNC_RETRY_SECONDS, () => launch(worker, container))
  }

  function run(worker: PodWorker, container: ContainerRecord, event: 'STARTED' | 'RESTARTED'): void {
    move(container, event)
    container.message = undefined
    container.startedAt = clock.timestamp()
    if (event === 'RESTARTED') {
      container.restartCount++
      container.last = container.terminated
    }
    reporter.started(worker, container)
    const behaviour = behaviourOf(container)
    const exit = exitOf(worker, container, behaviour)
    if (exit !== undefined && exit.afterSeconds <= 0) return ended(worker, container, exit)
    if (exit !== undefined) later(worker, exit.afterSeconds, () => isRunning(container) && ended(worker, container, exit))
    becomeReady(worker, container, behaviour)
    if (container.kind !== 'regular') startNext(worker)
    reporter.report(worker)
  }

  // Simplified: probes always succeed at once; readiness is the image's `ready` and `readyAfterSeconds`.
  function becomeReady(worker: PodWorker, container: ContainerRecord, { ready, readyAfterSeconds = 0 }: ImageBehaviour): void {
    if (ready === 'never' || container.kind === 'init') return
    if (readyAfterSeconds <= 0) return move(container, 'READY')
    const run = container.restartCount
    later(worker, readyAfterSeconds, () => {
      if (container.state !== 'Running' || container.restartCount !== run) return
      move(container, 'READY')
      reporter.report(worker)
    })
  }

  function ended(worker: PodWorker, container: ContainerRecord, exit: Exit): void {
    move(container, exit.event)
    container.terminated = {
      exitCode: exit.code,
      reason: container.state,
      startedAt: container.startedAt!,
      finishedAt: clock.timestamp(),
    }
    reporter.exited(worker, container)
    const previousExitAt = container.exitedAt
    container.exitedAt = clock.now()
    reporter.report(worker)
    const phase = phaseOf(worker.pod, { init: worker.init, containers: worker.containers, terminating: false })
    if (phase === 'Failed' || phase === 'Succeeded') return finish(worker, phase)
    if (container.kind === 'init' && container.state === 'Completed') return startNext(worker)
    if (!restarts(worker, container)) return
    const delay = restartDelaySeconds(container, previousExitAt, clock.now())
    later(worker, RELIST_SECONDS, () => {
      if (delay <= RELIST_SECONDS) return run(worker, container, 'RESTARTED')
      move(container, 'BACK_OFF')
      reporter.restartBackOff(worker, container, delay)
      reporter.report(worker)
    })
    if (delay > RELIST_SECONDS) later(worker, delay, () => run(worker, container, 'RESTARTED'))
  }

  function restarts(worker: PodWorker, container: ContainerRecord): boolean {
    if (container.kind === 'sidecar') return true
    const policy = container.spec.restartPolicy ?? worker.pod.spec.restartPolicy ?? 'Always'
    if (container.kind === 'init') return policy !== 'Never'
    return policy === 'Always' || (policy === 'OnFailure' && container.state !== 'Completed')
  }

  function finish(worker: PodWorker, phase: 'Succeeded' | 'Failed'): void {
    if (worker.phase === phase) return
    for (const sidecar of worker.init) if (sidecar.kind === 'sidecar' && isRunning(sidecar)) stop(sidecar, clock.timestamp())
    worker.epoch++
    reporter.report(worker)
  }

  function terminate(worker: PodWorker): void {
    worker.epoch++
    const running = [...worker.init, ...worker.containers].filter(isRunning)
    for (const container of running) reporter.killing(worker, container)
    const grace = worker.pod.metadata.deletionGracePeriodSeconds ?? worker.pod.spec.terminationGracePeriodSeconds ?? 30
    const hook = Math.max(0, ...running.map(({ spec }) => spec.lifecycle?.preStop?.sleep?.seconds ?? 0))
    const end = () => {
      for (const container of running) stop(container, clock.timestamp())
      reporter.removed(worker)
    }
    // Simplified: a container ends as soon as it gets SIGTERM; only preStop sleeps take their time.
    if (hook > 0) later(worker, Math.min(hook, grace), end)
    else end()
  }

  function stop(container: ContainerRecord, now: string): void {
    if (!isRunning(container)) return
    move(container, 'EXITED')
    container.terminated = { exitCode: 0, reason: 'Completed', startedAt: container.startedAt!, finishedAt: now }
  }

  function startAfresh(worker: PodWorker): void {
    worker.epoch++
    for (const container of [...worker.init, ...worker.containers]) {
      if (!isRunning(container)) continue
      move(container, 'FAILED')
      container.terminated = { exitCode: 137, reason: 'Error', startedAt: container.startedAt!, finishedAt: clock.timestamp() }
    }
    worker.podIP = worker.pod.spec.hostNetwork === true ? worker.kubelet.hostIP : podAddress(worker.kubelet.index, worker.kubelet.addresses++)
    reporter.sandboxChanged(worker)
    // Simplified: init containers that were done are not run again after a reboot.
    for (const container of [...worker.init, ...worker.containers]) {
      if (isEnded(container) && restarts(worker, container) && !(container.kind === 'init' && container.state === 'Completed')) {
        later(worker, RELIST_SECONDS, () => run(worker, container, 'RESTARTED'))
      } else if (container.state === 'CrashLoopBackOff') {
        later(worker, RELIST_SECONDS, () => run(worker, container, 'RESTARTED'))
      } else if (container.state === 'ErrImagePull' || container.state === 'ImagePullBackOff') {
        later(worker, RELIST_SECONDS, () => retryPull(worker, container))
      }
    }
    startNext(worker)
    reporter.report(worker)
  }

  function retryPull(worker: PodWorker, container: ContainerRecord): void {
    if (container.state === 'ErrImagePull') move(container, 'BACK_OFF')
    const problem = pullError(container.spec, behaviourOf(container), worker.kubelet)
    assert(problem !== undefined, 'an image that failed once fails again')
    failToPull(worker, container, problem)
  }

  interface Exit {
    readonly event: 'EXITED' | 'FAILED' | 'OOM_KILLED'
    readonly code: number
    readonly afterSeconds: number
  }

  /** How and when the container ends by itself, if it does. */
  function exitOf(worker: PodWorker, container: ContainerRecord, behaviour: ImageBehaviour): Exit | undefined {
    if (reporter.exceedsMemory(container.spec, behaviour)) return { event: 'OOM_KILLED', code: 137, afterSeconds: 0 }
    if (behaviour.exits !== undefined) {
      const { code, afterSeconds } = behaviour.exits
      return { event: code === 0 ? 'EXITED' : 'FAILED', code, afterSeconds }
    }
    if (behaviour.ready === 'never') return undefined
    // Simplified: what an unknown image does is over at once in an init container, and after a second in a Job.
    if (container.kind === 'init') return { event: 'EXITED', code: 0, afterSeconds: 0 }
    const isJob = worker.pod.metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ?? false
    return isJob && container.kind === 'regular' ? { event: 'EXITED', code: 0, afterSeconds: 1 } : undefined
  }

  return { start, terminate, startAfresh }
}
