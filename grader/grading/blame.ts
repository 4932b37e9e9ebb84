// Which field decides what: the cluster is played with a field of the manifest and without it, and the nodes are compared.

import type { Json, JsonObject } from '../api/meta.ts'
import { targetNodeOf } from '../api/pods.ts'
import { daemonSets as daemonSetResource, nodes as nodeResource, pods as podResource } from '../api/resource-table.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { createSource } from '../manifest/source.ts'
import { startStory } from '../scenario/play.ts'
import { applyEdits } from './json-edit.ts'
import type { Lab } from './lab.ts'
import { playTimeline, submit } from './run-timeline.ts'
import type { Submission } from './submission.ts'

export interface FieldBlame {
  readonly path: string
  /** Nodes that have a daemon Pod because of the field. */
  readonly gains: readonly string[]
  /** Nodes that have none because of the field. */
  readonly loses: readonly string[]
  /** Without it the API server refuses the object. */
  readonly required: boolean
}

/** What one field of the submission's first DaemonSet decides in the cluster that the learner sees. */
export function blameField(lab: Lab, submission: Submission, path: string): FieldBlame {
  return createBlame(lab, submission)(path)
}

/** The same for many fields of one text: what happens with all of them is played once. */
export function createBlame(lab: Lab, submission: Submission): (path: string) => FieldBlame {
  const objects = submission.files.flatMap(({ name, text }) =>
    decodeManifest(createSource(name, text)).objects.map(({ written }) => written),
  )
  const at = objects.findIndex(({ kind }) => kind === 'DaemonSet')
  const withField = nodesOf(lab, submission)
  return (path) => {
    if (at < 0) return { path, gains: [], loses: [], required: false }
    const without = objects.map((object, i) => (i === at ? applyEdits(object, [{ op: 'remove', path }]) : object))
    const played = nodesOf(lab, { files: [{ name: 'without.yaml', text: textOf(without) }] })
    const [before, after] = [withField.nodes, played.nodes]
    return {
      path,
      gains: played.refused ? [...before] : [...before].filter((name) => !after.has(name)),
      loses: played.refused ? [] : [...after].filter((name) => !before.has(name)),
      required: played.refused,
    }
  }
}

/** Fields worth asking about: all that stand in the Pod's spec, the strategy and the selector, outside first. */
export function blamePaths(object: JsonObject): readonly string[] {
  const paths: string[] = []
  const walk = (value: Json | undefined, path: string) => {
    if (Array.isArray(value)) (value as readonly Json[]).forEach((item, i) => void visit(item, `${path}[${i}]`))
    else if (typeof value === 'object' && value !== null)
      for (const [key, item] of Object.entries(value))
        visit(item as Json, /^[A-Za-z]\w*$/.test(key) ? `${path}.${key}` : `${path}[${key}]`)
  }
  const visit = (value: Json, path: string) => {
    paths.push(path)
    walk(value, path)
  }
  walk(object.spec as Json | undefined, 'spec')
  return paths
}

/** Nodes with a daemon Pod made for them once the work went in; later steps of the future do not matter here. */
function nodesOf(lab: Lab, submission: Submission): { readonly nodes: ReadonlySet<string>; readonly refused: boolean } {
  const { story } = startStory(lab.world, 1)
  const timeline = lab.timelines[0]!
  const until = timeline.steps.findIndex(({ type }) => type === 'at-submit')
  playTimeline(
    { lab, submission: { files: [] }, timeline: { ...timeline, steps: timeline.steps.slice(0, until) }, seed: 1 },
    story,
    [],
  )
  const results = submit(story, submission)
  story.cluster.settle()
  const { store } = story.cluster
  const known = new Set(store.list(nodeResource).map(({ metadata }) => metadata.name))
  const covered = new Set<string>()
  for (const ds of store.list(daemonSetResource)) {
    for (const pod of store.ownedBy(podResource, ds.metadata.uid).values()) {
      const node = targetNodeOf(pod)
      if (node !== undefined && known.has(node)) covered.add(node)
    }
  }
  return {
    nodes: new Set([...known].filter((name) => covered.has(name))),
    refused: results.some(({ exitCode }) => exitCode !== 0),
  }
}

function textOf(objects: readonly JsonObject[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n')
}
