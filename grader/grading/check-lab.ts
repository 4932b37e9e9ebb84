// The author's check: starter and nothing at all score 0, every answer passes, every wrong answer gets its code
// as the first thing that its learner reads.
import { gradeSubmission } from './grade-submission.ts'
import { type Lab, loadLab } from './lab.ts'
import { type MatrixRow, type MutationMatrix, mutationMatrix } from './mutation-matrix.ts'
import type { Submission } from './submission.ts'
import { variantOf, variantProblem, variantWords } from './variants.ts'

export interface LabCheck {
  readonly what: string
  readonly good: boolean
  /** One sentence; empty when all is well. */
  readonly problem: string
}

export interface LabReport {
  readonly lab: string
  readonly checks: readonly LabCheck[]
  /** What became of each mutant of the answers, if that was asked for. */
  readonly matrix?: MutationMatrix
}

export interface CheckLabOptions {
  /** Mutate the answers too: all of them, or the model alone. */
  readonly matrix?: 'all' | 'model'
}

const SCRIPT = /\.kubectl$/

/** Checks a lab from the texts of its folder (paths relative to it). Never throws for an author's mistakes. */
export function checkLab(
  files: Readonly<Record<string, string>>,
  readLines: (text: string) => readonly string[],
  options: CheckLabOptions = {},
): LabReport {
  const loaded = loadLab(files)
  if (loaded.lab === undefined) {
    return {
      lab: '',
      checks: loaded.errors.map((error) => ({
        what: 'lab.yaml',
        good: false,
        problem: `${error.path}: ${error.message}`,
      })),
    }
  }
  const { lab } = loaded
  // What must fail needs one seed to fail in; what must pass, all of them.
  const quick: Lab = { ...lab, seeds: 1 }
  const submissionOf = (path: string): Submission => {
    const text = files[path]!
    return SCRIPT.test(path)
      ? { files: [], commands: readLines(text) }
      : { files: [{ name: path.split('/').pop()!, text }] }
  }
  const under = (folder: string) =>
    Object.keys(files)
      .filter((path) => path.startsWith(`${folder}/`))
      .sort()
  const answers = under('answers').filter((path) => options.matrix === 'all' || path.startsWith('answers/model.'))
  const matrix =
    options.matrix === undefined
      ? undefined
      : mutationMatrix(
          lab,
          answers.map((path) => ({ path, submission: submissionOf(path) })),
        )
  return {
    lab: lab.id,
    ...(matrix === undefined ? {} : { matrix }),
    checks: [
      ...shapeOf(lab, files),
      scoresNothing(quick, 'doing nothing', { files: [] }),
      ...(lab.starter.length === 0 ? [] : [scoresNothing(quick, 'the starter', { files: lab.starter })]),
      ...under('answers').map((path) => passes(lab, path, submissionOf(path))),
      ...under('wrong').map((path) => getsItsCode(quick, path, { submission: submissionOf(path), text: files[path]! })),
      ...variantsHold(files, readLines),
      ...(matrix?.rows ?? []).filter(({ outcome }) => outcome === 'survived').map(nobodySays),
    ],
  }
}

function shapeOf(lab: Lab, files: Readonly<Record<string, string>>): LabCheck[] {
  const answers = Object.keys(files).filter((path) => path.startsWith('answers/'))
  const wrong = Object.keys(files).filter((path) => path.startsWith('wrong/'))
  const known = /^(lab\.yaml|task\.md|hints\.md|(starter|answers|wrong)\/.+)$/
  const stray = Object.keys(files).filter((path) => !known.test(path))
  return [
    say('task.md', lab.task.trim() !== '', 'there is no task'),
    say(
      'hints.md',
      lab.hints.length === 3,
      `there are ${lab.hints.length} hints; three are wanted, each under a heading of the second level`,
    ),
    say(
      'answers/',
      answers.some((path) => path.startsWith('answers/model.')),
      'there is no answers/model.*',
    ),
    say('wrong/', wrong.length >= 3, 'at least three wrong answers are wanted'),
    say('files', stray.length === 0, `nobody reads ${stray.join(', ')}`),
  ]
}

function scoresNothing(lab: Lab, what: string, submission: Submission): LabCheck {
  const { passed, points } = gradeSubmission(lab, submission)
  return say(what, !passed && points.earned === 0, `earns ${points.earned} points${passed ? ' and passes' : ''}`)
}

function passes(lab: Lab, path: string, submission: Submission): LabCheck {
  const grade = gradeSubmission(lab, submission)
  const broken = grade.goals
    .filter((goal) => goal.status !== 'passed')
    .map((goal) => `${goal.id} (${goal.timelines.find((t) => t.status !== 'passed')?.name ?? 'not reached'})`)
  const said = grade.diagnostics.map((diagnostic) => diagnostic.message).join('; ')
  return say(path, grade.passed, `does not pass: ${broken.join(', ')}${said === '' ? '' : `; ${said}`}`)
}

function getsItsCode(
  lab: Lab,
  path: string,
  { submission, text }: { readonly submission: Submission; readonly text: string },
): LabCheck {
  const code = /^(?:#|\/\/)\s*([A-Z][A-Za-z]+)/.exec(text)?.[1]
  if (code === undefined) return say(path, false, 'its first line names no code (# UntoleratedTaint)')
  const grade = gradeSubmission(lab, submission)
  const codes = grade.feedback.map((item) => item.code)
  if (grade.passed) return say(path, false, 'passes')
  return say(
    path,
    codes[0] === code,
    `gets ${codes.join(', ') || 'no code'}; ${code} must be what its learner reads first`,
  )
}

const CHECKED_VARIANTS = [1, 2, 3]

/** A few of the lab's variants, if it has any: each is solved by its own model answer. */
function variantsHold(
  files: Readonly<Record<string, string>>,
  readLines: (text: string) => readonly string[],
): LabCheck[] {
  if (Object.keys(variantWords(files)).length === 0) return []
  return CHECKED_VARIANTS.map((seed) => {
    const problem = variantProblem(variantOf(files, seed), readLines)
    return say(`variant ${seed}`, problem === undefined, problem ?? '')
  })
}

/** A mutant that passes and behaves differently: the goals are too weak, or lab.yaml owes a reason. */
function nobodySays({ answer, mutant, difference }: MatrixRow): LabCheck {
  const where =
    difference === undefined
      ? ''
      : ` (${difference.where}${difference.node === '' ? '' : `, ${difference.node}`}: ${difference.first} / ${difference.second})`
  return say(
    `mutant of ${answer}: ${mutant}`,
    false,
    `passes and does something else${where}; tighten a goal, or explain it under survivors`,
  )
}

const say = (what: string, good: boolean, problem: string): LabCheck => ({ what, good, problem: good ? '' : problem })
