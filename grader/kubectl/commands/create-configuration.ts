/** kubectl create configmap, secret generic, namespace, serviceaccount, quota, priorityclass, pdb. Upstream: k8s.io/kubectl/pkg/cmd/create. */

import { encodeBase64 } from '../../api/base64.ts'
import type { JsonObject } from '../../api/meta.ts'
import {
  configMaps,
  namespaces,
  podDisruptionBudgets,
  priorityClasses,
  type Resource,
  resourceQuotas,
  secrets,
  serviceAccounts,
} from '../../api/resource-table.ts'
import { parseSelector } from '../../api/selector-parser.ts'
import type { Invocation, Session } from '../command.ts'
import { fail, failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { type Generator, metadata } from './generator.ts'

const FROM_FLAGS = [
  flag('append-hash', 'bool', 'Append a hash of the object to its name.'),
  flag('from-env-file', 'list', 'Specify the path to a file to read lines of key=val pairs to create an object.'),
  flag(
    'from-file',
    'list',
    'Key file can be specified using its file path, in which case file basename will be used as the key, or optionally with a key and file path.',
  ),
  flag('from-literal', 'array', 'Specify a key and literal value to insert (i.e. mykey=somevalue)'),
]

export const createConfigMap: Generator = {
  name: 'configmap',
  aliases: ['cm'],
  summary: 'Create a config map from a local file, directory or literal value',
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags: FROM_FLAGS,
  resource: configMaps as Resource,
  refusal: 'failed to create configmap:',
  make(session, invocation, name) {
    const data = dataFrom(session, invocation)
    return {
      apiVersion: 'v1',
      ...(Object.keys(data).length === 0 ? {} : { data }),
      kind: 'ConfigMap',
      metadata: metadata(name),
    }
  },
}

export const createSecretGeneric: Generator = {
  name: 'generic',
  summary: 'Create a secret from a local file, directory, or literal value',
  usage: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags: [...FROM_FLAGS, flag('type', 'string', 'The type of secret to create')],
  resource: secrets as Resource,
  refusal: 'failed to create secret',
  make(session, invocation, name) {
    const data = Object.fromEntries(Object.entries(dataFrom(session, invocation)).map(([k, v]) => [k, encodeBase64(v)]))
    const type = invocation.flags.string('type')
    return {
      apiVersion: 'v1',
      ...(Object.keys(data).length === 0 ? {} : { data }),
      kind: 'Secret',
      metadata: metadata(name),
      ...(type === '' ? {} : { type }),
    }
  },
}

function dataFrom(session: Session, { flags }: Invocation): Readonly<Record<string, string>> {
  const data: Record<string, string> = {}
  const put = (key: string, value: string): void => {
    if (!/^[-._a-zA-Z0-9]+$/.test(key))
      fail(
        `${JSON.stringify(key)} is not a valid key name: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      )
    if (Object.hasOwn(data, key))
      fail(`cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ""`)
    data[key] = value
  }
  if (
    flags.list('from-env-file').length > 0 &&
    (flags.list('from-file').length > 0 || flags.list('from-literal').length > 0)
  ) {
    fail('from-env-file cannot be combined with from-file or from-literal')
  }
  for (const source of flags.list('from-file')) readSource(session, source, put)
  for (const literal of flags.list('from-literal')) {
    const equals = literal.indexOf('=')
    if (equals < 0) fail(`invalid literal source ${literal}, expected key=value`)
    put(literal.slice(0, equals), literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2'))
  }
  for (const name of flags.list('from-env-file')) {
    const text = session.files.read(name) ?? fail(`error reading ${name}: no such file or directory`)
    for (const line of text.split('\n')) {
      const bare = line.trimStart()
      if (bare === '' || bare.startsWith('#')) continue
      const equals = bare.indexOf('=')
      put(equals < 0 ? bare : bare.slice(0, equals), equals < 0 ? '' : bare.slice(equals + 1))
    }
  }
  return data
}

function readSource(session: Session, source: string, put: (key: string, value: string) => void): void {
  const equals = source.indexOf('=')
  const path = equals < 0 ? source : source.slice(equals + 1)
  const text = session.files.read(path)
  if (text !== undefined) {
    put(equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, equals), text)
    return
  }
  const inside = session.files.below(path)
  if (inside === undefined) {
    fail(`error reading ${path}: no such file or directory`)
    return
  }
  if (equals >= 0) fail(`cannot give a key name for a directory path`)
  const folder = path.endsWith('/') ? path : `${path}/`
  for (const file of inside)
    if (!file.slice(folder.length).includes('/')) put(file.slice(folder.length), session.files.read(file) ?? '')
}

export const createNamespace: Generator = {
  name: 'namespace',
  aliases: ['ns'],
  summary: 'Create a namespace with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  resource: namespaces as Resource,
  make: (_session, _invocation, name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadata(name),
    spec: {},
    status: {},
  }),
}

export const createServiceAccount: Generator = {
  name: 'serviceaccount',
  aliases: ['sa'],
  summary: 'Create a service account with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  resource: serviceAccounts as Resource,
  refusal: 'failed to create serviceaccount:',
  make: (_session, _invocation, name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(name) }),
}

export const createQuota: Generator = {
  name: 'quota',
  aliases: ['resourcequota'],
  summary: 'Create a quota with the specified name',
  usage: 'NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  flags: [
    flag('hard', 'string', 'A comma-delimited set of resource=quantity pairs that define a hard limit.'),
    flag(
      'scopes',
      'string',
      'A comma-delimited set of quota scopes that must all match each object tracked by the quota.',
    ),
  ],
  resource: resourceQuotas as Resource,
  refusal: 'failed to create quota:',
  make(_session, { flags }, name) {
    const hard = resourceListOf(flags.string('hard'))
    const scopes = flags.string('scopes') === '' ? [] : flags.string('scopes').split(',')
    const spec: JsonObject = {
      ...(Object.keys(hard).length === 0 ? {} : { hard }),
      ...(scopes.length === 0 ? {} : { scopes }),
    }
    return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadata(name), spec, status: {} }
  },
}

/** `cpu=1,memory=1Gi`. Upstream: populateResourceListV1. */
export function resourceListOf(text: string): Readonly<Record<string, string>> {
  if (text === '') return {}
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const parts = pair.split('=')
      if (parts.length !== 2) return fail(`Invalid argument syntax ${pair}, expected <resource>=<value>`)
      return [parts[0]!, parts[1]!] as const
    }),
  )
}

export const createPriorityClass: Generator = {
  name: 'priorityclass',
  aliases: ['pc'],
  summary: 'Create a priority class with the specified name',
  usage: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  flags: [
    flag(
      'description',
      'string',
      'description is an arbitrary string that usually provides guidelines on when this priority class should be used.',
    ),
    flag(
      'global-default',
      'bool',
      'global-default specifies whether this PriorityClass should be considered as the default priority.',
    ),
    flag('preemption-policy', 'string', 'preemption-policy is the policy for preempting pods with lower priority.', {
      default: 'PreemptLowerPriority',
    }),
    flag('value', 'int32', 'the value of this priority class.'),
  ],
  resource: priorityClasses as Resource,
  refusal: 'failed to create priorityclass:',
  make(_session, { flags }, name) {
    const [description, isDefault] = [flags.string('description'), flags.bool('global-default')]
    return {
      apiVersion: 'scheduling.k8s.io/v1',
      ...(description === '' ? {} : { description }),
      ...(isDefault ? { globalDefault: true } : {}),
      kind: 'PriorityClass',
      metadata: metadata(name),
      preemptionPolicy: flags.string('preemption-policy'),
      value: flags.number('value'),
    }
  },
}

export const createBudget: Generator = {
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  summary: 'Create a pod disruption budget with the specified name',
  usage: 'NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  flags: [
    flag('max-unavailable', 'string', 'The maximum number or percentage of unavailable pods this budget requires.'),
    flag('min-available', 'string', 'The minimum number or percentage of available pods this budget requires.'),
    flag(
      'selector',
      'string',
      'A label selector to use for this budget. Only equality-based selector requirements are supported.',
    ),
  ],
  resource: podDisruptionBudgets as Resource,
  refusal: 'failed to create poddisruptionbudgets:',
  make(_session, { flags, path }, name) {
    const [min, max, selector] = [
      flags.string('min-available'),
      flags.string('max-unavailable'),
      flags.string('selector'),
    ]
    if (selector === '') fail('a selector must be specified')
    if (min === '' && max === '') failUsage(path, 'one of min-available or max-unavailable must be specified')
    if (min !== '' && max !== '') fail('min-available and max-unavailable cannot be both specified')
    const parsed = parseSelector(selector)
    if (!parsed.ok) return fail(parsed.error)
    const matchLabels = Object.fromEntries(parsed.value.requirements.map((r) => [r.key, r.values[0] ?? '']))
    const amount = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)
    return {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(name),
      spec: {
        ...(min === '' ? { maxUnavailable: amount(max) } : { minAvailable: amount(min) }),
        selector: { matchLabels },
      },
      status: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
    }
  },
}
