// nodewise run SCENARIO: plays a scenario and prints its timeline.
import type { Command } from 'commander'
import { playStep, type StepResult, startStory } from '../../index.ts'
import { ExitError, MISUSE, NOT_PASSED } from '../exit.ts'
import { readScenario } from '../scenario-file.ts'
import { wholeNumber } from './grade.ts'

interface Options {
  readonly json?: boolean
  readonly until?: string
  readonly seed: number
}

export function runCommand(program: Command): void {
  program
    .command('run')
    .description('play a scenario and print the timeline; exit code 1 if a kubectl line failed')
    .argument('<scenario>', 'a scenario file (docs/formats/cluster.md)')
    .option('--json', 'one JSON object per step')
    .option('--until <duration>', 'stop after so much of the story: 90s, 5m, 1h')
    .option('--seed <n>', 'seed of all that is random', wholeNumber, 1)
    .action((path: string, options: Options) => {
      const scenario = readScenario(path)
      const limit = options.until === undefined ? Number.POSITIVE_INFINITY : secondsOf(options.until)
      const { story, problems } = startStory(scenario, options.seed)
      for (const problem of problems) process.stderr.write(`nodewise: ${problem}\n`)
      let failed = problems.length > 0
      for (const step of scenario.steps) {
        if (story.cluster.seconds() - story.startedAt >= limit) break
        const result = playStep(story, step)
        failed ||= result.kubectl !== undefined && result.kubectl.exitCode !== 0
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify({ step: step.line, atSeconds: result.atSeconds, ...kubectlPart(result) })}\n`
            : text(result),
        )
      }
      if (failed) throw new ExitError(NOT_PASSED)
    })
}

function kubectlPart({ kubectl }: StepResult) {
  return kubectl === undefined ? {} : { exitCode: kubectl.exitCode, stdout: kubectl.stdout, stderr: kubectl.stderr }
}

function text(result: StepResult): string {
  const said = result.kubectl === undefined ? '' : `${result.kubectl.stdout}${result.kubectl.stderr}`
  const indented = said === '' ? '' : said.replace(/^(?=.)/gm, '         ')
  return `${`${Math.round(result.atSeconds)} s`.padStart(7)}  ${result.step.line}\n${indented}`
}

function secondsOf(duration: string): number {
  const match = /^(\d+)(s|m|h)?$/.exec(duration)
  if (match === null)
    throw new ExitError(MISUSE, `--until wants a duration such as 90s, 5m or 1h, not ${JSON.stringify(duration)}`)
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[(match[2] ?? 's') as 's' | 'm' | 'h']
}
