// What everybody asks of a Pod. Upstream: pkg/api/v1/pod/util.go, pkg/controller/daemon/util/daemonset_util.go.
import type { NodeSelectorTerm, Pod, PodCondition } from './core.ts'

export function readyCondition(pod: Pod): PodCondition | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === 'Ready')
}

/** Phase and deletionTimestamp are not looked at. Upstream: podutil.IsPodReady. */
export function isPodReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True'
}

const NO_TERMS: readonly NodeSelectorTerm[] = []

/**
 * The Node a Pod is on or meant for: its nodeName, or the one value of its first required `metadata.name In` field;
 * undefined if it names none. Upstream: util.GetTargetNodeName.
 */
export function targetNodeOf(pod: Pod): string | undefined {
  const { nodeName, affinity } = pod.spec
  if (nodeName !== undefined && nodeName !== '') return nodeName
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const term of required?.nodeSelectorTerms ?? NO_TERMS) {
    for (const field of term.matchFields ?? []) {
      if (field.key === 'metadata.name' && field.operator === 'In') {
        return field.values?.length === 1 ? field.values[0] : undefined
      }
    }
  }
  return undefined
}
