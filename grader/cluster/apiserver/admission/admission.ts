// Admission: what the API server's plugins add to an object or refuse, after defaults and before validation.
// Upstream: the plugins of pkg/kubeapiserver/options/plugins.go that v1.35 turns on by default.
// Simplified: NodeRestriction, DefaultStorageClass, webhooks and admission policies are not there; a kubelet is trusted.
import type { Node, Pod } from '../../../api/core.ts'
import { type AdmissionContext, type AdmissionResult, refusedAs } from './admission-context.ts'
import { addDefaultTolerations } from './default-toleration-seconds.ts'
import { fillInLimits, refuseOutsideLimits } from './limit-ranger.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { type PodDraft, podDraftOf } from './pod-draft.ts'
import { validatePodSecurity } from './pod-security.ts'
import { copyTopologyLabels } from './pod-topology-labels.ts'
import { refuseSecondDefault, resolvePriority } from './priority.ts'
import { refuseOverQuota } from './resource-quota.ts'
import { applyRuntimeClass, refuseOverhead } from './runtime-class.ts'
import { useServiceAccount } from './service-account.ts'
import { taintNewNode } from './taint-nodes-by-condition.ts'

export type { AdmissionContext, AdmissionReader, AdmissionResult } from './admission-context.ts'

/** Changes the draft, or says why the Pod is refused. */
type PodMutator = (draft: PodDraft, context: AdmissionContext) => string | undefined

/** In upstream's order. */
const ON_CREATE: readonly PodMutator[] = [
  fillInLimits,
  useServiceAccount,
  resolvePriority,
  addDefaultTolerations,
  applyRuntimeClass,
  copyTopologyLabels,
]
const ON_UPDATE: readonly PodMutator[] = [resolvePriority, addDefaultTolerations, copyTopologyLabels]

/**
 * Runs the mutating plugins, then the validating ones, in upstream's order; the first refusal ends it. Between the two
 * phases the server generates a name and validates: it calls `mutate` and `validate` itself; `admit` is both in a row.
 */
export function admit(context: AdmissionContext): AdmissionResult {
  const mutated = mutate(context)
  return 'refused' in mutated ? mutated : validate({ ...context, object: mutated.object })
}

/** The mutating phase. Messages name the object by its generateName where it has no name yet. */
export function mutate(context: AdmissionContext): AdmissionResult {
  const { operation, resource, subresource, object } = context
  const refused = subresource === undefined ? namespaceLifecycle(context) : undefined
  if (refused !== undefined) return { refused }
  if (operation === 'delete' || subresource !== undefined) return { object }
  if (resource.kind === 'Pod') return mutatePod(context, operation === 'create' ? ON_CREATE : ON_UPDATE)
  return resource.kind === 'Node' && operation === 'create' ? { object: taintNewNode(object as Node) } : { object }
}

function mutatePod(context: AdmissionContext, mutators: readonly PodMutator[]): AdmissionResult {
  const pod = context.object as Pod
  // Validation refuses it anyway.
  if (pod.spec?.containers === undefined) return { object: pod }
  const draft = podDraftOf(pod)
  for (const mutator of mutators) {
    const why = mutator(draft, context)
    if (why !== undefined) return refusedAs(context, why)
  }
  return { object: { ...pod, ...draft } as Pod }
}

/** The validating phase, for an object that has its name and passed validation. */
export function validate(context: AdmissionContext): AdmissionResult {
  const { operation, resource, subresource, object } = context
  if (operation === 'delete') return { object }
  const isNewPod = resource.kind === 'Pod' && operation === 'create' && subresource === undefined
  const outside = isNewPod ? refuseOutsideLimits(context) : undefined
  if (outside !== undefined) return refusedAs(context, outside)
  const judged = validatePodSecurity(context)
  if ('refused' in judged) return judged
  const why = laterRefusal(context, isNewPod)
  return why === undefined ? judged : refusedAs(context, why)
}

/** Priority, RuntimeClass and, last of all, ResourceQuota. */
function laterRefusal(context: AdmissionContext, isNewPod: boolean): string | undefined {
  if (context.subresource !== undefined) return undefined
  if (context.resource.kind === 'PriorityClass') return refuseSecondDefault(context)
  const overhead = isNewPod ? refuseOverhead(context) : undefined
  return overhead ?? (context.operation === 'create' ? refuseOverQuota(context) : undefined)
}
