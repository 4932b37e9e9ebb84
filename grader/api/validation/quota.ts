// ResourceQuotas and LimitRanges. Upstream: ValidateResourceQuota and ValidateLimitRange of
// pkg/apis/core/validation/validation.go.
import type { LimitRange, LimitRangeItem, ResourceList, ResourceQuota } from '../core.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index, mapKey } from '../field-path.ts'
import { compareQuantities, formatQuantity, milliValueOfQuantity, type Quantity, quantity } from '../quantity.ts'
import { checkFormat, NONE, sortedKeys } from './field-checks.ts'
import { isLabelKey, nameIsDnsSubdomain } from './format.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import {
  isOvercommitAllowed,
  validateContainerResourceName,
  validateQuotaResourceName,
  validateResourceName,
  validateResourceQuantity,
} from './resource-names.ts'

const META = { namespaced: true, name: nameIsDnsSubdomain }
const POD_SCOPES = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']
const SCOPES = [...POD_SCOPES, 'PriorityClass', 'VolumeAttributesClass']

export const validateResourceQuota = (quota: ResourceQuota): readonly FieldError[] => [
  ...validateObjectMeta(quota.metadata, META),
  ...validateQuotaSpec(quota.spec ?? {}),
  ...validateQuotaStatus(quota),
]

export function validateResourceQuotaUpdate(next: ResourceQuota, previous: ResourceQuota): readonly FieldError[] {
  const errors = [...validateObjectMetaUpdate(next.metadata, previous.metadata), ...validateQuotaSpec(next.spec ?? {})]
  const now = next.spec?.scopes ?? []
  const old = previous.spec?.scopes ?? []
  const same = now.every((scope) => old.includes(scope)) && old.every((scope) => now.includes(scope))
  return same ? errors : [...errors, invalid('spec.scopes', next.spec?.scopes ?? null, 'field is immutable')]
}

export const validateResourceQuotaStatusUpdate = (
  next: ResourceQuota,
  previous: ResourceQuota,
): readonly FieldError[] => [
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
  ...validateQuotaStatus(next),
]

const validateQuotaStatus = (quota: ResourceQuota): readonly FieldError[] => [
  ...validateAmounts(quota.status?.hard, 'status.hard'),
  ...validateAmounts(quota.status?.used, 'status.used'),
]

function validateAmounts(list: ResourceList | undefined, path: FieldPath): readonly FieldError[] {
  return sortedKeys(list).flatMap((name) => [
    ...validateQuotaResourceName(name, mapKey(path, name)),
    ...validateResourceQuantity(name, list![name]!, mapKey(path, name)),
  ])
}

interface ScopeRequirement {
  readonly scopeName?: string
  readonly operator?: string
  readonly values?: readonly string[]
}

function validateQuotaSpec(spec: NonNullable<ResourceQuota['spec']>): readonly FieldError[] {
  const hard = sortedKeys(spec.hard)
  const errors = [...validateAmounts(spec.hard, 'spec.hard')]
  const scopes = spec.scopes ?? []
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'))
    for (const name of hard)
      if (!fitsScope(scope, name)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope applied to resource'))
  }
  errors.push(...conflicts(scopes, 'spec.scopes', scopes))
  const selector = spec.scopeSelector as { readonly matchExpressions?: readonly ScopeRequirement[] } | undefined
  if (selector === undefined) return errors
  const at = 'spec.scopeSelector.matchExpressions'
  const requirements = selector.matchExpressions ?? []
  for (const requirement of requirements) {
    const { scopeName = '' } = requirement
    if (!SCOPES.includes(scopeName)) errors.push(invalid(child(at, 'scopeName'), scopeName, 'unsupported scope'))
    for (const name of hard)
      if (!fitsScope(scopeName, name))
        errors.push(invalid(at, internalSelector(requirements), 'unsupported scope applied to resource'))
    errors.push(...validateScopeRequirement(requirement, at))
  }
  return [
    ...errors,
    ...conflicts(
      requirements.map(({ scopeName = '' }) => scopeName),
      at,
      spec.scopes ?? null,
    ),
  ]
}

const internalSelector = (requirements: readonly ScopeRequirement[]): object => ({
  MatchExpressions: requirements.map(({ scopeName = '', operator = '', values }) => ({
    ScopeName: scopeName,
    Operator: operator,
    Values: values ?? null,
  })),
})

const COMPUTE = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory']
const isStandardQuotaName = (name: string): boolean =>
  validateQuotaResourceName(name, '').length === 0 && !name.includes('/')

/** Whether the scope can be asked of what the quota counts. Upstream: IsResourceQuotaScopeValidForResource. */
function fitsScope(scope: string, name: string): boolean {
  if (!isStandardQuotaName(name)) return true
  if (scope === 'BestEffort') return name === 'pods'
  if (scope === 'VolumeAttributesClass') return name === 'persistentvolumeclaims' || name === 'requests.storage'
  return SCOPES.includes(scope) ? name === 'pods' || COMPUTE.includes(name) : true
}

function conflicts(scopes: readonly string[], path: FieldPath, shown: unknown): readonly FieldError[] {
  const pairs = [['BestEffort', 'NotBestEffort'] as const, ['Terminating', 'NotTerminating'] as const]
  return pairs
    .filter(([a, b]) => scopes.includes(a) && scopes.includes(b))
    .map(() => invalid(path, shown, 'conflicting scopes'))
}

const EXISTS_ONLY =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"

function validateScopeRequirement(
  { scopeName = '', operator = '', values = [] }: ScopeRequirement,
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const at = child(path, 'operator')
  if (POD_SCOPES.includes(scopeName) && operator !== 'Exists') errors.push(invalid(at, operator, EXISTS_ONLY))
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length > 0) return errors
    return [
      ...errors,
      required(
        child(path, 'values'),
        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      ),
    ]
  }
  if (operator !== 'Exists' && operator !== 'DoesNotExist')
    return [...errors, invalid(at, operator, 'not a valid selector operator')]
  if (values.length === 0) return errors
  return [
    ...errors,
    invalid(
      child(path, 'values'),
      values,
      "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
    ),
  ]
}

export const validateLimitRange = (range: LimitRange): readonly FieldError[] => [
  ...validateObjectMeta(range.metadata, META),
  ...validateItems(range),
]

/** Upstream checks a changed LimitRange as a new one. */
export const validateLimitRangeUpdate = (next: LimitRange): readonly FieldError[] => validateLimitRange(next)

function validateItems(range: LimitRange): readonly FieldError[] {
  const types = new Set<string>()
  return (range.spec?.limits ?? []).flatMap((item, i) => {
    const at = index('spec.limits', i)
    const errors = [...validateType(item.type ?? '', child(at, 'type'))]
    if (types.has(item.type)) errors.push(duplicate(child(at, 'type'), item.type))
    types.add(item.type)
    return [...errors, ...validateItem(item, at)]
  })
}

function validateType(type: string, path: FieldPath): readonly FieldError[] {
  const errors = checkFormat(type, isLabelKey, path)
  if (errors.length > 0 || type.includes('/') || ['Pod', 'Container', 'PersistentVolumeClaim'].includes(type))
    return errors
  return [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

function validateItem(item: LimitRangeItem, path: FieldPath): readonly FieldError[] {
  const checkName =
    item.type === 'Pod' || item.type === 'Container' ? validateContainerResourceName : validateResourceName
  const names = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio'): readonly FieldError[] =>
    sortedKeys(item[field]).flatMap((name) => checkName(name, mapKey(child(path, field), name)))
  const errors = [...names('max'), ...names('min')]
  for (const field of ['default', 'defaultRequest'] as const) {
    if (item.type !== 'Pod') errors.push(...names(field))
    else if (Object.keys(item[field] ?? {}).length > 0)
      errors.push(forbidden(child(path, field), "may not be specified when `type` is 'Pod'"))
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.storage === undefined && item.max?.storage === undefined) {
    errors.push(
      required(child(path, 'limits'), 'either minimum or maximum storage value is required, but neither was provided'),
    )
  }
  errors.push(...names('maxLimitRequestRatio'))
  const all = new Set(
    [item.max, item.min, item.default, item.defaultRequest, item.maxLimitRequestRatio].flatMap((list) =>
      Object.keys(list ?? {}),
    ),
  )
  return [...errors, ...[...all].sort().flatMap((name) => validateBounds(item, name, path))]
}

function validateBounds(item: LimitRangeItem, name: string, path: FieldPath): readonly FieldError[] {
  const of = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio'): Quantity | undefined => {
    const text = item[field]?.[name]
    return text === undefined ? undefined : quantity(text)
  }
  const [min, max, limit, request, ratio] = [
    of('min'),
    of('max'),
    of('default'),
    of('defaultRequest'),
    of('maxLimitRequestRatio'),
  ]
  const errors: FieldError[] = []
  const compare = (
    a: Quantity | undefined,
    b: Quantity | undefined,
    field: string,
    shown: Quantity | undefined,
    words: readonly [string, string],
  ): void => {
    if (a === undefined || b === undefined || compareQuantities(a, b) <= 0) return
    const detail = `${words[0]} value ${formatQuantity(a)} is greater than ${words[1]} value ${formatQuantity(b)}`
    errors.push(invalid(mapKey(child(path, field), name), formatQuantity(shown!), detail))
  }
  compare(min, max, 'min', min, ['min', 'max'])
  compare(min, request, 'defaultRequest', request, ['min', 'default request'])
  compare(request, max, 'defaultRequest', request, ['default request', 'max'])
  compare(request, limit, 'defaultRequest', request, ['default request', 'default limit'])
  compare(min, limit, 'default', min, ['min', 'default'])
  compare(limit, max, 'default', max, ['default', 'max'])
  if (ratio !== undefined)
    errors.push(...validateRatio(ratio, min, max, mapKey(child(path, 'maxLimitRequestRatio'), name)))
  if (
    !isOvercommitAllowed(name) &&
    limit !== undefined &&
    request !== undefined &&
    compareQuantities(limit, request) !== 0
  ) {
    const detail = `default value ${formatQuantity(limit)} must equal to defaultRequest value ${formatQuantity(request)} in ${name}`
    errors.push(invalid(mapKey(child(path, 'defaultRequest'), name), formatQuantity(request), detail))
  }
  return errors
}

function validateRatio(
  ratio: Quantity,
  min: Quantity | undefined,
  max: Quantity | undefined,
  path: FieldPath,
): readonly FieldError[] {
  const shown = formatQuantity(ratio)
  const errors: readonly FieldError[] =
    milliValueOfQuantity(ratio) < 1000 ? [invalid(path, shown, `ratio ${shown} is less than 1`)] : NONE
  if (min === undefined || max === undefined) return errors
  const most = milliValueOfQuantity(max) / milliValueOfQuantity(min)
  if (milliValueOfQuantity(ratio) / 1000 <= most) return errors
  return [...errors, invalid(path, shown, `ratio ${shown} is greater than max/min = ${most.toFixed(6)}`)]
}
