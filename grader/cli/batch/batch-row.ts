// One submission of a batch, as the report lists it.
import type { Grade } from '../../index.ts'

export interface BatchItem {
  readonly learner: string
  readonly lab: string
  /** The folder with the learner's files. */
  readonly folder: string
  /** The lab's folder. */
  readonly labFolder: string
}

/** timeout: killed at its limit; unreadable: wrong input; fault: ours. Only graded rows have points. */
export interface BatchRow {
  readonly learner: string
  readonly lab: string
  readonly status: 'graded' | 'timeout' | 'unreadable' | 'fault'
  readonly passed: boolean
  readonly earned: number
  readonly possible: number
  /** The first finding that the learner reads. */
  readonly code: string
  /** What happened, where nothing could be graded. */
  readonly problem: string
  readonly traceHash: string
  readonly grade?: Grade
}

export function gradedRow({ learner, lab }: BatchItem, grade: Grade): BatchRow {
  const code = grade.feedback.find(({ weight }) => weight === 'must')?.code ?? ''
  return {
    learner,
    lab,
    status: 'graded',
    passed: grade.passed,
    earned: grade.points.earned,
    possible: grade.points.possible,
    code,
    problem: '',
    traceHash: grade.traceHash,
    grade,
  }
}

export function failedRow({ learner, lab }: BatchItem, status: BatchRow['status'], problem: string): BatchRow {
  return { learner, lab, status, passed: false, earned: 0, possible: 0, code: '', problem, traceHash: '' }
}
