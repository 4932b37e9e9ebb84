// Prints where cases differ from their recordings: npx node tests/conformance/show.ts [SUBSTRING] [--all]
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { differences, inFormOf } from './compare.ts'
import { playCase } from './play.ts'

const here = import.meta.dirname
const only = process.argv[2] ?? ''
const most = process.argv.includes('--all') ? 1000 : 6
let agree = 0
let differ = 0
for (const group of readdirSync(path.join(here, 'cases')).sort()) {
  for (const file of readdirSync(path.join(here, 'cases', group)).sort()) {
    const name = `${group}/${file.replace(/\.yaml$/, '')}`
    if (!name.includes(only)) continue
    const golden = JSON.parse(readFileSync(path.join(here, 'golden', `${name}.json`), 'utf8')) as { steps: Record<string, unknown>[] }
    let found: string[]
    try {
      const steps = playCase(readFileSync(path.join(here, 'cases', group, file), 'utf8'))
      found = differences(golden.steps, steps.map((step, i) => inFormOf(golden.steps[i], step)))
    } catch (error) {
      found = [error instanceof Error ? (error.stack ?? error.message) : String(error)]
    }
    if (found.length === 0) agree++
    else {
      differ++
      console.log(`FAIL ${name}`)
      for (const line of found.slice(0, most)) console.log(`     ${line.slice(0, 300)}`)
    }
  }
}
console.log(`${agree} agree, ${differ} differ`)
