import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../grader/api/meta.ts'
import {
  configMaps,
  daemonSets,
  deployments,
  jobs,
  namespaces,
  nodes,
  podDisruptionBudgets,
  pods,
  secrets,
  services,
} from '../../../grader/api/resource-table.ts'
import { apiServer, daemonSet, object, podNamed, status, value } from '../../support/api-server.ts'

const KEY = { namespace: 'default', name: 'agent' }
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

describe('the generation of a DaemonSet', () => {
  const rows: readonly [string, JsonObject, number, string][] = [
    ['a label leaves it alone', { metadata: { labels: { a: 'b' } } }, 1, '1'],
    ['an annotation leaves it alone', { metadata: { annotations: { a: 'b' } } }, 1, '1'],
    ['the template raises both', { spec: { template: { spec: { hostNetwork: true } } } }, 2, '2'],
    ['the strategy raises generation only', { spec: { minReadySeconds: 3 } }, 2, '1'],
    ['a status in a PATCH of the object counts for nothing', { status: { numberReady: 7 } }, 1, '1'],
    ['a default that is written out changes nothing', { spec: { revisionHistoryLimit: 10 } }, 1, '1'],
    ['the template annotation cannot be set', { metadata: { annotations: { [TEMPLATE_GENERATION]: '9' } } }, 1, '1'],
    [
      'the template annotation cannot be removed',
      { metadata: { annotations: { [TEMPLATE_GENERATION]: null } } },
      1,
      '1',
    ],
  ]
  for (const [name, body, generation, templateGeneration] of rows) {
    it(name, () => {
      const { admin } = apiServer()
      value(admin.create(daemonSets, daemonSet()))
      const patched = value(admin.patch(daemonSets, KEY, { type: 'merge', body }))
      expect(patched.metadata.generation).toBe(generation)
      expect(patched.metadata.annotations?.[TEMPLATE_GENERATION]).toBe(templateGeneration)
      expect(patched.status.numberReady).toBe(0)
    })
  }

  it('starts again at the exported template generation', () => {
    const made = value(
      apiServer().admin.create(daemonSets, daemonSet({}, { annotations: { [TEMPLATE_GENERATION]: '5' } })),
    )
    expect(made.metadata.annotations?.[TEMPLATE_GENERATION]).toBe('5')
    expect(made.metadata.generation).toBe(1)
  })

  it('refuses a template generation that is no number', () => {
    const refused = status(
      apiServer().admin.create(daemonSets, daemonSet({}, { annotations: { [TEMPLATE_GENERATION]: 'x' } })),
    )
    expect(refused.message).toBe(
      'DaemonSet in version "v1" cannot be handled as a DaemonSet: strconv.ParseInt: parsing "x": invalid syntax',
    )
  })

  it('does not move with the status', () => {
    const { admin, component } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet()))
    const after = value(
      component.update(daemonSets, { ...made, status: { ...made.status, numberReady: 3 } }, { subresource: 'status' }),
    )
    expect([after.metadata.generation, after.status.numberReady]).toEqual([1, 3])
  })

  it('cannot be sent', () => {
    const { admin } = apiServer()
    const made = value(admin.create(daemonSets, daemonSet({}, { generation: 7 })))
    expect(made.metadata.generation).toBe(1)
    expect(
      value(admin.update(daemonSets, { ...made, metadata: { ...made.metadata, generation: 9 } })).metadata.generation,
    ).toBe(1)
  })
})

describe('what other kinds start with', () => {
  it('a Pod is Pending, has a QoS class and generation 1', () => {
    const { admin } = apiServer()
    const pod = value(admin.create(pods, podNamed('a')))
    expect([pod.status.phase, pod.status.qosClass, pod.metadata.generation]).toEqual(['Pending', 'BestEffort', 1])
  })

  it('a Pod whose limits equal its requests is Guaranteed', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1000m', memory: '1024Mi' } }
    const pod = value(
      apiServer().admin.create(pods, podNamed('a', { containers: [{ name: 'a', image: 'a', resources }] })),
    )
    expect(pod.status.qosClass).toBe('Guaranteed')
  })

  it('a Namespace is Active, labelled with its name and held by a finalizer', () => {
    const made = value(apiServer().admin.create(namespaces, object(namespaces, 'monitoring')))
    expect(made.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'monitoring' })
    expect([made.status?.phase, made.spec?.finalizers]).toEqual(['Active', ['kubernetes']])
  })

  it('a Deployment counts changed annotations, too', () => {
    const { admin } = apiServer()
    const spec = daemonSet().spec as unknown as JsonObject
    value(admin.create(deployments, object(deployments, 'web', { metadata: { namespace: 'default' }, spec })))
    const patched = value(
      admin.patch(
        deployments,
        { namespace: 'default', name: 'web' },
        { type: 'merge', body: { metadata: { annotations: { a: 'b' } } } },
      ),
    )
    expect(patched.metadata.generation).toBe(2)
  })

  it('a Job picks its Pods by its own uid', () => {
    const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } }
    const job = value(
      apiServer().admin.create(jobs, object(jobs, 'once', { metadata: { namespace: 'default' }, spec: { template } })),
    )
    expect(job.spec.selector?.matchLabels).toEqual({ 'batch.kubernetes.io/controller-uid': job.metadata.uid })
    expect(job.spec.template.metadata?.labels?.['job-name']).toBe('once')
  })

  it('a Secret encodes stringData into data', () => {
    const made = value(
      apiServer().admin.create(
        secrets,
        object(secrets, 's', { metadata: { namespace: 'default' }, stringData: { a: 'grüß' } }),
      ),
    )
    expect(made.data).toEqual({ a: 'Z3LDvMOf' })
    expect(made).not.toHaveProperty('stringData')
  })

  it('a Service gets an address that depends on its name alone', () => {
    const make = () =>
      value(
        apiServer().admin.create(
          services,
          object(services, 'web', { metadata: { namespace: 'default' }, spec: { ports: [{ port: 80 }] } }),
        ),
      )
    const { clusterIP, clusterIPs } = make().spec as { clusterIP: string; clusterIPs: string[] }
    expect(clusterIP).toMatch(/^10\.96\.\d+\.\d+$/)
    expect(clusterIPs).toEqual([clusterIP])
    expect((make().spec as { clusterIP: string }).clusterIP).toBe(clusterIP)
  })

  it('a Node keeps the status it registers with, and an update of the Node leaves it alone', () => {
    const { admin } = apiServer()
    const made = value(admin.create(nodes, object(nodes, 'w-1', { status: { capacity: { cpu: '4' } } })))
    expect(made.status.capacity).toEqual({ cpu: '4' })
    const patched = value(
      admin.patch(
        nodes,
        { name: 'w-1' },
        { type: 'merge', body: { spec: { unschedulable: true }, status: { capacity: { cpu: '8' } } } },
      ),
    )
    expect([patched.status.capacity?.cpu, patched.spec.unschedulable]).toEqual(['4', true])
  })

  it('ConfigMaps have no generation', () => {
    const made = value(
      apiServer().admin.create(configMaps, object(configMaps, 'c', { metadata: { namespace: 'default' } })),
    )
    expect(made.metadata.generation).toBeUndefined()
  })

  it('a PodDisruptionBudget must be updated with its resourceVersion', () => {
    const { admin } = apiServer()
    const spec = { maxUnavailable: 1, selector: { matchLabels: { app: 'a' } } }
    const made = value(
      admin.create(
        podDisruptionBudgets,
        object(podDisruptionBudgets, 'p', { metadata: { namespace: 'default' }, spec }),
      ),
    )
    const { resourceVersion: _version, ...metadata } = made.metadata
    expect(status(admin.update(podDisruptionBudgets, { ...made, metadata } as never)).message).toBe(
      'poddisruptionbudgets.policy "p" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    )
  })
})
