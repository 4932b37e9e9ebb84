import { describe, expect, it } from 'vitest'
import type { ApiClient } from '../../../grader/api/api-client.ts'
import type { ApiResult } from '../../../grader/api/api-status.ts'
import type { DaemonSet } from '../../../grader/api/apps.ts'
import type { JsonObject, KubeObject } from '../../../grader/api/meta.ts'
import { daemonSets, nodes } from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, status, value } from '../../support/api-server.ts'

const KEY = { namespace: 'default', name: 'agent' }

function config(container: JsonObject = {}, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const template = {
    metadata: { labels: { app: 'agent' } },
    spec: { containers: [{ name: 'agent', image: 'registry.example/agent:1', ...container }] },
  }
  return daemonSet({ template, ...spec }, metadata) as unknown as JsonObject
}

function apply(client: ApiClient, body: JsonObject, fieldManager: string, force = false): ApiResult<DaemonSet> {
  return client.patch(daemonSets, KEY, { type: 'apply', body, force }, { fieldManager })
}

const ownersOf = ({ metadata }: KubeObject) =>
  metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)
const setImage = (image: string) =>
  ({ type: 'strategic', body: { spec: { template: { spec: { containers: [{ name: 'agent', image }] } } } } }) as const

describe('server-side apply', () => {
  it('creates what does not exist, owned by the applier', () => {
    const { admin } = apiServer()
    const ds = value(apply(admin, config(), 'me'))
    expect(ownersOf(ds)).toEqual(['me Apply'])
    expect(ds.metadata.managedFields![0]!.fieldsV1).toEqual({
      'f:spec': {
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': { 'f:containers': { 'k:{"name":"agent"}': { '.': {}, 'f:image': {}, 'f:name': {} } } },
        },
      },
    })
  })

  it('applied twice writes once', () => {
    const { admin, clock } = apiServer()
    const made = value(apply(admin, config(), 'me'))
    clock.advanceTo(clock.now() + 60_000)
    expect(value(apply(admin, config(), 'me'))).toBe(made)
  })

  it('shares fields of equal value without a conflict', () => {
    const { admin } = apiServer()
    value(apply(admin, config(), 'me'))
    expect(ownersOf(value(apply(admin, config(), 'you')))).toEqual(['me Apply', 'you Apply'])
  })

  it('refuses to change what another manager applied', () => {
    const { admin } = apiServer()
    value(apply(admin, config(), 'me'))
    const refused = status(apply(admin, config({ image: 'x:2' }), 'you'))
    expect(refused).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "me": .spec.template.spec.containers[name="agent"].image',
    })
    expect(refused.details?.causes).toEqual([
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "me"',
        field: '.spec.template.spec.containers[name="agent"].image',
      },
    ])
  })

  it('names the API version of who updated, and lists several fields', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-client-side-apply' }))
    expect(status(apply(admin, config({ image: 'x:2' }), 'me')).message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.template.spec.containers[name="agent"].image',
    )
    expect(status(apply(admin, config({ image: 'x:2' }, { revisionHistoryLimit: 3 }), 'me')).message).toBe(
      'Apply failed with 2 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:\n- .spec.revisionHistoryLimit\n- .spec.template.spec.containers[name="agent"].image',
    )
  })

  it('repeats the block for each manager, sorted', () => {
    const { admin } = apiServer()
    value(apply(admin, config({}, { minReadySeconds: 1 }), 'b'))
    value(admin.patch(daemonSets, KEY, setImage('x:2'), { fieldManager: 'a' }))
    expect(status(apply(admin, config({ image: 'x:3' }, { minReadySeconds: 2 }), 'c')).message).toBe(
      'Apply failed with 2 conflicts: conflicts with "a" using apps/v1:\n- .spec.template.spec.containers[name="agent"].image\nconflicts with "b":\n- .spec.minReadySeconds',
    )
  })

  it('takes the fields over when forced', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' }))
    value(admin.patch(daemonSets, KEY, setImage('x:2'), { fieldManager: 'kubectl-set' }))
    const ds = value(apply(admin, config({ image: 'x:3' }), 'me', true))
    expect(ownersOf(ds)).toEqual(['me Apply', 'kubectl-create Update'])
    expect(ds.spec.template.spec.containers[0]!.image).toBe('x:3')
  })

  it('is no conflict for kubectl where kubectl itself applied from the client before', () => {
    const { admin } = apiServer()
    const last = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(config()) }
    value(admin.create(daemonSets, daemonSet({}, { annotations: last }), { fieldManager: 'kubectl-client-side-apply' }))
    expect(value(apply(admin, config({ image: 'x:2' }), 'kubectl')).spec.template.spec.containers[0]!.image).toBe('x:2')
  })

  it('removes what is applied no longer and nobody else owns', () => {
    const { admin } = apiServer()
    value(apply(admin, config({ args: ['--a'] }, { minReadySeconds: 5 }, { labels: { a: 'b', c: 'd' } }), 'me'))
    const ds = value(apply(admin, config({}, {}, { labels: { a: 'b' } }), 'me'))
    expect(ds.metadata.labels).toEqual({ a: 'b' })
    expect(ds.spec.template.spec.containers[0]).not.toHaveProperty('args')
    expect(ds.spec.minReadySeconds ?? 0).toBe(0)
  })

  it('keeps what somebody else owns, too', () => {
    const { admin } = apiServer()
    value(apply(admin, config({}, {}, { labels: { a: 'b' } }), 'me'))
    value(apply(admin, config({}, {}, { labels: { a: 'b' } }), 'you'))
    const ds = value(apply(admin, config(), 'me'))
    expect(ds.metadata.labels).toEqual({ a: 'b' })
    expect(value(apply(admin, config(), 'you')).metadata.labels).toBeUndefined()
  })

  it('keeps annotations that a controller wrote when the applier drops its own', () => {
    const { admin, component } = apiServer()
    const made = value(apply(admin, config({}, {}, { annotations: { mine: '1' } }), 'me'))
    const annotations = { ...made.metadata.annotations, theirs: '2' }
    value(component.update(daemonSets, { ...made, metadata: { ...made.metadata, annotations } }))
    const ds = value(apply(admin, config(), 'me'))
    expect(ds.metadata.annotations).toEqual({ theirs: '2', 'deprecated.daemonset.template.generation': '1' })
  })

  it('replaces a list of tolerations as a whole', () => {
    const { admin } = apiServer()
    const tolerating = (key: string) =>
      daemonSet({
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { containers: [{ name: 'agent', image: 'a' }], tolerations: [{ key, operator: 'Exists' }] },
        },
      })
    value(apply(admin, tolerating('a') as unknown as JsonObject, 'me'))
    const ds = value(apply(admin, tolerating('b') as unknown as JsonObject, 'me'))
    expect(ds.spec.template.spec.tolerations).toEqual([{ key: 'b', operator: 'Exists' }])
  })

  it('removes a container that is applied no longer', () => {
    const { admin } = apiServer()
    const two = daemonSet({
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: {
          containers: [
            { name: 'agent', image: 'a' },
            { name: 'side', image: 'b' },
          ],
        },
      },
    })
    value(apply(admin, two as unknown as JsonObject, 'me'))
    const ds = value(apply(admin, config({ image: 'a' }), 'me'))
    expect(ds.spec.template.spec.containers.map(({ name }) => name)).toEqual(['agent'])
  })

  it('of an object that nobody tracked meets before-first-apply', () => {
    const { admin, component } = apiServer()
    value(component.create(nodes, object(nodes, 'w-1', { metadata: { labels: { a: '1' } }, spec: {} })))
    const label = (value: string) =>
      object(nodes, 'w-1', { metadata: { labels: { a: value } } }) as unknown as JsonObject
    const send = (value: string, force: boolean) =>
      admin.patch(nodes, { name: 'w-1' }, { type: 'apply', body: label(value), force }, { fieldManager: 'me' })
    expect(status(send('2', false)).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .metadata.labels.a',
    )
    expect(value(send('2', true)).metadata.labels).toMatchObject({ a: '2' })
  })

  it('refuses unknown fields and wrong types by the schema', () => {
    const { admin } = apiServer()
    const prefix = 'failed to create typed patch object (default/agent; apps/v1, Kind=DaemonSet): '
    expect(status(apply(admin, config({}, { replicas: 3 }), 'me')).message).toBe(
      `${prefix}.spec.replicas: field not declared in schema`,
    )
    const tooText = config({}, { minReadySeconds: 'soon' })
    expect(status(apply(admin, tooText, 'me')).message).toBe(
      `${prefix}.spec.minReadySeconds: expected numeric (int or float), got string`,
    )
  })

  it('wants a field manager, and no managedFields in the configuration', () => {
    const { admin } = apiServer()
    expect(status(admin.patch(daemonSets, KEY, { type: 'apply', body: config() })).code).toBe(422)
    expect(status(apply(admin, config({}, {}, { managedFields: [] }), 'me')).message).toBe(
      'metadata.managedFields must be nil',
    )
  })

  it('with dryRun changes nothing', () => {
    const { admin, store } = apiServer()
    const before = store.resourceVersion()
    value(admin.patch(daemonSets, KEY, { type: 'apply', body: config() }, { fieldManager: 'me', dryRun: true }))
    expect(store.resourceVersion()).toBe(before)
  })
})

describe('managedFields of updates', () => {
  it('tell what kubectl create set, defaults included', () => {
    const { admin } = apiServer()
    const entry = value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' })).metadata
      .managedFields![0]!
    expect(entry).toMatchObject({
      manager: 'kubectl-create',
      operation: 'Update',
      apiVersion: 'apps/v1',
      fieldsType: 'FieldsV1',
    })
    expect(entry.fieldsV1).toEqual({
      'f:metadata': { 'f:annotations': { '.': {}, 'f:deprecated.daemonset.template.generation': {} } },
      'f:spec': {
        'f:revisionHistoryLimit': {},
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"agent"}': {
                '.': {},
                'f:image': {},
                'f:imagePullPolicy': {},
                'f:name': {},
                'f:resources': {},
                'f:terminationMessagePath': {},
                'f:terminationMessagePolicy': {},
              },
            },
            'f:dnsPolicy': {},
            'f:restartPolicy': {},
            'f:schedulerName': {},
            'f:securityContext': {},
            'f:terminationGracePeriodSeconds': {},
          },
        },
        'f:updateStrategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {}, 'f:maxUnavailable': {} }, 'f:type': {} },
      },
    })
  })

  it('move with the field to who changed it', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' }))
    const ds = value(admin.patch(daemonSets, KEY, setImage('x:2'), { fieldManager: 'kubectl-set' }))
    const mine = ds.metadata.managedFields!.find(({ manager }) => manager === 'kubectl-set')!
    expect(mine.fieldsV1).toEqual({
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"agent"}': { 'f:image': {} } } } } },
    })
    expect(JSON.stringify(ds.metadata.managedFields![0]!.fieldsV1)).not.toContain('f:image"')
  })

  it('are reset by an empty list', () => {
    const { admin } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' }))
    expect(
      value(admin.update(daemonSets, { ...made, metadata: { ...made.metadata, managedFields: [] } })).metadata
        .managedFields,
    ).toBeUndefined()
  })

  it('are kept when a component writes', () => {
    const { admin, component } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' }))
    const after = value(
      component.update(daemonSets, { ...made, status: { ...made.status, numberReady: 1 } }, { subresource: 'status' }),
    )
    expect(after.metadata.managedFields).toBe(made.metadata.managedFields)
  })
})
