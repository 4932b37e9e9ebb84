/** kubectl set resources, env, serviceaccount, selector. Upstream: k8s.io/kubectl/pkg/cmd/set/set_{resources,env,serviceaccount,selector}.go. */
import type { Json, JsonObject } from '../../api/meta.ts'
import { parseQuantity } from '../../api/quantity.ts'
import { configMaps, secrets } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { fail, failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { isObject } from '../manifest-input.ts'
import { templatePathOf, valueAt, withPodSpec } from '../pod-template.ts'
import { kindNameOf } from '../resource-argument.ts'
import { select, type Target } from '../selection.ts'
import { resourceListOf } from './create-configuration.ts'
import { changeAll, requireResources, SET_FLAGS, withContainers } from './set.ts'

const CONTAINERS = flag('containers', 'string', 'The names of containers in the selected pod templates to change', {
  short: 'c',
  default: '*',
})

/** `*` and `web*` stand for any end of a name. */
function nameMatches(name: unknown, pattern: string): boolean {
  if (pattern === '*') return true
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(String(name))
}

export const setResources: Command = {
  name: 'resources',
  summary: 'Update resource requests/limits on objects with pod templates',
  usage: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  flags: [
    ...SET_FLAGS,
    CONTAINERS,
    flag(
      'limits',
      'string',
      "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.",
    ),
    flag(
      'requests',
      'string',
      "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.",
    ),
  ],
  run(session, invocation) {
    const { args, flags, path } = invocation
    requireResources(invocation, args)
    if (flags.string('limits') === '' && flags.string('requests') === '') {
      failUsage(path, 'you must specify an update to requests or limits (in the form of --requests/--limits)')
    }
    const limits = checkedList(flags.string('limits'))
    const requests = checkedList(flags.string('requests'))
    const pattern = flags.string('containers')
    changeAll(session, invocation, {
      resources: args,
      operation: 'resource requirements updated',
      noun: 'resources update to pod template',
      change: (target, problem) =>
        withPodSpec(target, (spec) => {
          let found = false
          const next = withContainers(spec, 'containers', (container) => {
            if (!nameMatches(container.name, pattern)) return container
            found = true
            return { ...container, resources: mergedResources(container.resources, { limits, requests }) }
          })
          if (!found) problem(`unable to find container named ${pattern}`)
          return next
        }),
    })
  },
}

type List = Readonly<Record<string, string>>

function checkedList(text: string): List {
  const list = resourceListOf(text)
  for (const value of Object.values(list)) {
    if (!parseQuantity(value).ok)
      fail("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
  }
  return list
}

function mergedResources(
  old: Json | undefined,
  { limits, requests }: { readonly limits: List; readonly requests: List },
): JsonObject {
  const before = isObject(old) ? old : {}
  const merge = (name: 'limits' | 'requests', list: List): JsonObject =>
    Object.keys(list).length === 0 ? {} : { [name]: { ...(isObject(before[name]) ? before[name] : {}), ...list } }
  return { ...before, ...merge('limits', limits), ...merge('requests', requests) }
}

export const setEnv: Command = {
  name: 'env',
  summary: 'Update environment variables on a pod template',
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags: [
    ...SET_FLAGS,
    CONTAINERS,
    flag('env', 'array', 'Specify a key-value pair for an environment variable to set into each container.', {
      short: 'e',
    }),
    flag('from', 'string', 'The name of a resource from which to inject environment variables'),
    flag('keys', 'list', 'Comma-separated list of keys to import from specified resource'),
    flag('list', 'bool', 'If true, display the environment and any changes in the standard format.'),
    flag(
      'overwrite',
      'bool',
      'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
      { default: 'true' },
    ),
    flag('prefix', 'string', 'Prefix to append to variable names'),
    flag('resolve', 'bool', 'If true, show secret or configmap references when listing variables'),
  ],
  run: runSetEnv,
}

function runSetEnv(session: Session, invocation: Invocation): void {
  const { args, flags } = invocation
  const isPair = (arg: string): boolean => arg.includes('=') || (arg.endsWith('-') && arg !== '-')
  const resources = args.filter((arg) => !isPair(arg))
  const pairs = [...args.filter(isPair), ...flags.list('env')]
  requireResources(invocation, resources)
  const set: JsonObject[] = [...fromResource(session, invocation), ...pairs.filter((p) => p.includes('=')).map(envOf)]
  const remove = pairs.filter((p) => !p.includes('=')).map((p) => p.slice(0, -1))
  if (flags.bool('list')) {
    listEnv(session, resources)
    return
  }
  const clash = set.find((variable) => remove.includes(String(variable.name)))
  if (clash !== undefined) fail('can not both modify and remove an environment variable in the same command')
  const pattern = flags.string('containers')
  changeAll(session, invocation, {
    resources,
    operation: 'env updated',
    noun: 'env update to pod template',
    change: (target) =>
      withPodSpec(target, (spec) =>
        ['initContainers', 'containers'].reduce(
          (next, list) =>
            withContainers(next, list, (c) =>
              nameMatches(c.name, pattern) ? { ...c, ...changedEnv(c.env, set, remove) } : c,
            ),
          spec,
        ),
      ),
  })
}

function envOf(pair: string): JsonObject {
  const equals = pair.indexOf('=')
  const name = pair.slice(0, equals)
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
    fail(
      `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
    )
  return { name, value: pair.slice(equals + 1) }
}

function changedEnv(old: Json | undefined, set: readonly JsonObject[], remove: readonly string[]): JsonObject {
  const before = Array.isArray(old) ? (old as readonly Json[]).filter(isObject) : []
  const next = new Map(before.map((variable) => [String(variable.name), variable]))
  for (const variable of set) next.set(String(variable.name), variable)
  for (const name of remove) next.delete(name)
  return next.size === 0 && old === undefined ? {} : { env: [...next.values()] }
}

function fromResource(session: Session, { flags }: Invocation): readonly JsonObject[] {
  const from = flags.string('from')
  if (from === '') return []
  const [type = '', name = ''] = from.split('/')
  const isSecret = ['secret', 'secrets'].includes(type)
  if (!isSecret && !['configmap', 'configmaps', 'cm'].includes(type)) fail(`unsupported resource specified in --from`)
  const found = session.expect(
    session.client.get(isSecret ? secrets : configMaps, { namespace: session.namespace, name }),
  )
  const keys = Object.keys((found as { readonly data?: JsonObject }).data ?? {}).sort()
  const wanted = flags.list('keys')
  return keys
    .filter((key) => wanted.length === 0 || wanted.includes(key))
    .map((key) => ({
      name: flags.string('prefix') + key.toUpperCase().replace(/[^A-Z0-9_]/g, '_'),
      valueFrom: { [isSecret ? 'secretKeyRef' : 'configMapKeyRef']: { key, name } },
    }))
}

function listEnv(session: Session, resources: readonly string[]): void {
  const selected = select(session, { args: resources, fetch: true })
  for (const target of selected.targets) {
    const containers = valueAt(target.object, [...(templatePathOf(target) ?? []), 'spec', 'containers'])
    for (const container of Array.isArray(containers) ? (containers as readonly Json[]).filter(isObject) : []) {
      session.out(`# ${kindNameOf(target.resource).split('.')[0]}s/${target.name}, container ${container.name}\n`)
      for (const variable of Array.isArray(container.env) ? (container.env as readonly Json[]).filter(isObject) : [])
        session.out(formatVariable(variable))
    }
  }
}

function formatVariable({ name, value, valueFrom }: JsonObject): string {
  if (!isObject(valueFrom)) return `${name}=${value ?? ''}\n`
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom
  if (isObject(configMapKeyRef)) return `# ${name} from configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}\n`
  if (isObject(secretKeyRef)) return `# ${name} from secret ${secretKeyRef.name}, key ${secretKeyRef.key}\n`
  if (isObject(fieldRef)) return `# ${name} from field path ${fieldRef.fieldPath}\n`
  return `# ${name} from resource field ${isObject(resourceFieldRef) ? resourceFieldRef.resource : ''}\n`
}

export const setServiceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Update the service account of a resource',
  usage: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags: SET_FLAGS,
  run(session, invocation) {
    const { args, flags } = invocation
    const account = args.at(-1)
    if (account === undefined) return fail('serviceaccount is required')
    const resources = args.slice(0, -1)
    if (resources.length === 0 && flags.list('filename').length === 0) fail('resource(s) to update must be specified')
    changeAll(session, invocation, {
      resources,
      operation: 'serviceaccount updated',
      noun: 'ServiceAccountName',
      change: (target) => withPodSpec(target, (spec) => ({ ...spec, serviceAccountName: account })),
    })
  },
}

export const setSelector: Command = {
  name: 'selector',
  summary: 'Set the selector on a resource',
  usage: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  flags: [
    ...SET_FLAGS,
    flag(
      'resource-version',
      'string',
      'If non-empty, the selectors update will only succeed if this is the current resource-version for the object.',
    ),
  ],
  run(session, invocation) {
    const expression = invocation.args.at(-1) ?? ''
    const resources = invocation.args.slice(0, -1)
    requireResources(invocation, resources)
    const matchLabels = Object.fromEntries(
      expression
        .split(',')
        .map((pair) =>
          pair.includes('=')
            ? [pair.split('=')[0]!, pair.split('=')[1] ?? '']
            : fail('at least one selector is required'),
        ),
    )
    changeAll(session, invocation, {
      resources,
      operation: 'selector updated',
      noun: 'selector',
      change: (target: Target) => {
        const spec = isObject(target.object.spec) ? target.object.spec : {}
        return {
          ...target.object,
          spec: { ...spec, selector: target.resource.kind === 'Service' ? matchLabels : { matchLabels } },
        }
      },
    })
  },
}
