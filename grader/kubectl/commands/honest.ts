/** Commands of the real kubectl that need what is not simulated. Each says so. */
import type { Command } from '../command.ts'
import { failUnsupported } from '../failure.ts'
import { flag } from '../flags.ts'

function honest(name: string, summary: string, why: string): Command {
  return {
    name,
    summary,
    missing: [why],
    flags: [
      flag('image', 'string', 'Container image to use for debug container.'),
      flag('container', 'string', 'Container name.', { short: 'c' }),
      flag('stdin', 'bool', 'Keep stdin open.', { short: 'i' }),
      flag('tty', 'bool', 'Allocate a TTY.', { short: 't' }),
      flag(
        'profile',
        'string',
        'Options are "legacy", "general", "baseline", "netadmin", "restricted" or "sysadmin".',
        { default: 'legacy' },
      ),
      flag('filename', 'list', 'Filename, directory, or URL to files.', { short: 'f' }),
      flag('address', 'list', 'Addresses to listen on.'),
      flag('port', 'int', 'The port on which to run the proxy.', { short: 'p' }),
    ],
    run: () => failUnsupported(`kubectl ${name}`),
  }
}

export const HONEST: readonly Command[] = [
  honest('attach', 'Attach to a running container', 'Containers have no terminals.'),
  honest('certificate', 'Modify certificate resources', 'No certificate signing requests.'),
  honest('cp', 'Copy files and directories to and from containers', 'Containers have no disks of their own.'),
  honest(
    'debug',
    'Create debugging sessions for troubleshooting workloads and nodes',
    'The node console of the page is the way onto a node.',
  ),
  honest('kustomize', 'Build a kustomization target from a directory or URL', 'No kustomizations.'),
  honest('plugin', 'Provides utilities for interacting with plugins', 'No plugins.'),
  honest('port-forward', 'Forward one or more local ports to a pod', 'No network.'),
  honest('proxy', 'Run a proxy to the Kubernetes API server', 'No network; `nodewise cluster` serves the API.'),
]
