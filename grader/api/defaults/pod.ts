// Defaults that only a Pod gets, never a template. Upstream: SetDefaults_Pod of pkg/apis/core/v1/defaults.go.
import { aggregateContainerLimits, aggregateContainerRequests } from '../aggregate-resources.ts'
import type { Container, Pod, PodSpec, ResourceList } from '../core.ts'
import { formatQuantity } from '../quantity.ts'
import { fill, mapShared, put, remembered } from './fill.ts'
import { defaultPodSpec } from './pod-spec.ts'

/** The Pod with its defaults; itself if it has them all. */
export function defaultPod(pod: Pod): Pod {
  return put(pod, 'spec', defaultOnlyPod(defaultPodSpec(pod.spec)))
}

function defaultOnlyPod(given: PodSpec): PodSpec {
  let spec = given
  for (const field of ['containers', 'initContainers'] as const) {
    const list = spec[field]
    if (list === undefined) continue
    const withRequests = requestsFromLimits(list)
    spec = put(spec, field, spec.hostNetwork === true ? hostPortsFromPorts(withRequests) : withRequests)
  }
  if (spec.resources !== undefined) spec = defaultPodLevelResources(spec)
  return fill(spec, { enableServiceLinks: true })
}

/** A container that says how much it may take, but not how much it needs, needs as much. */
const requestsFromLimits = remembered((list: readonly Container[]) =>
  mapShared(list, (container) => {
    const { limits, requests } = container.resources ?? {}
    if (limits === undefined || Object.keys(limits).every((name) => requests?.[name] !== undefined)) return container
    return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
  }),
)

/** On the host's network every port is a port of the host. */
const hostPortsFromPorts = remembered((list: readonly Container[]) =>
  mapShared(list, (container) => {
    if (container.ports === undefined) return container
    return put(
      container,
      'ports',
      mapShared(container.ports, (port) =>
        (port.hostPort ?? 0) === 0 && (port.containerPort ?? 0) !== 0
          ? { ...port, hostPort: port.containerPort }
          : port,
      ),
    )
  }),
)

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

// Upstream: defaultHugePagePodLimits and defaultPodRequests.
function defaultPodLevelResources(spec: PodSpec): PodSpec {
  const { limits = {}, requests = {} } = spec.resources ?? {}
  if (Object.keys(limits).length + Object.keys(requests).length === 0) return spec
  const newLimits: Record<string, string> = { ...limits }
  for (const [name, amount] of Object.entries(aggregateContainerLimits(spec))) {
    if (name.startsWith('hugepages-') && requests[name] === undefined) newLimits[name] ??= formatQuantity(amount)
  }
  if (Object.keys(newLimits).length === 0) return spec
  const newRequests: Record<string, string> = { ...requests }
  for (const [name, amount] of Object.entries(aggregateContainerRequests(spec))) {
    if (isPodLevel(name) && !name.startsWith('hugepages-')) newRequests[name] ??= formatQuantity(amount)
  }
  for (const name of Object.keys(newLimits)) if (isPodLevel(name)) newRequests[name] ??= newLimits[name]!
  const resources = {
    ...spec.resources,
    limits: newLimits as ResourceList,
    ...(Object.keys(newRequests).length === 0 ? {} : { requests: newRequests as ResourceList }),
  }
  return { ...spec, resources }
}
