// nodewise grade LAB FILE...: one submission, or with --batch a folder of many.
import { writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Grade, gradeSubmission } from '../../index.ts'
import { ExitError, MISUSE, NOT_PASSED } from '../exit.ts'
import { openLab } from '../lab-folders.ts'
import { reportGitHub } from '../reports/github.ts'
import { reportJUnit } from '../reports/junit.ts'
import { reportMarkdown } from '../reports/markdown.ts'
import { reportSarif } from '../reports/sarif.ts'
import { reportText } from '../reports/text.ts'
import { readSubmission } from '../submission-input.ts'

const FORMATS = ['text', 'json', 'junit', 'sarif', 'markdown', 'github'] as const
type Format = (typeof FORMATS)[number]

interface Options {
  readonly commands?: string
  readonly format: Format
  readonly output?: string
  readonly seed: number
  readonly pass?: number
}

export function gradeCommand(program: Command): void {
  program
    .command('grade')
    .description('grade a submission; exit code 0 passed, 1 not passed, 2 wrong use, 3 a fault of ours')
    .argument('<lab>', 'id or number of the lab')
    .argument('[file...]', 'manifests, folders, or - for standard input')
    .option('--commands <file>', 'a text file of kubectl lines')
    .addOption(new Option('--format <format>', 'how to print the grade').choices(FORMATS).default('text'))
    .option('--output <file>', 'write the report there instead of to standard output')
    .option('--seed <n>', 'seed of all that is random', wholeNumber, 1)
    .option('--pass <percent>', 'percentage of points that passes; default: every goal must hold', wholeNumber)
    .action((name: string, files: readonly string[], options: Options) => {
      if (files.length === 0 && options.commands === undefined) throw new ExitError(MISUSE, 'nothing to grade: name a file, a folder, - or --commands FILE')
      const { lab } = openLab(name)
      const grade = gradeSubmission(lab, readSubmission(files, options.commands), { seed: options.seed })
      print(formatGrade(grade, options), options.output)
      if (!hasPassed(grade, options.pass)) throw new ExitError(NOT_PASSED)
    })
}

function formatGrade(grade: Grade, { format, output }: Options): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(grade, null, 2)}\n`
    case 'junit':
      return reportJUnit([grade])
    case 'sarif':
      return reportSarif([grade])
    case 'markdown':
      return reportMarkdown([grade])
    case 'github':
      return reportGitHub([grade])
    default:
      return reportText(grade, output === undefined && process.stdout.isTTY === true && process.env.NO_COLOR === undefined)
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
