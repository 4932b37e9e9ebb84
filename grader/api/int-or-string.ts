/**
 * A whole number, or a percentage such as `10%`. Upstream: k8s.io/apimachinery/pkg/util/intstr.
 */
import type { IntOrString } from './apps.ts'

export type Rounding = 'up' | 'down'

export type ScaledValue = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string }

const INT32_MAX = 2147483647
const INT32_MIN = -2147483648

/** The percentage of a text such as `25%`, or undefined if it is none. Upstream: getIntOrPercentValueSafely. */
export function percentOf(value: IntOrString): number | undefined {
  if (typeof value === 'number' || !value.endsWith('%')) return undefined
  const digits = value.slice(0, -1)
  return /^[+-]?[0-9]{1,18}$/.test(digits) ? Number(digits) : undefined
}

/**
 * The number that the value means for a total: percentages are rounded up or down. Fails, with upstream's text, for a
 * string that is no percentage. Upstream: intstr.GetScaledValueFromIntOrPercent.
 */
export function scaledValue(value: IntOrString, total: number, rounding: Rounding): ScaledValue {
  if (typeof value === 'number') return { ok: true, value }
  if (!value.endsWith('%')) {
    return { ok: false, error: 'invalid value for IntOrString: invalid type: string is not a percentage' }
  }
  const percent = percentOf(value)
  if (percent === undefined) {
    return {
      ok: false,
      error: `invalid value for IntOrString: invalid value "${value}": strconv.Atoi: parsing ${JSON.stringify(value.slice(0, -1))}: invalid syntax`,
    }
  }
  const exact = (percent * total) / 100
  return { ok: true, value: rounding === 'up' ? Math.ceil(exact) : Math.floor(exact) }
}

/** The text as Go prints it: `1` or `10%`. Upstream: IntOrString.String. */
export function formatIntOrString(value: IntOrString): string {
  return typeof value === 'number' ? String(value) : value
}

/** IntValue: the number, or the number a text spells, else 0. Upstream: IntOrString.IntValue. */
export function intValueOf(value: IntOrString): number {
  if (typeof value === 'number') return value
  return /^[+-]?[0-9]{1,18}$/.test(value) ? Number(value) : 0
}

/** Whether a number fits the 32 bits that the field has. */
export function isInt32(value: number): boolean {
  return Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX
}
