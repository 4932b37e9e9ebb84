/** kubectl patch. Upstream: k8s.io/kubectl/pkg/cmd/patch/patch.go. */
import type { Patch } from '../../api/api-client.ts'
import type { Json, JsonObject } from '../../api/meta.ts'
import { readAsKubectl } from '../../manifest/kubectl-documents.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { Failure, fail, failUnsupported, statusError } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { forEachTarget, select, type Target } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'
import { jsonProblem } from './json-problem.ts'

export const patch: Command = {
  name: 'patch',
  summary: 'Update fields of a resource',
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  flags: [
    DRY_RUN,
    FIELD_MANAGER('kubectl-patch'),
    ...FILENAME_FLAGS,
    flag('local', 'bool', 'If true, patch will operate on the content of the file, not the server-side resource.'),
    ...OUTPUT,
    flag('patch', 'string', 'The patch to be applied to the resource JSON file.', { short: 'p' }),
    flag('patch-file', 'string', 'A file containing a patch to be applied to the resource.'),
    flag('subresource', 'string', 'If specified, patch will operate on the subresource of the requested object.'),
    flag('type', 'string', 'The type of patch being provided; one of [json merge strategic]', { default: 'strategic' }),
  ],
  missing: ['No --local.'],
  run: runPatch,
}

const TYPES: Readonly<Record<string, 'json' | 'merge' | 'strategic'>> = {
  json: 'json',
  merge: 'merge',
  strategic: 'strategic',
}

function runPatch(session: Session, invocation: Invocation): void {
  const { flags, args } = invocation
  if (flags.bool('local')) failUnsupported('patch --local')
  const type = Object.hasOwn(TYPES, flags.string('type').toLowerCase())
    ? TYPES[flags.string('type').toLowerCase()]
    : undefined
  if (flags.string('patch') !== '' && flags.string('patch-file') !== '')
    fail('must specify one of -p or --patch-file, not both')
  if (!flags.changed('patch') && flags.string('patch-file') === '') fail('must specify -p to patch')
  if (type === undefined)
    fail(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type').toLowerCase())}`)
  const text =
    flags.string('patch-file') === '' ? flags.string('patch') : readPatchFile(session, flags.string('patch-file'))
  if (text === '') fail('must specify -p to patch')
  const selected = select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    fetch: true,
  })
  const made = patchOf(type!, text)
  if (selected.targets.length === 0 && selected.errors.length === 0) fail('no objects passed to patch')
  forEachTarget(selected, (target) => patchOne(session, invocation, target, made))
}

function readPatchFile(session: Session, name: string): string {
  return session.files.read(name) ?? fail(`unable to read patch file: open ${name}: no such file or directory`)
}

type MadePatch = { readonly ok: true; readonly patch: Patch } | { readonly ok: false; readonly problem: string }

/** The patch as it goes over the wire. JSON that is broken is sent as it is, and refused by the server. */
function patchOf(type: 'json' | 'merge' | 'strategic', text: string): MadePatch {
  // Upstream: yaml.ToJSON leaves text alone that begins with a brace.
  if (/^\s*\{/.test(text)) {
    const problem = jsonProblem(text)
    return problem === undefined ? asPatch(type, JSON.parse(text) as Json) : { ok: false, problem }
  }
  const read = readAsKubectl(text, '')
  if (read.error !== undefined)
    return fail(
      `unable to parse ${JSON.stringify(text)}: ${read.error.replace(/^error parsing : error converting YAML to JSON: /, '')}`,
    )
  return asPatch(type, read.objects[0] ?? null)
}

function asPatch(type: 'json' | 'merge' | 'strategic', value: Json): MadePatch {
  if (type === 'json') {
    if (!Array.isArray(value))
      return { ok: false, problem: `json: cannot unmarshal ${wordOf(value)} into Go value of type jsonpatch.Patch` }
    return { ok: true, patch: { type, body: value as readonly JsonObject[] } }
  }
  if (!isObject(value))
    return {
      ok: false,
      problem: `json: cannot unmarshal ${wordOf(value)} into Go value of type map[string]interface {}`,
    }
  return { ok: true, patch: { type, body: value } }
}

const wordOf = (value: Json): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value

function patchOne(session: Session, invocation: Invocation, target: Target, made: MadePatch): void {
  const { resource, namespace, name } = target
  const dryRun = dryRunOf(session, invocation)
  if (!made.ok) throw new Failure([statusError({ code: 400, reason: 'BadRequest', message: made.problem })])
  const key = namespace === undefined ? { name } : { namespace, name }
  const subresource = invocation.flags.string('subresource')
  const result = session.client.patch(resource, key, made.patch, {
    // Upstream applies the patch itself for a client dry run; asking the server gives the same object.
    dryRun: dryRun !== 'none',
    fieldManager: invocation.flags.string('field-manager'),
    ...(subresource === '' ? {} : { subresource: subresource as 'status' }),
  })
  const object = session.expect(result) as unknown as JsonObject
  const changed =
    (object.metadata as JsonObject).resourceVersion !== (target.object.metadata as JsonObject).resourceVersion
  printDone(session, invocation, {
    resource,
    name,
    object,
    operation: changed || dryRun !== 'none' ? 'patched' : 'patched (no change)',
    dryRun,
  })
}
