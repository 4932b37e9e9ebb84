import { describe, expect, it } from 'vitest'
import type { Pod, PodSpec } from '../../../grader/api/core.ts'
import type { StringMap } from '../../../grader/api/meta.ts'
import type { PodDisruptionBudget } from '../../../grader/api/other.ts'
import { planPreemption } from '../../../grader/cluster/scheduler/preemption.ts'
import { at, node, pod } from '../../support/build.ts'
import { cycleOf, find, type World } from '../../support/scheduling.ts'

const spec = (cpu: string, priority = 0): Partial<PodSpec> => ({
  priority,
  containers: [{ name: 'c', resources: { requests: { cpu } } }],
})
const small = (name: string) => node(name, { allocatable: { cpu: '1' } })
interface Running {
  readonly cpu: string
  readonly priority?: number
  readonly startedAt?: number
  readonly labels?: StringMap
}
const running = (
  name: string,
  on: string,
  { cpu, priority = 0, startedAt = 0, labels = { app: name } }: Running,
): Pod => {
  const made = pod(name, { on, labels, spec: spec(cpu, priority) })
  return { ...made, status: { ...made.status, startTime: at(startedAt) } }
}
const budget = (app: string, disruptionsAllowed: number): PodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: app, namespace: 'default', uid: app, resourceVersion: '1', creationTimestamp: at(0) },
  spec: { selector: { matchLabels: { app } } },
  status: { disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
})

function plan(preemptor: Pod, world: World, budgets: readonly PodDisruptionBudget[] = []) {
  const cycle = cycleOf(preemptor, world)
  const { nominate, victims } = planPreemption(cycle, find(cycle).diagnosis, { budgets, now: at(100) })
  return { node: nominate, victims: victims.map(({ pod: victim }) => victim.metadata.name).sort() }
}

const critical = (cpu: string): Pod => pod('critical', { phase: 'Pending', spec: spec(cpu, 1000) })

describe('who has to go', () => {
  it.each<readonly [string, string, readonly Pod[], readonly PodDisruptionBudget[], readonly string[]]>([
    [
      'only as many as it takes, the more important stay',
      '500m',
      [running('low', 'w-1', { cpu: '500m', priority: 1 }), running('mid', 'w-1', { cpu: '500m', priority: 2 })],
      [],
      ['low'],
    ],
    [
      'of equals the one that started later goes',
      '500m',
      [running('old', 'w-1', { cpu: '500m', startedAt: 1 }), running('young', 'w-1', { cpu: '500m', startedAt: 2 })],
      [],
      ['young'],
    ],
    [
      'everybody when everything is wanted',
      '1',
      [running('a', 'w-1', { cpu: '500m' }), running('b', 'w-1', { cpu: '500m' })],
      [],
      ['a', 'b'],
    ],
    [
      'a budget protects a Pod that would otherwise go',
      '500m',
      [running('guarded', 'w-1', { cpu: '500m', startedAt: 2 }), running('free', 'w-1', { cpu: '500m', startedAt: 1 })],
      [budget('guarded', 0)],
      ['free'],
    ],
    [
      'a budget that allows a disruption protects nobody',
      '500m',
      [running('guarded', 'w-1', { cpu: '500m', startedAt: 2 }), running('free', 'w-1', { cpu: '500m', startedAt: 1 })],
      [budget('guarded', 1)],
      ['guarded'],
    ],
    [
      'budgets are no more than a wish',
      '1',
      [running('guarded', 'w-1', { cpu: '1' })],
      [budget('guarded', 0)],
      ['guarded'],
    ],
    ['equal priority preempts nobody', '500m', [running('equal', 'w-1', { cpu: '1', priority: 1000 })], [], []],
  ])('%s', (_, cpu, pods, budgets, victims) => {
    expect(plan(critical(cpu), { nodes: [small('w-1')], pods }, budgets).victims).toEqual(victims)
  })
})

describe('which Node is chosen', () => {
  const nodes = [small('w-1'), small('w-2')]
  it.each<readonly [string, readonly Pod[], readonly PodDisruptionBudget[]]>([
    [
      'fewest broken budgets',
      [running('guarded', 'w-1', { cpu: '1' }), running('free', 'w-2', { cpu: '1', priority: 5 })],
      [budget('guarded', 0)],
    ],
    [
      'the least important victim',
      [running('a', 'w-1', { cpu: '1', priority: 9 }), running('b', 'w-2', { cpu: '1', priority: 3 })],
      [],
    ],
    [
      'the smallest sum of priorities',
      [running('a', 'w-1', { cpu: '500m' }), running('b', 'w-1', { cpu: '500m' }), running('c', 'w-2', { cpu: '1' })],
      [],
    ],
    [
      'the victim that started last',
      [running('a', 'w-1', { cpu: '1', startedAt: 1 }), running('b', 'w-2', { cpu: '1', startedAt: 2 })],
      [],
    ],
  ])('%s', (_, pods, budgets) => {
    expect(plan(critical('1'), { nodes, pods }, budgets).node).toBe('w-2')
  })

  it('the first one when nothing tells them apart', () => {
    const pods = [running('a', 'w-1', { cpu: '1' }), running('b', 'w-2', { cpu: '1' })]
    expect(plan(critical('1'), { nodes, pods }).node).toBe('w-1')
  })
})

describe('a Pod that already waits for its victims', () => {
  const waiting: Pod = { ...critical('1'), status: { phase: 'Pending', nominatedNodeName: 'w-1' } }
  const victim = (isTerminating: boolean): Pod => {
    const made = running('victim', 'w-1', { cpu: '1' })
    const conditions = [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' } as const]
    return {
      ...made,
      status: { ...made.status, conditions },
      metadata: { ...made.metadata, ...(isTerminating ? { deletionTimestamp: at(1) } : {}) },
    }
  }
  it('does not look for more while one of them terminates', () => {
    const cycle = cycleOf(waiting, { nodes: [small('w-1')], pods: [victim(true)] })
    const { message, nominate } = planPreemption(cycle, find(cycle).diagnosis, { budgets: [], now: at(100) })
    expect(message).toBe(
      'no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.',
    )
    expect(nominate).toBeUndefined()
  })
  it('looks again once none does', () => {
    expect(plan(waiting, { nodes: [small('w-1')], pods: [victim(false)] })).toEqual({
      node: 'w-1',
      victims: ['victim'],
    })
  })
})
