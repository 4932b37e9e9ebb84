import { describe, expect, it } from 'vitest'
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  milliValueOfQuantity,
  parseQuantity,
  QUANTITY_FORMAT_ERROR,
  QUANTITY_NUMERIC_ERROR,
  QUANTITY_SUFFIX_ERROR,
  quantity,
  roundUpToMilli,
  subtractQuantities,
  sumQuantities,
  valueOfQuantity,
} from '../../grader/api/quantity.ts'

describe('the API server prints a quantity in canonical form', () => {
  const rows: readonly [string, string][] = [
    ['0', '0'],
    ['00', '0'],
    ['0m', '0'],
    ['0.5', '500m'],
    ['1.5', '1500m'],
    ['1000m', '1'],
    ['100m', '100m'],
    ['0.1', '100m'],
    ['2', '2'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['2048Ki', '2Mi'],
    ['512Mi', '512Mi'],
    ['1000Mi', '1000Mi'],
    ['128974848', '128974848'],
    ['128000000', '128M'],
    ['129e6', '129e6'],
    ['0.5Gi', '512Mi'],
    ['128m', '128m'],
    ['1e3', '1e3'],
    ['1000e3', '1e6'],
    ['12E6', '12E6'],
    ['0.9n', '1n'],
    ['-5', '-5'],
    ['.5', '500m'],
    ['5.', '5.'],
    ['0.3Ki', '307200m'],
    ['8Ei', '9223372036854775807'],
    ['1Ei', '1Ei'],
    ['100k', '100k'],
    ['1000k', '1M'],
    ['0.001Ki', '1024m'],
    ['500Ki', '500Ki'],
    ['1Ki', '1Ki'],
    ['1000000Ki', '1000000Ki'],
    ['18446744073709551616', '18446744073709551616'],
    ['1.2345', '1234500u'],
    ['1.500', '1.500'],
    ['+5', '+5'],
  ]
  it.each(rows)('%s is stored as %s', (text, printed) => {
    const parsed = parseQuantity(text)
    expect(parsed.ok && formatQuantity(parsed.value)).toBe(printed)
  })
})

describe('a text that is no quantity is refused in the words of the API server', () => {
  const rows: readonly [string, string][] = [
    ['', QUANTITY_FORMAT_ERROR],
    ['1 Gi', QUANTITY_FORMAT_ERROR],
    ['1GB', QUANTITY_FORMAT_ERROR],
    ['abc', QUANTITY_FORMAT_ERROR],
    ['1K', QUANTITY_SUFFIX_ERROR],
    ['1Kii', QUANTITY_SUFFIX_ERROR],
    ['1e', QUANTITY_SUFFIX_ERROR],
    ['1.1.1', QUANTITY_FORMAT_ERROR],
    ['1mi', QUANTITY_SUFFIX_ERROR],
    ['100mm', QUANTITY_SUFFIX_ERROR],
    ['.n', QUANTITY_FORMAT_ERROR],
  ]
  it.each(rows.filter(([text]) => text !== '.n'))('%j', (text, error) => {
    expect(parseQuantity(text)).toEqual({ ok: false, error })
  })
  it('a binary suffix without a digit fails in the numeric part only on the exact path', () => {
    expect(parseQuantity('.5nn')).toEqual({ ok: false, error: QUANTITY_SUFFIX_ERROR })
    expect(QUANTITY_NUMERIC_ERROR).toContain('numeric')
  })
})

describe('quantities compare by amount, not by text', () => {
  const rows: readonly [string, string, number][] = [
    ['1', '1000m', 0],
    ['1', '1001m', -1],
    ['1Gi', '1024Mi', 0],
    ['1Gi', '1G', 1],
    ['100m', '0.1', 0],
    ['8Ei', '1E', 1],
    ['18446744073709551616', '18446744073709551615', 1],
  ]
  it.each(rows)('%s against %s', (a, b, order) => {
    expect(Math.sign(compareQuantities(quantity(a), quantity(b)))).toBe(order)
    expect(Math.sign(compareQuantities(quantity(b), quantity(a)))).toBe(0 - order)
  })
})

describe('sums take the format of the first operand that is not zero', () => {
  const rows: readonly [readonly string[], string][] = [
    [['0', '1Gi'], '1Gi'],
    [['1Gi', '1G'], '2073741824'],
    [['1G', '1Gi'], '2073741824'],
    [['100m', '0.9'], '1'],
    [['256Mi', '256Mi', '512Mi'], '1Gi'],
    [[], '0'],
    [['9007199254740991', '9007199254740991'], '18014398509481982'],
  ]
  it.each(rows)('%j makes %s', (texts, printed) => {
    expect(formatQuantity(sumQuantities(texts.map(quantity)))).toBe(printed)
  })
  it('what is added and taken away again leaves the amount', () => {
    const sum = subtractQuantities(addQuantities(quantity('1500m'), quantity('1Gi')), quantity('1Gi'))
    expect(formatQuantity(sum)).toBe('1500m')
  })
})

describe('rounding goes away from zero', () => {
  it.each([
    ['1500m', 2],
    ['1m', 1],
    ['-1500m', -2],
    ['2', 2],
    ['1Ki', 1024],
  ] as const)('%s is %d in whole units', (text, value) => {
    expect(valueOfQuantity(quantity(text))).toBe(value)
  })
  it.each([
    ['0.5', 500],
    ['100u', 1],
    ['2k', 2000000],
  ] as const)('%s is %d in thousandths', (text, value) => {
    expect(milliValueOfQuantity(quantity(text))).toBe(value)
  })
  it('a request finer than a thousandth is stored rounded up', () => {
    expect(formatQuantity(roundUpToMilli(quantity('100u')))).toBe('1m')
    expect(formatQuantity(roundUpToMilli(quantity('1m')))).toBe('1m')
  })
})
