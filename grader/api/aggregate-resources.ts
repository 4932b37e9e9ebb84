// Requests and limits of a whole Pod as exact quantities by resource name: what quotas, LimitRanges and pod-level
// resources count. Upstream: AggregateContainerRequests, PodRequests and PodLimits of k8s.io/component-helpers/resource.
import type { Container, PodSpec, ResourceList } from './core.ts'
import { addQuantities, compareQuantities, isZeroQuantity, type Quantity, quantity } from './quantity.ts'

export type QuantityMap = Readonly<Record<string, Quantity>>
type Side = 'requests' | 'limits'

/** The sums over the containers, where an init container counts with the sidecars started before it. */
export const aggregateContainerRequests = (spec: PodSpec): QuantityMap => aggregate(spec, 'requests')
export const aggregateContainerLimits = (spec: PodSpec): QuantityMap => aggregate(spec, 'limits')

/** The effective requests of a Pod: the sums, replaced by what the Pod itself says, and the overhead. */
export const totalPodRequests = (spec: PodSpec): QuantityMap => total(spec, 'requests')

/** The effective limits; overhead counts only where there is a limit, and it is not 0. */
export const totalPodLimits = (spec: PodSpec): QuantityMap => total(spec, 'limits')

function total(spec: PodSpec, side: Side): QuantityMap {
  const sum: Record<string, Quantity> = { ...aggregate(spec, side) }
  const own = spec.resources?.[side] ?? {}
  for (const name of Object.keys(own)) {
    if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) sum[name] = quantity(own[name])
  }
  for (const [name, amount] of Object.entries(spec.overhead ?? {})) {
    if (side === 'requests' || (sum[name] !== undefined && !isZeroQuantity(sum[name]))) add(sum, name, quantity(amount))
  }
  return sum
}

function aggregate(spec: PodSpec, side: Side): QuantityMap {
  const sum: Record<string, Quantity> = {}
  for (const container of spec.containers ?? []) addAll(sum, listOf(container, side))
  const sidecars: Record<string, Quantity> = {}
  const peak: Record<string, Quantity> = {}
  for (const container of spec.initContainers ?? []) {
    const own = listOf(container, side)
    if (container.restartPolicy === 'Always') {
      addAll(sum, own)
      addAll(sidecars, own)
      raise(peak, sidecars)
    } else {
      const together = { ...sidecars }
      addAll(together, own)
      raise(peak, together)
    }
  }
  raise(sum, peak)
  return sum
}

const listOf = (container: Container, side: Side): ResourceList => container.resources?.[side] ?? {}

function addAll(sum: Record<string, Quantity>, list: ResourceList): void {
  for (const name of Object.keys(list)) add(sum, name, quantity(list[name]))
}

function add(sum: Record<string, Quantity>, name: string, amount: Quantity): void {
  const present = sum[name]
  sum[name] = present === undefined ? amount : addQuantities(present, amount)
}

function raise(sum: Record<string, Quantity>, other: QuantityMap): void {
  for (const name of Object.keys(other)) {
    const present = sum[name]
    if (present === undefined || compareQuantities(other[name]!, present) > 0) sum[name] = other[name]!
  }
}
