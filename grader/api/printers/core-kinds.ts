/** Kinds of v1 besides Pods in a table. Upstream: pkg/printers/internalversion/printers.go. */
import { compareStrings } from '../compare.ts'
import type { ConfigMap, Event, Namespace, Node, ResourceQuota, Secret, Service, ServiceAccount } from '../core.ts'
import { formatAge } from '../human-duration.ts'
import { formatLabels } from '../labels.ts'
import type { StringMap } from '../meta.ts'
import { formatQuantity, quantity } from '../quantity.ts'
import { AGE, ageOf, column, NAME, orElse, type Printer } from './printer.ts'

const ROLE_PREFIX = 'node-role.kubernetes.io/'
const ROLE_LABEL = 'kubernetes.io/role'

export const nodePrinter: Printer<Node> = {
  columns: [
    NAME,
    column('Status', { description: 'The status of the node' }),
    column('Roles', { description: 'The roles of the node' }),
    AGE,
    column('Version', { description: 'Kubelet Version reported by the node.' }),
    column('Internal-IP', { wide: true }),
    column('External-IP', { wide: true }),
    column('OS-Image', { wide: true }),
    column('Kernel-Version', { wide: true }),
    column('Container-Runtime', { wide: true }),
  ],
  cells: (node, now) => [
    node.metadata.name,
    nodeStatus(node),
    nodeRoles(node.metadata.labels),
    ageOf(node, now),
    node.status?.nodeInfo?.kubeletVersion ?? '',
    addressOf(node, 'InternalIP'),
    addressOf(node, 'ExternalIP'),
    orElse(node.status?.nodeInfo?.osImage, '<unknown>'),
    orElse(node.status?.nodeInfo?.kernelVersion, '<unknown>'),
    orElse(node.status?.nodeInfo?.containerRuntimeVersion, '<unknown>'),
  ],
}

function nodeStatus(node: Node): string {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')
  const status = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return node.spec?.unschedulable === true ? `${status},SchedulingDisabled` : status
}

/** Roles of a Node from its labels, in order, or `<none>`. Upstream: findNodeRoles. */
export function nodeRoles(labels: StringMap | undefined): string {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) roles.add(key.slice(ROLE_PREFIX.length))
    if (key === ROLE_LABEL && value !== '') roles.add(value)
  }
  return orElse([...roles].sort(compareStrings).join(','), '<none>')
}

const addressOf = (node: Node, type: string): string =>
  node.status?.addresses?.find((address) => address.type === type)?.address ?? '<none>'

export const eventPrinter: Printer<Event> = {
  columns: [
    column('Last Seen', { description: 'The time at which the most recent occurrence of this event was recorded.' }),
    column('Type', { description: 'Type of this event (Normal, Warning), new types could be added in the future' }),
    column('Reason'),
    column('Object', { description: 'The object that this event is about.' }),
    column('Subobject', { wide: true }),
    column('Source', {
      wide: true,
      description: 'The component reporting this event. Should be a short machine understandable string.',
    }),
    column('Message', { description: 'A human-readable description of the status of this operation.' }),
    column('First Seen', { wide: true }),
    column('Count', { wide: true, description: 'The number of times this event has occurred.' }),
    { ...NAME, priority: 1 },
  ],
  cells(event, now) {
    const first = isUnset(event.firstTimestamp) ? formatAge(event.eventTime, now) : formatAge(event.firstTimestamp, now)
    const last = isUnset(event.lastTimestamp) ? first : formatAge(event.lastTimestamp, now)
    const kind = (event.involvedObject.kind ?? '').toLowerCase()
    return [
      event.series == null ? last : formatAge(event.series.lastObservedTime, now),
      event.type ?? '',
      event.reason ?? '',
      event.involvedObject.name === undefined ? kind : `${kind}/${event.involvedObject.name}`,
      event.involvedObject.fieldPath ?? '',
      eventSource(event),
      (event.message ?? '').trim(),
      first,
      event.series == null ? event.count || 1 : (event.series.count ?? 0),
      event.metadata.name,
    ]
  },
}

const isUnset = (time: string | null | undefined): boolean => time === undefined || time === null

/** `component, host`, or what the new Events API calls them. Upstream: formatEventSource. */
function eventSource({ source, reportingComponent, reportingInstance }: Event): string {
  const component = orElse(source?.component, reportingComponent ?? '')
  const instance = orElse(source?.host, reportingInstance ?? '')
  return instance === '' ? component : `${component}, ${instance}`
}

export const namespacePrinter: Printer<Namespace> = {
  columns: [NAME, column('Status', { description: 'The status of the namespace' }), AGE],
  cells: (namespace, now) => [namespace.metadata.name, namespace.status?.phase ?? '', ageOf(namespace, now)],
}

const sizeOf = (map: object | undefined): number => Object.keys(map ?? {}).length

export const configMapPrinter: Printer<ConfigMap> = {
  columns: [NAME, column('Data'), AGE],
  cells: (map, now) => [map.metadata.name, sizeOf(map.data) + sizeOf(map.binaryData), ageOf(map, now)],
}

export const secretPrinter: Printer<Secret> = {
  columns: [
    NAME,
    column('Type', { description: 'Used to facilitate programmatic handling of secret data.' }),
    column('Data'),
    AGE,
  ],
  cells: (secret, now) => [secret.metadata.name, secret.type ?? '', sizeOf(secret.data), ageOf(secret, now)],
}

export const serviceAccountPrinter: Printer<ServiceAccount> = {
  columns: [NAME, column('Secrets'), AGE],
  cells: (account, now) => [account.metadata.name, account.secrets?.length ?? 0, ageOf(account, now)],
}

export const resourceQuotaPrinter: Printer<ResourceQuota> = {
  columns: [
    NAME,
    column('Request', {
      description: 'Request represents a minimum amount of cpu/memory that a container may consume.',
    }),
    column('Limit', {
      description:
        'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    }),
    AGE,
  ],
  cells: (quota, now) => [quota.metadata.name, quotaCell(quota, false), quotaCell(quota, true), ageOf(quota, now)],
}

/** `pods: 1/4, requests.cpu: 0/1`: used and hard of the limits, or of all the others. */
function quotaCell(quota: ResourceQuota, limits: boolean): string {
  const hard = quota.status?.hard ?? {}
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits.') === limits)
    .sort(compareStrings)
    .map(
      (name) =>
        `${name}: ${formatQuantity(quantity(quota.status?.used?.[name]))}/${formatQuantity(quantity(hard[name]))}`,
    )
    .join(', ')
}

/** The parts of a Service that its row shows. */
interface ServiceView {
  readonly spec?: {
    readonly type?: string
    readonly clusterIPs?: readonly string[]
    readonly externalIPs?: readonly string[]
    readonly externalName?: string
    readonly ports?: readonly { readonly port: number; readonly nodePort?: number; readonly protocol?: string }[]
    readonly selector?: StringMap
  }
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] }
  }
}

export const servicePrinter: Printer<Service> = {
  columns: [
    NAME,
    column('Type'),
    column('Cluster-IP'),
    column('External-IP'),
    column('Port(s)', { description: 'The list of ports that are exposed by this service.' }),
    AGE,
    column('Selector', { wide: true }),
  ],
  cells(service, now) {
    const view = service as ServiceView
    return [
      service.metadata.name,
      view.spec?.type ?? '',
      view.spec?.clusterIPs?.[0] ?? '<none>',
      externalIPCell(view),
      portsCell(view),
      ageOf(service, now),
      formatLabels(view.spec?.selector),
    ]
  },
}

function externalIPCell({ spec, status }: ServiceView): string {
  const external = spec?.externalIPs ?? []
  switch (spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.length > 0 ? external.join(',') : '<none>'
    case 'LoadBalancer': {
      const ingress = (status?.loadBalancer?.ingress ?? []).map((entry) => orElse(entry.ip, entry.hostname ?? ''))
      const addresses = [...new Set(ingress)].filter((address) => address !== '').sort(compareStrings)
      return orElse([...addresses, ...external].join(','), '<pending>')
    }
    case 'ExternalName':
      return spec.externalName ?? ''
    default:
      return '<unknown>'
  }
}

function portsCell({ spec }: ServiceView): string {
  const ports = (spec?.ports ?? []).map(({ port, nodePort, protocol }) =>
    (nodePort ?? 0) > 0 ? `${port}:${nodePort}/${protocol ?? ''}` : `${port}/${protocol ?? ''}`,
  )
  return orElse(ports.join(','), '<none>')
}
