// The shape of a grade: docs/formats/grade.md, part 4 of the formats. What is here is public and stable.

import type { ManifestDiagnostic } from '../explain/explain-manifest.ts'
import type { NodeVerdict, Place } from '../explain/verdict.ts'
import type { GradeHashes } from './grade-hashes.ts'
import type { PredictionResult } from './predict.ts'

export type { Because, NodeVerdict, Place, Verdict } from '../explain/verdict.ts'

/** A finding in what was handed in, or what kubectl and the API server said of it. */
export type GradedDiagnostic = ManifestDiagnostic

export type CheckStatus = 'passed' | 'failed' | 'notReached'

export interface GoalTimeline {
  readonly name: string
  readonly status: CheckStatus
  /** Virtual seconds since the story began at which the goal broke or was decided. */
  readonly atSeconds: number
  readonly nodes: readonly string[]
}

export interface GradedGoal {
  readonly id: string
  readonly title: string
  readonly status: CheckStatus
  readonly points: { readonly earned: number; readonly possible: number }
  readonly timelines: readonly GoalTimeline[]
}

export interface Feedback extends Partial<Place> {
  readonly code: string
  readonly weight: 'must' | 'should' | 'note' | 'praise'
  readonly message: string
  /** Slug of the lesson that goes deeper. */
  readonly lesson?: string
  /** Id of a lab to practise it with. */
  readonly drill?: string
}

export interface Edit {
  readonly op: 'add' | 'replace' | 'remove'
  readonly path: string
  readonly value?: unknown
}

export interface Fix {
  readonly edits: readonly Edit[]
  /** What changes in the learner's text, as `diff -u` shows it. */
  readonly text: string
  /** Played: every goal of every future holds with it. */
  readonly verified: boolean
  readonly file?: string
  /** The whole file with the fix made. */
  readonly result?: string
}

export interface Grade {
  readonly apiVersion: 'nodewise/v1'
  readonly kind: 'Grade'
  readonly lab: string
  readonly kubernetes: 'v1.35'
  readonly seed: number
  readonly passed: boolean
  readonly points: { readonly earned: number; readonly possible: number }
  readonly goals: readonly GradedGoal[]
  readonly nodes: readonly NodeVerdict[]
  readonly diagnostics: readonly GradedDiagnostic[]
  readonly feedback: readonly Feedback[]
  readonly fixes: readonly Fix[]
  /** Where the learner said beforehand which nodes would run it. */
  readonly predictions?: PredictionResult
  readonly traceHash: string
  readonly hashes: GradeHashes
}
