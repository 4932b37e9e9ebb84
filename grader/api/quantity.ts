/**
 * Exact amounts such as `500m`, `1.5Gi`, `129e6`. Upstream: k8s.io/apimachinery/pkg/api/resource (Quantity).
 * A quantity is `mantissa × 10^exponent`; the mantissa is a number as long as it is a safe integer, else a bigint.
 */

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

export interface Quantity {
  readonly mantissa: number | bigint
  /** Power of ten; never below -9. */
  readonly exponent: number
  readonly format: QuantityFormat
  /** The text it was parsed from, if upstream prints that unchanged. */
  readonly text?: string
}

export type ParsedQuantity =
  | { readonly ok: true; readonly value: Quantity }
  | { readonly ok: false; readonly error: string }

export const QUANTITY_FORMAT_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
export const QUANTITY_SUFFIX_ERROR = "unable to parse quantity's suffix"
export const QUANTITY_NUMERIC_ERROR = 'unable to parse numeric part of quantity'

export const ZERO_QUANTITY: Quantity = { mantissa: 0, exponent: 0, format: 'DecimalSI', text: '0' }

const DECIMAL_SUFFIXES: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const BINARY_SUFFIXES: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }
const DECIMAL_NAMES = new Map(Object.entries(DECIMAL_SUFFIXES).map(([name, exponent]) => [exponent, name]))
const BINARY_NAMES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const MAX_INT64 = 9223372036854775807n
const NANO = -9
/** Go's own limit for its int64 fast path (`maxInt64Factors`). */
const FAST_DIGITS = 18

// The scanner upstream is looser than the expression its error names: `1.` and `.5` pass, and so does `` after a sign.
const SHAPE = /^([+-]?)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/

interface Parts {
  readonly sign: string
  readonly num: string
  readonly denom: string
  readonly suffix: string
}

function splitText(text: string): Parts | undefined {
  const match = SHAPE.exec(text)
  if (match === null) return undefined
  const num = match[2]!.replace(/^0+/, '')
  return { sign: match[1]!, num: num === '' ? '0' : num, denom: match[4] ?? '', suffix: match[5]! }
}

interface Unit {
  readonly format: QuantityFormat
  /** Power of ten, or of two for BinarySI. */
  readonly power: number
}

function interpretSuffix(suffix: string): Unit | undefined {
  const decimal = Object.hasOwn(DECIMAL_SUFFIXES, suffix) ? DECIMAL_SUFFIXES[suffix] : undefined
  if (decimal !== undefined) return { format: 'DecimalSI', power: decimal }
  const binary = Object.hasOwn(BINARY_SUFFIXES, suffix) ? BINARY_SUFFIXES[suffix] : undefined
  if (binary !== undefined) return { format: 'BinarySI', power: binary }
  if (!/^[eE][-+]?[0-9]{1,18}$/.test(suffix)) return undefined
  // Simplified: exponents past ±1000 are refused as a suffix; upstream takes any 32-bit one and may then run for minutes.
  const power = Number(suffix.slice(1))
  return Math.abs(power) > 1000 ? undefined : { format: 'DecimalExponent', power }
}

const narrow = (value: bigint): number | bigint =>
  value <= 9007199254740991n && value >= -9007199254740991n ? Number(value) : value

/** Upstream keeps the text where it is surely canonical: a cheap test, not an exact one (`+5` and `1.500` stay). */
function keepsItsText(parts: Parts, unit: Unit): boolean {
  const shifted = parts.num + parts.denom
  if (unit.format === 'BinarySI') {
    const precision = 15 - parts.num.length - Math.trunc((unit.power * 3) / 10) - 1
    return parts.denom === '' && precision >= 0 && (Number(parts.num) & 7) !== 0
  }
  const scale = unit.power - parts.denom.length
  if (shifted.length > FAST_DIGITS || scale < NANO) return false
  return scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
}

/**
 * Reads the text of a quantity. Fails with one of upstream's three error texts.
 * Upstream: resource.ParseQuantity.
 */
export function parseQuantity(text: string): ParsedQuantity {
  if (text === '') return { ok: false, error: QUANTITY_FORMAT_ERROR }
  if (text === '0') return { ok: true, value: ZERO_QUANTITY }
  if (/^[+-]$/.test(text)) return { ok: true, value: { mantissa: 0, exponent: 0, format: 'DecimalSI' } }
  const parts = splitText(text)
  if (parts === undefined) return { ok: false, error: QUANTITY_FORMAT_ERROR }
  const unit = interpretSuffix(parts.suffix)
  if (unit === undefined) return { ok: false, error: QUANTITY_SUFFIX_ERROR }
  if (!/[0-9]/.test(text.slice(0, text.length - parts.suffix.length))) return withoutDigits(parts, unit)
  return { ok: true, value: valueOfParts(parts, unit, text) }
}

/** `.`, `+.Ki`, `k`: Go's fast path reads the missing digits as 0, its exact path fails. */
function withoutDigits(parts: Parts, unit: Unit): ParsedQuantity {
  const fast = unit.format === 'BinarySI' || unit.power - parts.denom.length >= NANO
  return fast
    ? { ok: true, value: { mantissa: 0, exponent: 0, format: unit.format } }
    : { ok: false, error: QUANTITY_NUMERIC_ERROR }
}

function valueOfParts(parts: Parts, unit: Unit, text: string): Quantity {
  let digits = BigInt(parts.num + parts.denom)
  let exponent = -parts.denom.length
  let format = unit.format
  if (format === 'BinarySI') digits <<= BigInt(unit.power)
  else exponent += unit.power
  if (exponent < NANO) {
    // Finer than nano rounds away from zero: who asks for a little gets a little.
    const unitSize = 10n ** BigInt(NANO - exponent)
    digits = (digits + unitSize - 1n) / unitSize
    exponent = NANO
  }
  if (format === 'BinarySI') {
    const one = 10n ** BigInt(-exponent)
    if (digits > MAX_INT64 * one) return { mantissa: signed(parts, MAX_INT64), exponent: 0, format }
    if (digits > 0n && digits < one) format = 'DecimalSI'
  }
  const value = { mantissa: narrow(signed(parts, digits)), exponent, format }
  return keepsItsText(parts, unit) ? { ...value, text } : value
}

const signed = (parts: Parts, digits: bigint): bigint => (parts.sign === '-' ? -digits : digits)

const memo = new Map<string, Quantity>()
const MEMO_LIMIT = 5000

/**
 * The quantity of a text that was validated before; a text that does not parse counts as zero. Remembered by text, so
 * that asking again costs one lookup.
 */
export function quantity(text: string | undefined): Quantity {
  if (text === undefined) return ZERO_QUANTITY
  const known = memo.get(text)
  if (known !== undefined) return known
  const parsed = parseQuantity(text)
  const value = parsed.ok ? parsed.value : ZERO_QUANTITY
  if (memo.size >= MEMO_LIMIT) memo.clear()
  memo.set(text, value)
  return value
}

/** A whole number (or thousandths, with exponent -3) as a quantity. */
export function quantityFrom(mantissa: number | bigint, format: QuantityFormat = 'DecimalSI', exponent = 0): Quantity {
  return { mantissa: typeof mantissa === 'bigint' ? narrow(mantissa) : mantissa, exponent, format }
}

export function isZeroQuantity(q: Quantity): boolean {
  return q.mantissa === 0
}

/** -1, 0 or 1. */
export function signOfQuantity(q: Quantity): number {
  return q.mantissa > 0 ? 1 : q.mantissa < 0 ? -1 : 0
}

function mantissaAt(q: Quantity, exponent: number): bigint {
  return BigInt(q.mantissa) * 10n ** BigInt(q.exponent - exponent)
}

/** Both mantissas at the smaller exponent, as numbers if that is exact, else as bigints. */
function aligned(a: Quantity, b: Quantity): readonly [number | bigint, number | bigint, number] {
  if (a.exponent === b.exponent) return sameKind(a.mantissa, b.mantissa, a.exponent)
  const exponent = Math.min(a.exponent, b.exponent)
  if (typeof a.mantissa === 'number' && typeof b.mantissa === 'number') {
    const x = a.mantissa * 10 ** (a.exponent - exponent)
    const y = b.mantissa * 10 ** (b.exponent - exponent)
    if (Number.isSafeInteger(x) && Number.isSafeInteger(y)) return [x, y, exponent]
  }
  return [mantissaAt(a, exponent), mantissaAt(b, exponent), exponent]
}

function sameKind(
  a: number | bigint,
  b: number | bigint,
  exponent: number,
): readonly [number | bigint, number | bigint, number] {
  if (typeof a === typeof b) return [a, b, exponent]
  return [BigInt(a), BigInt(b), exponent]
}

/** Negative, zero or positive, as a is less than, equal to or greater than b. Upstream: Quantity.Cmp. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const [x, y] = aligned(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

/** a + b, in the format of a unless a is zero. Upstream: Quantity.Add. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return combine(a, b, 1)
}

/** a - b, in the format of a unless a is zero. Upstream: Quantity.Sub. */
export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return combine(a, b, -1)
}

function combine(a: Quantity, b: Quantity, sign: 1 | -1): Quantity {
  const format = isZeroQuantity(a) ? b.format : a.format
  const [x, y, exponent] = aligned(a, b)
  if (typeof x === 'number' && typeof y === 'number') {
    const sum = x + sign * y
    if (Number.isSafeInteger(sum)) return { mantissa: sum, exponent, format }
  }
  return { mantissa: narrow(BigInt(x) + BigInt(sign) * BigInt(y)), exponent, format }
}

/** The sum of the quantities; zero for none. */
export function sumQuantities(all: Iterable<Quantity>): Quantity {
  let sum = ZERO_QUANTITY
  for (const q of all) sum = addQuantities(sum, q)
  return sum
}

/** -q, in the same format. */
export function negateQuantity(q: Quantity): Quantity {
  return { mantissa: -q.mantissa as number | bigint, exponent: q.exponent, format: q.format }
}

/** The amount in units of 10^exponent, rounded away from zero, as a bigint. Upstream: Quantity.ScaledValue. */
export function scaledBig(q: Quantity, exponent: number): bigint {
  if (q.exponent >= exponent) return mantissaAt(q, exponent)
  const unitSize = 10n ** BigInt(exponent - q.exponent)
  const mantissa = BigInt(q.mantissa)
  const quotient = mantissa / unitSize
  if (quotient * unitSize === mantissa) return quotient
  return mantissa > 0n ? quotient + 1n : quotient - 1n
}

function scaledNumber(q: Quantity, exponent: number): number {
  if (typeof q.mantissa === 'number') {
    if (q.exponent === exponent) return q.mantissa
    if (q.exponent > exponent) {
      const exact = q.mantissa * 10 ** (q.exponent - exponent)
      if (Number.isSafeInteger(exact)) return exact
    } else {
      const quotient = q.mantissa / 10 ** (exponent - q.exponent)
      if (Number.isInteger(quotient)) return quotient
    }
  }
  const exact = scaledBig(q, exponent)
  // An int64 cannot hold more; neither do we pretend to.
  return Number(exact > MAX_INT64 ? MAX_INT64 : exact < -MAX_INT64 ? -MAX_INT64 : exact)
}

/** The amount in whole units, rounded up (away from zero). Upstream: Quantity.Value. */
export function valueOfQuantity(q: Quantity): number {
  return scaledNumber(q, 0)
}

/** The amount in thousandths, rounded up (away from zero). Upstream: Quantity.MilliValue. */
export function milliValueOfQuantity(q: Quantity): number {
  return scaledNumber(q, -3)
}

/** Rounds away from zero to thousandths; what is coarser stays, its text too. Upstream: Quantity.RoundUp(Milli). */
export function roundUpToMilli(q: Quantity): Quantity {
  if (q.exponent >= -3) return q
  return { mantissa: narrow(scaledBig(q, -3)), exponent: -3, format: q.format }
}

/** Whether the amount is a whole number of units. */
export function isWholeQuantity(q: Quantity): boolean {
  return q.exponent >= 0 || BigInt(q.mantissa) % 10n ** BigInt(-q.exponent) === 0n
}

/** The text as upstream prints it (canonical form, in the quantity's own format). Upstream: Quantity.String. */
export function formatQuantity(q: Quantity): string {
  if (q.text !== undefined) return q.text
  if (isZeroQuantity(q)) return '0'
  if (q.format === 'BinarySI' && isWholeQuantity(q)) {
    const value = scaledBig(q, 0)
    if (value >= 1024n || value <= -1024n) return formatBinary(value)
  }
  return formatDecimal(q)
}

function formatBinary(value: bigint): string {
  let rest = value
  let times = 0
  while (times < BINARY_NAMES.length - 1 && rest % 1024n === 0n) {
    rest /= 1024n
    times++
  }
  return `${rest}${BINARY_NAMES[times]}`
}

function formatDecimal(q: Quantity): string {
  let mantissa = BigInt(q.mantissa)
  let exponent = q.exponent
  while (mantissa % 10n === 0n) {
    mantissa /= 10n
    exponent++
  }
  while (exponent % 3 !== 0) {
    mantissa *= 10n
    exponent--
  }
  const suffix = q.format === 'DecimalExponent' ? undefined : DECIMAL_NAMES.get(exponent)
  if (suffix !== undefined) return `${mantissa}${suffix}`
  return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`
}

/**
 * What a client's text (or number) looks like once the API server stored it; undefined if it does not parse.
 */
export function canonicalQuantity(text: string): string | undefined {
  const parsed = parseQuantity(text)
  return parsed.ok ? formatQuantity(parsed.value) : undefined
}
