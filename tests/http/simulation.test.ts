import { describe, expect, it } from 'vitest'
import { DAEMON_SETS, daemonSetBody, HttpClient, NODES, nodeBody } from './http-client.ts'

describe('/simulation/', () => {
  it('settle lets Pods start, and answers the time', async () => {
    const client = new HttpClient()
    await client.post(NODES, nodeBody('w-1'))
    await client.post(DAEMON_SETS, daemonSetBody('agent'))
    const { code, json } = await client.post('/simulation/settle', undefined)
    expect(code).toBe(200)
    expect(json.now).toBeGreaterThan(0)
    expect((await client.get(`${DAEMON_SETS}/agent`)).json.status.numberReady).toBe(1)
  })

  it('what is due now is done before a request is answered; what is due later waits for time to be moved', async () => {
    const client = new HttpClient()
    await client.post(NODES, nodeBody('w-1'))
    client.cluster.settle()
    await client.post(DAEMON_SETS, daemonSetBody('agent'))
    const pods = async () => (await client.get('/api/v1/pods')).json.items
    expect(await pods()).toMatchObject([{ spec: { nodeName: 'w-1' }, status: { phase: 'Pending' } }])
    await client.post('/simulation/advance?seconds=5', undefined)
    expect(await pods()).toMatchObject([{ status: { phase: 'Running' } }])
  })

  it('advance moves time by so many seconds', async () => {
    const client = new HttpClient()
    const before = client.cluster.seconds()
    expect((await client.post('/simulation/advance?seconds=2.5', undefined)).json).toEqual({ now: before + 2.5 })
  })

  it.each(['', '?seconds=', '?seconds=x', '?seconds=-1', '?seconds=1e9', '?seconds=NaN'])(
    'advance%s is a bad request',
    async (query) => {
      const client = new HttpClient()
      expect((await client.post(`/simulation/advance${query}`, undefined)).code).toBe(400)
    },
  )

  it('step plays a line, or says what is wrong with it', async () => {
    const lines: string[] = []
    const client = new HttpClient({ playStep: (line) => (lines.push(line) > 1 ? 'no such step' : undefined) })
    expect((await client.post('/simulation/step', 'remove w-1\n', { type: 'text/plain' })).code).toBe(200)
    expect(await client.post('/simulation/step', 'nope', { type: 'text/plain' })).toMatchObject({
      code: 400,
      json: { message: 'no such step' },
    })
    expect(lines).toEqual(['remove w-1', 'nope'])
  })

  it('trace answers the entries after an id as JSON lines', async () => {
    const client = new HttpClient()
    await client.post(NODES, nodeBody('w-1'))
    const all = (await client.get('/simulation/trace')).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(all.some((entry) => entry.type === 'write' && entry.about.name === 'w-1')).toBe(true)
    const last = all.at(-1).id
    expect((await client.get(`/simulation/trace?after=${last}`)).text).toBe('')
    expect((await client.get('/simulation/trace?after=x')).code).toBe(400)
  })

  it('explain answers what the hook knows', async () => {
    const client = new HttpClient({
      explain: ({ name }) => (name === 'agent' ? [{ name: 'w-1', verdict: 'Running' }] : undefined),
    })
    expect((await client.get('/simulation/explain?daemonSet=default/agent')).json).toEqual([
      { name: 'w-1', verdict: 'Running' },
    ])
    expect((await client.get('/simulation/explain?daemonSet=default/nope')).code).toBe(404)
    expect((await client.get('/simulation/explain')).code).toBe(400)
  })

  it('what a server cannot do says so', async () => {
    const client = new HttpClient()
    expect((await client.post('/simulation/step', 'settle')).code).toBe(501)
    expect((await client.get('/simulation/explain?daemonSet=a/b')).code).toBe(501)
    expect((await client.get('/simulation/settle')).code).toBe(405)
    expect((await client.get('/simulation/nope')).code).toBe(404)
  })
})
