import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../grader/cluster/clock.ts'
import { createBackoff } from '../../../grader/cluster/machinery/backoff.ts'
import { createExpectations } from '../../../grader/cluster/machinery/expectations.ts'

function fakeClock(): Clock & { seconds_: number } {
  const clock = { seconds_: 0, now: () => clock.seconds_ * 1000 }
  return clock as Clock & { seconds_: number }
}

describe('expectations', () => {
  it('are satisfied once everything ordered was observed', () => {
    const expectations = createExpectations(fakeClock())
    expect(expectations.satisfied('a')).toBe(true)
    expectations.set('a', 2, 1)
    expectations.creationObserved('a')
    expectations.creationObserved('a')
    expect(expectations.satisfied('a')).toBe(false)
    expectations.deletionObserved('a')
    expect(expectations.satisfied('a')).toBe(true)
  })

  it('count what was never attempted as observed', () => {
    const expectations = createExpectations(fakeClock())
    expectations.set('a', 5, 0)
    expectations.lowerCreations('a', 5)
    expect(expectations.satisfied('a')).toBe(true)
  })

  it('expire after more than five minutes', () => {
    const clock = fakeClock()
    const expectations = createExpectations(clock)
    expectations.set('a', 1, 0)
    clock.seconds_ = 300
    expect(expectations.satisfied('a')).toBe(false)
    clock.seconds_ = 300.001
    expect(expectations.satisfied('a')).toBe(true)
  })
})

describe('back-off', () => {
  it('doubles up to its maximum and is forgotten after twice that', () => {
    const clock = fakeClock()
    const backoff = createBackoff({ clock, initialSeconds: 1, maxSeconds: 900 })
    const delays: number[] = []
    for (let i = 0; i < 12; i++) {
      backoff.next('a')
      delays.push(backoff.delaySeconds('a'))
      clock.seconds_ += 900
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    clock.seconds_ += 901
    backoff.next('a')
    expect(backoff.delaySeconds('a')).toBe(1)
  })

  it('is over at the end of the delay', () => {
    const clock = fakeClock()
    const backoff = createBackoff({ clock, initialSeconds: 1, maxSeconds: 900 })
    backoff.next('a')
    clock.seconds_ = 0.999
    expect(backoff.isInBackOff('a')).toBe(true)
    clock.seconds_ = 1
    expect(backoff.isInBackOff('a')).toBe(false)
  })
})
