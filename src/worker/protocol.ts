// What the page and the grader's worker say to each other: one union each way, every message with the id of its request.
import type { Grade, Preview, Submission } from '../../grader/index.ts'

export type {
  Because,
  Grade,
  GradedDiagnostic,
  GradedGoal,
  NodeVerdict,
  Preview,
  Submission,
  SubmittedFile,
  Verdict,
} from '../../grader/index.ts'

/** A lab's folder as the browser gets it: path inside the folder → text. */
export type LabFiles = Readonly<Record<string, string>>

/** A Node that joins in some timeline, as the board draws it before it is there. */
export interface JoiningNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly string[]
}

export type ToWorker =
  | { readonly type: 'load'; readonly id: number; readonly lab: string; readonly files: LabFiles }
  | {
      readonly type: 'grade'
      readonly id: number
      readonly lab: string
      readonly submission: Submission
      readonly seed: number
    }
  | { readonly type: 'preview'; readonly id: number; readonly lab: string; readonly submission: Submission }

export type FromWorker =
  | { readonly type: 'loaded'; readonly id: number; readonly joining: readonly JoiningNode[] }
  | { readonly type: 'graded'; readonly id: number; readonly grade: Grade }
  | { readonly type: 'previewed'; readonly id: number; readonly preview: Preview }
  | { readonly type: 'fault'; readonly id: number; readonly message: string; readonly where: string }

/** Why an answer did not come. Never the learner's doing: what is wrong with a text comes as diagnostics. */
export type Fault =
  | { readonly type: 'crashed'; readonly message: string; readonly where: string }
  | { readonly type: 'hung'; readonly seconds: number }
  | { readonly type: 'unavailable'; readonly message: string }

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }
