import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../grader/api/meta.ts'
import {
  daemonSets,
  deployments,
  nodes,
  podDisruptionBudgets,
  pods,
  serviceAccounts,
} from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, podNamed, status, type TestServer, value } from '../../support/api-server.ts'

const POD = { namespace: 'default', name: 'a' }
const ready = { type: 'Ready', status: 'True' } as const

function withPod(spec: JsonObject = {}): TestServer {
  const world = apiServer()
  const labels = { 'topology.kubernetes.io/zone': 'z-1' }
  value(world.admin.create(nodes, object(nodes, 'w-1', { metadata: { labels } })))
  value(world.admin.create(pods, podNamed('a', spec, { labels: { app: 'a' } })))
  return world
}

const bind = (world: TestServer, name = 'w-1') =>
  world.component.createSubresource(pods, POD, 'binding', { target: { kind: 'Node', name } })

describe('a binding', () => {
  it('gives the Pod its Node, the condition PodScheduled and the labels of the place', () => {
    const world = withPod()
    value(bind(world))
    const pod = world.store.get(pods, POD)!
    expect(pod.spec.nodeName).toBe('w-1')
    expect(pod.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ])
    expect(pod.metadata.labels).toEqual({ app: 'a', 'topology.kubernetes.io/zone': 'z-1' })
    expect(pod.metadata.generation).toBe(1)
    expect([...world.store.podsOnNode('w-1').keys()]).toEqual(['default/a'])
  })

  it('is for once', () => {
    const world = withPod()
    value(bind(world))
    expect(status(bind(world, 'w-2')).message).toBe(
      'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "w-1"',
    )
  })

  it('waits for scheduling gates', () => {
    const world = withPod({ schedulingGates: [{ name: 'x.y/z' }] })
    expect(world.store.get(pods, POD)!.status.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
    ])
    expect(status(bind(world)).message).toBe(
      'Operation cannot be fulfilled on pods/binding "a": pod a has non-empty .spec.schedulingGates',
    )
  })

  it('of a Pod that is gone is not found', () => {
    expect(status(bind(apiServer())).message).toBe('pods "a" not found')
  })
})

describe('an eviction', () => {
  function withBudget(budget: JsonObject = {}, spec: JsonObject = {}): TestServer {
    const world = withPod()
    value(bind(world))
    const pod = world.store.get(pods, POD)!
    value(
      world.component.update(
        pods,
        { ...pod, status: { ...pod.status, phase: 'Running', conditions: [ready] } },
        { subresource: 'status' },
      ),
    )
    const made = value(
      world.admin.create(
        podDisruptionBudgets,
        object(podDisruptionBudgets, 'pdb', {
          metadata: { namespace: 'default' },
          spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } }, ...spec },
        }),
      ),
    )
    const seen = {
      observedGeneration: 1,
      disruptionsAllowed: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      expectedPods: 2,
      ...budget,
    }
    value(world.component.update(podDisruptionBudgets, { ...made, status: seen }, { subresource: 'status' }))
    return world
  }
  const evict = (world: TestServer) =>
    world.admin.createSubresource(pods, POD, 'eviction', {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'a' },
    })

  it('that the budget allows takes one disruption and ends the Pod gracefully', () => {
    const world = withBudget()
    expect(value(evict(world))).toMatchObject({ status: 'Success', code: 201 })
    const pod = world.store.get(pods, POD)!
    expect(pod.metadata.deletionGracePeriodSeconds).toBe(30)
    expect(pod.status.conditions?.at(-1)).toMatchObject({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    })
    expect(world.store.get(podDisruptionBudgets, { namespace: 'default', name: 'pdb' })!.status).toMatchObject({
      disruptionsAllowed: 0,
      disruptedPods: { a: '2026-01-01T00:00:00Z' },
    })
  })

  const refusals: readonly [string, JsonObject, string][] = [
    [
      'needs more healthy Pods',
      { disruptionsAllowed: 0, currentHealthy: 1 },
      'The disruption budget pdb needs 1 healthy pods and has 1 currently',
    ],
    [
      'was not looked at yet',
      { observedGeneration: 0 },
      'The disruption budget pdb is still being processed by the server.',
    ],
    [
      'failed its sync',
      {
        disruptionsAllowed: 0,
        conditions: [
          {
            type: 'DisruptionAllowed',
            status: 'False',
            reason: 'SyncFailed',
            message: 'no',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
      'The disruption budget pdb does not allow evicting pods currently because it failed sync: no',
    ],
  ]
  for (const [name, budget, cause] of refusals) {
    it(`waits while the budget ${name}`, () => {
      const refused = status(evict(withBudget(budget)))
      expect([refused.code, refused.reason, refused.message]).toEqual([
        429,
        'TooManyRequests',
        "Cannot evict pod as it would violate the pod's disruption budget.",
      ])
      expect(refused.details?.causes).toEqual([{ reason: 'DisruptionBudget', message: cause }])
    })
  }

  it('of a Pod that is not ready costs no budget when enough others are healthy', () => {
    const world = withBudget({ disruptionsAllowed: 0 })
    const pod = world.store.get(pods, POD)!
    value(
      world.component.update(
        pods,
        { ...pod, status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] } },
        { subresource: 'status' },
      ),
    )
    expect(evict(world).ok).toBe(true)
  })

  it('under two budgets is an error', () => {
    const world = withBudget()
    value(
      world.admin.create(
        podDisruptionBudgets,
        object(podDisruptionBudgets, 'two', {
          metadata: { namespace: 'default' },
          spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
        }),
      ),
    )
    expect(status(evict(world))).toMatchObject({
      code: 500,
      message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    })
  })

  it('of a Pending Pod asks no budget', () => {
    const world = withPod()
    expect(evict(world).ok).toBe(true)
    expect(world.store.get(pods, POD)).toBeUndefined()
  })
})

describe('other subresources', () => {
  it('scale shows replicas and selector, and has its own version check', () => {
    const { admin } = apiServer()
    const spec = { replicas: 2, ...(daemonSet().spec as unknown as JsonObject) }
    const key = { namespace: 'default', name: 'web' }
    const made = value(
      admin.create(deployments, object(deployments, 'web', { metadata: { namespace: 'default' }, spec })),
    )
    const scale = value(admin.getSubresource(deployments, key, 'scale'))
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=agent' },
    })
    value(admin.update(deployments, { ...scale, spec: { replicas: 5 } } as never, { subresource: 'scale', key }))
    expect(value(admin.get(deployments, key))).toMatchObject({
      spec: { replicas: 5 },
      metadata: { generation: 2, uid: made.metadata.uid },
    })
    expect(
      status(admin.update(deployments, { ...scale, spec: { replicas: 6 } } as never, { subresource: 'scale', key }))
        .reason,
    ).toBe('Conflict')
  })

  it('a kind that lacks one answers that there is nothing', () => {
    const { admin } = apiServer()
    expect(status(admin.getSubresource(daemonSets, { namespace: 'default', name: 'agent' }, 'scale')).message).toBe(
      'the server could not find the requested resource',
    )
  })

  it('a ServiceAccount gives opaque tokens', () => {
    const token = value(
      apiServer().admin.createSubresource(serviceAccounts, { namespace: 'default', name: 'default' }, 'token', {}),
    )
    expect(token).toMatchObject({ kind: 'TokenRequest', spec: { expirationSeconds: 3600 } })
  })

  it('a log comes from the machine, once the Pod has one', () => {
    const world = withPod()
    expect(status(world.admin.getSubresource(pods, POD, 'log')).message).toBe('pod a does not have a host assigned')
    value(bind(world))
    world.server.kubelets.log = (pod, query) => ({
      ok: true,
      value: { log: `${pod.metadata.name} ${query.container}` },
      warnings: [],
    })
    expect(value(world.admin.getSubresource(pods, POD, 'log', { container: 'agent' }))).toEqual({ log: 'a agent' })
  })

  it('a log is of one container, which must be named when there are several', () => {
    const world = withPod({
      initContainers: [{ name: 'setup', image: 'a' }],
      containers: [
        { name: 'a', image: 'a' },
        { name: 'b', image: 'b' },
      ],
    })
    value(bind(world))
    world.server.kubelets.log = (_pod, { container }) => ({ ok: true, value: { log: container }, warnings: [] })
    const log = (query: Record<string, string>) => world.admin.getSubresource(pods, POD, 'log', query)
    expect(status(log({})).message).toBe('a container name must be specified for pod a, choose one of: [setup a b]')
    expect(status(log({ container: 'x' })).message).toBe('container x is not valid for pod a')
    expect(value(log({ container: 'setup' }))).toEqual({ log: 'setup' })
  })
})
