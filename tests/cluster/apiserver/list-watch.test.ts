import { describe, expect, it } from 'vitest'
import type { ListOptions, WatchEvent, WatchOptions } from '../../../grader/api/api-client.ts'
import type { ConfigMap, Pod } from '../../../grader/api/core.ts'
import type { KubeObject } from '../../../grader/api/meta.ts'
import {
  configMaps,
  daemonSets,
  events,
  namespaces,
  nodes,
  pods,
  type Resource,
} from '../../../grader/api/resource-table.ts'
import { WATCH_HISTORY } from '../../../grader/cluster/apiserver/store.ts'
import { apiServer, object, podNamed, status, type TestServer, value } from '../../support/api-server.ts'

const configMap = (name: string, labels: Record<string, string> = {}, namespace = 'default') =>
  object(configMaps, name, { metadata: { namespace, labels } })

const namesOf = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name)

function fill(world: TestServer, names: readonly string[]): void {
  for (const name of names) value(world.admin.create(configMaps, configMap(name)))
}

describe('a list', () => {
  it('is ordered by namespace and name, as etcd orders its keys', () => {
    const world = apiServer()
    for (const name of ['a', 'a-b']) value(world.admin.create(namespaces, object(namespaces, name)))
    for (const [name, namespace] of [
      ['z', 'a'],
      ['b', 'a-b'],
      ['c', 'a'],
      ['B', 'default'].map((t) => t.toLowerCase()) as [string, string],
    ] as const) {
      value(world.component.create(configMaps, configMap(name, {}, namespace)))
    }
    const found = value(world.admin.list(configMaps)).items.map(
      ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
    )
    expect(found).toEqual(['a-b/b', 'a/c', 'a/z', 'default/b'])
  })

  it('comes in pages that all show the state of the first', () => {
    const world = apiServer()
    fill(world, ['a', 'b', 'c', 'd', 'e'])
    const first = value(world.admin.list(configMaps, { namespace: 'default', limit: 2 }))
    expect([namesOf(first.items), first.remainingItemCount]).toEqual([['a', 'b'], 3])
    value(world.admin.delete(configMaps, { namespace: 'default', name: 'c' }))
    fill(world, ['bb'])
    const second = value(world.admin.list(configMaps, { namespace: 'default', limit: 2, continue: first.continue! }))
    expect([namesOf(second.items), second.remainingItemCount, second.resourceVersion]).toEqual([
      ['c', 'd'],
      1,
      first.resourceVersion,
    ])
    const third = value(world.admin.list(configMaps, { namespace: 'default', limit: 2, continue: second.continue! }))
    expect([namesOf(third.items), third.continue]).toEqual([['e'], undefined])
  })

  it('with a selector does not count what remains', () => {
    const world = apiServer()
    for (const name of ['a', 'b', 'c']) value(world.admin.create(configMaps, configMap(name, { app: 'x' })))
    const page = value(world.admin.list(configMaps, { labelSelector: 'app=x', limit: 1 }))
    expect([page.continue !== undefined, page.remainingItemCount]).toEqual([true, undefined])
  })

  it('whose first page is forgotten has expired', () => {
    const world = apiServer()
    fill(world, ['a', 'b'])
    const first = value(world.admin.list(configMaps, { namespace: 'default', limit: 1 }))
    for (let i = 0; i < 2 * WATCH_HISTORY; i++) {
      value(
        world.component.update(configMaps, {
          ...world.store.get(configMaps, { namespace: 'default', name: 'a' })!,
          data: { i: String(i) },
        }),
      )
    }
    const refused = status(world.admin.list(configMaps, { namespace: 'default', limit: 1, continue: first.continue! }))
    expect([refused.code, refused.reason]).toEqual([410, 'Expired'])
    expect(refused.message).toMatch(/^The provided continue parameter is too old to display a consistent list result/)
  })

  it('is shared, and stays as it was when something changes', () => {
    const world = apiServer()
    fill(world, ['a', 'b'])
    const before = world.store.list(configMaps, 'default')
    expect(world.store.list(configMaps, 'default')).toBe(before)
    value(
      world.admin.patch(configMaps, { namespace: 'default', name: 'a' }, { type: 'merge', body: { data: { x: 'y' } } }),
    )
    expect(before[0]!.data).toBeUndefined()
    expect(world.store.list(configMaps, 'default')[0]!.data).toEqual({ x: 'y' })
  })

  const refusals: readonly [string, Resource, ListOptions, number, string][] = [
    ['an unknown field of Pods', pods, { fieldSelector: 'spec.x=1' }, 400, 'field label not supported: spec.x'],
    [
      'an unknown field of Nodes',
      nodes,
      { fieldSelector: 'metadata.namespace=a' },
      400,
      'field label not supported: metadata.namespace',
    ],
    [
      'any other field of DaemonSets',
      daemonSets,
      { fieldSelector: 'status.x=1' },
      400,
      '"status.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      'a field selector without operator',
      pods,
      { fieldSelector: 'foo' },
      400,
      "invalid selector: 'foo'; can't understand 'foo'",
    ],
    [
      'a label selector that does not parse',
      pods,
      { labelSelector: 'a in b' },
      400,
      "unable to parse requirement: found 'b' expected: '('",
    ],
    [
      'a resourceVersion that does not exist yet',
      pods,
      { resourceVersion: '999' },
      504,
      'Too large resource version: 999, current: 24',
    ],
    [
      'a continue token of another world',
      pods,
      { continue: 'abc' },
      400,
      'continue key is not valid: illegal base64 data or malformed value',
    ],
  ]
  for (const [name, resource, options, code, message] of refusals) {
    it(`refuses ${name}`, () => {
      const refused = status(apiServer().admin.list(resource, options))
      expect([refused.code, refused.message]).toEqual([code, message])
    })
  }
})

describe('a field selector', () => {
  function world() {
    const made = apiServer()
    value(made.admin.create(nodes, object(nodes, 'w-1', { spec: { unschedulable: true } })))
    value(made.admin.create(nodes, object(nodes, 'w-2')))
    for (const name of ['a', 'b', 'c']) value(made.admin.create(pods, podNamed(name)))
    for (const name of ['c', 'a'])
      value(
        made.component.createSubresource(pods, { namespace: 'default', name }, 'binding', { target: { name: 'w-1' } }),
      )
    const event = (name: string, rest: object) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'a', namespace: 'default' },
      reportingComponent: '',
      reportingInstance: '',
      ...rest,
    })
    value(made.component.create(events, event('e1', { reason: 'Killing', type: 'Normal' }) as never))
    value(made.component.create(events, event('e2', { reason: 'Failed', type: 'Warning' }) as never))
    return made
  }
  const rows: readonly [Resource, string, readonly string[]][] = [
    [pods, 'spec.nodeName=w-1', ['a', 'c']],
    [pods, 'spec.nodeName=', ['b']],
    [pods, 'spec.nodeName!=w-1', ['b']],
    [pods, 'metadata.name==b', ['b']],
    [pods, 'status.phase=Pending,metadata.namespace=default', ['a', 'b', 'c']],
    [pods, 'status.phase=Running', []],
    [nodes, 'spec.unschedulable=true', ['w-1']],
    [nodes, 'metadata.name=w-2', ['w-2']],
    [events, 'involvedObject.name=a,type!=Normal', ['e2']],
    [events, 'reason=Killing', ['e1']],
    [namespaces, 'status.phase=Active', ['default', 'kube-node-lease', 'kube-public', 'kube-system']],
  ]
  for (const [resource, fieldSelector, names] of rows) {
    it(`${resource.plural}: ${fieldSelector}`, () =>
      expect(namesOf(value(world().admin.list(resource, { fieldSelector })).items)).toEqual(names))
  }
})

function watching(
  world: TestServer,
  options: WatchOptions,
): { readonly seen: string[]; readonly events: WatchEvent<ConfigMap>[]; stop(): void } {
  const seen: string[] = []
  const all: WatchEvent<ConfigMap>[] = []
  const stop = value(
    world.admin.watch(configMaps, options, (event) => {
      all.push(event)
      seen.push(`${event.type} ${event.object.metadata.name}`)
    }),
  )
  return { seen, events: all, stop }
}

describe('a watch', () => {
  const patch = (world: TestServer, name: string, body: object) =>
    value(world.admin.patch(configMaps, { namespace: 'default', name }, { type: 'merge', body: body as never }))

  it('sends later changes in order, until it is ended', () => {
    const world = apiServer()
    fill(world, ['a'])
    const watch = watching(world, {})
    fill(world, ['b'])
    patch(world, 'a', { data: { x: '1' } })
    value(world.admin.delete(configMaps, { namespace: 'default', name: 'b' }))
    world.clock.runDue()
    expect(watch.seen).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b'])
    watch.stop()
    fill(world, ['c'])
    world.clock.runDue()
    expect(watch.seen).toHaveLength(3)
  })

  it('starts from any resourceVersion that is remembered', () => {
    const world = apiServer()
    fill(world, ['a', 'b'])
    const { resourceVersion } = value(world.admin.list(configMaps))
    fill(world, ['c'])
    const watch = watching(world, { resourceVersion })
    fill(world, ['d'])
    world.clock.runDue()
    expect(watch.seen).toEqual(['ADDED c', 'ADDED d'])
  })

  it('from resourceVersion 0 sends the present state first', () => {
    const world = apiServer()
    fill(world, ['b', 'a'])
    const watch = watching(world, { resourceVersion: '0' })
    world.clock.runDue()
    expect(watch.seen).toEqual(['ADDED a', 'ADDED b'])
  })

  it('sees objects that begin or cease to match its selector come and go', () => {
    const world = apiServer()
    fill(world, ['a'])
    const watch = watching(world, { labelSelector: 'app=x' })
    patch(world, 'a', { metadata: { labels: { app: 'x' } } })
    patch(world, 'a', { data: { k: 'v' } })
    patch(world, 'a', { metadata: { labels: { app: 'y' } } })
    patch(world, 'a', { data: { k: 'w' } })
    world.clock.runDue()
    expect(watch.seen).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
    expect(watch.events[2]!.object.metadata).toMatchObject({ labels: { app: 'x' } })
  })

  it('may ask for the initial state and a bookmark that ends it', () => {
    const world = apiServer()
    fill(world, ['a'])
    const watch = watching(world, { sendInitialEvents: true, allowBookmarks: true })
    world.clock.runDue()
    expect(watch.events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK'])
    expect(watch.events[1]!.object.metadata).toMatchObject({
      resourceVersion: String(world.store.resourceVersion()),
      annotations: { 'k8s.io/initial-events-end': 'true' },
    })
  })

  it('gets bookmarks when it allows them', () => {
    const world = apiServer()
    const watch = watching(world, { allowBookmarks: true })
    world.clock.advanceTo(world.clock.now() + 61_000)
    expect(watch.events.map(({ type }) => type)).toEqual(['BOOKMARK'])
    watch.stop()
    world.clock.advanceTo(world.clock.now() + 600_000)
    expect(watch.events).toHaveLength(1)
  })

  it('from a forgotten resourceVersion is Gone', () => {
    const world = apiServer()
    fill(world, ['a'])
    const key = { namespace: 'default', name: 'a' }
    for (let i = 0; i < 2 * WATCH_HISTORY; i++)
      value(world.component.update(configMaps, { ...world.store.get(configMaps, key)!, data: { i: String(i) } }))
    const refused = status(world.admin.watch(configMaps, { resourceVersion: '1' }, () => {}))
    expect([refused.code, refused.reason]).toEqual([410, 'Expired'])
    expect(refused.message).toMatch(/^too old resource version: 1 \(\d+\)$/)
  })

  it('of one namespace sees no other', () => {
    const world = apiServer()
    value(world.admin.create(namespaces, object(namespaces, 'other')))
    const watch = watching(world, { namespace: 'other' })
    fill(world, ['a'])
    value(world.component.create(configMaps, configMap('b', {}, 'other')))
    world.clock.runDue()
    expect(watch.seen).toEqual(['ADDED b'])
  })
})

describe('stored objects', () => {
  it('cannot be changed by who reads them', () => {
    const world = apiServer()
    const pod = value(world.admin.create(pods, podNamed('a'))) as { spec: { nodeName?: string } } & Pod
    expect(() => {
      ;(pod.spec as { nodeName?: string }).nodeName = 'w-1'
    }).toThrow(TypeError)
  })
})
