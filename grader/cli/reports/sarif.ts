// A grade as SARIF 2.1.0: findings annotated on the lines of a pull request.
import type { Feedback, Grade } from '../../index.ts'

const LEVELS = { must: 'error', should: 'warning', note: 'note', praise: 'none' } as const

/** The document as text, ending in a newline. Findings without a place are left to the other formats. */
export function reportSarif(grades: readonly Grade[]): string {
  const placed = grades.flatMap((grade) => grade.feedback.filter((item) => item.file !== undefined))
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'nodewise',
            informationUri: 'https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/',
            rules: rulesOf(placed),
          },
        },
        results: placed.map((item) => ({
          ruleId: item.code,
          level: LEVELS[item.weight],
          message: { text: item.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: item.file },
                region: { startLine: item.line ?? 1, startColumn: item.column ?? 1 },
              },
            },
          ],
        })),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function rulesOf(items: readonly Feedback[]): readonly { readonly id: string }[] {
  return [...new Set(items.map((item) => item.code))].sort().map((id) => ({ id }))
}
