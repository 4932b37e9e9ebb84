// Whether an update leaves the rest of a Pod's spec alone. Upstream: the end of ValidatePodUpdate of
// pkg/apis/core/validation/validation.go.
import { deepEqual } from '../compare.ts'
import type { Affinity, Container, NodeAffinity, NodeSelectorTerm, PodSpec } from '../core.ts'
import { type FieldError, forbidden, invalid } from '../field-error.ts'
import { index } from '../field-path.ts'
import { NONE } from './field-checks.ts'
import { internalPodSpec } from './internal-json.ts'
import { unifiedDiff } from './unified-diff.ts'

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
]

/** One error with the difference if anything but the updatable fields changed. */
export function validateSpecUnchanged(next: PodSpec, previous: PodSpec): readonly FieldError[] {
  if (deepEqual(next, previous)) return NONE
  const errors: FieldError[] = []
  let munged = withUpdatableFieldsOf(next, previous)
  // A Pod that waits behind scheduling gates may still be told where to go.
  if ((previous.schedulingGates ?? []).length > 0) {
    errors.push(...validateNodeSelectorMutation(munged, previous), ...validateNodeAffinityMutation(munged, previous))
    munged = withPlacementOf(munged, previous)
  }
  if (deepEqual(munged, previous)) return errors
  const difference = unifiedDiff(internalPodSpec(previous), internalPodSpec(munged))
  return [
    ...errors,
    forbidden('spec', `pod updates may not change fields other than ${UPDATABLE.join(',')}\n${difference}`),
  ]
}

function withUpdatableFieldsOf(next: PodSpec, previous: PodSpec): PodSpec {
  const { activeDeadlineSeconds: _, schedulingGates: __, tolerations: ___, ...rest } = next
  const images = (
    containers: readonly Container[] | undefined,
    old: readonly Container[] | undefined,
  ): readonly Container[] | undefined =>
    containers?.map((container, i) => {
      const image = old?.[i]?.image
      return image === undefined || image === container.image ? container : { ...container, image }
    })
  const keep = (field: 'activeDeadlineSeconds' | 'schedulingGates' | 'tolerations'): object =>
    previous[field] === undefined ? {} : { [field]: previous[field] }
  const initContainers = images(next.initContainers, previous.initContainers)
  const wasNegative = (previous.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1
  return {
    ...rest,
    containers: images(next.containers, previous.containers) ?? [],
    ...(initContainers === undefined ? {} : { initContainers }),
    ...(wasNegative ? { terminationGracePeriodSeconds: previous.terminationGracePeriodSeconds! } : {}),
    ...keep('activeDeadlineSeconds'),
    ...keep('schedulingGates'),
    ...keep('tolerations'),
  }
}

function withPlacementOf(munged: PodSpec, previous: PodSpec): PodSpec {
  const { nodeSelector: _, affinity: __, ...rest } = munged
  const affinity = affinityWith(munged.affinity, previous.affinity)
  return {
    ...rest,
    ...(previous.nodeSelector === undefined ? {} : { nodeSelector: previous.nodeSelector }),
    ...(affinity === undefined ? {} : { affinity }),
  }
}

function affinityWith(next: Affinity | undefined, previous: Affinity | undefined): Affinity | undefined {
  const nodeAffinity = previous?.nodeAffinity
  if (deepEqual(next?.nodeAffinity, nodeAffinity)) return next
  if (next === undefined) return nodeAffinity === undefined ? undefined : { nodeAffinity }
  const { nodeAffinity: _, ...others } = next
  if (previous === undefined && others.podAffinity === undefined && others.podAntiAffinity === undefined)
    return undefined
  return nodeAffinity === undefined ? others : { ...others, nodeAffinity }
}

function validateNodeSelectorMutation(next: PodSpec, previous: PodSpec): readonly FieldError[] {
  const old = previous.nodeSelector ?? {}
  const kept = Object.keys(old).every((key) => next.nodeSelector?.[key] === old[key])
  if (kept) return NONE
  return [
    invalid(
      'spec.nodeSelector',
      next.nodeSelector ?? null,
      'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ),
  ]
}

const TERMS = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'

const termsOf = (affinity: NodeAffinity | undefined): readonly NodeSelectorTerm[] =>
  affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []

function validateNodeAffinityMutation(next: PodSpec, previous: PodSpec): readonly FieldError[] {
  const old = termsOf(previous.affinity?.nodeAffinity)
  const now = termsOf(next.affinity?.nodeAffinity)
  if (old.length === 0 || deepEqual(next.affinity?.nodeAffinity, previous.affinity?.nodeAffinity)) return NONE
  if (old.length !== now.length) {
    return [
      invalid(
        TERMS,
        now.length === 0 ? null : now,
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ),
    ]
  }
  return old.flatMap((term, i) =>
    hasOnlyAdditions(now[i]!, term)
      ? []
      : [invalid(index(TERMS, i), now[i], 'only additions are allowed (no mutations or deletions)')],
  )
}

function hasOnlyAdditions(next: NodeSelectorTerm, previous: NodeSelectorTerm): boolean {
  const starts = <T>(list: readonly T[] = [], old: readonly T[] = []): boolean =>
    list.length >= old.length && deepEqual(list.slice(0, old.length), old)
  const wasEmpty = (previous.matchExpressions ?? []).length + (previous.matchFields ?? []).length === 0
  if (wasEmpty) return (next.matchExpressions ?? []).length + (next.matchFields ?? []).length === 0
  return starts(next.matchExpressions, previous.matchExpressions) && starts(next.matchFields, previous.matchFields)
}
