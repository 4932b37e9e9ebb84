import { describe, expect, it } from 'vitest'
import { type Life, live } from '../support/simulation.ts'

const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1)
const REPLAYED = SEEDS.slice(0, 5)

describe('random clusters', () => {
  const lives = new Map<number, Life>()
  const lifeOf = (seed: number): Life => {
    const life = lives.get(seed) ?? live(seed)
    lives.set(seed, life)
    return life
  }

  it('keep what must always hold, and come to rest as they should', { timeout: 300_000 }, () => {
    const failed = SEEDS.flatMap((seed) => {
      const { problems } = lifeOf(seed)
      return problems.length === 0 ? [] : [`npm run simulate -- --seed ${seed}`, ...problems.slice(0, 3)]
    })
    expect(failed).toEqual([])
  })

  it('take every edge of the container, the Pod and the Node machine', { timeout: 300_000 }, () => {
    const taken = new Map<string, number>()
    for (const seed of SEEDS) {
      for (const [machine, edges] of Object.entries(lifeOf(seed).edges)) {
        for (const { from, event, taken: times } of edges) {
          const edge = `${machine}: ${from} ${event}`
          taken.set(edge, (taken.get(edge) ?? 0) + times)
        }
      }
    }
    expect([...taken].filter(([, times]) => times === 0).map(([edge]) => edge)).toEqual([])
  })

  it.each(REPLAYED)('seed %d lives the same life twice', (seed) => {
    expect(live(seed).digest).toBe(lifeOf(seed).digest)
  })

  it('of different seeds live different lives', () => {
    expect(new Set(REPLAYED.map((seed) => lifeOf(seed).digest)).size).toBe(REPLAYED.length)
  })
})
