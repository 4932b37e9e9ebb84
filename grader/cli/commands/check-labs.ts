// nodewise check-labs [DIR...]: what authors run before they commit a lab.
import type { Command } from 'commander'
import { checkLab, countOutcomes, type LabReport } from '../../index.ts'
import { ExitError, NOT_PASSED } from '../exit.ts'
import { labFolder, labIds, readFolder } from '../lab-folders.ts'
import { kubectlLines } from '../submission-input.ts'

export function checkLabsCommand(program: Command): void {
  program
    .command('check-labs')
    .description(
      'for authors: the starter fails, answers pass, each wrong answer gets its code, each mutant of an answer fails or is the same',
    )
    .argument('[dir...]', 'folders of labs; default: all')
    .option('--json', 'as JSON, with every mutant')
    .option('--no-matrix', 'leave out the mutation matrix, which takes the longest')
    .option('--model-only', 'mutate the model answer alone')
    .action((names: readonly string[], options: Options) => {
      const matrix = options.matrix
        ? { matrix: options.modelOnly === true ? ('model' as const) : ('all' as const) }
        : {}
      const reports = (names.length === 0 ? labIds() : names).map((name) => ({
        name,
        ...checkLab(readFolder(labFolder(name)), kubectlLines, matrix),
      }))
      const bad = reports.flatMap((report) => report.checks.filter((check) => !check.good))
      if (options.json === true) process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`)
      else {
        for (const report of reports) {
          const good = report.checks.filter((check) => check.good).length
          process.stdout.write(`${report.name}: ${good} of ${report.checks.length} hold${mutantsOf(report)}\n`)
          for (const check of report.checks.filter((one) => !one.good))
            process.stdout.write(`  ${check.what}: ${check.problem}\n`)
        }
      }
      if (bad.length > 0) throw new ExitError(NOT_PASSED)
    })
}

interface Options {
  readonly json?: boolean
  readonly matrix: boolean
  readonly modelOnly?: boolean
}

function mutantsOf({ matrix }: LabReport): string {
  if (matrix === undefined) return ''
  const { failed, equivalent, explained, survived } = countOutcomes(matrix)
  return `; ${matrix.rows.length} mutants: ${failed} fail, ${equivalent} behave the same, ${explained} are explained, ${survived} survive`
}
