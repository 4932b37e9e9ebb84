// Upstream: pkg/scheduler/framework/plugins/noderesources/fit.go.
import type { PodSpec } from '../../../api/core.ts'
import type { Reason } from '../../trace.ts'
import { type FilterPlugin, nodeRef, type PodInfo, podRef } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'

/** One resource that does not fit. `unresolvable`: the request alone is more than the Node has. */
export interface InsufficientResource {
  readonly name: string
  readonly reason: string
  readonly unresolvable: boolean
  readonly requested: number
  readonly used: number
  readonly allocatable: number
}

/** Whether the Pod's requests fit into what the Pods there leave of the Node's allocatable. */
export const nodeResourcesFit: FilterPlugin = {
  name: 'NodeResourcesFit',
  concerns: () => true,
  filter({ pod }, node) {
    if (fits(pod, node)) return undefined
    const missing = insufficientResources(pod, node)
    return {
      plugin: 'NodeResourcesFit',
      unresolvable: missing.some((resource) => resource.unresolvable),
      reasons: missing.map(({ reason }) => reason),
      because: missing.map((resource) => reasonOf(pod, node, resource)),
    }
  },
}

/** The same test as insufficientResources without saying what is missing: most Pods fit, and nothing is made for them. */
export function fits({ requests }: PodInfo, { requested, allocatable, pods, allowedPods }: NodeInfo): boolean {
  if (pods.size + 1 > allowedPods) return false
  if (requests.cpuMillis > 0 && requests.cpuMillis > allocatable.cpuMillis - requested.cpuMillis) return false
  if (requests.memoryBytes > 0 && requests.memoryBytes > allocatable.memoryBytes - requested.memoryBytes) return false
  if (requests.ephemeralBytes > 0 && requests.ephemeralBytes > allocatable.ephemeralBytes - requested.ephemeralBytes)
    return false
  for (const [name, amount] of requests.scalars) {
    if (amount > 0 && amount > (allocatable.scalars.get(name) ?? 0) - (requested.scalars?.get(name) ?? 0)) return false
  }
  return true
}

/** Everything that does not fit, in upstream's order: pods, cpu, memory, ephemeral-storage, then the others by name. */
export function insufficientResources(
  { requests }: PodInfo,
  { requested, allocatable, pods, allowedPods }: NodeInfo,
): readonly InsufficientResource[] {
  const missing: InsufficientResource[] = []
  if (pods.size + 1 > allowedPods) {
    missing.push({
      name: 'pods',
      reason: 'Too many pods',
      unresolvable: false,
      requested: 1,
      used: pods.size,
      allocatable: allowedPods,
    })
  }
  const check = (name: string, wanted: number, used: number, total: number) => {
    if (wanted <= 0 || wanted <= total - used) return
    missing.push({
      name,
      reason: `Insufficient ${name}`,
      unresolvable: wanted > total,
      requested: wanted,
      used,
      allocatable: total,
    })
  }
  check('cpu', requests.cpuMillis, requested.cpuMillis, allocatable.cpuMillis)
  check('memory', requests.memoryBytes, requested.memoryBytes, allocatable.memoryBytes)
  check('ephemeral-storage', requests.ephemeralBytes, requested.ephemeralBytes, allocatable.ephemeralBytes)
  for (const name of [...requests.scalars.keys()].sort()) {
    check(name, requests.scalars.get(name)!, requested.scalars?.get(name) ?? 0, allocatable.scalars.get(name) ?? 0)
  }
  return missing
}

const CODES: Readonly<Record<string, string>> = {
  pods: 'TooManyPods',
  cpu: 'InsufficientCPU',
  memory: 'InsufficientMemory',
}

function reasonOf(
  pod: PodInfo,
  node: NodeInfo,
  { name, reason, requested, used, allocatable }: InsufficientResource,
): Reason {
  const params = { node: node.name, resource: name, requested, used, allocatable }
  const code = CODES[name] ?? 'InsufficientResource'
  if (name === 'pods')
    return { code, object: nodeRef(node.name), path: 'status.allocatable[pods]', kubernetes: reason, params }
  return { code, object: podRef(pod.pod), path: requestPath(pod.pod.spec, name), kubernetes: reason, params }
}

/** The first container that asks for the resource; limits count as requests where no request is written. */
function requestPath(spec: PodSpec, name: string): string {
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list] ?? []
    const i = containers.findIndex((container) => container.resources?.requests?.[name] !== undefined)
    if (i >= 0) return `spec.${list}[${i}].resources.requests[${name}]`
  }
  return spec.resources?.requests?.[name] === undefined ? `spec.overhead[${name}]` : `spec.resources.requests[${name}]`
}
