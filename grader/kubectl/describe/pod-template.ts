/** A Pod template as describe and rollout history show it. Upstream: describe.go (DescribePodTemplate). */
import type { PodTemplateSpec } from '../../api/core.ts'
import { describeContainers } from './containers.ts'
import { writeAnnotations, writeLabels, writeSpreadConstraints, writeTolerations } from './maps.ts'
import { describeVolumes } from './volumes.ts'
import type { Writer } from './writer.ts'

export function describePodTemplate(writer: Writer, { metadata, spec }: PodTemplateSpec): void {
  writer.write(0, 'Pod Template:\n')
  writeLabels(writer, '  Labels', metadata?.labels)
  if (Object.keys(metadata?.annotations ?? {}).length > 0)
    writeAnnotations(writer, '  Annotations', metadata?.annotations)
  if ((spec.serviceAccountName ?? '') !== '') writer.write(1, `Service Account:\t${spec.serviceAccountName}\n`)
  const init = spec.initContainers ?? []
  if (init.length > 0) describeContainers(writer, { label: 'Init Containers', containers: init, space: '  ' })
  describeContainers(writer, { label: 'Containers', containers: spec.containers ?? [], space: '  ' })
  describeVolumes(writer, spec.volumes, '  ')
  writeSpreadConstraints(writer, '  ', spec.topologySpreadConstraints)
  if ((spec.priorityClassName ?? '') !== '') writer.write(1, `Priority Class Name:\t${spec.priorityClassName}\n`)
  writeLabels(writer, '  Node-Selectors', spec.nodeSelector)
  writeTolerations(writer, '  Tolerations', spec.tolerations)
}
