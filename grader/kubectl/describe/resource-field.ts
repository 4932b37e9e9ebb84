/** The value of an environment variable that names a resource. Upstream: k8s.io/kubectl/pkg/util/resource (ExtractContainerResourceValue). */
import type { Container } from '../../api/core.ts'
import { milliValueOfQuantity, quantity, valueOfQuantity } from '../../api/quantity.ts'

interface ResourceFieldRef {
  readonly resource: string
  readonly divisor?: string
}

/** `1`, `67108864`, or `node allocatable` for a limit that is not set. */
export function resourceFieldValue({ resources }: Container, { resource, divisor }: ResourceFieldRef): string {
  const dot = resource.indexOf('.')
  const list = resource.slice(0, dot) === 'limits' ? resources?.limits : resources?.requests
  const amount = quantity(list?.[resource.slice(dot + 1)])
  const unit = divisor === undefined || divisor === '0' || divisor === '' ? '1' : divisor
  const milli = resource.endsWith('.cpu')
  const top = milli ? milliValueOfQuantity(amount) : valueOfQuantity(amount)
  const bottom = milli ? milliValueOfQuantity(quantity(unit)) : valueOfQuantity(quantity(unit))
  const value = String(bottom === 0 ? 0 : Math.ceil(top / bottom))
  return value === '0' && (resource === 'limits.cpu' || resource === 'limits.memory') ? 'node allocatable' : value
}
