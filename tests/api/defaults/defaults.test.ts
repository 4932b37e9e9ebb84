import { describe, expect, it } from 'vitest'
import { defaultObject } from '../../../grader/api/defaults/defaults.ts'
import type { JsonObject, KubeObject } from '../../../grader/api/meta.ts'
import { resourceOfKind } from '../../../grader/api/resource-table.ts'

const container = { name: 'app', image: 'registry.example/app:1' }

function defaulted(apiVersion: string, kind: string, body: JsonObject): JsonObject {
  const resource = resourceOfKind(apiVersion, kind)!
  return defaultObject(resource, {
    apiVersion,
    kind,
    metadata: { name: 'a' },
    ...body,
  } as unknown as KubeObject) as unknown as JsonObject
}

const daemonSet = (spec: JsonObject): JsonObject => defaulted('apps/v1', 'DaemonSet', { spec })
const pod = (spec: JsonObject): JsonObject => defaulted('v1', 'Pod', { spec })

describe('defaults', () => {
  it('of a DaemonSet: strategy, history and the template', () => {
    const { spec } = daemonSet({ template: { spec: { containers: [container] } } })
    expect(spec).toEqual({
      revisionHistoryLimit: 10,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      template: {
        spec: {
          containers: [
            {
              ...container,
              imagePullPolicy: 'IfNotPresent',
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
            },
          ],
          dnsPolicy: 'ClusterFirst',
          restartPolicy: 'Always',
          schedulerName: 'default-scheduler',
          securityContext: {},
          terminationGracePeriodSeconds: 30,
        },
      },
    })
  })

  it.each([
    ['no tag', 'app', 'Always'],
    ['latest', 'app:latest', 'Always'],
    ['a tag', 'app:1', 'IfNotPresent'],
    ['a port and no tag', 'registry.example:5000/app', 'Always'],
    ['a digest', `app@sha256:${'0'.repeat(64)}`, 'IfNotPresent'],
  ])('of the pull policy for %s', (_, image, imagePullPolicy) => {
    expect(pod({ containers: [{ name: 'a', image }] })).toMatchObject({ spec: { containers: [{ imagePullPolicy }] } })
  })

  it.each([
    [
      'a limit without a request is the request',
      { limits: { cpu: '1' } },
      { limits: { cpu: '1' }, requests: { cpu: '1' } },
    ],
    [
      'a request stays',
      { limits: { cpu: '1' }, requests: { cpu: '1m' } },
      { limits: { cpu: '1' }, requests: { cpu: '1m' } },
    ],
  ])('on Pods: %s', (_, resources, expected) => {
    expect(pod({ containers: [{ ...container, resources }] })).toMatchObject({
      spec: { containers: [{ resources: expected }] },
    })
  })

  it('only Pods get requests, host ports of the host network and service links', () => {
    const spec = {
      hostNetwork: true,
      containers: [{ ...container, ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1' } } }],
    }
    const template = (daemonSet({ template: { spec } }).spec as JsonObject).template as JsonObject
    const own = template.spec as unknown as {
      readonly enableServiceLinks?: boolean
      readonly containers: readonly JsonObject[]
    }
    expect(own.enableServiceLinks).toBeUndefined()
    expect(own.containers[0]?.resources).toEqual({ limits: { cpu: '1' } })
    expect(pod(spec)).toMatchObject({
      spec: { enableServiceLinks: true, containers: [{ ports: [{ hostPort: 80, protocol: 'TCP' }] }] },
    })
  })

  it('share what does not change: whole objects and containers of one template', () => {
    const resource = resourceOfKind('v1', 'Pod')!
    const whole = defaultObject(resource, pod({ containers: [container] }) as unknown as KubeObject)
    expect(defaultObject(resource, whole)).toBe(whole)
    const containers = [container]
    const one = pod({ containers }).spec as JsonObject
    const other = pod({ containers }).spec as JsonObject
    expect(one.containers).toBe(other.containers)
  })

  it.each([
    [
      'Job',
      'batch/v1',
      { template: { spec: { containers: [container] } } },
      { completions: 1, parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false },
    ],
    [
      'Deployment',
      'apps/v1',
      { template: { spec: { containers: [container] } } },
      {
        replicas: 1,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      },
    ],
    [
      'CronJob',
      'batch/v1',
      { schedule: '* * * * *', jobTemplate: {} },
      { concurrencyPolicy: 'Allow', successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1, suspend: false },
    ],
    [
      'LimitRange',
      'v1',
      { limits: [{ type: 'Container', max: { cpu: '1' }, min: { memory: '1Mi' } }] },
      { limits: [{ default: { cpu: '1' }, defaultRequest: { cpu: '1', memory: '1Mi' } }] },
    ],
  ])('of a %s', (kind, apiVersion, spec, expected) => {
    expect(defaulted(apiVersion, kind, { spec })).toMatchObject({ spec: expected })
  })
})
