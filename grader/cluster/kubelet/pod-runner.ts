// The life of a Pod on its machine, step by step, each step moving along an edge of the machines in lifecycles/.
// Upstream: pkg/kubelet/pod_workers.go, kuberuntime/kuberuntime_manager.go (computePodActions, SyncPod, killPod).

import { type Clock, parseTimestamp } from '../clock.ts'
import type { ImageBehaviour } from '../cluster-config.ts'
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import { type ContainerRecord, isDone, isRunning } from './container.ts'
import { type Exit, exceedsMemory, exitOf, OUT_OF_MEMORY, restarts } from './container-end.ts'
import { type Configs, missingConfig, pullError } from './container-start.ts'
import type { Behaviours } from './image-behaviour.ts'
import { type PodWorker, podAddress, whenRunning } from './kubelet.ts'
import type { PodReporter } from './pod-reporter.ts'
import { phaseOf } from './pod-status.ts'
import { restartDelaySeconds } from './restart-backoff.ts'

/** What an unknown image does. */
const DEFAULT_START_SECONDS = 1
/** The kubelet looks at the runtime once a second, so it notices an exit or a failed pull that much later. */
const RELIST_SECONDS = 1
const FIRST_PULL_BACKOFF_SECONDS = 10
const MAX_PULL_BACKOFF_SECONDS = 300
/** So long a sandbox takes. */
const SANDBOX_SECONDS = 1
/** A container whose configuration is missing is looked at again with the Pod's next sync. */
const SYNC_RETRY_SECONDS = 10

export interface PodRunnerParts {
  readonly clock: Clock
  readonly behaviourOf: Behaviours
  readonly containerLife: Lifecycle
  readonly reporter: PodReporter
  readonly configs: Configs
}

export interface PodRunner {
  /** Sandbox, then init containers, then the others. */
  start(worker: PodWorker): void
  /** Ends all containers within the grace period, then removes the Pod from the API. */
  terminate(worker: PodWorker): void
  /** The machine went down and came up: every container is lost and starts again, init containers first. */
  startAfresh(worker: PodWorker): void
  /** Images in the Pod's spec were edited: their containers start with the new one. */
  adaptTo(worker: PodWorker): void
  /** The machine's load changed: an agent that now needs more than its limit is killed. */
  feelLoad(worker: PodWorker): void
}

const BY = 'kubelet'

export function createPodRunner({ clock, behaviourOf, containerLife, reporter, configs }: PodRunnerParts): PodRunner {
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
    worker.podIP =
      worker.pod.spec.hostNetwork === true ? kubelet.hostIP : podAddress(kubelet.index, kubelet.addresses++)
    startNext(worker)
  }

  /** The next container that has to start: init containers one after the other, then the others one after the other. */
  function startNext(worker: PodWorker): void {
    const { again } = worker
    const container =
      worker.init.find((candidate) => again?.has(candidate) || !isDone(candidate)) ??
      worker.containers.find((candidate) => again?.has(candidate) || candidate.state === 'ContainerCreating')
    if (container === undefined) return
    if (again?.delete(container)) {
      later(worker, RELIST_SECONDS, () => {
        run(worker, container, 'RESTARTED')
        if (container.kind === 'regular') startNext(worker)
      })
    } else if (container.state === 'ContainerCreating') {
      const { startSeconds = worker.kubelet.runsEverything ? 0 : DEFAULT_START_SECONDS } = behaviourOf(container)
      later(worker, startSeconds, () => launch(worker, container))
    }
  }

  function launch(worker: PodWorker, container: ContainerRecord): void {
    if (container.state !== 'ContainerCreating' && container.state !== 'CreateContainerConfigError') return
    if (!pull(worker, container)) {
      const missing = worker.kubelet.runsEverything ? undefined : missingConfig(worker.pod, container.spec, configs)
      if (missing !== undefined) waitForConfig(worker, container, missing.message, missing.path)
      else run(worker, container, 'STARTED')
    }
    if (container.kind === 'regular') startNext(worker)
  }

  /** Whether the image does not come; then the container waits, and is tried again later. */
  function pull(worker: PodWorker, container: ContainerRecord): boolean {
    const problem = pullError(container.spec, behaviourOf(container), worker.kubelet)
    if (problem === undefined) return false
    if (!containerLife.allows(container.state, problem.event)) return true
    move(container, problem.event)
    container.message = problem.message
    reporter.pullFailed(worker, container, problem)
    reporter.report(worker)
    if (problem.event === 'PULL_FAILED') backOffPulling(worker, container, problem.message)
    return true
  }

  function backOffPulling(worker: PodWorker, container: ContainerRecord, message: string): void {
    const delay = Math.min(FIRST_PULL_BACKOFF_SECONDS * 2 ** container.pulls, MAX_PULL_BACKOFF_SECONDS)
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
    if (isRunning(container) || pull(worker, container) || !containerLife.allows(container.state, 'STARTED')) return
    run(worker, container, 'STARTED')
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
    if (exit !== undefined && exit.afterSeconds <= 0) {
      ended(worker, container, exit)
      return
    }
    const number = container.restartCount
    if (exit !== undefined)
      later(
        worker,
        exit.afterSeconds,
        () => container.restartCount === number && isRunning(container) && ended(worker, container, exit),
      )
    becomeReady(worker, container, behaviour)
    if (container.kind !== 'regular') startNext(worker)
    reporter.report(worker)
  }

  // Simplified: probes always succeed at once; readiness is the image's `ready` and `readyAfterSeconds`.
  function becomeReady(
    worker: PodWorker,
    container: ContainerRecord,
    { ready, readyAfterSeconds = 0 }: ImageBehaviour,
  ): void {
    if (ready === 'never' || container.kind === 'init') return
    if (readyAfterSeconds <= 0) {
      move(container, 'READY')
      return
    }
    const number = container.restartCount
    later(worker, readyAfterSeconds, () => {
      if (container.state !== 'Running' || container.restartCount !== number) return
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
    if (phase === 'Failed' || phase === 'Succeeded') {
      finish(worker, phase)
      return
    }
    if (container.kind === 'init' && container.state === 'Completed') {
      startNext(worker)
      return
    }
    if (!restarts(worker.pod, container)) return
    restartLater(worker, container, restartDelaySeconds(container, previousExitAt, clock.now()))
  }

  /** The first look at the runtime restarts the container, or finds that it has to wait longer. */
  function restartLater(worker: PodWorker, container: ContainerRecord, delay: number): void {
    const number = container.restartCount
    const restart = () =>
      container.restartCount === number && !isRunning(container) && run(worker, container, 'RESTARTED')
    if (delay <= RELIST_SECONDS) {
      later(worker, RELIST_SECONDS, restart)
      return
    }
    later(worker, RELIST_SECONDS, () => {
      if (container.restartCount !== number || isRunning(container)) return
      move(container, 'BACK_OFF')
      reporter.restartBackOff(worker, container, delay)
      reporter.report(worker)
    })
    later(worker, delay, restart)
  }

  function finish(worker: PodWorker, phase: 'Succeeded' | 'Failed'): void {
    if (worker.phase === phase) return
    for (const sidecar of worker.init)
      if (sidecar.kind === 'sidecar' && isRunning(sidecar)) stop(sidecar, clock.timestamp())
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
    const wait = Math.max(Math.min(hook, grace), sandboxLeft(worker))
    if (wait > 0) later(worker, wait, end)
    else end()
  }

  /** Seconds until the sandbox is up, which nobody interrupts: without them a Pod that is evicted at once would be made anew without end. */
  function sandboxLeft({ kubelet, startTime, containers }: PodWorker): number {
    if (kubelet.runsEverything || containers.some(({ startedAt }) => startedAt !== undefined)) return 0
    const since = clock.now() - (parseTimestamp(startTime) ?? 0)
    return Math.max(0, SANDBOX_SECONDS - since / 1000)
  }

  function stop(container: ContainerRecord, now: string): void {
    if (!isRunning(container)) return
    move(container, 'EXITED')
    container.terminated = { exitCode: 0, reason: 'Completed', startedAt: container.startedAt!, finishedAt: now }
  }

  function startAfresh(worker: PodWorker): void {
    worker.epoch++
    const all = [...worker.init, ...worker.containers]
    for (const container of all) {
      if (!isRunning(container)) continue
      move(container, 'FAILED')
      container.terminated = {
        exitCode: 137,
        reason: 'Error',
        startedAt: container.startedAt!,
        finishedAt: clock.timestamp(),
      }
    }
    worker.podIP =
      worker.pod.spec.hostNetwork === true
        ? worker.kubelet.hostIP
        : podAddress(worker.kubelet.index, worker.kubelet.addresses++)
    reporter.sandboxChanged(worker)
    const mayRun = worker.containers.some((container) => restarts(worker.pod, container))
    worker.again = new Set(mayRun ? all.filter((container) => containerLife.allows(container.state, 'RESTARTED')) : [])
    for (const container of all) {
      if (container.state === 'ErrImagePull') move(container, 'BACK_OFF')
      if (container.state === 'ImagePullBackOff') later(worker, RELIST_SECONDS, () => pullAgain(worker, container))
      if (container.state === 'CreateContainerConfigError')
        later(worker, RELIST_SECONDS, () => launch(worker, container))
    }
    startNext(worker)
    reporter.report(worker)
  }

  function adaptTo(worker: PodWorker): void {
    for (const container of worker.containers) {
      const spec = worker.pod.spec.containers.find(({ name }) => name === container.spec.name)
      if (spec === undefined || spec === container.spec) continue
      const isEdited = spec.image !== container.spec.image
      container.spec = spec
      if (!isEdited) continue
      container.pulls = 0
      container.exits = 0
      if (isRunning(container)) {
        reporter.definitionChanged(worker, container)
        stop(container, clock.timestamp())
      }
      if (containerLife.allows(container.state, 'RESTARTED')) restartLater(worker, container, 0)
      else later(worker, RELIST_SECONDS, () => pullAgain(worker, container))
    }
  }

  function feelLoad(worker: PodWorker): void {
    for (const container of worker.containers) {
      if (isRunning(container) && exceedsMemory(worker, container, behaviourOf(container)))
        ended(worker, container, OUT_OF_MEMORY)
    }
  }

  return { start, terminate, startAfresh, adaptTo, feelLoad }
}
