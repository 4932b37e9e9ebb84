// What the learner reads first: the real cause before its consequences, each finding once.
import { lessonOf } from '../explain/messages.ts'
import type { Feedback, GradedDiagnostic, GradedGoal, NodeVerdict, Place } from './grade.ts'
import type { Lab } from './lab.ts'
import type { TimelineRun } from './run-timeline.ts'

interface FeedbackInput {
  readonly lab: Lab
  readonly goals: readonly GradedGoal[]
  readonly runs: readonly TimelineRun[]
  readonly verdicts: readonly NodeVerdict[]
  readonly diagnostics: readonly GradedDiagnostic[]
  readonly passed: boolean
}

/** Ordered: the text's faults, recognised misconceptions, then why the nodes of broken goals are as they are. */
export function feedbackOf(input: FeedbackInput): Feedback[] {
  const feedback: Feedback[] = []
  const add = (item: Feedback) => {
    if (feedback.some((known) => known.code === item.code && known.line === item.line && known.file === item.file))
      return
    const lesson = item.lesson ?? lessonOf(item.code)
    feedback.push(lesson === undefined ? item : { ...item, lesson })
  }
  for (const diagnostic of input.diagnostics) {
    const weight = diagnostic.severity === 'error' ? 'must' : diagnostic.severity === 'warning' ? 'should' : 'note'
    add({ code: diagnostic.code, weight, message: diagnostic.explanation, ...placeOf(diagnostic) })
  }
  const textIsBroken = input.diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  if (!textIsBroken) {
    for (const run of input.runs)
      for (const { code, weight, message, lesson, drill } of run.misconceptions) {
        add({
          code,
          weight,
          message,
          ...(lesson === undefined ? {} : { lesson }),
          ...(drill === undefined ? {} : { drill }),
        })
      }
    for (const item of nodeReasons(input)) add(item)
  }
  if (input.passed)
    add({
      code: 'AllGoalsHold',
      weight: 'praise',
      message: `Every goal holds in all ${input.lab.timelines.length} futures.`,
    })
  return feedback
}

/** The deciding reason of each node that a failed goal names, in the goals' order. */
function nodeReasons({ goals, verdicts }: FeedbackInput): Feedback[] {
  const rows = new Map(verdicts.map((row) => [`${row.timeline}/${row.name}`, row]))
  return goals
    .filter((goal) => goal.status === 'failed')
    .flatMap((goal) => goal.timelines.filter((timeline) => timeline.status === 'failed'))
    .flatMap((timeline) => timeline.nodes.map((node) => rows.get(`${timeline.name}/${node}`)))
    .flatMap((row) => (row === undefined ? [] : decidingReason(row)))
    .map((because) => ({ code: because.code, weight: 'must' as const, message: because.message, ...placeOf(because) }))
}

/** Where a Pod runs, only an update strategy that waits for hands is the learner's to change; what a rollout waits for shows on other nodes. */
function decidingReason({ verdict, because }: NodeVerdict): NodeVerdict['because'] {
  const [first] = because
  return first === undefined || (verdict === 'Running' && first.code !== 'RolloutPaused') ? [] : [first]
}

function placeOf(place: Partial<Place>): Partial<Place> {
  const { file, line, column } = place
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  }
}
