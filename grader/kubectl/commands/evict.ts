/** Evicting Pods and waiting for their end. Upstream: k8s.io/kubectl/pkg/drain/drain.go, pkg/cmd/drain/drain.go. */
import type { ApiStatus } from '../../api/api-status.ts'
import type { Pod } from '../../api/core.ts'
import type { JsonObject } from '../../api/meta.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import { parseRfc3339 } from '../../api/timestamp.ts'
import type { Invocation, Session } from '../command.ts'
import { type CommandError, textError } from '../failure.ts'
import { formatDuration } from '../go-text.ts'
import { dryRunOf, dryRunSuffix } from '../output.ts'
import { interrupt } from './delete.ts'

const RETRY_SECONDS = 5

/** One Pod on its way out. Upstream runs one goroutine each. */
interface Eviction {
  readonly pod: Pod
  state: 'evict' | 'wait' | 'done'
  retryAt: number
  error?: string
}

/** Evicts the Pods at once and waits until they are gone; returns the errors. */
export function evictAll(
  session: Session,
  invocation: Invocation,
  node: string,
  pods: readonly Pod[],
): readonly CommandError[] {
  const dryRun = dryRunOf(session, invocation)
  const deletes = invocation.flags.bool('disable-eviction')
  const start = session.now()
  const timeout = invocation.flags.duration('timeout')
  const evictions: Eviction[] = pods.map((pod) => ({ pod, state: 'evict', retryAt: start }))
  if (dryRun === 'client') {
    for (const { pod } of evictions)
      session.out(`${deletes ? 'deleting' : 'evicting'} pod ${pod.metadata.namespace}/${pod.metadata.name} (dry run)\n`)
    return []
  }
  const step = (): boolean => {
    for (const eviction of evictions) {
      if (eviction.state === 'evict' && session.now() >= eviction.retryAt) tryEviction(session, invocation, eviction)
    }
    for (const eviction of evictions) if (eviction.state === 'wait') checkGone(session, invocation, eviction)
    return evictions.every((eviction) => eviction.state === 'done')
  }
  const finished = runUntil(session, step, evictions, timeout)
  if (!finished && timeout === 0) interrupt()
  if (!finished) timeOut(evictions, timeout)
  return report(session, node, evictions)
}

/** Lets time pass until all are done; wakes up for retries, which nothing else in the cluster announces. */
function runUntil(session: Session, step: () => boolean, evictions: readonly Eviction[], timeout: number): boolean {
  const limit = session.now() + (timeout > 0 ? timeout : session.patienceSeconds * 1000)
  while (!step()) {
    const left = (limit - session.now()) / 1000
    if (left <= 0) return false
    const retries = evictions.filter((e) => e.state === 'evict').map((e) => (e.retryAt - session.now()) / 1000)
    const pause = Math.max(0.001, Math.min(left, ...retries))
    session.waiter.waitUntil(() => evictions.some((e) => e.state === 'wait' && isGone(session, e)), pause)
  }
  return true
}

function tryEviction(session: Session, invocation: Invocation, eviction: Eviction): void {
  const { namespace = 'default', name } = eviction.pod.metadata
  const { flags } = invocation
  const dryRun = dryRunOf(session, invocation)
  const deletes = flags.bool('disable-eviction')
  const grace = flags.number('grace-period')
  if (!deletes) session.out(`evicting pod ${namespace}/${name}${dryRunSuffix(dryRun)}\n`)
  const deleteOptions: JsonObject = {
    ...(grace < 0 ? {} : { gracePeriodSeconds: grace }),
    ...(dryRun === 'server' ? { dryRun: ['All'] } : {}),
  }
  const result = deletes
    ? session.client.delete(
        podResource,
        { namespace, name },
        { ...(grace < 0 ? {} : { gracePeriodSeconds: grace }), dryRun: dryRun === 'server' },
      )
    : session.client.createSubresource(podResource, { namespace, name }, 'eviction', {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace },
        ...(Object.keys(deleteOptions).length === 0 ? {} : { deleteOptions }),
      })
  session.warn(result.warnings)
  if (result.ok || result.status.reason === 'NotFound') eviction.state = dryRun === 'server' ? 'done' : 'wait'
  else refusedEviction(session, eviction, result.status)
}

function refusedEviction(session: Session, eviction: Eviction, status: ApiStatus): void {
  const { namespace, name } = eviction.pod.metadata
  const again = (text: string): void => {
    session.err(text)
    eviction.retryAt = session.now() + RETRY_SECONDS * 1000
  }
  if (status.reason === 'TooManyRequests') {
    again(
      `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${status.message}\n`,
    )
  } else if (status.reason === 'Forbidden' && /because it is being terminated/.test(status.message)) {
    if (eviction.pod.metadata.deletionTimestamp !== undefined) eviction.state = 'wait'
    else
      again(
        `error when evicting pod ${JSON.stringify(name)} from terminating namespace ${JSON.stringify(namespace)} (will retry after 5s): ${status.message}\n`,
      )
  } else {
    eviction.state = 'done'
    eviction.error = `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: ${status.message}`
  }
}

function isGone(session: Session, { pod }: Eviction): boolean {
  const { namespace = 'default', name, uid } = pod.metadata
  const found = session.client.get(podResource, { namespace, name })
  return found.ok ? found.value.metadata.uid !== uid : found.status.reason === 'NotFound'
}

function checkGone(session: Session, { flags }: Invocation, eviction: Eviction): void {
  const { name } = eviction.pod.metadata
  if (isGone(session, eviction)) {
    eviction.state = 'done'
    session.out(`pod/${name} ${flags.bool('disable-eviction') ? 'deleted' : 'evicted'}\n`)
    return
  }
  const skip = flags.number('skip-wait-for-delete-timeout')
  const since = parseRfc3339(eviction.pod.metadata.deletionTimestamp)
  if (skip > 0 && since !== undefined && (session.now() - since) / 1000 > skip) {
    eviction.state = 'done'
    session.out(`pod ${JSON.stringify(name)} has DeletionTimestamp older than ${skip} seconds, skipping\n`)
  }
}

function timeOut(evictions: readonly Eviction[], timeout: number): void {
  for (const eviction of evictions) {
    if (eviction.state === 'done') continue
    const { namespace, name } = eviction.pod.metadata
    eviction.error =
      eviction.state === 'evict'
        ? `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: global timeout reached: ${formatDuration(timeout)}`
        : `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: context deadline exceeded`
  }
}

function report(session: Session, node: string, evictions: readonly Eviction[]): readonly CommandError[] {
  const failed = evictions.filter((eviction) => eviction.error !== undefined)
  if (failed.length === 0) return []
  const errors = failed.map(({ error }) => error!)
  const together = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`
  const pending = failed.map(({ pod }) => `pod/${pod.metadata.name}\n`).join('')
  session.err(`There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${together}\n${pending}`)
  return errors.map(textError)
}
