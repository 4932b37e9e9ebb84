// nodewise grade --batch DIR: all learners' folders, with progress on stderr; what was graded before is not graded again.
import { availableParallelism } from 'node:os'
import { ExitError, FAULT, MISUSE, NOT_PASSED } from '../exit.ts'
import { gradesOf, reportBatchCsv, reportBatchJson, reportBatchMarkdown } from '../reports/batch.ts'
import { reportJUnit } from '../reports/junit.ts'
import { findItems, openJournal } from './batch-folder.ts'
import type { BatchRow } from './batch-row.ts'
import { runBatch } from './run-batch.ts'

export interface BatchCommand {
  readonly dir: string
  readonly jobs?: number
  readonly format: string
  readonly seed: number
  readonly limitSeconds: number
  readonly resume?: string
  print(text: string): void
}

const FORMATS: Readonly<Record<string, (rows: readonly BatchRow[]) => string>> = {
  csv: reportBatchCsv,
  json: reportBatchJson,
  markdown: reportBatchMarkdown,
  junit: (rows) => reportJUnit(gradesOf(rows)),
}

/** Ends the command with 1 if a submission did not pass, with 3 if one met a fault of ours. */
export async function gradeBatch({
  dir,
  jobs,
  format,
  seed,
  limitSeconds,
  resume,
  print,
}: BatchCommand): Promise<void> {
  const report = FORMATS[format === 'text' ? 'csv' : format]
  if (report === undefined)
    throw new ExitError(MISUSE, `--batch prints ${Object.keys(FORMATS).join(', ')}, not ${format}`)
  const items = findItems(dir)
  if (items.length === 0) throw new ExitError(MISUSE, `${dir} holds no folder LEARNER/LAB`)
  const journal = resume === undefined ? undefined : openJournal(resume, seed)
  const known = items.map((item) => journal?.find(item))
  const todo = items.filter((_, i) => known[i] === undefined)
  const already = items.length - todo.length
  if (already > 0) process.stderr.write(`${already} of ${items.length} were graded before\n`)
  const onRow = (row: BatchRow, done: number) => {
    const item = todo.find(({ learner, lab }) => learner === row.learner && lab === row.lab)
    if (item !== undefined && row.status === 'graded') journal?.add(item, row)
    process.stderr.write(
      `${String(done + already).padStart(String(items.length).length)}/${items.length} ${row.learner} ${row.lab}: ${row.status === 'graded' ? `${row.earned}/${row.possible}` : `${row.status}, ${row.problem}`}\n`,
    )
  }
  const fresh = await runBatch(todo, { jobs: jobs ?? availableParallelism(), seed, limitSeconds, onRow })
  const rows = known.map((row) => row ?? fresh.shift()!)
  print(report(rows))
  if (rows.some(({ status }) => status === 'fault'))
    throw new ExitError(FAULT, 'some submissions met a fault of the platform; their rows say which')
  if (rows.some(({ passed }) => !passed)) throw new ExitError(NOT_PASSED)
}
