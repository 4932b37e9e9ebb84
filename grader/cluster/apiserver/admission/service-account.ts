// ServiceAccount: every Pod runs as an account that exists, and finds the account's token in its file system.
// Upstream: plugin/pkg/admission/serviceaccount/admission.go.
// Simplified: the deprecated annotation kubernetes.io/enforce-mountable-secrets is not looked at.
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '../../../api/core.ts'
import { serviceAccounts } from '../../../api/resource-table.ts'
import type { AdmissionContext, AdmissionRandom } from './admission-context.ts'
import type { PodDraft } from './pod-draft.ts'

const DEFAULT_ACCOUNT = 'default'
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror'
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const VOLUME_PREFIX = 'kube-api-access-'
const SUFFIX_LENGTH = 5

/** Fills in the account, its token and its pull secrets; the answer is why the Pod is refused. */
export function useServiceAccount({ metadata, spec }: PodDraft, context: AdmissionContext): string | undefined {
  if (metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) return refuseMirrorPod(spec)
  const name = spec.serviceAccountName || spec.serviceAccount || DEFAULT_ACCOUNT
  spec.serviceAccountName = name
  spec.serviceAccount = name
  const { namespace = '' } = metadata
  const account = context.read.get(serviceAccounts, { namespace, name })
  // Simplified: upstream waits up to two seconds for the `default` account of a new namespace, which its controller makes
  // at once; here a Pod does not wait for it.
  if (account === undefined && name !== DEFAULT_ACCOUNT) {
    return `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`
  }
  if (spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true)
    mountToken(spec, context.random)
  if ((spec.imagePullSecrets ?? []).length === 0) addPullSecrets(spec, account)
  return undefined
}

function addPullSecrets(spec: PodDraft['spec'], account: ServiceAccount | undefined): void {
  const secrets = account?.imagePullSecrets
  if (secrets !== undefined && secrets.length > 0) spec.imagePullSecrets = secrets
}

interface Mounted {
  readonly initContainers: PodSpec['initContainers']
  readonly volumes: PodSpec['volumes']
  readonly result: Pick<PodSpec, 'containers' | 'initContainers' | 'volumes'>
}

const mounted = new WeakMap<AdmissionRandom, WeakMap<readonly Container[], Mounted>>()

/**
 * Simplified: upstream draws the five letters of the volume's name for every Pod; here Pods with the same containers
 * share them, and with them the containers and volumes, so that 100,000 Pods of one template hold one copy.
 */
function mountToken(spec: PodDraft['spec'], random: AdmissionRandom): void {
  const ofCluster = mounted.get(random) ?? new WeakMap<readonly Container[], Mounted>()
  mounted.set(random, ofCluster)
  let known = ofCluster.get(spec.containers)
  if (known === undefined || known.initContainers !== spec.initContainers || known.volumes !== spec.volumes) {
    known = { initContainers: spec.initContainers, volumes: spec.volumes, result: withToken(spec, random) }
    ofCluster.set(spec.containers, known)
  }
  Object.assign(spec, known.result)
}

function withToken({ containers, initContainers, volumes }: PodSpec, random: AdmissionRandom): Mounted['result'] {
  const present = volumes?.find(({ name }) => name.startsWith(VOLUME_PREFIX))
  const name = present?.name ?? VOLUME_PREFIX + random.suffix(SUFFIX_LENGTH)
  const all = [...(initContainers ?? []), ...containers]
  const isNeeded = all.some((container) => !hasMount(container))
  return {
    containers: containers.map((container) => withMount(container, name)),
    ...(initContainers === undefined
      ? {}
      : { initContainers: initContainers.map((container) => withMount(container, name)) }),
    ...(present === undefined && isNeeded ? { volumes: [...(volumes ?? []), tokenVolume(name)] } : {}),
  }
}

const hasMount = ({ volumeMounts = [] }: Container): boolean =>
  volumeMounts.some((mount) => mount.mountPath === TOKEN_PATH)

function withMount(container: Container, name: string): Container {
  if (hasMount(container)) return container
  const mount = { name, readOnly: true, mountPath: TOKEN_PATH }
  return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] }
}

function tokenVolume(name: string): Volume {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [namespace] } },
  ]
  return { name, projected: { sources, defaultMode: 420 } }
}

/** A mirror Pod stands for one that a kubelet runs by itself: it cannot need what only the API server gives. */
function refuseMirrorPod(spec: Pod['spec']): string | undefined {
  if ((spec.serviceAccountName ?? '') !== '') return 'a mirror pod may not reference service accounts'
  const { volumes = [], imagePullSecrets = [] } = spec
  const usesSecret = [...(spec.initContainers ?? []), ...spec.containers].some(
    ({ env = [], envFrom = [] }) =>
      env.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined) ||
      envFrom.some(({ secretRef }) => secretRef !== undefined),
  )
  const sourcesOf = ({ projected }: Volume) => projected?.sources ?? []
  const mountsSecret = volumes.some(
    (volume) => volume.secret !== undefined || sourcesOf(volume).some(({ secret }) => secret !== undefined),
  )
  if (usesSecret || mountsSecret || imagePullSecrets.length > 0) return 'a mirror pod may not reference secrets'
  const projectsToken = volumes.some((volume) =>
    sourcesOf(volume).some((source) => source.serviceAccountToken !== undefined),
  )
  return projectsToken ? 'a mirror pod may not use ServiceAccountToken volume projections' : undefined
}
