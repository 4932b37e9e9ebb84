// A lab and a submission in, a Grade out. Deterministic: same input, same grade, in every runtime.
import { explainManifest } from '../explain/explain-manifest.ts'
import { feedbackOf } from './feedback.ts'
import type { CheckStatus, GoalTimeline, Grade, GradedGoal } from './grade.ts'
import { hashesOf } from './grade-hashes.ts'
import type { Lab } from './lab.ts'
import type { GoalDefinition } from './lab-schema.ts'
import { gradePredictions, type PredictionResult } from './predict.ts'
import { runTimeline, type TimelineRun, withRefusals } from './run-timeline.ts'
import type { Submission } from './submission.ts'
import { hashDigests } from './trace-hash.ts'

export interface GradeOptions {
  /** Default 1. The same seed gives the same grade. */
  readonly seed?: number
}

/** Plays the submission through every timeline with several seeds; a goal must hold in all of them. Never throws for what a learner wrote. */
export function gradeSubmission(lab: Lab, submission: Submission, options: GradeOptions = {}): Grade {
  const seed = options.seed ?? 1
  const manifest = explainManifest(submission.files)
  const runs = lab.timelines.flatMap((timeline) =>
    Array.from({ length: lab.seeds }, (_, i) =>
      runTimeline({ lab, submission, timeline, seed: seed + i, ...(i === 0 ? { text: manifest } : {}) }),
    ),
  )
  const accepted = runs[0]?.submitted.some((result) => result.exitCode === 0) ?? false
  const goals = gradeGoals(lab.goals, runs, accepted || submissionIsEmpty(submission))
  const { diagnostics } = withRefusals(manifest, runs[0]?.submitted ?? [])
  const verdicts = runs.flatMap((run) => run.verdicts)
  const { predictions } = submission
  const predicted =
    predictions === undefined
      ? undefined
      : gradePredictions(
          verdicts.filter((row) => row.timeline === lab.timelines[0]!.name),
          predictions,
        )
  const passed =
    goals.every((goal) => goal.status === 'passed') &&
    (lab.type !== 'predict' || (predicted !== undefined && predicted.right === predicted.of))
  const grade: Omit<Grade, 'hashes'> = {
    apiVersion: 'nodewise/v1',
    kind: 'Grade',
    lab: lab.id,
    kubernetes: 'v1.35',
    seed,
    passed,
    points: { earned: earnedPoints(lab, goals, predicted), possible: sum(goals.map((goal) => goal.points.possible)) },
    goals,
    nodes: verdicts,
    diagnostics,
    feedback: feedbackOf({ lab, goals, runs, verdicts, diagnostics, passed }),
    fixes: [],
    ...(predicted === undefined ? {} : { predictions: predicted }),
    traceHash: hashDigests(runs.map((run) => run.digest)),
  }
  return { ...grade, hashes: hashesOf(lab, submission, grade) }
}

/** In labs of the type `predict` the prediction is the work: goals count by the part of the nodes that was right. */
function earnedPoints(lab: Lab, goals: readonly GradedGoal[], predicted: PredictionResult | undefined): number {
  const earned = sum(goals.map((goal) => goal.points.earned))
  if (lab.type !== 'predict') return earned
  return predicted === undefined || predicted.of === 0 ? 0 : Math.floor((earned * predicted.right) / predicted.of)
}

function submissionIsEmpty(submission: Submission): boolean {
  return submission.files.length === 0 && (submission.commands ?? []).length === 0
}

function gradeGoals(goals: readonly GoalDefinition[], runs: readonly TimelineRun[], accepted: boolean): GradedGoal[] {
  const timelines = new Map(goals.map((goal) => [goal.id, timelinesOf(goal, runs, accepted)]))
  const holds = (id: string): boolean => (timelines.get(id) ?? []).every((timeline) => timeline.status === 'passed')
  return goals.map((goal) => {
    const reached = accepted && goal.needs.every(holds)
    const status: CheckStatus = !reached ? 'notReached' : holds(goal.id) ? 'passed' : 'failed'
    const seen = timelines.get(goal.id) ?? []
    return {
      id: goal.id,
      title: goal.title,
      status,
      points: { earned: status === 'passed' ? goal.points : 0, possible: goal.points },
      timelines: reached ? seen : seen.map((timeline) => ({ ...timeline, status: 'notReached' as const, nodes: [] })),
    }
  })
}

/** One line per timeline: the first seed in which it failed, else the first seed. */
function timelinesOf(goal: GoalDefinition, runs: readonly TimelineRun[], accepted: boolean): GoalTimeline[] {
  const byName = new Map<string, GoalTimeline>()
  for (const run of runs) {
    const outcome = run.outcomes.get(goal.id)
    if (outcome === undefined) continue
    const known = byName.get(run.timeline)
    if (known !== undefined && (known.status !== 'passed' || outcome.status === 'passed')) continue
    byName.set(run.timeline, {
      name: run.timeline,
      status: accepted ? outcome.status : 'notReached',
      atSeconds: outcome.atSeconds,
      nodes: outcome.nodes,
    })
  }
  return [...byName.values()]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)
