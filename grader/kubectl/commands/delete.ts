/** kubectl delete. Upstream: k8s.io/kubectl/pkg/cmd/delete/delete.go, cmd/wait/wait.go (IsDeleted). */
import type { DeleteOptions } from '../../api/api-client.ts'
import type { KubeObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import {
  type CommandError,
  collect,
  during,
  Failure,
  fail,
  failUnsupported,
  failWithAll,
  textError,
} from '../failure.ts'
import { flag } from '../flags.ts'
import { DRY_RUN, dryRunOf, dryRunSuffix } from '../output.ts'
import { kindNameOf } from '../resource-argument.ts'
import { type Selected, select, type Target } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

export const deleteCommand: Command = {
  name: 'delete',
  suggestFor: ['rm'],
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  usage: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  flags: [
    flag('all', 'bool', 'Delete all resources, in the namespace of the specified resource types.'),
    flag('all-namespaces', 'bool', 'If present, list the requested object(s) across all namespaces.', { short: 'A' }),
    flag(
      'cascade',
      'string',
      'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents.',
      { default: 'background', noValue: 'background' },
    ),
    DRY_RUN,
    flag('field-selector', 'string', "Selector (field query) to filter on, supports '=', '==', and '!='."),
    ...FILENAME_FLAGS,
    flag('force', 'bool', 'If true, immediately remove resources from API and bypass graceful deletion.'),
    flag(
      'grace-period',
      'int',
      'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative.',
      { default: '-1' },
    ),
    flag(
      'ignore-not-found',
      'bool',
      'Treat "resource not found" as a successful delete. Defaults to "true" when --all is specified.',
    ),
    flag('interactive', 'bool', 'If true, delete resource only when user confirms.', { short: 'i' }),
    flag('now', 'bool', 'If true, resources are signaled for immediate shutdown (same as --grace-period=1).'),
    flag('output', 'string', 'Output mode. Use "-o name" for shorter output (resource/name).', { short: 'o' }),
    flag('raw', 'string', 'Raw URI to DELETE to the server.'),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag(
      'timeout',
      'duration',
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    flag('wait', 'bool', 'If true, wait for resources to be gone before returning. This waits for finalizers.', {
      default: 'true',
    }),
  ],
  missing: ['No --raw, no --interactive.'],
  run: runDelete,
}

const CASCADE: Readonly<Record<string, DeleteOptions['propagationPolicy']>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
  true: 'Background',
  false: 'Orphan',
}

function runDelete(session: Session, invocation: Invocation): void {
  const options = deleteOptions(session, invocation)
  const { flags } = invocation
  const selected = selectForDelete(session, invocation)
  warnAboutScope(session, invocation, selected)
  if (flags.bool('force') && (options.gracePeriodSeconds ?? -1) >= 0) {
    session.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    )
  }
  const ignoreMissing = flags.bool('ignore-not-found') || (flags.bool('all') && !flags.changed('ignore-not-found'))
  const errors: CommandError[] = [...selected.errors]
  const deleted: Deleted[] = []
  for (const target of selected.targets) {
    collect(errors, () => {
      const gone = deleteOne(session, invocation, target, { options, ignoreMissing })
      if (gone !== undefined) deleted.push(gone)
    })
  }
  failWithAll(errors)
  if (selected.targets.length === 0) session.out('No resources found\n')
  if (flags.bool('wait') && dryRunOf(session, invocation) === 'none') waitUntilGone(session, invocation, deleted)
}

function deleteOptions(session: Session, invocation: Invocation): DeleteOptions {
  const { flags } = invocation
  if (flags.bool('interactive') || flags.changed('raw')) failUnsupported('delete --interactive and delete --raw')
  if (flags.bool('all') && flags.string('selector') !== '') fail('cannot set --all and --selector at the same time')
  const output = flags.string('output')
  if (output !== '' && output !== 'name') fail(`unexpected -o output mode: ${output}. We only support '-o name'`)
  const cascade = flags.string('cascade')
  const policy = Object.hasOwn(CASCADE, cascade) ? CASCADE[cascade] : undefined
  if (policy === undefined) fail(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`)
  let grace = flags.number('grace-period')
  if (flags.bool('now')) {
    if (grace !== -1) fail('--now and --grace-period cannot be specified together')
    grace = 1
  }
  if (flags.bool('force')) {
    if (grace > 0) fail('--force and --grace-period greater than 0 cannot be specified together')
    grace = 0
  } else if (grace === 0) {
    // Upstream: without --force, zero becomes one and the command waits.
    grace = 1
  }
  return {
    propagationPolicy: policy!,
    ...(grace < 0 ? {} : { gracePeriodSeconds: grace }),
    ...(dryRunOf(session, invocation) === 'server' ? { dryRun: true } : {}),
  }
}

function selectForDelete(session: Session, { args, flags }: Invocation): Selected {
  return select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    all: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    fetch: false,
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
    ...(flags.string('field-selector') === '' ? {} : { fieldSelector: flags.string('field-selector') }),
  })
}

function warnAboutScope(session: Session, { flags }: Invocation, { targets }: Selected): void {
  if (session.namespaceGiven && !flags.bool('all-namespaces') && targets.some((t) => !t.resource.namespaced)) {
    session.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n')
  }
}

interface Deleted {
  readonly target: Target
  readonly uid: string
}

function deleteOne(
  session: Session,
  invocation: Invocation,
  target: Target,
  { options, ignoreMissing }: { readonly options: DeleteOptions; readonly ignoreMissing: boolean },
): Deleted | undefined {
  const key =
    target.namespace === undefined ? { name: target.name } : { namespace: target.namespace, name: target.name }
  const dryRun = dryRunOf(session, invocation)
  const live = session.client.get(target.resource, key)
  const result = dryRun === 'client' ? live : session.client.delete<KubeObject>(target.resource, key, options)
  if (!result.ok && result.status.reason === 'NotFound' && ignoreMissing) return undefined
  session.expect(result, during('deleting', target.source))
  const word = options.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted'
  const kind = kindNameOf(target.resource)
  session.out(
    invocation.flags.string('output') === 'name'
      ? `${kind}/${target.name}\n`
      : `${kind} ${JSON.stringify(target.name)} ${word}${dryRunSuffix(dryRun)}\n`,
  )
  return { target, uid: live.ok ? live.value.metadata.uid : '' }
}

/** A week: what kubectl waits when nothing else was said; we wait no longer than the session is patient. */
function waitUntilGone(session: Session, { flags }: Invocation, deleted: readonly Deleted[]): void {
  const timeout = flags.duration('timeout') / 1000
  const isGone = ({ target, uid }: Deleted): boolean => {
    const key =
      target.namespace === undefined ? { name: target.name } : { namespace: target.namespace, name: target.name }
    const found = session.client.get(target.resource, key)
    return !found.ok || found.value.metadata.uid !== uid
  }
  const seconds = timeout > 0 ? timeout : session.patienceSeconds
  const left = new Set(deleted)
  const done = session.waiter.waitUntil(() => {
    for (const one of left) if (isGone(one)) left.delete(one)
    return left.size === 0
  }, seconds)
  if (done) return
  if (timeout === 0) interrupt()
  const errors = [...left].map(({ target }) =>
    textError(`timed out waiting for the condition on ${target.resource.plural}/${target.name}`),
  )
  throw new Failure(errors)
}

/** The command would go on waiting for ever: it ends as Ctrl-C ends it. */
export function interrupt(): never {
  throw new Failure([
    {
      type: 'text',
      text: 'nodewise: nothing more happens, so waiting was ended as with Ctrl-C',
      bare: true,
      exitCode: 130,
    },
  ])
}
