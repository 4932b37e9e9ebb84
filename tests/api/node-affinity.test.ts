import { describe, expect, it } from 'vitest'
import type { NodeSelectorRequirement, NodeSelectorTerm } from '../../grader/api/core.ts'
import { matchNodeSelector, matchRequiredNodeAffinity, requirementHolds } from '../../grader/api/node-affinity.ts'

const node = { name: 'w-1', labels: { disk: 'ssd', cores: '8', empty: '' } }

describe('an expression holds for a label, or for its absence', () => {
  const rows: readonly [string, string, readonly string[] | undefined, string | undefined, boolean][] = [
    ['In holds for a listed value', 'In', ['ssd', 'nvme'], 'ssd', true],
    ['In fails for another value', 'In', ['nvme'], 'ssd', false],
    ['In fails without the label', 'In', ['ssd'], undefined, false],
    ['NotIn fails for a listed value', 'NotIn', ['ssd'], 'ssd', false],
    ['NotIn holds for another value', 'NotIn', ['nvme'], 'ssd', true],
    ['NotIn holds without the label', 'NotIn', ['ssd'], undefined, true],
    ['Exists holds for an empty value', 'Exists', undefined, '', true],
    ['Exists fails without the label', 'Exists', undefined, undefined, false],
    ['DoesNotExist holds without the label', 'DoesNotExist', undefined, undefined, true],
    ['DoesNotExist fails for an empty value', 'DoesNotExist', undefined, '', false],
    ['Gt compares as numbers', 'Gt', ['9'], '10', true],
    ['Gt fails for an equal number', 'Gt', ['10'], '10', false],
    ['Lt holds for a smaller number', 'Lt', ['10'], '9', true],
    ['Lt fails for a label that is no number', 'Lt', ['10'], 'x', false],
    ['Gt fails without the label', 'Gt', ['0'], undefined, false],
    ['an unknown operator never holds', 'Near', ['ssd'], 'ssd', false],
  ]
  it.each(rows)('%s', (_, operator, values, actual, expected) => {
    const requirement: NodeSelectorRequirement = { key: 'x', operator, ...(values === undefined ? {} : { values }) }
    expect(requirementHolds(requirement, actual)).toBe(expected)
  })
})

describe('terms are alternatives, what is in a term adds up', () => {
  const ssd: NodeSelectorTerm = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
  const gpu: NodeSelectorTerm = { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }
  const both: NodeSelectorTerm = { matchExpressions: [...ssd.matchExpressions!, ...gpu.matchExpressions!] }
  const named = (name: string, operator = 'In'): NodeSelectorTerm => ({
    matchFields: [{ key: 'metadata.name', operator, values: [name] }],
  })
  it.each([
    ['one term that holds is enough', [gpu, ssd], true],
    ['one expression that fails spoils its term', [both], false],
    ['an empty term matches no Node', [{}], false],
    ['an empty term does no harm beside one that holds', [{}, ssd], true],
    ['the name of the Node can be asked for', [named('w-1')], true],
    ['another name does not hold', [named('w-2')], false],
    ['a name can be ruled out', [named('w-2', 'NotIn')], true],
    ['its own name ruled out does not hold', [named('w-1', 'NotIn')], false],
  ] as const)('%s', (_, nodeSelectorTerms, matches) => {
    expect(matchNodeSelector({ nodeSelectorTerms }, node).matches).toBe(matches)
  })
  it('the expression that failed is told for every term', () => {
    expect(matchNodeSelector({ nodeSelectorTerms: [gpu, both, {}] }, node)).toEqual({
      matches: false,
      because: 'nodeAffinity',
      terms: [
        {
          index: 0,
          expression: { list: 'matchExpressions', index: 0, requirement: gpu.matchExpressions![0], actual: undefined },
        },
        {
          index: 1,
          expression: { list: 'matchExpressions', index: 1, requirement: gpu.matchExpressions![0], actual: undefined },
        },
        { index: 2 },
      ],
    })
  })
})

describe('nodeSelector and required affinity must both hold', () => {
  it('the pair that does not agree is told', () => {
    expect(matchRequiredNodeAffinity({ nodeSelector: { disk: 'hdd' } }, node)).toEqual({
      matches: false,
      because: 'nodeSelector',
      key: 'disk',
      wanted: 'hdd',
      actual: 'ssd',
    })
    expect(matchRequiredNodeAffinity({ nodeSelector: { disk: 'ssd' } }, node).matches).toBe(true)
  })
  it('a missing label is not an empty one', () => {
    expect(matchRequiredNodeAffinity({ nodeSelector: { gone: '' } }, node).matches).toBe(false)
    expect(matchRequiredNodeAffinity({ nodeSelector: { empty: '' } }, node).matches).toBe(true)
  })
})
