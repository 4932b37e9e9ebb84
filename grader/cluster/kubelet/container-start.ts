// What can keep a container from starting: its image, or a ConfigMap or Secret that its environment needs.
// Upstream: pkg/kubelet/images/image_manager.go, pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables).
import type { ConfigMap, Container, Pod, Secret } from '../../api/core.ts'
import type { ObjectKey } from '../../api/meta.ts'
import type { ImageBehaviour } from '../cluster-config.ts'
import type { Kubelet } from './kubelet.ts'

/** ConfigMaps and Secrets as the kubelet reads them. */
export interface Configs {
  configMap(key: ObjectKey): ConfigMap | undefined
  secret(key: ObjectKey): Secret | undefined
}

export interface PullProblem {
  readonly event: 'PULL_FAILED' | 'IMAGE_ABSENT' | 'BAD_IMAGE_NAME'
  readonly message: string
}

// Simplified: the reference grammar without its length limits.
const IMAGE_REFERENCE =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][\w.+-]*:[0-9a-fA-F]{32,})?$/

/** Why the image does not come to the machine; undefined if it does. */
export function pullError(container: Container, behaviour: ImageBehaviour, kubelet: Kubelet): PullProblem | undefined {
  const image = container.image ?? ''
  if (behaviour.pull === 'error') return { event: 'PULL_FAILED', message: pullErrorMessage(image) }
  if (kubelet.runsEverything) return undefined
  if (!IMAGE_REFERENCE.test(image)) {
    return {
      event: 'BAD_IMAGE_NAME',
      message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
    }
  }
  if (container.imagePullPolicy === 'Never' && kubelet.images?.has(image) !== true) {
    return { event: 'IMAGE_ABSENT', message: `Container image "${image}" is not present with pull policy of Never` }
  }
  return undefined
}

/** containerd's words for an image that the registry does not have. */
function pullErrorMessage(image: string): string {
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
}

export interface MissingConfig {
  readonly message: string
  /** The field of the Pod that names what is missing. */
  readonly path: string
}

/** The first ConfigMap, Secret or key that the environment needs and does not find; optional ones are passed over. */
export function missingConfig(pod: Pod, container: Container, configs: Configs): MissingConfig | undefined {
  const { namespace = 'default' } = pod.metadata
  const list = pod.spec.containers.includes(container) ? 'containers' : 'initContainers'
  const at = `spec.${list}[${(pod.spec[list] ?? []).indexOf(container)}]`
  const sources: Source[] = []
  container.envFrom?.forEach(({ configMapRef, secretRef }, i) => {
    if (configMapRef !== undefined)
      sources.push({ ...configMapRef, kind: 'configmap', path: `${at}.envFrom[${i}].configMapRef.name` })
    if (secretRef !== undefined)
      sources.push({ ...secretRef, kind: 'secret', path: `${at}.envFrom[${i}].secretRef.name` })
  })
  container.env?.forEach(({ valueFrom }, i) => {
    if (valueFrom?.configMapKeyRef !== undefined) {
      sources.push({
        ...valueFrom.configMapKeyRef,
        kind: 'configmap',
        path: `${at}.env[${i}].valueFrom.configMapKeyRef`,
      })
    }
    if (valueFrom?.secretKeyRef !== undefined)
      sources.push({ ...valueFrom.secretKeyRef, kind: 'secret', path: `${at}.env[${i}].valueFrom.secretKeyRef` })
  })
  for (const source of sources) {
    const message = source.optional === true ? undefined : missingText(source, namespace, configs)
    if (message !== undefined) return { message, path: source.path }
  }
  return undefined
}

interface Source {
  readonly kind: 'configmap' | 'secret'
  readonly name?: string
  readonly key?: string
  readonly optional?: boolean
  readonly path: string
}

function missingText({ kind, name = '', key }: Source, namespace: string, configs: Configs): string | undefined {
  const object = kind === 'configmap' ? configs.configMap({ namespace, name }) : configs.secret({ namespace, name })
  if (object === undefined) return `${kind} "${name}" not found`
  if (key === undefined || hasKey(object, key)) return undefined
  return `couldn't find key ${key} in ${kind === 'configmap' ? 'ConfigMap' : 'Secret'} ${namespace}/${name}`
}

/** Whether a ConfigMap or Secret has the key. */
export function hasKey(object: ConfigMap | Secret, key: string): boolean {
  return object.data?.[key] !== undefined || ('binaryData' in object && object.binaryData?.[key] !== undefined)
}
