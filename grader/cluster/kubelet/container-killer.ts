// Ending containers: preStop, SIGTERM, SIGKILL when the grace period is over, sidecars last.
// Upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go (killContainer, executePreStopHook), kuberuntime_termination_order.go.
import type { Clock } from '../clock.ts'
import type { ContainerRecord } from './container.ts'
import { isRunning } from './container.ts'
import type { Exit } from './container-end.ts'
import type { Configs } from './container-start.ts'
import type { Behaviours } from './image-behaviour.ts'
import type { PodWorker } from './kubelet.ts'
import { runInside } from './kubelet-server.ts'
import type { PodReporter } from './pod-reporter.ts'
import type { Later } from './worker-clock.ts'

/** So much is always left for SIGTERM, however long the preStop hook took. */
const MINIMUM_GRACE_SECONDS = 2

export interface ContainerKillerParts {
  readonly clock: Clock
  readonly later: Later
  readonly behaviourOf: Behaviours
  readonly reporter: PodReporter
  readonly configs: Configs
  readonly move: (container: ContainerRecord, event: string) => void
}

export interface ContainerKiller {
  /** Ends all containers of the Pod within the grace period; `done` follows when the last has ended. */
  killPod(worker: PodWorker, graceSeconds: number, done: () => void): void
  /** Ends one container; `done` gets how it ended. The caller moves it. */
  kill(worker: PodWorker, container: ContainerRecord, graceSeconds: number, done: (exit: Exit) => void): void
  /** The container is over at this moment. */
  stop(container: ContainerRecord, exit: Exit): void
}

export const STOPPED: Exit = { event: 'EXITED', code: 0, afterSeconds: 0 }
/** SIGKILL: 128 + 9. */
export const KILLED: Exit = { event: 'FAILED', code: 137, afterSeconds: 0 }

export function createContainerKiller(parts: ContainerKillerParts): ContainerKiller {
  const { clock, later, behaviourOf, reporter, configs, move } = parts

  function kill(worker: PodWorker, container: ContainerRecord, graceSeconds: number, done: (exit: Exit) => void): void {
    container.isStopping = true
    const hook = Math.min(preStopSeconds(worker, container), graceSeconds)
    after(worker, hook, () => terminate(worker, container, graceSeconds - hook, done))
  }

  /** SIGTERM now, SIGKILL when the rest of the grace period is over. */
  function terminate(
    worker: PodWorker,
    container: ContainerRecord,
    restSeconds: number,
    done: (exit: Exit) => void,
  ): void {
    // Simplified: a program ends with exit code 0 as soon as it gets SIGTERM, unless its image says otherwise.
    const { ignoresSigterm, stopSeconds = 0 } = behaviourOf(container)
    const rest = Math.max(restSeconds, MINIMUM_GRACE_SECONDS)
    const isKilled = ignoresSigterm === true || stopSeconds > rest
    after(worker, isKilled ? rest : stopSeconds, () => {
      container.isStopping = false
      done(isKilled ? KILLED : STOPPED)
    })
  }

  /** At once if there is nothing to wait for: most containers end in the moment in which they are told to. */
  const after = (worker: PodWorker, seconds: number, work: () => void) =>
    seconds <= 0 ? work() : later(worker, seconds, work)

  /** How long the hook takes. A program that fails is reported; the stop goes on. */
  function preStopSeconds(worker: PodWorker, container: ContainerRecord): number {
    const { sleep, exec } = container.spec.lifecycle?.preStop ?? {}
    if (sleep !== undefined) return sleep.seconds
    if (exec?.command === undefined || worker.kubelet.runsEverything) return 0
    const output = runInside({ worker, container, configs }, exec.command, { stdin: '', now: clock.timestamp() })
    if ((output?.exitCode ?? 1) !== 0) reporter.preStopFailed(worker, container)
    return sleepSeconds(exec.command)
  }

  function stop(container: ContainerRecord, { event, code }: Exit): void {
    if (!isRunning(container)) return
    move(container, event)
    container.terminated = {
      exitCode: code,
      reason: container.state,
      startedAt: container.startedAt!,
      finishedAt: clock.timestamp(),
    }
  }

  // Simplified: a sidecar's preStop hook runs when its turn to end has come.
  function killPod(worker: PodWorker, graceSeconds: number, done: () => void): void {
    const regular = worker.containers.filter(isRunning)
    const init = worker.init.filter((container) => isRunning(container) && container.kind === 'init')
    const sidecars = worker.init.filter((container) => isRunning(container) && container.kind === 'sidecar').reverse()
    const startedAt = clock.now()
    const left = () => Math.max(0, graceSeconds - (clock.now() - startedAt) / 1000)
    const next = () => {
      const sidecar = sidecars.shift()
      if (sidecar === undefined) done()
      else
        kill(worker, sidecar, left(), (exit) => {
          stop(sidecar, exit)
          next()
        })
    }
    let open = regular.length + init.length
    if (open === 0) next()
    for (const container of [...init, ...regular]) {
      kill(worker, container, graceSeconds, (exit) => {
        stop(container, exit)
        open--
        if (open > 0 || sidecars.length > 0) reporter.report(worker)
        if (open === 0) next()
      })
    }
  }

  return { killPod, kill, stop }
}

// Simplified: a preStop program takes as long as the `sleep`s in its text; HTTP hooks take no time.
/** The seconds of every `sleep` in a command. */
function sleepSeconds(command: readonly string[]): number {
  let seconds = 0
  for (const match of command.join(' ').matchAll(/\bsleep (\d+)/g)) seconds += Number(match[1])
  return seconds
}
