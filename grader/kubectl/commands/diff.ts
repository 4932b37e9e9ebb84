/** kubectl diff. Upstream: k8s.io/kubectl/pkg/cmd/diff/diff.go. */
import type { JsonObject } from '../../api/meta.ts'
import { apiVersionOf } from '../../api/resource-table.ts'
import { formatRfc3339 } from '../../api/timestamp.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { Failure, fail, failUsage, statusError } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject, readManifests } from '../manifest-input.ts'
import { mergeSchemaOf } from '../merge-schema.ts'
import { FIELD_MANAGER } from '../output.ts'
import { withoutManagedFields } from '../print/objects.ts'
import { formatYaml } from '../print/yaml.ts'
import { forCreate } from '../request.ts'
import type { Target } from '../selection.ts'
import { threeWayMergePatch } from '../strategic-diff.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { lastAppliedObject, withLastApplied } from './apply.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

export const diff: Command = {
  name: 'diff',
  summary: 'Diff the live version against a would-be applied version',
  usage: '-f FILENAME',
  flags: [
    flag('concurrency', 'int', 'Number of objects to process in parallel when diffing against the live version.', {
      default: '1',
    }),
    FIELD_MANAGER('kubectl-client-side-apply'),
    ...FILENAME_FLAGS,
    flag('force-conflicts', 'bool', 'If true, server-side apply will force the changes against conflicts.'),
    flag('prune', 'bool', 'Include resources that would be deleted by pruning.'),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag('server-side', 'bool', 'If true, apply runs in the server instead of the client.'),
    flag('show-managed-fields', 'bool', 'If true, include managed fields in the diff.'),
  ],
  missing: ['No --prune; the folders in the head lines have fixed names.'],
  troubleExitCode: 2,
  run: runDiff,
}

/** 0 for no difference, 1 for some; trouble ends with more than 1. */
function runDiff(session: Session, invocation: Invocation): number {
  const { args, flags, path } = invocation
  if (args.length > 0) failUsage(path, `Unexpected args: [${args.join(' ')}]`)
  if (flags.list('filename').length === 0) fail('must specify one of -f and -k')
  const read = readManifests(session, flags.list('filename'), flags.bool('recursive'))
  let differs = false
  for (const target of read.targets) {
    const text = diffOne(session, invocation, target)
    if (text !== '') differs = true
    session.out(text)
  }
  if (read.errors.length > 0) throw new Failure(read.errors)
  return differs ? 1 : 0
}

function diffOne(session: Session, { flags }: Invocation, target: Target): string {
  const { resource, namespace, name } = target
  const key = namespace === undefined ? { name } : { namespace, name }
  const found = session.client.get(resource, key)
  if (!found.ok && found.status.reason !== 'NotFound') throw new Failure([statusError(found.status)])
  const live = found.ok ? (found.value as unknown as JsonObject) : undefined
  const merged = mergedObject(session, {
    target,
    live,
    manager: flags.string('field-manager'),
    serverSide: flags.bool('server-side'),
    force: flags.bool('force-conflicts'),
  })
  const clean = (object: JsonObject | undefined): string =>
    object === undefined ? '' : formatYaml(flags.bool('show-managed-fields') ? object : withoutManagedFields(object))
  const hunks = unifiedDiff(clean(live), clean(merged))
  if (hunks === '') return ''
  const file = [apiVersionOf(resource).replace('/', '.'), resource.kind, namespace ?? '', name].join('.')
  const [from, to] = [`/tmp/LIVE-1234567890/${file}`, `/tmp/MERGED-1234567890/${file}`]
  const at = formatRfc3339(session.now()).replace('T', ' ').replace('Z', '.000000000 +0000')
  return `diff -u -N ${from} ${to}\n--- ${from}\t${at}\n+++ ${to}\t${at}\n${hunks}`
}

interface Merge {
  readonly target: Target
  readonly live: JsonObject | undefined
  readonly manager: string
  readonly serverSide: boolean
  readonly force: boolean
}

/** What the server would make of the object. */
function mergedObject(session: Session, { target, live, manager, serverSide, force }: Merge): JsonObject {
  const { resource, namespace, name } = target
  const key = namespace === undefined ? { name } : { namespace, name }
  const options = { dryRun: true, fieldManager: manager, fieldValidation: 'Strict' as const }
  if (serverSide) {
    const result = session.client.patch(
      resource,
      key,
      { type: 'apply', body: target.object, force },
      { ...options, fieldManager: 'kubectl' },
    )
    return session.expect(result) as unknown as JsonObject
  }
  if (live === undefined) {
    return session.expect(session.client.create(resource, forCreate(target.object), options)) as unknown as JsonObject
  }
  const modified = withLastApplied(target.object)
  const patch = threeWayMergePatch({
    original: lastAppliedObject(live),
    modified,
    current: live,
    schema: mergeSchemaOf(resource),
  })
  if (isObject(patch) && Object.keys(patch).length === 0) return live
  return session.expect(
    session.client.patch(resource, key, { type: 'strategic', body: patch }, options),
  ) as unknown as JsonObject
}
