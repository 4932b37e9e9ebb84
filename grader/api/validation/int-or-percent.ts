// Numbers or percentages of a rolling update. Upstream: pkg/apis/apps/validation/validation.go.
import type { IntOrString } from '../apps.ts'
import { type FieldError, invalid } from '../field-error.ts'
import type { FieldPath } from '../field-path.ts'
import { intValueOf } from '../int-or-string.ts'
import { NONE } from './field-checks.ts'
import { isPercent } from './format.ts'

/** Upstream: ValidatePositiveIntOrPercent. Zero is fine. */
export function validateIntOrPercent(value: IntOrString, path: FieldPath): readonly FieldError[] {
  if (typeof value === 'string') return isPercent(value).map((message) => invalid(path, value, message))
  return value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : NONE
}

/** Upstream: IsNotMoreThan100Percent. */
export function validateAtMost100Percent(value: IntOrString, path: FieldPath): readonly FieldError[] {
  const percent = percentOf(value)
  return percent === undefined || percent <= 100 ? NONE : [invalid(path, value, 'must not be greater than 100%')]
}

/** The number in front of a percent sign, or the number; text that is neither counts as 0. Upstream: getIntOrPercentValue. */
export function intOrPercentValue(value: IntOrString): number {
  return percentOf(value) ?? intValueOf(value)
}

function percentOf(value: IntOrString): number | undefined {
  return typeof value === 'string' && isPercent(value).length === 0 ? Number(value.slice(0, -1)) : undefined
}
