// What may not change any more, in the API server's words.
import { describe, expect, it } from 'vitest'
import { defaultObject } from '../../../grader/api/defaults/defaults.ts'
import { formatFieldError } from '../../../grader/api/field-error.ts'
import type { JsonObject, KubeObject } from '../../../grader/api/meta.ts'
import { resourceOfKind } from '../../../grader/api/resource-table.ts'
import { validateUpdate, warningsOf } from '../../../grader/api/validation/validation.ts'

const container = { name: 'app', image: 'registry.example/app:1' }

function whole(body: JsonObject): KubeObject {
  const resource = resourceOfKind(String(body.apiVersion), String(body.kind))!
  const metadata = {
    namespace: 'default',
    name: 'a',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...(body.metadata as JsonObject),
  }
  return defaultObject(resource, { ...body, metadata } as unknown as KubeObject)
}

function errorsOf(previous: JsonObject, next: JsonObject): readonly string[] {
  const resource = resourceOfKind(String(next.apiVersion), String(next.kind))!
  // Upstream finds some twice, too; the answer says each once.
  return [...new Set(validateUpdate(resource, whole(next), whole(previous)).map(formatFieldError))]
}

const daemonSet = (app: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  spec: {
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: { containers: [container], ...more } },
  },
})

const POD = { serviceAccountName: 'default', serviceAccount: 'default', enableServiceLinks: true, priority: 0 }
const pod = (spec: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [container], ...POD, ...spec },
})
const node = (taints: readonly JsonObject[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { namespace: undefined as unknown as string },
  spec: { taints },
})

describe('an update', () => {
  it('of a DaemonSet leaves the selector, and may change the template', () => {
    expect(errorsOf(daemonSet('a'), daemonSet('b'))).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ])
    expect(errorsOf(daemonSet('a'), daemonSet('a', { hostNetwork: true }))).toEqual([])
  })

  it('of metadata keeps the name and the uid', () => {
    const next = { ...daemonSet('a'), metadata: { uid: 'other' } }
    expect(errorsOf(daemonSet('a'), next)).toEqual(['metadata.uid: Invalid value: "other": field is immutable'])
  })

  it.each([
    ['an image', { containers: [{ ...container, image: 'registry.example/app:2' }] }],
    ['one toleration more', { tolerations: [{ key: 'gpu', operator: 'Exists' }] }],
    ['a deadline', { activeDeadlineSeconds: 60 }],
  ])('of a Pod may change %s', (_, spec) => {
    expect(errorsOf(pod({}), pod(spec))).toEqual([])
  })

  it('of a Pod shows what else would change', () => {
    const [text, ...others] = errorsOf(pod({}), pod({ hostNetwork: true }))
    expect(others).toEqual([])
    expect(text).toMatch(
      /^spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`,`spec\.initContainers\[\*\]\.image`,`spec\.activeDeadlineSeconds`,`spec\.tolerations` \(only additions to existing tolerations\),`spec\.terminationGracePeriodSeconds` \(allow it to be set to 1 if it was previously negative\)\n/,
    )
    expect(text).toContain('\n-  "HostNetwork": false,')
    expect(text).toContain('\n+  "HostNetwork": true,')
  })

  it('of a Pod takes no toleration away', () => {
    const [text] = errorsOf(pod({ tolerations: [{ key: 'gpu', operator: 'Exists' }] }), pod({}))
    expect(text).toContain(
      'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    )
  })

  it('of a Node says which taint is there twice', () => {
    const taint = { key: 'gpu', value: 'a', effect: 'NoSchedule' }
    expect(errorsOf(node([]), node([taint, { ...taint, value: 'b' }]))).toEqual([
      expect.stringMatching(
        /^metadata\.taints\[1\]: Duplicate value: .*: taints must be unique by key and effect pair$/,
      ),
    ])
  })
})

describe('a warning', () => {
  it.each([
    [
      'an old label of Nodes',
      { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
      'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    ],
    [
      'two equal environment variables',
      {
        containers: [
          {
            ...container,
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ],
      },
      'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ],
  ])('is given for %s', (_, spec, text) => {
    const resource = resourceOfKind('apps/v1', 'DaemonSet')!
    const object = whole(daemonSet('a', spec))
    expect(warningsOf(resource, object, undefined)).toContainEqual(expect.stringContaining(text))
  })
})
