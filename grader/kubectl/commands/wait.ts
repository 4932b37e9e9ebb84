/** kubectl wait. Upstream: k8s.io/kubectl/pkg/cmd/wait/{wait,condition,delete,json}.go. */
import type { Json, JsonObject } from '../../api/meta.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { type CommandError, Failure, fail, statusError, textError } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { OUTPUT, printDone } from '../output.ts'
import { findValues } from '../print/jsonpath.ts'
import { JsonPathError, relaxedJsonPath } from '../print/jsonpath-parser.ts'
import { select, type Target } from '../selection.ts'
import { FILENAME_FLAGS } from './file-flags.ts'

export const waitCommand: Command = {
  name: 'wait',
  summary: 'Experimental: Wait for a specific condition on one or many resources',
  usage:
    "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  flags: [
    flag('all', 'bool', 'Select all resources in the namespace of the specified resource types'),
    flag('all-namespaces', 'bool', 'If present, list the requested object(s) across all namespaces.', { short: 'A' }),
    flag('field-selector', 'string', "Selector (field query) to filter on, supports '=', '==', and '!='."),
    ...FILENAME_FLAGS,
    flag(
      'for',
      'string',
      "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]].",
    ),
    flag('local', 'bool', 'If true, annotation will NOT contact api-server but run locally.'),
    ...OUTPUT,
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    flag(
      'timeout',
      'duration',
      "The length of time to wait before giving up.  Zero means check once and don't wait, negative means wait for a week.",
      { default: '30s' },
    ),
  ],
  run: runWait,
}

/** Says whether the object (undefined: it is not there) is as wanted. */
type Condition = { readonly wants: 'presence' | 'absence' | 'state'; isMet(object: JsonObject | undefined): boolean }

function runWait(session: Session, invocation: Invocation): void {
  const { args, flags } = invocation
  if (flags.string('for') === '') fail('unrecognized condition: ""')
  const condition = conditionOf(flags.string('for'))
  const timeout = flags.duration('timeout') / 1000
  const selection = {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    all: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
    ...(flags.string('field-selector') === '' ? {} : { fieldSelector: flags.string('field-selector') }),
  }
  const selected = select(session, { ...selection, fetch: condition.wants === 'state' })
  if (condition.wants === 'state' && selected.targets.length === 0) {
    if (selected.errors.length > 0) throw new Failure(selected.errors)
    fail('no matching resources found')
  }
  const deadline = session.now() + (timeout < 0 ? session.patienceSeconds : timeout) * 1000
  const errors: CommandError[] = []
  for (const target of selected.targets) {
    const problem = waitFor(session, target, condition, Math.max(0, (deadline - session.now()) / 1000))
    if (problem === undefined) sayMet(session, invocation, target)
    else errors.push(problem)
  }
  if (errors.length > 0) throw new Failure(errors)
}

function conditionOf(text: string): Condition {
  const lower = text.toLowerCase()
  if (lower === 'delete') return { wants: 'absence', isMet: (object) => object === undefined }
  if (lower === 'create') return { wants: 'presence', isMet: (object) => object !== undefined }
  if (lower.startsWith('condition=')) {
    const [name = '', value = 'true'] = text.slice('condition='.length).split('=')
    return { wants: 'state', isMet: (object) => hasCondition(object, name, value) }
  }
  if (lower.startsWith('jsonpath=')) return jsonPathCondition(text.slice('jsonpath='.length))
  return fail(`unrecognized condition: ${JSON.stringify(text)}`)
}

function jsonPathCondition(text: string): Condition {
  const match = /^(\{[^{}]*\}|[^={}]+)(?:=(.*))?$/s.exec(text.replace(/^(['"])(.*?)\1(?==|$)/s, '$2'))
  if (match === null)
    return fail(
      `jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'`,
    )
  const wanted = match[2]?.replace(/^(['"])(.*)\1$/s, '$2')
  if (wanted === '') fail('jsonpath wait has to have a value after equal sign')
  let path = ''
  try {
    path = relaxedJsonPath(match[1]!)
  } catch (error) {
    if (error instanceof JsonPathError) return fail(error.message)
    throw error
  }
  return {
    wants: 'state',
    isMet(object) {
      const found = findValues(path, object)
      if (!found.ok || found.values.length === 0) return false
      if (found.values.length > 1) return fail('given jsonpath expression matches more than one value')
      const value = found.values[0]
      if (typeof value === 'object' && value !== null && wanted !== undefined)
        fail('jsonpath leads to a nested object or list which is not supported')
      return wanted === undefined || String(value) === wanted
    },
  }
}

function hasCondition(object: JsonObject | undefined, name: string, value: string): boolean {
  const status = isObject(object?.status) ? object.status : {}
  const conditions = Array.isArray(status.conditions) ? (status.conditions as readonly Json[]).filter(isObject) : []
  const found = conditions.find((c) => String(c.type).toLowerCase() === name.toLowerCase())
  if (found === undefined) return false
  const generation = isObject(object?.metadata) ? Number(object.metadata.generation ?? 0) : 0
  const observed = status.observedGeneration === undefined ? undefined : Number(status.observedGeneration)
  if (observed !== undefined && generation > observed) return false
  return String(found.status).toLowerCase() === value.toLowerCase()
}

function waitFor(session: Session, target: Target, condition: Condition, seconds: number): CommandError | undefined {
  const { resource, namespace, name } = target
  let gone: CommandError | undefined
  const uid = isObject(target.object.metadata) ? target.object.metadata.uid : undefined
  const look = (): boolean => {
    const found = session.client.get(resource, namespace === undefined ? { name } : { namespace, name })
    if (!found.ok) {
      if (found.status.reason !== 'NotFound' || condition.wants === 'state') gone = statusError(found.status)
      return gone !== undefined || condition.isMet(undefined)
    }
    if (condition.wants === 'absence' && uid !== undefined && found.value.metadata.uid !== uid) return true
    return condition.isMet(found.value as unknown as JsonObject)
  }
  const met = look() || (seconds > 0 && session.waiter.waitUntil(look, seconds))
  if (gone !== undefined) return gone
  return met ? undefined : textError(`timed out waiting for the condition on ${resource.plural}/${name}`)
}

function sayMet(session: Session, invocation: Invocation, target: Target): void {
  const { resource, namespace, name } = target
  const found = session.client.get(resource, namespace === undefined ? { name } : { namespace, name })
  const object = found.ok ? (found.value as unknown as JsonObject) : target.object
  printDone(session, invocation, { resource, name, object, operation: 'condition met' })
}
