import { describe, expect, it } from 'vitest'
import type { DeleteOptions } from '../../../grader/api/api-client.ts'
import type { JsonObject } from '../../../grader/api/meta.ts'
import { configMaps, daemonSets, jobs, namespaces, nodes, pods } from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, podNamed, status, value } from '../../support/api-server.ts'

const POD = { namespace: 'default', name: 'a' }
const DS = { namespace: 'default', name: 'agent' }

function boundPod(spec: JsonObject = {}, metadata: JsonObject = {}) {
  const world = apiServer()
  value(world.admin.create(nodes, object(nodes, 'w-1')))
  value(world.admin.create(pods, podNamed('a', spec, metadata)))
  value(world.component.createSubresource(pods, POD, 'binding', { target: { name: 'w-1' } }))
  const types: string[] = []
  world.store.onCommit(({ type }) => types.push(type))
  return { ...world, types, pod: () => world.store.get(pods, POD) }
}

describe('deleting a Pod', () => {
  it('that is bound starts its grace period and raises its generation', () => {
    const { admin, pod } = boundPod()
    const deleted = value(admin.delete(pods, POD))
    expect(deleted.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    })
    expect(pod()).toBe(deleted)
  })

  it('takes the grace period of its spec, or that of the request', () => {
    expect(
      value(boundPod({ terminationGracePeriodSeconds: 5 }).admin.delete(pods, POD)).metadata.deletionGracePeriodSeconds,
    ).toBe(5)
    expect(
      value(boundPod().admin.delete(pods, POD, { gracePeriodSeconds: 7 })).metadata.deletionGracePeriodSeconds,
    ).toBe(7)
    expect(
      value(boundPod().admin.delete(pods, POD, { gracePeriodSeconds: -4 })).metadata.deletionGracePeriodSeconds,
    ).toBe(1)
  })

  it('that no Node has ends it at once', () => {
    const { admin, store } = apiServer()
    value(admin.create(pods, podNamed('a')))
    value(admin.delete(pods, POD))
    expect(store.get(pods, POD)).toBeUndefined()
  })

  it('with grace 0 ends it at once', () => {
    const { admin, pod, types } = boundPod()
    value(admin.delete(pods, POD, { gracePeriodSeconds: 0 }))
    expect([pod(), types]).toEqual([undefined, ['DELETED']])
  })

  it('a second time can only shorten the grace period', () => {
    const { admin, clock, pod } = boundPod()
    value(admin.delete(pods, POD))
    clock.advanceTo(clock.now() + 10_000)
    value(admin.delete(pods, POD, { gracePeriodSeconds: 60 }))
    expect(pod()!.metadata.deletionGracePeriodSeconds).toBe(30)
    value(admin.delete(pods, POD, { gracePeriodSeconds: 12 }))
    expect(pod()!.metadata).toMatchObject({
      deletionGracePeriodSeconds: 12,
      deletionTimestamp: '2026-01-01T00:00:12Z',
      generation: 2,
    })
    value(admin.delete(pods, POD, { gracePeriodSeconds: 0 }))
    expect(pod()).toBeUndefined()
  })

  it('again without a grace period changes nothing', () => {
    const { admin, store } = boundPod()
    value(admin.delete(pods, POD))
    const before = store.resourceVersion()
    value(admin.delete(pods, POD))
    expect(store.resourceVersion()).toBe(before)
  })

  it('that has finished needs no grace', () => {
    const { admin, component, pod } = boundPod()
    value(
      component.update(
        pods,
        { ...pod()!, status: { ...pod()!.status, phase: 'Succeeded' } },
        { subresource: 'status' },
      ),
    )
    value(admin.delete(pods, POD))
    expect(pod()).toBeUndefined()
  })

  it('with a finalizer leaves it until the finalizer goes', () => {
    const { admin, component, pod } = boundPod({}, { finalizers: ['a.b/c'] })
    value(admin.delete(pods, POD, { gracePeriodSeconds: 0 }))
    expect(pod()!.metadata.deletionGracePeriodSeconds).toBe(0)
    value(component.patch(pods, POD, { type: 'merge', body: { metadata: { finalizers: null } } }))
    expect(pod()).toBeUndefined()
  })

  it('as a dry run changes nothing', () => {
    const { admin, pod } = boundPod()
    value(admin.delete(pods, POD, { dryRun: true }))
    expect(pod()!.metadata.deletionTimestamp).toBeUndefined()
  })
})

describe('deleting anything else', () => {
  const policies: readonly [string, DeleteOptions, readonly string[] | undefined][] = [
    ['in the background it is gone at once', { propagationPolicy: 'Background' }, undefined],
    ['without a policy it is gone at once', {}, undefined],
    ['in the foreground it waits for its dependents', { propagationPolicy: 'Foreground' }, ['foregroundDeletion']],
    ['orphaning it waits for the owner references to go', { propagationPolicy: 'Orphan' }, ['orphan']],
  ]
  for (const [name, options, finalizers] of policies) {
    it(name, () => {
      const { admin, store } = apiServer()
      value(admin.create(daemonSets, daemonSet()))
      value(admin.delete(daemonSets, DS, options))
      const left = store.get(daemonSets, DS)
      expect(left?.metadata.finalizers).toEqual(finalizers)
      if (finalizers !== undefined)
        expect(left?.metadata).toMatchObject({ generation: 2, deletionGracePeriodSeconds: 0 })
    })
  }

  it('a Job without a policy keeps its Pods, and warns of it', () => {
    const { admin, store } = apiServer()
    const key = { namespace: 'default', name: 'once' }
    const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } } }
    value(admin.create(jobs, object(jobs, 'once', { metadata: { namespace: 'default' }, spec })))
    expect(admin.delete(jobs, key).warnings[0]).toMatch(/^child pods are preserved by default when jobs are deleted/)
    expect(store.get(jobs, key)?.metadata.finalizers).toEqual(['orphan'])
  })

  it('a deleting object takes no new finalizers', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet({}, { finalizers: ['a.b/c'] })))
    value(admin.delete(daemonSets, DS))
    const refused = status(
      admin.patch(daemonSets, DS, { type: 'merge', body: { metadata: { finalizers: ['a.b/c', 'x.y/z'] } } }),
    )
    expect(refused.message).toBe(
      'DaemonSet.apps "agent" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x.y/z"}',
    )
  })

  it('the deletion timestamp cannot be taken back', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet({}, { finalizers: ['a.b/c'] })))
    const { deletionTimestamp } = value(admin.delete(daemonSets, DS)).metadata
    const patched = value(
      admin.patch(daemonSets, DS, {
        type: 'merge',
        body: { metadata: { deletionTimestamp: null, labels: { a: 'b' } } },
      }),
    )
    expect(patched.metadata.deletionTimestamp).toBe(deletionTimestamp)
  })

  it('of another uid or version than expected conflicts', () => {
    const { admin } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet()))
    expect(status(admin.delete(daemonSets, DS, { preconditions: { uid: 'x' } })).message).toBe(
      `Operation cannot be fulfilled on DaemonSet.apps "agent": the UID in the precondition (x) does not match the UID in record (${made.metadata.uid}). The object might have been deleted and then recreated`,
    )
    expect(status(admin.delete(daemonSets, DS, { preconditions: { resourceVersion: '1' } })).reason).toBe('Conflict')
    value(admin.delete(daemonSets, DS, { preconditions: { uid: made.metadata.uid } }))
  })

  it('that does not exist is not found', () => {
    expect(status(apiServer().admin.delete(daemonSets, DS)).message).toBe('daemonsets.apps "agent" not found')
  })

  it('a collection by its labels leaves the others', () => {
    const { admin, store } = apiServer()
    for (const [name, app] of [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'x'],
    ] as const) {
      value(admin.create(configMaps, object(configMaps, name, { metadata: { namespace: 'default', labels: { app } } })))
    }
    const gone = value(admin.deleteCollection(configMaps, { namespace: 'default', labelSelector: 'app=x' }))
    expect(gone.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'c'])
    expect(store.list(configMaps, 'default').map(({ metadata }) => metadata.name)).toEqual(['b'])
  })
})

describe('deleting a Namespace', () => {
  it('leaves it Terminating until it is finalized', () => {
    const { admin, component, store } = apiServer()
    value(admin.create(namespaces, object(namespaces, 'logging')))
    const going = value(admin.delete(namespaces, { name: 'logging' }))
    expect([going.status?.phase, going.spec?.finalizers]).toEqual(['Terminating', ['kubernetes']])
    value(component.update(namespaces, { ...going, spec: { finalizers: [] } }, { subresource: 'finalize' }))
    expect(store.get(namespaces, { name: 'logging' })).toBeUndefined()
  })

  it('cannot be helped along by editing its spec', () => {
    const { admin } = apiServer()
    const made = value(admin.create(namespaces, object(namespaces, 'logging')))
    expect(value(admin.update(namespaces, { ...made, spec: { finalizers: [] } })).spec?.finalizers).toEqual([
      'kubernetes',
    ])
  })
})
