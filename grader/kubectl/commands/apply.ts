/** kubectl apply, client side and server side. Upstream: k8s.io/kubectl/pkg/cmd/apply/{apply,patcher}.go. */
import type { ApiStatus } from '../../api/api-status.ts'
import type { Json, JsonObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import {
  type CommandError,
  collect,
  during,
  Failure,
  fail,
  failUnsupported,
  failUsage,
  failWithAll,
  statusError,
} from '../failure.ts'
import { flag } from '../flags.ts'
import { quote } from '../go-text.ts'
import { isObject, readManifests } from '../manifest-input.ts'
import { mergeSchemaOf } from '../merge-schema.ts'
import { DRY_RUN, type DryRun, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { formatJson } from '../print/json.ts'
import { forCreate, requestProblem } from '../request.ts'
import type { Target } from '../selection.ts'
import { threeWayMergePatch } from '../strategic-diff.ts'
import { applyServerSide } from './apply-server-side.ts'
import { FILENAME_FLAGS, VALIDATE, validationOf } from './file-flags.ts'

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

export const apply: Command = {
  name: 'apply',
  summary: 'Apply a configuration to a resource by file name or stdin',
  usage: '(-f FILENAME | -k DIRECTORY)',
  flags: [
    ...FILENAME_FLAGS,
    ...OUTPUT,
    DRY_RUN,
    VALIDATE,
    flag('all', 'bool', 'Select all resources in the namespace of the specified resource types.'),
    flag(
      'cascade',
      'string',
      'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents.',
      { default: 'background', noValue: 'background' },
    ),
    FIELD_MANAGER('kubectl-client-side-apply'),
    flag('force', 'bool', 'If true, immediately remove resources from API and bypass graceful deletion.'),
    flag('force-conflicts', 'bool', 'If true, server-side apply will force the changes against conflicts.'),
    flag(
      'grace-period',
      'int',
      'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative.',
      { default: '-1' },
    ),
    flag(
      'openapi-patch',
      'bool',
      'If true, use openapi to calculate diff when the openapi presents and the resource can be found in the openapi spec.',
      { default: 'true' },
    ),
    flag(
      'overwrite',
      'bool',
      'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration',
      { default: 'true' },
    ),
    flag(
      'prune',
      'bool',
      'Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config.',
    ),
    flag('prune-allowlist', 'array', 'Overwrite the default allowlist with <group/version/kind> for --prune'),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag('server-side', 'bool', 'If true, apply runs in the server instead of the client.'),
    flag(
      'timeout',
      'duration',
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    flag('wait', 'bool', 'If true, wait for resources to be gone before returning. This waits for finalizers.'),
  ],
  missing: ['Does not prune and does not read kustomizations.'],
  run: runApply,
}

function runApply(session: Session, invocation: Invocation): void {
  const { flags, args } = invocation
  const dryRun = dryRunOf(session, invocation)
  checkFlags(invocation, dryRun)
  if (args.length > 0) failUsage(invocation.path, `Unexpected args: [${args.join(' ')}]`)
  validationOf(invocation)
  const errors: CommandError[] = []
  const read = readManifests(session, flags.list('filename'), flags.bool('recursive'), {
    validate: validationOf(invocation) === 'Strict',
  })
  errors.push(...read.errors)
  if (read.targets.length === 0 && errors.length === 0) fail('no objects passed to apply')
  for (const target of read.targets) collect(errors, () => applyOne(session, invocation, target))
  failWithAll(errors)
}

function checkFlags({ flags }: Invocation, dryRun: DryRun): void {
  const serverSide = flags.bool('server-side')
  if (flags.list('kustomize').length > 0 || flags.changed('kustomize')) failUnsupported('apply -k')
  if (flags.list('filename').length === 0) fail('must specify one of -f and -k')
  if (flags.bool('force-conflicts') && !serverSide) fail('--force-conflicts only works with --server-side')
  if (dryRun === 'client' && serverSide)
    fail("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
  if (flags.bool('force') && serverSide) fail('--force cannot be used with --server-side')
  if (flags.bool('force') && dryRun === 'server') fail('--dry-run=server cannot be used with --force')
  if (flags.bool('prune')) failUnsupported('apply --prune')
}

/** The object as error messages show it. Upstream: resource.Info.String. */
export function describeTarget({ resource, name, namespace }: Target): string {
  const version = `${resource.group}/${resource.version}`
  return `Resource: "${version}, Resource=${resource.plural}", GroupVersionKind: "${version}, Kind=${resource.kind}"\nName: ${quote(name)}, Namespace: ${quote(namespace ?? '')}`
}

function applyOne(session: Session, invocation: Invocation, target: Target): void {
  const metadata = metadataOf(target.object)
  if (target.name === '' && typeof metadata.generateName === 'string' && metadata.generateName !== '') {
    fail(`from ${metadata.generateName}: cannot use generate name with apply`)
  }
  if (invocation.flags.bool('server-side')) {
    applyServerSide(session, invocation, target)
    return
  }
  const modified = withLastApplied(target.object)
  const retrieving = during(
    `retrieving current configuration of:\n${describeTarget(target)}\nfrom server for:`,
    target.source,
  )
  const problem = requestProblem(target.namespace, target.name)
  if (problem !== undefined) fail(retrieving(problem))
  const live = session.client.get(target.resource, keyOf(target))
  session.warn(live.warnings)
  if (live.ok) {
    patchLive({ session, invocation, target, modified, live: live.value as unknown as JsonObject })
    return
  }
  if (live.status.reason !== 'NotFound')
    throw new Failure([statusError({ ...live.status, message: retrieving(live.status.message) })])
  createNew(session, invocation, target, modified)
}

function createNew(session: Session, invocation: Invocation, target: Target, modified: JsonObject): void {
  const dryRun = dryRunOf(session, invocation)
  const object = withoutNulls(modified) as JsonObject
  const created = dryRun === 'client' ? object : createObject(session, invocation, target, object)
  printDone(session, invocation, { ...target, object: created, operation: 'created', dryRun })
}

/** Creates the target's object; failures say that it was created from its file. */
export function createObject(session: Session, invocation: Invocation, target: Target, object: JsonObject): JsonObject {
  const problem = requestProblem(target.namespace)
  if (problem !== undefined) fail(during('creating', target.source)(problem))
  const result = session.client.create(target.resource, forCreate(object), {
    dryRun: dryRunOf(session, invocation) === 'server',
    fieldManager: invocation.flags.string('field-manager'),
    fieldValidation: validationOf(invocation),
  })
  return session.expect(result, during('creating', target.source)) as unknown as JsonObject
}

interface Update {
  readonly session: Session
  readonly invocation: Invocation
  readonly target: Target
  readonly modified: JsonObject
  readonly live: JsonObject
}

function patchLive(update: Update): void {
  const { session, invocation, target, live } = update
  const dryRun = dryRunOf(session, invocation)
  const quiet = invocation.flags.string('output') === ''
  if (dryRun === 'client') {
    printDone(session, invocation, { ...target, object: live, operation: 'configured', dryRun })
    return
  }
  if (lastAppliedOf(live) === undefined) {
    session.err(
      `Warning: resource ${target.resource.plural}/${target.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    )
  }
  const { object, changed } = sendPatch(update, 0)
  if (metadataOf(object).deletionTimestamp !== undefined) {
    session.err(`Warning: Detected changes to resource ${target.name} which is currently being deleted.\n`)
  }
  printDone(session, invocation, {
    ...target,
    object,
    operation: changed || !quiet ? 'configured' : 'unchanged',
    dryRun,
  })
}

const MAX_RETRIES = 5

function sendPatch(update: Update, attempt: number): { readonly object: JsonObject; readonly changed: boolean } {
  const { session, invocation, target, modified, live } = update
  const original = originalOf(lastAppliedOf(live))
  const patch = threeWayMergePatch({ original, modified, current: live, schema: mergeSchemaOf(target.resource) })
  if (Object.keys(patch).length === 0) return { object: live, changed: false }
  const result = session.client.patch(
    target.resource,
    keyOf(target),
    { type: 'strategic', body: patch },
    {
      dryRun: dryRunOf(session, invocation) === 'server',
      fieldManager: invocation.flags.string('field-manager'),
      fieldValidation: validationOf(invocation),
    },
  )
  session.warn(result.warnings)
  if (result.ok) return { object: result.value as unknown as JsonObject, changed: true }
  if (result.status.reason === 'Conflict' && attempt < MAX_RETRIES) {
    const again = session.expect(session.client.get(target.resource, keyOf(target)))
    return sendPatch({ ...update, live: again as unknown as JsonObject }, attempt + 1)
  }
  if (invocation.flags.bool('force') && (result.status.reason === 'Conflict' || result.status.reason === 'Invalid')) {
    session.expect(
      session.client.delete(target.resource, keyOf(target), { propagationPolicy: 'Background', gracePeriodSeconds: 0 }),
    )
    return { object: createObject(session, invocation, target, withoutNulls(modified) as JsonObject), changed: true }
  }
  throw new Failure([statusError(refusedPatch(result.status, patch, target))])
}

function refusedPatch(status: ApiStatus, patch: JsonObject, target: Target): ApiStatus {
  const inner = during('patching', target.source)(status.message)
  const message = during(
    `applying patch:\n${formatJson(patch)}\nto:\n${describeTarget(target)}\nfor:`,
    target.source,
  )(inner)
  return { ...status, message }
}

const keyOf = ({ namespace, name }: Target) => (namespace === undefined ? { name } : { namespace, name })

export function metadataOf(object: JsonObject): JsonObject {
  return isObject(object.metadata) ? object.metadata : {}
}

function lastAppliedOf(object: JsonObject): string | undefined {
  const { annotations } = metadataOf(object)
  const text = isObject(annotations) ? annotations[LAST_APPLIED] : undefined
  return typeof text === 'string' ? text : undefined
}

function originalOf(text: string | undefined): JsonObject {
  if (text === undefined) return {}
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** The object as it was last applied; empty if nobody knows. */
export const lastAppliedObject = (live: JsonObject): JsonObject => originalOf(lastAppliedOf(live))

const modifiedOf = new WeakMap<JsonObject, JsonObject>()

/** The object with itself, as text, in its annotation; the same one for the same object. Upstream: util.GetModifiedConfiguration. */
export function withLastApplied(object: JsonObject): JsonObject {
  const known = modifiedOf.get(object)
  if (known !== undefined) return known
  const modified = annotated(object)
  modifiedOf.set(object, modified)
  return modified
}

function annotated(object: JsonObject): JsonObject {
  const metadata = metadataOf(object)
  const { [LAST_APPLIED]: _, ...annotations } = isObject(metadata.annotations) ? metadata.annotations : {}
  const bare = { ...object, metadata: { ...metadata, annotations } }
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: `${formatJson(bare)}\n` } },
  }
}

/** The value without nulls; itself if it has none. Upstream: pruneNullsFromMap; nulls inside lists of maps go too. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutNulls(item as Json))
    return items.some((item, i) => item !== value[i]) ? items : value
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value)
  const kept = entries.flatMap(([k, v]): [string, Json][] =>
    v === null || v === undefined ? [] : [[k, withoutNulls(v)]],
  )
  return kept.length === entries.length && kept.every(([k, v]) => v === value[k]) ? value : Object.fromEntries(kept)
}
