import { describe, expect, it } from 'vitest'
import type { DaemonSet } from '../../../../grader/api/apps.ts'
import type { Node, Pod } from '../../../../grader/api/core.ts'
import { controllerOf } from '../../../../grader/api/meta.ts'
import { targetNodeOf } from '../../../../grader/api/pods.ts'
import { affinityTo, controlledBy, daemonSet, nodes, pod } from '../../../support/build.ts'
import { instantDaemonSet, type Synced } from '../../../support/instant-daemonset.ts'

const plain = daemonSet()
const OTHER = { app: 'other' }

/** So many own Pods on a Node; `strange` ones are owned but do not match the selector. */
function own(ds: DaemonSet, on: string, count: number, { strange = false } = {}): Pod[] {
  return Array.from({ length: count }, (_, i) =>
    pod(`${on}-${strange ? 'x' : 'p'}${i}`, { on, owner: ds, ready: true, ...(strange ? { labels: OTHER } : {}) }),
  )
}

const case33 = (ds: DaemonSet) => [
  ...own(ds, 'node-1', 1),
  ...own(ds, 'node-2', 2),
  ...own(ds, 'node-3', 5),
  ...own(ds, 'node-4', 2, { strange: true }),
]
const selects = daemonSet({ spec: { nodeSelector: { color: 'blue' } } })
const tenNodes: readonly Node[] = [...nodes(5), ...nodes(5, { from: 5, labels: { color: 'blue' } })]

const CASES: readonly (readonly [string, DaemonSet, readonly Node[], readonly Pod[], Synced])[] = [
  [
    '33: duplicates go, missing ones come, owned ones that do not match are let go',
    plain,
    nodes(5),
    case33(plain),
    [2, 5, 0],
  ],
  [
    '34: Pods on Nodes that the selector leaves out go',
    selects,
    tenNodes,
    [
      ...own(selects, 'node-0', 2, { strange: true }),
      ...own(selects, 'node-1', 3),
      ...own(selects, 'node-1', 1, { strange: true }),
      ...own(selects, 'node-4', 1),
    ],
    [5, 4, 0],
  ],
  [
    '35: all of it at once',
    selects,
    tenNodes,
    [
      ...own(selects, 'node-0', 1),
      ...own(selects, 'node-1', 3),
      ...own(selects, 'node-1', 2, { strange: true }),
      ...own(selects, 'node-2', 4),
      ...own(selects, 'node-6', 13),
      ...own(selects, 'node-7', 4, { strange: true }),
      ...own(selects, 'node-9', 1),
      ...own(selects, 'node-9', 1, { strange: true }),
    ],
    [3, 20, 0],
  ],
  [
    '39: an unbound Pod for a Node that does not exist goes, a bound one is left to the Pod GC',
    plain,
    nodes(1),
    [
      ...own(plain, 'node-0', 1),
      ...own(plain, 'node-1', 1),
      pod('lost', { owner: plain, meantFor: 'node-2', phase: 'Pending' }),
    ],
    [0, 1, 0],
  ],
  [
    '40: a terminating Pod keeps its Node occupied',
    plain,
    nodes(1),
    [pod('p', { on: 'node-0', owner: plain, isTerminating: true })],
    [0, 0, 0],
  ],
  [
    '108: an ended and terminating Pod does not',
    plain,
    nodes(1),
    [pod('p', { on: 'node-0', owner: plain, phase: 'Succeeded', isTerminating: true })],
    [1, 0, 0],
  ],
  [
    '94: with surge the cleaning is the same',
    daemonSet({ update: { maxUnavailable: 0, maxSurge: 1 } }),
    nodes(5),
    case33(plain),
    [2, 5, 0],
  ],
]

describe('what is done about Pods that are there', () => {
  it.each(CASES)('%s', (_, ds, all, pods, synced) => {
    expect(instantDaemonSet(ds, all, pods).sync()).toEqual(synced)
  })

  it('33: the two that do not match live on without an owner', () => {
    const world = instantDaemonSet(plain, nodes(5), case33(plain))
    world.sync()
    const released = world.pods.filter(({ metadata }) => metadata.labels?.app === 'other')
    expect(released.map((p) => controllerOf(p))).toEqual([undefined, undefined])
  })

  it('41: owned and matching orphan Pods count, ended ones too; foreign, strange, ended and terminating ones do not', () => {
    const foreign = controlledBy(daemonSet({ name: 'other' }))
    const pods = [
      pod('owned', { on: 'node-0', owner: plain }),
      pod('orphan', { on: 'node-1' }),
      pod('succeeded', { on: 'node-2', owner: plain, phase: 'Succeeded' }),
      pod('failed', { on: 'node-3', owner: plain, phase: 'Failed' }),
      pod('strange', { on: 'node-4', labels: OTHER }),
      pod('foreign', { on: 'node-5', ownerReferences: [foreign] }),
      pod('gone', { on: 'node-6', owner: plain, phase: 'Failed', isTerminating: true }),
    ]
    const fleet = instantDaemonSet(plain, nodes(7), pods).fleet()
    expect(fleet.nodes().map(({ pods: there }) => there.map(({ metadata }) => metadata.name))).toEqual([
      ['owned'],
      ['orphan'],
      ['succeeded'],
      ['failed'],
      [],
      [],
      [],
    ])
  })

  it('124: an adopted orphan without a hash counts as old and is replaced', () => {
    const world = instantDaemonSet(plain, nodes(1), [pod('orphan', { on: 'node-0', ready: true })])
    expect(world.sync()).toEqual([0, 1, 0])
    expect(world.sync()).toEqual([1, 0, 0])
  })
})

describe('104: the Node a Pod is meant for', () => {
  const twoValues = {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }] }],
      },
    },
  }
  it.each([
    ['its nodeName', pod('p', { on: 'w-1', meantFor: 'w-2' }), 'w-1'],
    ['the one value of its field', pod('p', { meantFor: 'w-2' }), 'w-2'],
    ['none with two values', pod('p', { spec: { affinity: twoValues } }), undefined],
    ['none without either', pod('p'), undefined],
  ])('%s', (_, p, name) => expect(targetNodeOf(p)).toBe(name))
  it('is what the controller wrote', () =>
    expect(
      affinityTo('w-1').nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
    ).toHaveLength(1))
})
