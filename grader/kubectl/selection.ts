/**
 * From words, selectors and files to the objects a command works on.
 * Upstream: k8s.io/cli-runtime/pkg/resource/builder.go and visitor.go.
 */
import type { ListOptions } from '../api/api-client.ts'
import { notFoundStatus } from '../api/api-status.ts'
import type { JsonObject, KubeObject } from '../api/meta.ts'
import type { Resource } from '../api/resource-table.ts'
import type { Session } from './command.ts'
import { type CommandError, Failure, fail, framedMessage, statusError, textError } from './failure.ts'
import { readManifests } from './manifest-input.ts'
import { requestProblem } from './request.ts'
import { resourceFor, resourceWords } from './resource-argument.ts'

/** One object a command works on: where it is, and what it is if the command asked or a file said so. */
export interface Target {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly name: string
  /** The file it came from, or ''. */
  readonly source: string
  readonly object: JsonObject
}

export interface Selection {
  readonly args: readonly string[]
  readonly filenames?: readonly string[]
  readonly recursive?: boolean
  readonly selector?: string
  readonly fieldSelector?: string
  readonly all?: boolean
  readonly allNamespaces?: boolean
  /** A bare type means all its objects (get, describe), instead of being an error. */
  readonly allowBareType?: boolean
  /** Objects from files and names are read from the server first (most commands), or not (delete). */
  readonly fetch: boolean
  readonly notFoundIsFine?: boolean
}

export interface Selected {
  readonly targets: readonly Target[]
  readonly errors: readonly CommandError[]
  /** Whether the user asked for one named object. */
  readonly single: boolean
  /** The types that were asked for, when they were not asked for by name. */
  readonly resources: readonly Resource[]
}

const MISSING_RESOURCE = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`

interface Tuple {
  readonly type: string
  readonly name: string
}

/** Finds the objects. What cannot be found at all ends the command; what is missing among others is collected. */
export function select(session: Session, selection: Selection): Selected {
  const filenames = selection.filenames ?? []
  const words = readArguments(selection.args)
  const bySelector = selection.selector !== undefined || selection.fieldSelector !== undefined || selection.all === true
  if (filenames.length > 0) {
    if (words.tuples.length > 0 || words.types.length > 0) {
      fail('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well')
    }
    return selectFromFiles(session, selection, filenames)
  }
  const bareType = selection.allowBareType === true && words.types.length > 0 && words.names.length === 0
  if (bySelector || bareType) return selectByList(session, selection, words)
  if (words.tuples.length > 0) return selectByName(session, selection, words.tuples)
  if (words.names.length > 0) {
    if (words.types.length > 1) fail('you must specify only one resource')
    const type = words.types[0]!
    return selectByName(
      session,
      selection,
      words.names.map((name) => ({ type, name })),
    )
  }
  if (words.types.length > 0) {
    for (const type of words.types) resourceFor(type)
    fail('resource(s) were provided, but no name was specified')
  }
  return fail(MISSING_RESOURCE)
}

interface Words {
  readonly types: readonly string[]
  readonly names: readonly string[]
  readonly tuples: readonly Tuple[]
}

function readArguments(args: readonly string[]): Words {
  const parts = args.flatMap((arg) => (arg.includes(',') && arg.includes('/') ? arg.split(',') : [arg]))
  const slashes = parts.filter((arg) => arg.includes('/')).length
  if (slashes > 0 && slashes === parts.length) return { types: [], names: [], tuples: parts.map(tupleOf) }
  if (slashes > 0) {
    fail(
      "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
    )
  }
  const [type, ...names] = parts
  return { types: type === undefined ? [] : resourceWords(type), names, tuples: [] }
}

function tupleOf(word: string): Tuple {
  const [type = '', name = '', ...more] = word.split('/')
  if (more.length > 0) fail('arguments in resource/name form may not have more than one slash')
  if (type === '' || name === '' || resourceWords(type).length !== 1) {
    fail('arguments in resource/name form must have a single resource and name')
  }
  return { type, name }
}

function selectByName(session: Session, selection: Selection, tuples: readonly Tuple[]): Selected {
  const targets: Target[] = []
  const errors: CommandError[] = []
  const mapped = tuples.map((tuple) => ({ resource: resourceFor(tuple.type), name: tuple.name }))
  for (const { resource, name } of mapped) {
    if (selection.allNamespaces === true && resource.namespaced) {
      fail('a resource cannot be retrieved by name across all namespaces')
    }
    const target = {
      resource,
      namespace: resource.namespaced ? session.namespace : undefined,
      name,
      source: '',
      object: {},
    }
    if (selection.fetch) fetchInto(session, target, { targets, errors, selection })
    else targets.push(target)
  }
  return { targets, errors, single: tuples.length === 1, resources: [] }
}

interface Found {
  readonly targets: Target[]
  readonly errors: CommandError[]
  readonly selection: Selection
}

function fetchInto(session: Session, target: Target, { targets, errors, selection }: Found): void {
  const { resource, namespace, name } = target
  const problem = requestProblem(namespace, name)
  if (problem !== undefined) {
    errors.push(textError(problem))
    return
  }
  const result = session.client.get(resource, namespace === undefined ? { name } : { namespace, name })
  session.warn(result.warnings)
  if (result.ok) targets.push({ ...target, object: jsonOf(result.value) })
  else if (result.status.reason !== 'NotFound' || selection.notFoundIsFine !== true)
    errors.push(statusError(result.status))
}

function selectByList(session: Session, selection: Selection, words: Words): Selected {
  if (words.names.length > 0) fail('name cannot be provided when a selector is specified')
  if (words.tuples.length > 0) fail('selectors and the all flag cannot be used when passing resource/name arguments')
  if (words.types.length === 0) fail('at least one resource must be specified to use a selector')
  const resources = words.types.map(resourceFor)
  const targets: Target[] = []
  const errors: CommandError[] = []
  for (const resource of resources) {
    const result = session.client.list(resource, listOptions(session, selection, resource))
    session.warn(result.warnings)
    if (!result.ok) {
      errors.push(statusError(result.status))
      continue
    }
    for (const object of result.value.items) targets.push(targetOf(resource, object))
  }
  return { targets, errors, single: false, resources }
}

/** What a list call for this selection asks for. */
export function listOptions(session: Session, selection: Selection, resource: Resource): ListOptions {
  const everywhere = selection.allNamespaces === true || !resource.namespaced
  return {
    ...(everywhere ? {} : { namespace: session.namespace }),
    ...(selection.selector === undefined || selection.selector === '' ? {} : { labelSelector: selection.selector }),
    ...(selection.fieldSelector === undefined || selection.fieldSelector === ''
      ? {}
      : { fieldSelector: selection.fieldSelector }),
  }
}

/** An object of the server as a target. */
export function targetOf(resource: Resource, object: KubeObject): Target {
  const { namespace, name } = object.metadata
  return { resource, namespace, name, source: '', object: jsonOf(object) }
}

function selectFromFiles(session: Session, selection: Selection, filenames: readonly string[]): Selected {
  const read = readManifests(session, filenames, selection.recursive === true)
  if (!selection.fetch) return { targets: read.targets, errors: read.errors, single: read.single, resources: [] }
  const targets: Target[] = []
  const errors: CommandError[] = [...read.errors]
  for (const target of read.targets) fetchInto(session, target, { targets, errors, selection })
  return { targets, errors, single: read.single, resources: [] }
}

/** Does something to each target and goes on after a failure; ends with all errors. Upstream: ContinueOnErrorVisitor. */
export function forEachTarget(selected: Selected, act: (target: Target) => void): void {
  const failures: Failure[] = []
  for (const target of selected.targets) {
    try {
      act(target)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      failures.push(error)
    }
  }
  if (failures.length === 1 && selected.errors.length === 0) throw failures[0]!
  // Upstream visits names and files in order, so what could not be read comes where it stood; here it comes first.
  const all = [...selected.errors, ...failures.map(asOne)]
  if (all.length > 0) throw new Failure(all)
}

function asOne(failure: Failure): CommandError {
  if (failure.errors.length === 1) return failure.errors[0]!
  return { type: 'text', text: `[${failure.errors.map(framedMessage).join(', ')}]` }
}

/** An object of the API as plain JSON; no copy is made. */
export const jsonOf = (object: KubeObject): JsonObject => object as unknown as JsonObject

/** The status of a named object that is not there, as the server says it. */
export const missing = (target: Target): CommandError => statusError(notFoundStatus(target.resource, target.name))
