import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAEMON_SETS, daemonSetBody, HttpClient, NODES, nodeBody } from './http-client.ts'

const word = fc.constantFrom(
  'api',
  'apis',
  'v1',
  'apps',
  'namespaces',
  'default',
  'pods',
  'daemonsets',
  'nodes',
  'agent',
  'w-1',
  'status',
  'log',
  'eviction',
  'scale',
  'binding',
  'deployments',
  'rbac.authorization.k8s.io',
  'clusterroles',
  'configmaps',
  'simulation',
  'openapi',
  'v3',
  '',
  '..',
  '%zz',
  '%2F',
  'é',
  'a b',
)
const realPath = fc.constantFrom(
  DAEMON_SETS,
  `${DAEMON_SETS}/agent`,
  `${DAEMON_SETS}/agent/status`,
  NODES,
  `${NODES}/w-1`,
  '/api/v1/namespaces',
  '/api/v1/namespaces/default/pods',
  '/api/v1/namespaces/default/pods/agent/log',
  '/api/v1/namespaces/default/pods/agent/eviction',
  '/api/v1/namespaces/default/serviceaccounts/default/token',
  '/apis/apps/v1/namespaces/default/deployments/d/scale',
  '/apis/batch/v1/namespaces/default/jobs',
  '/simulation/advance?seconds=1',
  '/openapi/v3',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/api/v1/namespaces/default/finalize',
  '/api/v1/namespaces/default/services',
)
const path = fc.oneof(
  { weight: 3, arbitrary: realPath },
  fc.array(word, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`),
)
const value = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('true', '0', '-1', 'All', 'Strict', 'a in (b)', 'metadata.name=x', '999999999999', 'Foreground'),
)
const query = fc.dictionary(
  fc.constantFrom(
    'watch',
    'limit',
    'continue',
    'labelSelector',
    'fieldSelector',
    'resourceVersion',
    'resourceVersionMatch',
    'dryRun',
    'fieldManager',
    'fieldValidation',
    'force',
    'gracePeriodSeconds',
    'propagationPolicy',
    'orphanDependents',
    'sendInitialEvents',
    'includeObject',
    'timeoutSeconds',
  ),
  value,
  { maxKeys: 3 },
)
const junk = fc.oneof(fc.string({ maxLength: 40 }), fc.json({ maxDepth: 4 }))
/** A DaemonSet in which one thing is replaced by anything. */
const mutant = fc
  .tuple(
    fc.constantFrom(
      'metadata',
      'spec',
      'kind',
      'apiVersion',
      'status',
      'spec.selector',
      'spec.template',
      'spec.template.spec',
      'metadata.labels',
      'metadata.ownerReferences',
    ),
    fc.jsonValue({ maxDepth: 3 }),
  )
  .map(([at, replacement]) => {
    const object: Record<string, unknown> = JSON.parse(JSON.stringify(daemonSetBody('fuzz')))
    const keys = at.split('.')
    let inner = object
    for (const key of keys.slice(0, -1)) inner = inner[key] as Record<string, unknown>
    inner[keys.at(-1)!] = replacement
    return JSON.stringify(object)
  })
const body = fc.option(fc.oneof(junk, mutant), { nil: undefined })
const type = fc.constantFrom(
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/json-patch+json',
  'application/apply-patch+yaml',
  'text/plain',
  '',
)
const accept = fc.constantFrom(
  undefined,
  '*/*',
  'application/json;as=Table;v=v1;g=meta.k8s.io',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io',
  'application/yaml',
  'text/html',
  ';;,=',
)
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')

describe('whatever is sent', () => {
  it('10,000 requests are each answered with a result or a Status, and never with a fault', async () => {
    const client = new HttpClient()
    await client.post(NODES, nodeBody('w-1'))
    await client.post(DAEMON_SETS, daemonSetBody('agent'))
    const request = fc.record({ path, query, method, body, type, accept })
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const text = new URLSearchParams(given.query).toString()
        const address = text === '' ? given.path : `${given.path}${given.path.includes('?') ? '&' : '?'}${text}`
        const sends = given.method !== 'GET' && given.method !== 'HEAD' && given.body !== undefined
        const response = await client.request(address, {
          method: given.method,
          ...(sends ? { body: given.body, type: given.type } : {}),
          headers: given.accept === undefined ? {} : { Accept: given.accept },
        })
        if (response.status === 500) expect(await response.text()).not.toContain('a fault of the platform')
        if (given.query.watch !== undefined && response.status === 200) return void (await response.body?.cancel())
        const answer = await response.text()
        if (response.status < 400 || !response.headers.get('content-type')?.includes('json')) return
        expect(JSON.parse(answer)).toMatchObject({
          kind: 'Status',
          status: 'Failure',
          code: response.status,
          message: expect.any(String),
        })
      }),
      { numRuns: 10_000, seed: 20_260_101, interruptAfterTimeLimit: 100_000 },
    )
    client.handler.close()
  }, 120_000)
})
