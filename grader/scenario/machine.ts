// A machine as the formats write it, and the Node object it registers.
import type { Node, Taint, TaintEffect } from '../api/core.ts'
import type { ForCreate } from '../api/meta.ts'
import type { HostPathKind, Machine } from '../cluster/cluster-config.ts'

const KNOWN_FIELDS = new Set(['name', 'labels', 'taints', 'cpu', 'memory', 'pods', 'extended', 'unschedulable', 'disk'])
const HOST_PATH_KINDS: ReadonlySet<string> = new Set(['Directory', 'File', 'Socket', 'CharDevice', 'BlockDevice'])

/** A machine from its parsed YAML, or one sentence about what is wrong. Never throws. */
export function decodeMachine(value: unknown): Machine | { readonly error: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { error: 'a node is a map with at least a name' }
  const given = value as Record<string, unknown>
  const unknown = Object.keys(given).find((key) => !KNOWN_FIELDS.has(key))
  if (unknown !== undefined) return { error: `unknown field "${unknown}" of a node` }
  if (typeof given.name !== 'string' || given.name === '') return { error: 'a node needs a name' }
  const taints = given.taints ?? []
  if (!Array.isArray(taints)) return { error: 'taints are a list of key=value:Effect' }
  const badTaint = taints.find((taint) => typeof taint !== 'string' || parseTaint(taint) === undefined)
  if (badTaint !== undefined) return { error: `bad taint ${JSON.stringify(badTaint)}: expected key=value:Effect` }
  const disk = stringMap(given.disk)
  const badKind = Object.values(disk ?? {}).find((kind) => !HOST_PATH_KINDS.has(kind))
  if (badKind !== undefined) return { error: `bad disk entry "${badKind}": one of ${[...HOST_PATH_KINDS].join(', ')}` }
  return {
    name: given.name,
    ...optional('labels', stringMap(given.labels)),
    ...optional('taints', taints.length === 0 ? undefined : (taints as readonly string[])),
    ...optional('cpu', given.cpu as string | number | undefined),
    ...optional('memory', given.memory === undefined ? undefined : String(given.memory)),
    ...optional('pods', given.pods === undefined ? undefined : Number(given.pods)),
    ...optional('extended', stringMap(given.extended)),
    ...optional('unschedulable', given.unschedulable === true ? true : undefined),
    ...optional('disk', disk as Readonly<Record<string, HostPathKind>> | undefined),
  }
}

/** `w-{1..50}` is fifty machines alike; any other name is one. */
export function expandMachine(machine: Machine): readonly Machine[] {
  const range = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(machine.name)
  if (range === null) return [machine]
  const [, before = '', from = '1', to = '1', after = ''] = range
  const machines: Machine[] = []
  for (let i = Number(from); i <= Number(to) && machines.length < 100_000; i++)
    machines.push({ ...machine, name: `${before}${i}${after}` })
  return machines
}

/** `key=value:Effect` or `key:Effect`; undefined when it is neither. */
export function parseTaint(text: string): Taint | undefined {
  const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text)
  if (match === null) return undefined
  const [, key = '', value, effect] = match
  return { key, ...(value === undefined || value === '' ? {} : { value }), effect: effect as TaintEffect }
}

const nodesOf = new WeakMap<Machine, ForCreate<Node>>()

/** The Node as its kubelet registers it; the same one for the same machine. */
export function nodeOf(machine: Machine): ForCreate<Node> {
  const known = nodesOf.get(machine)
  if (known !== undefined) return known
  const node = registered(machine)
  nodesOf.set(machine, node)
  return node
}

function registered(machine: Machine): ForCreate<Node> {
  const resources = {
    cpu: String(machine.cpu ?? 4),
    memory: machine.memory ?? '8Gi',
    pods: String(machine.pods ?? 110),
    'ephemeral-storage': '100Gi',
    ...machine.extended,
  }
  const taints = (machine.taints ?? []).map((taint) => parseTaint(taint)!)
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: machine.name,
      labels: {
        'kubernetes.io/hostname': machine.name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        ...machine.labels,
      },
    },
    spec: {
      ...(taints.length === 0 ? {} : { taints }),
      ...(machine.unschedulable === true ? { unschedulable: true } : {}),
    },
    status: { capacity: resources, allocatable: resources },
  }
}

function stringMap(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item ?? '')]))
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
