// A grade for a job summary or a pull-request comment.
import type { Grade } from '../../index.ts'

/** Markdown of one or many grades, ending in a newline. */
export function reportMarkdown(grades: readonly Grade[]): string {
  return grades.map(one).join('\n')
}

function one(grade: Grade): string {
  const lines = [
    `## ${grade.passed ? '✅' : '❌'} ${grade.lab}: ${grade.points.earned} of ${grade.points.possible} points`,
    '',
  ]
  for (const item of grade.feedback) {
    const where = item.file === undefined ? '' : `\`${item.file}${item.line === undefined ? '' : `:${item.line}`}\` `
    lines.push(`- ${where}**${item.code}**: ${item.message}`)
  }
  if (grade.feedback.length > 0) lines.push('')
  lines.push('| goal | points | broke in |', '|---|---|---|')
  for (const goal of grade.goals) {
    const broke = goal.timelines.filter((timeline) => timeline.status === 'failed')
    const text = broke.map(
      (timeline) =>
        `${timeline.name} (${Math.round(timeline.atSeconds)} s${timeline.nodes.length === 0 ? '' : `, ${timeline.nodes.slice(0, 5).join(', ')}`})`,
    )
    lines.push(
      `| ${cell(goal.title)} | ${goal.points.earned}/${goal.points.possible} | ${goal.status === 'notReached' ? 'not reached' : cell(text.join('; '))} |`,
    )
  }
  const now = grade.nodes.filter((row) => row.timeline === grade.nodes[0]?.timeline)
  if (now.length > 0) {
    lines.push('', '<details><summary>Every node</summary>', '', '| node | verdict | why |', '|---|---|---|')
    for (const row of now) lines.push(`| ${cell(row.name)} | ${row.verdict} | ${cell(row.because[0]?.message ?? '')} |`)
    lines.push('', '</details>')
  }
  return `${lines.join('\n')}\n`
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
