/** kubectl rollout. Upstream: k8s.io/kubectl/pkg/cmd/rollout/rollout.go. */
import type { Command } from '../command.ts'
import { flag } from '../flags.ts'
import { DRY_RUN, FIELD_MANAGER, OUTPUT } from '../output.ts'
import { FILENAME_FLAGS } from './file-flags.ts'
import { runHistory } from './rollout-history.ts'
import { runPause, runRestart, runResume } from './rollout-restart.ts'
import { runStatus } from './rollout-status.ts'
import { runUndo } from './rollout-undo.ts'

const SELECTOR = flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' })
const MANAGER = FIELD_MANAGER('kubectl-rollout')

export const rollout: Command = {
  name: 'rollout',
  summary: 'Manage the rollout of a resource',
  usage: 'SUBCOMMAND',
  commands: [
    {
      name: 'history',
      summary: 'View rollout history',
      usage: '(TYPE NAME | TYPE/NAME) [flags]',
      flags: [
        ...FILENAME_FLAGS,
        ...OUTPUT,
        flag('revision', 'int64', 'See the details, including podTemplate of the revision specified'),
        SELECTOR,
      ],
      run: runHistory,
    },
    {
      name: 'pause',
      summary: 'Mark the provided resource as paused',
      usage: 'RESOURCE',
      flags: [...FILENAME_FLAGS, ...OUTPUT, MANAGER, SELECTOR],
      run: runPause,
    },
    {
      name: 'restart',
      summary: 'Restart a resource',
      usage: 'RESOURCE',
      flags: [...FILENAME_FLAGS, ...OUTPUT, MANAGER, SELECTOR],
      run: runRestart,
    },
    {
      name: 'resume',
      summary: 'Resume a paused resource',
      usage: 'RESOURCE',
      flags: [...FILENAME_FLAGS, ...OUTPUT, MANAGER, SELECTOR],
      run: runResume,
    },
    {
      name: 'status',
      summary: 'Show the status of the rollout',
      usage: '(TYPE NAME | TYPE/NAME) [flags]',
      flags: [
        ...FILENAME_FLAGS,
        flag('revision', 'int64', 'Pin to a specific revision for showing its status. Defaults to 0 (last revision).'),
        SELECTOR,
        flag(
          'timeout',
          'duration',
          'The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).',
        ),
        flag('watch', 'bool', "Watch the status of the rollout until it's done.", { short: 'w', default: 'true' }),
      ],
      run: runStatus,
    },
    {
      name: 'undo',
      summary: 'Undo a previous rollout',
      usage: '(TYPE NAME | TYPE/NAME) [flags]',
      flags: [
        DRY_RUN,
        ...FILENAME_FLAGS,
        ...OUTPUT,
        SELECTOR,
        flag('to-revision', 'int64', 'The revision to rollback to. Default to 0 (last revision).'),
      ],
      run: runUndo,
    },
  ],
}
