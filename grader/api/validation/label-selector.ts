// Labels and label selectors. Upstream: k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go.
import { compareStrings, deepEqual } from '../compare.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import type { LabelSelector, LabelSelectorRequirement, StringMap } from '../meta.ts'
import { isLabelKey, isLabelValue } from './format.ts'

const NONE: readonly FieldError[] = []
const soundLabels = new WeakSet<StringMap>()

/** Keys and values of labels; every error names the map, not the key. Upstream: ValidateLabels. */
export function validateLabels(labels: StringMap, path: FieldPath): readonly FieldError[] {
  if (soundLabels.has(labels)) return NONE
  const errors: FieldError[] = []
  for (const key of Object.keys(labels).sort(compareStrings)) {
    errors.push(...validateLabelName(key, path))
    for (const message of isLabelValue(labels[key]!)) errors.push(invalid(path, labels[key], message))
  }
  if (errors.length === 0) soundLabels.add(labels)
  return errors
}

/** Upstream: ValidateLabelName. */
export function validateLabelName(key: string, path: FieldPath): readonly FieldError[] {
  return isLabelKey(key).map((message) => invalid(path, key, message))
}

export interface SelectorOptions {
  /** Values that are no label values may stay: an update of an object that already holds such a value. */
  readonly allowInvalidValues?: boolean
}

/** A selector of matchLabels and matchExpressions; an absent one is fine here. Upstream: ValidateLabelSelector. */
export function validateLabelSelector(
  selector: LabelSelector | undefined,
  path: FieldPath,
  options: SelectorOptions = {},
): readonly FieldError[] {
  if (selector === undefined) return NONE
  const errors = [...validateLabels(selector.matchLabels ?? {}, child(path, 'matchLabels'))]
  selector.matchExpressions?.forEach((requirement, i) => {
    errors.push(...validateRequirement(requirement, index(child(path, 'matchExpressions'), i), options))
  })
  return errors
}

/** A map as Go prints it: by key. */
export function sortedMap(map: StringMap | undefined): StringMap | undefined {
  return map === undefined
    ? undefined
    : Object.fromEntries(
        Object.keys(map)
          .sort(compareStrings)
          .map((key) => [key, map[key]!]),
      )
}

/** A selector as an error shows it: fields in the order of the struct, labels by key. */
export function shownSelector(selector: LabelSelector | undefined): object | undefined {
  if (selector === undefined) return undefined
  const { matchLabels, matchExpressions } = selector
  const expressions = matchExpressions?.map(({ key = '', operator = '', values }) => ({
    key,
    operator,
    ...(values === undefined ? {} : { values }),
  }))
  return {
    ...(Object.keys(matchLabels ?? {}).length === 0 ? {} : { matchLabels: sortedMap(matchLabels) }),
    ...((expressions ?? []).length === 0 ? {} : { matchExpressions: expressions }),
  }
}

/** A workload's selector never changes: Pods would be lost or taken. */
export function validateImmutableSelector(
  next: LabelSelector | undefined,
  previous: LabelSelector | undefined,
): readonly FieldError[] {
  return deepEqual(next, previous) ? NONE : [invalid('spec.selector', shownSelector(next), 'field is immutable')]
}

/** Whether an expression holds a value that is no label value. Upstream: LabelSelectorHasInvalidLabelValue. */
export function hasInvalidLabelValue(selector: LabelSelector | undefined): boolean {
  return (selector?.matchExpressions ?? []).some((requirement) =>
    (requirement.values ?? []).some((value) => isLabelValue(value).length > 0),
  )
}

function validateRequirement(
  requirement: LabelSelectorRequirement,
  path: FieldPath,
  options: SelectorOptions,
): readonly FieldError[] {
  const { key = '', operator = '', values = [] } = requirement
  const errors: FieldError[] = [
    ...validateOperator(operator, values, path),
    ...validateLabelName(key, child(path, 'key')),
  ]
  if (options.allowInvalidValues === true) return errors
  values.forEach((value, i) => {
    for (const message of isLabelValue(value)) errors.push(invalid(index(child(path, 'values'), i), value, message))
  })
  return errors
}

function validateOperator(operator: string, values: readonly string[], path: FieldPath): readonly FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? NONE
        : [required(child(path, 'values'), "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? NONE
        : [forbidden(child(path, 'values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    default:
      return [invalid(child(path, 'operator'), operator, 'not a valid selector operator')]
  }
}
