// Kinds with few rules: Namespace, ServiceAccount, ConfigMap, Secret, ControllerRevision, Lease, Event, PriorityClass,
// RuntimeClass, PodDisruptionBudget. Upstream: pkg/apis/{core,apps,coordination,scheduling,node,policy}/validation.
import type { ControllerRevision } from '../apps.ts'
import { deepEqual } from '../compare.ts'
import type { ConfigMap, Event, Namespace, Secret, ServiceAccount, Toleration } from '../core.ts'
import { type FieldError, forbidden, invalid, required, tooLong } from '../field-error.ts'
import { child, index, mapKey } from '../field-path.ts'
import type { KubeObject } from '../meta.ts'
import type { Lease, PodDisruptionBudget, PriorityClass, RuntimeClass } from '../other.ts'
import { checkFormat, checkSupported, NONE, requireSupported, sortedKeys } from './field-checks.ts'
import {
  byteLength,
  isConfigMapKey,
  isDns1123Label,
  isDns1123Subdomain,
  isLabelKey,
  nameIsDnsLabel,
  nameIsDnsSubdomain,
} from './format.ts'
import { validateAtMost100Percent, validateIntOrPercent } from './int-or-percent.ts'
import { internalJson } from './internal-json.ts'
import { hasInvalidLabelValue, validateLabelSelector, validateLabels } from './label-selector.ts'
import { deprecatedNodeLabel } from './node-label-warnings.ts'
import {
  validateImmutable,
  validateKubeFinalizer,
  validateNonNegative,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from './object-meta.ts'
import { TEMPLATE_RULES } from './pod-rules.ts'
import { validateContainerResources } from './resources.ts'
import { validateTolerations } from './tolerations.ts'

const NAMESPACED = { namespaced: true, name: nameIsDnsSubdomain }
const CLUSTER = { namespaced: false, name: nameIsDnsSubdomain }

/** Kinds whose update is checked as a change of metadata and nothing else. */
export const validateOnlyMetaUpdate = (next: KubeObject, previous: KubeObject): readonly FieldError[] =>
  validateObjectMetaUpdate(next.metadata, previous.metadata)

export const validateNamespace = (namespace: Namespace): readonly FieldError[] => [
  ...validateObjectMeta(namespace.metadata, { namespaced: false, name: nameIsDnsLabel }),
  ...(namespace.spec?.finalizers ?? []).flatMap((name) => [
    ...checkFormat(name, isLabelKey, 'spec.finalizers'),
    ...validateKubeFinalizer(name, 'spec.finalizers'),
  ]),
]

export function validateNamespaceStatusUpdate(next: Namespace, previous: Namespace): readonly FieldError[] {
  const errors = validateObjectMetaUpdate(next.metadata, previous.metadata)
  const phase = next.status?.phase ?? ''
  const ending = next.metadata.deletionTimestamp !== undefined
  const wanted = ending ? 'Terminating' : 'Active'
  if (phase === wanted) return errors
  return [
    ...errors,
    invalid('status.Phase', phase, `may only be '${wanted}' if \`deletionTimestamp\` is ${ending ? 'not ' : ''}empty`),
  ]
}

export const validateServiceAccount = (account: ServiceAccount): readonly FieldError[] =>
  validateObjectMeta(account.metadata, NAMESPACED)

export const validateServiceAccountUpdate = (next: ServiceAccount, previous: ServiceAccount): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateServiceAccount(next),
]

const MAX_SIZE = 1024 * 1024
const IMMUTABLE = 'field is immutable when `immutable` is set'

/** Bytes that the base64 text stands for. */
const decodedLength = (text: string): number =>
  Math.floor((text.length * 3) / 4) - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)

export function validateConfigMap(map: ConfigMap): readonly FieldError[] {
  const errors = [...validateObjectMeta(map.metadata, NAMESPACED)]
  let size = 0
  for (const field of ['data', 'binaryData'] as const) {
    for (const key of sortedKeys(map[field])) {
      const at = mapKey(field, key)
      errors.push(...checkFormat(key, isConfigMapKey, at))
      if (field === 'data' && map.binaryData?.[key] !== undefined)
        errors.push(invalid(at, key, 'duplicate of key present in binaryData'))
      size += field === 'data' ? byteLength(map.data![key]!) : decodedLength(map.binaryData![key]!)
    }
  }
  return size > MAX_SIZE ? [...errors, tooLong('', `may not be more than ${MAX_SIZE} bytes`)] : errors
}

export function validateConfigMapUpdate(next: ConfigMap, previous: ConfigMap): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateSealed(next, previous, ['data', 'binaryData']),
    ...validateConfigMap(next),
  ]
}

/** What is marked immutable stays as it is. */
function validateSealed<T extends { readonly immutable?: boolean }>(
  next: T,
  previous: T,
  fields: readonly (keyof T & string)[],
): readonly FieldError[] {
  if (previous.immutable !== true) return NONE
  const errors: FieldError[] = next.immutable === true ? [] : [forbidden('immutable', IMMUTABLE)]
  for (const field of fields)
    if (!deepEqual(next[field] ?? {}, previous[field] ?? {})) errors.push(forbidden(field, IMMUTABLE))
  return errors
}

/** What a Secret of a built-in type must hold; one of a list of lists. Simplified: their contents are not parsed. */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}

export function validateSecret(secret: Secret): readonly FieldError[] {
  const errors = [...validateObjectMeta(secret.metadata, NAMESPACED)]
  const data = secret.data ?? {}
  let size = 0
  for (const key of sortedKeys(data)) {
    errors.push(...checkFormat(key, isConfigMapKey, mapKey('data', key)))
    size += decodedLength(data[key]!)
  }
  if (size > MAX_SIZE) errors.push(tooLong('data', `may not be more than ${MAX_SIZE} bytes`))
  const { type = '' } = secret
  if (type === 'kubernetes.io/service-account-token') {
    const name = 'kubernetes.io/service-account.name'
    if ((secret.metadata.annotations?.[name] ?? '') === '') errors.push(required(mapKey('metadata.annotations', name)))
  }
  if (type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined) {
    errors.push(required(mapKey('data', 'username')), required(mapKey('data', 'password')))
  }
  const missing = (SECRET_KEYS[type] ?? []).filter(
    (key) => data[key] === undefined || (key === 'ssh-privatekey' && data[key] === ''),
  )
  return [...errors, ...missing.map((key) => required(mapKey('data', key)))]
}

export function validateSecretUpdate(next: Secret, previous: Secret): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateImmutable(next.type, previous.type, 'type'),
    ...validateSealed(next, previous, ['data']),
    ...validateSecret(next),
  ]
}

export function validateControllerRevision(revision: ControllerRevision): readonly FieldError[] {
  const errors = validateRevisionMeta(revision)
  const data: unknown = revision.data
  if (data === undefined || data === null) return [...errors, required('data', 'data is mandatory')]
  const isObject = typeof data === 'object' && !Array.isArray(data)
  return isObject ? errors : [...errors, required('data', 'data must be a valid JSON object')]
}

const validateRevisionMeta = (revision: ControllerRevision): readonly FieldError[] => [
  ...validateObjectMeta(revision.metadata, NAMESPACED),
  ...validateNonNegative(revision.revision, 'revision'),
]

export const validateControllerRevisionUpdate = (
  next: ControllerRevision,
  previous: ControllerRevision,
): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateRevisionMeta(next),
  ...validateImmutable(next.data, previous.data, 'data'),
]

export const validateLease = (lease: Lease): readonly FieldError[] => [
  ...validateObjectMeta(lease.metadata, NAMESPACED),
  ...validateLeaseSpec(lease),
]

export const validateLeaseUpdate = (next: Lease, previous: Lease): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateLeaseSpec(next),
]

function validateLeaseSpec(lease: Lease): readonly FieldError[] {
  const { leaseDurationSeconds: duration, leaseTransitions: transitions } = lease.spec ?? {}
  const errors: FieldError[] = []
  if (duration !== undefined && duration <= 0)
    errors.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'))
  return [...errors, ...validateNonNegative(transitions, 'spec.leaseTransitions')]
}

/** An Event lies in the namespace of what it is about. Events of the v1 API keep the rules of old ones. */
export function validateEvent(event: Event): readonly FieldError[] {
  const { namespace = '' } = event.metadata
  const involved = event.involvedObject?.namespace ?? ''
  const dated = (event.eventTime ?? undefined) !== undefined
  const errors: FieldError[] = []
  const homes = dated ? ['default', 'kube-system'] : ['', 'default']
  const fine = involved === '' ? homes.includes(namespace) : dated || namespace === involved
  if (!fine) errors.push(invalid('involvedObject.namespace', involved, 'does not match event.namespace'))
  if (dated) errors.push(...validateDatedEvent(event))
  return [...errors, ...checkFormat(namespace, isDns1123Subdomain, 'namespace')]
}

function validateDatedEvent({
  reportingComponent = '',
  reportingInstance = '',
  action = '',
  reason = '',
  message = '',
}: Event): readonly FieldError[] {
  const errors: FieldError[] = reportingComponent === '' ? [required('reportingComponent')] : []
  errors.push(...checkFormat(reportingComponent, isLabelKey, 'reportingComponent'))
  const texts: readonly (readonly [string, string, number])[] = [
    ['reportingInstance', reportingInstance, 128],
    ['action', action, 128],
    ['reason', reason, 128],
    ['message', message, 1024],
  ]
  for (const [field, text, most] of texts) {
    if (text === '' && field !== 'message') errors.push(required(field))
    if (byteLength(text) > most) errors.push(invalid(field, '', `can have at most ${most} characters`))
  }
  return errors
}

const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-node-critical': 2000001000,
  'system-cluster-critical': 2000000000,
}
const HIGHEST_USER_PRIORITY = 1000000000

export function validatePriorityClass(priorityClass: PriorityClass): readonly FieldError[] {
  const errors = [...validateObjectMeta(priorityClass.metadata, CLUSTER)]
  const { name } = priorityClass.metadata
  if ((name ?? '').startsWith('system-')) {
    const problem = systemClassProblem(priorityClass)
    if (problem !== undefined) {
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`,
        ),
      )
    }
  } else if (priorityClass.value > HIGHEST_USER_PRIORITY) {
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`))
  }
  if (priorityClass.preemptionPolicy === undefined) return errors
  return [
    ...errors,
    ...requireSupported(priorityClass.preemptionPolicy, ['PreemptLowerPriority', 'Never'], 'preemptionPolicy'),
  ]
}

function systemClassProblem({ metadata: { name }, value, globalDefault }: PriorityClass): string | undefined {
  const wanted = Object.hasOwn(SYSTEM_CLASSES, name) ? SYSTEM_CLASSES[name] : undefined
  if (wanted === undefined) return `${name} is not a known system priority class`
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`
  return globalDefault === true ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

export function validatePriorityClassUpdate(next: PriorityClass, previous: PriorityClass): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...(next.value === previous.value ? NONE : [forbidden('value', 'may not be changed in an update.')]),
    ...validateImmutable(next.preemptionPolicy, previous.preemptionPolicy, 'preemptionPolicy'),
  ]
}

export function validateRuntimeClass(runtimeClass: RuntimeClass): readonly FieldError[] {
  const { handler = '', overhead, scheduling } = runtimeClass
  const errors = [
    ...validateObjectMeta(runtimeClass.metadata, CLUSTER),
    ...checkFormat(handler, isDns1123Label, 'handler'),
  ]
  if (overhead !== undefined)
    errors.push(...validateContainerResources({ limits: overhead.podFixed ?? {} }, [], 'overhead', TEMPLATE_RULES))
  if (scheduling === undefined) return errors
  errors.push(...validateLabels(scheduling.nodeSelector ?? {}, 'scheduling.nodeSelector'))
  const at = 'scheduling.tolerations'
  const tolerations = scheduling.tolerations ?? []
  errors.push(...validateTolerations(tolerations, at))
  const keys = tolerations.map(({ key = '', operator = '', value = '', effect = '' }) => ({
    Key: key,
    Operator: operator,
    Value: value,
    Effect: effect,
    TolerationSeconds: null,
  }))
  keys.forEach((key, i) => {
    if (keys.slice(0, i).some((other) => deepEqual(other, key)))
      errors.push({
        type: 'Duplicate value',
        path: index(at, i),
        badValue: tolerationShown(tolerations[i]!),
        detail: '',
      })
  })
  return errors
}

const tolerationShown = (toleration: Toleration): object => internalJson('Toleration', toleration)

export const validateRuntimeClassUpdate = (next: RuntimeClass, previous: RuntimeClass): readonly FieldError[] => [
  ...validateRuntimeClass(next),
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateImmutable(next.handler, previous.handler, 'handler'),
]

export const runtimeClassWarnings = ({ scheduling }: RuntimeClass): readonly string[] =>
  sortedKeys(scheduling?.nodeSelector)
    .map(deprecatedNodeLabel)
    .filter((message) => message !== undefined)
    .map((message) => `scheduling.nodeSelector: ${message}`)

/** A budget's metadata is checked by the common rules alone. */
export const validatePodDisruptionBudget = (budget: PodDisruptionBudget): readonly FieldError[] =>
  validateBudgetSpec(budget, false)

export const validatePodDisruptionBudgetUpdate = (
  next: PodDisruptionBudget,
  previous: PodDisruptionBudget,
): readonly FieldError[] => validateBudgetSpec(next, hasInvalidLabelValue(previous.spec?.selector))

function validateBudgetSpec({ spec = {} }: PodDisruptionBudget, allowInvalidValues: boolean): readonly FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec
  const errors: FieldError[] = []
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    }
    errors.push(invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set'))
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec[field]
    if (value !== undefined)
      errors.push(
        ...validateIntOrPercent(value, child('spec', field)),
        ...validateAtMost100Percent(value, child('spec', field)),
      )
  }
  errors.push(...validateLabelSelector(selector, 'spec.selector', { allowInvalidValues }))
  return policy === undefined
    ? errors
    : [...errors, ...checkSupported(policy, ['AlwaysAllow', 'IfHealthyBudget'], 'spec.unhealthyPodEvictionPolicy')]
}

export function validatePodDisruptionBudgetStatusUpdate({ status }: PodDisruptionBudget): readonly FieldError[] {
  return (['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const).flatMap((field) =>
    validateNonNegative(status?.[field], child('status', field)),
  )
}
