/** kubectl edit. Upstream: k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go. */
import type { ApiStatus } from '../../api/api-status.ts'
import { deepEqual } from '../../api/compare.ts'
import type { JsonObject } from '../../api/meta.ts'
import { readAsKubectl } from '../../manifest/kubectl-documents.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { Failure, fail, failUnsupported } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { mergeSchemaOf } from '../merge-schema.ts'
import { FIELD_MANAGER, printDone } from '../output.ts'
import { withoutManagedFields } from '../print/objects.ts'
import { formatYaml } from '../print/yaml.ts'
import { fullNameOf } from '../resource-argument.ts'
import { select, type Target } from '../selection.ts'
import { twoWayMergePatch } from '../strategic-diff.ts'
import { FILENAME_FLAGS, VALIDATE, validationOf } from './file-flags.ts'

export const edit: Command = {
  name: 'edit',
  summary: 'Edit a resource on the server',
  usage: '(RESOURCE/NAME | -f FILENAME)',
  flags: [
    FIELD_MANAGER('kubectl-edit'),
    ...FILENAME_FLAGS,
    flag('output', 'string', 'Output format. One of: (json, yaml).', { short: 'o' }),
    flag('output-patch', 'bool', 'Output the patch if the resource is edited.'),
    flag('save-config', 'bool', 'If true, the configuration of current object will be saved in its annotation.'),
    flag(
      'show-managed-fields',
      'bool',
      'If true, keep the managedFields when printing objects in JSON or YAML format.',
    ),
    flag('subresource', 'string', 'If specified, edit will operate on the subresource of the requested object.'),
    VALIDATE,
  ],
  missing: ["One object at a time; the editor is the page's own."],
  run: runEdit,
}

const HEADER = [
  "# Please edit the object below. Lines beginning with a '#' will be ignored,",
  '# and an empty file will abort the edit. If an error occurs while saving this file will be',
  '# reopened with the relevant failures.',
  '#',
]

/** An editor that saves the same rubbish again and again is closed after so many rounds. */
const MOST_ROUNDS = 10

function runEdit(session: Session, invocation: Invocation): void {
  const { args, flags } = invocation
  if (flags.string('subresource') !== '') failUnsupported('edit --subresource')
  const selected = select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    allowBareType: true,
    fetch: true,
  })
  if (selected.errors.length > 0) throw new Failure(selected.errors)
  const [target] = selected.targets
  if (target === undefined) {
    session.err('Edit cancelled, no objects found.\n')
    return
  }
  if (selected.targets.length > 1) failUnsupported('editing several objects at once')
  if (session.hooks.edit === undefined) failUnsupported('an editor for this terminal')
  editLoop(session, invocation, target)
}

type Round = { readonly type: 'saved' } | { readonly type: 'again'; readonly reasons: readonly string[] }

function editLoop(session: Session, invocation: Invocation, target: Target): void {
  const original = withoutManagedFields(target.object)
  let body = formatYaml(original)
  let reasons: readonly string[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const shown = `${[...HEADER, ...reasons.map((reason) => `# ${reason}`), ...(reasons.length === 0 ? [] : ['#'])].join('\n')}\n${body}`
    const edited = session.hooks.edit!(shown)
    const text = withoutComments(edited)
    if (text.trim() === '') {
      session.err('Edit cancelled, saved file was empty.\n')
      return
    }
    if (text === body) {
      if (round === 0) {
        session.err('Edit cancelled, no changes made.\n')
        return
      }
      giveUp(session, edited)
      return
    }
    body = text
    const outcome = save(session, invocation, target, { original, text })
    if (outcome.type === 'saved') return
    reasons = outcome.reasons
  }
  giveUp(session, body)
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')

/** Keeps what was typed. Upstream: preservedFile. */
function giveUp(session: Session, text: string): never {
  const file = '/tmp/kubectl-edit-1234567890.yaml'
  session.files.write(file, text)
  session.err(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`)
  return fail('Edit cancelled, no valid changes were saved.')
}

function save(
  session: Session,
  invocation: Invocation,
  target: Target,
  { original, text }: { readonly original: JsonObject; readonly text: string },
): Round {
  const read = readAsKubectl(text, '')
  const [edited] = read.objects
  if (read.error !== undefined || !isObject(edited)) {
    const problem = (read.error ?? 'the text is no object').replace(/^error parsing : /, '')
    return { type: 'again', reasons: [`The edited file had a syntax error: ${problem}`] }
  }
  if (deepEqual(edited, original)) {
    session.err('Edit cancelled, no changes made.\n')
    return { type: 'saved' }
  }
  const metadata = isObject(edited.metadata) ? edited.metadata : {}
  if (metadata.name !== target.name)
    return { type: 'again', reasons: ['At least one of apiVersion, kind and name was changed'] }
  const patch = twoWayMergePatch(original, edited, mergeSchemaOf(target.resource))
  const { resource, namespace, name } = target
  const options = { fieldManager: invocation.flags.string('field-manager'), fieldValidation: validationOf(invocation) }
  const result = session.client.patch(
    resource,
    namespace === undefined ? { name } : { namespace, name },
    { type: 'strategic', body: patch },
    options,
  )
  session.warn(result.warnings)
  if (!result.ok) return refusedEdit(session, target, result.status)
  printDone(session, invocation, { resource, name, object: result.value as unknown as JsonObject, operation: 'edited' })
  return { type: 'saved' }
}

function refusedEdit(session: Session, { resource, name }: Target, status: ApiStatus): Round {
  const what = `${fullNameOf(resource)} ${JSON.stringify(name)}`
  if (status.reason === 'Invalid') {
    session.err(`error: ${what} is invalid\n`)
    const causes = (status.details?.causes ?? []).map((cause) => `* ${cause.field ?? ''}: ${cause.message}`)
    return { type: 'again', reasons: [`${what} was not valid:`, ...causes] }
  }
  if (status.reason === 'NotFound') return fail(`${what} could not be found on the server`)
  session.err(`error: ${what} could not be patched: ${status.message}\n`)
  return { type: 'again', reasons: [`${what} could not be patched: ${status.message}`] }
}
