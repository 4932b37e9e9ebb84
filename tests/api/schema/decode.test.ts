import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../grader/api/meta.ts'
import { decodeInto, decodeObject, formatStrictErrors } from '../../../grader/api/schema/decode.ts'
import { definitionNamed } from '../../../grader/api/schema/schema.ts'

interface Parts {
  readonly spec?: JsonObject
  readonly pod?: JsonObject
  readonly container?: JsonObject
  readonly more?: JsonObject
}

function daemonSet({ spec = {}, pod = {}, container = {}, more = {} }: Parts): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    ...more,
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      ...spec,
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { ...pod, containers: [{ name: 'a', image: 'i', ...container }] },
      },
    },
  }
}

const podSpecOf = (object: JsonObject): JsonObject =>
  ((object.spec as JsonObject).template as JsonObject).spec as JsonObject
const containerOf = (object: JsonObject): JsonObject => (podSpecOf(object).containers as readonly JsonObject[])[0]!

describe('a field that the API does not know is named with its whole path', () => {
  it.each([
    [{ spec: { replicas: 3 } }, 'unknown field "spec.replicas"'],
    [{ pod: { nodeselector: {} } }, 'unknown field "spec.template.spec.nodeselector"'],
    [{ container: { imagePullpolicy: 'Always' } }, 'unknown field "spec.template.spec.containers[0].imagePullpolicy"'],
    [
      { container: { ports: [{ containerPort: 80 }, { containerPor: 81 }] } },
      'unknown field "spec.template.spec.containers[0].ports[1].containerPor"',
    ],
    [{ more: { $patch: 'delete' } }, 'unknown field "$patch"'],
    [
      { spec: { Selector: {} }, container: { NAME: 'x' } },
      'unknown field "spec.Selector", unknown field "spec.template.spec.containers[0].NAME"',
    ],
  ] as const)('%j', (parts, text) => {
    const decoded = decodeObject(daemonSet(parts))!
    expect(formatStrictErrors(decoded.strictErrors)).toBe(`strict decoding error: ${text}`)
    expect(decoded.error).toBeUndefined()
    expect(decodeObject(decoded.object)!.strictErrors).toEqual([])
  })
  it('a hundred of them are enough', () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`x${i}`, 1]))
    expect(decodeObject(daemonSet({ spec: many }))!.strictErrors).toHaveLength(100)
  })
})

describe('a value of the wrong type is refused in the words of Go', () => {
  const tpl = 'spec.template.spec'
  const rows: readonly [Parts, string][] = [
    [
      { container: { ports: [{ containerPort: '80' }] } },
      `string into Go struct field ContainerPort.${tpl}.containers.ports.containerPort of type int32`,
    ],
    [
      { spec: { selector: { matchLabels: { app: 5 } } } },
      'number into Go struct field LabelSelector.spec.selector.matchLabels of type string',
    ],
    [
      { more: { metadata: { labels: { a: true } } } },
      'bool into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      { more: { metadata: { labels: 'x' } } },
      'string into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    [{ pod: { nodeSelector: { ssd: true } } }, `bool into Go struct field PodSpec.${tpl}.nodeSelector of type string`],
    [
      { container: { env: [{ name: 'A', value: 1 }] } },
      `number into Go struct field EnvVar.${tpl}.containers.env.value of type string`,
    ],
    [
      { container: { command: 'sh' } },
      `string into Go struct field Container.${tpl}.containers.command of type []string`,
    ],
    [{ container: { command: [1] } }, `number into Go struct field Container.${tpl}.containers.command of type string`],
    [{ container: { args: [['a']] } }, `array into Go struct field Container.${tpl}.containers.args of type string`],
    [{ pod: { tolerations: {} } }, `object into Go struct field PodSpec.${tpl}.tolerations of type []v1.Toleration`],
    [{ pod: { tolerations: ['x'] } }, `string into Go struct field PodSpec.${tpl}.tolerations of type v1.Toleration`],
    [
      { container: { ports: [true] } },
      `bool into Go struct field Container.${tpl}.containers.ports of type v1.ContainerPort`,
    ],
    [
      { container: { securityContext: { capabilities: false } } },
      `bool into Go struct field SecurityContext.${tpl}.containers.securityContext.capabilities of type v1.Capabilities`,
    ],
    [
      { container: { securityContext: { capabilities: { add: [1] } } } },
      `number into Go struct field Capabilities.${tpl}.containers.securityContext.capabilities.add of type v1.Capability`,
    ],
    [
      { container: { livenessProbe: { httpGet: '/' } } },
      `string into Go struct field Probe.${tpl}.containers.livenessProbe.ProbeHandler.httpGet of type v1.HTTPGetAction`,
    ],
    [
      { pod: { volumes: [{ name: 'v', hostPath: '/' }] } },
      `string into Go struct field Volume.${tpl}.volumes.VolumeSource.hostPath of type v1.HostPathVolumeSource`,
    ],
    [
      { pod: { volumes: [{ name: 'v', configMap: { name: 1 } }] } },
      `number into Go struct field ConfigMapVolumeSource.${tpl}.volumes.VolumeSource.configMap.LocalObjectReference.name of type string`,
    ],
    [
      { container: { resources: { limits: 'x' } } },
      `string into Go struct field ResourceRequirements.${tpl}.containers.resources.limits of type v1.ResourceList`,
    ],
    [
      { container: { imagePullPolicy: 1 } },
      `number into Go struct field Container.${tpl}.containers.imagePullPolicy of type v1.PullPolicy`,
    ],
    [{ pod: { hostPID: 1 } }, `number into Go struct field PodSpec.${tpl}.hostPID of type bool`],
    [
      { spec: { minReadySeconds: 1.5 } },
      'number 1.5 into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32',
    ],
    [
      { spec: { minReadySeconds: 3000000000 } },
      'number 3000000000 into Go struct field DaemonSetSpec.spec.minReadySeconds of type int32',
    ],
    [
      { spec: { updateStrategy: { rollingUpdate: { maxSurge: true } } } },
      'bool into Go struct field RollingUpdateDaemonSet.spec.updateStrategy.rollingUpdate.maxSurge of type int32',
    ],
    [
      { more: { metadata: { creationTimestamp: 5 } } },
      'number into Go struct field ObjectMeta.metadata.creationTimestamp of type string',
    ],
  ]
  it.each(rows)('%j', (parts, text) => {
    expect(decodeObject(daemonSet(parts))!.error?.text).toBe(`json: cannot unmarshal ${text}`)
  })
  it('the first of several is told', () => {
    const decoded = decodeObject(daemonSet({ spec: { minReadySeconds: 'ten' }, container: { image: 5 } }))!
    expect(decoded.error?.path).toBe('spec.minReadySeconds')
  })
  it('a quantity that does not parse wins over a type error before it', () => {
    const decoded = decodeObject(
      daemonSet({ spec: { minReadySeconds: 'ten' }, container: { resources: { limits: { cpu: 'x' } } } }),
    )!
    expect(decoded.error?.text).toBe(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    )
    expect(decoded.error?.path).toBe('spec.template.spec.containers[0].resources.limits[cpu]')
  })
  it('a Secret must hold base64', () => {
    const secret = (data: Json): JsonObject => ({ apiVersion: 'v1', kind: 'Secret', data: { a: data } })
    expect(decodeObject(secret('aGk='))!.error).toBeUndefined()
    expect(decodeObject(secret('a b'))!.error?.text).toBe('illegal base64 data at input byte 1')
    expect(decodeObject(secret(5))!.error?.text).toBe(
      'json: cannot unmarshal number into Go struct field Secret.data of type []uint8',
    )
  })
})

describe('what a strategic merge patch made is refused in the words of the converter', () => {
  it.each([
    [{ spec: { minReadySeconds: 'ten' } }, 'unrecognized type: int32'],
    [{ container: { image: 5 } }, 'cannot convert int64 to string'],
    [{ container: { image: true } }, 'unrecognized type: string'],
    [{ pod: { hostPID: 1 } }, 'unrecognized type: bool'],
    [{ spec: { minReadySeconds: 1.5 } }, 'cannot convert float64 to int32'],
    [{ pod: { tolerations: 'x' } }, 'cannot restore slice from string'],
    [{ pod: { nodeSelector: 'x' } }, 'cannot restore map from string'],
    [{ pod: { affinity: 'x' } }, 'cannot restore struct from: string'],
  ] as const)('%j', (parts, text) => {
    expect(decodeObject(daemonSet(parts), { source: 'unstructured' })!.error?.text).toBe(text)
  })
})

describe('the object comes out as the API server prints it', () => {
  it('null means absent', () => {
    const { object, strictErrors } = decodeObject(daemonSet({ pod: { tolerations: null, nodeSelector: null } }))!
    expect(Object.keys(podSpecOf(object))).toEqual(['containers'])
    expect(strictErrors).toEqual([])
  })
  it('empty values vanish, but not where the API tells unset from empty', () => {
    const { object } = decodeObject(
      daemonSet({
        pod: {
          hostNetwork: false,
          tolerations: [],
          nodeSelector: {},
          dnsPolicy: '',
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 0,
          affinity: {},
        },
      }),
    )!
    const { containers: _, ...pod } = podSpecOf(object)
    expect(pod).toEqual({ automountServiceAccountToken: false, terminationGracePeriodSeconds: 0, affinity: {} })
  })
  it('structs that are always there are filled in', () => {
    const { object } = decodeObject(daemonSet({}))!
    expect(containerOf(object).resources).toEqual({})
    expect((object.spec as JsonObject).updateStrategy).toEqual({})
    expect(object.status).toEqual({
      currentNumberScheduled: 0,
      desiredNumberScheduled: 0,
      numberMisscheduled: 0,
      numberReady: 0,
    })
  })
  it('quantities are printed in canonical form, numbers become text', () => {
    const { object } = decodeObject(
      daemonSet({ container: { resources: { limits: { cpu: 0.5, memory: '1024Mi', 'nvidia.com/gpu': 1 } } } }),
    )!
    expect(containerOf(object).resources).toEqual({ limits: { cpu: '500m', memory: '1Gi', 'nvidia.com/gpu': '1' } })
  })
  it('times are printed in UTC', () => {
    const { object, error } = decodeObject(
      daemonSet({ more: { metadata: { name: 'a', creationTimestamp: '2024-02-29T23:30:00.5-02:00' } } }),
    )!
    expect(error).toBeUndefined()
    expect((object.metadata as JsonObject).creationTimestamp).toBe('2024-03-01T01:30:00Z')
    expect(decodeObject(daemonSet({ more: { metadata: { creationTimestamp: 'now' } } }))!.error?.text).toBe(
      'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
    )
  })
  it('an object that is already so is returned itself', () => {
    const once = decodeObject(daemonSet({ pod: { hostPID: true } }))!.object
    expect(decodeObject(once)!.object).toBe(once)
  })
  it('a key named __proto__ is a key', () => {
    const labels = JSON.parse('{"__proto__":"x","a":null}') as JsonObject
    const { object } = decodeInto(definitionNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')!, { labels })
    expect(JSON.stringify(object.labels)).toBe('{"__proto__":"x","a":""}')
  })
})

it('duplicate keys that the JSON parser saw are strict errors', () => {
  const body = daemonSet({})
  const duplicates = new Map([[body.spec as object, ['minReadySeconds']]])
  expect(formatStrictErrors(decodeObject(body, { duplicates })!.strictErrors)).toBe(
    'strict decoding error: duplicate field "spec.minReadySeconds"',
  )
})

it('a kind that the API does not have is not decoded', () => {
  expect(decodeObject({ apiVersion: 'extensions/v1beta1', kind: 'DaemonSet' })).toBeUndefined()
})
