// Goals over time: asked at one moment or at every moment of a timeline, over nodes, Pods or nothing.
import type { Node, Pod } from '../api/core.ts'
import type { CelEnvironment, CelExpression, Subject } from './cel.ts'
import type { ClusterView } from './cluster-view.ts'
import type { CheckStatus } from './grade.ts'
import type { GoalDefinition } from './lab-schema.ts'

/** One goal, watched through one timeline. */
export interface GoalWatch {
  readonly goal: GoalDefinition
  /** A moment has passed; only `always` and `eventually` look. */
  moment(atSeconds: number): void
  /** The timeline is over. */
  end(atSeconds: number): GoalOutcome
}

export interface GoalOutcome {
  readonly status: CheckStatus
  /** When it broke, was first met, or was decided. */
  readonly atSeconds: number
  /** Nodes for which it does not hold: names, sorted as the cluster lists them. */
  readonly nodes: readonly string[]
}

/** Compiles a goal and watches it. The lab was checked before, so its expressions compile. */
export function watchGoal(goal: GoalDefinition, environment: CelEnvironment, view: ClusterView): GoalWatch {
  const where = goal.where === undefined ? undefined : compile(environment, goal.where)
  const require = compile(environment, goal.require)
  let firstBroken: GoalOutcome | undefined
  let firstMet: GoalOutcome | undefined

  const look = (): readonly string[] | undefined => failingSubjects(goal, view, where, require)

  return {
    goal,
    moment(atSeconds) {
      if (goal.when === 'always' && firstBroken === undefined) {
        const failing = look()
        if (failing !== undefined) firstBroken = { status: 'failed', atSeconds, nodes: failing }
      }
      if (goal.when === 'eventually' && firstMet === undefined && look() === undefined)
        firstMet = { status: 'passed', atSeconds, nodes: [] }
    },
    end(atSeconds) {
      if (goal.when === 'always') return firstBroken ?? { status: 'passed', atSeconds, nodes: [] }
      if (goal.when === 'eventually' && firstMet !== undefined) return firstMet
      const failing = look()
      return failing === undefined
        ? { status: 'passed', atSeconds, nodes: [] }
        : { status: 'failed', atSeconds, nodes: failing }
    },
  }
}

/** Names of the nodes for which the goal does not hold, or undefined when it holds. Over nothing and over Pods without a node: an empty list. */
function failingSubjects(
  goal: GoalDefinition,
  view: ClusterView,
  where: CelExpression | undefined,
  require: CelExpression,
): readonly string[] | undefined {
  if (goal.over === 'nothing') return holds(require, {}) ? undefined : []
  const subjects: readonly Subject[] =
    goal.over === 'nodes' ? view.nodes().map((node) => ({ node })) : view.pods().map((pod) => ({ pod }))
  const wanted = where === undefined ? subjects : subjects.filter((subject) => holds(where, subject))
  const failing = wanted.filter((subject) => !holds(require, subject))
  // A goal over an empty set says nothing about the learner's work, so it does not hold.
  if (wanted.length === 0) return []
  return failing.length === 0 ? undefined : [...new Set(failing.map(nodeNameOf).filter((name) => name !== ''))]
}

/** CEL's missing keys are errors; for a goal they mean: does not hold. */
function holds(expression: CelExpression, subject: Subject): boolean {
  try {
    return expression(subject) === true
  } catch {
    return false
  }
}

function nodeNameOf(subject: Subject): string {
  return (subject.node as Node | undefined)?.metadata.name ?? (subject.pod as Pod | undefined)?.spec.nodeName ?? ''
}

function compile(environment: CelEnvironment, text: string): CelExpression {
  const compiled = environment.compile(text)
  return 'expression' in compiled ? compiled.expression : () => false
}

/** Whether a misconception's expression is true now. */
export function isTrue(environment: CelEnvironment, text: string): boolean {
  return holds(compile(environment, text), {})
}
