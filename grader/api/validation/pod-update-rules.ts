// What an update may keep because the object already had it. Upstream: GetValidationOptionsFromPodSpecAndMeta of
// pkg/api/pod/util.go.
import type { PodAffinity, PodSpec, PodTemplateSpec } from '../core.ts'
import type { StringMap } from '../meta.ts'
import { checkLocalNonReservedPath } from './field-checks.ts'
import { isLabelValue } from './format.ts'
import { hasInvalidLabelValue, validateLabelSelector } from './label-selector.ts'
import { isDeletionCost } from './pod-annotations.ts'
import { POD_RULES, type PodRules, TEMPLATE_RULES } from './pod-rules.ts'
import { isHugePagesName, isWholePages } from './resource-names.ts'
import { hostNamespaceOf } from './security-context.ts'
import type { VolumeFields } from './volume-sources.ts'

const known = new WeakMap<PodSpec, Omit<PodRules, 'isPod' | 'allowInvalidDeletionCost'>>()

/** The rules for a new version of a Pod that was like this. */
export function rulesForPodUpdate(previous: PodSpec, annotations: StringMap | undefined): PodRules {
  const cost = annotations?.['controller.kubernetes.io/pod-deletion-cost']
  return { ...POD_RULES, ...laxities(previous), allowInvalidDeletionCost: cost !== undefined && !isDeletionCost(cost) }
}

/** The rules for a new version of a template that was like this. */
export function rulesForTemplateUpdate(previous: PodTemplateSpec): PodRules {
  return { ...rulesForPodUpdate(previous.spec, previous.metadata?.annotations), isPod: TEMPLATE_RULES.isPod }
}

function laxities(spec: PodSpec): Omit<PodRules, 'isPod' | 'allowInvalidDeletionCost'> {
  const found = known.get(spec)
  if (found !== undefined) return found
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const expressions = required.flatMap((term) => term.matchExpressions ?? [])
  const made = {
    allowInvalidSelectorValues:
      hasInvalidSelector(spec.affinity?.podAffinity) || hasInvalidSelector(spec.affinity?.podAntiAffinity),
    allowInvalidAffinityValues: expressions.some(({ values = [] }) =>
      values.some((value) => isLabelValue(value).length > 0),
    ),
    allowInvalidSpreadSelector: (spec.topologySpreadConstraints ?? []).some(
      ({ labelSelector }) => validateLabelSelector(labelSelector, '').length > 0,
    ),
    allowHostSysctls: (spec.securityContext?.sysctls ?? []).some(
      ({ name }) => hostNamespaceOf(name, spec) !== undefined,
    ),
    allowNonLocalTokenPath: (spec.volumes ?? []).some((volume) =>
      tokenPaths(volume as unknown as VolumeFields).some(isNotLocal),
    ),
    allowIndivisibleHugePages: [...(spec.containers ?? []), ...(spec.initContainers ?? [])].some(({ resources }) =>
      [resources?.limits ?? {}, resources?.requests ?? {}].some((list) =>
        Object.keys(list).some((name) => isHugePagesName(name) && !isWholePages(name, list[name]!)),
      ),
    ),
  }
  known.set(spec, made)
  return made
}

function hasInvalidSelector(affinity: PodAffinity | undefined): boolean {
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const terms = [
    ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...preferred.map((term) => term.podAffinityTerm),
  ]
  return terms.some((term) => hasInvalidLabelValue(term?.labelSelector))
}

const tokenPaths = (volume: VolumeFields): readonly string[] =>
  (volume.projected?.sources ?? []).flatMap((source) =>
    source.serviceAccountToken === undefined ? [] : [source.serviceAccountToken.path ?? ''],
  )
const isNotLocal = (path: string): boolean => checkLocalNonReservedPath(path, '').length > 0
