import type { LabFiles, SubmittedFile } from '../../worker/protocol.ts'
import type { ClusterNode } from '../cluster/board-model.ts'

/** What the page knows about a lab when it is built; everything else comes from the grader. */
export interface LabProps {
  readonly id: string
  readonly title: string
  readonly minutes: number
  readonly files: LabFiles
  readonly starter: readonly SubmittedFile[]
  readonly nodes: readonly ClusterNode[]
  readonly timelines: readonly string[]
  readonly goals: readonly LabGoal[]
  readonly hints: readonly string[]
}

export interface LabGoal {
  readonly id: string
  readonly title: string
  readonly points: number
}

/** Grades are the same for everybody; variants will bring their own seed. */
export const LAB_SEED = 1
