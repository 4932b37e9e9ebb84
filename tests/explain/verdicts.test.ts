import { describe, expect, it } from 'vitest'
import { lineOf, play, rowOf } from './scenarios.ts'
import { VERDICT_CASES } from './verdict-cases.ts'

describe('why a node has the verdict it has', () => {
  it.each(VERDICT_CASES.map((one) => [one.says, one] as const))('%s', (_, one) => {
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
    for (const because of row?.because ?? []) expect(because.message).not.toMatch(/undefined|NaN|``/)
  })

  it('rows are the nodes, in their order, for every DaemonSet', () => {
    const played = play({
      says: '',
      nodes: '[{ name: w-2 }, { name: w-1 }, { name: w-10 }]',
      node: 'w-1',
      verdict: 'Running',
      codes: [],
    })
    expect(played.rows.map(({ name }) => name)).toEqual(['w-1', 'w-10', 'w-2'])
  })
})
