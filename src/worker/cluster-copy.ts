// Copies of a lab's cluster to try things on: what happens here is never graded.
import {
  type Completion,
  completeLine,
  explainManifest,
  explainStory,
  type KubectlResult,
  type Lab,
  nodeCards,
  parseStep,
  parseYaml,
  playStep,
  runKubectl,
  type Story,
  type Submission,
  type SubmittedFile,
  startStory,
  submit,
} from '../../grader/index.ts'
import type { CopyState, Typed } from './protocol.ts'

export interface ClusterCopy {
  readonly story: Story
  readonly timeline: string
  readonly files: readonly SubmittedFile[]
  /** The namespace that `kubectl config set-context --current` chose. */
  readonly namespace: string
}

const SEED = 1
/** A command that is typed takes a moment of the cluster's time, as it would at a real terminal. */
const TYPING_SECONDS = 1

const copies = new Map<string, ClusterCopy>()

/** Plays the lab's first timeline with the submission and keeps the cluster it ends in. */
export function openCopy(lab: Lab, submission: Submission): ClusterCopy {
  const timeline = lab.timelines[0]
  if (timeline === undefined) throw new Error(`The lab ${lab.id} has no timeline.`)
  const { story } = startStory(lab.world, SEED)
  for (const step of timeline.steps) {
    if (step.type === 'at-submit') submit(story, submission)
    else playStep(story, step)
  }
  const copy = { story, timeline: timeline.name, files: submission.files, namespace: 'default' }
  copies.set(lab.id, copy)
  return copy
}

/** What the board shows of a copy. */
export function stateOf({ story, timeline, files }: ClusterCopy): CopyState {
  return {
    seconds: story.cluster.seconds() - story.startedAt,
    nodes: nodeCards(story),
    verdicts: explainStory(story, timeline, explainManifest(files)),
  }
}

/**
 * One line for the copy: kubectl, or a step of the scenario language (`sleep 30`, `stop-kubelet w-1`). `files` is what the
 * editor holds now, so that `kubectl apply -f` takes the text as it stands.
 */
export function typeInCopy(lab: string, line: string, files: readonly SubmittedFile[]): Typed {
  const copy = copies.get(lab)
  if (copy === undefined) return { type: 'lost' }
  const result = /^(kubectl|k)(\s|$)/.test(line) ? runIn(copy, line, files) : stepIn(copy, line)
  const applied = /^(kubectl|k)\s+(apply|create|replace)\b/.test(line) && result.exitCode === 0
  const next = { ...copy, namespace: result.namespace ?? copy.namespace, files: applied ? files : copy.files }
  copies.set(lab, next)
  return { type: 'ran', result, copy: stateOf(next) }
}

/** What could follow the line typed so far. */
export function completeInCopy(lab: string, line: string, files: readonly string[]): Completion {
  const copy = copies.get(lab)
  if (copy === undefined) return { word: '', candidates: [] }
  return completeLine({ line, client: copy.story.cluster.client(), namespace: copy.namespace, files })
}

function runIn(copy: ClusterCopy, line: string, files: readonly SubmittedFile[]): KubectlResult {
  const texts = Object.fromEntries(files.map((file) => [file.name, file.text]))
  const { story, namespace } = copy
  const { cluster } = story
  const client = cluster.client()
  const all = { ...story.files, ...texts }
  const result = runKubectl({ line, client, waiter: cluster.waiter, files: all, defaultNamespace: namespace })
  cluster.advance(TYPING_SECONDS)
  return result
}

function stepIn({ story }: ClusterCopy, line: string): KubectlResult {
  const step = parseStep(line, (text) => parseYaml(text).value)
  const [word = ''] = line.trim().split(/\s+/)
  if ('error' in step) {
    const stderr = step.error.startsWith('unknown step') ? `${word}: command not found\n` : `${step.error}\n`
    return { stdout: '', stderr, exitCode: 127 }
  }
  const problem = unknownNode(story, step)
  if (problem !== undefined) return { stdout: '', stderr: problem, exitCode: 1 }
  playStep(story, step)
  return { stdout: '', stderr: '', exitCode: 0 }
}

function unknownNode(story: Story, step: object): string | undefined {
  if (!('node' in step)) return undefined
  const isThere = nodeCards(story).some(({ name }) => name === step.node)
  return isThere ? undefined : `there is no Node "${step.node}"\n`
}
