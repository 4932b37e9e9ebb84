import { describe, expect, it } from 'vitest'
import type { ControllerRevision, DaemonSet } from '../../../../grader/api/apps.ts'
import type { Event, Pod } from '../../../../grader/api/core.ts'
import type { ForCreate } from '../../../../grader/api/meta.ts'
import {
  controllerRevisions,
  daemonSets,
  events,
  nodes as nodeResource,
  pods,
  resourceQuotas,
  serviceAccounts,
} from '../../../../grader/api/resource-table.ts'
import type { Cluster } from '../../../../grader/cluster/cluster.ts'
import { createStandardCluster } from '../../../../grader/cluster/standard-cluster.ts'
import { type DaemonSetOptions, daemonSet, taint } from '../../../support/build.ts'

interface World {
  readonly cluster: Cluster
  status(): Partial<DaemonSet['status']>
  setImage(image: string): void
  update(edit: (ds: DaemonSet) => DaemonSet): string | undefined
  pods(): readonly Pod[]
  revisions(): readonly number[]
  events(): readonly string[]
}

const KEY = { namespace: 'default', name: 'agent' }
const NEVER_READY = 'registry.example/never-ready:1'
const GOOD = 'registry.example/agent:2'

/** A whole cluster with so many workers (w-1, w-2 …), at rest, and the DaemonSet applied to it. */
function world(count: number, options: DaemonSetOptions = {}, before: (cluster: Cluster) => void = () => {}): World {
  const cluster = createStandardCluster({ seed: 1, images: { [NEVER_READY]: { ready: 'never' } }, disks: {} })
  for (let i = 1; i <= count; i++) cluster.machines.join({ name: `w-${i}` })
  cluster.settle()
  before(cluster)
  const made = cluster.client().create(daemonSets, creatable(options))
  expect(made.ok, made.ok ? '' : made.status.message).toBe(true)
  cluster.settle()
  const update = (edit: (ds: DaemonSet) => DaemonSet) => {
    const found = cluster.client().get(daemonSets, KEY)
    const updated = found.ok ? cluster.client().update(daemonSets, edit(found.value)) : found
    cluster.settle()
    return updated.ok ? undefined : updated.status.message
  }
  return {
    cluster,
    update,
    status: () => cluster.store.get(daemonSets, KEY)?.status ?? {},
    setImage: (image) => void update((ds) => withImage(ds, image)),
    pods: () => cluster.store.list(pods),
    revisions: () =>
      cluster.store
        .list<ControllerRevision>(controllerRevisions)
        .map(({ revision }) => revision)
        .sort(),
    events: () =>
      cluster.store
        .list<Event>(events)
        .filter(({ involvedObject }) => involvedObject.kind === 'DaemonSet')
        .map(({ reason, message, count = 1 }) => `${reason}: ${message} x${count}`),
  }
}

function creatable(options: DaemonSetOptions): ForCreate<DaemonSet> {
  const { metadata, spec } = daemonSet(options)
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { ...KEY, ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }) },
    spec,
  }
}

function withImage(ds: DaemonSet, image: string): DaemonSet {
  const { template } = ds.spec
  return {
    ...ds,
    spec: {
      ...ds.spec,
      template: {
        ...template,
        spec: { ...template.spec, containers: template.spec.containers.map((container) => ({ ...container, image })) },
      },
    },
  }
}

const changeTaints = (w: World, name: string, ...taints: string[]) => {
  const node = w.cluster.store.get(nodeResource, { name })!
  w.cluster.client().update(nodeResource, { ...node, spec: { ...node.spec, taints: taints.map(taint) } })
  w.cluster.settle()
}

describe('rollouts from end to end', () => {
  it('132: an image that never gets ready stops after one Node; undo replaces the broken Pod only', () => {
    const w = world(3)
    const before = w.pods().map(({ metadata }) => metadata.name)
    w.setImage(NEVER_READY)
    expect(w.status()).toMatchObject({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberReady: 2,
      updatedNumberScheduled: 1,
      numberAvailable: 2,
      numberUnavailable: 1,
    })
    w.setImage('registry.example/agent:1')
    expect(w.status()).toMatchObject({ numberReady: 3, updatedNumberScheduled: 3 })
    expect(w.revisions()).toEqual([2, 3])
    expect(w.pods().filter(({ metadata }) => before.includes(metadata.name))).toHaveLength(2)
  })

  it('133: half of five are three', () => {
    const w = world(5, { update: { maxUnavailable: '50%' } })
    w.setImage(NEVER_READY)
    expect(w.status()).toMatchObject({ numberReady: 2, updatedNumberScheduled: 3 })
  })

  it('134: Pods that were never ready are all replaced, and the rollout ends', () => {
    const w = world(4, { image: NEVER_READY })
    w.setImage(GOOD)
    expect(w.status()).toMatchObject({ numberReady: 4, updatedNumberScheduled: 4, numberAvailable: 4 })
  })

  it('135: with maxSurge 2 of four there are six Pods, and the old ones count', () => {
    const w = world(4, { update: { maxUnavailable: 0, maxSurge: 2 } })
    w.setImage(NEVER_READY)
    expect(w.pods()).toHaveLength(6)
    expect(w.status()).toMatchObject({
      desiredNumberScheduled: 4,
      currentNumberScheduled: 4,
      numberReady: 4,
      numberAvailable: 4,
    })
    expect(w.status().updatedNumberScheduled ?? 0).toBe(0)
  })

  it('136: with OnDelete nothing happens until somebody deletes a Pod', () => {
    const w = world(3, { update: 'OnDelete' })
    w.setImage(GOOD)
    expect(w.status().updatedNumberScheduled ?? 0).toBe(0)
    w.cluster.client().delete(pods, w.pods()[0]!.metadata)
    w.cluster.settle()
    expect(w.status()).toMatchObject({ updatedNumberScheduled: 1, numberReady: 3 })
  })

  it('137: a Node that joins in a stuck rollout gets the new revision, outside the budget', () => {
    const w = world(3)
    w.setImage(NEVER_READY)
    w.cluster.machines.join({ name: 'w-4' })
    w.cluster.settle()
    expect(w.status()).toMatchObject({
      desiredNumberScheduled: 4,
      numberReady: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    })
  })

  it('138: a nodeSelector that moves takes the Pod along', () => {
    const w = world(2, { spec: { nodeSelector: { 'kubernetes.io/hostname': 'w-1' } } })
    w.update((ds) => ({
      ...ds,
      spec: {
        ...ds.spec,
        template: {
          ...ds.spec.template,
          spec: { ...ds.spec.template.spec, nodeSelector: { 'kubernetes.io/hostname': 'w-2' } },
        },
      },
    }))
    w.cluster.advance(60)
    expect(w.pods().map(({ spec }) => spec.nodeName)).toEqual(['w-2'])
    expect(w.revisions()).toEqual([1, 2])
  })

  it('121 and 131: limits that the API server refuses, or accepts', () => {
    const w = world(1)
    const withLimits = (rollingUpdate: object) =>
      w.update((ds) => ({ ...ds, spec: { ...ds.spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate } } }))
    expect(withLimits({ maxSurge: 1, maxUnavailable: 1 })).toContain('may not be set when maxUnavailable is non-zero')
    expect(withLimits({ maxUnavailable: 'x' })).toContain('cannot be 0 when maxSurge is 0')
    expect(withLimits({ maxUnavailable: '5' })).not.toContain('cannot be 0')
  })

  it('122: a host port with maxSurge is accepted, and the rollout stalls', () => {
    const container = { name: 'agent', image: 'registry.example/agent:1', ports: [{ containerPort: 80, hostPort: 80 }] }
    const w = world(2, { update: { maxUnavailable: 0, maxSurge: 1 }, spec: { containers: [container] } })
    w.setImage(GOOD)
    expect(w.pods()).toHaveLength(3)
    expect(w.status()).toMatchObject({ numberReady: 2, numberAvailable: 2 })
  })

  it('125: labels and annotations of the DaemonSet change nothing else', () => {
    const w = world(2)
    const before = w.pods().map(({ metadata }) => metadata.name)
    w.update((ds) => ({
      ...ds,
      metadata: { ...ds.metadata, labels: { x: 'y' }, annotations: { ...ds.metadata.annotations, x: 'y' } },
    }))
    expect(w.pods().map(({ metadata }) => metadata.name)).toEqual(before)
    expect([w.revisions(), w.cluster.store.get(daemonSets, KEY)?.metadata.generation]).toEqual([[1], 1])
  })

  it('130: a manifest of generation 5 starts there, its generation at 1', () => {
    const w = world(1, { annotations: { 'deprecated.daemonset.template.generation': '5' } })
    const { metadata } = w.cluster.store.get(daemonSets, KEY)!
    expect([metadata.annotations?.['deprecated.daemonset.template.generation'], metadata.generation]).toEqual(['5', 1])
    expect(w.pods()[0]?.metadata.labels?.['pod-template-generation']).toBe('5')
  })

  it('a rollout that waits says which Node it waits for', () => {
    const w = world(3)
    w.setImage(NEVER_READY)
    const held = w.cluster.trace
      .entries()
      .filter((entry) => entry.type === 'decision' && entry.decision === 'holdRollout')
    expect(held.at(-1)).toMatchObject({
      because: [
        {
          code: 'RolloutBlocked',
          object: { kind: 'Node', name: 'w-1' },
          params: { unavailable: 1, budget: 1, state: 'newUnavailable' },
        },
        { code: 'NotYetUpdated', object: { name: 'w-2' } },
        { code: 'NotYetUpdated', object: { name: 'w-3' } },
      ],
    })
  })
})

describe('Nodes and refusals from end to end', () => {
  it('139: an untolerated NoExecute taint ends the Pod, and the Node is wanted no more', () => {
    const w = world(2)
    changeTaints(w, 'w-1', 'a=b:NoExecute')
    w.cluster.advance(60)
    expect(w.pods().map(({ spec }) => spec.nodeName)).toEqual(['w-2'])
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0 })
    expect(w.events().filter((text) => text.startsWith('SuccessfulDelete'))).toHaveLength(1)
  })

  it('112: an untolerated NoSchedule taint changes no number until the Pod is deleted', () => {
    const w = world(2)
    changeTaints(w, 'w-1', 'a=b:NoSchedule')
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 2, numberMisscheduled: 0 })
    w.cluster.client().delete(pods, w.pods().find(({ spec }) => spec.nodeName === 'w-1')!.metadata)
    w.cluster.advance(60)
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 1, currentNumberScheduled: 1 })
  })

  it('114: a deleted Node still counts until the Pod GC has removed its Pod', () => {
    const w = world(2)
    w.cluster.machines.remove('w-2')
    w.cluster.settle()
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 2, numberReady: 2 })
    w.cluster.advance(80)
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 1, numberReady: 1 })
  })

  it('140: a quota of one Pod leaves the other Node without', () => {
    const w = world(2, {}, (cluster) => {
      cluster.client().create(resourceQuotas, {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'one', namespace: 'default' },
        spec: { hard: { pods: '1' } },
      })
      cluster.settle()
    })
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 2, currentNumberScheduled: 1, numberUnavailable: 1 })
    const refused = w.events().filter((text) => text.startsWith('FailedCreate'))
    expect(refused).toHaveLength(10)
    expect(refused.filter((text) => text.includes('(combined from similar events)'))).toHaveLength(1)
    expect(w.events().filter((text) => text.startsWith('SuccessfulCreate'))).toHaveLength(1)
  })

  it('141: a missing ServiceAccount is told each time alike; once it is there the next retry succeeds', () => {
    const w = world(1, { spec: { serviceAccountName: 'robot' } })
    expect(w.status()).toMatchObject({ desiredNumberScheduled: 1, currentNumberScheduled: 0 })
    expect(w.events()).toEqual([
      expect.stringMatching(
        /^FailedCreate: Error creating: pods "agent-" is forbidden: error looking up service account default\/robot: serviceaccount "robot" not found x\d+$/,
      ),
    ])
    w.cluster.client().create(serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'robot', namespace: 'default' },
    })
    w.cluster.advance(120)
    expect(w.status()).toMatchObject({ currentNumberScheduled: 1, numberReady: 1 })
  })

  it('142: the selector is immutable', () => {
    const w = world(1)
    expect(w.update((ds) => ({ ...ds, spec: { ...ds.spec, selector: { matchLabels: { app: 'b' } } } }))).toContain(
      'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    )
  })

  it('143: with the DaemonSet go its Pods and revisions, without a word', () => {
    const w = world(2)
    w.cluster.client().delete(daemonSets, KEY)
    w.cluster.advance(60)
    expect([w.pods(), w.revisions()]).toEqual([[], []])
    expect(w.events().filter((text) => text.startsWith('SuccessfulDelete'))).toEqual([])
  })
})
