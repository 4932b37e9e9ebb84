// POST pods/binding: how a Pod gets its Node. Upstream: pkg/registry/core/pod/storage/storage.go (BindingREST) and
// plugin/pkg/admission/podtopologylabels.
import { type ApiResult, badRequestStatus, conflictStatus, invalidStatus, succeeded } from '../../api/api-status.ts'
import type { Pod, PodCondition } from '../../api/core.ts'
import { required } from '../../api/field-error.ts'
import type { JsonObject, ObjectKey, StringMap } from '../../api/meta.ts'
import { nodes, pods } from '../../api/resource-table.ts'
import { type Call, commit, draftOf, refuse } from './request.ts'
import { refuseMissing } from './update.ts'

const TOPOLOGY_LABELS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']
const CREATED: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

/** Gives the Pod its Node, once and for all. */
export function bindPod(call: Call, key: ObjectKey, body: JsonObject): ApiResult<JsonObject> {
  const pod = call.server.store.get(pods, key)
  if (pod === undefined) return refuseMissing(call, key)
  const nodeName = (body.target as { readonly name?: string } | undefined)?.name ?? ''
  if (nodeName === '')
    return refuse(call, invalidStatus({ group: '', kind: 'Binding' }, key.name, [required('target.name')]))
  const sent = (body.metadata ?? {}) as {
    readonly uid?: string
    readonly annotations?: StringMap
    readonly labels?: StringMap
    readonly name?: string
  }
  if (sent.name !== undefined && sent.name !== key.name)
    return refuse(call, badRequestStatus('name in URL does not match name in Binding object'))
  if (sent.uid !== undefined && sent.uid !== '' && sent.uid !== pod.metadata.uid) {
    return refuse(
      call,
      conflictStatus(
        { group: '', plural: 'pods/binding' },
        key.name,
        `Precondition failed: UID in precondition: ${sent.uid}, UID in object meta: ${pod.metadata.uid}`,
      ),
    )
  }
  const problem = bindingProblem(pod)
  if (problem !== undefined)
    return refuse(call, conflictStatus({ group: '', plural: 'pods/binding' }, key.name, problem))
  if (call.options.dryRun === true) return succeeded(CREATED)
  const draft = draftOf(pod)
  draft.spec = { ...pod.spec, nodeName }
  draft.status = scheduledStatus(pod, call.server.clock.timestamp())
  if (sent.annotations !== undefined) draft.metadata.annotations = { ...pod.metadata.annotations, ...sent.annotations }
  const labels = { ...sent.labels, ...topologyLabels(call, nodeName) }
  if (hasAny(labels)) draft.metadata.labels = { ...pod.metadata.labels, ...labels }
  commit(call, 'bind', draft, pod)
  return succeeded(CREATED)
}

function bindingProblem({ metadata, spec }: Pod): string | undefined {
  if (metadata.deletionTimestamp !== undefined)
    return `pod ${metadata.name} is being deleted, cannot be assigned to a host`
  if ((spec.nodeName ?? '') !== '')
    return `pod ${metadata.name} is already assigned to node ${JSON.stringify(spec.nodeName)}`
  if ((spec.schedulingGates ?? []).length > 0) return `pod ${metadata.name} has non-empty .spec.schedulingGates`
  return undefined
}

/** PodScheduled becomes True; all Pods that are bound at one moment and had no conditions share them. */
let shared: { readonly at: string; readonly conditions: readonly PodCondition[] } | undefined

function scheduledStatus({ status }: Pod, at: string): Pod['status'] {
  const { nominatedNodeName: _nominated, ...rest } = status
  if (status.conditions === undefined) {
    if (shared?.at !== at)
      shared = {
        at,
        conditions: [{ type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: at }],
      }
    return { ...rest, conditions: shared.conditions }
  }
  const before = status.conditions.find(({ type }) => type === 'PodScheduled')
  const lastTransitionTime = before?.status === 'True' ? (before.lastTransitionTime ?? at) : at
  const condition: PodCondition = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime }
  const conditions =
    before === undefined
      ? [...status.conditions, condition]
      : status.conditions.map((c) => (c === before ? condition : c))
  return { ...rest, conditions }
}

/** Labels of the Node's place that a bound Pod carries, too. */
function topologyLabels({ server }: Call, nodeName: string): StringMap {
  const labels = server.store.get(nodes, { name: nodeName })?.metadata.labels
  if (labels === undefined) return {}
  const copied: Record<string, string> = {}
  for (const label of TOPOLOGY_LABELS) if (labels[label] !== undefined) copied[label] = labels[label]
  return copied
}

function hasAny(labels: StringMap): boolean {
  for (const _key in labels) return true
  return false
}
