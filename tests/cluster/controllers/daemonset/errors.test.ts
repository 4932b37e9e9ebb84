import { describe, expect, it } from 'vitest'
import { type ApiStatus, forbiddenStatus } from '../../../../grader/api/api-status.ts'
import { controllerRevisions, daemonSets, pods } from '../../../../grader/api/resource-table.ts'
import { daemonSetController } from '../../../../grader/cluster/controllers/daemonset/controller.ts'
import { createFleet } from '../../../../grader/cluster/controllers/daemonset/fleet.ts'
import { storeStatus } from '../../../../grader/cluster/controllers/daemonset/store-status.ts'
import type { WorkQueue } from '../../../../grader/cluster/machinery/workqueue.ts'
import { daemonSet, nodes, pod } from '../../../support/build.ts'
import { fakeMachines } from '../../../support/fake-machines.ts'
import { conflict, type Fault, partialCluster, withFaults } from '../../../support/partial-cluster.ts'

const quota: ApiStatus = forbiddenStatus(
  { group: '', plural: 'pods' },
  'agent-x',
  'exceeded quota: q, requested: pods=1, used: pods=10, limited: pods=10',
)

/** Creations of Pods fail from the n-th on; all calls are counted. */
function failingAfter(allowed: number, status = quota) {
  const calls = { creates: 0 }
  const fault: Fault = (_, verb, resource) =>
    verb === 'create' && resource === pods && ++calls.creates > allowed ? status : undefined
  return { calls, fault }
}

describe('slow start, expectations, errors', () => {
  it('48 and 49: after ten successes the first failing batch ends the sync, and nothing stays expected', () => {
    const { calls, fault } = failingAfter(10)
    const cluster = partialCluster([withFaults(daemonSetController, fault)], nodes(100))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    // 1 + 2 + 4 + 8: five of the last batch fail; each of the syncs that its Pods cause fails at its first creation.
    expect(cluster.pods()).toHaveLength(10)
    expect(cluster.daemonSet().status).toMatchObject({
      desiredNumberScheduled: 100,
      currentNumberScheduled: 10,
      updatedNumberScheduled: 10,
      numberUnavailable: 100,
    })
    expect(calls.creates).toBeLessThanOrEqual(15 + 5)
    const before = calls.creates
    cluster.advance(1)
    expect(calls.creates, 'it is tried again').toBeGreaterThan(before)
  })

  it('106: of 300 Nodes the first 250 get their Pods in one sync, the rest in the next', () => {
    const cluster = partialCluster([daemonSetController], nodes(300))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    const bySync = new Map<number | undefined, number>()
    for (const { causedBy } of cluster.decisions('createPod')) bySync.set(causedBy, (bySync.get(causedBy) ?? 0) + 1)
    expect([...bySync.values()]).toEqual([250, 50])
  })

  it.each([
    ['51: a failing creation makes the key come back', failingAfter(0).fault, 'SyncFailed', 'exceeded quota'],
    [
      '52: so does a failing status',
      ((_, verb, resource) => (verb === 'update' && resource === daemonSets ? conflict(resource) : undefined)) as Fault,
      'SyncFailed',
      'error storing status for daemon set default/agent: ',
    ],
  ])('%s', (_, fault, code, text) => {
    const cluster = partialCluster([withFaults(daemonSetController, fault)], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    const [retry] = cluster.decisions('retry')
    expect(retry?.because[0]).toMatchObject({ code, kubernetes: expect.stringContaining(text) })
  })

  it('53: of a failing creation and a failing status the creation is told', () => {
    const fault: Fault = (_, verb, resource) =>
      resource === pods && verb === 'create'
        ? quota
        : resource === daemonSets && verb === 'update'
          ? conflict(resource)
          : undefined
    const cluster = partialCluster([withFaults(daemonSetController, fault)], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    expect(cluster.decisions('retry')[0]?.because[0]?.kubernetes).toContain('exceeded quota')
  })

  it('58: a DaemonSet made anew under its name forgets what the old one expected', () => {
    let lost = true
    const terminating: ApiStatus = { ...quota, details: { causes: [{ reason: 'NamespaceTerminating', message: 'x' }] } }
    const fault: Fault = (_, verb, resource) =>
      lost && verb === 'create' && resource === pods ? terminating : undefined
    const cluster = partialCluster([withFaults(daemonSetController, fault)], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    cluster.client().delete(daemonSets, { namespace: 'default', name: 'agent' })
    lost = false
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    expect(cluster.pods()).toHaveLength(1)
  })

  it('123: in a terminating namespace nothing is said, nothing fails, and the expectation stays open', () => {
    const terminating: ApiStatus = { ...quota, details: { causes: [{ reason: 'NamespaceTerminating', message: 'x' }] } }
    const { calls, fault } = failingAfter(0, terminating)
    const cluster = partialCluster([withFaults(daemonSetController, fault)], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.advance(60)
    expect(cluster.eventTexts()).toEqual([])
    expect(cluster.decisions('retry')).toEqual([])
    expect(cluster.decisions('createRefused')[0]?.because[0]?.code).toBe('NamespaceTerminating')
    expect(calls.creates).toBe(1)
  })

  it('a refusal becomes a FailedCreate Event and a coded reason', () => {
    const cluster = partialCluster([withFaults(daemonSetController, failingAfter(0).fault)], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    // Twice: the status that the first sync wrote woke the DaemonSet again.
    expect(cluster.eventTexts()).toEqual([`FailedCreate DaemonSet/agent: Error creating: ${quota.message} (x2)`])
    expect(cluster.decisions('createRefused')[0]).toMatchObject({
      node: 'node-0',
      because: [{ code: 'QuotaExceeded', kubernetes: quota.message }],
    })
  })

  it('a deletion that is refused becomes a FailedDelete Event and is tried again', () => {
    let refusals = 1
    const fault: Fault = (_, verb, resource) =>
      verb === 'delete' && resource === pods && refusals-- > 0 ? conflict(pods, 'p') : undefined
    const cluster = partialCluster([withFaults(daemonSetController, fault), fakeMachines()], nodes(1))
    cluster.make(daemonSets, daemonSet())
    cluster.settle()
    const client = cluster.client()
    client.patch(
      daemonSets,
      { namespace: 'default', name: 'agent' },
      { type: 'merge', body: { spec: { template: { metadata: { annotations: { a: 'b' } } } } } },
    )
    cluster.settle()
    expect(cluster.eventTexts().filter((text) => text.startsWith('FailedDelete'))).toHaveLength(1)
    expect(cluster.daemonSet().status).toMatchObject({ updatedNumberScheduled: 1, numberAvailable: 1 })
  })

  it('37: adoption stops when the API server says that the DaemonSet is being deleted', () => {
    const cluster = partialCluster(
      [
        (parts) => {
          const clientFor: typeof parts.clientFor = (by) => {
            const client = parts.clientFor(by)
            return {
              ...client,
              get: (resource, key) => {
                const found = client.get(resource, key)
                if (!found.ok || (resource as unknown) !== daemonSets) return found
                return {
                  ...found,
                  value: {
                    ...found.value,
                    metadata: { ...found.value.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
                  },
                }
              },
            }
          }
          daemonSetController({ ...parts, clientFor })
        },
      ],
      nodes(1),
    )
    cluster.make(pods, pod('orphan', { on: 'node-0' }))
    cluster.make(daemonSets, daemonSet())
    cluster.runDue()
    expect(cluster.decisions('retry')[0]?.because[0]?.kubernetes).toMatch(
      /^couldn't get node to daemon pod mapping for daemon set "agent": can't adopt Pod default\/orphan \(.*\): default\/agent has just been deleted at /,
    )
    expect(cluster.pods()).toHaveLength(1)
  })
})

describe('54 to 57: storing the status', () => {
  const run = (updates: readonly boolean[], get = true) => {
    const calls: string[] = []
    const client = partialCluster([]).client()
    const outcome = [...updates]
    const failed = (message: string) => ({ ok: false, status: { ...quota, message }, warnings: [] })
    const succeeded = { ok: true, value: daemonSet(), warnings: [] }
    const faulty = {
      ...client,
      get: (() => {
        calls.push('get')
        return get ? succeeded : failed('get failed')
      }) as unknown as typeof client.get,
      update: (() => {
        calls.push('update')
        return outcome.shift() === true ? succeeded : failed('update failed')
      }) as unknown as typeof client.update,
    }
    const fleet = createFleet(nodes(1))
    const ds = daemonSet()
    fleet.refresh({
      now: 0,
      minReadySeconds: 0,
      hash: '',
      templateGeneration: undefined,
      surge: false,
      spec: ds.spec.template.spec,
    })
    const error = storeStatus({ client: faulty, queue: {} as WorkQueue }, ds, {
      state: { key: 'default/agent', fleet },
      observe: true,
    })
    return { calls, error }
  }
  it.each([
    ['54: a success is one update', [true], true, ['update'], undefined],
    ['55: a failure is read anew and tried once more', [false, true], true, ['update', 'get', 'update'], undefined],
    [
      '56: two failures end with the error of the update',
      [false, false],
      true,
      ['update', 'get', 'update'],
      'update failed',
    ],
    ['57: a failing read ends with its error', [false], false, ['update', 'get'], 'get failed'],
  ] as const)('%s', (_, updates, get, calls, error) => {
    const result = run(updates, get)
    expect(result.calls).toEqual(calls)
    if (error === undefined) expect(result.error).toBeUndefined()
    else expect(result.error).toContain(error)
  })
})

describe('36 and 38: DaemonSets that are left alone', () => {
  it('36: one that is being deleted', () => {
    const cluster = partialCluster([daemonSetController], nodes(2))
    cluster.make(daemonSets, {
      ...daemonSet(),
      metadata: { ...daemonSet().metadata, finalizers: ['example.com/wait'] },
    })
    cluster.client().delete(daemonSets, { namespace: 'default', name: 'agent' })
    cluster.runDue()
    expect(cluster.pods()).toEqual([])
    expect(cluster.all(controllerRevisions)).toEqual([])
  })

  it('38: one with an empty selector, which the API server of today would refuse, and it is told so', () => {
    const cluster = partialCluster([daemonSetController], nodes(1))
    const ds = daemonSet()
    const old = { ...ds, spec: { ...ds.spec, selector: {} } }
    cluster.store.put(daemonSets, (resourceVersion) => ({ ...old, metadata: { ...old.metadata, resourceVersion } }))
    cluster.runDue()
    expect(cluster.pods()).toEqual([])
    expect(cluster.eventTexts()).toEqual([
      'SelectingAll DaemonSet/agent: This daemon set is selecting all pods. A non-empty selector is required.',
    ])
  })
})
