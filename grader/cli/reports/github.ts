// A grade as GitHub workflow commands: each finding becomes an annotation on its line.
import type { Grade } from '../../index.ts'

const COMMANDS = { must: 'error', should: 'warning', note: 'notice', praise: 'notice' } as const

/** One workflow command per finding, then one line with the points. */
export function reportGitHub(grades: readonly Grade[]): string {
  const lines = grades.flatMap((grade) => [
    ...grade.feedback.map((item) => {
      const place = [
        item.file === undefined ? '' : `file=${property(item.file)}`,
        item.line === undefined ? '' : `line=${item.line}`,
        item.column === undefined ? '' : `col=${item.column}`,
      ]
      const properties = [...place, `title=${property(item.code)}`].filter(Boolean).join(',')
      return `::${COMMANDS[item.weight]} ${properties}::${data(item.message)}`
    }),
    `${grade.lab}: ${grade.passed ? 'passed' : 'not passed'}, ${grade.points.earned} of ${grade.points.possible} points`,
  ])
  return `${lines.join('\n')}\n`
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
