// What makes a grade checkable: whoever grades the same work with the same lab gets the same four values.
import type { Grade } from './grade.ts'
import type { Lab } from './lab.ts'
import { sha256 } from './sha256.ts'
import type { Submission } from './submission.ts'

export interface GradeHashes {
  readonly lab: string
  readonly submission: string
  /** Version of the rules that graded. */
  readonly grader: string
  /** Over everything else in the grade: an edited grade no longer fits it. */
  readonly grade: string
}

/** Raised whenever the same work could get another grade. */
export const GRADER_VERSION = 'nodewise/0.1.0'

const ofLab = new WeakMap<Lab, string>()

export function hashesOf(lab: Lab, submission: Submission, grade: Omit<Grade, 'hashes'>): GradeHashes {
  const labHash = ofLab.get(lab) ?? `sha256:${sha256(JSON.stringify(lab))}`
  ofLab.set(lab, labHash)
  const { files, commands = [], predictions = [] } = submission
  const own = {
    lab: labHash,
    submission: `sha256:${sha256(JSON.stringify({ files, commands, predictions }))}`,
    grader: GRADER_VERSION,
  }
  return { ...own, grade: seal(grade, own) }
}

/** Whether nobody changed the grade after it was made. A forger can recompute it, so a doubt is settled by grading again. */
export function isUnedited(grade: Grade): boolean {
  const { hashes, ...rest } = grade
  const { grade: sealed, ...own } = hashes
  return seal(rest, own) === sealed
}

function seal(grade: Omit<Grade, 'hashes'>, own: Omit<GradeHashes, 'grade'>): string {
  const { fixes: _, ...sealed } = grade
  return `sha256:${sha256(JSON.stringify([own, sealed.lab, sealed.seed, sealed.passed, sealed.points, sealed.goals.map(({ id, status, points }) => [id, status, points]), sealed.traceHash]))}`
}
