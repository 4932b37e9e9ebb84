import { describe, expect, it } from 'vitest'
import type { Container, PodSpec } from '../../../grader/api/core.ts'
import { pods } from '../../../grader/api/resource-table.ts'
import type { ImageBehaviour } from '../../../grader/cluster/cluster-config.ts'
import { type SmallCluster, smallCluster } from '../../support/small-cluster.ts'

const world = (behaviour: ImageBehaviour, spec: Partial<PodSpec> = {}, container: Partial<Container> = {}) => {
  const made = smallCluster(['w-1'], { 'app:1': behaviour })
  made.create('web', { containers: [{ name: 'c', image: 'app:1', ...container }], ...spec })
  made.cluster.settle()
  return made
}

/** Seconds after the delete at which the Pod is gone. */
function secondsToGo(made: SmallCluster, name = 'web'): number {
  let seconds = 0
  while (made.pod(name) !== undefined && seconds < 200) {
    made.cluster.advance(1)
    seconds++
  }
  return seconds
}

describe('a container that is told to end', () => {
  const exec = (text: string) => ({ lifecycle: { preStop: { exec: { command: ['sh', '-c', text] } } } })
  it.each<readonly [string, ImageBehaviour, Partial<PodSpec>, Partial<Container>, number]>([
    ['is gone at once when it handles SIGTERM', {}, {}, {}, 0],
    ['takes the time that it needs to stop', { stopSeconds: 8 }, {}, {}, 8],
    ['is killed after 30 seconds when it ignores SIGTERM', { ignoresSigterm: true }, {}, {}, 30],
    ['is killed when its grace period is over', { stopSeconds: 60 }, { terminationGracePeriodSeconds: 5 }, {}, 5],
    ['gets SIGTERM after its preStop program', {}, {}, exec('sleep 4'), 4],
    [
      'has preStop and SIGTERM share the grace period',
      { ignoresSigterm: true },
      { terminationGracePeriodSeconds: 10 },
      exec('sleep 4'),
      10,
    ],
    [
      'has at least two seconds after a hook that took all',
      { ignoresSigterm: true },
      { terminationGracePeriodSeconds: 10 },
      exec('sleep 60'),
      12,
    ],
  ])('%s', (_, behaviour, spec, container, seconds) => {
    const made = world(behaviour, spec, container)
    made.delete('web')
    expect(secondsToGo(made)).toBe(seconds)
  })

  it('reports a preStop program that fails, and stops all the same', () => {
    const made = world({}, {}, exec('exit 1'))
    made.delete('web')
    expect(made.pod('web')).toBeUndefined()
    expect(made.eventsOf('web').slice(-2).sort()).toEqual([
      'FailedPreStopHook: PreStopHook failed',
      'Killing: Stopping container c',
    ])
  })

  it('ends with 137 and its Pod with Failed when it had to be killed', () => {
    const made = world({ ignoresSigterm: true }, { terminationGracePeriodSeconds: 3 })
    made.delete('web')
    made.cluster.advance(3)
    const last = made.cluster.trace
      .entries()
      .flatMap((entry) => (entry.type === 'write' && entry.about.name === 'web' ? [entry.after] : []))
      .filter((after) => after !== undefined) as unknown as {
      readonly status: { readonly phase: string; readonly containerStatuses: readonly unknown[] }
    }[]
    expect(last.map(({ status }) => status.phase)).toContain('Failed')
    expect(JSON.stringify(last)).toContain('"exitCode":137')
  })

  it('is killed sooner when a second delete shortens the grace period', () => {
    const made = world({ ignoresSigterm: true }, { terminationGracePeriodSeconds: 60 })
    made.delete('web')
    made.cluster.advance(5)
    made.cluster.client().delete(pods, { namespace: 'default', name: 'web' }, { gracePeriodSeconds: 3 })
    made.cluster.runDue()
    expect(secondsToGo(made)).toBe(3)
  })

  it('as a sidecar ends after the others, the last one first', () => {
    const made = smallCluster(['w-1'], { 'app:1': { stopSeconds: 5 }, 'side:1': { stopSeconds: 2 } })
    const sidecar = (name: string): Container => ({ name, image: 'side:1', restartPolicy: 'Always' })
    made.create('web', { initContainers: [sidecar('a'), sidecar('b')], containers: [{ name: 'c', image: 'app:1' }] })
    made.cluster.settle()
    made.delete('web')
    made.cluster.advance(6)
    expect(made.statesOf('web')).toEqual(['Ready', 'Ready', 'Completed'])
    expect(secondsToGo(made)).toBe(3)
  })
})

describe('activeDeadlineSeconds', () => {
  it('ends a Pod that has been active too long, and leaves it as Failed', () => {
    const made = world({}, { activeDeadlineSeconds: 20, restartPolicy: 'Never' })
    made.cluster.advance(20)
    expect(made.pod('web')?.status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    })
    expect(made.eventsOf('web').slice(-2)).toEqual([
      'DeadlineExceeded: Pod was active on the node longer than the specified deadline',
      'Killing: Stopping container c',
    ])
  })

  it('does nothing to a Pod that ended before', () => {
    const made = world({ exits: { code: 0, afterSeconds: 2 } }, { activeDeadlineSeconds: 20, restartPolicy: 'Never' })
    made.cluster.advance(40)
    expect(made.pod('web')?.status).toMatchObject({ phase: 'Succeeded' })
    expect(made.pod('web')?.status.reason).toBeUndefined()
  })
})
