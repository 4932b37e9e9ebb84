import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../grader/api/meta.ts'
import {
  clusterRoles,
  configMaps,
  daemonSets,
  leases,
  namespaces,
  pods,
  priorityClasses,
} from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, podNamed, status, value } from '../../support/api-server.ts'

const configMap = (metadata: JsonObject) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata }) as never

describe('a new control plane', () => {
  it('has its namespaces, priority classes and roles', () => {
    const { admin } = apiServer()
    expect(value(admin.list(namespaces)).items.map(({ metadata }) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ])
    expect(value(admin.list(priorityClasses)).items.map(({ value: v }) => v)).toEqual([2_000_000_000, 2_000_001_000])
    expect(value(admin.get(clusterRoles, { name: 'cluster-admin' })).rules).toHaveLength(2)
  })
})

describe('creating', () => {
  it('fills in what only the server knows', () => {
    const made = value(
      apiServer().admin.create(
        configMaps,
        configMap({
          name: 'a',
          namespace: 'default',
          uid: 'mine',
          creationTimestamp: '2000-01-01T00:00:00Z',
          deletionTimestamp: '2000-01-01T00:00:00Z',
        }),
      ),
    )
    expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(made.metadata).toMatchObject({ creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '25' })
    expect(made.metadata).not.toHaveProperty('deletionTimestamp')
  })

  it('generates names of 58 characters and five more', () => {
    const { admin } = apiServer()
    const made = value(
      admin.create(configMaps, configMap({ generateName: `${'a'.repeat(70)}-`, namespace: 'default' })),
    )
    expect(made.metadata.name).toMatch(/^a{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/)
    expect(
      value(admin.create(configMaps, configMap({ generateName: 'b-', namespace: 'default' }))).metadata.name,
    ).toMatch(/^b-.{5}$/)
  })

  const refusals: readonly [string, JsonObject, number, string][] = [
    ['a name that is taken', { name: 'taken', namespace: 'default' }, 409, 'configmaps "taken" already exists'],
    [
      'a resourceVersion',
      { name: 'a', namespace: 'default', resourceVersion: '5' },
      500,
      'resourceVersion should not be set on objects to be created',
    ],
    [
      'no name',
      { namespace: 'default' },
      422,
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      'another namespace than the request',
      { name: 'a', namespace: 'kube-system' },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
  ]
  for (const [name, metadata, code, message] of refusals) {
    it(`refuses ${name}`, () => {
      const { admin } = apiServer()
      value(admin.create(configMaps, configMap({ name: 'taken', namespace: 'default' })))
      const refused = status(admin.create(configMaps, configMap(metadata), { key: { namespace: 'default', name: '' } }))
      expect([refused.code, refused.message]).toEqual([code, message])
    })
  }

  it('takes the namespace from the request when the body has none', () => {
    const made = value(
      apiServer().admin.create(configMaps, configMap({ name: 'a' }), { key: { namespace: 'kube-system', name: 'a' } }),
    )
    expect(made.metadata.namespace).toBe('kube-system')
  })

  it('checks fields as strictly as it is asked to', () => {
    const { admin } = apiServer()
    const wrong = daemonSet({ replicas: 3 })
    expect(status(admin.create(daemonSets, wrong, { fieldValidation: 'Strict' })).message).toBe(
      'DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.replicas"',
    )
    expect(admin.create(daemonSets, wrong, { dryRun: true }).warnings).toEqual(['unknown field "spec.replicas"'])
    const ignored = admin.create(daemonSets, wrong, { dryRun: true, fieldValidation: 'Ignore' })
    expect([ignored.warnings, value(ignored).spec]).toEqual([[], expect.not.objectContaining({ replicas: 3 })])
  })

  it('reports a type error whatever the strictness', () => {
    const template = {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'a', image: 'a', ports: [{ containerPort: '80' }] }] },
    }
    const refused = status(apiServer().admin.create(daemonSets, daemonSet({ template }), { fieldValidation: 'Ignore' }))
    expect(refused.message).toBe(
      'DaemonSet in version "v1" cannot be handled as a DaemonSet: json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32',
    )
  })

  it('refuses an object of another kind or version', () => {
    const { admin } = apiServer()
    expect(status(admin.create(daemonSets, podNamed('a') as never)).message).toBe(
      'the API version in the data (v1) does not match the expected API version (apps/v1)',
    )
  })

  it('refuses with all errors in order, and tells the trace', () => {
    const { admin, trace } = apiServer()
    const refused = status(admin.create(daemonSets, daemonSet({ selector: { matchLabels: { app: 'b' } } })))
    expect(refused.message).toContain(
      'spec.template.metadata.labels: Invalid value: {"app":"agent"}: `selector` does not match template `labels`',
    )
    const entry = trace.entries().at(-1)
    expect(entry).toMatchObject({
      type: 'refused',
      verb: 'create',
      because: [{ code: 'Invalid', path: 'spec.template.metadata.labels' }],
    })
  })

  it('as a dry run stores nothing', () => {
    const { admin, store } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet(), { dryRun: true }))
    expect([made.metadata.uid.length, made.metadata.resourceVersion, store.count(daemonSets)]).toEqual([
      36,
      undefined,
      0,
    ])
  })
})

describe('updating', () => {
  it('a stale object conflicts', () => {
    const { admin } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet()))
    value(admin.update(daemonSets, { ...made, spec: { ...made.spec, minReadySeconds: 1 } }))
    const refused = status(admin.update(daemonSets, { ...made, spec: { ...made.spec, minReadySeconds: 2 } }))
    expect([refused.code, refused.reason]).toEqual([409, 'Conflict'])
  })

  it('without a resourceVersion wins', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    expect(value(admin.update(daemonSets, daemonSet({ minReadySeconds: 4 }))).spec.minReadySeconds).toBe(4)
  })

  it('what does not exist is not found, but a Lease is made', () => {
    const { admin } = apiServer()
    expect(status(admin.update(daemonSets, daemonSet())).message).toBe('daemonsets.apps "agent" not found')
    const lease = object(leases, 'l', { metadata: { namespace: 'default' }, spec: { holderIdentity: 'me' } })
    expect(value(admin.update(leases, lease as never)).metadata.resourceVersion).toBe('25')
  })

  it('another uid than the stored one fails its precondition', () => {
    const { admin } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet()))
    expect(status(admin.update(daemonSets, { ...made, metadata: { ...made.metadata, uid: 'x' } })).message).toBe(
      `Operation cannot be fulfilled on daemonsets.apps "agent": StorageError: invalid object, Code: 4, Key: /registry/daemonsets/default/agent, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta: ${made.metadata.uid}`,
    )
  })

  it('under another name than the URL is a bad request', () => {
    const { admin } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet()))
    expect(status(admin.update(daemonSets, made, { key: { namespace: 'default', name: 'b' } })).message).toBe(
      'the name of the object (agent) does not match the name on the URL (b)',
    )
    expect(status(admin.update(daemonSets, made, { key: { namespace: 'a', name: 'agent' } })).message).toBe(
      'the namespace of the object (default) does not match the namespace on the request (a)',
    )
  })

  it('to what is there already writes nothing, for clients and components alike', () => {
    const { admin, component, store } = apiServer()
    const made = value(admin.create(pods, podNamed('a'), { fieldManager: 'kubectl-create' }))
    const before = store.resourceVersion()
    expect(value(admin.update(pods, made, { fieldManager: 'kubectl-replace' }))).toBe(made)
    expect(value(component.update(pods, { ...made, status: { ...made.status } }, { subresource: 'status' }))).toBe(made)
    expect(store.resourceVersion()).toBe(before)
  })

  it('the selector of a DaemonSet is refused', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    const labels = { app: 'b' }
    const body = { spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } } }
    expect(
      status(admin.patch(daemonSets, { namespace: 'default', name: 'agent' }, { type: 'merge', body })).message,
    ).toBe(
      'DaemonSet.apps "agent" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    )
  })
})
