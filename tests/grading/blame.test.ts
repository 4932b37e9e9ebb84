import { describe, expect, it } from 'vitest'
import { blameField, createBlame, gradeSubmission, isUnedited } from '../../grader/index.ts'
import { agent, gradeText, labOf, manifest } from './small-lab.ts'

const EVERYWHERE = `{ id: everywhere, title: "Ready on every node", points: 2, over: nodes, require: "readyPods('agent', node).size() == 1" }`
const nodes =
  "[{ name: w-1 }, { name: w-2, labels: { disktype: ssd } }, { name: gpu-1, labels: { disktype: ssd }, taints: ['nvidia.com/gpu=present:NoSchedule'] }]"
const lab = labOf({ nodes, goals: [EVERYWHERE] })

describe('which field decides what', () => {
  it.each([
    [
      'a toleration gains its node',
      'tolerations: [{ key: nvidia.com/gpu, operator: Exists }]',
      'spec.template.spec.tolerations[0]',
      { gains: ['gpu-1'], loses: [], required: false },
    ],
    [
      'an operator gains the nodes whose taint has a value',
      'tolerations: [{ key: nvidia.com/gpu, operator: Exists }]',
      'spec.template.spec.tolerations[0].operator',
      { gains: ['gpu-1'], loses: [], required: false },
    ],
    [
      'an effect decides nothing where the taint has it',
      'tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]',
      'spec.template.spec.tolerations[0].effect',
      { gains: [], loses: [], required: false },
    ],
    [
      'a nodeSelector loses the nodes without the label',
      'nodeSelector: { disktype: ssd }',
      'spec.template.spec.nodeSelector',
      { gains: [], loses: ['w-1'], required: false },
    ],
    ['a required field', '', 'spec.template.spec.containers', { gains: ['w-1', 'w-2'], loses: [], required: true }],
  ])('%s', (_, spec, path, wanted) => {
    expect(blameField(lab, manifest(agent({ spec })), path)).toEqual({ path, ...wanted })
  })

  it('many fields of one text share what happens with all of them', () => {
    const blame = createBlame(lab, manifest(agent({ spec: 'nodeSelector: { disktype: ssd }' })))
    expect(blame('spec.template.spec.nodeSelector[disktype]').loses).toEqual(['w-1'])
    expect(blame('spec.template.spec').required).toBe(true)
  })
})

describe('predictions', () => {
  const predict = {
    ...labOf({
      nodes,
      goals: [`{ id: there, title: "It runs", points: 6, require: "runningOn('agent').size() == 2" }`],
    }),
    type: 'predict' as const,
  }
  const graded = (predictions: readonly string[]) => gradeSubmission(predict, { ...manifest(agent()), predictions })

  it('all right passes', () =>
    expect(graded(['w-1', 'w-2'])).toMatchObject({
      passed: true,
      points: { earned: 6, possible: 6 },
      predictions: { right: 3, of: 3 },
    }))
  it('a miss costs its part and is explained', () => {
    const { passed, points, predictions } = graded(['w-1', 'w-2', 'gpu-1'])
    expect([passed, points.earned, predictions?.right]).toEqual([false, 4, 2])
    expect(predictions?.nodes.find(({ name }) => name === 'gpu-1')).toMatchObject({
      predicted: true,
      actual: false,
      because: [{ code: 'UntoleratedTaint' }],
    })
  })
  it('a name that is no node is told', () => expect(graded(['w-9']).predictions?.unknown).toEqual(['w-9']))
})

describe('hashes', () => {
  const grade = gradeText(lab, agent())
  it('an unedited grade fits its seal', () => expect(isUnedited(grade)).toBe(true))
  it('another number of points does not', () =>
    expect(isUnedited({ ...grade, points: { ...grade.points, earned: 2 } })).toBe(false))
  it('another submission has another hash', () => {
    const other = gradeText(lab, agent({ name: 'other' }))
    expect(other.hashes.submission).not.toBe(grade.hashes.submission)
    expect(other.hashes.lab).toBe(grade.hashes.lab)
  })
})
