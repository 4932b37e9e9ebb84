import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createCelEnvironment } from '../../grader/grading/cel.ts'
import { createClusterView } from '../../grader/grading/cluster-view.ts'
import { parseYaml } from '../../grader/manifest/yaml-value.ts'
import { playScenario } from '../../grader/scenario/play.ts'
import { decodeScenario } from '../../grader/scenario/scenario.ts'

// Every sentence about behaviour that a lesson makes, played; a sentence that does not hold is not published.
const LESSONS = 'content/lessons'
const SEEDS = [1, 2, 3]

for (const lesson of readdirSync(LESSONS)) {
  describe(`claims of ${lesson}`, () => {
    const folder = `${LESSONS}/${lesson}/claims`
    const text = readFileSync(`${LESSONS}/${lesson}/lesson.mdx`, 'utf8')
    for (const file of readdirSync(folder).sort()) {
      const { claim, expressions, scenario } = readClaim(`${folder}/${file}`)
      test(claim, () => {
        for (const seed of SEEDS) {
          const { story } = playScenario(scenario, seed)
          const view = createClusterView(story.cluster.store, 'default')
          const environment = createCelEnvironment(() => view)
          for (const expression of expressions) {
            const compiled = environment.compile(expression)
            if ('problem' in compiled) throw new Error(`${file}: ${compiled.problem.message} in ${expression}`)
            expect(compiled.expression({}), `${expression} (seed ${seed})`).toBe(true)
          }
        }
      })
    }
    test(`${lesson} is short enough to be read in one go and long enough to be a lesson`, () => {
      const words = text.split(/^---$/m).slice(2).join('').split(/\s+/).length
      expect(words).toBeLessThanOrEqual(1400)
      expect(text.match(/^## /gm)?.length ?? 0).toBeGreaterThanOrEqual(6)
      expect(text).not.toMatch(/\b(just|simply|obviously)\b/i)
    })
  })
}

function readClaim(path: string) {
  const yaml = parseYaml(readFileSync(path, 'utf8'))
  if (yaml.error !== undefined) throw new Error(`${path}: ${yaml.error}`)
  const { value: scenario, errors } = decodeScenario(yaml.value, (inline) => parseYaml(inline).value)
  if (scenario === undefined)
    throw new Error(`${path}: ${errors.map((error) => `${error.path} ${error.message}`).join('; ')}`)
  const { claim, expect: expressions } = yaml.value as { readonly claim: string; readonly expect: readonly string[] }
  return { claim, expressions, scenario }
}
