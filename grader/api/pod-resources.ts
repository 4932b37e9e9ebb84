/**
 * What a Pod asks of a Node: requests, and the ports it takes on the host. Exact whole numbers: cpu in thousandths,
 * everything else in whole units. Upstream: k8s.io/component-helpers/resource/helpers.go (PodRequests).
 */
import type { Container, ContainerPort, PodSpec, ResourceList } from './core.ts'
import { milliValueOfQuantity, quantity, valueOfQuantity } from './quantity.ts'

export interface ResourceAmounts {
  readonly cpuMillis: number
  readonly memoryBytes: number
  readonly ephemeralBytes: number
  /** Everything else by name (`nvidia.com/gpu`, `hugepages-2Mi`); in order of first mention. */
  readonly scalars: ReadonlyMap<string, number>
}

interface Sum {
  cpuMillis: number
  memoryBytes: number
  ephemeralBytes: number
  scalars: Map<string, number>
}

const NO_SCALARS: ReadonlyMap<string, number> = new Map()
export const NO_AMOUNTS: ResourceAmounts = { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, scalars: NO_SCALARS }

const listMemo = new WeakMap<ResourceList, ResourceAmounts>()

/** A ResourceList as amounts; `pods` is left out (see podCapacity). Remembered by identity. */
export function amountsOf(list: ResourceList | undefined): ResourceAmounts {
  if (list === undefined) return NO_AMOUNTS
  const known = listMemo.get(list)
  if (known !== undefined) return known
  const scalars = new Map<string, number>()
  for (const name in list) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name === 'pods') continue
    scalars.set(name, valueOfQuantity(quantity(list[name])))
  }
  const amounts: ResourceAmounts = {
    cpuMillis: milliValueOfQuantity(quantity(list.cpu)),
    memoryBytes: valueOfQuantity(quantity(list.memory)),
    ephemeralBytes: valueOfQuantity(quantity(list['ephemeral-storage'])),
    scalars: scalars.size === 0 ? NO_SCALARS : scalars,
  }
  listMemo.set(list, amounts)
  return amounts
}

/** How many Pods a Node takes. */
export function podCapacity(allocatable: ResourceList | undefined): number {
  return valueOfQuantity(quantity(allocatable?.pods))
}

export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

interface MemoEntry {
  readonly init: PodSpec['initContainers']
  readonly overhead: PodSpec['overhead']
  readonly resources: PodSpec['resources']
  readonly amounts: ResourceAmounts
}
const requestMemo = new WeakMap<readonly Container[], MemoEntry>()

/** The effective request of a Pod. Pods of one template share their containers, so this is worked out once for all of them. */
export function podRequests(spec: PodSpec): ResourceAmounts {
  const known = requestMemo.get(spec.containers)
  if (
    known !== undefined &&
    known.init === spec.initContainers &&
    known.overhead === spec.overhead &&
    known.resources === spec.resources
  ) {
    return known.amounts
  }
  const amounts = countRequests(spec, (container) => amountsOf(container.resources?.requests))
  requestMemo.set(spec.containers, {
    init: spec.initContainers,
    overhead: spec.overhead,
    resources: spec.resources,
    amounts,
  })
  return amounts
}

interface StandIns {
  readonly cpuMillis: number
  readonly memoryBytes: number
}
const standInMemo = new WeakMap<
  readonly Container[],
  { readonly init: PodSpec['initContainers']; readonly standIns: StandIns; readonly amounts: ResourceAmounts }
>()

/** The effective request where each container without a request of its own asks for the stand-in. Upstream: NonMissingContainerRequests. */
export function podRequestsOrElse(spec: PodSpec, standIns: StandIns): ResourceAmounts {
  const known = standInMemo.get(spec.containers)
  if (known !== undefined && known.init === spec.initContainers && known.standIns === standIns) return known.amounts
  const amounts = countRequests(spec, ({ resources }) => {
    const own = amountsOf(resources?.requests)
    if (resources?.requests?.cpu !== undefined && resources.requests.memory !== undefined) return own
    return {
      ...own,
      cpuMillis: resources?.requests?.cpu === undefined ? standIns.cpuMillis : own.cpuMillis,
      memoryBytes: resources?.requests?.memory === undefined ? standIns.memoryBytes : own.memoryBytes,
    }
  })
  standInMemo.set(spec.containers, { init: spec.initContainers, standIns, amounts })
  return amounts
}

/** The effective limits of a Pod, by the same rule; a container without a limit counts as none. */
export function podLimits(spec: PodSpec): ResourceAmounts {
  return countRequests(spec, (container) => amountsOf(container.resources?.limits), 'limits')
}

function countRequests(
  spec: PodSpec,
  of: (container: Container) => ResourceAmounts,
  side: 'requests' | 'limits' = 'requests',
): ResourceAmounts {
  const sum = emptySum()
  for (const container of spec.containers) add(sum, of(container))
  // Sidecars run beside everything; an ordinary init container runs beside the sidecars before it.
  const sidecars = emptySum()
  const peak = emptySum()
  for (const container of spec.initContainers ?? []) {
    const own = of(container)
    if (isSidecar(container)) {
      add(sum, own)
      add(sidecars, own)
      raise(peak, sidecars)
    } else {
      const together = emptySum()
      add(together, sidecars)
      add(together, own)
      raise(peak, together)
    }
  }
  raise(sum, peak)
  replaceByPodLevel(sum, spec.resources?.[side])
  add(sum, amountsOf(spec.overhead))
  return sum.scalars.size === 0 ? { ...sum, scalars: NO_SCALARS } : sum
}

/** Pod-level resources stand for cpu, memory and hugepages of the whole Pod (v1.34+). */
function replaceByPodLevel(sum: Sum, podLevel: ResourceList | undefined): void {
  if (podLevel === undefined) return
  const own = amountsOf(podLevel)
  if (podLevel.cpu !== undefined) sum.cpuMillis = own.cpuMillis
  if (podLevel.memory !== undefined) sum.memoryBytes = own.memoryBytes
  for (const [name, amount] of own.scalars) if (name.startsWith('hugepages-')) sum.scalars.set(name, amount)
}

const emptySum = (): Sum => ({ cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, scalars: new Map() })

function add(sum: Sum, amounts: ResourceAmounts): void {
  sum.cpuMillis += amounts.cpuMillis
  sum.memoryBytes += amounts.memoryBytes
  sum.ephemeralBytes += amounts.ephemeralBytes
  for (const [name, amount] of amounts.scalars) sum.scalars.set(name, (sum.scalars.get(name) ?? 0) + amount)
}

function raise(sum: Sum, amounts: ResourceAmounts): void {
  sum.cpuMillis = Math.max(sum.cpuMillis, amounts.cpuMillis)
  sum.memoryBytes = Math.max(sum.memoryBytes, amounts.memoryBytes)
  sum.ephemeralBytes = Math.max(sum.ephemeralBytes, amounts.ephemeralBytes)
  for (const [name, amount] of amounts.scalars) sum.scalars.set(name, Math.max(sum.scalars.get(name) ?? 0, amount))
}

/** A port of the host that a container takes, with the field that says so. */
export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
  /** `spec.containers[0].ports[1].hostPort` */
  readonly path: string
}

const portMemo = new WeakMap<
  readonly Container[],
  { readonly init: PodSpec['initContainers']; readonly ports: readonly HostPort[] }
>()

/** Host ports of containers and sidecars, in order. Upstream: pkg/scheduler/util/utils.go (GetHostPorts). */
export function hostPortsOf(spec: PodSpec): readonly HostPort[] {
  const known = portMemo.get(spec.containers)
  if (known !== undefined && known.init === spec.initContainers) return known.ports
  const ports: HostPort[] = []
  const collect = (list: string, containers: readonly Container[]) => {
    containers.forEach((container, i) => {
      if (list === 'initContainers' && !isSidecar(container)) return
      container.ports?.forEach((port, j) => {
        if ((port.hostPort ?? 0) > 0) ports.push(hostPortOf(port, `spec.${list}[${i}].ports[${j}].hostPort`))
      })
    })
  }
  collect('containers', spec.containers)
  collect('initContainers', spec.initContainers ?? [])
  portMemo.set(spec.containers, { init: spec.initContainers, ports })
  return ports
}

function hostPortOf(port: ContainerPort, path: string): HostPort {
  const ip = port.hostIP === undefined || port.hostIP === '' ? '0.0.0.0' : port.hostIP
  const protocol = port.protocol === undefined || port.protocol === '' ? 'TCP' : port.protocol
  return { ip, protocol, port: port.hostPort!, path }
}

/** Whether two Pods cannot have both ports: same protocol and number, and one address is the other's or every address. */
export function hostPortsConflict(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0')
}
