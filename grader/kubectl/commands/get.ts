/** kubectl get. Upstream: k8s.io/kubectl/pkg/cmd/get/get.go. */
import { compareStrings } from '../../api/compare.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail, failUnsupported, failUsage, failWithAll } from '../failure.ts'
import { flag } from '../flags.ts'
import { printObjects, splitFormat } from '../print/objects.ts'
import { sortObjects } from '../print/sorter.ts'
import { formatLines, tableLines } from '../print/table.ts'
import { resourceFor, resourceWords } from '../resource-argument.ts'
import { type Selected, select, type Target } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'
import { tableOptions } from './get-table.ts'
import { watchTable } from './get-watch.ts'

const GET_OUTPUT =
  'Output format. One of: (json, yaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file, custom-columns, custom-columns-file, wide). See custom columns [https://kubernetes.io/docs/reference/kubectl/#custom-columns] and jsonpath template [https://kubernetes.io/docs/reference/kubectl/jsonpath/].'

export const get: Command = {
  name: 'get',
  suggestFor: ['list', 'ps'],
  summary: 'Display one or many resources',
  usage:
    '[(-o|--output=)json|yaml|name|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  flags: [
    flag(
      'all-namespaces',
      'bool',
      'If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.',
      { short: 'A' },
    ),
    flag(
      'allow-missing-template-keys',
      'bool',
      'If true, ignore any errors in templates when a field or map key is missing in the template.',
      { default: 'true' },
    ),
    flag('chunk-size', 'int64', 'Return large lists in chunks rather than all at once. Pass 0 to disable.', {
      default: '500',
    }),
    flag('field-selector', 'string', "Selector (field query) to filter on, supports '=', '==', and '!='."),
    ...FILENAME_FLAGS,
    flag(
      'ignore-not-found',
      'bool',
      'If set to true, suppresses NotFound error for specific objects that do not exist.',
    ),
    flag(
      'label-columns',
      'list',
      'Accepts a comma separated list of labels that are going to be presented as columns.',
      { short: 'L' },
    ),
    flag(
      'no-headers',
      'bool',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    flag('output', 'string', GET_OUTPUT, { short: 'o' }),
    flag('output-watch-events', 'bool', 'Output watch event objects when --watch or --watch-only is used.'),
    flag('raw', 'string', 'Raw URI to request from the server.'),
    flag('selector', 'string', "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.", {
      short: 'l',
    }),
    flag('server-print', 'bool', 'If true, have the server return the appropriate table output.', { default: 'true' }),
    flag('show-kind', 'bool', 'If present, list the resource type for the requested object(s).'),
    flag('show-labels', 'bool', 'When printing, show all labels as the last column (default hide labels column)'),
    flag(
      'show-managed-fields',
      'bool',
      'If true, keep the managedFields when printing objects in JSON or YAML format.',
    ),
    flag(
      'sort-by',
      'string',
      "If non-empty, sort list types using this field specification, a JSONPath expression (e.g. '{.metadata.name}').",
    ),
    flag('subresource', 'string', 'If specified, gets the subresource of the requested object.'),
    flag(
      'template',
      'string',
      'Template string or path to template file to use when -o=go-template, -o=go-template-file.',
    ),
    flag('watch', 'bool', 'After listing/getting the requested object, watch for changes.', { short: 'w' }),
    flag('watch-only', 'bool', 'Watch for changes to the requested object(s), without listing/getting first.'),
  ],
  missing: ['No --raw, no go-templates; --watch ends after the time that the terminal allows.'],
  run: runGet,
}

function runGet(session: Session, invocation: Invocation): void {
  const { args, flags } = invocation
  checkUse(session, invocation)
  if (flags.bool('watch') || flags.bool('watch-only')) {
    watchTable(session, invocation, selectionOf(session, invocation))
    return
  }
  const selected = select(session, selectionOf(session, invocation))
  const targets = sorted(selected.targets, flags.string('sort-by'))
  const { format } = splitFormat(flags.string('output'))
  if (format === '' || format === 'wide') {
    printTables(session, invocation, { ...selected, targets })
    return
  }
  if (selected.errors.length > 0 && selected.single) failWithAll(selected.errors)
  if (targets.length === 0 && flags.bool('ignore-not-found') && selected.resources.length === 0) return
  const byName = args.length > 0 && selected.resources.length === 0
  if (targets.length > 0 || selected.resources.length > 0) {
    printObjects(session, invocation, targets, {
      single: targets.length === 1 && (byName ? selected.single || selected.errors.length === 0 : selected.single),
    })
  }
  failWithAll(selected.errors)
}

function checkUse(session: Session, invocation: Invocation): void {
  const { args, flags, path } = invocation
  const format = splitFormat(flags.string('output')).format
  if (flags.changed('raw')) failUnsupported('get --raw')
  if (flags.string('subresource') !== '') failUnsupported('get --subresource')
  if (flags.bool('show-labels') && format !== '' && format !== 'wide')
    fail(`--show-labels option cannot be used with ${format} printer`)
  if (flags.bool('output-watch-events') && !flags.bool('watch') && !flags.bool('watch-only')) {
    failUsage(path, '--output-watch-events option can only be used with --watch or --watch-only')
  }
  if (args.length > 0 || flags.list('filename').length > 0) return
  session.err(
    'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
  )
  failUsage(
    path,
    'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
  )
}

function selectionOf(_session: Session, { args, flags }: Invocation): Parameters<typeof select>[1] {
  return {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    allNamespaces: flags.bool('all-namespaces'),
    allowBareType: true,
    fetch: true,
    notFoundIsFine: flags.bool('ignore-not-found'),
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
    ...(flags.string('field-selector') === '' ? {} : { fieldSelector: flags.string('field-selector') }),
  }
}

function sorted(targets: readonly Target[], path: string): readonly Target[] {
  return path === '' ? targets : sortObjects(targets, path)
}

function printTables(session: Session, invocation: Invocation, selected: Selected): void {
  const { args, flags } = invocation
  const { targets, errors } = selected
  const withKind = flags.bool('show-kind') || multipleTypes(args) || new Set(targets.map((t) => t.resource)).size > 1
  const groups = groupsOf(targets)
  for (const [i, group] of groups.entries()) {
    const options = tableOptions(session, invocation, { withKind, resource: group.resource })
    if (i > 0 && !flags.bool('no-headers')) session.out('\n')
    session.out(formatLines(tableLines(group.resource, group.objects, options)))
  }
  if (targets.length === 0 && errors.length === 0 && !flags.bool('ignore-not-found'))
    sayNothingFound(session, invocation)
  failWithAll(errors)
}

function sayNothingFound(session: Session, { args, flags }: Invocation): void {
  const types = args.length > 0 && !args[0]!.includes('/') ? resourceWords(args[0]!).map(resourceFor) : []
  const namespaced = types.length > 0 && types.every((r) => r.namespaced)
  session.err(
    namespaced && !flags.bool('all-namespaces')
      ? `No resources found in ${session.namespace} namespace.\n`
      : 'No resources found\n',
  )
}

interface Group {
  readonly resource: Resource
  readonly objects: KubeObject[]
}

/** Neighbours of one type share a table. */
function groupsOf(targets: readonly Target[]): Group[] {
  const groups: Group[] = []
  for (const { resource, object } of targets) {
    const last = groups.at(-1)
    if (last?.resource === resource) last.objects.push(asKubeObject(object))
    else groups.push({ resource, objects: [asKubeObject(object)] })
  }
  return groups
}

const asKubeObject = (object: JsonObject): KubeObject => object as unknown as KubeObject

/** Upstream: resource.MultipleTypesRequested. */
export function multipleTypes(args: readonly string[]): boolean {
  if (args.some((arg) => arg === 'all' || (arg.includes(',') && !arg.includes('/')))) return true
  const types = args
    .flatMap((arg) => arg.split(','))
    .filter((arg) => arg.includes('/'))
    .map((arg) => arg.split('/')[0]!)
  return new Set(types.sort(compareStrings)).size > 1
}
