// Keeps the status of ResourceQuotas: what they limit, and how much of it is taken.
// Upstream: pkg/controller/resourcequota/resource_quota_controller.go.
// Simplified: admission counts for itself; this status is for whoever looks at the quota.
import { deepEqual } from '../../api/compare.ts'
import type { Pod, ResourceQuota } from '../../api/core.ts'
import { type KubeObject, keyOf, splitKey } from '../../api/meta.ts'
import { formatQuantity, type Quantity, ZERO_QUANTITY } from '../../api/quantity.ts'
import { charge, isInScopes, quotaNamesFor, quotaUsageOf } from '../../api/quota-usage.ts'
import { pods, RESOURCES, resourceQuotas } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import type { Informers } from '../machinery/informer.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

const COUNTED = RESOURCES.filter(({ namespaced, plural }) => namespaced && plural !== 'events' && plural !== 'leases')

/** The resource quota controller. */
export function resourceQuotaController({ clientFor, clock, informers, trace }: ComponentParts): void {
  const client = clientFor('resourcequota-controller')

  const queue = createWorkQueue({
    name: 'resource_quota_controller',
    clock,
    trace,
    sync(key) {
      const quota = informers.store.get(resourceQuotas, splitKey(key))
      if (quota === undefined || save(quota)) queue.forget(key)
      else queue.addRateLimited(key)
    },
  })

  const save = (quota: ResourceQuota): boolean => {
    const status = { hard: quota.spec?.hard ?? {}, used: usedOf(quota, informers.store) }
    if (deepEqual(status, quota.status)) return true
    return client.update(resourceQuotas, { ...quota, status }, { subresource: 'status' }).ok
  }

  for (const resource of COUNTED) {
    informers.of(resource).onChange(({ type, object, previous }) => {
      if (type === 'MODIFIED' && !isNoted(object, previous)) return
      for (const quota of informers.store.list(resourceQuotas, object.metadata.namespace)) queue.add(keyOf(quota))
    })
  }
}

/** Changes that may change a count: a quota's own, and a Pod's end. */
function isNoted(object: KubeObject, previous: KubeObject | undefined): boolean {
  if (object.kind === resourceQuotas.kind) return true
  return object.kind === pods.kind && (object as Pod).status?.phase !== (previous as Pod | undefined)?.status?.phase
}

function usedOf(quota: ResourceQuota, store: Informers['store']): Readonly<Record<string, string>> {
  const names = Object.keys(quota.spec?.hard ?? {})
  const used: Record<string, Quantity> = Object.fromEntries(names.map((name) => [name, ZERO_QUANTITY]))
  for (const resource of COUNTED) {
    if (quotaNamesFor(resource, quota).length === 0) continue
    for (const object of store.list(resource, quota.metadata.namespace)) {
      if (isInScopes(quota, resource, object)) charge(used, quotaUsageOf(resource, object), 1)
    }
  }
  return Object.fromEntries(names.map((name) => [name, formatQuantity(used[name]!)]))
}
