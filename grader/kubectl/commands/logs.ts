/** kubectl logs. Upstream: k8s.io/kubectl/pkg/cmd/logs/logs.go, polymorphichelpers/logsforobject.go. */
import type { Pod } from '../../api/core.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { type CommandError, collect, Failure, fail, failUsage, statusError } from '../failure.ts'
import { flag } from '../flags.ts'
import { chooseContainer, choosePod, containersOf, podsOf } from './pod-choice.ts'

export const logs: Command = {
  name: 'logs',
  aliases: ['log'],
  summary: 'Print the logs for a container in a pod',
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  flags: [
    flag('all-containers', 'bool', "Get all containers' logs in the pod(s)."),
    flag('all-pods', 'bool', 'Get logs from all pod(s). Sets prefix to true.'),
    flag('container', 'string', 'Print the logs of this container', { short: 'c' }),
    flag('follow', 'bool', 'Specify if the logs should be streamed.', { short: 'f' }),
    flag('ignore-errors', 'bool', 'If watching / following pod logs, allow for any errors that occur to be non-fatal'),
    flag(
      'insecure-skip-tls-verify-backend',
      'bool',
      'Skip verifying the identity of the kubelet that logs are requested from.',
    ),
    flag('limit-bytes', 'int64', 'Maximum bytes of logs to return. Defaults to no limit.'),
    flag('max-log-requests', 'int', 'Specify maximum number of concurrent logs to follow when using by a selector.', {
      default: '5',
    }),
    flag('pod-running-timeout', 'duration', 'The length of time to wait until at least one pod is running', {
      default: '20s',
    }),
    flag('prefix', 'bool', 'Prefix each log line with the log source (pod name and container name)'),
    flag(
      'previous',
      'bool',
      'If true, print the logs for the previous instance of the container in a pod if it exists.',
      { short: 'p' },
    ),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag('since', 'duration', 'Only return logs newer than a relative duration like 5s, 2m, or 3h.'),
    flag('since-time', 'string', 'Only return logs after a specific date (RFC3339).'),
    flag('tail', 'int64', 'Lines of recent log file to display.', { default: '-1' }),
    flag('timestamps', 'bool', 'Include timestamps on each line in the log output'),
  ],
  missing: ['--follow prints what is there and ends.'],
  run: runLogs,
}

interface Source {
  readonly pod: Pod
  readonly container: string
}

function runLogs(session: Session, invocation: Invocation): void {
  const { args, flags, path } = invocation
  const selector = flags.string('selector')
  if (args.length === 0 && selector === '') {
    failUsage(
      path,
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    )
  }
  if (args.length > 0 && selector !== '') failUsage(path, 'only a selector (-l) or a POD name is allowed')
  if (args.length > 2)
    failUsage(
      path,
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    )
  if (args.length === 2 && flags.string('container') !== '')
    failUsage(path, 'only one of -c or an inline [CONTAINER] arg is allowed')
  if (flags.bool('all-containers') && flags.string('container') !== '')
    fail(`--all-containers=true should not be specified with container name ${flags.string('container')}`)
  if (flags.number('tail') < -1) fail('--tail must be greater than or equal to -1')
  const sources = sourcesOf(session, invocation)
  if (sources.length === 0 && selector !== '') session.err(`No resources found in ${session.namespace} namespace.\n`)
  const errors: CommandError[] = []
  for (const source of sources) collect(errors, () => printLog(session, invocation, source))
  if (errors.length > 0) throw new Failure(errors)
}

function sourcesOf(session: Session, { args, flags }: Invocation): readonly Source[] {
  const selector = flags.string('selector')
  const wanted = args[1] ?? flags.string('container')
  const found =
    selector === ''
      ? named(session, args[0]!, flags.bool('all-pods'))
      : session.expect(session.client.list(podResource, { namespace: session.namespace, labelSelector: selector }))
          .items
  return found.flatMap((pod) =>
    flags.bool('all-containers')
      ? containersOf(pod).map(({ container }) => ({ pod, container: container.name }))
      : [{ pod, container: chooseContainer(session, pod, wanted, true) }],
  )
}

function named(session: Session, word: string, all: boolean): readonly Pod[] {
  try {
    return all ? podsOf(session, word) : [choosePod(session, word, true)]
  } catch (error) {
    const [first] = error instanceof Failure ? error.errors : []
    // Upstream: logs says it in words of its own, namespace included.
    if (first?.type === 'status' && first.status.reason === 'NotFound')
      fail(`error from server (NotFound): ${first.status.message} in namespace ${JSON.stringify(session.namespace)}`)
    throw error
  }
}

// Simplified: --follow prints what the container has said so far and ends.
function printLog(session: Session, { flags }: Invocation, { pod, container }: Source): void {
  const { namespace = 'default', name } = pod.metadata
  const query: Record<string, string> = { container }
  if (flags.bool('previous')) query.previous = 'true'
  if (flags.bool('timestamps')) query.timestamps = 'true'
  if (flags.changed('since')) query.sinceSeconds = String(Math.ceil(flags.duration('since') / 1000))
  if (flags.string('since-time') !== '') query.sinceTime = flags.string('since-time')
  // Upstream shows ten lines of each Pod when a selector picks several.
  const tail = flags.changed('tail') ? flags.number('tail') : flags.string('selector') === '' ? -1 : 10
  if (tail >= 0) query.tailLines = String(tail)
  if (flags.number('limit-bytes') > 0) query.limitBytes = String(flags.number('limit-bytes'))
  const result = session.client.getSubresource(podResource, { namespace, name }, 'log', query)
  session.warn(result.warnings)
  if (!result.ok) throw new Failure([statusError(result.status)])
  const text = String(result.value.log ?? '')
  const prefix = flags.bool('prefix') || flags.bool('all-pods') ? `[pod/${name}/${container}] ` : ''
  session.out(prefix === '' ? text : text.replace(/^(?=.|\n)/gm, prefix))
}
