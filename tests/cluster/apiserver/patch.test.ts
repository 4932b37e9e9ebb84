import { describe, expect, it } from 'vitest'
import type { Patch } from '../../../grader/api/api-client.ts'
import type { DaemonSet } from '../../../grader/api/apps.ts'
import type { Json, JsonObject } from '../../../grader/api/meta.ts'
import { daemonSets, deployments, nodes } from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, status, value } from '../../support/api-server.ts'

const KEY = { namespace: 'default', name: 'agent' }

const POD_SPEC: JsonObject = {
  containers: [
    {
      name: 'agent',
      image: 'registry.example/agent:1',
      args: ['--a', '--b'],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      volumeMounts: [{ name: 'logs', mountPath: '/var/log' }],
    },
  ],
  tolerations: [{ key: 'a', operator: 'Exists' }],
  nodeSelector: { disk: 'ssd', zone: 'a' },
  volumes: [{ name: 'logs', hostPath: { path: '/var/log', type: '' } }],
  imagePullSecrets: [{ name: 'one' }],
}

function patched(patch: Patch): DaemonSet {
  const { admin } = apiServer()
  value(admin.create(daemonSets, daemonSet({ template: { metadata: { labels: { app: 'agent' } }, spec: POD_SPEC } })))
  return value(admin.patch(daemonSets, KEY, patch, { fieldValidation: 'Strict' }))
}

const podSpec = (body: JsonObject): JsonObject => ({ spec: { template: { spec: body } } })
const specOf = (ds: DaemonSet) => ds.spec.template.spec as unknown as Record<string, Json>
const first = (value: Json | undefined) => (value as readonly JsonObject[])[0]!

describe('a strategic merge patch', () => {
  const rows: readonly [string, JsonObject, (spec: Record<string, Json>) => unknown, unknown][] = [
    [
      'merges containers by name',
      { containers: [{ name: 'agent', image: 'x:2' }] },
      (s) => [first(s.containers).image, first(s.containers).args],
      ['x:2', ['--a', '--b']],
    ],
    [
      'adds a container with a new name at the end',
      { containers: [{ name: 'side', image: 'x' }] },
      (s) => (s.containers as JsonObject[]).map((c) => c.name),
      ['agent', 'side'],
    ],
    [
      'replaces tolerations as a whole',
      { tolerations: [{ key: 'b', operator: 'Exists' }] },
      (s) => s.tolerations,
      [{ key: 'b', operator: 'Exists' }],
    ],
    [
      'replaces args as a whole',
      { containers: [{ name: 'agent', args: ['--c'] }] },
      (s) => first(s.containers).args,
      ['--c'],
    ],
    [
      'merges env by name',
      {
        containers: [
          {
            name: 'agent',
            env: [
              { name: 'B', value: '3' },
              { name: 'C', value: '4' },
            ],
          },
        ],
      },
      (s) => (first(s.containers).env as JsonObject[]).map((e) => `${e.name}=${e.value}`),
      ['A=1', 'B=3', 'C=4'],
    ],
    [
      'merges ports by containerPort',
      { containers: [{ name: 'agent', ports: [{ containerPort: 80, name: 'web' }, { containerPort: 90 }] }] },
      (s) => (first(s.containers).ports as JsonObject[]).map((p) => [p.containerPort, p.name]),
      [
        [80, 'web'],
        [90, undefined],
      ],
    ],
    [
      'merges volumeMounts by mountPath',
      { containers: [{ name: 'agent', volumeMounts: [{ name: 'logs', mountPath: '/mnt' }] }] },
      (s) => (first(s.containers).volumeMounts as JsonObject[]).map((m) => m.mountPath),
      ['/var/log', '/mnt'],
    ],
    [
      'merges nodeSelector key by key',
      { nodeSelector: { zone: 'b' } },
      (s) => s.nodeSelector,
      { disk: 'ssd', zone: 'b' },
    ],
    ['deletes a key with null', { nodeSelector: { zone: null } }, (s) => s.nodeSelector, { disk: 'ssd' }],
    ['deletes a whole map with null', { nodeSelector: null }, (s) => s.nodeSelector, undefined],
    [
      'replaces a map with $patch: replace',
      { nodeSelector: { $patch: 'replace', gpu: 'yes' } },
      (s) => s.nodeSelector,
      { gpu: 'yes' },
    ],
    [
      'deletes an item with $patch: delete',
      { containers: [{ name: 'agent', env: [{ name: 'A', $patch: 'delete' }] }] },
      (s) => (first(s.containers).env as JsonObject[]).map((e) => e.name),
      ['B'],
    ],
    [
      'replaces a list with $patch: replace',
      { imagePullSecrets: [{ name: 'two' }, { $patch: 'replace' }] },
      (s) => s.imagePullSecrets,
      [{ name: 'two' }],
    ],
    [
      'orders a list with $setElementOrder',
      { containers: [{ name: 'agent', '$setElementOrder/env': [{ name: 'B' }, { name: 'A' }] }] },
      (s) => (first(s.containers).env as JsonObject[]).map((e) => e.name),
      ['B', 'A'],
    ],
    [
      'keeps what only the server has behind what is new',
      {
        '$setElementOrder/imagePullSecrets': [{ name: 'zero' }, { name: 'new' }],
        imagePullSecrets: [{ name: 'zero' }, { name: 'new' }],
      },
      (s) => (s.imagePullSecrets as JsonObject[]).map(({ name }) => name),
      ['zero', 'new', 'one'],
    ],
    [
      'drops the other source of a volume with $retainKeys',
      { volumes: [{ $retainKeys: ['name', 'emptyDir'], name: 'logs', emptyDir: {} }] },
      (s) => s.volumes,
      [{ name: 'logs', emptyDir: {} }],
    ],
    [
      'of a new map ignores nulls',
      { securityContext: { runAsUser: null, runAsGroup: 1 } },
      (s) => s.securityContext,
      { runAsGroup: 1 },
    ],
  ]
  for (const [name, body, see, wanted] of rows) {
    it(name, () => expect(see(specOf(patched({ type: 'strategic', body: podSpec(body) })))).toEqual(wanted))
  }

  it('keeps a stale rollingUpdate when the type changes', () => {
    const ds = patched({ type: 'strategic', body: { spec: { updateStrategy: { type: 'OnDelete' } } } })
    expect(ds.spec.updateStrategy).toEqual({ type: 'OnDelete', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } })
  })

  it('deletes from a set with $deleteFromPrimitiveList', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet({}, { finalizers: ['a.b/x', 'a.b/y'] })))
    const ds = value(
      admin.patch(daemonSets, KEY, {
        type: 'strategic',
        body: { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.b/x'] } },
      }),
    )
    expect(ds.metadata.finalizers).toEqual(['a.b/y'])
  })

  it('replaces the taints of a Node as a whole', () => {
    const { admin } = apiServer()
    value(admin.create(nodes, object(nodes, 'w-1', { spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] } })))
    const node = value(
      admin.patch(
        nodes,
        { name: 'w-1' },
        { type: 'strategic', body: { spec: { taints: [{ key: 'b', effect: 'NoSchedule' }] } } },
      ),
    )
    expect(node.spec.taints).toEqual([{ key: 'b', effect: 'NoSchedule' }])
  })
})

describe('a JSON patch', () => {
  const rows: readonly [string, JsonObject[], (spec: Record<string, Json>) => unknown, unknown][] = [
    [
      'adds to the end of a list with -',
      [{ op: 'add', path: '/tolerations/-', value: { operator: 'Exists' } }],
      (s) => (s.tolerations as Json[]).length,
      2,
    ],
    [
      'inserts into a list',
      [{ op: 'add', path: '/containers/0/args/0', value: '--0' }],
      (s) => first(s.containers).args,
      ['--0', '--a', '--b'],
    ],
    [
      'replaces an item',
      [{ op: 'replace', path: '/containers/0/image', value: 'x:9' }],
      (s) => first(s.containers).image,
      'x:9',
    ],
    ['removes a key', [{ op: 'remove', path: '/nodeSelector/zone' }], (s) => s.nodeSelector, { disk: 'ssd' }],
    [
      'reads ~1 as a slash',
      [{ op: 'add', path: '/nodeSelector/a~1b', value: 'c' }],
      (s) => (s.nodeSelector as JsonObject)['a/b'],
      'c',
    ],
    [
      'moves a value',
      [{ op: 'move', from: '/nodeSelector/zone', path: '/nodeSelector/place' }],
      (s) => s.nodeSelector,
      { disk: 'ssd', place: 'a' },
    ],
    [
      'copies a value',
      [{ op: 'copy', from: '/nodeSelector/zone', path: '/nodeSelector/place' }],
      (s) => s.nodeSelector,
      { disk: 'ssd', place: 'a', zone: 'a' },
    ],
    [
      'goes on after a test that holds',
      [
        { op: 'test', path: '/containers/0/name', value: 'agent' },
        { op: 'remove', path: '/tolerations' },
      ],
      (s) => s.tolerations,
      undefined,
    ],
  ]
  for (const [name, operations, see, wanted] of rows) {
    it(name, () => {
      const under = (pointer: Json | undefined) =>
        pointer === undefined ? {} : `/spec/template/spec${String(pointer)}`
      const body = operations.map((op) => ({
        ...op,
        path: under(op.path),
        ...(op.from === undefined ? {} : { from: under(op.from) }),
      })) as JsonObject[]
      expect(see(specOf(patched({ type: 'json', body })))).toEqual(wanted)
    })
  }

  const refusals: readonly [string, unknown, number, string][] = [
    [
      'a path that is not there',
      [{ op: 'replace', path: '/spec/nope/x', value: 1 }],
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      'a test that fails',
      [{ op: 'test', path: '/metadata/name', value: 'x' }],
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      'an index past the end',
      [{ op: 'remove', path: '/spec/template/spec/containers/4' }],
      422,
      'the server rejected our request due to an error in our request',
    ],
    [
      'an object instead of a list of operations',
      { op: 'add' },
      400,
      'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    ],
  ]
  for (const [name, body, code, message] of refusals) {
    it(`refuses ${name}`, () => {
      const { admin } = apiServer()
      value(admin.create(daemonSets, daemonSet()))
      const refused = status(admin.patch(daemonSets, KEY, { type: 'json', body } as Patch))
      expect([refused.code, refused.message]).toEqual([code, message])
    })
  }
})

describe('a JSON merge patch', () => {
  it('replaces every list', () => {
    const ds = patched({ type: 'merge', body: podSpec({ containers: [{ name: 'other', image: 'y' }], volumes: null }) })
    expect(specOf(ds).containers).toHaveLength(1)
    expect(first(specOf(ds).containers).name).toBe('other')
  })

  it('removes with null', () =>
    expect(specOf(patched({ type: 'merge', body: podSpec({ tolerations: null }) })).tolerations).toBeUndefined())
})

describe('any patch', () => {
  it('that changes nothing writes nothing', () => {
    const { admin, store } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' }))
    const before = store.resourceVersion()
    const image = made.spec.template.spec.containers[0]!.image!
    for (const patch of [
      { type: 'merge', body: {} },
      { type: 'strategic', body: podSpec({ containers: [{ name: 'agent', image }] }) },
      { type: 'json', body: [] },
    ] as const) {
      expect(value(admin.patch(daemonSets, KEY, patch, { fieldManager: 'kubectl-patch' }))).toBe(made)
    }
    expect(store.resourceVersion()).toBe(before)
  })

  it('of an object that does not exist is not found', () => {
    const refused = status(
      apiServer().admin.patch(daemonSets, { namespace: 'default', name: 'nope' }, { type: 'strategic', body: {} }),
    )
    expect(refused.message).toBe('daemonsets.apps "nope" not found')
  })

  it('with an old resourceVersion conflicts', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    const refused = status(
      admin.patch(daemonSets, KEY, { type: 'merge', body: { metadata: { resourceVersion: '1' } } }),
    )
    expect(refused.message).toBe(
      'Operation cannot be fulfilled on daemonsets.apps "agent": the object has been modified; please apply your changes to the latest version and try again',
    )
  })

  it('cannot rename', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    expect(
      status(admin.patch(daemonSets, KEY, { type: 'merge', body: { metadata: { name: 'b' } } })).message,
    ).toContain('metadata.name: Invalid value: "b": field is immutable')
  })

  it('that adds an unknown field is refused under strict validation, warned of, or let through', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    const send = (type: 'merge' | 'strategic', fieldValidation: 'Strict' | 'Warn' | 'Ignore') =>
      admin.patch(daemonSets, KEY, { type, body: { spec: { replicas: 3 } } }, { fieldValidation })
    expect(status(send('strategic', 'Strict'))).toMatchObject({
      code: 422,
      message:
        ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:3]]": strict decoding error: unknown field "spec.replicas"',
    })
    expect(status(send('merge', 'Strict')).message).toContain('strict decoding error: unknown field "spec.replicas"')
    expect(send('strategic', 'Warn').warnings).toEqual(['unknown field "spec.replicas"'])
    expect(send('strategic', 'Ignore').warnings).toEqual([])
  })

  it('of status touches the status alone', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    const body = { status: { numberReady: 4 }, spec: { minReadySeconds: 9 } }
    const ds = value(admin.patch(daemonSets, KEY, { type: 'merge', body }, { subresource: 'status' }))
    expect([ds.status.numberReady, ds.spec.minReadySeconds ?? 0, ds.metadata.generation]).toEqual([4, 0, 1])
  })

  it('of scale moves replicas, and a DaemonSet has no scale', () => {
    const { admin } = apiServer()
    const spec = daemonSet().spec as unknown as JsonObject
    value(admin.create(deployments, object(deployments, 'agent', { metadata: { namespace: 'default' }, spec })))
    const scale = value(
      admin.patch(deployments, KEY, { type: 'merge', body: { spec: { replicas: 3 } } }, { subresource: 'scale' }),
    )
    expect((scale as unknown as JsonObject).spec).toEqual({ replicas: 3 })
    expect(value(admin.get(deployments, KEY)).spec.replicas).toBe(3)
    expect(status(admin.patch(daemonSets, KEY, { type: 'merge', body: {} }, { subresource: 'scale' })).message).toBe(
      'the server could not find the requested resource',
    )
  })

  it('with dryRun shows the result and keeps the object', () => {
    const { admin } = apiServer()
    value(admin.create(daemonSets, daemonSet()))
    const ds = value(
      admin.patch(daemonSets, KEY, { type: 'merge', body: { spec: { minReadySeconds: 5 } } }, { dryRun: true }),
    )
    expect([ds.spec.minReadySeconds, value(admin.get(daemonSets, KEY)).spec.minReadySeconds ?? 0]).toEqual([5, 0])
  })
})
