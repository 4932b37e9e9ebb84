// Where a Pod may or would like to run. Upstream: validateAffinity and validateTopologySpreadConstraints of
// pkg/apis/core/validation/validation.go.
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from '../core.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import type { LabelSelector } from '../meta.ts'
import { checkFormat, NONE } from './field-checks.ts'
import { isDns1123Subdomain, isLabelValue, nameIsDnsLabel } from './format.ts'
import { validateLabelName, validateLabelSelector } from './label-selector.ts'
import type { PodRules } from './pod-rules.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
const WEIGHT = 'must be in the range 1-100'

/** Node affinity, Pod affinity and anti-affinity. */
export function validateAffinity(
  affinity: Affinity | undefined,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  if (affinity === undefined) return NONE
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity
  const errors: FieldError[] = []
  const node = child(path, 'nodeAffinity')
  if (nodeAffinity?.[REQUIRED] !== undefined)
    errors.push(
      ...validateNodeSelector(nodeAffinity[REQUIRED], child(node, REQUIRED), rules.allowInvalidAffinityValues),
    )
  nodeAffinity?.[PREFERRED]?.forEach((term, i) => {
    const at = index(child(node, PREFERRED), i)
    errors.push(...checkWeight(term.weight, at))
    // Label values are not checked here: such a term can still help where a label is missing.
    errors.push(...validateTerm(term.preference ?? {}, child(at, 'preference'), true))
  })
  if (podAffinity !== undefined) errors.push(...validatePodAffinity(podAffinity, child(path, 'podAffinity'), rules))
  if (podAntiAffinity !== undefined)
    errors.push(...validatePodAffinity(podAntiAffinity, child(path, 'podAntiAffinity'), rules))
  return errors
}

const checkWeight = (weight: number | undefined, path: FieldPath): readonly FieldError[] =>
  weight !== undefined && weight > 0 && weight <= 100 ? NONE : [invalid(child(path, 'weight'), weight ?? 0, WEIGHT)]

/** Upstream: ValidateNodeSelector. */
export function validateNodeSelector(
  selector: NodeSelector,
  path: FieldPath,
  allowInvalidValues: boolean,
): readonly FieldError[] {
  const at = child(path, 'nodeSelectorTerms')
  const terms = selector.nodeSelectorTerms ?? []
  if (terms.length === 0) return [required(at, 'must have at least one node selector term')]
  return terms.flatMap((term, i) => validateTerm(term, index(at, i), allowInvalidValues))
}

function validateTerm(term: NodeSelectorTerm, path: FieldPath, allowInvalidValues: boolean): readonly FieldError[] {
  const errors: FieldError[] = []
  term.matchExpressions?.forEach((requirement, i) => {
    errors.push(...validateExpression(requirement, index(child(path, 'matchExpressions'), i), allowInvalidValues))
  })
  term.matchFields?.forEach((requirement, i) => {
    errors.push(...validateFieldRequirement(requirement, index(child(path, 'matchFields'), i)))
  })
  return errors
}

function validateExpression(
  requirement: NodeSelectorRequirement,
  path: FieldPath,
  allowInvalidValues: boolean,
): readonly FieldError[] {
  const { key = '', operator = '', values = [] } = requirement
  const errors: FieldError[] = [
    ...validateOperator(operator, values, path),
    ...validateLabelName(key, child(path, 'key')),
  ]
  if (allowInvalidValues) return errors
  values.forEach((value, i) => {
    errors.push(...checkFormat(value, isLabelValue, index(child(path, 'values'), i)))
  })
  return errors
}

function validateOperator(operator: string, values: readonly string[], path: FieldPath): readonly FieldError[] {
  const at = child(path, 'values')
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? NONE : [required(at, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? NONE
        : [forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? NONE
        : [required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    default:
      return [invalid(child(path, 'operator'), operator, 'not a valid selector operator')]
  }
}

function validateFieldRequirement(requirement: NodeSelectorRequirement, path: FieldPath): readonly FieldError[] {
  const { key = '', operator = '', values = [] } = requirement
  const errors: FieldError[] = []
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalid(child(path, 'operator'), operator, 'not a valid selector operator'))
  else if (values.length !== 1) {
    errors.push(
      required(
        child(path, 'values'),
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      ),
    )
  }
  if (key !== 'metadata.name') return [...errors, invalid(child(path, 'key'), key, 'not a valid field selector key')]
  values.forEach((value, i) => {
    errors.push(...checkFormat(value, isDns1123Subdomain, index(child(path, 'values'), i)))
  })
  return errors
}

function validatePodAffinity(affinity: PodAffinity, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const errors: FieldError[] = []
  affinity[REQUIRED]?.forEach((term, i) => {
    errors.push(...validatePodAffinityTerm(term, index(child(path, REQUIRED), i), rules))
  })
  affinity[PREFERRED]?.forEach((term, i) => {
    const at = index(child(path, PREFERRED), i)
    errors.push(
      ...checkWeight(term.weight, at),
      ...validatePodAffinityTerm(term.podAffinityTerm ?? NO_TERM, child(at, 'podAffinityTerm'), rules),
    )
  })
  return errors
}

const NO_TERM: PodAffinityTerm = { topologyKey: '' }

function validatePodAffinityTerm(term: PodAffinityTerm, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const options = { allowInvalidValues: rules.allowInvalidSelectorValues }
  const { topologyKey = '', matchLabelKeys, mismatchLabelKeys, labelSelector } = term
  const at = child(path, 'topologyKey')
  return [
    ...validateLabelSelector(labelSelector, child(path, 'labelSelector'), options),
    ...validateLabelSelector(term.namespaceSelector, child(path, 'namespaceSelector'), options),
    ...(term.namespaces ?? []).flatMap((name) =>
      checkFormat(name, (text) => nameIsDnsLabel(text, false), child(path, 'namespace')),
    ),
    ...validateLabelKeys({ matchLabelKeys, mismatchLabelKeys, labelSelector }, path),
    ...(topologyKey === '' ? [required(at, 'can not be empty')] : NONE),
    ...validateLabelName(topologyKey, at),
  ]
}

interface LabelKeys {
  readonly matchLabelKeys: readonly string[] | undefined
  readonly mismatchLabelKeys?: readonly string[] | undefined
  readonly labelSelector: LabelSelector | undefined
}

/** Upstream: ValidateMatchLabelKeysAndMismatchLabelKeys. */
export function validateLabelKeys(
  { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector }: LabelKeys,
  path: FieldPath,
): readonly FieldError[] {
  const errors = [
    ...validateKeys(matchLabelKeys, labelSelector, child(path, 'matchLabelKeys')),
    ...validateKeys(mismatchLabelKeys, labelSelector, child(path, 'mismatchLabelKeys')),
  ]
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}))
  for (const { key = '' } of labelSelector?.matchExpressions ?? []) {
    const i = matchLabelKeys.lastIndexOf(key)
    if (i >= 0 && seen.has(key))
      errors.push(invalid(index(path, i), key, 'exists in both matchLabelKeys and labelSelector'))
    seen.add(key)
  }
  matchLabelKeys.forEach((key, i) => {
    if (!mismatchLabelKeys.includes(key)) return
    errors.push(
      invalid(index(child(path, 'matchLabelKeys'), i), key, 'exists in both matchLabelKeys and mismatchLabelKeys'),
    )
  })
  return errors
}

function validateKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
): readonly FieldError[] {
  if (keys.length === 0) return NONE
  if (selector === undefined) return [forbidden(path, 'must not be specified when labelSelector is not set')]
  return keys.flatMap((key, i) => validateLabelName(key, index(path, i)))
}
