// Upstream: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go.

import { type AffinityVerdict, factsOf, matchRequiredNodeAffinity, termMatches } from '../../../api/node-affinity.ts'
import type { Reason } from '../../trace.ts'
import { type FilterPlugin, type PodInfo, podRef } from '../framework.ts'
import { requiredTerms } from '../named-nodes.ts'
import type { NodeInfo } from '../node-info.ts'

export const NODE_AFFINITY_REASON = "node(s) didn't match Pod's node affinity/selector"
export const CONFLICTING_TERMS_REASON = 'pod affinity terms conflict'

const REQUIRED_PATH = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'

export const nodeAffinity: FilterPlugin = {
  name: 'NodeAffinity',
  concerns: ({ pod }) =>
    pod.named !== undefined || pod.pod.spec.nodeSelector !== undefined || requiredTerms(pod.pod.spec) !== undefined,
  preFilter({ pod }) {
    if (pod.named === undefined || pod.named.length > 0) return undefined
    return {
      plugin: 'NodeAffinity',
      message: CONFLICTING_TERMS_REASON,
      because: [
        {
          code: 'NodeAffinityMismatch',
          object: podRef(pod.pod),
          path: REQUIRED_PATH,
          kubernetes: CONFLICTING_TERMS_REASON,
        },
      ],
    }
  },
  filter({ pod }, node) {
    const verdict = matchRequiredNodeAffinity(pod.pod.spec, factsOf(node.node))
    if (verdict.matches) return undefined
    return {
      plugin: 'NodeAffinity',
      unresolvable: true,
      reasons: [NODE_AFFINITY_REASON],
      because: reasonsOf(pod, node, verdict),
    }
  },
}

function reasonsOf(
  pod: PodInfo,
  node: NodeInfo,
  verdict: AffinityVerdict & { readonly matches: false },
): readonly Reason[] {
  const object = podRef(pod.pod)
  if (verdict.because === 'nodeSelector') {
    const { key, wanted, actual } = verdict
    const params = { node: node.name, key, wanted, ...(actual === undefined ? {} : { actual }) }
    return [
      {
        code: 'NodeSelectorMismatch',
        object,
        path: `spec.nodeSelector[${key}]`,
        kubernetes: NODE_AFFINITY_REASON,
        params,
      },
    ]
  }
  return verdict.terms.map(({ index, expression }) => {
    const term = `${REQUIRED_PATH}[${index}]`
    const common = { code: 'NodeAffinityMismatch', object, kubernetes: NODE_AFFINITY_REASON } as const
    if (expression === undefined) return { ...common, path: term, params: { node: node.name } }
    const { list, requirement, actual } = expression
    const params = {
      node: node.name,
      key: requirement.key,
      operator: requirement.operator,
      ...(actual === undefined ? {} : { actual }),
    }
    return { ...common, path: `${term}.${list}[${expression.index}]`, params }
  })
}

/** The sum of the weights of the preferred terms that match. Upstream: NodeAffinity.Score. */
export function scorePreferredTerms(pod: PodInfo, node: NodeInfo): number {
  const preferred = pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  let sum = 0
  for (const { weight, preference } of preferred)
    if (weight !== 0 && termMatches(preference, factsOf(node.node))) sum += weight
  return sum
}
