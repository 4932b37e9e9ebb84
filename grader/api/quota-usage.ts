// What an object takes from the ResourceQuotas of its namespace, and which quotas it concerns.
// Upstream: pkg/quota/v1/evaluator/core (pods.go, services.go, registry.go), apiserver/pkg/quota/v1/generic/evaluator.go.
import { type QuantityMap, totalPodLimits, totalPodRequests } from './aggregate-resources.ts'
import { compareStrings } from './compare.ts'
import type { Container, Pod, PodSpec, ResourceQuota, ResourceRequirements } from './core.ts'
import type { KubeObject } from './meta.ts'
import { addQuantities, type Quantity, quantity, quantityFrom, subtractQuantities, ZERO_QUANTITY } from './quantity.ts'
import type { Resource } from './resource-table.ts'

interface ScopeRequirement {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

const ONE = quantityFrom(1)
const COMPUTE = ['cpu', 'memory', 'ephemeral-storage']
const POD_NAMES = new Set([
  'count/pods',
  'pods',
  ...COMPUTE.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
])
const SERVICE_NAMES = ['count/services', 'services', 'services.nodeports', 'services.loadbalancers']
const ALIASES: readonly string[] = ['configmaps', 'resourcequotas', 'secrets']

/** Names of a quota that a kind of object can take from, sorted. */
export function quotaNamesFor({ group, plural }: Resource, quota: ResourceQuota): readonly string[] {
  const hard = Object.keys(quota.spec?.hard ?? {}).sort(compareStrings)
  if (group === '' && plural === 'pods') return hard.filter(isPodName)
  if (group === '' && plural === 'services') return hard.filter((name) => SERVICE_NAMES.includes(name))
  const count = countName(group, plural)
  return hard.filter((name) => name === count || (group === '' && name === plural && ALIASES.includes(plural)))
}

const countName = (group: string, plural: string): string =>
  group === '' ? `count/${plural}` : `count/${plural}.${group}`

function isPodName(name: string): boolean {
  if (POD_NAMES.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')) return true
  return name.startsWith('requests.') && name.includes('/') && !name.includes('kubernetes.io/')
}

/** Whether the object is within all scopes of the quota; only Pods are ever within one. */
export function isInScopes(quota: ResourceQuota, resource: Resource, object: KubeObject): boolean {
  const { scopes = [], scopeSelector } = quota.spec ?? {}
  const expressions = (scopeSelector?.matchExpressions ?? []) as unknown as readonly ScopeRequirement[]
  if (scopes.length === 0 && expressions.length === 0) return true
  if (resource.group !== '' || resource.plural !== 'pods') return false
  const all = [...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })), ...expressions]
  return all.every((requirement) => isInScope((object as Pod).spec, requirement))
}

function isInScope(spec: PodSpec, { scopeName, operator, values = [] }: ScopeRequirement): boolean {
  switch (scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined
    case 'BestEffort':
      return isBestEffort(spec)
    case 'NotBestEffort':
      return !isBestEffort(spec)
    case 'PriorityClass':
      return hasPriorityClass(spec.priorityClassName ?? '', operator, values)
    case 'CrossNamespacePodAffinity':
      return looksIntoOtherNamespaces(spec)
    default:
      return false
  }
}

const asksNothing = ({ requests = {}, limits = {} }: ResourceRequirements = {}): boolean =>
  ['cpu', 'memory'].every((name) => isNothing(requests[name]) && isNothing(limits[name]))
const isNothing = (text: string | undefined): boolean => text === undefined || !(quantity(text).mantissa > 0)

function isBestEffort({ resources, containers, initContainers = [] }: PodSpec): boolean {
  return (
    asksNothing(resources) && [...containers, ...initContainers].every((container) => asksNothing(container.resources))
  )
}

function hasPriorityClass(name: string, operator: string, values: readonly string[]): boolean {
  if (operator === 'Exists') return name !== ''
  if (operator === 'DoesNotExist') return name === ''
  const isNamed = name !== '' && values.includes(name)
  return operator === 'In' ? isNamed : !isNamed
}

interface Term {
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: unknown
}

function looksIntoOtherNamespaces({ affinity }: PodSpec): boolean {
  const lists = [affinity?.podAffinity, affinity?.podAntiAffinity]
  const terms = lists.flatMap((list): readonly Term[] => [
    ...(list?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(list?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ])
  return terms.some(
    ({ namespaces = [], namespaceSelector }) => namespaces.length > 0 || namespaceSelector !== undefined,
  )
}

/** Everything that the object takes, by quota name. */
export function quotaUsageOf({ group, plural }: Resource, object: KubeObject): QuantityMap {
  if (group === '' && plural === 'pods') return podUsage(object as Pod)
  if (group === '' && plural === 'services') return serviceUsage(object)
  const usage: Record<string, Quantity> = { [countName(group, plural)]: ONE }
  if (group === '' && ALIASES.includes(plural)) usage[plural] = ONE
  return usage
}

const ENDED: QuantityMap = { 'count/pods': ONE }

/**
 * An ended Pod is only counted. Simplified: a Pod that should have been gone for its grace period is charged further;
 * upstream drops the charge, which matters for Pods on lost Nodes.
 */
function podUsage({ spec, status }: Pod): QuantityMap {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded' ? ENDED : runningUsage(spec)
}

interface Measured {
  readonly parts: readonly unknown[]
  readonly usage: QuantityMap
}

const measured = new WeakMap<readonly Container[], Measured>()

function runningUsage(spec: PodSpec): QuantityMap {
  const parts = [spec.initContainers, spec.overhead, spec.resources]
  const known = measured.get(spec.containers)
  if (known?.parts.every((part, i) => part === parts[i]) === true) return known.usage
  const usage = { ...ENDED, ...computeUsage(totalPodRequests(spec), totalPodLimits(spec)) }
  measured.set(spec.containers, { parts, usage })
  return usage
}

/** Requests and limits under the names that quotas use. Upstream: podComputeUsageHelper. */
function computeUsage(requests: QuantityMap, limits: QuantityMap): QuantityMap {
  const usage: Record<string, Quantity> = { pods: ONE }
  for (const [name, amount] of Object.entries(requests)) {
    const isNative = COMPUTE.includes(name) || name.startsWith('hugepages-')
    if (isNative) usage[name] = amount
    usage[`requests.${name}`] = amount
  }
  for (const name of COMPUTE) {
    const limit = limits[name]
    if (limit !== undefined) usage[`limits.${name}`] = limit
  }
  return usage
}

/** Quota names that a container's own requests and limits answer. */
export function quotaNamesSetBy({ resources }: Container): readonly string[] {
  const { requests = {}, limits = {} } = resources ?? {}
  return [
    ...Object.keys(requests).flatMap((name) => [name, `requests.${name}`]),
    ...Object.keys(limits).map((name) => `limits.${name}`),
  ]
}

function serviceUsage(object: KubeObject): QuantityMap {
  const { spec } = object as {
    readonly spec?: {
      readonly type?: string
      readonly ports?: readonly unknown[]
      readonly allocateLoadBalancerNodePorts?: boolean
    }
  }
  const ports = quantityFrom(spec?.ports?.length ?? 0)
  const isBalanced = spec?.type === 'LoadBalancer'
  const hasNodePorts = spec?.type === 'NodePort' || (isBalanced && spec?.allocateLoadBalancerNodePorts !== false)
  return {
    'count/services': ONE,
    services: ONE,
    'services.nodeports': hasNodePorts ? ports : ZERO_QUANTITY,
    'services.loadbalancers': isBalanced ? ONE : ZERO_QUANTITY,
  }
}

/** Adds (or takes back) a usage, for the quota's own names only. */
export function charge(used: Record<string, Quantity>, usage: QuantityMap, sign: 1 | -1): void {
  for (const name of Object.keys(used)) {
    const amount = usage[name]
    if (amount !== undefined) used[name] = (sign === 1 ? addQuantities : subtractQuantities)(used[name]!, amount)
  }
}
