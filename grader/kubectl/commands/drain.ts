/** kubectl drain. Upstream: k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain/drain.go. */
import type { Node, Pod } from '../../api/core.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import { parseSelector } from '../../api/selector-parser.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { type CommandError, Failure, fail, statusError, textError } from '../failure.ts'
import { flag } from '../flags.ts'
import { DRY_RUN, dryRunOf, dryRunSuffix } from '../output.ts'
import { selectNodes, setUnschedulable } from './cordon.ts'
import { type DrainOptions, groupByReason, verdictOn } from './drain-filters.ts'
import { evictAll } from './evict.ts'

export const drain: Command = {
  name: 'drain',
  summary: 'Drain node in preparation for maintenance',
  usage: 'NODE',
  flags: [
    flag('chunk-size', 'int64', 'Return large lists in chunks rather than all at once. Pass 0 to disable.', {
      default: '500',
    }),
    flag(
      'delete-emptydir-data',
      'bool',
      'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).',
    ),
    flag(
      'disable-eviction',
      'bool',
      'Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.',
    ),
    DRY_RUN,
    flag('force', 'bool', 'Continue even if there are pods that do not declare a controller.'),
    flag(
      'grace-period',
      'int',
      'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.',
      { default: '-1' },
    ),
    flag('ignore-daemonsets', 'bool', 'Ignore DaemonSet-managed pods.'),
    flag('pod-selector', 'string', 'Label selector to filter pods on the node'),
    flag('selector', 'string', 'Selector (label query) to filter on', { short: 'l' }),
    flag(
      'skip-wait-for-delete-timeout',
      'int',
      'If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.',
    ),
    flag('timeout', 'duration', 'The length of time to wait before giving up, zero means infinite'),
  ],
  run: runDrain,
}

function runDrain(session: Session, invocation: Invocation): void {
  const { flags } = invocation
  if (flags.string('pod-selector') !== '' && !parseSelector(flags.string('pod-selector')).ok) {
    fail('--pod-selector=<pod_selector> must be a valid label selector')
  }
  const selected = selectNodes(session, invocation)
  if (selected.errors.length > 0) throw new Failure(selected.errors)
  const nodes = selected.targets.map((target) => target.object as unknown as Node)
  for (const node of nodes) setUnschedulable(session, invocation, node, true)
  const failed: string[] = []
  const errors: CommandError[] = []
  for (const { metadata } of nodes) {
    const problems = drainNode(session, invocation, metadata.name)
    if (problems.length === 0) {
      session.out(`node/${metadata.name} drained${dryRunSuffix(dryRunOf(session, invocation))}\n`)
      continue
    }
    failed.push(metadata.name)
    errors.push(...problems)
    session.err(
      `error: unable to drain node ${JSON.stringify(metadata.name)} due to error: ${aggregate(problems)}, continuing command...\n`,
    )
  }
  if (failed.length === 0) return
  session.err(`There are pending nodes to be drained:\n${failed.map((name) => ` ${name}\n`).join('')}`)
  throw new Failure(asAggregate(errors))
}

const messageOf = (error: CommandError): string => (error.type === 'text' ? error.text : error.status.message)

function aggregate(errors: readonly CommandError[]): string {
  const texts = [...new Set(errors.map(messageOf))]
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
}

/** Upstream returns an aggregate inside an aggregate, so that even one error prints without `error: `. */
function asAggregate(errors: readonly CommandError[]): readonly CommandError[] {
  return errors.map((error) => (error.type === 'text' ? { ...error, bare: true as const } : error))
}

/** Empties one Node; returns what went wrong. */
function drainNode(session: Session, invocation: Invocation, name: string): readonly CommandError[] {
  const listed = session.client.list(podResource, {
    fieldSelector: `spec.nodeName=${name}`,
    ...(invocation.flags.string('pod-selector') === ''
      ? {}
      : { labelSelector: invocation.flags.string('pod-selector') }),
  })
  session.warn(listed.warnings)
  if (!listed.ok) return [statusError(listed.status)]
  const options = optionsOf(invocation)
  const judged = listed.value.items.map((pod: Pod) => ({ pod, verdict: verdictOn(session, pod, options) }))
  const because = (key: 'warning' | 'error') =>
    groupByReason(
      judged.flatMap(({ pod, verdict }) => (verdict[key] === undefined ? [] : [{ pod, reason: verdict[key] }])),
    )
  const refusals = because('error')
  if (refusals.length > 0) return refusals.map((text) => textError(`cannot delete ${text}`))
  const warnings = because('warning')
  if (warnings.length > 0) session.err(`Warning: ${warnings.join('; ')}\n`)
  return evictAll(
    session,
    invocation,
    name,
    judged.filter(({ verdict }) => verdict.evict).map(({ pod }) => pod),
  )
}

function optionsOf({ flags }: Invocation): DrainOptions {
  return {
    force: flags.bool('force'),
    ignoreDaemonSets: flags.bool('ignore-daemonsets'),
    deleteEmptyDirData: flags.bool('delete-emptydir-data'),
    skipWaitSeconds: flags.number('skip-wait-for-delete-timeout'),
  }
}
