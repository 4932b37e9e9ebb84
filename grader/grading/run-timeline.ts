// One submission lives through one timeline with one seed: the world is built, the steps are played, the goals look on.
import { explainRefusal } from '../explain/explain-refusal.ts'
import type { NodeVerdict } from '../explain/verdict.ts'
import type { KubectlResult } from '../kubectl/run.ts'
import { kubectl, playStep, type StepResult, type Story, startStory } from '../scenario/play.ts'
import { type CelEnvironment, createCelEnvironment } from './cel.ts'
import { createClusterView } from './cluster-view.ts'
import { type ExplainedText, explainStory } from './explain-story.ts'
import { type GoalOutcome, type GoalWatch, isTrue, watchGoal } from './goals.ts'
import type { GradedDiagnostic } from './grade.ts'
import type { Lab, Timeline } from './lab.ts'
import type { MisconceptionDefinition } from './lab-schema.ts'
import type { Submission } from './submission.ts'
import { digestTrace } from './trace-hash.ts'

export interface TimelineRun {
  readonly timeline: string
  readonly seed: number
  readonly outcomes: ReadonlyMap<string, GoalOutcome>
  readonly misconceptions: readonly MisconceptionDefinition[]
  readonly verdicts: readonly NodeVerdict[]
  /** What kubectl said when the learner's work went in. */
  readonly submitted: readonly KubectlResult[]
  readonly digest: string
}

export interface TimelineInput {
  readonly lab: Lab
  readonly submission: Submission
  readonly timeline: Timeline
  readonly seed: number
  /** What was understood of the text; without it no verdicts are made. */
  readonly text?: ExplainedText
}

/** Plays the timeline from its start; deterministic for its input. */
export function runTimeline(input: TimelineInput): TimelineRun {
  const { lab, timeline, seed } = input
  const { story } = startStory(lab.world, seed)
  const view = createClusterView(story.cluster.store, lab.namespace)
  const environment = createCelEnvironment(() => view)
  const watches = lab.goals
    .filter((goal) => goal.in === undefined || goal.in.includes(timeline.name))
    .map((goal) => watchGoal(goal, environment, view))
  const { submitted } = playTimeline(input, story, watches)
  const atSeconds = story.cluster.seconds() - story.startedAt
  return {
    timeline: timeline.name,
    seed,
    outcomes: new Map(watches.map((watch) => [watch.goal.id, watch.end(atSeconds)])),
    misconceptions: recognise(lab, timeline, environment),
    verdicts: input.text === undefined ? [] : explainStory(story, timeline.name, withRefusals(input.text, submitted)),
    submitted,
    digest: digestTrace(story.cluster.trace.entries()),
  }
}

/** Goals of `always` and `eventually` look at every moment after the submission, or after `from-here` where a timeline has it. */
export function playTimeline({ submission, timeline }: TimelineInput, story: Story, watches: readonly GoalWatch[]) {
  const submitted: KubectlResult[] = []
  const results: StepResult[] = []
  const startsAt = timeline.steps.some((step) => step.type === 'from-here') ? 'from-here' : 'at-submit'
  const hasChanged = noticeChanges(story, watches)
  const look = () => {
    if (!hasChanged()) return
    const atSeconds = story.cluster.seconds() - story.startedAt
    for (const watch of watches) watch.moment(atSeconds)
  }
  for (const step of timeline.steps) {
    if (step.type === startsAt) {
      story.cluster.onMoment(look)
    }
    if (step.type === 'at-submit') submitted.push(...submit(story, submission))
    else results.push(playStep(story, step))
  }
  return { submitted, results }
}

/**
 * Whether anything that the goals can see has changed since the last call; true at first. Expressions have no clock, so
 * between two changes they say the same. Events change at most moments and most goals never ask for them.
 */
function noticeChanges(story: Story, watches: readonly GoalWatch[]): () => boolean {
  const askEvents = watches.some(({ goal }) => /event/i.test(`${goal.where ?? ''} ${goal.require}`))
  let changed = true
  story.cluster.store.onCommit(({ resource: { plural } }) => {
    if (plural !== 'leases' && (askEvents || plural !== 'events')) changed = true
  })
  return () => {
    const had = changed
    changed = false
    return had
  }
}

/** The learner's files in order, then their command lines, as they would type them. */
export function submit(story: Story, submission: Submission): KubectlResult[] {
  const files = Object.fromEntries(submission.files.map((file) => [file.name, file.text]))
  const withFiles: Story = { ...story, files: { ...story.files, ...files } }
  const lines = [
    ...submission.files.map((file) => `kubectl apply -f ${quote(file.name)}`),
    ...(submission.commands ?? []),
  ]
  return lines.map((line) => kubectl(withFiles, line))
}

const quote = (name: string): string => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`)

function recognise(lab: Lab, timeline: Timeline, environment: CelEnvironment): readonly MisconceptionDefinition[] {
  return lab.misconceptions.filter(
    (misconception) =>
      (misconception.in === undefined || misconception.in.includes(timeline.name)) &&
      isTrue(environment, misconception.when),
  )
}

/** The text's own faults; where it has none, what kubectl and the API server refused of it. */
export function withRefusals(
  text: ExplainedText,
  submitted: readonly KubectlResult[],
): ExplainedText & { readonly diagnostics: readonly GradedDiagnostic[] } {
  if (text.diagnostics.some(({ severity }) => severity === 'error')) return text
  const refused = submitted.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => explainRefusal(stderr))
  return { ...text, diagnostics: [...text.diagnostics, ...refused] }
}
