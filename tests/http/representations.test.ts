import { beforeAll, describe, expect, it } from 'vitest'
import { DAEMON_SETS, daemonSetBody, HttpClient, NODES, nodeBody } from './http-client.ts'

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
let client: HttpClient
beforeAll(async () => {
  client = new HttpClient()
  await client.post(NODES, nodeBody('w-1'))
  await client.post(DAEMON_SETS, daemonSetBody('agent'))
  client.cluster.settle()
})

describe('server-side tables', () => {
  it('a list is a Table whose rows carry metadata', async () => {
    const { json } = await client.get(DAEMON_SETS, TABLE)
    expect(json).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: expect.any(String) },
    })
    expect(json.columnDefinitions[0]).toMatchObject({ name: 'Name', type: 'string', format: 'name', priority: 0 })
    expect(json.rows[0].cells.slice(0, 6)).toEqual(['agent', 1, 1, 1, 1, 1])
    expect(json.rows[0].object).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'agent' },
    })
  })

  it('one object is a Table with one row', async () => {
    expect((await client.get(`${NODES}/w-1`, TABLE)).json.rows).toHaveLength(1)
  })

  it.each([
    ['None', null],
    ['Object', { kind: 'DaemonSet', spec: {} }],
  ])('includeObject=%s', async (how, expected) => {
    const { json } = await client.get(`${DAEMON_SETS}?includeObject=${how}`, TABLE)
    if (expected === null) expect(json.rows[0].object).toBeNull()
    else expect(json.rows[0].object).toMatchObject(expected)
  })

  it('a refusal stays a Status', async () => {
    expect((await client.get(`${DAEMON_SETS}/nope`, TABLE)).json.kind).toBe('Status')
  })
})

describe('metadata only', () => {
  it('of an object', async () => {
    const { json } = await client.get(
      `${DAEMON_SETS}/agent`,
      'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
    )
    expect(Object.keys(json)).toEqual(['kind', 'apiVersion', 'metadata'])
    expect(json.kind).toBe('PartialObjectMetadata')
  })

  it('of a list', async () => {
    const { json } = await client.get(DAEMON_SETS, 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io')
    expect(json).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'agent' } }] })
    expect(json.items[0].spec).toBeUndefined()
  })
})

describe('discovery', () => {
  it('plain: the core group, the groups and the resources of one', async () => {
    expect((await client.get('/api')).json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
    expect((await client.get('/apis')).json.groups.map((group: { name: string }) => group.name)).toEqual([
      'apps',
      'authentication.k8s.io',
      'authorization.k8s.io',
      'batch',
      'networking.k8s.io',
      'policy',
      'rbac.authorization.k8s.io',
      'storage.k8s.io',
      'scheduling.k8s.io',
      'coordination.k8s.io',
      'node.k8s.io',
    ])
    expect((await client.get('/apis/apps')).json).toMatchObject({
      kind: 'APIGroup',
      name: 'apps',
      preferredVersion: { groupVersion: 'apps/v1' },
    })
    expect((await client.get('/apis/apps/v1')).json.resources).toContainEqual({
      name: 'daemonsets',
      singularName: 'daemonset',
      namespaced: true,
      kind: 'DaemonSet',
      shortNames: ['ds'],
      categories: ['all'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    })
  })

  it('a subresource of another group says so', async () => {
    expect((await client.get('/apis/apps/v1')).json.resources).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    })
  })

  it('aggregated: one document under its own media type', async () => {
    const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
    const { json, headers } = await client.get('/apis', `${type},application/json`)
    expect(headers.get('content-type')).toBe(type)
    expect(json.items[0]).toMatchObject({
      metadata: { name: 'apps' },
      versions: [{ version: 'v1', freshness: 'Current' }],
    })
    expect((await client.get('/api', type)).json.items[0].versions[0].resources).toContainEqual({
      resource: 'namespaces',
      responseKind: { group: '', version: '', kind: 'Namespace' },
      scope: 'Cluster',
      singularResource: 'namespace',
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['ns'],
      subresources: [
        { subresource: 'finalize', responseKind: { group: '', version: '', kind: 'Namespace' }, verbs: ['update'] },
        {
          subresource: 'status',
          responseKind: { group: '', version: '', kind: 'Namespace' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    })
  })
})

describe('OpenAPI v3', () => {
  it('the index leads to a document that is valid for good', async () => {
    const { json } = await client.get('/openapi/v3')
    const address = json.paths['apis/apps/v1'].serverRelativeURL
    const document = await client.get(address)
    expect(document.headers.get('cache-control')).toBe('public, immutable')
    expect(document.json.openapi).toBe('3.0.0')
  })

  it('PATCH takes fieldValidation and strategic merge, which kubectl looks for', async () => {
    const { json } = await client.get('/openapi/v3/apis/apps/v1')
    const { patch } = json.paths['/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}']
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', version: 'v1', kind: 'DaemonSet' })
    expect(patch.parameters.map((parameter: { name: string }) => parameter.name)).toContain('fieldValidation')
    expect(Object.keys(patch.requestBody.content)).toContain('application/strategic-merge-patch+json')
  })

  it('every reference leads somewhere', async () => {
    const { json: index } = await client.get('/openapi/v3')
    for (const path of Object.keys(index.paths)) {
      const { json, text } = await client.get(`/openapi/v3/${path}`)
      const missing = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g)].filter(
        ([, name]) => json.components.schemas[name!] === undefined,
      )
      expect(missing.map(([, name]) => name)).toEqual([])
    }
  })
})

describe('documents that do not depend on the cluster', () => {
  it.each([
    ['/healthz', 'ok'],
    ['/livez', 'ok'],
    ['/readyz', 'ok'],
  ])('%s', async (path, text) => expect((await client.get(path)).text).toBe(text))

  it('/version', async () => {
    expect((await client.get('/version')).json).toMatchObject({ major: '1', minor: '35', gitVersion: 'v1.35.6' })
  })
})
