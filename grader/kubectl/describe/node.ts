/** describe node. Upstream: describe.go (describeNode, describeNodeResource). */
import { compareStrings } from '../../api/compare.ts'
import type { Node, Pod, ResourceList } from '../../api/core.ts'
import { formatAge } from '../../api/human-duration.ts'
import type { Lease } from '../../api/other.ts'
import { formatQuantity, milliValueOfQuantity, quantity, valueOfQuantity, ZERO_QUANTITY } from '../../api/quantity.ts'
import { leases, pods } from '../../api/resource-table.ts'
import type { Session } from '../command.ts'
import { formatRfc1123 } from '../rfc1123.ts'
import { writeAnnotations, writeLabels, writeLines } from './maps.ts'
import { type Amounts, podLimits, podRequests, totalOf } from './pod-amounts.ts'
import type { Writer } from './writer.ts'

export function describeNode(writer: Writer, node: Node, session: Session): void {
  const { metadata, spec } = node
  writer.write(0, `Name:\t${metadata.name}\n`)
  writer.write(0, `Roles:\t${rolesOf(node)}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  writer.write(0, `CreationTimestamp:\t${formatRfc1123(metadata.creationTimestamp)}\n`)
  const taints = [...(spec.taints ?? [])].sort((a, b) => compareStrings(a.effect + a.key, b.effect + b.key))
  writeLines(
    writer,
    'Taints',
    taints.map((t) => `${t.key}${(t.value ?? '') === '' ? '' : `=${t.value}`}:${t.effect}`),
  )
  writer.write(0, `Unschedulable:\t${spec.unschedulable ?? false}\n`)
  describeLease(writer, session, metadata.name)
  describeStatus(writer, node)
  if ((spec.podCIDR ?? '') !== '') writer.write(0, `PodCIDR:\t${spec.podCIDR}\n`)
  if ((spec.podCIDRs ?? []).length > 0) writer.write(0, `PodCIDRs:\t${(spec.podCIDRs ?? []).join(',')}\n`)
  if ((spec.providerID ?? '') !== '') writer.write(0, `ProviderID:\t${spec.providerID}\n`)
  describePods(writer, session, node)
}

/** Upstream: printersutil.GetNodeRoles. */
function rolesOf({ metadata }: Node): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.entries(metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return key.length > prefix.length ? [key.slice(prefix.length)] : []
    return key === 'kubernetes.io/role' && value !== '' ? [value] : []
  })
  return roles.length === 0 ? '<none>' : [...new Set(roles)].sort(compareStrings).join(',')
}

function describeLease(writer: Writer, session: Session, name: string): void {
  const found = session.client.get(leases, { namespace: 'kube-node-lease', name })
  if (!found.ok) {
    writer.write(0, `Lease:\tFailed to get lease: ${found.status.message}\n`)
    return
  }
  const { holderIdentity, acquireTime, renewTime } = ((found.value as Lease).spec ?? {}) as {
    readonly holderIdentity?: string
    readonly acquireTime?: string
    readonly renewTime?: string
  }
  const moment = (at: string | undefined): string => (at === undefined ? '<unset>' : formatRfc1123(at))
  writer.write(0, 'Lease:\n')
  writer.write(1, `HolderIdentity:\t${holderIdentity ?? '<unset>'}\n`)
  writer.write(1, `AcquireTime:\t${moment(acquireTime)}\n`)
  writer.write(1, `RenewTime:\t${moment(renewTime)}\n`)
}

function describeStatus(writer: Writer, { status }: Node): void {
  const conditions = status.conditions ?? []
  if (conditions.length > 0) {
    writer.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n')
    writer.write(1, '----\t------\t-----------------\t------------------\t------\t-------\n')
  }
  for (const c of conditions) {
    writer.write(
      1,
      `${c.type} \t${c.status} \t${formatRfc1123(c.lastHeartbeatTime)} \t${formatRfc1123(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}\n`,
    )
  }
  writer.write(0, 'Addresses:\n')
  for (const { type, address } of status.addresses ?? []) writer.write(1, `${type}:\t${address}\n`)
  writeResources(writer, 'Capacity', status.capacity)
  writeResources(writer, 'Allocatable', status.allocatable)
  const info = status.nodeInfo ?? {}
  writer.write(0, 'System Info:\n')
  for (const [title, field] of SYSTEM_INFO) writer.write(0, `  ${title}:\t${info[field] ?? ''}\n`)
}

const SYSTEM_INFO = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
] as const

function writeResources(writer: Writer, title: string, list: ResourceList | undefined): void {
  const names = Object.keys(list ?? {}).sort(compareStrings)
  if (names.length > 0) writer.write(0, `${title}:\n`)
  for (const name of names) writer.write(0, `  ${name}:\t${formatQuantity(quantity(list?.[name]))}\n`)
}

function describePods(writer: Writer, session: Session, node: Node): void {
  const listed = session.client.list(pods, {
    fieldSelector: `spec.nodeName=${node.metadata.name},status.phase!=Failed,status.phase!=Succeeded`,
  })
  const running: readonly Pod[] = listed.ok ? listed.value.items : []
  const { allocatable = node.status.capacity ?? {} } = node.status
  writer.write(0, `Non-terminated Pods:\t(${running.length} in total)\n`)
  writer.write(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n')
  writer.write(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n')
  const share = (name: 'cpu' | 'memory' | 'ephemeral-storage', amounts: Amounts): string =>
    shareOf(name, amounts, allocatable)
  for (const pod of running) {
    const [requests, limits] = [podRequests(pod), podLimits(pod)]
    const cells = [share('cpu', requests), share('cpu', limits), share('memory', requests), share('memory', limits)]
    writer.write(
      1,
      `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${cells.join('\t')}\t${formatAge(pod.metadata.creationTimestamp, session.now())}\n`,
    )
  }
  describeTotals(writer, running, allocatable)
}

function shareOf(name: string, amounts: Amounts, allocatable: ResourceList): string {
  const amount = amounts.get(name) ?? ZERO_QUANTITY
  const amountOf = name === 'cpu' ? milliValueOfQuantity : valueOfQuantity
  const all = amountOf(quantity(allocatable[name]))
  const percent = all === 0 ? 0 : Math.trunc((amountOf(amount) / all) * 100)
  return `${formatQuantity(amount)} (${percent}%)`
}

function describeTotals(writer: Writer, running: readonly Pod[], allocatable: ResourceList): void {
  const requests = totalOf(running.map(podRequests))
  const limits = totalOf(running.map(podLimits))
  writer.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n')
  writer.write(1, 'Resource\tRequests\tLimits\n')
  writer.write(1, '--------\t--------\t------\n')
  for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
    writer.write(1, `${name}\t${shareOf(name, requests, allocatable)}\t${shareOf(name, limits, allocatable)}\n`)
  }
  const extended = Object.keys(allocatable).filter(
    (name) => !['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name),
  )
  for (const name of extended.sort(compareStrings)) {
    const cell = (amounts: Amounts): string =>
      name.startsWith('hugepages-')
        ? shareOf(name, amounts, allocatable)
        : formatQuantity(amounts.get(name) ?? ZERO_QUANTITY)
    writer.write(1, `${name}\t${cell(requests)}\t${cell(limits)}\n`)
  }
}
