// Plays seeded lives of whole clusters and has the checkers look at each step.
//   npm run simulate -- --seed 42           one life, with everything that happened in it
//   npm run simulate -- --seeds 301-5000    many; those that fail are told with their command
//   npm run simulate -- --seed 42 --files   the manifests, too
import { parseArgs } from 'node:util'
import { formatLife, live } from '../tests/support/simulation.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string' }, files: { type: 'boolean', default: false } },
})
const range = /^(\d+)-(\d+)$/.exec(values.seeds ?? `${values.seed ?? ''}-${values.seed ?? ''}`)
if (range === null) {
  console.error('usage: npm run simulate -- --seed N [--files] | --seeds FROM-TO')
  process.exit(2)
}

const [from, to] = [Number(range[1]), Number(range[2])]
const failed = []
for (let seed = from; seed <= to; seed++) {
  const life = live(seed)
  if (life.problems.length > 0) failed.push(seed)
  if (values.seed !== undefined) console.log(formatLife(life, { files: values.files }))
  else if (life.problems.length > 0) {
    console.log(`npm run simulate -- --seed ${seed}\n  ${life.problems.slice(0, 5).join('\n  ')}`)
  }
}
console.log(
  `${to - from + 1 - failed.length} good, ${failed.length} failed${failed.length === 0 ? '' : `: ${failed.join(' ')}`}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
