// ResourceQuota: an object that would take more than its namespace has left is refused.
// Upstream: k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go (CheckRequest).
// Simplified: a quota counts from the moment it is there; upstream refuses (`status unknown for quota`) until its controller
// has counted. Updates are not charged: only activeDeadlineSeconds or a Service's type could make one cost more.
import type { QuantityMap } from '../../../api/aggregate-resources.ts'
import { compareStrings } from '../../../api/compare.ts'
import type { Pod, PodSpec, ResourceQuota } from '../../../api/core.ts'
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  isZeroQuantity,
  type Quantity,
  quantity,
  ZERO_QUANTITY,
} from '../../../api/quantity.ts'
import { isInScopes, quotaNamesFor, quotaNamesSetBy, quotaUsageOf } from '../../../api/quota-usage.ts'
import type { AdmissionContext } from './admission-context.ts'
import { type QuotaAccount, quotaAccounts } from './quota-ledger.ts'

/** Every container must set these where a quota limits them. */
const WANTED = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory']

/** Why a new object is more than its namespace's quotas allow; the first quota by name that is against it tells. */
export function refuseOverQuota({ resource, object, read }: AdmissionContext): string | undefined {
  const { namespace } = object.metadata
  if (namespace === undefined) return undefined
  const all = quotaAccounts(read, namespace)
  if (all.length === 0) return undefined
  const concerned = all.filter(
    ({ quota }) => quotaNamesFor(resource, quota).length > 0 && isInScopes(quota, resource, object),
  )
  for (const { quota } of concerned) {
    const missing = resource.kind === 'Pod' ? missingRequests(quota, (object as Pod).spec) : undefined
    if (missing !== undefined) return `failed quota: ${quota.metadata.name}: must specify ${missing}`
  }
  if (concerned.length === 0) return undefined
  const usage = quotaUsageOf(resource, object)
  return concerned.map((account) => exceededText(account, usage)).find((text) => text !== undefined)
}

/** `limits.memory for: app; requests.cpu for: app,sidecar`. */
function missingRequests(quota: ResourceQuota, spec: PodSpec): string | undefined {
  const { requests = {}, limits = {} } = spec.resources ?? {}
  if (Object.keys({ ...requests, ...limits }).length > 0) return undefined
  const hard = quota.spec?.hard ?? {}
  const wanted = WANTED.filter((name) => hard[name] !== undefined)
  if (wanted.length === 0) return undefined
  const containers = [...spec.containers, ...(spec.initContainers ?? [])]
  const texts = wanted
    .map((name) => ({ name, lacking: containers.filter((container) => !quotaNamesSetBy(container).includes(name)) }))
    .filter(({ lacking }) => lacking.length > 0)
    .map(
      ({ name, lacking }) =>
        `${name} for: ${[...lacking.map((container) => container.name)].sort(compareStrings).join(',')}`,
    )
  return texts.length === 0 ? undefined : texts.join('; ')
}

function exceededText({ quota, used }: QuotaAccount, usage: QuantityMap): string | undefined {
  const hard = quota.spec?.hard ?? {}
  const exceeded = Object.keys(hard)
    .sort(compareStrings)
    .filter((name) => {
      const amount = usage[name]
      if (amount === undefined || isZeroQuantity(amount)) return false
      return compareQuantities(addQuantities(used[name] ?? ZERO_QUANTITY, amount), quantity(hard[name])) > 0
    })
  if (exceeded.length === 0) return undefined
  const list = (of: (name: string) => Quantity): string =>
    exceeded.map((name) => `${name}=${formatQuantity(of(name))}`).join(',')
  const requested = list((name) => usage[name]!)
  const before = list((name) => used[name] ?? ZERO_QUANTITY)
  const limited = list((name) => quantity(hard[name]))
  return `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${before}, limited: ${limited}`
}
