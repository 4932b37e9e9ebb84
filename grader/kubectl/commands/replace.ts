/** kubectl replace. Upstream: k8s.io/kubectl/pkg/cmd/replace/replace.go. */
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { type CommandError, collect, during, fail, failUsage, failWithAll } from '../failure.ts'
import { flag } from '../flags.ts'
import { readManifests } from '../manifest-input.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { forCreate } from '../request.ts'
import { kindNameOf } from '../resource-argument.ts'
import type { Target } from '../selection.ts'
import { withLastApplied } from './apply.ts'
import { FILENAME_FLAGS, VALIDATE, validationOf } from './file-flags.ts'

export const replace: Command = {
  name: 'replace',
  summary: 'Replace a resource by file name or stdin',
  usage: '-f FILENAME',
  flags: [
    flag('cascade', 'string', 'Must be "background", "orphan", or "foreground".', {
      default: 'background',
      noValue: 'background',
    }),
    DRY_RUN,
    FIELD_MANAGER('kubectl-replace'),
    ...FILENAME_FLAGS,
    flag('force', 'bool', 'If true, immediately remove resources from API and bypass graceful deletion.'),
    flag('grace-period', 'int', 'Period of time in seconds given to the resource to terminate gracefully.', {
      default: '-1',
    }),
    ...OUTPUT,
    flag('raw', 'string', 'Raw URI to PUT to the server.'),
    flag('save-config', 'bool', 'If true, the configuration of current object will be saved in its annotation.'),
    flag('subresource', 'string', 'If specified, replace will operate on the subresource of the requested object.'),
    flag('timeout', 'duration', 'The length of time to wait before giving up on a delete'),
    VALIDATE,
    flag('wait', 'bool', 'If true, wait for resources to be gone before returning.'),
  ],
  missing: ['No --raw.'],
  run: runReplace,
}

function runReplace(session: Session, invocation: Invocation): void {
  const { args, flags, path } = invocation
  if (args.length > 0) failUsage(path, `Unexpected args: [${args.join(' ')}]`)
  if (flags.list('filename').length === 0) failUsage(path, 'must specify one of -f and -k')
  const errors: CommandError[] = []
  const read = readManifests(session, flags.list('filename'), flags.bool('recursive'), {
    validate: validationOf(invocation) === 'Strict',
  })
  errors.push(...read.errors)
  for (const target of read.targets) collect(errors, () => replaceOne(session, invocation, target))
  failWithAll(errors)
  if (read.targets.length === 0) fail('no objects passed to replace')
}

function replaceOne(session: Session, invocation: Invocation, target: Target): void {
  const { flags } = invocation
  const { resource, namespace, name } = target
  const dryRun = dryRunOf(session, invocation)
  const key = namespace === undefined ? { name } : { namespace, name }
  const options = {
    dryRun: dryRun === 'server',
    fieldManager: flags.string('field-manager'),
    fieldValidation: validationOf(invocation),
  }
  const object = flags.bool('save-config') ? withLastApplied(target.object) : target.object
  if (dryRun === 'client') {
    printDone(session, invocation, { ...target, object, operation: 'replaced', dryRun })
    return
  }
  if (flags.bool('force')) {
    const old = session.client.get(resource, key)
    const gone = session.client.delete(resource, key, { gracePeriodSeconds: 0, propagationPolicy: 'Background' })
    if (gone.ok) {
      session.out(`${kindNameOf(resource)} ${JSON.stringify(name)} deleted\n`)
      session.waiter.waitUntil(() => {
        const found = session.client.get(resource, key)
        return !found.ok || (old.ok && found.value.metadata.uid !== old.value.metadata.uid)
      }, session.patienceSeconds)
    }
    const made = session.client.create(resource, forCreate(object), options)
    const created = session.expect(made, during('creating', target.source)) as unknown as JsonObject
    printDone(session, invocation, { ...target, object: created, operation: 'replaced', dryRun })
    return
  }
  const result = session.client.update(resource, object as unknown as KubeObject, options)
  const replaced = session.expect(result, during('replacing', target.source)) as unknown as JsonObject
  printDone(session, invocation, { ...target, object: replaced, operation: 'replaced', dryRun })
}
