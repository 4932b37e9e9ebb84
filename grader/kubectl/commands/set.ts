/** kubectl set image, resources, env, serviceaccount, selector. Upstream: k8s.io/kubectl/pkg/cmd/set/*.go. */
import { deepEqual } from '../../api/compare.ts'
import type { Json, JsonObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { type CommandError, Failure, fail, failUsage, framedMessage, textError } from '../failure.ts'
import { type Flag, flag } from '../flags.ts'
import { quote } from '../go-text.ts'
import { isObject } from '../manifest-input.ts'
import { mergeSchemaOf } from '../merge-schema.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { withPodSpec } from '../pod-template.ts'
import { select, type Target } from '../selection.ts'
import { twoWayMergePatch } from '../strategic-diff.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

export const SET_FLAGS: readonly Flag[] = [
  flag('all', 'bool', 'Select all resources, in the namespace of the specified resource types'),
  DRY_RUN,
  FIELD_MANAGER('kubectl-set'),
  ...FILENAME_FLAGS,
  flag('local', 'bool', 'If true, the command will NOT contact api-server but run locally.'),
  ...OUTPUT,
  flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
]

export const setImage: Command = {
  name: 'image',
  summary: 'Update the image of a pod template',
  usage: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  flags: SET_FLAGS,
  missing: ['No --local.'],
  run: runSetImage,
}

function runSetImage(session: Session, invocation: Invocation): void {
  const pairs = invocation.args.filter((arg) => arg.includes('='))
  const resources = invocation.args.filter((arg) => !arg.includes('='))
  requireResources(invocation, resources)
  if (pairs.length === 0) fail('at least one image update is required')
  const images = new Map<string, string>()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    images.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  if (images.has('*') && images.size > 1)
    fail('all containers are already specified by *, but saw more than one container_name=container_image pairs')
  changeAll(session, invocation, {
    resources,
    operation: 'image updated',
    noun: 'image update to pod template',
    change: (target, problem) => withPodSpec(target, (spec) => withImages(spec, images, problem)),
  })
}

function withImages(
  spec: JsonObject,
  images: ReadonlyMap<string, string>,
  problem: (text: string) => void,
): JsonObject {
  let changed = spec
  for (const [name, image] of images) {
    let found = false
    for (const list of ['initContainers', 'containers']) {
      changed = withContainers(changed, list, (container) => {
        if (name !== '*' && container.name !== name) return container
        found = true
        return { ...container, image }
      })
    }
    if (!found) problem(`unable to find container named ${quote(name)}`)
  }
  return changed
}

/** The Pod spec with every container of one list passed through `change`. */
export function withContainers(
  spec: JsonObject,
  list: string,
  change: (container: JsonObject) => JsonObject,
): JsonObject {
  const containers = spec[list]
  if (!Array.isArray(containers)) return spec
  return {
    ...spec,
    [list]: (containers as readonly Json[]).map((container) => (isObject(container) ? change(container) : container)),
  }
}

export function requireResources({ flags, path }: Invocation, resources: readonly string[]): void {
  if (flags.bool('all') && flags.string('selector') !== '') fail('cannot set --all and --selector at the same time')
  if (resources.length === 0 && flags.list('filename').length === 0) {
    failUsage(path, 'one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
}

export interface SetChange {
  readonly resources: readonly string[]
  readonly operation: string
  /** What the error says could not be patched. */
  readonly noun: string
  change(target: Target, problem: (text: string) => void): JsonObject
}

/** Changes each object by a strategic patch and says so; objects that stay as they are say nothing. */
export function changeAll(
  session: Session,
  invocation: Invocation,
  { resources, operation, noun, change }: SetChange,
): void {
  const { flags } = invocation
  const selected = select(session, {
    args: resources,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    all: flags.bool('all'),
    fetch: true,
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
  })
  if (selected.errors.length > 0) throw new Failure(selected.errors)
  const errors: CommandError[] = []
  for (const target of selected.targets) {
    const before = errors.length
    const next = change(target, (text) => errors.push(textError(text)))
    if (errors.length === before && !deepEqual(next, target.object))
      patchOne(session, invocation, { target, next, operation, noun, errors })
  }
  if (errors.length > 0) throw new Failure(errors)
}

interface PatchOne {
  readonly target: Target
  readonly next: JsonObject
  readonly operation: string
  readonly noun: string
  readonly errors: CommandError[]
}

function patchOne(session: Session, invocation: Invocation, { target, next, operation, noun, errors }: PatchOne): void {
  const { resource, namespace, name } = target
  const dryRun = dryRunOf(session, invocation)
  const body = twoWayMergePatch(target.object, next, mergeSchemaOf(resource))
  let object = next
  if (dryRun !== 'client') {
    const key = namespace === undefined ? { name } : { namespace, name }
    const options = { dryRun: dryRun === 'server', fieldManager: invocation.flags.string('field-manager') }
    const result = session.client.patch(resource, key, { type: 'strategic', body }, options)
    session.warn(result.warnings)
    if (!result.ok) {
      errors.push(
        textError(
          `failed to patch ${noun}: ${framedMessage({ type: 'status', status: result.status }).replace(/^Error from server \([^)]*\): /, '')}`,
        ),
      )
      return
    }
    object = result.value as unknown as JsonObject
  }
  printDone(session, invocation, { resource, name, object, operation, dryRun })
}
