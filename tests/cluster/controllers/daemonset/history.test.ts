import { describe, expect, it } from 'vitest'
import type { ControllerRevision, DaemonSet } from '../../../../grader/api/apps.ts'
import type { Affinity, PodTemplateSpec } from '../../../../grader/api/core.ts'
import { controllerOf } from '../../../../grader/api/meta.ts'
import { controllerRevisions, daemonSets, pods } from '../../../../grader/api/resource-table.ts'
import { daemonSetController } from '../../../../grader/cluster/controllers/daemonset/controller.ts'
import { isPodUpdated } from '../../../../grader/cluster/controllers/daemonset/node-view.ts'
import {
  affinityForNode,
  daemonTolerations,
  podForNode,
  podTemplateOf,
  revisionLabels,
} from '../../../../grader/cluster/controllers/daemonset/pod.ts'
import {
  goJson,
  newRevision,
  planRevisions,
  templateData,
} from '../../../../grader/cluster/controllers/daemonset/revisions.ts'
import { templateHash } from '../../../../grader/cluster/machinery/template-hash.ts'
import { APP_LABELS, affinityTo, daemonSet, nodes, pod, toleration } from '../../../support/build.ts'
import { fakeMachines } from '../../../support/fake-machines.ts'
import { type PartialCluster, partialCluster } from '../../../support/partial-cluster.ts'

function running(ds: DaemonSet, count = 2): PartialCluster {
  const cluster = partialCluster([daemonSetController, fakeMachines({ neverReady: ['bad:1'] })], nodes(count))
  cluster.make(daemonSets, ds)
  cluster.settle()
  return cluster
}

function setImage(cluster: PartialCluster, image: string): void {
  const ds = cluster.daemonSet()
  const { template } = ds.spec
  const containers = template.spec.containers.map((container) => ({ ...container, image }))
  const updated = cluster.client().update(daemonSets, {
    ...ds,
    spec: { ...ds.spec, template: { ...template, spec: { ...template.spec, containers } } },
  })
  expect(updated.ok, updated.ok ? '' : updated.status.message).toBe(true)
  cluster.settle()
}

const revisions = (cluster: PartialCluster) =>
  [...cluster.all<ControllerRevision>(controllerRevisions)]
    .map(({ revision, metadata }) => [metadata.name, revision])
    .sort((a, b) => Number(a[1]) - Number(b[1]))
const hashOf = (image: string) => templateHash(daemonSet({ image }).spec.template)
const [one, two, three, four] = ['a:1', 'a:2', 'a:3', 'a:4'] as const

describe('the revision of a template', () => {
  it('has the hash that a real control plane gives', () => {
    const web: PodTemplateSpec = {
      metadata: { labels: { app: 'web' } },
      spec: {
        ...daemonSet().spec.template.spec,
        nodeSelector: { disktype: 'nvme' },
        containers: [
          { ...daemonSet().spec.template.spec.containers[0]!, name: 'web', image: 'registry.example/web:1' },
        ],
      },
    }
    expect(templateHash(web)).toBe('5647ffd69d')
    expect(templateHash(daemonSet().spec.template)).toBe('85747f45d5')
    expect(templateHash(daemonSet().spec.template, 1)).toBe('5c4fd58496')
  })

  it('has the bytes that a real control plane stores', () => {
    expect(templateData(daemonSet().spec.template).text).toBe(
      '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"app":"agent"}},"spec":{"containers":[{"image":"registry.example/agent:1","imagePullPolicy":"IfNotPresent","name":"agent","resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}}}}',
    )
  })

  it('writes <, > and & as Go does', () =>
    expect(goJson({ a: '<&>\u2028' })).toBe('{"a":"\\u003c\\u0026\\u003e\\u2028"}'))

  it('carries the labels of the template, the hash, and all annotations of the DaemonSet', () => {
    const ds = daemonSet({ annotations: { 'kubernetes.io/change-cause': 'first' } })
    expect(newRevision(ds, 3)).toMatchObject({
      metadata: {
        name: 'agent-85747f45d5',
        labels: { app: 'agent', 'controller-revision-hash': '85747f45d5' },
        annotations: { 'kubernetes.io/change-cause': 'first' },
      },
      revision: 3,
    })
  })
})

describe('history', () => {
  it('117: undo gives the old revision a new number and keeps its name', () => {
    const cluster = running(daemonSet({ image: one }))
    setImage(cluster, two)
    setImage(cluster, one)
    expect(revisions(cluster)).toEqual([
      [`agent-${hashOf(two)}`, 2],
      [`agent-${hashOf(one)}`, 3],
    ])
  })

  it('118: with revisionHistoryLimit 0 only the current one stays, and those in use', () => {
    const cluster = running(daemonSet({ image: one, revisionHistoryLimit: 0 }))
    for (const image of [two, three, four]) setImage(cluster, image)
    expect(revisions(cluster)).toEqual([[`agent-${hashOf(four)}`, 4]])
    setImage(cluster, 'bad:1')
    expect(revisions(cluster).map(([, number]) => number)).toEqual([4, 5])
  })

  it('with a limit of one the current one and one old one stay', () => {
    const cluster = running(daemonSet({ image: one, revisionHistoryLimit: 1 }))
    for (const image of [two, three, four]) setImage(cluster, image)
    expect(revisions(cluster).map(([, number]) => number)).toEqual([3, 4])
  })

  it('100 and 101: matching orphans are adopted, but not from another namespace', () => {
    const cluster = partialCluster([daemonSetController], nodes(1))
    const orphan = (name: string) => ({
      ...newRevision(daemonSet({ image: two }), 7),
      metadata: { name, namespace: 'default', labels: APP_LABELS },
    })
    cluster.make(controllerRevisions, orphan('agent-old') as never)
    const ds = cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    const adopted = cluster.store.get(controllerRevisions, { namespace: 'default', name: 'agent-old' })!
    expect(controllerOf(adopted)?.uid).toBe(ds.metadata.uid)
    expect(adopted.metadata.labels, 'it gets its own name as hash').toEqual({
      ...APP_LABELS,
      'controller-revision-hash': 'agent-old',
    })
    expect(revisions(cluster).map(([, number]) => number)).toEqual([7, 8])
  })

  it('a revision of another template under the name wanted raises the collision count', () => {
    const cluster = partialCluster([daemonSetController, fakeMachines()], nodes(1))
    const ds = daemonSet()
    const foreign = {
      ...newRevision(daemonSet({ image: two }), 1),
      metadata: { name: newRevision(ds, 1).metadata.name!, namespace: 'default', labels: { x: 'y' } },
    }
    cluster.make(controllerRevisions, foreign as never)
    cluster.make(daemonSets, ds)
    cluster.settle()
    expect(cluster.daemonSet().status).toMatchObject({ collisionCount: 1, numberReady: 1 })
    expect(cluster.pods()[0]?.metadata.labels?.['controller-revision-hash']).toBe('5c4fd58496')
  })

  it('of several revisions with the same data the highest stays, and all Pods get its hash', () => {
    const cluster = running(daemonSet(), 2)
    const [current] = cluster.all<ControllerRevision>(controllerRevisions)
    const { uid: _, resourceVersion: __, ...metadata } = current!.metadata
    cluster.make(controllerRevisions, {
      ...current!,
      metadata: {
        ...metadata,
        name: 'agent-double',
        labels: { ...metadata.labels, 'controller-revision-hash': 'double' },
      },
      revision: 5,
    } as never)
    cluster
      .client()
      .patch(
        daemonSets,
        { namespace: 'default', name: 'agent' },
        { type: 'merge', body: { metadata: { labels: { x: 'y' } } } },
      )
    cluster.settle()
    expect(revisions(cluster)).toEqual([['agent-double', 5]])
    expect(cluster.pods().map(({ metadata: { labels } }) => labels?.['controller-revision-hash'])).toEqual([
      'double',
      'double',
    ])
  })

  it('deletion with orphaning and a new start adopts Pods and revisions, and restarts nothing', () => {
    const cluster = running(daemonSet(), 2)
    const before = cluster.pods().map(({ metadata: { name } }) => name)
    const strip = <T extends { metadata: { ownerReferences?: unknown } }>(object: T) => {
      const { ownerReferences: _, ...metadata } = object.metadata
      return { ...object, metadata }
    }
    const client = cluster.client()
    const ds = cluster.daemonSet()
    client.delete(daemonSets, ds.metadata)
    for (const p of cluster.pods()) client.update(pods, strip(p))
    for (const r of cluster.all<ControllerRevision>(controllerRevisions)) client.update(controllerRevisions, strip(r))
    cluster.settle()
    cluster.make(daemonSets, daemonSet())
    cluster.settle()
    expect(cluster.pods().map(({ metadata: { name } }) => name)).toEqual(before)
    expect(revisions(cluster)).toHaveLength(1)
    expect(cluster.daemonSet().status).toMatchObject({ numberReady: 2, updatedNumberScheduled: 2 })
  })

  it('counts old revisions only for the next number', () => {
    const ds = daemonSet()
    const stored = (image: string, revision: number): ControllerRevision =>
      ({
        ...newRevision(daemonSet({ image }), revision),
        metadata: { ...ds.metadata, name: image },
      }) as ControllerRevision
    const plan = planRevisions(ds, [stored('registry.example/agent:1', 9), stored(two, 3)])
    expect([plan.current.map((r) => r.revision), plan.old.map((r) => r.revision), plan.next]).toEqual([[9], [3], 4])
  })
})

describe('102: which Pod is updated', () => {
  const context = { now: 0, minReadySeconds: 0 }
  const labelled = (labels: Readonly<Record<string, string>>) => pod('p', { labels })
  it.each([
    ['hash and generation', { 'controller-revision-hash': 'h', 'pod-template-generation': '1' }, 'h', '1', true],
    ['the generation alone', { 'controller-revision-hash': 'x', 'pod-template-generation': '1' }, 'h', '1', true],
    ['the hash alone', { 'controller-revision-hash': 'h', 'pod-template-generation': '2' }, 'h', '1', true],
    ['only a generation label, with a hash known', { 'pod-template-generation': '1' }, 'h', '1', true],
    ['only a generation label, without a hash', { 'pod-template-generation': '1' }, '', '1', true],
    ['neither', { 'controller-revision-hash': 'x', 'pod-template-generation': '2' }, 'h', '1', false],
    ['no labels', {}, 'h', '1', false],
    ['no generation known', { 'pod-template-generation': '1' }, 'h', undefined, false],
    ['empty hashes', { 'controller-revision-hash': '' }, '', undefined, false],
  ] as const)('%s', (_, labels, hash, templateGeneration, updated) =>
    expect(isPodUpdated(labelled(labels), { ...context, hash, templateGeneration })).toBe(updated),
  )
})

describe('the Pod that is created', () => {
  it('103: carries the generation, and the hash if there is one', () => {
    const { template } = daemonSet().spec
    expect(revisionLabels(template, '1', '')).toEqual({ app: 'agent', 'pod-template-generation': '1' })
    expect(revisionLabels(template, '1', 'h')).toEqual({
      app: 'agent',
      'pod-template-generation': '1',
      'controller-revision-hash': 'h',
    })
  })

  const preferred = [{ weight: 1, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } }]
  const required = (...nodeSelectorTerms: object[]) =>
    ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }) as Affinity
  it.each([
    ['none', undefined],
    ['one term of expressions', required({ matchExpressions: [{ key: 'a', operator: 'Exists' }] })],
    ['several names', required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }] })],
    [
      'mixed terms',
      required(
        { matchExpressions: [{ key: 'a', operator: 'Exists' }] },
        { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] },
      ),
    ],
    ['NotIn a name', required({ matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['a'] }] })],
    ['an unknown field', required({ matchFields: [{ key: 'metadata.foo', operator: 'In', values: ['a'] }] })],
  ])('105: its affinity names its Node only, where the template has %s', (_, affinity) =>
    expect(affinityForNode(affinity, 'w-1')).toEqual(affinityTo('w-1')),
  )

  it('105: preferred terms and Pod affinity stay', () => {
    const affinity: Affinity = {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred },
      podAntiAffinity: {},
    }
    const { nodeAffinity, podAntiAffinity } = affinityForNode(affinity, 'w-1')
    expect([nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution, podAntiAffinity]).toEqual([preferred, {}])
  })

  it('116: tolerates a Node that is not ready for ever, whatever the template says', () => {
    const [mine, ...rest] = daemonTolerations(
      daemonSet({ spec: { tolerations: [toleration('node.kubernetes.io/not-ready:NoExecute@300')] } }).spec.template
        .spec,
    )
    expect(mine).toEqual({ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' })
    expect(rest.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/unreachable:NoExecute',
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/memory-pressure:NoSchedule',
      'node.kubernetes.io/pid-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
    ])
  })

  it('shares its parts with all Pods of its revision', () => {
    const ds = daemonSet()
    const template = podTemplateOf(ds, 'h')
    const [a, b] = [podForNode(template, 'a'), podForNode(template, 'b')]
    expect(a.spec.containers).toBe(ds.spec.template.spec.containers)
    expect(a.spec.tolerations).toBe(b.spec.tolerations)
    expect(template.metadata.generateName).toBe('agent-')
  })
})
