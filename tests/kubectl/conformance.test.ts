import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { differences, inFormOf } from '../conformance/compare.ts'
import { playCase } from '../conformance/play.ts'

const HERE = path.join(import.meta.dirname, '../conformance')
const CASES = path.join(HERE, 'cases')
const DEVIATIONS = JSON.parse(readFileSync(path.join(HERE, 'deviations.json'), 'utf8')) as Record<string, string>
const results: { name: string; differences: string[]; commands: { run: string; agrees: boolean }[] }[] = []

const names = readdirSync(CASES)
  .sort()
  .flatMap((group) =>
    readdirSync(path.join(CASES, group))
      .sort()
      .map((file) => `${group}/${file.replace(/\.yaml$/, '')}`),
  )

interface Golden {
  readonly steps: readonly Readonly<Record<string, unknown>>[]
}

function play(name: string): string[] {
  const golden = JSON.parse(readFileSync(path.join(HERE, 'golden', `${name}.json`), 'utf8')) as Golden
  const steps = playCase(readFileSync(path.join(CASES, `${name}.yaml`), 'utf8'))
  const found = differences(
    golden.steps,
    steps.map((step, i) => inFormOf(golden.steps[i], step)),
  )
  const commands = golden.steps.flatMap((step, i) =>
    'run' in step
      ? [{ run: String(step.run), agrees: !found.some((d) => d.startsWith(`/${i}/`) || d.startsWith(`/${i}:`)) }]
      : [],
  )
  results.push({ name, differences: found, commands })
  return found
}

describe('a recorded case comes out as on a real control plane', () => {
  it.each(names)('%s', (name) => {
    const found = play(name)
    if (DEVIATIONS[name] === undefined) expect(found).toEqual([])
    else expect(found, 'this case agrees now: take it off deviations.json').not.toEqual([])
  })
})

it('every listed deviation is a recorded case', () => {
  expect(Object.keys(DEVIATIONS).filter((name) => !names.includes(name))).toEqual([])
})

afterAll(() => {
  if (process.env.CONFORMANCE_RESULTS === undefined || results.length < names.length) return
  const file = path.join(HERE, 'results.json')
  const text = `${JSON.stringify(summary(), null, 1)}\n`
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
})

function summary(): unknown {
  const groups = [...new Set(results.map((r) => r.name.split('/')[0]!))]
  const verbs = new Map<string, { lines: number; agree: number }>()
  for (const { run, agrees } of results.flatMap((r) => r.commands)) {
    const verb = verbOf(run)
    const count = verbs.get(verb) ?? { lines: 0, agree: 0 }
    verbs.set(verb, { lines: count.lines + 1, agree: count.agree + (agrees ? 1 : 0) })
  }
  return {
    cases: results.length,
    agree: results.filter((r) => r.differences.length === 0).length,
    groups: groups.map((group) => {
      const mine = results.filter((r) => r.name.startsWith(`${group}/`))
      return { group, cases: mine.length, agree: mine.filter((r) => r.differences.length === 0).length }
    }),
    commands: [...verbs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([command, count]) => ({ command, ...count })),
    deviations: DEVIATIONS,
    differing: results
      .filter((r) => r.differences.length > 0)
      .map(({ name, differences: found }) => ({ name, differences: found.slice(0, 20) })),
  }
}

const GROUP_COMMANDS = new Set(['rollout', 'set', 'create', 'auth', 'config', 'top'])

/** `kubectl rollout status`, whatever flags stand in between. */
function verbOf(line: string): string {
  const bare = line.split(/\s+/).slice(1)
  const at = bare.findIndex((word, i) => !word.startsWith('-') && bare[i - 1] !== '-n')
  const verb = bare[at] ?? ''
  const sub = bare.slice(at + 1).find((word) => !word.startsWith('-'))
  const isSub =
    GROUP_COMMANDS.has(verb) && sub !== undefined && /^[a-z]+$/.test(sub) && !(verb === 'create' && bare.includes('-f'))
  return isSub ? `${verb} ${sub}` : verb
}
