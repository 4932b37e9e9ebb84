// Deployments and ReplicaSets. Upstream: ValidateDeployment and ValidateReplicaSet of pkg/apis/apps/validation/validation.go.
import type { Deployment, DeploymentSpec, ReplicaSet, ReplicaSetSpec } from '../apps.ts'
import type { PodTemplateSpec } from '../core.ts'
import { type FieldError, forbidden, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath } from '../field-path.ts'
import { labelSelectorMatches } from '../labels.ts'
import type { KubeObject, LabelSelector } from '../meta.ts'
import { isEmptySelector, validateCollisionCount } from './daemon-set.ts'
import { NONE } from './field-checks.ts'
import { isDns1123Label, nameIsDnsSubdomain } from './format.ts'
import { intOrPercentValue, validateAtMost100Percent, validateIntOrPercent } from './int-or-percent.ts'
import { internalJson } from './internal-json.ts'
import { shownSelector, sortedMap, validateImmutableSelector, validateLabelSelector } from './label-selector.ts'
import { validateNonNegative, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import { type PodRules, TEMPLATE_RULES } from './pod-rules.ts'
import { validatePodTemplate } from './pod-template.ts'
import { rulesForTemplateUpdate } from './pod-update-rules.ts'
import { templateWarnings } from './pod-warnings.ts'

const META = { namespaced: true, name: nameIsDnsSubdomain }
const EMPTY_TEMPLATE: PodTemplateSpec = { spec: { containers: [] } }

export const validateDeployment = (deployment: Deployment): readonly FieldError[] => [
  ...validateObjectMeta(deployment.metadata, META),
  ...validateDeploymentSpec(deployment.spec, TEMPLATE_RULES),
]

export const validateDeploymentUpdate = (next: Deployment, previous: Deployment): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateDeploymentSpec(next.spec, rulesForTemplateUpdate(previous.spec.template)),
  ...validateImmutableSelector(next.spec.selector, previous.spec.selector),
]

export const validateReplicaSet = (rs: ReplicaSet): readonly FieldError[] => [
  ...validateObjectMeta(rs.metadata, META),
  ...validateReplicaSetSpec(rs.spec, TEMPLATE_RULES),
]

export const validateReplicaSetUpdate = (next: ReplicaSet, previous: ReplicaSet): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateReplicaSetSpec(next.spec, rulesForTemplateUpdate(previous.spec.template ?? EMPTY_TEMPLATE)),
  ...validateImmutableSelector(next.spec.selector, previous.spec.selector),
]

function validateDeploymentSpec(spec: DeploymentSpec, rules: PodRules): readonly FieldError[] {
  const errors = [
    ...validateNonNegative(spec.replicas, 'spec.replicas'),
    ...validateSelectorAndTemplate(spec.selector, spec.template, rules),
    ...validateStrategy(spec.strategy ?? {}, 'spec.strategy'),
    ...validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'),
    ...validateNonNegative(spec.progressDeadlineSeconds, 'spec.progressDeadlineSeconds'),
  ]
  const deadline = spec.progressDeadlineSeconds
  if (deadline === undefined || deadline > (spec.minReadySeconds ?? 0)) return errors
  return [...errors, invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')]
}

const validateReplicaSetSpec = (spec: ReplicaSetSpec, rules: PodRules): readonly FieldError[] => [
  ...validateNonNegative(spec.replicas, 'spec.replicas'),
  ...validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
  ...validateSelectorAndTemplate(spec.selector, spec.template ?? EMPTY_TEMPLATE, rules),
]

function validateSelectorAndTemplate(
  selector: LabelSelector | undefined,
  template: PodTemplateSpec,
  rules: PodRules,
): readonly FieldError[] {
  const at = 'spec.selector'
  const format = validateLabelSelector(selector, at)
  const errors: FieldError[] = selector === undefined ? [required(at)] : [...format]
  if (isEmptySelector(selector))
    errors.push(invalid(at, shownSelector(selector), 'empty selector is invalid for deployment'))
  if (format.length > 0) return [...errors, invalid(at, shownSelector(selector), 'invalid label selector')]
  const labels = template.metadata?.labels
  if (!isEmptySelector(selector) && !labelSelectorMatches(selector, labels)) {
    errors.push(
      invalid('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'),
    )
  }
  errors.push(...validatePodTemplate(template, 'spec.template', rules))
  const { restartPolicy, activeDeadlineSeconds } = template.spec
  if (restartPolicy !== 'Always')
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy ?? '', ['Always']))
  if (activeDeadlineSeconds === undefined) return errors
  return [
    ...errors,
    forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in ReplicaSet is not Supported'),
  ]
}

function validateStrategy(strategy: NonNullable<DeploymentSpec['strategy']>, path: FieldPath): readonly FieldError[] {
  const at = child(path, 'rollingUpdate')
  if (strategy.type === 'Recreate') {
    return strategy.rollingUpdate === undefined
      ? NONE
      : [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")]
  }
  if (strategy.type !== 'RollingUpdate')
    return [notSupported(path, internalJson('DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate'])]
  if (strategy.rollingUpdate === undefined) return [required(at, 'this should be defaulted and never be nil')]
  const { maxUnavailable = 0, maxSurge = 0 } = strategy.rollingUpdate
  const unavailableAt = child(at, 'maxUnavailable')
  const bothZero = intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0
  return [
    ...validateIntOrPercent(maxUnavailable, unavailableAt),
    ...validateIntOrPercent(maxSurge, child(at, 'maxSurge')),
    ...(bothZero ? [invalid(unavailableAt, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : NONE),
    ...validateAtMost100Percent(maxUnavailable, unavailableAt),
  ]
}

type Counts = Readonly<Record<string, number | undefined>>

/** The counts of a Deployment's status: none negative, none above replicas. */
export function validateDeploymentStatusUpdate(next: Deployment, previous: Deployment): readonly FieldError[] {
  const status = (next.status ?? {}) as unknown as Counts
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...nonNegative(status, [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'terminatingReplicas',
      'collisionCount',
    ]),
    ...atMostReplicas(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...validateCollisionCount(status.collisionCount, previous.status?.collisionCount),
  ]
}

export function validateReplicaSetStatusUpdate(next: ReplicaSet, previous: ReplicaSet): readonly FieldError[] {
  const status = (next.status ?? {}) as unknown as Counts
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...nonNegative(status, [
      'replicas',
      'fullyLabeledReplicas',
      'readyReplicas',
      'availableReplicas',
      'observedGeneration',
      'terminatingReplicas',
    ]),
    ...atMostReplicas(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  ]
}

const nonNegative = (status: Counts, fields: readonly string[]): readonly FieldError[] =>
  fields.flatMap((field) => validateNonNegative(status[field], child('status', field)))

function atMostReplicas(status: Counts, fields: readonly string[]): readonly FieldError[] {
  const over = fields.filter((field) => (status[field] ?? 0) > (status.replicas ?? 0))
  const errors = over.map((field) =>
    invalid(child('status', field), status[field], 'cannot be greater than status.replicas'),
  )
  if ((status.availableReplicas ?? 0) <= (status.readyReplicas ?? 0)) return errors
  return [
    ...errors,
    invalid('status.availableReplicas', status.availableReplicas, 'cannot be greater than readyReplicas'),
  ]
}

/** A name that becomes part of Pod names and hostnames is better a DNS label. */
export function hostnameWarnings(object: KubeObject): readonly string[] {
  const messages = isDns1123Label(object.metadata.name)
  if (messages.length === 0) return []
  return [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${messages.join(' ')}]`,
  ]
}

/** Warnings on create, and on update where the generation of the spec rose. */
export function deploymentWarnings(
  next: Deployment | ReplicaSet,
  previous: Deployment | ReplicaSet | undefined,
): readonly string[] {
  if (previous !== undefined && previous.metadata.generation === next.metadata.generation) return []
  const name = previous === undefined ? hostnameWarnings(next) : []
  return next.spec.template === undefined ? name : [...name, ...templateWarnings(next.spec.template, 'spec.template')]
}
