// The environment that a container's program sees. Upstream: pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables).

import { decodeBase64 } from '../../api/base64.ts'
import type { ConfigMap, EnvVarSource, Secret } from '../../api/core.ts'
import { milliValueOfQuantity, quantity } from '../../api/quantity.ts'
import type { ContainerRecord } from './container.ts'
import type { Configs } from './container-start.ts'
import type { PodWorker } from './kubelet.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What a container reads from outside: its Pod, its machine, ConfigMaps and Secrets. */
export interface Inside {
  readonly worker: PodWorker
  readonly container: ContainerRecord
  readonly configs: Configs
}

// Simplified: of Services only `kubernetes` puts variables into containers.
/** Name → value, in the order in which `env` prints them. */
export function environmentOf(inside: Inside): ReadonlyMap<string, string> {
  const { worker, container } = inside
  const values = new Map([
    ['PATH', PATH],
    ['HOSTNAME', hostnameOf(worker)],
  ])
  for (const { prefix = '', configMapRef, secretRef } of container.spec.envFrom ?? []) {
    const data = dataOf(inside, configMapRef === undefined ? 'secret' : 'configmap', (configMapRef ?? secretRef)?.name)
    for (const [key, value] of Object.entries(data ?? {})) values.set(`${prefix}${key}`, value)
  }
  for (const { name, value, valueFrom } of container.spec.env ?? []) {
    const text = valueFrom === undefined ? expand(value ?? '', values) : sourceValue(valueFrom, inside)
    if (text !== undefined) values.set(name, text)
  }
  for (const [name, value] of KUBERNETES_SERVICE) if (!values.has(name)) values.set(name, value)
  if (!values.has('HOME')) values.set('HOME', '/root')
  return values
}

const KUBERNETES_SERVICE: readonly (readonly [string, string])[] = [
  ['KUBERNETES_SERVICE_HOST', '10.96.0.1'],
  ['KUBERNETES_SERVICE_PORT', '443'],
  ['KUBERNETES_SERVICE_PORT_HTTPS', '443'],
  ['KUBERNETES_PORT', 'tcp://10.96.0.1:443'],
  ['KUBERNETES_PORT_443_TCP', 'tcp://10.96.0.1:443'],
  ['KUBERNETES_PORT_443_TCP_PROTO', 'tcp'],
  ['KUBERNETES_PORT_443_TCP_PORT', '443'],
  ['KUBERNETES_PORT_443_TCP_ADDR', '10.96.0.1'],
]

/** `$(NAME)` of a variable that is known; `$$(NAME)` is the text itself. Upstream: third_party/forked/golang/expansion. */
function expand(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (values.get(name) ?? whole),
  )
}

function sourceValue(
  { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef }: EnvVarSource,
  inside: Inside,
): string | undefined {
  if (fieldRef !== undefined) return fieldOf(fieldRef.fieldPath, inside.worker)
  if (resourceFieldRef !== undefined) return resourceOf(resourceFieldRef, inside)
  if (configMapKeyRef !== undefined) return dataOf(inside, 'configmap', configMapKeyRef.name)?.[configMapKeyRef.key]
  if (secretKeyRef !== undefined) return dataOf(inside, 'secret', secretKeyRef.name)?.[secretKeyRef.key]
  return undefined
}

/** The plain values of a ConfigMap or a Secret in the Pod's namespace. */
export function dataOf(
  { worker, configs }: Inside,
  kind: 'configmap' | 'secret',
  name = '',
): Readonly<Record<string, string>> | undefined {
  const key = { namespace: worker.pod.metadata.namespace ?? 'default', name }
  const found: ConfigMap | Secret | undefined = kind === 'configmap' ? configs.configMap(key) : configs.secret(key)
  if (found === undefined) return undefined
  const { data = {} } = found
  if (kind === 'configmap') return data
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, decodeBase64(value) ?? value]))
}

/** A field of the Pod, as the downward API gives it. */
export function fieldOf(path: string, { pod, podIP, kubelet }: PodWorker): string {
  const { metadata, spec } = pod
  const subscript = /^metadata\.(labels|annotations)(?:\['(.*)'\])?$/.exec(path)
  if (subscript !== null) {
    const map = metadata[subscript[1] as 'labels' | 'annotations'] ?? {}
    if (subscript[2] !== undefined) return map[subscript[2]] ?? ''
    return Object.keys(map)
      .sort()
      .map((key) => `${key}=${JSON.stringify(map[key])}`)
      .join('\n')
  }
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName,
    'status.hostIP': kubelet.hostIP,
    'status.hostIPs': kubelet.hostIP,
    'status.podIP': podIP,
    'status.podIPs': podIP,
  }
  return fields[path] ?? ''
}

// Simplified: a limit that is not set reads as 0, not as what the Node can allocate.
/** A container's own request or limit, divided and rounded up. */
export function resourceOf(
  { containerName, resource, divisor = '1' }: { containerName?: string; resource: string; divisor?: string },
  { worker, container }: Pick<Inside, 'worker' | 'container'>,
): string {
  const spec = worker.pod.spec.containers.find(({ name }) => name === containerName) ?? container.spec
  const [list = '', ...rest] = resource.split('.')
  const amount = spec.resources?.[list as 'requests' | 'limits']?.[rest.join('.')]
  if (amount === undefined) return '0'
  const by = milliValueOfQuantity(quantity(divisor === '0' ? '1' : divisor))
  return String(Math.ceil(milliValueOfQuantity(quantity(amount)) / by))
}

/** What `hostname` says: the Pod's name, cut to 63 characters, unless it shares the machine's. */
export function hostnameOf({ pod, kubelet }: PodWorker): string {
  if (pod.spec.hostNetwork === true) return kubelet.name
  return pod.spec.hostname ?? pod.metadata.name.slice(0, 63).replace(/[-.]+$/, '')
}
