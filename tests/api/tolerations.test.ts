import { describe, expect, it } from 'vitest'
import type { Taint, Toleration } from '../../grader/api/core.ts'
import { firstUntoleratedTaint, formatTaint, tolerationMismatch } from '../../grader/api/tolerations.ts'

const kv: Taint = { key: 'k', value: 'v', effect: 'NoSchedule' }
const k: Taint = { key: 'k', effect: 'NoSchedule' }
const kvExecute: Taint = { key: 'k', value: 'v', effect: 'NoExecute' }
const other: Taint = { key: 'other', effect: 'NoSchedule' }

describe('a toleration covers a taint if effect, key and value agree', () => {
  // Columns: k=v:NoSchedule, k:NoSchedule, k=v:NoExecute, other:NoSchedule.
  const rows: readonly [string, Toleration, readonly [boolean, boolean, boolean, boolean]][] = [
    [
      'Equal with value and effect',
      { key: 'k', operator: 'Equal', value: 'v', effect: 'NoSchedule' },
      [true, false, false, false],
    ],
    ['key and value, all effects', { key: 'k', value: 'v' }, [true, false, true, false]],
    ['key and effect, empty value', { key: 'k', effect: 'NoSchedule' }, [false, true, false, false]],
    ['Exists', { key: 'k', operator: 'Exists' }, [true, true, true, false]],
    ['Exists for NoExecute', { key: 'k', operator: 'Exists', effect: 'NoExecute' }, [false, false, true, false]],
    ['everything', { operator: 'Exists' }, [true, true, true, true]],
    ['everything that is NoSchedule', { operator: 'Exists', effect: 'NoSchedule' }, [true, true, false, true]],
    [
      'an operator that is not known covers nothing',
      { key: 'k', operator: 'Gt', value: 'v' },
      [false, false, false, false],
    ],
  ]
  it.each(rows)('%s', (_, toleration, expected) => {
    expect([kv, k, kvExecute, other].map((taint) => tolerationMismatch(toleration, taint) === undefined)).toEqual(
      expected,
    )
  })
})

describe('what stands against a taint is told', () => {
  it.each([
    [{ key: 'k', operator: 'Exists', effect: 'NoExecute' }, 'effect'],
    [{ key: 'x', operator: 'Exists' }, 'key'],
    [{ key: 'k', value: 'w' }, 'value'],
    [{ key: 'k', operator: 'Lt', value: 'v' }, 'operator'],
    [{ key: 'k', value: 'v' }, undefined],
  ] as const)('%j', (toleration, mismatch) => {
    expect(tolerationMismatch(toleration, kv)).toBe(mismatch)
  })
})

describe('the first untolerated taint in the order of the Node decides', () => {
  it('a taint that only lowers the score never does', () => {
    expect(firstUntoleratedTaint([{ key: 'a', effect: 'PreferNoSchedule' }, k], [])).toBe(k)
    expect(firstUntoleratedTaint([{ key: 'a', effect: 'PreferNoSchedule' }], [])).toBeUndefined()
  })
  it('a tolerated one is passed over', () => {
    expect(firstUntoleratedTaint([k, other], [{ key: 'k', operator: 'Exists' }])).toBe(other)
    expect(firstUntoleratedTaint([k, other], [{ operator: 'Exists' }])).toBeUndefined()
  })
  it('only the effects asked for count', () => {
    expect(firstUntoleratedTaint([k, kvExecute], [], ['NoExecute'])).toBe(kvExecute)
  })
})

it('a taint is written key=value:effect, without the value if it has none', () => {
  expect([kv, k].map(formatTaint)).toEqual(['k=v:NoSchedule', 'k:NoSchedule'])
})
