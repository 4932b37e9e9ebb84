// nodewise why over what kubectl printed on a real cluster: where the Pods would be, and what could not be seen.
import { describe, expect, it } from 'vitest'
import { explainWhy } from '../../grader/index.ts'
import { agent } from './small-lab.ts'

const node = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  spec: {},
  status: { allocatable: { cpu: '2', memory: '4Gi', pods: '110' }, conditions: [{ type: 'Ready', status: 'True' }] },
  ...more,
})
const dump = (...items: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
const files = (text: string) => [{ name: 'agent.yaml', text }]
const rows = (report: ReturnType<typeof explainWhy>) =>
  report.verdicts
    .filter(({ daemonSet }) => daemonSet.endsWith('/agent'))
    .map(({ name, verdict, because }) => [name, verdict, because[0]?.code ?? ''])

describe('why', () => {
  it('without --nodes it shows one node of each usual kind', () => {
    const report = explainWhy(files(agent()))
    expect(rows(report)).toEqual([
      ['control-plane-1', 'NotEligible', 'UntoleratedTaint'],
      ['cordoned-1', 'Running', ''],
      ['gpu-1', 'NotEligible', 'UntoleratedTaint'],
      ['worker-1', 'Running', ''],
      ['worker-2', 'Running', ''],
    ])
    expect(report.notes.join()).toContain('No --nodes were given')
  })

  it('taints and room come from the dump', () => {
    const busy = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        nodeName: 'w-1',
        containers: [{ name: 'web', image: 'shop/web:1', resources: { requests: { cpu: '1900m' } } }],
      },
      status: { phase: 'Running' },
    }
    const text = agent({
      containers: '[{ name: agent, image: registry.example/agent:1, resources: { requests: { cpu: 200m } } }]',
    })
    const report = explainWhy(
      files(text),
      dump(
        node('w-1'),
        node('w-2'),
        node('gpu-1', { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } }),
        busy,
      ),
    )
    expect(rows(report)).toEqual([
      ['gpu-1', 'NotEligible', 'UntoleratedTaint'],
      ['w-1', 'Pending', 'InsufficientCPU'],
      ['w-2', 'Running', ''],
    ])
    expect(report.covered).toBe(false)
  })

  it('DaemonSets of the dump are explained without any file', () => {
    const ds = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'kube-system' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { nodeSelector: { disktype: 'ssd' }, containers: [{ name: 'agent', image: 'x:1' }] },
        },
      },
    }
    expect(rows(explainWhy([], dump(node('w-1'), ds)))).toEqual([['w-1', 'NotEligible', 'NodeSelectorMismatch']])
  })

  it('what the dump does not hold is assumed, and said', () => {
    const report = explainWhy(
      files(agent({ spec: 'serviceAccountName: agent' })),
      dump(
        node('w-1', {
          status: {
            allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
            conditions: [{ type: 'Ready', status: 'Unknown' }],
          },
        }),
      ),
    )
    expect(rows(report)).toEqual([['w-1', 'Running', '']])
    expect(report.notes).toEqual(
      expect.arrayContaining([
        expect.stringContaining('The dump holds no ServiceAccount, so these are taken to exist: agent.'),
        expect.stringContaining('Not Ready in the dump, and healthy here: w-1.'),
      ]),
    )
  })

  it('a ServiceAccount that the dump would show is really missing', () => {
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'other', namespace: 'default' } }
    expect(rows(explainWhy(files(agent({ spec: 'serviceAccountName: agent' })), dump(node('w-1'), account)))).toEqual([
      ['w-1', 'Refused', 'ServiceAccountMissing'],
    ])
  })

  it.each([
    ['no JSON', '{ nodes'],
    ['an empty list', dump()],
    ['a list of nothing known', dump({ kind: 'Thing' })],
  ])('%s never throws', (_, text) => {
    expect(() => explainWhy(files(agent()), text)).not.toThrow()
  })
})
