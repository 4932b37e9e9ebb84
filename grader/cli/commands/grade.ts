// nodewise grade LAB FILE...: one submission, or with --batch a folder of many.
import { writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { findFixes, type Grade, gradeSubmission, type Lab, type Submission } from '../../index.ts'
import { gradeBatch } from '../batch/grade-batch.ts'
import { ExitError, MISUSE, NOT_PASSED } from '../exit.ts'
import { openLab } from '../lab-folders.ts'
import { reportGitHub } from '../reports/github.ts'
import { reportJUnit } from '../reports/junit.ts'
import { reportMarkdown } from '../reports/markdown.ts'
import { reportSarif } from '../reports/sarif.ts'
import { reportText } from '../reports/text.ts'
import { pathsByName, readSubmission } from '../submission-input.ts'

const FORMATS = ['text', 'json', 'junit', 'sarif', 'markdown', 'github', 'csv'] as const
type Format = (typeof FORMATS)[number]

interface Options {
  readonly commands?: string
  readonly format: Format
  readonly output?: string
  readonly seed: number
  readonly pass?: number
  readonly variant: number
  readonly predict?: string
  readonly fixes?: boolean
  readonly points?: string
  readonly batch?: string
  readonly jobs?: number
  readonly limit: number
  readonly resume?: string
}

export function gradeCommand(program: Command): void {
  program
    .command('grade')
    .description('grade a submission; exit code 0 passed, 1 not passed, 2 wrong use, 3 a fault of ours')
    .argument('[lab]', 'id or number of the lab')
    .argument('[file...]', 'manifests, folders, or - for standard input')
    .option('--commands <file>', 'a text file of kubectl lines')
    .addOption(new Option('--format <format>', 'how to print the grade').choices(FORMATS).default('text'))
    .option('--output <file>', 'write the report there instead of to standard output')
    .option('--seed <n>', 'seed of all that is random', wholeNumber, 1)
    .option(
      '--variant <n>',
      'the lab in other names, labels and values; the number that start was given',
      wholeNumber,
      0,
    )
    .option('--pass <percent>', 'percentage of points that passes; default: every goal must hold', wholeNumber)
    .option('--predict <nodes>', 'comma-separated nodes on which the learner says it will run')
    .option('--fixes', 'look for the smallest change that passes, and show it')
    .option('--points <file>', 'write the points as JSON for a classroom system')
    .option('--batch <dir>', 'grade DIR/LEARNER/LAB/... on all cores; formats: csv, json, junit, markdown')
    .option('--jobs <n>', 'how many at once with --batch', wholeNumber)
    .option('--limit <seconds>', 'when a submission of a batch is ended', wholeNumber, 30)
    .option('--resume <file>', 'with --batch: keep a journal there, and go on where it ends')
    .action(async (name: string | undefined, files: readonly string[], options: Options) => {
      if (options.batch !== undefined) return runBatchCommand(options.batch, options)
      if (name === undefined) throw new ExitError(MISUSE, 'which lab? nodewise labs lists them')
      if (options.format === 'csv') throw new ExitError(MISUSE, '--format csv belongs to --batch')
      if (files.length === 0 && options.commands === undefined && options.predict === undefined)
        throw new ExitError(MISUSE, 'nothing to grade: name a file, a folder, - or --commands FILE')
      const { lab } = openLab(name, options.variant)
      const read =
        files.length === 0 && options.commands === undefined ? { files: [] } : readSubmission(files, options.commands)
      const submission =
        options.predict === undefined
          ? read
          : {
              ...read,
              predictions: options.predict
                .split(',')
                .map((node) => node.trim())
                .filter(Boolean),
            }
      const grade = withFixes(gradeSubmission(lab, submission, { seed: options.seed }), lab, { submission, options })
      print(formatGrade(grade, options, files), options.output)
      if (options.points !== undefined) print(`${JSON.stringify(pointsFile(grade), null, 2)}\n`, options.points)
      if (!hasPassed(grade, options.pass)) throw new ExitError(NOT_PASSED)
    })
}

function runBatchCommand(dir: string, { jobs, format, seed, limit, resume, output }: Options): Promise<void> {
  return gradeBatch({
    dir,
    format,
    seed,
    limitSeconds: limit,
    print: (text) => print(text, output),
    ...(jobs === undefined ? {} : { jobs }),
    ...(resume === undefined ? {} : { resume }),
  })
}

function withFixes(
  grade: Grade,
  lab: Lab,
  { submission, options }: { readonly submission: Submission; readonly options: Options },
): Grade {
  if (options.fixes !== true || grade.passed) return grade
  const { fixes, best } = findFixes(lab, submission, { seed: options.seed })
  return { ...grade, fixes: best === undefined ? fixes : [...fixes, best.fix] }
}

/** What classroom systems read: one score, and one test per goal. */
function pointsFile(grade: Grade) {
  return {
    score: grade.points.earned,
    max_score: grade.points.possible,
    status: grade.passed ? 'pass' : 'fail',
    tests: grade.goals.map(({ title, status, points }) => ({
      name: title,
      score: points.earned,
      max_score: points.possible,
      status: status === 'passed' ? 'pass' : 'fail',
    })),
    hashes: grade.hashes,
  }
}

function formatGrade(grade: Grade, { format, output }: Options, files: readonly string[]): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(grade, null, 2)}\n`
    case 'junit':
      return reportJUnit([grade])
    case 'sarif':
      return reportSarif([withPaths(grade, files)])
    case 'markdown':
      return reportMarkdown([grade])
    case 'github':
      return reportGitHub([withPaths(grade, files)])
    default:
      return reportText(
        grade,
        output === undefined && process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
      )
  }
}

function withPaths(grade: Grade, files: readonly string[]): Grade {
  const paths = pathsByName(files)
  return {
    ...grade,
    feedback: grade.feedback.map((item) =>
      item.file === undefined ? item : { ...item, file: paths.get(item.file) ?? item.file },
    ),
  }
}

function hasPassed(grade: Grade, percent: number | undefined): boolean {
  return percent === undefined ? grade.passed : grade.points.earned * 100 >= percent * grade.points.possible
}

function print(text: string, output: string | undefined): void {
  if (output === undefined) {
    process.stdout.write(text)
    return
  }
  try {
    writeFileSync(output, text)
  } catch (error) {
    throw new ExitError(MISUSE, `cannot write ${output}: ${(error as Error).message}`)
  }
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted')
  return Number(text)
}
