// Mutants of model answers: each fails, behaves the same, or is explained in lab.yaml. `nodewise check-labs` asks all answers.
import { describe, expect, it } from 'vitest'
import { behaviourOf, compareSubmissions, firstDifference } from '../../grader/grading/equivalence.ts'
import { mutantsOf } from '../../grader/grading/mutants.ts'
import { mutationMatrix } from '../../grader/grading/mutation-matrix.ts'
import { agent, labOf, manifest } from '../grading/small-lab.ts'

const lab = labOf({
  nodes: "[{ name: w-1 }, { name: gpu-1, taints: ['nvidia.com/gpu=present:NoSchedule'] }]",
  goals: [`{ id: gpu, title: "Ready on gpu-1", points: 1, require: "runningOn('agent').exists(n, n == 'gpu-1')" }`],
})
const answer = agent({ spec: 'tolerations: [{ key: nvidia.com/gpu, operator: Exists }]' })

describe('the mutation matrix', () => {
  const { rows } = mutationMatrix(lab, [{ path: 'answers/model.yaml', submission: manifest(answer) }])
  const outcome = (mutant: string) => rows.find((row) => row.mutant === mutant)?.outcome

  it.each([
    ['drop spec.template.spec.tolerations', 'failed'],
    ['drop spec.template.spec.tolerations[0].operator', 'failed'],
    ['change spec.template.spec.tolerations[0].key to "nvidia.com/gpu-x"', 'failed'],
    ['add spec.updateStrategy {"type":"OnDelete"}', 'survived'],
    ['add spec.template.spec.tolerations/- {"operator":"Exists"}', 'survived'],
  ])('%s: %s', (mutant, wanted) => expect(outcome(mutant)).toBe(wanted))

  it('a survivor names the node that shows the difference', () => {
    const survivor = rows.find((row) => row.outcome === 'survived' && row.mutant.includes('"operator":"Exists"'))
    expect(survivor?.difference?.where).toMatch(/^generated cluster/)
    expect(survivor?.difference?.node).not.toBe('')
  })

  it('no mutant is asked twice', () => {
    const names = mutantsOf({ kind: 'DaemonSet', spec: { template: { spec: { tolerations: [{ key: 'a' }] } } } }).map(
      ({ name }) => name,
    )
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('the same by behaviour', () => {
  const behaviour = (spec: string) => behaviourOf(lab, manifest(agent({ spec })), [])
  it.each([
    [
      'two spellings of one toleration',
      'tolerations: [{ key: nvidia.com/gpu, operator: Exists }]',
      'tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: "" }]',
      true,
    ],
    ['a toleration and none', 'tolerations: [{ operator: Exists }]', '', false],
  ])('%s', (_, one, other, same) => {
    const difference = firstDifference(behaviour(one), behaviour(other))
    expect(difference === undefined).toBe(same)
    if (!same) expect(difference).toMatchObject({ where: 'now', node: 'gpu-1' })
  })
})

describe('two submissions compared', () => {
  it('the model and another right answer that is wider differ, and the node that shows it is named', () => {
    const difference = compareSubmissions(
      lab,
      manifest(answer),
      manifest(agent({ spec: 'tolerations: [{ operator: Exists }]' })),
    )
    expect(difference?.where).toMatch(/^generated cluster/)
    expect(difference?.second).toContain('ready')
  })
  it('two spellings are the same', () => {
    expect(
      compareSubmissions(
        lab,
        manifest(answer),
        manifest(agent({ spec: 'tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: "" }]' })),
      ),
    ).toBeUndefined()
  })
})
