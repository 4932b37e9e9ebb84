// A grade as JUnit XML: one test case per goal and future, so that a CI's test view shows which future broke.
import type { Grade, GradedGoal } from '../../index.ts'

/** The document, ending in a newline. Goals that were not reached are skipped cases, as JUnit knows them. */
export function reportJUnit(grades: readonly Grade[]): string {
  const suites = grades.map(suite).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites}</testsuites>\n`
}

function suite(grade: Grade): string {
  const cases = grade.goals.flatMap((goal) => goal.timelines.map((timeline) => ({ goal, timeline })))
  const failures = cases.filter(({ timeline }) => timeline.status === 'failed').length
  const skipped = cases.filter(({ timeline }) => timeline.status === 'notReached').length
  const head = `  <testsuite name="${escapeXml(grade.lab)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}">\n`
  const rows = cases.map(({ goal, timeline }) => {
    const name = `    <testcase classname="${escapeXml(grade.lab)}.${escapeXml(goal.id)}" name="${escapeXml(timeline.name)}" time="0"`
    if (timeline.status === 'passed') return `${name}/>\n`
    if (timeline.status === 'notReached') return `${name}>\n      <skipped/>\n    </testcase>\n`
    return `${name}>\n      <failure message="${escapeXml(goal.title)}">${escapeXml(failureText(grade, goal, timeline.nodes))}</failure>\n    </testcase>\n`
  })
  return `${head}${rows.join('')}  </testsuite>\n`
}

function failureText(grade: Grade, goal: GradedGoal, nodes: readonly string[]): string {
  const first = grade.feedback.find((item) => item.weight === 'must')
  const where = first?.file === undefined ? '' : `${first.file}:${first.line ?? 1}: `
  return [
    `${goal.title}: not on ${nodes.join(', ') || 'the cluster'}`,
    first === undefined ? '' : `${where}${first.code}: ${first.message}`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** XML text and attribute values; control characters that XML 1.0 forbids are dropped. */
function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is taken out.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  )
}
