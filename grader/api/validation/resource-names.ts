// Names of resources and their amounts. Upstream: pkg/apis/core/helper/helpers.go and pkg/apis/core/validation.
import { type FieldError, invalid, notSupported } from '../field-error.ts'
import type { FieldPath } from '../field-path.ts'
import {
  formatQuantity,
  isWholeQuantity,
  parseQuantity,
  quantity,
  signOfQuantity,
  valueOfQuantity,
} from '../quantity.ts'
import { NONE } from './field-checks.ts'
import { isLabelKey } from './format.ts'

const COUNTED = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage']
const QUOTA = new Set([
  ...COUNTED,
  ...COMPUTE,
  ...COMPUTE.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
])
const STANDARD = new Set([...QUOTA, 'storage'])

export const isHugePagesName = (name: string): boolean => name.startsWith('hugepages-')
const isQuotaHugePagesName = (name: string): boolean => isHugePagesName(name) || name.startsWith('requests.hugepages-')

/** Names without a domain, or with one of kubernetes.io. Upstream: IsNativeResource. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** Names of devices and the like: a domain of their own. Upstream: IsExtendedResourceName. */
export function isExtendedResource(name: string): boolean {
  return !isNativeResource(name) && !name.startsWith('requests.') && isLabelKey(`requests.${name}`).length === 0
}

/** Whether more may be asked for than there is: not for devices and huge pages. Upstream: IsOvercommitAllowed. */
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePagesName(name)

const isIntegerResource = (name: string): boolean => COUNTED.includes(name) || isExtendedResource(name)

/** Upstream: validateResourceName. */
export function validateResourceName(name: string, path: FieldPath): readonly FieldError[] {
  const messages = isLabelKey(name)
  if (messages.length > 0) return messages.map((message) => invalid(path, name, message))
  const known = name.includes('/') || STANDARD.has(name) || isQuotaHugePagesName(name)
  return known ? NONE : [invalid(path, name, 'must be a standard resource type or fully qualified')]
}

/** A resource that a container may ask for. Upstream: validateContainerResourceName. */
export function validateContainerResourceName(name: string, path: FieldPath): readonly FieldError[] {
  const errors = validateResourceName(name, path)
  if (!name.includes('/')) {
    const fine = COMPUTE.includes(name) || isHugePagesName(name)
    return fine ? errors : [...errors, invalid(path, name, 'must be a standard resource for containers')]
  }
  const fine = isNativeResource(name) || isExtendedResource(name)
  return fine ? errors : [...errors, invalid(path, name, "doesn't follow extended resource name standard")]
}

/** A resource that a whole Pod may ask for. Upstream: validatePodResourceName. */
export function validatePodResourceName(name: string, path: FieldPath): readonly FieldError[] {
  const errors = validateResourceName(name, path)
  if (errors.length > 0 || isPodLevelResource(name)) return errors
  return [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])]
}

/** Upstream: IsSupportedPodLevelResource of k8s.io/component-helpers/resource. */
export const isPodLevelResource = (name: string): boolean =>
  name === 'cpu' || name === 'memory' || isHugePagesName(name)

/** A resource that a ResourceQuota may bound. Upstream: ValidateResourceQuotaResourceName. */
export function validateQuotaResourceName(name: string, path: FieldPath): readonly FieldError[] {
  const errors = validateResourceName(name, path)
  if (name.includes('/') || QUOTA.has(name) || isQuotaHugePagesName(name)) return errors
  return [...errors, invalid(path, name, 'must be a standard resource for quota')]
}

/** No negative amounts, and whole numbers of what is counted. Upstream: ValidateResourceQuantityValue. */
export function validateResourceQuantity(name: string, text: string, path: FieldPath): readonly FieldError[] {
  const amount = quantity(text)
  const errors: FieldError[] = []
  if (signOfQuantity(amount) < 0)
    errors.push(invalid(path, formatQuantity(amount), 'must be greater than or equal to 0'))
  if (isIntegerResource(name) && !isWholeQuantity(amount))
    errors.push(invalid(path, formatQuantity(amount), 'must be an integer'))
  return errors
}

/** Whether the amount is whole pages. Upstream: IsHugePageResourceValueDivisible. */
export function isWholePages(name: string, text: string): boolean {
  const page = parseQuantity(name.slice('hugepages-'.length))
  if (!page.ok || signOfQuantity(page.value) <= 0 || !isWholeQuantity(page.value)) return false
  return valueOfQuantity(quantity(text)) % valueOfQuantity(page.value) === 0
}
