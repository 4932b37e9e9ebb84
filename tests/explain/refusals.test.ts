import { describe, expect, it } from 'vitest'
import { REFUSAL_CASES } from './refusal-cases.ts'
import { lineOf, play, rowOf } from './scenarios.ts'

describe('what admission refuses', () => {
  it.each(REFUSAL_CASES.map((one) => [one.says, one] as const))('%s', (_, one) => {
    const played = play(one)
    const row = rowOf(played, one.node)
    const first = row?.because[0]
    expect({ verdict: row?.verdict, codes: row?.because.map(({ code }) => code) }).toEqual({
      verdict: one.verdict,
      codes: one.codes,
    })
    if (one.kubernetes !== undefined) expect(first?.kubernetes ?? '').toContain(one.kubernetes)
    if (one.points !== undefined) expect(lineOf(played, first)).toBe(one.points)
    if (one.object !== undefined) expect(first?.object).toContain(one.object)
  })
})
