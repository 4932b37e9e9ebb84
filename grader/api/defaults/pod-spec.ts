// Defaults of a Pod's spec, in Pods and in templates alike. Upstream: SetDefaults_PodSpec, SetDefaults_Container,
// SetDefaults_Probe and SetObjectDefaults_Pod of pkg/apis/core/v1.
import type { Container, ContainerPort, EnvVar, LifecycleHandler, PodSpec, Probe } from '../core.ts'
import { fill, fillText, mapShared, put, remembered } from './fill.ts'
import { pullPolicyOf } from './image.ts'
import { defaultResourceList } from './quantities.ts'
import { defaultVolumes } from './volumes.ts'

const POD_SPEC_DEFAULTS: Partial<PodSpec> = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
}

/** The spec with its defaults; itself if it has them all. */
export function defaultPodSpec(given: PodSpec): PodSpec {
  let spec = defaultServiceAccount(fill(given, POD_SPEC_DEFAULTS))
  for (const field of ['restartPolicy', 'dnsPolicy', 'schedulerName'] as const)
    spec = fillText(spec, field, POD_SPEC_DEFAULTS[field]!)
  if (spec.volumes !== undefined) spec = put(spec, 'volumes', defaultVolumes(spec.volumes))
  for (const field of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    const list = spec[field]
    if (list !== undefined) spec = put(spec, field, defaultContainers(list))
  }
  if (spec.overhead !== undefined) spec = put(spec, 'overhead', defaultResourceList(spec.overhead))
  return spec.resources === undefined ? spec : put(spec, 'resources', defaultResources(spec.resources))
}

// The old name of serviceAccountName is written by the conversion: both always say the same.
function defaultServiceAccount(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName ?? ''
  if (name !== '') return put(spec, 'serviceAccount', name)
  const old = spec.serviceAccount ?? ''
  return old === '' ? spec : { ...spec, serviceAccountName: old }
}

export const defaultContainers = remembered((list: readonly Container[]) => mapShared(list, defaultContainer))

const defaultContainer = remembered((given: Container): Container => {
  let container = fillText(given, 'terminationMessagePath', '/dev/termination-log')
  container = fillText(container, 'terminationMessagePolicy', 'File')
  container = fillText(container, 'imagePullPolicy', pullPolicyOf(container.image ?? ''))
  if (container.ports !== undefined) container = put(container, 'ports', mapShared(container.ports, defaultPort))
  if (container.env !== undefined) container = put(container, 'env', mapShared(container.env, defaultEnv))
  if (container.resources !== undefined) container = put(container, 'resources', defaultResources(container.resources))
  for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[field]
    if (probe !== undefined) container = put(container, field, defaultProbe(probe))
  }
  return container.lifecycle === undefined
    ? container
    : put(container, 'lifecycle', defaultLifecycle(container.lifecycle))
})

const defaultPort = (port: ContainerPort): ContainerPort => fillText(port, 'protocol', 'TCP')

function defaultEnv(variable: EnvVar): EnvVar {
  const source = variable.valueFrom
  if (source === undefined) return variable
  let next = source
  if (next.fieldRef !== undefined) next = put(next, 'fieldRef', fillText(next.fieldRef, 'apiVersion', 'v1'))
  if (next.resourceFieldRef !== undefined)
    next = put(next, 'resourceFieldRef', fillText(next.resourceFieldRef, 'divisor', '0'))
  if (next.fileKeyRef !== undefined) next = put(next, 'fileKeyRef', fill(next.fileKeyRef, { optional: false }))
  return put(variable, 'valueFrom', next)
}

function defaultResources<T extends NonNullable<Container['resources']>>(resources: T): T {
  let next: NonNullable<Container['resources']> = resources
  if (next.limits !== undefined) next = put(next, 'limits', defaultResourceList(next.limits))
  if (next.requests !== undefined) next = put(next, 'requests', defaultResourceList(next.requests))
  return next as T
}

const PROBE_DEFAULTS = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 } as const

function defaultProbe(given: Probe): Probe {
  let probe: Probe = given
  for (const field of ['timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const) {
    if ((probe[field] ?? 0) === 0) probe = { ...probe, [field]: PROBE_DEFAULTS[field] }
  }
  if (probe.grpc !== undefined) probe = put(probe, 'grpc', fill(probe.grpc, { service: '' }))
  return defaultHandler(probe)
}

function defaultLifecycle(given: NonNullable<Container['lifecycle']>): NonNullable<Container['lifecycle']> {
  let lifecycle = given
  for (const field of ['postStart', 'preStop'] as const) {
    const hook: LifecycleHandler | undefined = lifecycle[field]
    if (hook !== undefined) lifecycle = put(lifecycle, field, defaultHandler(hook))
  }
  return lifecycle
}

function defaultHandler<T extends LifecycleHandler>(handler: T): T {
  const action = handler.httpGet
  if (action === undefined) return handler
  const next = fillText(fillText(action, 'path', '/'), 'scheme', 'HTTP')
  return next === action ? handler : { ...handler, httpGet: next }
}
