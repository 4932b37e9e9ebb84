import { describe, expect, it } from 'vitest'
import type { LimitRangeItem, Node, Pod } from '../../../../grader/api/core.ts'
import type { JsonObject } from '../../../../grader/api/meta.ts'
import { limitRanges, namespaces, pods } from '../../../../grader/api/resource-table.ts'
import { admitted, namespaceBody, podBody, wholeObject, whyRefused, worldOf } from './world.ts'

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const container = (resources: JsonObject, name = 'app'): JsonObject => ({
  name,
  image: 'registry.example/app:1',
  resources,
})
const podWith = (...containers: JsonObject[]): JsonObject => podBody({ spec: { containers } })
const priorityClass = (name: string, value: number, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  ...more,
})

describe('NamespaceLifecycle', () => {
  it.each([
    ['a missing namespace is not found', 'nowhere', 'namespaces "nowhere" not found'],
    [
      'nothing is made in a namespace that is going',
      'going',
      'pods "app" is forbidden: unable to create new content in namespace going because it is being terminated',
    ],
  ])('%s', (_, namespace, text) => {
    const world = worldOf(namespaceBody('going', {}, { phase: 'Terminating' }))
    expect(whyRefused(world.create(podBody({ metadata: { namespace } })))).toBe(text)
  })

  it('tells by a cause that the namespace is going', () => {
    const result = worldOf(namespaceBody('going', {}, { phase: 'Terminating' })).create(
      podBody({ metadata: { namespace: 'going' } }),
    )
    expect('refused' in result && result.refused.details?.causes).toEqual([
      { reason: 'NamespaceTerminating', message: 'namespace going is being terminated', field: 'metadata.namespace' },
    ])
  })

  it('keeps default, and lets others go', () => {
    const world = worldOf(namespaceBody('team'))
    expect(whyRefused(world.remove(namespaces, { name: 'default' }))).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    )
    expect(whyRefused(world.remove(namespaces, { name: 'team' }))).toBeUndefined()
  })
})

describe('ServiceAccount', () => {
  it('mounts the token of the default account into every container that has nothing there', () => {
    const mounts = [{ name: 'own', mountPath: TOKEN_PATH }]
    const volumes = [{ name: 'own', emptyDir: {} }]
    const containers = [container({}), { ...container({}, 'own'), volumeMounts: mounts }]
    const pod = admitted<Pod>(
      worldOf().create(podBody({ spec: { containers, initContainers: [container({}, 'first')], volumes } })),
    )
    const volume = pod.spec.volumes?.[1]
    expect(volume?.name).toMatch(/^kube-api-access-[b-z2-9]{5}$/)
    expect(volume?.projected).toMatchObject({
      defaultMode: 420,
      sources: [{ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }, {}, {}],
    })
    const added = { name: volume?.name, readOnly: true, mountPath: TOKEN_PATH }
    expect(pod.spec.containers.map(({ volumeMounts }) => volumeMounts)).toEqual([[added], mounts])
    expect(pod.spec.initContainers?.[0]?.volumeMounts).toEqual([added])
    expect(pod.spec).toMatchObject({ serviceAccountName: 'default', serviceAccount: 'default' })
  })

  it.each([
    ['the Pod does not want it', { automountServiceAccountToken: false, serviceAccountName: 'plain' }],
    ['the account does not want it, and the Pod does not say', { serviceAccountName: 'shy' }],
  ])('mounts no token where %s', (_, spec) => {
    const account = (name: string, more: JsonObject = {}): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'default' },
      ...more,
    })
    const pod = admitted<Pod>(
      worldOf(account('plain'), account('shy', { automountServiceAccountToken: false })).create(podBody({ spec })),
    )
    expect(pod.spec.volumes).toBeUndefined()
  })

  it('gives the pull secrets of the account to a Pod without any', () => {
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'puller', namespace: 'default' },
      imagePullSecrets: [{ name: 'registry' }],
    }
    const world = worldOf(account)
    const secretsOf = (spec: JsonObject) =>
      admitted<Pod>(world.create(podBody({ spec: { serviceAccountName: 'puller', ...spec } }))).spec.imagePullSecrets
    expect(secretsOf({})).toEqual([{ name: 'registry' }])
    expect(secretsOf({ imagePullSecrets: [{ name: 'own' }] })).toEqual([{ name: 'own' }])
  })

  it('shares containers and volumes among the Pods of one template', () => {
    const world = worldOf()
    const template = podBody()
    const { object } = wholeObject(template)
    const made = (name: string): Pod =>
      admitted(world.create(template, { object: { ...object, metadata: { ...object.metadata, name } } }))
    const [other, third] = [made('b'), made('c')]
    expect(other.spec.containers).toBe(third.spec.containers)
    expect(other.spec.volumes).toBe(third.spec.volumes)
  })
})

describe('Priority', () => {
  const classes = [
    priorityClass('high', 1000, { preemptionPolicy: 'Never' }),
    priorityClass('usual', 10, { globalDefault: true }),
  ]

  it.each([
    [
      'of its class',
      { priorityClassName: 'high' },
      { priorityClassName: 'high', priority: 1000, preemptionPolicy: 'Never' },
    ],
    [
      'of the default class',
      {},
      { priorityClassName: 'usual', priority: 10, preemptionPolicy: 'PreemptLowerPriority' },
    ],
    ['that it says, if it is the right one', { priorityClassName: 'high', priority: 1000 }, { priority: 1000 }],
  ])('a Pod has the priority %s', (_, spec, expected) => {
    expect(admitted<Pod>(worldOf(...classes).create(podBody({ spec }))).spec).toMatchObject(expected)
  })

  it('a Pod without any class has priority 0', () => {
    const { spec } = admitted<Pod>(worldOf().create(podBody()))
    expect(spec).toMatchObject({ priority: 0, preemptionPolicy: 'PreemptLowerPriority' })
    expect(spec.priorityClassName).toBeUndefined()
  })

  const computed = 'must not be provided in pod spec; priority admission controller computed'
  it.each([
    [{ priorityClassName: 'nope' }, 'no PriorityClass with name nope was found'],
    [
      { priorityClassName: 'high', priority: 5 },
      `the integer value of priority (5) ${computed} 1000 from the given PriorityClass name`,
    ],
    [{ priority: 7 }, `the integer value of priority (7) ${computed} 10 from the given PriorityClass name`],
    [
      { priorityClassName: 'high', preemptionPolicy: 'PreemptLowerPriority' },
      `the string value of PreemptionPolicy (PreemptLowerPriority) ${computed} Never from the given PriorityClass name`,
    ],
  ])('%j is refused', (spec, why) => {
    expect(whyRefused(worldOf(...classes).create(podBody({ spec })))).toBe(`pods "app" is forbidden: ${why}`)
  })

  it('an update need not repeat the priority', () => {
    const world = worldOf(...classes, podBody({ spec: { priority: 10, preemptionPolicy: 'PreemptLowerPriority' } }))
    expect(admitted<Pod>(world.update(podBody())).spec).toMatchObject({
      priority: 10,
      preemptionPolicy: 'PreemptLowerPriority',
    })
  })

  it('only one class is the default', () => {
    const world = worldOf(...classes)
    const text =
      'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass usual is already marked as default. Only one default can exist'
    expect(whyRefused(world.create(priorityClass('second', 5, { globalDefault: true })))).toBe(text)
    expect(whyRefused(world.update(priorityClass('usual', 10, { globalDefault: true })))).toBeUndefined()
  })
})

describe('DefaultTolerationSeconds', () => {
  const added = (key: string): JsonObject => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
  const notReady = added('node.kubernetes.io/not-ready')
  const unreachable = added('node.kubernetes.io/unreachable')

  it.each([
    ['nothing', [], [notReady, unreachable]],
    [
      'not-ready for longer',
      [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
      [unreachable],
    ],
    ['everything', [{ operator: 'Exists' }], []],
    ['everything, without being scheduled', [{ operator: 'Exists', effect: 'NoSchedule' }], [notReady, unreachable]],
  ])('a Pod that tolerates %s', (_, tolerations, more) => {
    expect(admitted<Pod>(worldOf().create(podBody({ spec: { tolerations } }))).spec.tolerations ?? []).toEqual([
      ...tolerations,
      ...more,
    ])
  })
})

describe('TaintNodesByCondition', () => {
  it('a new Node is not ready', () => {
    const node = (taints: readonly JsonObject[]): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'w-1' },
      spec: { taints },
    })
    const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }
    const gpu = { key: 'gpu', effect: 'NoExecute' }
    expect(admitted<Node>(worldOf().create(node([gpu]))).spec.taints).toEqual([gpu, notReady])
    expect(admitted<Node>(worldOf().create(node([notReady]))).spec.taints).toEqual([notReady])
  })
})

describe('PodTopologyLabels', () => {
  it('a Pod made on a Node carries the labels of its place', () => {
    const labels = { 'topology.kubernetes.io/zone': 'a', 'topology.kubernetes.io/region': 'eu', disk: 'ssd' }
    const world = worldOf({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w-1', labels } })
    const pod = admitted<Pod>(world.create(podBody({ metadata: { labels: { app: 'x' } }, spec: { nodeName: 'w-1' } })))
    expect(pod.metadata.labels).toEqual({
      app: 'x',
      'topology.kubernetes.io/zone': 'a',
      'topology.kubernetes.io/region': 'eu',
    })
  })
})

describe('RuntimeClass', () => {
  const runtimeClass = {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'vm' },
    handler: 'vm',
    overhead: { podFixed: { cpu: '100m' } },
    scheduling: { nodeSelector: { virtual: 'yes' }, tolerations: [{ key: 'vm', operator: 'Exists' }] },
  }

  it('gives overhead, nodeSelector and tolerations', () => {
    const { spec } = admitted<Pod>(
      worldOf(runtimeClass).create(podBody({ spec: { runtimeClassName: 'vm', nodeSelector: { disk: 'ssd' } } })),
    )
    expect(spec).toMatchObject({ overhead: { cpu: '100m' }, nodeSelector: { disk: 'ssd', virtual: 'yes' } })
    expect(spec.tolerations?.map(({ key }) => key)).toEqual([
      'node.kubernetes.io/not-ready',
      'node.kubernetes.io/unreachable',
      'vm',
    ])
  })

  it.each([
    [{ runtimeClassName: 'none' }, 'pod rejected: RuntimeClass "none" not found'],
    [
      { runtimeClassName: 'vm', overhead: { cpu: '1' } },
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    [{ overhead: { cpu: '1' } }, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'],
    [
      { runtimeClassName: 'vm', nodeSelector: { virtual: 'no' } },
      'conflict: runtimeClass.scheduling.nodeSelector[virtual] = yes; pod.spec.nodeSelector[virtual] = no',
    ],
  ])('%j is refused', (spec, why) => {
    expect(whyRefused(worldOf(runtimeClass).create(podBody({ spec })))).toBe(`pods "app" is forbidden: ${why}`)
  })
})

describe('LimitRanger', () => {
  const limitRange = (...limits: readonly JsonObject[]): JsonObject => ({
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'limits', namespace: 'default' },
    spec: { limits },
  })

  it('fills in what a container does not say, and notes it', () => {
    const world = worldOf(
      limitRange({
        type: 'Container',
        default: { cpu: '500m', memory: '512Mi' },
        defaultRequest: { cpu: '100m', memory: '64Mi' },
      }),
    )
    const pod = admitted<Pod>(
      world.create(
        podBody({
          spec: { containers: [container({ limits: { memory: '1Gi' } })], initContainers: [container({}, 'first')] },
        }),
      ),
    )
    expect(pod.spec.containers[0]?.resources).toEqual({
      limits: { memory: '1Gi', cpu: '500m' },
      requests: { memory: '1Gi', cpu: '100m' },
    })
    expect(pod.metadata.annotations?.['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu request for container app; cpu limit for container app; cpu, memory request for init container first; cpu, memory limit for init container first',
    )
  })

  it.each([
    ['min', { min: { cpu: '100m' } }, {}, 'minimum cpu usage per Container is 100m.  No request is specified'],
    [
      'min',
      { min: { cpu: '100m' } },
      { requests: { cpu: '50m' }, limits: { cpu: '1' } },
      'minimum cpu usage per Container is 100m, but request is 50m',
    ],
    [
      'max',
      { max: { memory: '1Gi' } },
      { requests: { memory: '1Gi' } },
      'maximum memory usage per Container is 1Gi.  No limit is specified',
    ],
    [
      'max',
      { max: { memory: '1Gi' } },
      { limits: { memory: '2Gi' } },
      'maximum memory usage per Container is 1Gi, but limit is 2Gi',
    ],
    [
      'ratio',
      { maxLimitRequestRatio: { cpu: '2' } },
      { requests: { cpu: '100m' }, limits: { cpu: '400m' } },
      'cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000',
    ],
    [
      'ratio',
      { maxLimitRequestRatio: { cpu: '2' } },
      {},
      'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
  ])('refuses what is outside %s: %j', (_, bounds, resources, why) => {
    // Stored without the defaults that a LimitRange derives from its own bounds: they would hide what a container lacks.
    const world = worldOf()
    const metadata = { name: 'limits', namespace: 'default', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' }
    const spec = { limits: [{ type: 'Container', ...bounds } as LimitRangeItem] }
    world.store.put(limitRanges, (resourceVersion) => ({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { ...metadata, resourceVersion },
      spec,
    }))
    expect(whyRefused(world.create(podWith(container(resources))))).toBe(`pods "app" is forbidden: ${why}`)
  })

  it('says all at once, and counts a Pod as a whole', () => {
    const world = worldOf(limitRange({ type: 'Pod', min: { cpu: '2' }, max: { memory: '1Gi' } }))
    const pod = podWith(
      container({ requests: { cpu: '500m' }, limits: { memory: '1Gi' } }),
      container({ requests: { cpu: '500m' }, limits: { memory: '1Gi' } }, 'b'),
    )
    expect(whyRefused(world.create(pod))).toBe(
      'pods "app" is forbidden: [minimum cpu usage per Pod is 2, but request is 1, maximum memory usage per Pod is 1Gi, but limit is 2Gi]',
    )
  })
})

describe('ResourceQuota', () => {
  const quota = (name: string, spec: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name, namespace: 'default' },
    spec,
  })
  const named = (name: string, cpu = '200m', more: JsonObject = {}): JsonObject =>
    podBody({ metadata: { name }, spec: { containers: [container({ requests: { cpu } })], ...more } })

  it('names what would be too much, and nothing else', () => {
    const world = worldOf(
      quota('compute', { hard: { pods: '3', 'requests.cpu': '700m', 'count/pods': '9' } }),
      named('a'),
      named('b'),
      named('c'),
    )
    expect(whyRefused(world.create(named('d')))).toBe(
      'pods "d" is forbidden: exceeded quota: compute, requested: pods=1,requests.cpu=200m, used: pods=3,requests.cpu=600m, limited: pods=3,requests.cpu=700m',
    )
  })

  it('has room again when a Pod is gone or ended', () => {
    const world = worldOf(quota('one', { hard: { pods: '1' } }), named('a'))
    expect(whyRefused(world.create(named('b')))).toContain('exceeded quota: one')
    world.put({ ...named('a'), status: { phase: 'Succeeded' } })
    expect(whyRefused(world.create(named('b')))).toBeUndefined()
    world.put(named('b'))
    expect(whyRefused(world.create(named('c')))).toContain('exceeded quota: one')
    const last = world.store.get(pods, { namespace: 'default', name: 'b' })!
    world.store.remove(pods, () => last)
    expect(whyRefused(world.create(named('c')))).toBeUndefined()
  })

  it('wants requests and limits where it limits them, of every container', () => {
    const world = worldOf(quota('compute', { hard: { 'requests.cpu': '1', 'limits.memory': '1Gi', cpu: '1' } }))
    const pod = podBody({ spec: { containers: [container({}, 'b'), container({ requests: { cpu: '1m' } }, 'a')] } })
    expect(whyRefused(world.create(pod))).toBe(
      'pods "app" is forbidden: failed quota: compute: must specify cpu for: b; limits.memory for: a,b; requests.cpu for: b',
    )
  })

  it.each([
    ['BestEffort', {}, false],
    ['NotBestEffort', {}, true],
    ['Terminating', { activeDeadlineSeconds: 60 }, true],
    ['NotTerminating', { activeDeadlineSeconds: 60 }, false],
  ])('of scope %s looks at Pods in it only: %j', (scope, more, isRefused) => {
    const world = worldOf(quota('scoped', { hard: { pods: '0' }, scopes: [scope] }))
    expect(whyRefused(world.create(named('a', '100m', more))) !== undefined).toBe(isRefused)
  })

  it('counts objects of other kinds', () => {
    const world = worldOf(quota('objects', { hard: { configmaps: '1', 'count/daemonsets.apps': '0' } }))
    const configMap = (name: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
    })
    expect(whyRefused(world.create(configMap('a')))).toBeUndefined()
    world.put(configMap('a'))
    expect(whyRefused(world.create(configMap('b')))).toBe(
      'configmaps "b" is forbidden: exceeded quota: objects, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
    )
  })
})

describe('PodSecurity', () => {
  const secure = (more: JsonObject): JsonObject => namespaceBody('secure', more)
  const ENFORCE = 'pod-security.kubernetes.io/enforce'
  const hostPod = (name: string): JsonObject =>
    podBody({ metadata: { name, namespace: 'secure' }, spec: { hostNetwork: true } })

  it('raising the level tells which Pods break it, and keeps them', () => {
    const world = worldOf(
      secure({}),
      hostPod('b'),
      hostPod('a'),
      podBody({ metadata: { name: 'c', namespace: 'secure' }, spec: { hostPID: true, hostNetwork: true } }),
    )
    const result = world.update(secure({ [ENFORCE]: 'baseline' }))
    expect('refused' in result ? result.refused : result.warnings).toEqual([
      'existing pods in namespace "secure" violate the new PodSecurity enforce level "baseline:latest"',
      'a (and 2 other pods): host namespaces',
    ])
  })

  it('a level that does not exist is refused', () => {
    expect(whyRefused(worldOf().create(secure({ [ENFORCE]: 'strict', [`${ENFORCE}-version`]: '1.2' })))).toBe(
      'Namespace "secure" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/enforce-version]: Invalid value: "1.2": must be "latest" or "v1.x"]',
    )
  })

  it('warns as strictly as it enforces where nothing is said about warnings', () => {
    const daemonSet = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'secure' },
      spec: {
        selector: { matchLabels: { app: 'a' } },
        template: { metadata: { labels: { app: 'a' } }, spec: { hostNetwork: true, containers: [container({})] } },
      },
    }
    const result = worldOf(secure({ [ENFORCE]: 'baseline' })).create(daemonSet)
    expect('refused' in result ? result.refused : result.warnings).toEqual([
      'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    ])
  })

  it('rules of an older version are looser', () => {
    const pod = podBody({
      metadata: { namespace: 'secure' },
      spec: { containers: [{ ...container({}), livenessProbe: { tcpSocket: { host: '10.0.0.1', port: 80 } } }] },
    })
    const why =
      'pods "app" is forbidden: violates PodSecurity "baseline:latest": probe or lifecycle host (container "app" uses probe or lifecycle host "10.0.0.1")'
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'secure' } }
    expect(whyRefused(worldOf(secure({ [ENFORCE]: 'baseline' }), account).create(pod))).toBe(why)
    expect(
      whyRefused(worldOf(secure({ [ENFORCE]: 'baseline', [`${ENFORCE}-version`]: 'v1.33' }), account).create(pod)),
    ).toBeUndefined()
  })
})
