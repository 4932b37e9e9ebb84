import { describe, expect, it } from 'vitest'
import { readFolder } from '../../grader/cli/lab-folders.ts'
import { kubectlLines } from '../../grader/cli/submission-input.ts'
import { variantOf, variantProblem } from '../../grader/grading/variants.ts'
import { gradeSubmission, loadLab, solvedVariant } from '../../grader/index.ts'

const files = readFolder('labs/04-tainted-gpu-and-control-plane')
const seeds = [1, 2, 3, 4]

describe('variants of a lab', () => {
  it('seed 0 is the lab as it is written', () => expect(variantOf(files, 0).files).toBe(files))

  it('the same seed draws the same words', () => expect(variantOf(files, 5)).toEqual(variantOf(files, 5)))

  it('seeds differ', () =>
    expect(new Set(seeds.map((seed) => JSON.stringify(variantOf(files, seed).words))).size).toBeGreaterThan(1))

  it.each(seeds)('variant %i is solved by its own model answer', (seed) => {
    expect(variantProblem(variantOf(files, seed), kubectlLines)).toBeUndefined()
    const variant = solvedVariant(files, seed, kubectlLines)
    expect(variantProblem(variant, kubectlLines)).toBeUndefined()
    expect(variant.files['task.md']).toContain(variant.words['node-agent'] ?? 'node-agent')
  })

  it('the answer to another variant does not pass', () => {
    const seed = seeds.find((one) => (variantOf(files, one).words['node-agent'] ?? 'node-agent') !== 'node-agent')!
    const { lab } = loadLab(variantOf(files, seed).files)
    expect(gradeSubmission(lab!, { files: [{ name: 'a.yaml', text: files['answers/model.yaml']! }] }).passed).toBe(
      false,
    )
  })

  it('a variant that its model does not solve is not served', () => {
    const broken = {
      ...files,
      'lab.yaml': files['lab.yaml']!.replace(/^variants:[\s\S]*/m, 'variants:\n  node-agent: [Not_A_Name]\n'),
    }
    const bad = [1, 2, 3, 4, 5, 6]
      .map((seed) => variantOf(broken, seed))
      .find(({ words }) => words['node-agent'] === 'Not_A_Name')!
    expect(variantProblem(bad, kubectlLines)).toMatch(/does not pass/)
  })
})
