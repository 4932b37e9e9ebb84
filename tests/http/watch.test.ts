import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configMaps } from '../../grader/api/resource-table.ts'
import { WATCH_HISTORY } from '../../grader/cluster/apiserver/store.ts'
import { DAEMON_SETS, daemonSetBody, HttpClient, type JsonValue, NODES, nodeBody } from './http-client.ts'

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps'
const configMapBody = (name: string, data: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})

let client: HttpClient
beforeEach(() => {
  client = new HttpClient()
})
afterEach(() => client.handler.close())

const summary = (event: JsonValue): string =>
  event === undefined ? 'end' : `${event.type} ${event.object.metadata?.name ?? ''}`

describe('watch', () => {
  it('without a resourceVersion the present state comes first', async () => {
    await client.post(NODES, nodeBody('w-1'))
    const watch = await client.watch(`${DAEMON_SETS}?watch=true`)
    await client.post(DAEMON_SETS, daemonSetBody('agent'))
    expect(summary(await watch.next())).toBe('ADDED agent')
    const second = await client.watch(`${DAEMON_SETS}?watch=1`)
    client.cluster.runDue()
    expect(summary(await second.next())).toBe('ADDED agent')
  })

  it('from a resourceVersion on, only what came later', async () => {
    const { json } = await client.post(NODES, nodeBody('a'))
    await client.post(NODES, nodeBody('b'))
    const watch = await client.watch(
      `${NODES}?watch=true&resourceVersion=${json.metadata.resourceVersion}&fieldSelector=metadata.name%3Db`,
    )
    client.cluster.runDue()
    expect(summary(await watch.next())).toBe('ADDED b')
  })

  it('initial events end with a bookmark that says so', async () => {
    await client.post(DAEMON_SETS, daemonSetBody('agent'))
    const query = 'watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan'
    const watch = await client.watch(`${DAEMON_SETS}?${query}`)
    client.cluster.runDue()
    expect(summary(await watch.next())).toBe('ADDED agent')
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'DaemonSet', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    })
  })

  it('bookmarks come as time goes by', async () => {
    const { json } = await client.get(DAEMON_SETS)
    const watch = await client.watch(
      `${DAEMON_SETS}?watch=true&allowWatchBookmarks=true&resourceVersion=${json.metadata.resourceVersion}`,
    )
    client.cluster.advance(61)
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: expect.any(String) } },
    })
  })

  it('a table watch sends its columns once', async () => {
    const watch = await client.watch(`${NODES}?watch=true`, { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
    await client.post(NODES, nodeBody('a'))
    await client.post(NODES, nodeBody('b'))
    const first = await watch.next()
    expect(first).toMatchObject({
      type: 'ADDED',
      object: { kind: 'Table', rows: [{ cells: expect.arrayContaining(['a']) }] },
    })
    expect(first.object.columnDefinitions[0].name).toBe('Name')
    expect((await watch.next()).object.columnDefinitions).toBeNull()
  })

  it('a version from the future is refused', async () => {
    const { text } = await client.get(`${NODES}?watch=true&resourceVersion=999999`)
    expect(text).toContain('Too large resource version')
  })

  it('a forgotten version is told inside the stream', async () => {
    const { json } = await client.post(CONFIG_MAPS, configMapBody('a'))
    const { store } = client.cluster
    const old = store.get(configMaps, { namespace: 'default', name: 'a' })!
    for (let i = 0; i < 2 * WATCH_HISTORY + 1; i++) {
      store.put(configMaps, (resourceVersion) => ({ ...old, metadata: { ...old.metadata, resourceVersion } }))
    }
    const { code, json: event } = await client.get(
      `${CONFIG_MAPS}?watch=true&resourceVersion=${json.metadata.resourceVersion}`,
    )
    expect(code).toBe(200)
    expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })
  })

  it('a client that goes away ends its watch', async () => {
    const watch = await client.watch(`${NODES}?watch=true`)
    watch.stop()
    expect(await watch.next()).toBeUndefined()
    await client.post(NODES, nodeBody('a'))
  })

  it('a watcher that reads nothing is cut off instead of filling memory', async () => {
    const watch = await client.watch(`${CONFIG_MAPS}?watch=true`)
    const big = 'x'.repeat(900_000)
    for (let i = 0; i < 40; i++) await client.post(CONFIG_MAPS, configMapBody(`big-${i}`, { big }))
    let seen = 0
    while ((await watch.next()) !== undefined) seen++
    expect(seen).toBeLessThan(40)
  }, 60_000)

  it('a server that closes ends every watch', async () => {
    const watch = await client.watch(`${NODES}?watch=true`)
    client.handler.close()
    expect(await watch.next()).toBeUndefined()
  })

  it('timeoutSeconds ends a watch, with a last bookmark for who takes them', async () => {
    const watch = await client.watch(`${NODES}?watch=true&timeoutSeconds=1&allowWatchBookmarks=true`)
    expect((await watch.next()).type).toBe('BOOKMARK')
    expect(await watch.next()).toBeUndefined()
  })
})

describe('an informer as client-go builds it', () => {
  it('lists, watches on from there, resumes after a break and lists anew after 410', async () => {
    const cache = new Map<string, string>()
    const apply = (event: JsonValue) => {
      const { name, resourceVersion } = event.object.metadata
      if (event.type === 'DELETED') cache.delete(name)
      else if (event.type !== 'BOOKMARK') cache.set(name, resourceVersion)
      return resourceVersion as string
    }
    await client.post(NODES, nodeBody('a'))
    const list = await client.get(`${NODES}?resourceVersion=0`)
    for (const object of list.json.items) apply({ type: 'ADDED', object })
    const address = (version: string) => `${NODES}?watch=true&allowWatchBookmarks=true&resourceVersion=${version}`
    const first = await client.watch(address(list.json.metadata.resourceVersion))
    await client.post(NODES, nodeBody('b'))
    let version = apply(await first.next())
    first.stop()
    await client.delete(`${NODES}/a`)
    const second = await client.watch(address(version))
    client.cluster.runDue()
    while (cache.has('a')) version = apply(await second.next())
    second.stop()
    const server = await client.get(NODES)
    expect([...cache.keys()]).toEqual(server.json.items.map((item: JsonValue) => item.metadata.name))
  })
})
