import { beforeEach, describe, expect, it } from 'vitest'
import { DAEMON_SETS, daemonSetBody, HttpClient, NODES, nodeBody } from './http-client.ts'

const AGENT = `${DAEMON_SETS}/agent`
let client: HttpClient
beforeEach(async () => {
  client = new HttpClient()
  await client.post(NODES, nodeBody('w-1'))
  await client.post(DAEMON_SETS, daemonSetBody('agent'))
})

describe('verbs', () => {
  it('create answers 201 with the object, get 200 with the same', async () => {
    const made = await client.post(DAEMON_SETS, daemonSetBody('b'))
    expect(made).toMatchObject({
      code: 201,
      json: { kind: 'DaemonSet', apiVersion: 'apps/v1', metadata: { name: 'b', namespace: 'default' } },
    })
    const got = await client.get(`${DAEMON_SETS}/b`)
    expect(got.code).toBe(200)
    expect(got.json.metadata.uid).toBe(made.json.metadata.uid)
  })

  it('a list carries its kind; its items carry none', async () => {
    const { json } = await client.get(DAEMON_SETS)
    expect(json).toMatchObject({
      kind: 'DaemonSetList',
      apiVersion: 'apps/v1',
      metadata: { resourceVersion: expect.any(String) },
    })
    expect(Object.keys(json.items[0])).toEqual(['metadata', 'spec', 'status'])
  })

  it('limit and continue page through a list', async () => {
    await client.post(DAEMON_SETS, daemonSetBody('b'))
    const first = await client.get(`${DAEMON_SETS}?limit=1`)
    expect(first.json.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['agent'])
    expect(first.json.metadata.remainingItemCount).toBe(1)
    const second = await client.get(
      `${DAEMON_SETS}?limit=1&continue=${encodeURIComponent(first.json.metadata.continue)}`,
    )
    expect(second.json.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['b'])
    expect(second.json.metadata.continue).toBeUndefined()
  })

  it('selectors choose', async () => {
    const pods = await client.get('/api/v1/pods?labelSelector=app%3Dagent&fieldSelector=metadata.namespace%3Ddefault')
    expect(pods.json.items).toHaveLength(1)
    expect((await client.get('/api/v1/pods?labelSelector=app%3Dother')).json.items).toEqual([])
  })

  it('update replaces, and refuses a stale resourceVersion with 409', async () => {
    const { json: old } = await client.get(AGENT)
    const next = { ...old, spec: { ...old.spec, minReadySeconds: 5 } }
    expect(await client.put(AGENT, next)).toMatchObject({
      code: 200,
      json: { spec: { minReadySeconds: 5 }, metadata: { generation: 2 } },
    })
    expect(await client.put(AGENT, next)).toMatchObject({
      code: 409,
      json: { kind: 'Status', status: 'Failure', reason: 'Conflict' },
    })
  })

  it.each<[string, unknown]>([
    ['application/merge-patch+json', { spec: { minReadySeconds: 7 } }],
    ['application/strategic-merge-patch+json', { spec: { minReadySeconds: 7 } }],
    ['application/json-patch+json', [{ op: 'add', path: '/spec/minReadySeconds', value: 7 }]],
  ])('patch as %s', async (type, body) => {
    expect(await client.patch(AGENT, type, body)).toMatchObject({ code: 200, json: { spec: { minReadySeconds: 7 } } })
  })

  it('server-side apply creates with 201 and changes with 200', async () => {
    const apply = (name: string) =>
      client.patch(
        `${DAEMON_SETS}/${name}?fieldManager=me&force=true`,
        'application/apply-patch+yaml',
        daemonSetBody(name),
      )
    expect((await apply('fresh')).code).toBe(201)
    expect((await apply('fresh')).code).toBe(200)
  })

  it('delete answers a Status when the object is gone', async () => {
    const { json } = await client.get(AGENT)
    expect(await client.delete(AGENT)).toMatchObject({
      code: 200,
      json: {
        kind: 'Status',
        status: 'Success',
        details: { name: 'agent', group: 'apps', kind: 'daemonsets', uid: json.metadata.uid },
      },
    })
    expect((await client.get(AGENT)).code).toBe(404)
  })

  it('delete answers the object while it is terminating', async () => {
    client.cluster.settle()
    const { json } = await client.get('/api/v1/namespaces/default/pods')
    const path = `/api/v1/namespaces/default/pods/${json.items[0].metadata.name}`
    expect(await client.delete(path)).toMatchObject({
      code: 200,
      json: { kind: 'Pod', metadata: { deletionTimestamp: expect.any(String) } },
    })
  })

  it('delete of a collection answers the list', async () => {
    expect(await client.delete(DAEMON_SETS)).toMatchObject({
      code: 200,
      json: { kind: 'DaemonSetList', items: [{ metadata: { name: 'agent' } }] },
    })
  })

  it('a dry run changes nothing', async () => {
    expect((await client.post(`${DAEMON_SETS}?dryRun=All`, daemonSetBody('b'))).code).toBe(201)
    expect((await client.get(`${DAEMON_SETS}/b`)).code).toBe(404)
    expect((await client.delete(AGENT, { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] })).code).toBe(200)
    expect((await client.get(AGENT)).code).toBe(200)
  })

  it('status is a subresource of its own', async () => {
    const { json } = await client.get(`${NODES}/w-1/status`)
    expect(json.kind).toBe('Node')
    const patched = await client.patch(`${NODES}/w-1/status`, 'application/merge-patch+json', {
      status: { phase: 'x' },
      spec: { unschedulable: true },
    })
    expect(patched.code).toBe(200)
    expect(patched.json.spec.unschedulable).toBeUndefined()
  })

  it('the field manager is the client when it does not say another', async () => {
    const { json } = await client.post(DAEMON_SETS, daemonSetBody('b'), {
      headers: { 'User-Agent': 'kubectl/v1.33.1 (linux/amd64)' },
    })
    expect(json.metadata.managedFields[0].manager).toBe('kubectl')
  })

  it('an unknown field is a warning unless validation is strict', async () => {
    const body = { ...daemonSetBody('b'), spec: { ...daemonSetBody('b').spec, replicas: 3 } }
    const warned = await client.post(DAEMON_SETS, body)
    expect(warned.code).toBe(201)
    expect(warned.headers.get('warning')).toBe('299 - "unknown field \\"spec.replicas\\""')
    expect(
      await client.post(`${DAEMON_SETS}?fieldValidation=Strict`, { ...body, metadata: { name: 'c' } }),
    ).toMatchObject({
      code: 400,
      json: {
        message:
          'DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: unknown field "spec.replicas"',
      },
    })
  })

  it('a field that the text has twice is refused by strict validation', async () => {
    const text = JSON.stringify(daemonSetBody('b')).replace(
      '"selector"',
      '"minReadySeconds":1,"minReadySeconds":2,"selector"',
    )
    expect(await client.post(`${DAEMON_SETS}?fieldValidation=Strict`, text)).toMatchObject({
      code: 400,
      json: {
        message:
          'DaemonSet in version "v1" cannot be handled as a DaemonSet: strict decoding error: duplicate field "spec.minReadySeconds"',
      },
    })
  })

  it('who is impersonated has only their own rights', async () => {
    expect(await client.ask(DAEMON_SETS, { headers: { 'Impersonate-User': 'jane' } })).toMatchObject({
      code: 403,
      json: {
        reason: 'Forbidden',
        message:
          'daemonsets.apps is forbidden: User "jane" cannot list resource "daemonsets" in API group "apps" in the namespace "default"',
      },
    })
    const asMaster = { 'Impersonate-User': 'jane', 'Impersonate-Group': 'devs, system:masters' }
    expect((await client.ask(DAEMON_SETS, { headers: asMaster })).code).toBe(200)
  })

  it('kubectl auth can-i is answered', async () => {
    const spec = { resourceAttributes: { verb: 'get', resource: 'pods' } }
    expect(await client.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec })).toMatchObject({
      code: 201,
      json: { status: { allowed: true } },
    })
  })
})

describe('refusals', () => {
  it.each<[string, string, string, unknown, number, string]>([
    ['an object that is not there', 'GET', `${DAEMON_SETS}/nope`, undefined, 404, 'daemonsets.apps "nope" not found'],
    [
      'a name that is taken',
      'POST',
      DAEMON_SETS,
      daemonSetBody('agent'),
      409,
      'daemonsets.apps "agent" already exists',
    ],
    [
      'an unknown path',
      'GET',
      '/apis/apps/v1/nopes',
      undefined,
      404,
      'the server could not find the requested resource',
    ],
    [
      'a subresource that the kind has not',
      'GET',
      `${AGENT}/scale`,
      undefined,
      404,
      'the server could not find the requested resource',
    ],
    ['POST on an object', 'POST', AGENT, {}, 405, 'the server does not allow this method on the requested resource'],
    [
      'POST across all namespaces',
      'POST',
      '/apis/apps/v1/daemonsets',
      daemonSetBody('b'),
      405,
      'the server does not allow this method on the requested resource',
    ],
    [
      'PUT on a collection',
      'PUT',
      DAEMON_SETS,
      {},
      405,
      'the server does not allow this method on the requested resource',
    ],
    [
      'a method that is none',
      'OPTIONS',
      DAEMON_SETS,
      undefined,
      405,
      'the server does not allow this method on the requested resource',
    ],
    [
      'a review that is read',
      'GET',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      undefined,
      405,
      'the server does not allow this method on the requested resource',
    ],
    ['exec', 'POST', '/api/v1/namespaces/default/pods/a/exec', {}, 501, 'pods/exec is not simulated'],
    [
      'another namespace in the body',
      'POST',
      DAEMON_SETS,
      { ...daemonSetBody('b'), metadata: { name: 'b', namespace: 'other' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'another name in the body',
      'PUT',
      AGENT,
      daemonSetBody('b'),
      400,
      'the name of the object (b) does not match the name on the URL (agent)',
    ],
    [
      'another kind in the body',
      'POST',
      DAEMON_SETS,
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } },
      400,
      'Pod in version "v1" cannot be handled as a DaemonSet: converting (v1.Pod) to (apps.DaemonSet): unknown conversion',
    ],
    [
      'a kind that nobody knows',
      'POST',
      DAEMON_SETS,
      { apiVersion: 'apps/v1', kind: 'Daemonset', metadata: { name: 'b' } },
      400,
      'Daemonset in version "v1" cannot be handled as a DaemonSet: no kind "Daemonset" is registered for version "apps/v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      'a retired version',
      'POST',
      DAEMON_SETS,
      { ...daemonSetBody('b'), apiVersion: 'extensions/v1beta1' },
      400,
      'the API version in the data (extensions/v1beta1) does not match the expected API version (apps/v1)',
    ],
    [
      'a dryRun that is none',
      'POST',
      `${DAEMON_SETS}?dryRun=yes`,
      daemonSetBody('b'),
      422,
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: "yes": supported values: "All"',
    ],
    [
      'a propagation policy that is none',
      'DELETE',
      `${AGENT}?propagationPolicy=x`,
      undefined,
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "x": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      'a limit that is no number',
      'GET',
      `${DAEMON_SETS}?limit=x`,
      undefined,
      400,
      'strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [
      'a version match without a version',
      'GET',
      `${DAEMON_SETS}?resourceVersionMatch=Exact`,
      undefined,
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      'initial events without bookmarks',
      'GET',
      `${DAEMON_SETS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`,
      undefined,
      422,
      'ListOptions.meta.k8s.io "" is invalid: allowWatchBookmarks: Forbidden: sendInitialEvents requires setting allowWatchBookmarks to true',
    ],
  ])('%s', async (_, method, path, body, code, message) => {
    expect(await client.ask(path, { method, body })).toMatchObject({
      code,
      json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message },
    })
  })

  it('a wrong media type in Accept is 406', async () => {
    expect(await client.get(AGENT, 'text/html')).toMatchObject({ code: 406, json: { reason: 'NotAcceptable' } })
  })

  it('outside of the API an unknown path is plain text, as Go answers it', async () => {
    expect(await client.get('/metrics')).toMatchObject({ code: 404, text: '404 page not found\n' })
  })
})
