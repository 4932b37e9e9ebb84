/**
 * What a Pod asks for, as quantities that keep their notation (`200Mi`): describe node prints them.
 * Upstream: k8s.io/kubectl/pkg/util/resource/resource.go (PodRequestsAndLimits).
 */
import type { Container, Pod, ResourceList } from '../../api/core.ts'
import { addQuantities, compareQuantities, type Quantity, quantity, ZERO_QUANTITY } from '../../api/quantity.ts'

export type Amounts = ReadonlyMap<string, Quantity>
type MutableAmounts = Map<string, Quantity>

export const podRequests = (pod: Pod): Amounts => podAmounts(pod, (container) => container.resources?.requests)
export const podLimits = (pod: Pod): Amounts => podAmounts(pod, (container) => container.resources?.limits)

function podAmounts({ spec }: Pod, listOf: (container: Container) => ResourceList | undefined): Amounts {
  const sum: MutableAmounts = new Map()
  for (const container of spec.containers) addList(sum, listOf(container))
  const sidecars: MutableAmounts = new Map()
  const peak: MutableAmounts = new Map()
  for (const container of spec.initContainers ?? []) {
    const moment: MutableAmounts = new Map(sidecars)
    addList(moment, listOf(container))
    if (container.restartPolicy === 'Always') {
      addList(sum, listOf(container))
      addList(sidecars, listOf(container))
    }
    for (const [name, amount] of moment) raise(peak, name, amount)
  }
  for (const [name, amount] of peak) raise(sum, name, amount)
  addList(sum, spec.overhead)
  return sum
}

function addList(sum: MutableAmounts, list: ResourceList | undefined): void {
  for (const name in list) sum.set(name, addQuantities(sum.get(name) ?? ZERO_QUANTITY, quantity(list[name])))
}

function raise(into: MutableAmounts, name: string, amount: Quantity): void {
  const known = into.get(name)
  if (known === undefined || compareQuantities(known, amount) < 0) into.set(name, amount)
}

/** The sum of many. */
export function totalOf(all: readonly Amounts[]): Amounts {
  const sum: MutableAmounts = new Map()
  for (const amounts of all)
    for (const [name, amount] of amounts) sum.set(name, addQuantities(sum.get(name) ?? ZERO_QUANTITY, amount))
  return sum
}
