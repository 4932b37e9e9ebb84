// nodewise why FILE...: no lab, no cluster; node by node, what this DaemonSet would do and why.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { explainWhy, type WhyReport } from '../../index.ts'
import { ExitError, MISUSE, NOT_PASSED } from '../exit.ts'
import { wrap } from '../reports/text.ts'
import { readSubmission } from '../submission-input.ts'

export function whyCommand(program: Command): void {
  program
    .command('why')
    .description(
      'say for each node what a DaemonSet would do there, and why; exit code 1 if a wanted node stays uncovered',
    )
    .argument('[file...]', 'manifests, folders, or - for standard input')
    .option(
      '--nodes <file>',
      'a cluster file, or what `kubectl get nodes,pods,daemonsets,namespaces -A -o json` printed',
    )
    .option('--json', 'as JSON')
    .action((names: readonly string[], options: { readonly nodes?: string; readonly json?: boolean }) => {
      if (names.length === 0 && options.nodes === undefined)
        throw new ExitError(MISUSE, 'nothing to explain: name a manifest, or a dump with --nodes')
      const files = names.length === 0 ? [] : readSubmission(names).files
      const report = explainWhy(files, options.nodes === undefined ? undefined : readText(options.nodes))
      process.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : text(report))
      if (!report.covered) throw new ExitError(NOT_PASSED)
    })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new ExitError(MISUSE, `cannot read ${path}: ${(error as Error).message}`)
  }
}

function text(report: WhyReport): string {
  const lines: string[] = []
  for (const item of report.diagnostics) {
    const where = item.file === undefined ? '' : `${item.file}:${item.line ?? 1}:${item.column ?? 1}  `
    lines.push(
      `${where}${item.code}`,
      ...(item.message === '' ? [] : [`  > ${item.message}`]),
      ...wrap(item.explanation, '  '),
      '',
    )
  }
  let daemonSet = ''
  for (const row of report.verdicts) {
    if (row.daemonSet !== daemonSet) lines.push(...(daemonSet === '' ? [] : ['']), row.daemonSet)
    daemonSet = row.daemonSet
    lines.push(`  ${row.name.padEnd(24)} ${row.verdict}`)
    const reasons = row.verdict === 'Running' ? [] : row.because
    for (const because of reasons) {
      const place = because.file === undefined ? '' : ` (${because.file}:${because.line})`
      lines.push(...wrap(`${because.code}${place}: ${because.message}`, '    '))
      if (because.kubernetes !== undefined) lines.push(`    > ${because.kubernetes}`)
    }
  }
  if (report.verdicts.length === 0 && report.diagnostics.length === 0) lines.push('No DaemonSet came out of this.')
  if (report.notes.length > 0) lines.push('', ...report.notes.flatMap((note) => wrap(note, '  ')))
  return `${lines.join('\n')}\n`
}
