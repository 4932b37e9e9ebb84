/** The tree of commands, and the flags that all of them take. Upstream: k8s.io/kubectl/pkg/cmd/cmd.go. */
import type { Command } from './command.ts'
import { apply } from './commands/apply.ts'
import { auth } from './commands/auth.ts'
import { apiResources, apiVersions, clusterInfo, top, version } from './commands/cluster-commands.ts'
import { config } from './commands/config.ts'
import { cordon, uncordon } from './commands/cordon.ts'
import { create } from './commands/create.ts'
import { deleteCommand } from './commands/delete.ts'
import { describeCommand } from './commands/describe.ts'
import { diff } from './commands/diff.ts'
import { drain } from './commands/drain.ts'
import { edit } from './commands/edit.ts'
import { eventsCommand } from './commands/events.ts'
import { exec } from './commands/exec.ts'
import { explain } from './commands/explain.ts'
import { expose } from './commands/expose.ts'
import { get } from './commands/get.ts'
import { HONEST } from './commands/honest.ts'
import { annotate, label } from './commands/label.ts'
import { logs } from './commands/logs.ts'
import { patch } from './commands/patch.ts'
import { replace } from './commands/replace.ts'
import { rollout } from './commands/rollout.ts'
import { runPod } from './commands/run-pod.ts'
import { autoscale, scale } from './commands/scale.ts'
import { setImage } from './commands/set.ts'
import { setEnv, setResources, setSelector, setServiceAccount } from './commands/set-more.ts'
import { taint } from './commands/taint.ts'
import { waitCommand } from './commands/wait.ts'
import { type Flag, flag } from './flags.ts'
import { flagHelp } from './help.ts'

/** Upstream: genericclioptions.ConfigFlags. Those about the connection are read and change nothing. */
export const GLOBAL_FLAGS: readonly Flag[] = [
  flag(
    'as',
    'string',
    'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
  ),
  flag(
    'as-group',
    'array',
    'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
  ),
  flag('as-uid', 'string', 'UID to impersonate for the operation.'),
  flag('cache-dir', 'string', 'Default cache directory', { default: '/root/.kube/cache' }),
  flag('certificate-authority', 'string', 'Path to a cert file for the certificate authority'),
  flag('client-certificate', 'string', 'Path to a client certificate file for TLS'),
  flag('client-key', 'string', 'Path to a client key file for TLS'),
  flag('cluster', 'string', 'The name of the kubeconfig cluster to use'),
  flag('context', 'string', 'The name of the kubeconfig context to use'),
  flag('disable-compression', 'bool', 'If true, opt-out of response compression for all requests to the server'),
  flag('insecure-skip-tls-verify', 'bool', "If true, the server's certificate will not be checked for validity."),
  flag('kubeconfig', 'string', 'Path to the kubeconfig file to use for CLI requests.'),
  flag('match-server-version', 'bool', 'Require server version to match client version'),
  flag('namespace', 'string', 'If present, the namespace scope for this CLI request', { short: 'n' }),
  flag('password', 'string', 'Password for basic authentication to the API server'),
  flag('profile', 'string', 'Name of profile to capture. One of (none|cpu|heap|goroutine|threadcreate|block|mutex)', {
    default: 'none',
  }),
  flag('profile-output', 'string', 'Name of the file to write the profile to', { default: 'profile.pprof' }),
  flag('request-timeout', 'string', 'The length of time to wait before giving up on a single server request.', {
    default: '0',
  }),
  flag('server', 'string', 'The address and port of the Kubernetes API server', { short: 's' }),
  flag('tls-server-name', 'string', 'Server name to use for server certificate validation.'),
  flag('token', 'string', 'Bearer token for authentication to the API server'),
  flag('user', 'string', 'The name of the kubeconfig user to use'),
  flag('username', 'string', 'Username for basic authentication to the API server'),
  flag('v', 'int', 'number for the log level verbosity', { short: 'v' }),
  flag('vmodule', 'string', 'comma-separated list of pattern=N settings for file-filtered logging'),
  flag(
    'warnings-as-errors',
    'bool',
    'Treat warnings received from the server as errors and exit with a non-zero exit code',
  ),
]

const set: Command = {
  name: 'set',
  summary: 'Set specific features on objects',
  usage: 'SUBCOMMAND',
  commands: [setEnv, setImage, setResources, setSelector, setServiceAccount],
}

const options: Command = {
  name: 'options',
  summary: 'Print the list of flags inherited by all commands',
  run(session) {
    const lines = GLOBAL_FLAGS.map(flagHelp).join('\n')
    session.out(`The following options can be passed to any command:\n\n${lines}`)
  },
}

const COMMANDS: readonly Command[] = [
  annotate,
  apiResources,
  apiVersions,
  apply,
  auth,
  autoscale,
  clusterInfo,
  config,
  cordon,
  create,
  deleteCommand,
  describeCommand,
  diff,
  drain,
  edit,
  eventsCommand,
  exec,
  explain,
  expose,
  get,
  label,
  logs,
  options,
  patch,
  replace,
  rollout,
  runPod,
  scale,
  set,
  taint,
  top,
  uncordon,
  version,
  waitCommand,
  ...HONEST,
]

export const KUBECTL: Command = {
  name: 'kubectl',
  summary: 'kubectl controls the Kubernetes cluster manager',
  commands: [...COMMANDS].sort((a, b) => (a.name < b.name ? -1 : 1)),
}
