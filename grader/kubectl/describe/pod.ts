/** describe pod. Upstream: describe.go (describePod). */
import type { Pod } from '../../api/core.ts'
import { formatAge } from '../../api/human-duration.ts'
import { controllerOf } from '../../api/meta.ts'
import { formatRfc1123 } from '../rfc1123.ts'
import { describeContainers } from './containers.ts'
import { writeAnnotations, writeLabels, writeSpreadConstraints, writeTolerations } from './maps.ts'
import { describeVolumes } from './volumes.ts'
import type { Writer } from './writer.ts'

export function describePod(writer: Writer, pod: Pod, now: number): void {
  describeHead(writer, pod, now)
  const { spec, status } = pod
  const fieldValue = (path: string): string => fieldOf(pod, path)
  const init = spec.initContainers ?? []
  if (init.length > 0) {
    describeContainers(writer, {
      label: 'Init Containers',
      containers: init,
      statuses: status.initContainerStatuses ?? [],
      space: '',
      fieldValue,
    })
  }
  describeContainers(writer, {
    label: 'Containers',
    containers: spec.containers,
    statuses: status.containerStatuses ?? [],
    space: '',
    fieldValue,
  })
  describeEnd(writer, pod)
}

function describeHead(writer: Writer, { metadata, spec, status }: Pod, now: number): void {
  writer.write(0, `Name:\t${metadata.name}\n`)
  writer.write(0, `Namespace:\t${metadata.namespace ?? ''}\n`)
  if (spec.priority !== undefined) writer.write(0, `Priority:\t${spec.priority}\n`)
  if ((spec.priorityClassName ?? '') !== '') writer.write(0, `Priority Class Name:\t${spec.priorityClassName}\n`)
  if ((spec.runtimeClassName ?? '') !== '') writer.write(0, `Runtime Class Name:\t${spec.runtimeClassName}\n`)
  if ((spec.serviceAccountName ?? '') !== '') writer.write(0, `Service Account:\t${spec.serviceAccountName}\n`)
  writer.write(0, (spec.nodeName ?? '') === '' ? 'Node:\t<none>\n' : `Node:\t${spec.nodeName}/${status.hostIP ?? ''}\n`)
  if (status.startTime !== undefined) writer.write(0, `Start Time:\t${formatRfc1123(status.startTime)}\n`)
  writeLabels(writer, 'Labels', metadata.labels)
  writeAnnotations(writer, 'Annotations', metadata.annotations)
  if (metadata.deletionTimestamp === undefined) writer.write(0, `Status:\t${status.phase ?? ''}\n`)
  else {
    writer.write(0, `Status:\tTerminating (lasts ${formatAge(metadata.deletionTimestamp, now)})\n`)
    writer.write(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s\n`)
  }
  if ((status.reason ?? '') !== '') writer.write(0, `Reason:\t${status.reason}\n`)
  if ((status.message ?? '') !== '') writer.write(0, `Message:\t${status.message}\n`)
  const seccomp = spec.securityContext?.seccompProfile
  if (seccomp !== undefined) {
    writer.write(0, `SeccompProfile:\t${seccomp.type}\n`)
    if (seccomp.type === 'Localhost') writer.write(0, `LocalhostProfile:\t${seccomp.localhostProfile ?? ''}\n`)
  }
  writer.write(0, `IP:\t${status.podIP ?? ''}\n`)
  const ips = status.podIPs ?? []
  writer.write(0, ips.length === 0 ? 'IPs:\t<none>\n' : 'IPs:\n')
  for (const { ip } of ips) writer.write(1, `IP:\t${ip}\n`)
  const owner = controllerOf({ metadata })
  if (owner !== undefined) writer.write(0, `Controlled By:\t${owner.kind}/${owner.name}\n`)
  if ((status.nominatedNodeName ?? '') !== '') writer.write(0, `NominatedNodeName:\t${status.nominatedNodeName}\n`)
}

function describeEnd(writer: Writer, { spec, status }: Pod): void {
  const gates = spec.readinessGates ?? []
  if (gates.length > 0) {
    writer.write(0, 'Readiness Gates:\n  Type\tStatus\n')
    for (const { conditionType } of gates) {
      const condition = status.conditions?.find((c) => c.type === conditionType)
      writer.write(1, `${conditionType} \t${condition?.status ?? '<none>'} \n`)
    }
  }
  const conditions = status.conditions ?? []
  if (conditions.length > 0) writer.write(0, 'Conditions:\n  Type\tStatus\n')
  for (const { type, status: value } of conditions) writer.write(1, `${type} \t${value} \n`)
  describeVolumes(writer, spec.volumes, '')
  if (status.qosClass !== undefined) writer.write(0, `QoS Class:\t${status.qosClass}\n`)
  writeLabels(writer, 'Node-Selectors', spec.nodeSelector)
  writeTolerations(writer, 'Tolerations', spec.tolerations)
  writeSpreadConstraints(writer, '', spec.topologySpreadConstraints)
}

/** Upstream: resourcehelper.EnvValueFrom with the Pod's fields; what only the kubelet knows is empty. */
function fieldOf({ metadata, spec, status }: Pod, path: string): string {
  const mapped = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path)
  if (mapped !== null) return metadata[mapped[1] as 'labels' | 'annotations']?.[mapped[2]!] ?? ''
  const known: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.hostIP': status.hostIP,
    'status.podIP': status.podIP,
  }
  // Upstream (describe.go) resolves metadata fields only; those of spec and status show as ''.
  return path.startsWith('metadata.') ? (known[path] ?? '') : ''
}
