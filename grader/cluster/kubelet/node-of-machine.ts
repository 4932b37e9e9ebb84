// The Node object that a machine's kubelet registers.
import type { Node, Taint, TaintEffect } from '../../api/core.ts'
import type { ForCreate } from '../../api/meta.ts'
import type { Machine } from '../cluster-config.ts'

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
