import { describe, expect, it } from 'vitest'
import { live } from '../support/simulation.ts'

/** `SEED=42` plays one seed; otherwise seeds 1 to 300. */
const SEED = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const SEEDS = SEED === undefined ? Array.from({ length: 300 }, (_, i) => i + 1) : [SEED]
const REPLAYED = SEEDS.slice(0, 5)

describe('random clusters', () => {
  it('keep what must always hold, and come to rest as they should', { timeout: 300_000 }, () => {
    const failed = SEEDS.flatMap((seed) => {
      const { problems, steps } = live(seed)
      return problems.length === 0
        ? []
        : [
            `npm run simulate -- --seed ${seed}\n  ${[...problems.slice(0, 5), ...(SEED === undefined ? [] : steps)].join('\n  ')}`,
          ]
    })
    expect(failed.join('\n')).toBe('')
  })

  it.each(REPLAYED)('seed %d lives the same life twice', (seed) => {
    expect(live(seed).print).toBe(live(seed).print)
  })
})
