// What the learner's text would do to the cluster they see, before any grading: for markers while typing and for the board.
import type { Node } from '../api/core.ts'
import { nodes as nodeResource } from '../api/resource-table.ts'
import { explainManifest } from '../explain/explain-manifest.ts'
import { type Story, startStory } from '../scenario/play.ts'
import { explainStory } from './explain-story.ts'
import type { GradedDiagnostic, NodeVerdict } from './grade.ts'
import type { Lab } from './lab.ts'
import { playTimeline, withRefusals } from './run-timeline.ts'
import type { Submission } from './submission.ts'

/** A node as the board shows it. */
export interface NodeCard {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** `key=value:Effect` */
  readonly taints: readonly string[]
  readonly ready: boolean
  readonly cordoned: boolean
}

export interface Preview {
  readonly nodes: readonly NodeCard[]
  readonly verdicts: readonly NodeVerdict[]
  readonly diagnostics: readonly GradedDiagnostic[]
  /** What kubectl said, as the learner would read it in a terminal. */
  readonly kubectl: readonly string[]
}

/** Plays the lab's first timeline, the one the learner sees. Never throws for what a learner wrote. */
export function preview(lab: Lab, submission: Submission, seed = 1): Preview {
  const manifest = explainManifest(submission.files)
  const timeline = lab.timelines[0]!
  const { story } = startStory(lab.world, seed)
  const { submitted } = playTimeline({ lab, submission, timeline, seed, text: manifest }, story, [])
  const text = withRefusals(manifest, submitted)
  return {
    nodes: nodeCards(story),
    verdicts: explainStory(story, timeline.name, text),
    diagnostics: text.diagnostics,
    kubectl: submitted.map((result) => `${result.stdout}${result.stderr}`.trimEnd()),
  }
}

/** The Nodes of a story as the board shows them, in the API server's order. */
export function nodeCards({ cluster }: Story): readonly NodeCard[] {
  return cluster.store.list(nodeResource).map(cardOf)
}

function cardOf(node: Node): NodeCard {
  return {
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    taints: (node.spec.taints ?? []).map(
      (taint) =>
        `${taint.key}${taint.value === undefined || taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`,
    ),
    ready:
      node.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false,
    cordoned: node.spec.unschedulable === true,
  }
}
