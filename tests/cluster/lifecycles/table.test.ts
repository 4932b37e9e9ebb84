import { describe, expect, it } from 'vitest'
import { AssertionError } from '../../../grader/api/assert.ts'
import {
  CONTAINER_TRANSITIONS,
  NODE_TRANSITIONS,
  POD_TRANSITIONS,
} from '../../../grader/cluster/lifecycles/generated/transitions.ts'
import { createLifecycle } from '../../../grader/cluster/lifecycles/lifecycle.ts'
import { drawTables } from '../../../grader/cluster/lifecycles/table.ts'

describe('the committed tables', () => {
  it('equal the machines they were drawn from', () => {
    expect({ container: CONTAINER_TRANSITIONS, node: NODE_TRANSITIONS, pod: POD_TRANSITIONS }).toEqual(drawTables())
  })
})

describe('a container', () => {
  const life = createLifecycle('container', CONTAINER_TRANSITIONS)
  const story = (...events: string[]) => events.reduce((state, event) => life.next(state, event), life.initial[0]!)

  it.each([
    ['starts and becomes ready', ['STARTED', 'READY'], 'Ready'],
    ['shows Error before CrashLoopBackOff', ['STARTED', 'FAILED'], 'Error'],
    ['waits in CrashLoopBackOff and starts again', ['STARTED', 'FAILED', 'BACK_OFF', 'RESTARTED'], 'Running'],
    [
      'goes back and forth between ErrImagePull and ImagePullBackOff',
      ['PULL_FAILED', 'BACK_OFF', 'PULL_FAILED'],
      'ErrImagePull',
    ],
    ['is restarted after exit 0, too', ['STARTED', 'READY', 'EXITED', 'RESTARTED'], 'Running'],
  ])('%s', (_, events, state) => {
    expect(story(...events)).toBe(state)
  })

  it.each([
    ['cannot crash before it has started', [], 'FAILED'],
    ['cannot become ready after it has ended', ['STARTED', 'EXITED'], 'READY'],
    ['cannot fail to pull while it runs', ['STARTED'], 'PULL_FAILED'],
  ])('%s', (_, events, event) => {
    expect(() => life.next(story(...events), event)).toThrow(AssertionError)
    expect(life.allows(story(...events), event)).toBe(false)
  })
})

describe('the regions of a machine', () => {
  it('know nothing of each other: deletion does not touch the phase', () => {
    expect(POD_TRANSITIONS.initial).toEqual(['Pending', 'Present'])
    expect(POD_TRANSITIONS.next.Running?.DELETED).toBeUndefined()
    expect(POD_TRANSITIONS.next.Present).toEqual({ DELETED: 'Terminating' })
  })

  it('have no way out of the end phases', () => {
    expect([POD_TRANSITIONS.next.Succeeded, POD_TRANSITIONS.next.Failed]).toEqual([{}, {}])
  })

  it('a Node loses its heartbeats from Ready and from NotReady, and comes back to either', () => {
    const { Ready, NotReady, Unreachable } = NODE_TRANSITIONS.next
    expect([Ready?.HEARTBEATS_LOST, NotReady?.HEARTBEATS_LOST]).toEqual(['Unreachable', 'Unreachable'])
    expect(Unreachable).toEqual({ KUBELET_READY: 'Ready', KUBELET_NOT_READY: 'NotReady' })
  })
})

describe('edges', () => {
  it('are counted as they are taken', () => {
    const life = createLifecycle('pod', POD_TRANSITIONS)
    life.next('Pending', 'BOUND')
    life.next('Pending', 'BOUND')
    expect(life.edges().find(({ from }) => from === 'Pending')).toEqual({
      from: 'Pending',
      event: 'BOUND',
      to: 'Scheduled',
      taken: 2,
    })
    expect(life.edges().filter(({ taken }) => taken > 0)).toHaveLength(1)
  })
})
