// PodTopologyLabels: a Pod that is on a Node carries the labels of the Node's place.
// Upstream: plugin/pkg/admission/podtopologylabels/admission.go (bindings: cluster/apiserver/binding.ts).
import { nodes } from '../../../api/resource-table.ts'
import type { AdmissionContext } from './admission-context.ts'
import type { PodDraft } from './pod-draft.ts'

const COPIED = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** Overwrites the Pod's zone and region labels with its Node's, where the Node has them. */
export function copyTopologyLabels({ metadata, spec }: PodDraft, { read }: AdmissionContext): undefined {
  const { nodeName = '' } = spec
  if (nodeName === '') return
  const labels = read.get(nodes, { name: nodeName })?.metadata.labels
  if (labels === undefined) return
  for (const key of COPIED) {
    const value = labels[key]
    if (value !== undefined && metadata.labels?.[key] !== value) metadata.labels = { ...metadata.labels, [key]: value }
  }
}
