/** kubectl label and annotate. Upstream: k8s.io/kubectl/pkg/cmd/{label/label,annotate/annotate}.go. */
import { compareStrings } from '../../api/compare.ts'
import { labelValueProblems } from '../../api/labels.ts'
import type { JsonObject, StringMap } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { Failure, fail, textError } from '../failure.ts'
import { flag } from '../flags.ts'
import { quote } from '../go-text.ts'
import { isObject } from '../manifest-input.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { formatJson } from '../print/json.ts'
import { forEachTarget, select, type Target } from '../selection.ts'
import { metadataOf } from './apply.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

/** What differs between the two commands. */
interface MapCommand {
  readonly word: 'label' | 'annotation'
  readonly field: 'labels' | 'annotations'
  parse(args: readonly string[]): Changes
  clash(overwritten: readonly { readonly key: string; readonly value: string }[]): Failure
  operation(before: JsonObject, after: JsonObject, overwrite: boolean): string
}

interface Changes {
  readonly set: StringMap
  readonly remove: readonly string[]
}

const flagsOf = (word: string, manager: string) => [
  flag('all', 'bool', `Select all resources, in the namespace of the specified resource types`),
  flag('all-namespaces', 'bool', 'If true, check the specified action in all namespaces.', { short: 'A' }),
  DRY_RUN,
  FIELD_MANAGER(manager),
  flag('field-selector', 'string', "Selector (field query) to filter on, supports '=', '==', and '!='."),
  ...FILENAME_FLAGS,
  flag('list', 'bool', `If true, display the ${word}s for a given resource.`),
  flag('local', 'bool', `If true, ${word} will NOT contact api-server but run locally.`),
  ...OUTPUT,
  flag(
    'overwrite',
    'bool',
    `If true, allow ${word}s to be overwritten, otherwise reject ${word} updates that overwrite existing ${word}s.`,
  ),
  flag(
    'resource-version',
    'string',
    `If non-empty, the ${word}s update will only succeed if this is the current resource-version for the object.`,
  ),
  flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
]

export const label: Command = {
  name: 'label',
  summary: 'Update the labels on a resource',
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  flags: flagsOf('label', 'kubectl-label'),
  missing: ['No --local.'],
  run: (session, invocation) => runMapCommand(session, invocation, LABEL),
}

export const annotate: Command = {
  name: 'annotate',
  summary: 'Update the annotations on a resource',
  usage: '[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  flags: flagsOf('annotation', 'kubectl-annotate'),
  missing: ['No --local.'],
  run: (session, invocation) => runMapCommand(session, invocation, ANNOTATE),
}

const LABEL: MapCommand = {
  word: 'label',
  field: 'labels',
  parse: parseLabels,
  clash: (all) =>
    new Failure(
      all.map(({ key, value }) => textError(`'${key}' already has a value (${value}), and --overwrite is false`)),
    ),
  operation(before, after, overwrite) {
    const [old, now] = [formatJson(before), formatJson(after)]
    if (old === now) return 'not labeled'
    // Upstream (up to 1.35) goes by the length of the JSON texts.
    return !overwrite && now.length < old.length ? 'unlabeled' : 'labeled'
  },
}

const ANNOTATE: MapCommand = {
  word: 'annotation',
  field: 'annotations',
  parse: parseAnnotations,
  clash: (all) =>
    new Failure([
      textError(
        `--overwrite is false but found the following declared annotation(s): ${all.map(({ key, value }) => `'${key}' already has a value (${value})`).join('; ')}`,
      ),
    ]),
  operation: () => 'annotated',
}

function runMapCommand(session: Session, invocation: Invocation, kind: MapCommand): void {
  const { flags } = invocation
  const { resources, pairs } = splitPairs(invocation.args, kind.word)
  if (flags.bool('all') && flags.string('selector') !== '') fail('cannot set --all and --selector at the same time')
  if (flags.bool('all') && flags.string('field-selector') !== '')
    fail('cannot set --all and --field-selector at the same time')
  if (resources.length === 0 && flags.list('filename').length === 0) {
    fail('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  const changes = kind.parse(pairs)
  const count = Object.keys(changes.set).length + changes.remove.length
  if (count === 0 && !flags.bool('list')) fail(`at least one ${kind.word} update is required`)
  const selected = select(session, {
    args: resources,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    all: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    fetch: true,
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
    ...(flags.string('field-selector') === '' ? {} : { fieldSelector: flags.string('field-selector') }),
  })
  forEachTarget(selected, (target) => changeOne(session, invocation, target, { kind, changes }))
}

/** Upstream: cmdutil.GetResourcesAndPairs. */
function splitPairs(
  args: readonly string[],
  word: string,
): { readonly resources: readonly string[]; readonly pairs: readonly string[] } {
  const resources: string[] = []
  const pairs: string[] = []
  for (const arg of args) {
    const isPair = (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-')
    if (isPair) pairs.push(arg)
    else if (pairs.length === 0) resources.push(arg)
    else fail(`all resources must be specified before ${word} changes: ${arg}`)
  }
  return { resources, pairs }
}

function parseLabels(args: readonly string[]): Changes {
  const set: Record<string, string> = {}
  const remove: string[] = []
  for (const arg of args) {
    if (!arg.includes('=')) {
      remove.push(arg.slice(0, -1))
      continue
    }
    const parts = arg.split('=')
    if (parts.length !== 2) fail(`invalid label spec: ${arg}`)
    const problems = labelValueProblems(parts[1]!)
    if (problems.length > 0) fail(`invalid label value: ${quote(arg)}: ${problems.join(';')}`)
    set[parts[0]!] = parts[1]!
  }
  if (remove.some((key) => Object.hasOwn(set, key))) fail('can not both modify and remove a label in the same command')
  return { set, remove }
}

function parseAnnotations(args: readonly string[]): Changes {
  const set: Record<string, string> = {}
  const remove: string[] = []
  for (const arg of args) {
    const equals = arg.indexOf('=')
    if (equals > 0) set[arg.slice(0, equals)] = arg.slice(equals + 1)
    else remove.push(arg.slice(0, -1))
  }
  if (remove.some((key) => Object.hasOwn(set, key)))
    fail('can not both modify and remove an annotation in the same command')
  return { set, remove }
}

function mapOf(object: JsonObject, field: 'labels' | 'annotations'): StringMap {
  const map = metadataOf(object)[field]
  return isObject(map) ? (map as StringMap) : {}
}

function changeOne(
  session: Session,
  invocation: Invocation,
  target: Target,
  { kind, changes }: { readonly kind: MapCommand; readonly changes: Changes },
): void {
  const { flags } = invocation
  const { object, resource, namespace, name } = target
  const old = mapOf(object, kind.field)
  if (flags.bool('list')) {
    listMap(session, target, old)
    return
  }
  const overwrite = flags.bool('overwrite')
  if (kind.word === 'label')
    for (const key of changes.remove) if (!Object.hasOwn(old, key)) session.out(`label ${quote(key)} not found.\n`)
  const clashing = Object.entries(changes.set).filter(([key, value]) => Object.hasOwn(old, key) && old[key] !== value)
  const wanted = flags.string('resource-version')
  if (!overwrite && clashing.length > 0) throw kind.clash(clashing.map(([key]) => ({ key, value: old[key]! })))
  const next: Record<string, string> = { ...old, ...changes.set }
  for (const key of changes.remove) delete next[key]
  const { [kind.field]: _, ...metadata } = metadataOf(object)
  const after: JsonObject = {
    ...object,
    metadata: { ...metadata, ...(Object.keys(next).length === 0 ? {} : { [kind.field]: next }) },
  }
  const operation = kind.operation(object, after, overwrite)
  const dryRun = dryRunOf(session, invocation)
  let result = after
  if (dryRun !== 'client') {
    const body = patchOf(old, next, kind.field, wanted)
    const options = { dryRun: dryRun === 'server', fieldManager: flags.string('field-manager') }
    const key = namespace === undefined ? { name } : { namespace, name }
    result = session.expect(
      session.client.patch(resource, key, { type: 'merge', body }, options),
    ) as unknown as JsonObject
  }
  printDone(session, invocation, { resource, name, object: result, operation, dryRun })
}

function patchOf(old: StringMap, next: StringMap, field: string, resourceVersion: string): JsonObject {
  const changed: Record<string, string | null> = {}
  for (const key of Object.keys(old)) if (!Object.hasOwn(next, key)) changed[key] = null
  for (const [key, value] of Object.entries(next))
    if (old[key] !== value || !Object.hasOwn(old, key)) changed[key] = value
  const map =
    Object.keys(next).length === 0 && Object.keys(old).length > 0
      ? { [field]: null }
      : Object.keys(changed).length === 0
        ? {}
        : { [field]: changed }
  const version = resourceVersion === '' ? {} : { resourceVersion }
  const metadata = { ...map, ...version }
  return Object.keys(metadata).length === 0 ? {} : { metadata }
}

function listMap(session: Session, { resource, name }: Target, map: StringMap): void {
  session.out(
    `Listing ${resource.kind === '' ? '' : 'labels'} for ${resource.kind}${resource.group === '' ? '' : `.${resource.group}`}/${name}:\n`,
  )
  for (const key of Object.keys(map).sort(compareStrings)) session.out(` ${key}=${map[key]}\n`)
}
