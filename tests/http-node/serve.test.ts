import { readFile, rm } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStandardCluster } from '../../grader/cluster/standard-cluster.ts'
import { createHandler } from '../../grader/http/handler.ts'
import { kubeconfigText, writeKubeconfig } from '../../grader/http-node/kubeconfig.ts'
import { type RunningServer, serve } from '../../grader/http-node/serve.ts'
import { NODES, nodeBody } from '../http/http-client.ts'

let server: RunningServer
beforeEach(async () => {
  const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
  server = await serve({ handler: createHandler(cluster), port: 0 })
})
afterEach(() => server.close())

const postNode = (name: string) =>
  fetch(server.url + NODES, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(nodeBody(name)),
  })

/** Sends raw bytes and collects what comes back until the connection ends or the time is over. */
function raw(text: string, milliseconds: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (data) => {
      answer += data.toString()
    })
    const done = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('end', done)
    socket.on('error', done)
    setTimeout(done, milliseconds).unref()
  })
}

describe('a cluster behind a socket', () => {
  it('takes any free port and answers', async () => {
    expect(server.port).toBeGreaterThan(0)
    expect(await (await fetch(`${server.url}/healthz`)).text()).toBe('ok')
  })

  it('refuses a port that is taken', async () => {
    const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
    await expect(serve({ handler: createHandler(cluster), port: server.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })

  it('a hundred watches at once see the same change', async () => {
    const responses = await Promise.all(Array.from({ length: 100 }, () => fetch(`${server.url}${NODES}?watch=true`)))
    expect((await postNode('w-1')).status).toBe(201)
    const lines = await Promise.all(
      responses.map(async (response) => {
        const reader = response.body!.getReader()
        const { value } = await reader.read()
        await reader.cancel()
        return JSON.parse(new TextDecoder().decode(value).split('\n')[0]!).object.metadata.name
      }),
    )
    expect(new Set(lines)).toEqual(new Set(['w-1']))
  })

  it('a thousand requests at once are all answered, and two writers of one name do not both win', async () => {
    const codes = await Promise.all(
      Array.from({ length: 1000 }, async (_, i) => (await postNode(`w-${i % 500}`)).status),
    )
    expect(codes.filter((code) => code === 201)).toHaveLength(500)
    expect(codes.filter((code) => code === 409)).toHaveLength(500)
  }, 60_000)

  it.each([
    ['a request that is none', 'hello\r\n\r\n', '400 Bad Request'],
    [
      'a body shorter than it says',
      `POST ${NODES} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
      '',
    ],
    ['a host that is none', 'GET /version HTTP/1.1\r\nHost: :::\r\nConnection: close\r\n\r\n', '400 Bad Request'],
  ])(
    '%s does not bring it down',
    async (_, text, expected) => {
      expect(await raw(text, expected === '' ? 300 : 10_000)).toContain(expected)
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    },
    20_000,
  )

  it('an oversized body is refused while it is still being sent', async () => {
    const body = 'x'.repeat(4_000_000)
    const response = await fetch(server.url + NODES, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    }).catch(() => undefined)
    // The client may see the connection end before it has read the refusal; the server must live on in both cases.
    expect(response?.status ?? 413).toBe(413)
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  })

  it('warnings beyond ASCII travel as UTF-8', async () => {
    const body = JSON.stringify({ ...nodeBody('w-1'), spéc: 1 })
    const response = await fetch(server.url + NODES, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    const bytes = Uint8Array.from(response.headers.get('warning')!, (c) => c.charCodeAt(0))
    expect(new TextDecoder().decode(bytes)).toBe('299 - "unknown field \\"spéc\\""')
  })

  it('closing ends open watches and frees the port', async () => {
    const response = await fetch(`${server.url}${NODES}?watch=true`)
    const ended = response.text().catch(() => '')
    await server.close()
    expect(await ended).toBe('')
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })
})

describe('time', () => {
  it('follows the wall clock unless it is virtual', async () => {
    let passed = 0
    const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
    const ticking = await serve({
      handler: createHandler(cluster),
      port: 0,
      passTime: (milliseconds) => {
        passed += milliseconds
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    await fetch(`${ticking.url}/healthz`)
    await ticking.close()
    expect(passed).toBeGreaterThanOrEqual(190)
  })
})

describe('the kubeconfig', () => {
  it('names the server and a user with a token', () => {
    const config = JSON.parse(kubeconfigText('http://127.0.0.1:1'))
    expect(config.clusters[0].cluster.server).toBe('http://127.0.0.1:1')
    expect(config.users[0]).toMatchObject({ name: 'kubernetes-admin', user: { token: expect.any(String) } })
    expect(config['current-context']).toBe('kubernetes-admin@nodewise')
  })

  it('is written whole, folders and all', async () => {
    const folder = path.join(os.tmpdir(), `nodewise-${process.pid}`)
    const file = path.join(folder, 'a', 'config')
    await writeKubeconfig(file, 'http://127.0.0.1:1')
    expect(await readFile(file, 'utf8')).toBe(kubeconfigText('http://127.0.0.1:1'))
    await rm(folder, { recursive: true })
  })
})
