// DaemonSets. Upstream: ValidateDaemonSet and ValidateDaemonSetUpdate of pkg/apis/apps/validation/validation.go, with the
// strategy of pkg/registry/apps/daemonset.
import type { DaemonSet, DaemonSetSpec, DaemonSetStatus, DaemonSetUpdateStrategy } from '../apps.ts'
import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath } from '../field-path.ts'
import { labelSelectorMatches } from '../labels.ts'
import type { LabelSelector, StringMap } from '../meta.ts'
import { NONE } from './field-checks.ts'
import { nameIsDnsSubdomain } from './format.ts'
import { intOrPercentValue, validateAtMost100Percent, validateIntOrPercent } from './int-or-percent.ts'
import { internalUpdateStrategy } from './internal-json.ts'
import {
  hasInvalidLabelValue,
  shownSelector,
  sortedMap,
  validateImmutableSelector,
  validateLabelSelector,
} from './label-selector.ts'
import { validateNonNegative, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import { type PodRules, TEMPLATE_RULES } from './pod-rules.ts'
import { validatePodTemplate } from './pod-template.ts'
import { rulesForTemplateUpdate } from './pod-update-rules.ts'

const META = { namespaced: true, name: nameIsDnsSubdomain }

export function validateDaemonSet(ds: DaemonSet): readonly FieldError[] {
  return [...validateObjectMeta(ds.metadata, META), ...validateSpec(ds.spec, 'spec', TEMPLATE_RULES)]
}

// Upstream's rules about templateGeneration cannot be broken over the API: the strategy sets it.
export function validateDaemonSetUpdate(next: DaemonSet, previous: DaemonSet): readonly FieldError[] {
  const rules = rulesForTemplateUpdate(previous.spec.template)
  const lax = hasInvalidLabelValue(previous.spec.selector) ? { ...rules, allowInvalidSelectorValues: true } : rules
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateImmutableSelector(next.spec.selector, previous.spec.selector),
    ...validateSpec(next.spec, 'spec', lax),
  ]
}

export function validateDaemonSetStatusUpdate(next: DaemonSet, previous: DaemonSet): readonly FieldError[] {
  const errors = [...validateObjectMetaUpdate(next.metadata, previous.metadata)]
  const status: Partial<DaemonSetStatus> = next.status ?? {}
  for (const field of STATUS_NUMBERS) errors.push(...validateNonNegative(status[field], child('status', field)))
  return [...errors, ...validateCollisionCount(status.collisionCount, previous.status?.collisionCount)]
}

const STATUS_NUMBERS = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const

/** The count of hash collisions only grows. Upstream: IsDecremented. */
export function validateCollisionCount(next: number | undefined, previous: number | undefined): readonly FieldError[] {
  const lower = previous !== undefined && (next === undefined || next < previous)
  return lower ? [invalid('status.collisionCount', next ?? 0, 'cannot be decremented')] : NONE
}

function validateSpec(spec: DaemonSetSpec, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const template = child(path, 'template', 'spec')
  const errors = [...validateSelectorAndLabels(spec.selector, spec.template.metadata?.labels, path, rules)]
  if (isEmptySelector(spec.selector))
    errors.push(
      invalid(child(path, 'selector'), shownSelector(spec.selector), 'empty selector is invalid for daemonset'),
    )
  errors.push(...validatePodTemplate(spec.template, child(path, 'template'), rules))
  const { restartPolicy, activeDeadlineSeconds } = spec.template.spec
  if (restartPolicy !== 'Always')
    errors.push(notSupported(child(template, 'restartPolicy'), restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds !== undefined) {
    errors.push(
      forbidden(child(template, 'activeDeadlineSeconds'), 'activeDeadlineSeconds in DaemonSet is not Supported'),
    )
  }
  errors.push(...validateNonNegative(spec.minReadySeconds, child(path, 'minReadySeconds')))
  errors.push(...validateUpdateStrategy(spec.updateStrategy ?? {}, child(path, 'updateStrategy')))
  return [...errors, ...validateNonNegative(spec.revisionHistoryLimit, child(path, 'revisionHistoryLimit'))]
}

/** The selector, and that it picks the template's labels; a selector that does not parse is not compared. */
function validateSelectorAndLabels(
  selector: LabelSelector | undefined,
  labels: StringMap | undefined,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  const at = child(path, 'selector')
  const errors = validateLabelSelector(selector, at, { allowInvalidValues: rules.allowInvalidSelectorValues })
  const parses = validateLabelSelector(selector, at).length === 0
  if (!parses || labelSelectorMatches(selector, labels)) return errors
  return [
    ...errors,
    invalid(
      child(path, 'template', 'metadata', 'labels'),
      sortedMap(labels),
      '`selector` does not match template `labels`',
    ),
  ]
}

/** Present, but without a single requirement. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  return (
    selector !== undefined &&
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0
  )
}

function validateUpdateStrategy(strategy: DaemonSetUpdateStrategy, path: FieldPath): readonly FieldError[] {
  if (strategy.type === 'OnDelete') return NONE
  if (strategy.type !== 'RollingUpdate')
    return [notSupported(path, internalUpdateStrategy(strategy), ['RollingUpdate', 'OnDelete'])]
  if (strategy.rollingUpdate === undefined) return [required(child(path, 'rollingUpdate'))]
  const { maxUnavailable = 0, maxSurge = 0 } = strategy.rollingUpdate
  const unavailableAt = child(path, 'rollingUpdate', 'maxUnavailable')
  const surgeAt = child(path, 'rollingUpdate', 'maxSurge')
  const errors = [
    ...validateIntOrPercent(maxUnavailable, unavailableAt),
    ...validateIntOrPercent(maxSurge, surgeAt),
    ...validateAtMost100Percent(maxUnavailable, unavailableAt),
    ...validateAtMost100Percent(maxSurge, surgeAt),
  ]
  const hasUnavailable = intOrPercentValue(maxUnavailable) !== 0
  const hasSurge = intOrPercentValue(maxSurge) !== 0
  if (hasUnavailable && hasSurge)
    errors.push(invalid(surgeAt, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  if (!hasUnavailable && !hasSurge) errors.push(required(unavailableAt, 'cannot be 0 when maxSurge is 0'))
  return errors
}
