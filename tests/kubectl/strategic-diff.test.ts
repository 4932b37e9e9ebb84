import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../grader/api/meta.ts'
import { daemonSets, type Resource } from '../../grader/api/resource-table.ts'
import { mergeSchemaOf } from '../../grader/kubectl/merge-schema.ts'
import { threeWayMergePatch, twoWayMergePatch } from '../../grader/kubectl/strategic-diff.ts'

const schema = mergeSchemaOf(daemonSets as Resource)
const inPod = (spec: JsonObject): JsonObject => ({ spec: { template: { spec } } })

describe('a two-way strategic merge patch', () => {
  it.each<readonly [string, JsonObject, JsonObject, JsonObject]>([
    ['equal objects need none', { a: 1 }, { a: 1 }, {}],
    ['a key that goes is null', { a: 1, b: 2 }, { a: 1 }, { b: null }],
    [
      'containers merge by name',
      inPod({
        containers: [
          { name: 'a', image: 'x' },
          { name: 'b', image: 'y' },
        ],
      }),
      inPod({
        containers: [
          { name: 'a', image: 'z' },
          { name: 'b', image: 'y' },
        ],
      }),
      inPod({ containers: [{ name: 'a', image: 'z' }], '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }] }),
    ],
    [
      'a container that goes is deleted by name',
      inPod({ containers: [{ name: 'a' }, { name: 'b' }] }),
      inPod({ containers: [{ name: 'a' }] }),
      inPod({ containers: [{ $patch: 'delete', name: 'b' }], '$setElementOrder/containers': [{ name: 'a' }] }),
    ],
    [
      'tolerations are replaced as a whole',
      inPod({ tolerations: [{ key: 'a' }] }),
      inPod({ tolerations: [{ key: 'b' }] }),
      inPod({ tolerations: [{ key: 'b' }] }),
    ],
    [
      'a volume keeps the keys of its new source only',
      inPod({ volumes: [{ name: 'v', emptyDir: {} }] }),
      inPod({ volumes: [{ name: 'v', hostPath: { path: '/x' } }] }),
      inPod({
        volumes: [{ $retainKeys: ['hostPath', 'name'], emptyDir: null, hostPath: { path: '/x' }, name: 'v' }],
        '$setElementOrder/volumes': [{ name: 'v' }],
      }),
    ],
  ])('%s', (_name, before, after, patch) => {
    expect(twoWayMergePatch(before, after, schema)).toEqual(patch)
  })
})

describe('a three-way strategic merge patch', () => {
  it('deletes what the file lost, sets what differs, keeps the rest', () => {
    const patch = threeWayMergePatch({
      original: { metadata: { labels: { old: '1', kept: '1' } } },
      modified: { metadata: { labels: { kept: '2' } } },
      current: { metadata: { labels: { old: '1', kept: '1', theirs: 'x' } }, status: {} },
      schema,
    })
    expect(patch).toEqual({ metadata: { labels: { old: null, kept: '2' } } })
  })
})
