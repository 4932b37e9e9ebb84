// The life of a Pod on its machine, step by step, each step moving along an edge of the machines in lifecycles/.
// Upstream: pkg/kubelet/pod_workers.go, kuberuntime/kuberuntime_manager.go (computePodActions, SyncPod, killPod).
import { type Clock, parseTimestamp } from '../clock.ts'
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import { type ContainerRecord, isDone, isRunning } from './container.ts'
import { type Exit, exceedsMemory, exitOf, OUT_OF_MEMORY, restarts } from './container-end.ts'
import { createContainerKiller, KILLED, STOPPED } from './container-killer.ts'
import { type Configs, missingConfig } from './container-start.ts'
import type { Behaviours } from './image-behaviour.ts'
import { createImageManager } from './image-manager.ts'
import { type PodFailure, type PodWorker, podAddress, whenRunning } from './kubelet.ts'
import type { PodReporter } from './pod-reporter.ts'
import { phaseOf } from './pod-status.ts'
import type { ProbeKind } from './probe.ts'
import { createProber } from './prober.ts'
import { restartDelaySeconds } from './restart-backoff.ts'
import { createLater } from './worker-clock.ts'

/** What an unknown image does. */
const DEFAULT_START_SECONDS = 1
/** The kubelet looks at the runtime once a second, so it notices an exit or a failed pull that much later. */
const RELIST_SECONDS = 1
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
  /** Ends the Pod for a reason of the kubelet's own; its phase is Failed once all containers have stopped. It stays in the API. */
  fail(worker: PodWorker, failure: PodFailure, graceSeconds: number): void
  /** The machine went down and came up: every container is lost and starts again, init containers first. */
  startAfresh(worker: PodWorker): void
  /** Images in the Pod's spec were edited: their containers start with the new one. */
  adaptTo(worker: PodWorker): void
  /** The machine's load changed: an agent that now needs more than its limit is killed. */
  feelLoad(worker: PodWorker): void
}

const BY = 'kubelet'
const DEADLINE_EXCEEDED: PodFailure = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
}

export function createPodRunner({ clock, behaviourOf, containerLife, reporter, configs }: PodRunnerParts): PodRunner {
  const move = (container: ContainerRecord, event: string) => {
    container.state = containerLife.next(container.state, event)
  }

  const later = createLater(clock)
  const killer = createContainerKiller({ clock, later, behaviourOf, reporter, configs, move })
  const imageManager = createImageManager({
    later,
    containerLife,
    behaviourOf,
    reporter,
    onPulled: (worker, container) => run(worker, container, 'STARTED'),
  })
  const prober = createProber({ clock, later, behaviourOf, reporter, move, onStarted, onDead })

  function start(worker: PodWorker): void {
    const { kubelet } = worker
    worker.podIP =
      worker.pod.spec.hostNetwork === true ? kubelet.hostIP : podAddress(kubelet.index, kubelet.addresses++)
    const { activeDeadlineSeconds } = worker.pod.spec
    if (activeDeadlineSeconds !== undefined) {
      clock.after(activeDeadlineSeconds, BY, () => whenRunning(kubelet, () => pastDeadline(worker)))
    }
    startNext(worker)
  }

  /** Upstream: pkg/kubelet/active_deadline.go. */
  function pastDeadline(worker: PodWorker): void {
    if (worker.over || worker.phase === 'Succeeded' || worker.phase === 'Failed') return
    reporter.tell(worker.kubelet, worker.pod, 'Normal', DEADLINE_EXCEEDED.reason, DEADLINE_EXCEEDED.message)
    fail(worker, DEADLINE_EXCEEDED, worker.pod.spec.terminationGracePeriodSeconds ?? 30)
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
    if (!imageManager.isMissing(worker, container)) {
      const missing = worker.kubelet.runsEverything ? undefined : missingConfig(worker.pod, container.spec, configs)
      if (missing !== undefined) waitForConfig(worker, container, missing.message, missing.path)
      else run(worker, container, 'STARTED')
    }
    if (container.kind === 'regular') startNext(worker)
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
    prober.begin(worker, container)
    if (container.kind === 'sidecar' && container.hasStarted) startNext(worker)
    reporter.report(worker)
  }

  function onStarted(worker: PodWorker, container: ContainerRecord): void {
    if (container.kind === 'sidecar') startNext(worker)
  }

  /** Liveness or startup failed: the container is killed, and what ends is restarted as its policy says. */
  function onDead(worker: PodWorker, container: ContainerRecord, kind: ProbeKind): void {
    const { startupProbe, livenessProbe } = container.spec
    const probe = kind === 'Startup' ? startupProbe : livenessProbe
    reporter.killingUnhealthy(worker, container, kind)
    const grace = probe?.terminationGracePeriodSeconds ?? worker.pod.spec.terminationGracePeriodSeconds ?? 30
    killer.kill(worker, container, grace, (exit) => isRunning(container) && ended(worker, container, exit))
  }

  function ended(worker: PodWorker, container: ContainerRecord, exit: Exit): void {
    killer.stop(container, exit)
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
      if (sidecar.kind === 'sidecar' && isRunning(sidecar)) killer.stop(sidecar, STOPPED)
    worker.epoch++
    reporter.report(worker)
  }

  function terminate(worker: PodWorker): void {
    worker.epoch++
    for (const container of [...worker.init, ...worker.containers])
      if (isRunning(container) && !container.isStopping) reporter.killing(worker, container)
    const { metadata, spec } = worker.pod
    const grace = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
    const end = () => killer.killPod(worker, grace, () => reporter.removed(worker))
    const wait = sandboxLeft(worker)
    if (wait > 0) later(worker, wait, end)
    else end()
  }

  /** Seconds until the sandbox is up, which nobody interrupts: without them a Pod that is evicted at once would be made anew without end. */
  function sandboxLeft({ kubelet, startTime, containers }: PodWorker): number {
    if (kubelet.runsEverything || containers.some(({ startedAt }) => startedAt !== undefined)) return 0
    const since = clock.now() - (parseTimestamp(startTime) ?? 0)
    return Math.max(0, SANDBOX_SECONDS - since / 1000)
  }

  function fail(worker: PodWorker, failure: PodFailure, graceSeconds: number): void {
    if (worker.failure !== undefined || worker.deletion === 'Terminating') return
    worker.epoch++
    worker.failure = failure
    for (const container of [...worker.init, ...worker.containers])
      if (isRunning(container)) reporter.killing(worker, container)
    killer.killPod(worker, graceSeconds, () => {
      worker.hasFailed = true
      reporter.report(worker)
    })
  }

  function startAfresh(worker: PodWorker): void {
    worker.epoch++
    const all = [...worker.init, ...worker.containers]
    for (const container of all) {
      container.isStopping = false
      killer.stop(container, KILLED)
    }
    // What was about to end has ended with the machine.
    if (worker.deletion === 'Terminating') {
      reporter.removed(worker)
      return
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
      if (container.state === 'ImagePullBackOff')
        later(worker, RELIST_SECONDS, () => imageManager.pullAgain(worker, container))
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
        killer.stop(container, STOPPED)
      }
      if (containerLife.allows(container.state, 'RESTARTED')) restartLater(worker, container, 0)
      else later(worker, RELIST_SECONDS, () => imageManager.pullAgain(worker, container))
    }
  }

  function feelLoad(worker: PodWorker): void {
    for (const container of worker.containers) {
      if (isRunning(container) && exceedsMemory(worker, container, behaviourOf(container)))
        ended(worker, container, OUT_OF_MEMORY)
    }
  }

  return { start, terminate, fail, startAfresh, adaptTo, feelLoad }
}
