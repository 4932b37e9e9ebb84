// A grade for a person at a terminal of 80 columns: what to do next first, then the goals, then every node.
import type { Grade, GradedGoal, NodeVerdict, PredictionResult } from '../../index.ts'

const WIDTH = 80
const SHAPES: Readonly<Record<string, string>> = {
  Running: '●',
  NotReady: '◐',
  Pending: '◌',
  Refused: '✕',
  NotEligible: '–',
  Misscheduled: '◆',
  Terminating: '⌁',
}
const MARKS = { passed: '✓', failed: '✗', notReached: '·' } as const
const COLOURS: Readonly<Record<string, string>> = {
  '✓': '32',
  '✗': '31',
  '●': '32',
  '◐': '34',
  '◌': '33',
  '✕': '31',
  '◆': '35',
}

/** The whole report, ending in a newline. `colour` for terminals only. */
export function reportText(grade: Grade, colour: boolean): string {
  const paint = (mark: string) =>
    colour && COLOURS[mark] !== undefined ? `\u001b[${COLOURS[mark]}m${mark}\u001b[0m` : mark
  const lines = [headline(grade), '']
  for (const item of grade.feedback) {
    const where =
      item.file === undefined
        ? ''
        : `${item.file}${item.line === undefined ? '' : `:${item.line}`}${item.column === undefined ? '' : `:${item.column}`}  `
    lines.push(`${where}${item.code}`, ...wrap(item.message, '  '))
    const said = grade.diagnostics.find(
      (diagnostic) => diagnostic.code === item.code && diagnostic.line === item.line,
    )?.message
    if (said !== undefined && said !== '') lines.push(...said.split('\n').map((line) => `  > ${line}`))
    lines.push('')
  }
  for (const fix of grade.fixes)
    lines.push(
      fix.verified
        ? 'A change that passes (played in every future)'
        : 'No single change is enough; this one gets farthest',
      ...fix.text.split('\n').map((line) => `  ${line}`),
      '',
    )
  if (grade.predictions !== undefined) lines.push(...predictionLines(grade.predictions, paint), '')
  lines.push('Goals')
  for (const goal of grade.goals) lines.push(...goalLines(goal, paint))
  const now = grade.nodes.filter((row) => row.timeline === grade.nodes[0]?.timeline)
  if (now.length > 0) lines.push('', `Nodes (${now[0]!.timeline})`, ...now.flatMap((row) => nodeLines(row, paint)))
  return `${lines.join('\n')}\n`
}

function predictionLines({ right, of, nodes, unknown }: PredictionResult, paint: (mark: string) => string): string[] {
  const misses = nodes.filter(({ predicted, actual }) => predicted !== actual)
  const lines = misses.flatMap(({ name, actual, because }) => [
    `  ${paint('✗')} ${name} ${actual ? 'runs it' : 'does not run it'}`,
    ...(because[0] === undefined ? [] : wrap(because[0].message, '      ')),
  ])
  return [`Predictions: ${right} of ${of} right`, ...lines, ...unknown.map((name) => `  there is no node ${name}`)]
}

function headline(grade: Grade): string {
  const points = `${grade.points.earned} of ${grade.points.possible} points`
  return grade.passed ? `${grade.lab}: passed, ${points}` : `${grade.lab}: not there yet, ${points}`
}

function goalLines(goal: GradedGoal, paint: (mark: string) => string): string[] {
  const points = `${goal.points.earned}/${goal.points.possible}`
  const [first = '', ...rest] = wrap(goal.title, '      ')
  const lines = [
    `  ${paint(MARKS[goal.status])} ${points.padEnd(4)}${first.trim()}`,
    ...rest.map((line) => `  ${line}`),
  ]
  for (const timeline of goal.timelines.filter((t) => t.status === 'failed')) {
    const nodes =
      timeline.nodes.length === 0
        ? ''
        : `: ${timeline.nodes.slice(0, 6).join(', ')}${timeline.nodes.length > 6 ? ` and ${timeline.nodes.length - 6} more` : ''}`
    lines.push(`         in "${timeline.name}", at ${Math.round(timeline.atSeconds)} s${nodes}`)
  }
  return lines
}

function nodeLines(row: NodeVerdict, paint: (mark: string) => string): string[] {
  const because = row.verdict === 'Running' ? '' : (row.because[0]?.code ?? '')
  return [
    `  ${paint(SHAPES[row.verdict] ?? '?')} ${row.name.padEnd(20)} ${row.verdict.padEnd(13)} ${because}`.trimEnd(),
  ]
}

/** Words in lines of at most 80 columns, each with the indent. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/\s+/)) {
    if (line.length > indent.length && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = indent
    }
    line += line.length > indent.length ? ` ${word}` : word
  }
  return [...lines, line]
}
