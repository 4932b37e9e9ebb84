// What the page and the grader's worker say to each other: one union each way, every message with the id of its request.
import type {
  Completion,
  Grade,
  KubectlResult,
  NodeCard,
  NodeVerdict,
  Preview,
  Submission,
  SubmittedFile,
} from '../../grader/index.ts'
import type { FieldHelp, Suggestion } from './field-help.ts'

export type {
  Because,
  Completion,
  Grade,
  GradedDiagnostic,
  GradedGoal,
  KubectlResult,
  NodeVerdict,
  Preview,
  Submission,
  SubmittedFile,
  Verdict,
} from '../../grader/index.ts'
export type { FieldHelp, Suggestion } from './field-help.ts'

/** A lab's folder as the browser gets it: path inside the folder → text. */
export type LabFiles = Readonly<Record<string, string>>

/** A Node that joins in some timeline, as the board draws it before it is there. */
export interface JoiningNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly string[]
}

/** A place in a text being typed; line and column start at 1. */
export interface TextSpot {
  readonly text: string
  readonly line: number
  readonly column: number
}

/** A copy of a lab's cluster at one moment: what the board would show of it. */
export interface CopyState {
  readonly seconds: number
  readonly nodes: readonly NodeCard[]
  readonly verdicts: readonly NodeVerdict[]
}

/** What a command did to the copy; `lost` when the worker no longer has one. */
export type Typed =
  | { readonly type: 'lost' }
  | { readonly type: 'ran'; readonly result: KubectlResult; readonly copy: CopyState }

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
  | ({ readonly type: 'suggest'; readonly id: number } & TextSpot)
  | ({ readonly type: 'describe'; readonly id: number } & TextSpot)
  | { readonly type: 'openCopy'; readonly id: number; readonly lab: string; readonly submission: Submission }
  | {
      readonly type: 'type'
      readonly id: number
      readonly lab: string
      readonly line: string
      readonly files: readonly SubmittedFile[]
    }
  | {
      readonly type: 'completeLine'
      readonly id: number
      readonly lab: string
      readonly line: string
      readonly files: readonly string[]
    }

export type FromWorker =
  | { readonly type: 'loaded'; readonly id: number; readonly joining: readonly JoiningNode[] }
  | { readonly type: 'graded'; readonly id: number; readonly grade: Grade }
  | { readonly type: 'previewed'; readonly id: number; readonly preview: Preview }
  | { readonly type: 'suggested'; readonly id: number; readonly suggestions: readonly Suggestion[] }
  | { readonly type: 'described'; readonly id: number; readonly help: FieldHelp | null }
  | { readonly type: 'copyOpened'; readonly id: number; readonly copy: CopyState }
  | { readonly type: 'typed'; readonly id: number; readonly typed: Typed }
  | { readonly type: 'lineCompleted'; readonly id: number; readonly completion: Completion }
  | { readonly type: 'fault'; readonly id: number; readonly message: string; readonly where: string }

/** Why an answer did not come. Never the learner's doing: what is wrong with a text comes as diagnostics. */
export type Fault =
  | { readonly type: 'crashed'; readonly message: string; readonly where: string }
  | { readonly type: 'hung'; readonly seconds: number }
  | { readonly type: 'unavailable'; readonly message: string }

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }
