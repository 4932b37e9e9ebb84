/** What all commands that make an object from flags share: `kubectl create deployment`, `run`, `expose`. */
import type { ForCreate, Json, JsonObject, KubeObject } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail } from '../failure.ts'
import { type Flag, flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { withLastApplied } from './apply.ts'
import { VALIDATE, validationOf } from './file-flags.ts'

export const GENERATOR_FLAGS: readonly Flag[] = [
  ...OUTPUT,
  DRY_RUN,
  VALIDATE,
  FIELD_MANAGER('kubectl-create'),
  flag('save-config', 'bool', 'If true, the configuration of current object will be saved in its annotation.'),
]

export interface Generator {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly usage: string
  readonly flags?: readonly Flag[]
  readonly required?: readonly string[]
  readonly resource: Resource
  /** What a refusal begins with: `failed to create deployment:`; without it the server's own words stand alone. */
  readonly refusal?: string
  /** The object as kubectl's own types print it, `creationTimestamp: null` and empty parts included. */
  make(session: Session, invocation: Invocation, name: string): JsonObject
}

/** The subcommand of kubectl create that a generator is. */
export function generatorCommand(generator: Generator): Command {
  return {
    name: generator.name,
    ...(generator.aliases === undefined ? {} : { aliases: generator.aliases }),
    summary: generator.summary,
    usage: generator.usage,
    flags: [...GENERATOR_FLAGS, ...(generator.flags ?? [])],
    ...(generator.required === undefined ? {} : { required: generator.required }),
    run(session, invocation) {
      const name = nameArgument(invocation)
      createGenerated(session, invocation, {
        resource: generator.resource,
        object: generator.make(session, invocation, name),
        ...(generator.refusal === undefined ? {} : { refusal: generator.refusal }),
      })
    },
  }
}

/** The one name that stands before `--`. Upstream: NameFromCommandArgs. */
export function nameArgument({ args, argsBeforeDash, path }: Invocation): string {
  const count = argsBeforeDash ?? args.length
  if (count !== 1) fail(`exactly one NAME is required, got ${count}\nSee '${path} -h' for help and examples`)
  return args[0]!
}

export interface Generated {
  readonly resource: Resource
  readonly object: JsonObject
  readonly operation?: string
  readonly refusal?: string
}

/** Creates the object, or only prints it. */
export function createGenerated(
  session: Session,
  invocation: Invocation,
  { resource, object, operation = 'created', refusal }: Generated,
): void {
  const dryRun = dryRunOf(session, invocation)
  const placed = resource.namespaced && session.namespaceGiven ? withNamespace(object, session.namespace) : object
  const saved = invocation.flags.bool('save-config') ? withLastApplied(placed) : placed
  const { name } = object.metadata as { readonly name: string }
  if (dryRun === 'client') {
    printDone(session, invocation, { resource, name, object: saved, operation, dryRun })
    return
  }
  const sent = prune(resource.namespaced ? withNamespace(saved, session.namespace) : saved)
  const result = session.client.create(resource, sent as unknown as ForCreate<KubeObject>, {
    dryRun: dryRun === 'server',
    fieldManager: invocation.flags.string('field-manager'),
    fieldValidation: validationOf(invocation),
  })
  if (!result.ok && refusal !== undefined) {
    session.warn(result.warnings)
    fail(`${refusal} ${result.status.message}`)
  }
  const created = session.expect(result) as unknown as JsonObject
  printDone(session, invocation, { resource, name, object: created, operation, dryRun })
}

const withNamespace = (object: JsonObject, namespace: string): JsonObject => ({
  ...object,
  metadata: { ...(isObject(object.metadata) ? object.metadata : {}), namespace },
})

/** What kubectl's types print as null never says anything to the server. */
function prune(object: JsonObject): JsonObject {
  const clean = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(clean)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([k, v]) => (v === null || v === undefined ? [] : [[k, clean(v)]])),
    )
  }
  return clean(object) as JsonObject
}

/** Metadata as kubectl's types print it. */
export const metadata = (name: string, more: JsonObject = {}): JsonObject => ({
  creationTimestamp: null,
  ...more,
  name,
})

/** A last name without its path, tag and digest: what `kubectl create deployment` calls a container. */
export function containerNameOf(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1)
  return last
    .split('@')[0]!
    .split(':')[0]!
    .toLowerCase()
    .replace(/[^-a-z0-9]/g, '-')
    .slice(0, 63)
}
