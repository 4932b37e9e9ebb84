// Defaults of the kinds without Pods in them. Upstream: pkg/apis/{core,networking,rbac,scheduling,storage}/v1/defaults.go.
import type { LimitRange, LimitRangeItem, Namespace, Node, ResourceQuota, Secret, Service } from '../core.ts'
import type { Json, JsonObject } from '../meta.ts'
import type {
  ClusterRoleBinding,
  CSIDriver,
  NetworkPolicy,
  PriorityClass,
  RuntimeClass,
  StorageClass,
} from '../other.ts'
import { fill, fillText, mapShared, put } from './fill.ts'
import { defaultResourceList } from './quantities.ts'

export const defaultSecret = (secret: Secret): Secret => {
  const { stringData, ...rest } = secret
  // Write-only: what is given in the clear ends up in data.
  const merged =
    stringData === undefined ? secret : { ...rest, data: { ...secret.data, ...mapValues(stringData, base64) } }
  return fillText(merged, 'type', 'Opaque')
}

const mapValues = (map: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]))

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Standard base64 of the UTF-8 bytes. */
export function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3)
    const bits = (a << 16) | (b << 8) | c
    const digits = [bits >> 18, bits >> 12, bits >> 6, bits].map((value) => ALPHABET[value & 63]!)
    out += digits.map((digit, k) => (i + k - 1 < bytes.length ? digit : '=')).join('')
  }
  return out
}

/** A Namespace carries its own name as a label, so that selectors can name it. */
export function defaultNamespace(namespace: Namespace): Namespace {
  const { name } = namespace.metadata
  const labels = namespace.metadata.labels
  const labelled =
    (name ?? '') === '' || labels?.['kubernetes.io/metadata.name'] === name
      ? namespace
      : {
          ...namespace,
          metadata: { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
        }
  return put(labelled, 'status', fillText(labelled.status ?? {}, 'phase', 'Active'))
}

export function defaultNode(given: Node): Node {
  const spec = defaultPodCidrs(given.spec ?? {})
  const node = given.spec === undefined && Object.keys(spec).length === 0 ? given : put(given, 'spec', spec)
  let status = node.status
  if (status === undefined) return node
  if (status.capacity !== undefined) status = put(status, 'capacity', defaultResourceList(status.capacity))
  if (status.allocatable !== undefined) status = put(status, 'allocatable', defaultResourceList(status.allocatable))
  else if (status.capacity !== undefined) status = put(status, 'allocatable', status.capacity)
  return put(node, 'status', status)
}

// The conversion keeps podCIDR equal to the first of podCIDRs.
function defaultPodCidrs(spec: Node['spec']): Node['spec'] {
  const cidr = spec.podCIDR ?? ''
  const cidrs = spec.podCIDRs ?? []
  if (cidr !== '' && cidrs.length === 0) return { ...spec, podCIDRs: [cidr] }
  return cidrs.length > 0 && cidr === '' ? { ...spec, podCIDR: cidrs[0]! } : spec
}

export function defaultLimitRange(range: LimitRange): LimitRange {
  if (range.spec?.limits === undefined) return range
  return put(range, 'spec', put(range.spec, 'limits', mapShared(range.spec.limits, defaultLimitRangeItem)))
}

// For containers: no default limit means the maximum, no default request means the default limit, else the minimum.
function defaultLimitRangeItem(given: LimitRangeItem): LimitRangeItem {
  let item = given
  for (const field of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const) {
    const list = item[field]
    if (list !== undefined) item = put(item, field, defaultResourceList(list))
  }
  if (item.type !== 'Container') return item
  const limits = { ...item.max, ...item.default }
  const requests = { ...item.min, ...limits, ...item.defaultRequest }
  if (Object.keys(limits).length > 0) item = fillAll(item, 'default', limits)
  return Object.keys(requests).length > 0 ? fillAll(item, 'defaultRequest', requests) : item
}

function fillAll(
  item: LimitRangeItem,
  field: 'default' | 'defaultRequest',
  all: Readonly<Record<string, string>>,
): LimitRangeItem {
  const present = item[field] ?? {}
  return Object.keys(all).every((name) => present[name] !== undefined) ? item : { ...item, [field]: all }
}

export function defaultResourceQuota(quota: ResourceQuota): ResourceQuota {
  let next = quota
  if (next.spec?.hard !== undefined)
    next = put(next, 'spec', put(next.spec, 'hard', defaultResourceList(next.spec.hard)))
  let status = next.status
  if (status?.hard !== undefined) status = put(status, 'hard', defaultResourceList(status.hard))
  if (status?.used !== undefined) status = put(status, 'used', defaultResourceList(status.used))
  return put(next, 'status', status)
}

type Fields = JsonObject & { readonly [key: string]: Json | undefined }

/** Objects only: what the Service's type implies is filled in, nothing is allocated. */
export function defaultService(service: Service): Service {
  let spec: Fields = fillText(fillText(service.spec ?? {}, 'sessionAffinity', 'None'), 'type', 'ClusterIP')
  if (spec.sessionAffinity === 'None' && spec.sessionAffinityConfig !== undefined) {
    const { sessionAffinityConfig: _, ...rest } = spec
    spec = rest
  }
  if (spec.sessionAffinity === 'ClientIP' && !hasTimeout(spec))
    spec = { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } }
  if (spec.ports !== undefined)
    spec = put(spec, 'ports', mapShared(spec.ports as readonly Fields[], defaultServicePort) as Json)
  const type = spec.type as string
  const external =
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && ((spec.externalIPs ?? []) as readonly Json[]).length > 0)
  if (external) spec = fillText(spec, 'externalTrafficPolicy', 'Cluster')
  if (external || type === 'ClusterIP') spec = fill(spec, { internalTrafficPolicy: 'Cluster' })
  if (type === 'LoadBalancer') spec = fill(spec, { allocateLoadBalancerNodePorts: true })
  return put(service, 'spec', spec)
}

const hasTimeout = (spec: Fields): boolean =>
  ((spec.sessionAffinityConfig as Fields | undefined)?.clientIP as Fields | undefined)?.timeoutSeconds !== undefined

function defaultServicePort(port: Fields): Fields {
  const named = fillText(port, 'protocol', 'TCP')
  const target = named.targetPort
  return target === undefined || target === 0 || target === '' ? { ...named, targetPort: named.port ?? 0 } : named
}

const RBAC = 'rbac.authorization.k8s.io'

export function defaultBinding(binding: ClusterRoleBinding): ClusterRoleBinding {
  const roleRef = fillText(binding.roleRef ?? { apiGroup: '', kind: '', name: '' }, 'apiGroup', RBAC)
  const next = put(binding, 'roleRef', roleRef)
  if (next.subjects === undefined) return next
  const ofRbac = (kind: string): boolean => kind === 'User' || kind === 'Group'
  return put(
    next,
    'subjects',
    mapShared(next.subjects, (subject) => (ofRbac(subject.kind) ? fillText(subject, 'apiGroup', RBAC) : subject)),
  )
}

export const defaultPriorityClass = (priorityClass: PriorityClass): PriorityClass =>
  fill(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' })

export const defaultStorageClass = (storageClass: StorageClass): StorageClass =>
  fill(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })

export function defaultRuntimeClass(runtimeClass: RuntimeClass): RuntimeClass {
  const fixed = runtimeClass.overhead?.podFixed
  return fixed === undefined
    ? runtimeClass
    : put(runtimeClass, 'overhead', put(runtimeClass.overhead!, 'podFixed', defaultResourceList(fixed)))
}

export function defaultCsiDriver(driver: CSIDriver): CSIDriver {
  const spec: Fields = fill(driver.spec ?? {}, {
    attachRequired: true,
    podInfoOnMount: false,
    volumeLifecycleModes: ['Persistent'],
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    requiresRepublish: false,
    seLinuxMount: false,
  })
  return put(driver, 'spec', spec)
}

export function defaultNetworkPolicy(policy: NetworkPolicy): NetworkPolicy {
  let spec: Fields = policy.spec ?? {}
  for (const direction of ['ingress', 'egress']) {
    if (spec[direction] !== undefined)
      spec = put(spec, direction, mapShared(spec[direction] as readonly Fields[], defaultPolicyRule) as Json)
  }
  const egress = ((spec.egress ?? []) as readonly Json[]).length > 0
  if (((spec.policyTypes ?? []) as readonly Json[]).length === 0)
    spec = { ...spec, policyTypes: egress ? ['Ingress', 'Egress'] : ['Ingress'] }
  return put(policy, 'spec', spec)
}

function defaultPolicyRule(rule: Fields): Fields {
  if (rule.ports === undefined) return rule
  return put(
    rule,
    'ports',
    mapShared(rule.ports as readonly Fields[], (port) => fill(port, { protocol: 'TCP' })) as Json,
  )
}
