// Startup, liveness and readiness of running containers. Upstream: pkg/kubelet/prober/{prober_manager,worker}.go.
import type { Probe } from '../../api/core.ts'
import type { Clock } from '../clock.ts'
import type { ContainerRecord } from './container.ts'
import { isRunning } from './container.ts'
import type { Behaviours } from './image-behaviour.ts'
import type { PodWorker } from './kubelet.ts'
import type { PodReporter } from './pod-reporter.ts'
import { isHealthy, type ProbeKind, probeFailure } from './probe.ts'
import type { Later } from './worker-clock.ts'

export interface ProberParts {
  readonly clock: Clock
  readonly later: Later
  readonly behaviourOf: Behaviours
  readonly reporter: PodReporter
  readonly move: (container: ContainerRecord, event: string) => void
  /** A sidecar has started: whoever waits for it may go on. */
  readonly onStarted: (worker: PodWorker, container: ContainerRecord) => void
  /** Liveness or startup failed too often: the container has to go. */
  readonly onDead: (worker: PodWorker, container: ContainerRecord, kind: ProbeKind) => void
}

export interface Prober {
  /** A container runs from now on. Does not write its status. */
  begin(worker: PodWorker, container: ContainerRecord): void
}

// Simplified: a probe runs initialDelaySeconds after its container's start and then once a period, without upstream's random part.
export function createProber({ clock, later, behaviourOf, reporter, move, onStarted, onDead }: ProberParts): Prober {
  function begin(worker: PodWorker, container: ContainerRecord): void {
    if (container.kind === 'init') return
    const { startupProbe } = container.spec
    container.runningSince = clock.now()
    container.hasStarted = startupProbe === undefined || worker.kubelet.runsEverything
    if (container.hasStarted) afterStartup(worker, container)
    else watch(worker, container, { kind: 'Startup', probe: startupProbe! })
  }

  function afterStartup(worker: PodWorker, container: ContainerRecord): void {
    const { livenessProbe, readinessProbe } = container.spec
    const probes = !worker.kubelet.runsEverything
    if (probes && livenessProbe !== undefined) watch(worker, container, { kind: 'Liveness', probe: livenessProbe })
    if (probes && readinessProbe !== undefined) watch(worker, container, { kind: 'Readiness', probe: readinessProbe })
    else becomeReady(worker, container)
  }

  // Simplified: without a readinessProbe a container is ready when its image says so: at once, after readyAfterSeconds, or never.
  function becomeReady(worker: PodWorker, container: ContainerRecord): void {
    const behaviour = behaviourOf(container)
    if (behaviour.ready === 'never') return
    const wait = (behaviour.readyAfterSeconds ?? 0) - runningFor(container)
    if (wait <= 0) {
      move(container, 'READY')
      return
    }
    const run = container.restartCount
    later(worker, wait, () => {
      if (container.state !== 'Running' || container.restartCount !== run) return
      move(container, 'READY')
      reporter.report(worker)
    })
  }

  const runningFor = ({ runningSince }: ContainerRecord): number => (clock.now() - runningSince) / 1000

  interface Watch {
    readonly kind: ProbeKind
    readonly probe: Probe
  }

  /** Probes again and again until the run of the container is over, or nothing can change any more. */
  function watch(worker: PodWorker, container: ContainerRecord, { kind, probe }: Watch): void {
    const { periodSeconds = 10, initialDelaySeconds = 0, successThreshold = 1, failureThreshold = 3 } = probe
    const run = container.restartCount
    let successes = 0
    let failures = 0
    const attempt = () => {
      if (!isRunning(container) || container.restartCount !== run || container.isStopping) return
      const behaviour = behaviourOf(container)
      const failure = probeFailure({ probe, container, behaviour, podIP: worker.podIP ?? '' }, runningFor(container))
      if (failure === undefined) {
        failures = 0
        if (++successes === successThreshold && succeeded(worker, container, kind)) return
      } else {
        successes = 0
        reporter.unhealthy(worker, container, `${kind} probe failed: ${failure}`)
        if (++failures === failureThreshold && gaveUp(worker, container, kind)) return
      }
      const isSettled = failure === undefined ? successes >= successThreshold : failures >= failureThreshold
      const wait = isSettled
        ? untilChange(container, { periodSeconds, isFailing: failure !== undefined })
        : periodSeconds
      if (wait !== undefined) later(worker, wait, attempt)
    }
    const delay = initialDelaySeconds - runningFor(container)
    if (delay > 0) later(worker, delay, attempt)
    else attempt()
  }

  /** When the next attempt can matter. Attempts that find the same once more leave no trace, unless they leave an Event. */
  function untilChange(
    container: ContainerRecord,
    { periodSeconds, isFailing }: { readonly periodSeconds: number; readonly isFailing: boolean },
  ): number | undefined {
    if (isFailing && reporter.isSmall()) return periodSeconds
    const behaviour = behaviourOf(container)
    const now = runningFor(container)
    const turns = [behaviour.readyAfterSeconds ?? 0, behaviour.failsProbesAfterSeconds ?? Number.POSITIVE_INFINITY]
    const next = turns.find((at) => at > now && isHealthy(behaviour, at) === isFailing)
    if (next === undefined || next === Number.POSITIVE_INFINITY) return undefined
    return Math.ceil((next - now) / periodSeconds) * periodSeconds
  }

  /** Says whether there is nothing more to watch. */
  function succeeded(worker: PodWorker, container: ContainerRecord, kind: ProbeKind): boolean {
    if (kind === 'Readiness' && container.state === 'Running') {
      move(container, 'READY')
      reporter.report(worker)
    }
    if (kind !== 'Startup') return false
    container.hasStarted = true
    afterStartup(worker, container)
    onStarted(worker, container)
    reporter.report(worker)
    return true
  }

  /** Says whether there is nothing more to watch. */
  function gaveUp(worker: PodWorker, container: ContainerRecord, kind: ProbeKind): boolean {
    if (kind !== 'Readiness') {
      onDead(worker, container, kind)
      return true
    }
    if (container.state === 'Ready') {
      move(container, 'UNREADY')
      reporter.report(worker)
    }
    return false
  }

  return { begin }
}
