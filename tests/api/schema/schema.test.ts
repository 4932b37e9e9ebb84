import { describe, expect, it } from 'vitest'
import { apiVersionOf, RESOURCES } from '../../../grader/api/resource-table.ts'
import { describeDefinition, describeField } from '../../../grader/api/schema/descriptions.ts'
import {
  compactDefinitions,
  definitionNamed,
  definitionOf,
  fieldAt,
  mergeKeysOf,
  structOf,
} from '../../../grader/api/schema/schema.ts'

const daemonSet = definitionOf('apps/v1', 'DaemonSet')!

describe('every served kind has its table', () => {
  it.each(RESOURCES.map((resource) => [apiVersionOf(resource), resource.kind] as const))(
    '%s %s',
    (apiVersion, kind) => {
      const definition = definitionOf(apiVersion, kind)
      expect(definition?.fields.has('metadata')).toBe(true)
      expect(describeDefinition(definition!.name)).not.toBe('')
      expect(definitionOf(apiVersion, `${kind}s`)).toBeUndefined()
    },
  )
  it.each(['Status', 'DeleteOptions'])('v1 %s', (kind) => expect(definitionOf('v1', kind)).toBeDefined())
  it.each([
    ['autoscaling/v1', 'Scale'],
    ['policy/v1', 'Eviction'],
    ['v1', 'Binding'],
  ])('%s %s', (apiVersion, kind) => {
    expect(definitionOf(apiVersion, kind)).toBeDefined()
  })
})

it('no definition names one that is missing', () => {
  const missing: string[] = []
  for (const name of Object.keys(compactDefinitions())) {
    for (const field of definitionNamed(name)!.fields.values()) {
      let inner = field.items === undefined ? field : field.items
      while (inner.items !== undefined) inner = inner.items
      if (inner.type === 'object' && inner.definition === undefined) missing.push(`${name}.${field.name}`)
    }
  }
  expect(missing).toEqual([])
})

describe('a field is found by its path, as explain takes it', () => {
  it.each([
    [['spec', 'template', 'spec', 'containers', 'ports', 'containerPort'], 'integer'],
    [['spec', 'updateStrategy', 'rollingUpdate', 'maxSurge'], 'intOrString'],
    [['spec', 'template', 'spec', 'nodeSelector'], 'map'],
    [['metadata', 'creationTimestamp'], 'time'],
    [['spec', 'replicas'], undefined],
    [['spec', 'selector', 'matchLabels', 'app'], undefined],
  ] as const)('%j is %s', (path, type) => {
    expect(fieldAt(daemonSet, path)?.type).toBe(type)
  })
})

it('lists say what tells their items apart', () => {
  const pod = definitionOf('v1', 'Pod')!
  expect(mergeKeysOf(fieldAt(pod, ['spec', 'containers'])!)).toEqual(['name'])
  expect(mergeKeysOf(fieldAt(pod, ['spec', 'containers', 'ports'])!)).toEqual(['containerPort', 'protocol'])
  expect(fieldAt(pod, ['spec', 'containers', 'ports'])!.patchMergeKey).toBe('containerPort')
  expect(mergeKeysOf(fieldAt(pod, ['spec', 'tolerations'])!)).toEqual([])
  expect(structOf(fieldAt(pod, ['spec', 'tolerations'])!)?.struct).toBe('Toleration')
})

it('fields carry the text that explain prints', () => {
  expect(describeField(daemonSet.name, 'spec')).toMatch(/^The desired behavior of this daemon set/)
  expect(describeField(daemonSet.name, 'replicas')).toBe('')
})
