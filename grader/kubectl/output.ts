/**
 * How a command that changed something says so: `daemonset.apps/agent created (dry run)`, or with `-o` the object.
 * Upstream: cli-runtime/pkg/printers/name.go, kubectl/pkg/cmd/util/helpers.go (PrintFlagsWithDryRunStrategy).
 */
import type { JsonObject } from '../api/meta.ts'
import type { Resource } from '../api/resource-table.ts'
import type { Invocation, Session } from './command.ts'
import { fail } from './failure.ts'
import { type Flag, flag } from './flags.ts'
import { printObjects } from './print/objects.ts'
import { kindNameOf } from './resource-argument.ts'

export type DryRun = 'none' | 'client' | 'server'

export const DRY_RUN: Flag = flag(
  'dry-run',
  'string',
  'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
  { default: 'none', noValue: 'unchanged' },
)

export const OUTPUT: readonly Flag[] = [
  flag(
    'output',
    'string',
    'Output format. One of: (json, yaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file).',
    { short: 'o' },
  ),
  flag('show-managed-fields', 'bool', 'If true, keep the managedFields when printing objects in JSON or YAML format.'),
  flag(
    'template',
    'string',
    'Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview].',
  ),
  flag(
    'allow-missing-template-keys',
    'bool',
    'If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats.',
    { default: 'true' },
  ),
]

export const FIELD_MANAGER = (name: string): Flag =>
  flag('field-manager', 'string', 'Name of the manager used to track field ownership.', { default: name })

/** What `--dry-run` asks for. Upstream: GetDryRunStrategy. */
export function dryRunOf(session: Session, { flags }: Invocation): DryRun {
  const value = flags.string('dry-run')
  if (value === 'none' || value === 'client' || value === 'server') return value
  if (value === 'unchanged') {
    session.err(
      'W1121 00:00:00.000000       1 helpers.go:731] --dry-run is deprecated and can be replaced with --dry-run=client.\n',
    )
    return 'client'
  }
  if (value === '') return 'none'
  const lower = value.toLowerCase()
  if (lower === 'true' || lower === 'false' || lower === 't' || lower === 'f' || lower === '1' || lower === '0') {
    session.err(
      `W1121 00:00:00.000000       1 helpers.go:731] --dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${lower.startsWith('t') || lower === '1' ? 'client' : 'none'}.\n`,
    )
    return lower.startsWith('t') || lower === '1' ? 'client' : 'none'
  }
  return fail(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
}

const SUFFIX: Readonly<Record<DryRun, string>> = { none: '', client: ' (dry run)', server: ' (server dry run)' }

export const dryRunSuffix = (dryRun: DryRun): string => SUFFIX[dryRun]

export interface Done {
  readonly resource: Resource
  readonly name: string
  readonly object: JsonObject
  /** `created`, `configured`, … */
  readonly operation: string
  readonly dryRun?: DryRun
}

/** Says what was done to an object, in the output format that was asked for. */
export function printDone(session: Session, invocation: Invocation, done: Done): void {
  const format = invocation.flags.string('output')
  const name = `${kindNameOf(done.resource)}/${done.name}`
  if (format === '' || format === undefined)
    session.out(`${name} ${done.operation}${dryRunSuffix(done.dryRun ?? 'none')}\n`)
  else if (format === 'name') session.out(`${name}\n`)
  else printObjects(session, invocation, [{ resource: done.resource, object: done.object }], { single: true })
}
