// A fix is played before it is offered: every one of these texts passes once its fix is made.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readFolder } from '../../grader/cli/lab-folders.ts'
import { findFixes } from '../../grader/grading/find-fixes.ts'
import { gradeSubmission, loadLab } from '../../grader/index.ts'
import { agent, gradeText, labOf, manifest } from './small-lab.ts'

const EVERYWHERE = `{ id: everywhere, title: "Ready on every node", points: 1, over: nodes, require: "readyPods('agent', node).size() == 1" }`
const GPU = {
  nodes: "[{ name: w-1 }, { name: gpu-1, taints: ['nvidia.com/gpu=present:NoSchedule'] }]",
  goals: [EVERYWHERE],
}
const block = (spec: string) => agent().replace('      containers:', `${spec}      containers:`)

describe('single edits', () => {
  it.each([
    ['a toleration is missing', GPU, agent(), '+      - key: nvidia.com/gpu'],
    [
      'the value of the toleration is wrong',
      GPU,
      block(
        '      tolerations:\n      - key: nvidia.com/gpu\n        value: a100 # the new pool\n        effect: NoSchedule\n',
      ),
      'Exists',
    ],
    [
      'the effect is wrong',
      GPU,
      block('      tolerations:\n      - key: nvidia.com/gpu\n        operator: Exists\n        effect: NoExecute\n'),
      '+        effect: NoSchedule',
    ],
    [
      'a nodeSelector leaves nodes out',
      { ...GPU, nodes: '[{ name: w-1 }, { name: w-2 }]' },
      block('      nodeSelector:\n        disktype: ssd\n'),
      '-      nodeSelector:',
    ],
    [
      'the requests are too large',
      { ...GPU, nodes: '[{ name: w-1, cpu: 1 }]' },
      agent({ containers: '[{ name: agent, image: registry.example/agent:1, resources: { requests: { cpu: 2 } } }]' }),
      'cpu: 50m',
    ],
    ['the name is another', { ...GPU, nodes: '[{ name: w-1 }]' }, agent({ name: 'agnet' }), 'name: agent'],
  ])('%s', (_, lab, text, shows) => {
    const { fixes } = findFixes(labOf(lab), manifest(text), { most: 1 })
    expect(fixes[0]?.edits).toHaveLength(1)
    expect(fixes[0]?.verified).toBe(true)
    expect(fixes[0]?.text).toContain(shows)
    expect(gradeText(labOf(lab), fixes[0]!.result!).passed).toBe(true)
  })

  it('comments and order stay', () => {
    const text = block(
      '      # GPU nodes too\n      tolerations:\n      - key: nvidia.com/gpu # the pool\n        operator: Exists\n        effect: NoExecute # for now\n',
    )
    const { fixes } = findFixes(labOf(GPU), manifest(text), { most: 1 })
    expect(fixes[0]?.result).toBe(text.replace('effect: NoExecute # for now', 'effect: NoSchedule # for now'))
  })
})

describe('several edits', () => {
  it('two taints need two tolerations', () => {
    const lab = labOf({
      nodes:
        "[{ name: a, taints: ['one=x:NoSchedule'] }, { name: b, taints: ['two=x:NoSchedule'] }, { name: db, labels: { db: 'yes' }, taints: ['three=x:NoSchedule'] }]",
      goals: [
        `{ id: both, title: "On both", points: 1, over: nodes, where: "!('db' in node.metadata.labels)", require: "readyPods('agent', node).size() == 1" }`,
        `{ id: not-db, title: "Not on db", points: 1, require: "!hasPod('agent', 'db')", needs: [both] }`,
      ],
    })
    const { fixes } = findFixes(lab, manifest(agent()), { most: 1 })
    expect(fixes[0]?.edits.length).toBe(2)
    expect(gradeText(lab, fixes[0]!.result!).passed).toBe(true)
  })

  it('where no small change is enough, it says so', () => {
    const lab = labOf({
      nodes: '[{ name: w-1 }]',
      goals: [`{ id: never, title: "Never", points: 1, require: "nodes.size() == 2" }`],
    })
    expect(findFixes(lab, manifest(agent()), { limit: 60 }).fixes).toEqual([])
  })

  it('a fault of the text is repaired first', () => {
    const text = block('      toleration:\n      - key: nvidia.com/gpu\n        operator: Exists\n')
    const { fixes, tried } = findFixes(labOf(GPU), manifest(text))
    expect([fixes.length, tried]).toEqual([1, 1])
    expect(fixes[0]?.text).toContain('+      tolerations:')
  })
})

describe('the flagship lab', () => {
  const folder = 'labs/04-tainted-gpu-and-control-plane'
  const { lab } = loadLab(readFolder(folder))
  it.each(['02-gpu-value-pinned', '08-selector-instead', '09-half-at-a-time', '18-tabs'])(
    '%s has a fix, and it passes',
    (name) => {
      const text = readFileSync(`${folder}/wrong/${name}.yaml`, 'utf8')
      const { fixes } = findFixes(lab!, manifest(text), { most: 1 })
      expect(gradeSubmission(lab!, manifest(fixes[0]!.result!)).passed).toBe(true)
    },
  )
})
