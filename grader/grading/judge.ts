// Whether a submission would pass, without a grade: for mutants, fixes and variants, which are asked by the hundred.

import type { Lab } from './lab.ts'
import type { GoalDefinition } from './lab-schema.ts'
import { runTimeline } from './run-timeline.ts'
import type { Submission } from './submission.ts'

export interface Failure {
  readonly timeline: string
  readonly goal: string
  readonly nodes: readonly string[]
}

/** The first goal that does not hold, future by future; undefined if all hold. The seed is the first of `seeds` (default: the lab's). */
export function firstFailure(
  lab: Lab,
  submission: Submission,
  { seed = 1, seeds = lab.seeds }: { readonly seed?: number; readonly seeds?: number } = {},
): Failure | undefined {
  for (let i = 0; i < seeds; i++) {
    for (const timeline of lab.timelines) {
      const { outcomes, submitted } = runTimeline({ lab, submission, timeline, seed: seed + i })
      const accepted = submitted.some(({ exitCode }) => exitCode === 0) || submitted.length === 0
      for (const [goal, { status, nodes }] of outcomes)
        if (status !== 'passed' || !accepted) return { timeline: timeline.name, goal, nodes }
    }
  }
  return undefined
}

/** Points that the submission earns with one seed. */
export function pointsOf(lab: Lab, submission: Submission, seed = 1): number {
  const broken = new Set<string>()
  for (const timeline of lab.timelines) {
    const { outcomes, submitted } = runTimeline({ lab, submission, timeline, seed })
    if (submitted.length > 0 && submitted.every(({ exitCode }) => exitCode !== 0)) return 0
    for (const [goal, { status }] of outcomes) if (status !== 'passed') broken.add(goal)
  }
  const holds = (goal: GoalDefinition) => !broken.has(goal.id) && goal.needs.every((id) => !broken.has(id))
  return lab.goals.reduce((sum, goal) => sum + (holds(goal) ? goal.points : 0), 0)
}
