// A machine as the formats write it.
import type { HostPathKind, Machine } from '../cluster/cluster-config.ts'
import { parseTaint } from '../cluster/kubelet/node-of-machine.ts'

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

function stringMap(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item ?? '')]))
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
