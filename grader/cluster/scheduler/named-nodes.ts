// Which Nodes a Pod's affinity names. Upstream: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go (PreFilter).
import type { NodeSelectorTerm, PodSpec } from '../../api/core.ts'

export function requiredTerms(spec: PodSpec): readonly NodeSelectorTerm[] | undefined {
  return spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
}

/**
 * The Nodes that the Pod names in every term by `metadata.name In [...]`, sorted; undefined when it does not narrow the
 * choice, empty when the terms contradict each other. A daemon Pod names exactly one, so nothing else is looked at.
 * Upstream: NodeAffinity.PreFilter.
 */
export function namedNodes(spec: PodSpec): readonly string[] | undefined {
  const terms = requiredTerms(spec)
  if (terms === undefined || terms.length === 0) return undefined
  const first = terms[0]!.matchFields
  // The usual daemon Pod: one term, one name.
  if (terms.length === 1 && first?.length === 1 && isNameIn(first[0]!)) return first[0]!.values
  const union = new Set<string>()
  for (const term of terms) {
    let names: readonly string[] | undefined
    for (const field of term.matchFields ?? []) {
      if (!isNameIn(field)) continue
      names = names === undefined ? field.values! : names.filter((name) => field.values!.includes(name))
    }
    if (names === undefined) return undefined
    for (const name of names) union.add(name)
  }
  return [...union].sort()
}

const isNameIn = (field: {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}): boolean => field.key === 'metadata.name' && field.operator === 'In' && field.values !== undefined
