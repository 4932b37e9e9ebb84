/** kubectl exec. Upstream: k8s.io/kubectl/pkg/cmd/exec/exec.go. */
import { pods as podResource } from '../../api/resource-table.ts'
import type { Command, ExecResult, Invocation, Session } from '../command.ts'
import { Failure, fail, failUnsupported, failUsage, statusError } from '../failure.ts'
import { flag } from '../flags.ts'
import { FILENAME_FLAGS } from './file-flags.ts'
import { chooseContainer, choosePod } from './pod-choice.ts'

export const exec: Command = {
  name: 'exec',
  summary: 'Execute a command in a container',
  usage: '(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  flags: [
    flag(
      'container',
      'string',
      'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
      { short: 'c' },
    ),
    ...FILENAME_FLAGS.filter((f) => f.name === 'filename'),
    flag('pod-running-timeout', 'duration', 'The length of time to wait until at least one pod is running', {
      default: '1m0s',
    }),
    flag('quiet', 'bool', 'Only print output from the remote session', { short: 'q' }),
    flag('stdin', 'bool', 'Pass stdin to the container', { short: 'i' }),
    flag('tty', 'bool', 'Stdin is a TTY', { short: 't' }),
  ],
  missing: ['Programs run only where the page gives containers a shell; no interactive sessions from a single line.'],
  run: runExec,
}

function runExec(session: Session, invocation: Invocation): number {
  const { args, argsBeforeDash, flags, path } = invocation
  if (args.length === 0 || argsBeforeDash === 0) failUsage(path, 'pod, type/name or --filename must be specified')
  if (argsBeforeDash === undefined) {
    if (args.length > 1)
      failUsage(path, `exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead`)
    failUsage(path, 'you must specify at least one command for the container')
  }
  const command = args.slice(argsBeforeDash)
  if (command.length === 0) failUsage(path, 'you must specify at least one command for the container')
  const pod = choosePod(session, args[0]!, false)
  const { phase } = pod.status
  if (phase === 'Succeeded' || phase === 'Failed')
    fail(`cannot exec into a container in a completed pod; current phase is ${phase}`)
  const container = chooseContainer(session, pod, flags.string('container'), !flags.bool('quiet'))
  const result = execute(session, {
    namespace: pod.metadata.namespace ?? 'default',
    pod: pod.metadata.name,
    container,
    command,
    stdin: flags.bool('stdin') ? session.stdin : '',
  })
  session.out(result.stdout)
  session.err(result.stderr)
  if (result.exitCode !== 0) session.err(`command terminated with exit code ${result.exitCode}\n`)
  return result.exitCode
}

type Request = Parameters<NonNullable<Session['hooks']['exec']>>[0]

function execute(session: Session, request: Request): ExecResult {
  if (session.hooks.exec !== undefined) return session.hooks.exec(request)
  const query = { container: request.container, command: JSON.stringify(request.command), stdin: request.stdin }
  const answer = session.client.getSubresource(
    podResource,
    { namespace: request.namespace, name: request.pod },
    'exec',
    query,
  )
  if (!answer.ok) {
    if (/no kubelet answers/.test(answer.status.message)) return failUnsupported('running programs in containers')
    // Upstream: what goes wrong after the connection was upgraded comes back as a plain error, not as an API status.
    if (answer.status.reason === 'InternalError') fail(answer.status.message)
    throw new Failure([statusError(answer.status)])
  }
  const { stdout = '', stderr = '', exitCode = 0 } = answer.value as Partial<ExecResult>
  return { stdout, stderr, exitCode }
}
