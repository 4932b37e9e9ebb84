/** kubectl create -f. Upstream: k8s.io/kubectl/pkg/cmd/create/create.go. */
import type { JsonObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { type CommandError, collect, fail, failUnsupported, failUsage, failWithAll } from '../failure.ts'
import { flag } from '../flags.ts'
import { readManifests } from '../manifest-input.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { createObject, withLastApplied } from './apply.ts'
import { CREATE_GENERATORS } from './create-generators.ts'
import { FILENAME_FLAGS, VALIDATE, validationOf } from './file-flags.ts'

export const create: Command = {
  name: 'create',
  summary: 'Create a resource from a file or from stdin',
  usage: '-f FILENAME',
  flags: [
    ...FILENAME_FLAGS,
    ...OUTPUT,
    DRY_RUN,
    VALIDATE,
    FIELD_MANAGER('kubectl-create'),
    flag('edit', 'bool', 'Edit the API resource before creating'),
    flag('raw', 'string', 'Raw URI to POST to the server.'),
    flag('save-config', 'bool', 'If true, the configuration of current object will be saved in its annotation.'),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag(
      'windows-line-endings',
      'bool',
      'Only relevant if --edit=true. Defaults to the line ending native to your platform.',
    ),
  ],
  commands: CREATE_GENERATORS,
  missing: ['No --edit, no --raw.'],
  run: runCreate,
}

function runCreate(session: Session, invocation: Invocation): void {
  const { args, flags, path } = invocation
  if (flags.list('filename').length === 0) {
    if (flags.string('kustomize') !== '') failUnsupported('create -k')
    session.err('Error: must specify one of -f and -k\n\n')
    if (args.length > 0) failUsage(path, `unknown command ${JSON.stringify(args.join(' '))}`)
    failUsage(path, 'must specify one of -f and -k')
  }
  if (args.length > 0) failUsage(path, `Unexpected args: [${args.join(' ')}]`)
  if (flags.bool('edit') || flags.changed('raw')) failUnsupported('create --edit and create --raw')
  const dryRun = dryRunOf(session, invocation)
  const errors: CommandError[] = []
  const read = readManifests(session, flags.list('filename'), flags.bool('recursive'), {
    validate: validationOf(invocation) === 'Strict',
  })
  errors.push(...read.errors)
  for (const target of read.targets) {
    collect(errors, () => {
      const object: JsonObject = flags.bool('save-config') ? withLastApplied(target.object) : target.object
      const created = dryRun === 'client' ? object : createObject(session, invocation, target, object)
      const { name } = created.metadata as { readonly name: string }
      printDone(session, invocation, {
        ...target,
        name: name ?? target.name,
        object: created,
        operation: 'created',
        dryRun,
      })
    })
  }
  failWithAll(errors)
  if (read.targets.length === 0) fail('no objects passed to create')
}
