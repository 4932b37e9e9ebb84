// Nodes. Upstream: ValidateNode and ValidateNodeUpdate of pkg/apis/core/validation/validation.go. The errors about taints
// name `metadata.taints`, as upstream's do.
import type { Node, ResourceList } from '../core.ts'
import { type FieldError, forbidden, invalid } from '../field-error.ts'
import { child, index } from '../field-path.ts'
import { sortedKeys } from './field-checks.ts'
import { nameIsDnsSubdomain } from './format.ts'
import { internalJson } from './internal-json.ts'
import { cidrWarnings, parseCidr, validateLegacyCidr } from './ip-address.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import { validateResourceQuantity } from './resource-names.ts'
import { validateTaints } from './tolerations.ts'

const CIDRS = 'spec.podCIDRs'
const NONE: readonly FieldError[] = []

export function validateNode(node: Node): readonly FieldError[] {
  return [
    ...validateObjectMeta(node.metadata, { namespaced: false, name: nameIsDnsSubdomain }),
    ...validateTaints(node.spec?.taints, 'metadata.taints'),
    ...validateResources(node),
    ...validateCidrs(node.spec?.podCIDRs ?? []),
  ]
}

/** Also every write of the Node's spec checks the whole Node again, first. */
export function validateNodeUpdate(next: Node, previous: Node): readonly FieldError[] {
  return [...validateNode(next), ...validateNodeChange(next, previous)]
}

export const validateNodeStatusUpdate = (next: Node, previous: Node): readonly FieldError[] =>
  validateNodeChange(next, previous)

function validateNodeChange(next: Node, previous: Node): readonly FieldError[] {
  const errors = [...validateObjectMetaUpdate(next.metadata, previous.metadata), ...validateResources(next)]
  const seen = new Set<string>()
  next.status?.addresses?.forEach((address, i) => {
    const key = `${address.type} ${address.address}`
    if (seen.has(key))
      errors.push({
        type: 'Duplicate value',
        path: index('status.addresses', i),
        badValue: internalJson('NodeAddress', address),
        detail: '',
      })
    seen.add(key)
  })
  const old = previous.spec?.podCIDRs ?? []
  const now = next.spec?.podCIDRs ?? []
  const refuse = (field: string): FieldError =>
    forbidden(`spec.${field}s`.replace('IDs', 'ID'), `node updates may not change ${field} except from "" to valid`)
  if (old.length > 0 && old.length !== now.length) errors.push(refuse('podCIDR'))
  else for (const [i, cidr] of old.entries()) if (cidr !== now[i]) errors.push(refuse('podCIDR'))
  const provider = previous.spec?.providerID ?? ''
  if (provider !== '' && provider !== (next.spec?.providerID ?? '')) errors.push(refuse('providerID'))
  return [...errors, ...validateTaints(next.spec?.taints, 'metadata.taints')]
}

const soundLists = new WeakSet<ResourceList>()

function validateResources(node: Node): readonly FieldError[] {
  return (['capacity', 'allocatable'] as const).flatMap((field) => {
    const list = node.status?.[field]
    if (list == null || soundLists.has(list)) return NONE
    const errors = sortedKeys(list).flatMap((name) =>
      validateResourceQuantity(name, list[name]!, child('status', field, name)),
    )
    if (errors.length === 0) soundLists.add(list)
    return errors
  })
}

function validateCidrs(cidrs: readonly string[]): readonly FieldError[] {
  const errors = cidrs.flatMap((cidr, i) => validateLegacyCidr(cidr, index(CIDRS, i)))
  if (cidrs.length < 2) return errors
  const versions = new Set(cidrs.map((cidr) => parseCidr(cidr)?.version))
  const dualStack = versions.has(4) && versions.has(6)
  return dualStack && cidrs.length === 2
    ? errors
    : [...errors, invalid(CIDRS, cidrs, 'may specify no more than one CIDR for each IP family')]
}

/** Warned of on every create and update. */
export const nodeWarnings = (node: Node): readonly string[] =>
  (node.spec?.podCIDRs ?? []).flatMap((cidr, i) => cidrWarnings(cidr, index(CIDRS, i)))
