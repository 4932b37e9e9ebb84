// Upstream: pkg/kubelet/kuberuntime (doBackOff), MaxContainerBackOff 300 s.
import type { ContainerRecord } from './container.ts'

const FIRST_SECONDS = 10
const MAX_SECONDS = 300

/**
 * How long after its exit a container starts again: the first time at once, then 10 s doubling to 300 s. A container that
 * ran for more than twice the maximum starts the series afresh. Counts the exit.
 */
export function restartDelaySeconds(container: ContainerRecord, previousExitAt: number, now: number): number {
  if (previousExitAt > 0 && now - previousExitAt > 2 * MAX_SECONDS * 1000) container.exits = 0
  const exits = container.exits++
  return exits === 0 ? 0 : Math.min(FIRST_SECONDS * 2 ** (exits - 1), MAX_SECONDS)
}

/** `10s`, `1m20s`, `5m0s`, as Go prints durations. */
export function formatSeconds(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds % 60}s`
}
