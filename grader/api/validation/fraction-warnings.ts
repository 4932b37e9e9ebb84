// Amounts of bytes that are not whole.
import { goQuote } from '../field-error.ts'
import type { FieldPath } from '../field-path.ts'
import { formatQuantity, isWholeQuantity, quantity } from '../quantity.ts'

/** Bytes come whole: an amount of memory or storage with a fraction is warned of. Upstream: pkg/api/pod/warnings.go. */
export function fractionWarning(text: string | undefined, path: FieldPath): readonly string[] {
  const amount = quantity(text)
  if (text === undefined || isWholeQuantity(amount)) return []
  return [`${path}: fractional byte value ${goQuote(formatQuantity(amount))} is invalid, must be an integer`]
}
