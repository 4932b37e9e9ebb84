// Whether two submissions do the same: played side by side through the lab's futures and through generated clusters.
// What counts is what each DaemonSet does on each node, step by step, and how many nodes an update leaves without it.

import { keyOf } from '../api/meta.ts'
import { isPodReady, targetNodeOf } from '../api/pods.ts'
import { daemonSets as daemonSetResource, nodes as nodeResource, pods as podResource } from '../api/resource-table.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { createSource } from '../manifest/source.ts'
import { kubectl, playStep, type Story, startStory } from '../scenario/play.ts'
import type { World } from '../scenario/scenario.ts'
import { generatedWorlds } from './generated-clusters.ts'
import type { Lab, Timeline } from './lab.ts'
import { submit } from './run-timeline.ts'
import type { Submission } from './submission.ts'

/** The first place where two submissions differ. */
export interface Difference {
  /** A future of the lab, or `generated cluster 3`. */
  readonly where: string
  /** Empty when the whole update differs. */
  readonly node: string
  readonly first: string
  readonly second: string
}

/** What a submission did: one map per checkpoint, from node (or `update`) to a short state. */
export type Behaviour = readonly ReadonlyMap<string, string>[]

const GENERATED_STEPS = { settleSeconds: 60, updateSeconds: 120 }
const NEXT_IMAGE = 'registry.example/next:1'

/** The behaviour of one submission in everything that two are compared in; made once for an answer, compared with many. */
export function behaviourOf(
  lab: Lab,
  submission: Submission,
  worlds: readonly World[],
): () => Generator<readonly [string, Behaviour]> {
  const known: (readonly [string, Behaviour])[] = []
  return function* () {
    const plays = [
      ...lab.timelines.map((timeline) => [timeline.name, () => playFuture(lab, submission, timeline)] as const),
      ...worlds.map((world, i) => [`generated cluster ${i + 1}`, () => playGenerated(world, submission)] as const),
    ]
    for (const [i, [where, play]] of plays.entries()) {
      known[i] ??= [where, play()]
      yield known[i]
    }
  }
}

/** Undefined when both behave alike everywhere. */
export function firstDifference(
  first: ReturnType<typeof behaviourOf>,
  second: ReturnType<typeof behaviourOf>,
): Difference | undefined {
  const others = second()
  for (const [where, behaviour] of first()) {
    const other = others.next().value?.[1] ?? []
    for (const [i, states] of behaviour.entries()) {
      const theirs = other[i] ?? new Map()
      for (const node of new Set([...states.keys(), ...theirs.keys()])) {
        const [a = 'no Pod', b = 'no Pod'] = [states.get(node), theirs.get(node)]
        if (a !== b) return { where, node: node === 'update' ? '' : node, first: a, second: b }
      }
    }
  }
  return undefined
}

function playFuture(lab: Lab, submission: Submission, timeline: Timeline): Behaviour {
  const { story } = startStory(lab.world, 1)
  const worst = watchUpdates(story)
  const behaviour = timeline.steps.map((step) => {
    if (step.type === 'at-submit') submit(story, submission)
    else playStep(story, step)
    return statesOf(story)
  })
  return [...behaviour, new Map([['update', worst()]])]
}

function playGenerated(world: World, submission: Submission): Behaviour {
  const { story } = startStory(world, 1)
  submit(story, submission)
  story.cluster.advance(GENERATED_STEPS.settleSeconds)
  const before = statesOf(story)
  const worst = watchUpdates(story)
  for (const { metadata } of story.cluster.store.list(daemonSetResource)) {
    kubectl(story, `kubectl set image daemonset/${metadata.name} -n ${metadata.namespace} *=${NEXT_IMAGE}`)
  }
  story.cluster.advance(GENERATED_STEPS.updateSeconds)
  return [before, new Map([['update', worst()]]), statesOf(story)]
}

/** Pods and ready Pods of each DaemonSet on each node. */
function statesOf({ cluster: { store } }: Story): ReadonlyMap<string, string> {
  const states = new Map<string, string>()
  for (const ds of store.list(daemonSetResource)) {
    const key = keyOf(ds)
    const counts = new Map<string, [number, number]>()
    for (const pod of store.ownedBy(podResource, ds.metadata.uid).values()) {
      const node = targetNodeOf(pod) ?? ''
      const [all, ready] = counts.get(node) ?? [0, 0]
      counts.set(node, [all + 1, ready + (isPodReady(pod) ? 1 : 0)])
    }
    for (const [node, [all, ready]] of counts)
      states.set(node, `${states.has(node) ? `${states.get(node)}, ` : ''}${key}: ${ready} of ${all} ready`)
  }
  return states
}

/** The most nodes that were without a ready daemon Pod at one moment, from now on. */
function watchUpdates(story: Story): () => string {
  const { store } = story.cluster
  let worst = 0
  const end = story.cluster.onMoment(() => {
    let ready = 0
    for (const ds of store.list(daemonSetResource))
      for (const pod of store.ownedBy(podResource, ds.metadata.uid).values()) if (isPodReady(pod)) ready++
    worst = Math.max(worst, store.list(nodeResource).length - ready)
  })
  return () => {
    end()
    return `at worst ${worst} nodes without`
  }
}

const MIXTURES = 5

/** Whether two submissions do the same in the lab's futures and in generated clusters; if not, the first node that shows it. */
export function compareSubmissions(lab: Lab, first: Submission, second: Submission): Difference | undefined {
  const objects = [first, second].flatMap(({ files }) =>
    files.flatMap(({ name, text }) => decodeManifest(createSource(name, text)).objects.map(({ written }) => written)),
  )
  const worlds = generatedWorlds(lab, { objects }, MIXTURES)
  return firstDifference(behaviourOf(lab, first, worlds), behaviourOf(lab, second, worlds))
}
