// Topology spread constraints. Upstream: validateTopologySpreadConstraints of pkg/apis/core/validation/validation.go.
import type { TopologySpreadConstraint } from '../core.ts'
import { duplicate, type FieldError, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { validateLabelKeys } from './affinity.ts'
import { checkSupported, NONE } from './field-checks.ts'
import { validateLabelSelector } from './label-selector.ts'
import { validatePositive } from './object-meta.ts'
import type { PodRules } from './pod-rules.ts'

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  if (constraints === undefined) return NONE
  return constraints.flatMap((constraint, i) => {
    const at = index(path, i)
    const repeated = constraints.slice(i + 1).some((other) => pairOf(other) === pairOf(constraint))
    return [
      ...validatePositive(constraint.maxSkew, child(at, 'maxSkew')),
      ...((constraint.topologyKey ?? '') === '' ? [required(child(at, 'topologyKey'), 'can not be empty')] : NONE),
      ...checkSupported(
        constraint.whenUnsatisfiable,
        ['DoNotSchedule', 'ScheduleAnyway'],
        child(at, 'whenUnsatisfiable'),
      ),
      ...(repeated ? [duplicate(child(at, '{topologyKey, whenUnsatisfiable}'), pairOf(constraint))] : NONE),
      ...validateMinDomains(constraint, child(at, 'minDomains')),
      ...validatePolicy(constraint.nodeAffinityPolicy, child(at, 'nodeAffinityPolicy')),
      ...validatePolicy(constraint.nodeTaintsPolicy, child(at, 'nodeTaintsPolicy')),
      ...validateLabelKeys({ matchLabelKeys: constraint.matchLabelKeys, labelSelector: constraint.labelSelector }, at),
      ...(rules.allowInvalidSpreadSelector
        ? NONE
        : validateLabelSelector(constraint.labelSelector, child(at, 'labelSelector'))),
    ]
  })
}

const pairOf = (constraint: TopologySpreadConstraint): string =>
  `{${constraint.topologyKey ?? ''}, ${constraint.whenUnsatisfiable ?? ''}}`

function validateMinDomains(constraint: TopologySpreadConstraint, path: FieldPath): readonly FieldError[] {
  const { minDomains, whenUnsatisfiable = '' } = constraint
  if (minDomains === undefined) return NONE
  const errors = validatePositive(minDomains, path)
  if (whenUnsatisfiable === 'DoNotSchedule') return errors
  return [
    ...errors,
    invalid(path, minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`),
  ]
}

const validatePolicy = (policy: string | undefined, path: FieldPath): readonly FieldError[] =>
  policy === undefined ? NONE : checkSupported(policy, ['Honor', 'Ignore'], path)
