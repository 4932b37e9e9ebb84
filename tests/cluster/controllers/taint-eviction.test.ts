import { describe, expect, it } from 'vitest'
import type { Node, Pod } from '../../../grader/api/core.ts'
import { nodes as nodeResource, pods } from '../../../grader/api/resource-table.ts'
import { judgeTaints, taintEvictionController } from '../../../grader/cluster/controllers/taint-eviction.ts'
import { node, pod, taint, toleration } from '../../support/build.ts'
import { type PartialCluster, partialCluster } from '../../support/partial-cluster.ts'

describe('what NoExecute taints mean for a Pod', () => {
  it.each([
    ['none', [], [], { type: 'stays' }],
    ['one without toleration', ['a=b:NoExecute'], [], { type: 'goesNow', taint: taint('a=b:NoExecute') }],
    ['one tolerated for ever', ['a=b:NoExecute'], ['a=b:NoExecute'], { type: 'stays' }],
    ['one tolerated for a while', ['a=b:NoExecute'], ['a=b:NoExecute@300'], { type: 'goesAfter', seconds: 300 }],
    ['one tolerated for no time', ['a=b:NoExecute'], ['a=b:NoExecute@0'], { type: 'goesNow' }],
    [
      'the first toleration that covers it counts',
      ['a=b:NoExecute'],
      ['a=b:NoExecute@60', 'a=b:NoExecute'],
      { type: 'goesAfter', seconds: 60 },
    ],
    [
      'the shortest of two taints counts',
      ['a:NoExecute', 'b:NoExecute'],
      ['a:NoExecute@60', 'b:NoExecute@30'],
      { type: 'goesAfter', seconds: 30 },
    ],
    [
      'one for ever does not count',
      ['a:NoExecute', 'b:NoExecute'],
      ['a:NoExecute', 'b:NoExecute@30'],
      { type: 'goesAfter', seconds: 30 },
    ],
  ] as const)('%s', (_, taints, tolerations, verdict) => {
    const tolerant = pod('p', { spec: { tolerations: tolerations.map(toleration) } })
    expect(judgeTaints(tolerant, taints.map(taint))).toEqual(verdict)
  })
})

function running(...tolerations: string[]): PartialCluster {
  const cluster = partialCluster([taintEvictionController], [node('w-1')])
  cluster.make<Pod>(pods, pod('p', { on: 'w-1', spec: { tolerations: tolerations.map(toleration) } }))
  cluster.runDue()
  return cluster
}

function setTaints(cluster: PartialCluster, ...taints: string[]): void {
  const old = cluster.all<Node>(nodeResource)[0]!
  cluster.client().update(nodeResource, { ...old, spec: { ...old.spec, taints: taints.map(taint) } })
  cluster.runDue()
}

const isLeaving = (cluster: PartialCluster) =>
  cluster.pods().every(({ metadata }) => metadata.deletionTimestamp !== undefined)

describe('taint eviction', () => {
  it('deletes a Pod that does not tolerate the taint, with a condition and an Event', () => {
    const cluster = running()
    setTaints(cluster, 'a=b:NoExecute')
    cluster.advance(1)
    expect(isLeaving(cluster)).toBe(true)
    expect(cluster.pods()[0]?.status.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }),
    )
    expect(cluster.eventTexts()).toEqual(['TaintManagerEviction Pod/p: Marking for deletion Pod default/p'])
    expect(cluster.decisions('evict')[0]).toMatchObject({
      node: 'w-1',
      because: [{ code: 'UntoleratedTaint', params: { taint: 'a=b:NoExecute' } }],
    })
  })

  it('leaves NoSchedule taints alone', () => {
    const cluster = running()
    setTaints(cluster, 'a=b:NoSchedule')
    cluster.advance(600)
    expect(cluster.eventTexts()).toEqual([])
  })

  it('waits tolerationSeconds and says nothing meanwhile', () => {
    const cluster = running('a=b:NoExecute@300')
    setTaints(cluster, 'a=b:NoExecute')
    cluster.advance(299)
    expect([isLeaving(cluster), cluster.eventTexts()]).toEqual([false, []])
    cluster.advance(1)
    expect(isLeaving(cluster)).toBe(true)
  })

  it('cancels when the taint goes', () => {
    const cluster = running('a=b:NoExecute@300')
    setTaints(cluster, 'a=b:NoExecute')
    cluster.advance(100)
    setTaints(cluster)
    cluster.advance(600)
    expect([isLeaving(cluster), cluster.eventTexts()]).toEqual([
      false,
      ['TaintManagerEviction Pod/p: Cancelling deletion of Pod default/p'],
    ])
  })

  it('keeps the time of a deletion that is scheduled when a second taint comes', () => {
    const cluster = running('a=b:NoExecute@300', 'c=d:NoExecute@10')
    setTaints(cluster, 'a=b:NoExecute')
    cluster.advance(100)
    setTaints(cluster, 'a=b:NoExecute', 'c=d:NoExecute')
    cluster.advance(150)
    expect(isLeaving(cluster)).toBe(false)
    cluster.advance(50)
    expect(isLeaving(cluster)).toBe(true)
  })

  it('says that it cancels when somebody else deletes the Pod', () => {
    const cluster = running('a=b:NoExecute@300')
    setTaints(cluster, 'a=b:NoExecute')
    cluster.client().delete(pods, { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 })
    cluster.runDue()
    expect(cluster.eventTexts()).toEqual(['TaintManagerEviction Pod/p: Cancelling deletion of Pod default/p'])
  })

  it('judges a Pod that comes to a tainted Node', () => {
    const cluster = partialCluster([taintEvictionController], [node('w-1', { taints: ['a=b:NoExecute'] })])
    cluster.make<Pod>(pods, pod('p', { on: 'w-1' }))
    cluster.advance(1)
    expect(isLeaving(cluster)).toBe(true)
  })
})
