// What the objects of a namespace have taken from its ResourceQuotas: counted once, then kept up with every commit.

import type { QuantityMap } from '../../../api/aggregate-resources.ts'
import type { ResourceQuota } from '../../../api/core.ts'
import type { KubeObject } from '../../../api/meta.ts'
import { type Quantity, ZERO_QUANTITY } from '../../../api/quantity.ts'
import { charge, isInScopes, quotaNamesFor, quotaUsageOf } from '../../../api/quota-usage.ts'
import { RESOURCES, resourceQuotas } from '../../../api/resource-table.ts'
import type { AdmissionReader, CommittedChange } from './admission-context.ts'

export interface QuotaAccount {
  readonly quota: ResourceQuota
  /** By every name in the quota's `hard`. */
  readonly used: QuantityMap
}

interface Account extends QuotaAccount {
  readonly used: Record<string, Quantity>
}

type Ledger = Map<string, readonly Account[]>

const ledgers = new WeakMap<AdmissionReader, Ledger>()
const NO_ACCOUNTS: readonly QuotaAccount[] = []

/**
 * The quotas of a namespace in the order of their names, with what is used of each.
 * Simplified: upstream adds to the quota's status when it admits an object and takes back a moment after the object has
 * gone; here the count is that of the objects that are there.
 */
export function quotaAccounts(read: AdmissionReader, namespace: string): readonly QuotaAccount[] {
  const quotas = read.list(resourceQuotas, namespace)
  if (quotas.length === 0) return NO_ACCOUNTS
  let ledger = ledgers.get(read)
  if (ledger === undefined) {
    ledger = new Map()
    ledgers.set(read, ledger)
    follow(read, ledger)
  }
  let accounts = ledger.get(namespace)
  if (accounts === undefined) {
    accounts = quotas.map((quota) => openAccount(read, namespace, quota))
    ledger.set(namespace, accounts)
  }
  return accounts
}

function openAccount(read: AdmissionReader, namespace: string, quota: ResourceQuota): Account {
  const used = Object.fromEntries(Object.keys(quota.spec?.hard ?? {}).map((name) => [name, ZERO_QUANTITY]))
  for (const resource of RESOURCES) {
    if (!resource.namespaced || quotaNamesFor(resource, quota).length === 0) continue
    for (const object of read.list(resource, namespace)) {
      if (isInScopes(quota, resource, object)) charge(used, quotaUsageOf(resource, object), 1)
    }
  }
  return { quota, used }
}

function follow(read: AdmissionReader, ledger: Ledger): void {
  read.onCommit(({ type, resource, object, previous }: CommittedChange) => {
    const namespace = object.metadata.namespace ?? ''
    const accounts = ledger.get(namespace)
    if (accounts === undefined) return
    if (resource.plural === resourceQuotas.plural && (type !== 'MODIFIED' || isRewritten(object, previous))) {
      ledger.delete(namespace)
      return
    }
    for (const { quota, used } of accounts) {
      if (quotaNamesFor(resource, quota).length === 0) continue
      if (previous !== undefined && isInScopes(quota, resource, previous))
        charge(used, quotaUsageOf(resource, previous), -1)
      if (type !== 'DELETED' && isInScopes(quota, resource, object)) charge(used, quotaUsageOf(resource, object), 1)
    }
  })
}

// A quota's status may change: what counts is what it limits.
const isRewritten = (quota: ResourceQuota, previous: KubeObject | undefined): boolean =>
  quota.spec !== (previous as ResourceQuota | undefined)?.spec
