import { en } from '../../strings/en.ts'
import type { Grade, GradedGoal } from '../../worker/protocol.ts'

/** The result's headline: what was reached, never a verdict on the learner. */
export function headline(grade: Grade): string {
  if (grade.passed) return en.result.passed
  const { earned, possible } = grade.points
  return earned === 0 ? en.result.nothing : en.result.partly(earned, possible)
}

interface Announced {
  readonly isGrading: boolean
  readonly isOutdated: boolean
  readonly grade: Grade | undefined
}

/** What a screen reader hears when a check begins and ends. */
export function announcement({ isGrading, grade, isOutdated }: Announced): string {
  if (isGrading) return en.result.checking
  if (grade === undefined || isOutdated) return ''
  const first = grade.passed ? en.result.passed : (grade.feedback[0]?.message ?? grade.diagnostics[0]?.message ?? '')
  return en.result.announce(grade.points.earned, grade.points.possible, first.replaceAll('`', ''))
}

export interface FutureResult {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'notReached'
  /** The goal that broke first, and when. */
  readonly broken?: { readonly goal: GradedGoal; readonly atSeconds: number; readonly nodes: readonly string[] }
}

/** One timeline over all goals: held, or the first moment at which one of them broke. */
export function futureResult(name: string, grade: Grade): FutureResult {
  const here = grade.goals.flatMap((goal) =>
    goal.timelines.filter((timeline) => timeline.name === name).map((timeline) => ({ goal, timeline })),
  )
  const failed = here
    .filter(({ timeline }) => timeline.status === 'failed')
    .sort((a, b) => a.timeline.atSeconds - b.timeline.atSeconds)[0]
  if (failed !== undefined) {
    return {
      name,
      status: 'failed',
      broken: { goal: failed.goal, atSeconds: failed.timeline.atSeconds, nodes: failed.timeline.nodes },
    }
  }
  const isReached = here.some(({ timeline }) => timeline.status === 'passed')
  return { name, status: isReached ? 'passed' : 'notReached' }
}
