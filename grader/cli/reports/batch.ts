// A batch as a table for spreadsheets, as JSON, as JUnit, or for a job summary.
import type { Grade } from '../../index.ts'
import type { BatchRow } from '../batch/batch-row.ts'

const COLUMNS = ['learner', 'lab', 'status', 'passed', 'earned', 'possible', 'code', 'problem', 'traceHash'] as const

/** RFC 4180, with a header. A cell that a spreadsheet would take for a formula gets a quote before it. */
export function reportBatchCsv(rows: readonly BatchRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(String(row[column]))).join(','))
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function reportBatchJson(rows: readonly BatchRow[]): string {
  return `${JSON.stringify({ apiVersion: 'nodewise/v1', kind: 'GradeList', items: rows }, null, 2)}\n`
}

export function reportBatchMarkdown(rows: readonly BatchRow[]): string {
  const passed = rows.filter((row) => row.passed).length
  const lines = rows.map(
    ({ learner, lab, status, passed: ok, earned, possible, code, problem }) =>
      `| ${plain(learner)} | ${plain(lab)} | ${status === 'graded' ? (ok ? 'passed' : 'not passed') : status} | ${earned}/${possible} | ${plain(code === '' ? problem : code)} |`,
  )
  return `## ${passed} of ${rows.length} passed\n\n| learner | lab | result | points | first finding |\n|---|---|---|---|---|\n${lines.join('\n')}\n`
}

const plain = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** The grades alone, named by learner, for reports that are made from grades. */
export function gradesOf(rows: readonly BatchRow[]): readonly Grade[] {
  return rows.flatMap(({ learner, grade }) =>
    grade === undefined ? [] : [{ ...grade, lab: `${learner}/${grade.lab}` }],
  )
}
