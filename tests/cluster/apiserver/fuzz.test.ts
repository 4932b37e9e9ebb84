import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { Patch } from '../../../grader/api/api-client.ts'
import { configMaps, daemonSets, events, nodes, pods } from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, podNamed, value } from '../../support/api-server.ts'

const KEY = { namespace: 'default', name: 'agent' }
const RUNS = { numRuns: 2500 }

const names = fc.constantFrom(
  'metadata',
  'spec',
  'status',
  'template',
  'containers',
  'name',
  'labels',
  'annotations',
  'tolerations',
  'env',
  'ports',
  'volumes',
  'finalizers',
  'managedFields',
  'ownerReferences',
  'selector',
  'matchLabels',
  'updateStrategy',
  'rollingUpdate',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$deleteFromPrimitiveList/finalizers',
  'resourceVersion',
  'uid',
  'kind',
  '__proto__',
  'constructor',
  'x',
)
const leaves = fc.oneof(
  fc.constantFrom('delete', 'replace', 'merge', 'agent', '', '10%'),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.string(),
)
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(names, tie('json'), { maxKeys: 4 }),
  ),
}))
const body = fc.dictionary(names, json, { maxKeys: 5 })

const pointers = fc
  .array(fc.oneof(names, fc.constantFrom('0', '-', '-1', '99', '', '~0', '~1')), { maxLength: 5 })
  .map((steps) => steps.map((step) => `/${step}`).join(''))
const operation = fc.record(
  {
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'nope'),
    path: pointers,
    from: pointers,
    value: json,
  },
  { requiredKeys: ['op'] },
)

const patches = fc.oneof(
  fc.record({ type: fc.constantFrom('merge', 'strategic'), body: fc.oneof(body, json) }),
  fc.record({ type: fc.constant('json'), body: fc.oneof(fc.array(operation, { maxLength: 4 }), json) }),
  fc.record({ type: fc.constant('apply'), body: fc.oneof(body, json), force: fc.boolean() }),
) as unknown as fc.Arbitrary<Patch>

describe('whatever a client sends', () => {
  it('a patch never throws, and what is stored keeps its key and uid', () => {
    const { admin, store } = apiServer()
    const { uid } = value(admin.create(daemonSets, daemonSet(), { fieldManager: 'kubectl-create' })).metadata
    value(admin.create(nodes, object(nodes, 'agent')))
    fc.assert(
      fc.property(
        patches,
        fc.constantFrom('Strict', 'Warn', 'Ignore'),
        fc.constantFrom(undefined, 'status'),
        (patch, fieldValidation, subresource) => {
          const options = {
            fieldManager: 'fuzz',
            fieldValidation,
            ...(subresource === undefined ? {} : { subresource }),
          } as const
          admin.patch(daemonSets, KEY, patch, options)
          admin.patch(nodes, { name: 'agent' }, patch, options)
          const left = store.list(daemonSets)
          return left.length === 1 && left[0]!.metadata.uid === uid && left[0]!.metadata.name === 'agent'
        },
      ),
      RUNS,
    )
  })

  it('a body never throws', () => {
    const { admin } = apiServer()
    value(admin.create(pods, podNamed('agent')))
    fc.assert(
      fc.property(body, body, fc.boolean(), (metadata, rest, update) => {
        const sent = { ...rest, metadata: { namespace: 'default', name: 'agent', ...metadata } } as never
        for (const resource of [configMaps, pods, daemonSets, events]) {
          if (update) admin.update(resource, sent, { key: KEY })
          else admin.create(resource, sent, { key: KEY, dryRun: true })
        }
      }),
      RUNS,
    )
  })

  it('selectors and tokens never throw', () => {
    const { admin } = apiServer()
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.integer(), (labelSelector, fieldSelector, token, limit) => {
        admin.list(pods, { labelSelector })
        admin.list(pods, { fieldSelector })
        admin.list(pods, { continue: token, limit, resourceVersion: token })
        admin.watch(pods, { resourceVersion: token, fieldSelector }, () => {})
      }),
      RUNS,
    )
  })
})
