import { describe, expect, it } from 'vitest'
import { intValueOf, percentOf, scaledValue } from '../../grader/api/int-or-string.ts'

describe('a percentage of the Nodes is rounded as asked', () => {
  it.each([
    ['10%', 15, 'up', 2],
    ['10%', 15, 'down', 1],
    ['0%', 15, 'up', 0],
    ['100%', 7, 'up', 7],
    ['34%', 3, 'up', 2],
    [3, 10, 'up', 3],
  ] as const)('%s of %d rounded %s is %d', (value, total, rounding, expected) => {
    expect(scaledValue(value, total, rounding)).toEqual({ ok: true, value: expected })
  })
})

describe('a string that is no percentage is refused', () => {
  it.each(['10', 'ten', ''])('%j', (text) => {
    expect(scaledValue(text, 10, 'up')).toEqual({
      ok: false,
      error: 'invalid value for IntOrString: invalid type: string is not a percentage',
    })
    expect(percentOf(text)).toBeUndefined()
  })
  it('a percent sign alone is no percentage either', () => {
    expect(scaledValue('a%', 10, 'up').ok).toBe(false)
  })
})

it('a number written as text counts as that number where upstream reads IntValue', () => {
  expect(intValueOf('12')).toBe(12)
  expect(intValueOf('x')).toBe(0)
})
