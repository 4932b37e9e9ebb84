import { describe, expect, it } from 'vitest'
import type { PodSpec } from '../../../grader/api/core.ts'
import { selectorFromSet } from '../../../grader/api/labels.ts'
import { createRandom } from '../../../grader/cluster/random.ts'
import { feasibleNodesToFind } from '../../../grader/cluster/scheduler/find-nodes.ts'
import { scoreNodes, selectHost } from '../../../grader/cluster/scheduler/score.ts'
import { node, pod } from '../../support/build.ts'
import { cycleOf, type World } from '../../support/scheduling.ts'

const requests = { cpu: '100m', memory: '100Mi' }
const asking: Partial<PodSpec> = { containers: [{ name: 'c', resources: { requests } }] }

function best(spec: Partial<PodSpec>, world: World, like?: Readonly<Record<string, string>>): readonly string[] {
  const cycle = {
    ...cycleOf(pod('new', { phase: 'Pending', spec }), world),
    ...(like === undefined ? {} : { defaultSelector: () => selectorFromSet(like) }),
  }
  const infos = [...cycle.nodes.all()]
  const scores = scoreNodes(cycle, infos)
  return infos.filter((_, i) => scores[i] === Math.max(...scores)).map(({ name }) => name)
}

describe('the better Node', () => {
  const two = [node('w-1'), node('w-2')]
  it.each<readonly [string, Partial<PodSpec>, World, readonly string[]]>([
    ['is the emptier one', asking, { nodes: two, pods: [pod('old', { on: 'w-1', spec: asking })] }, ['w-2']],
    ['is any of two alike', asking, { nodes: two }, ['w-1', 'w-2']],
    [
      'has no PreferNoSchedule taint',
      asking,
      { nodes: [node('w-1', { taints: ['spot=true:PreferNoSchedule'] }), node('w-2')] },
      ['w-2'],
    ],
    [
      'is the one that is preferred by weight',
      {
        ...asking,
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 1,
                preference: { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['w-1'] }] },
              },
              {
                weight: 9,
                preference: { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['w-2'] }] },
              },
            ],
          },
        },
      },
      { nodes: two },
      ['w-2'],
    ],
    [
      'is away from what the Pod would rather not meet',
      {
        ...asking,
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  topologyKey: 'kubernetes.io/hostname',
                  labelSelector: { matchLabels: { app: 'agent' } },
                },
              },
            ],
          },
        },
      },
      { nodes: two, pods: [pod('old', { on: 'w-1' })] },
      ['w-2'],
    ],
  ])('%s', (_, spec, world, names) => {
    expect(best(spec, world)).toEqual(names)
  })

  it('has fewer Pods of the same ReplicaSet, though it is fuller', () => {
    const world: World = {
      nodes: two,
      pods: [
        pod('same', { on: 'w-1', labels: { app: 'web' } }),
        pod('other', { on: 'w-2', labels: { app: 'db' }, spec: asking }),
      ],
    }
    expect(best(asking, world, { app: 'web' })).toEqual(['w-2'])
  })
})

describe('ties', () => {
  it('are broken by the seed, the same way each time', () => {
    const cycle = cycleOf(pod('new', { spec: asking }), { nodes: ['a', 'b', 'c', 'd'].map((name) => node(name)) })
    const pick = (seed: number) => selectHost(cycle, [...cycle.nodes.all()], createRandom(seed)).name
    expect(pick(7)).toBe(pick(7))
    expect(new Set(Array.from({ length: 40 }, (_, seed) => pick(seed))).size).toBeGreaterThan(1)
  })
})

describe('how many feasible Nodes are looked for', () => {
  it.each([
    [50, 50],
    [100, 100],
    [1000, 420],
    [5000, 500],
    [100_000, 5000],
  ])('of %i Nodes, %i', (nodes, wanted) => {
    expect(feasibleNodesToFind(nodes)).toBe(wanted)
  })
})
