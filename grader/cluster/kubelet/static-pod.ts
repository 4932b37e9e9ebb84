// Static Pods: manifests on the machine's own disk, and their mirrors in the API.
// Upstream: pkg/kubelet/config/{file,common}.go (applyDefaults), pkg/kubelet/pod/mirror_client.go.
import type { ApiClient } from '../../api/api-client.ts'
import type { Pod } from '../../api/core.ts'
import { type ForCreate, keyOf } from '../../api/meta.ts'
import { nodes as nodeResource, pods as podResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import { digestOf } from './container.ts'
import type { Kubelet, PodWorker } from './kubelet.ts'
import type { PodWorkers } from './pod-worker.ts'

/** A Pod as a file in the manifests directory states it. */
export type StaticManifest = Pick<ForCreate<Pod>, 'metadata' | 'spec'>

export interface StaticPods {
  /** The file holds this Pod now, or is gone. The kubelet notices at once. */
  write(kubelet: Kubelet, file: string, manifest: StaticManifest | undefined): void
  /** The API server can be reached, or a mirror is gone: what is missing is made again. */
  mirrorAll(kubelet: Kubelet): void
}

interface StaticPodsParts {
  readonly client: ApiClient
  readonly clock: Clock
  readonly workers: PodWorkers
}

const HASH = 'kubernetes.io/config.hash'

export function createStaticPods({ client, clock, workers }: StaticPodsParts): StaticPods {
  /** The Pod of each file, by machine. */
  const running = new Map<Kubelet, Map<string, Pod>>()

  function write(kubelet: Kubelet, file: string, manifest: StaticManifest | undefined): void {
    const files = running.get(kubelet) ?? new Map<string, Pod>()
    running.set(kubelet, files)
    const old = files.get(file)
    const made = manifest === undefined ? undefined : staticPodOf(manifest, kubelet, clock.timestamp())
    if (old?.metadata.annotations?.[HASH] === made?.metadata.annotations?.[HASH]) return
    if (old !== undefined) workers.removeStatic(kubelet, keyOf(old))
    files.delete(file)
    if (made === undefined) return
    files.set(file, made)
    workers.startStatic(kubelet, made)
    mirror(kubelet, made)
  }

  function mirror(kubelet: Kubelet, pod: Pod): void {
    if (!kubelet.connected || !kubelet.running) return
    const worker: PodWorker | undefined = kubelet.pods.get(keyOf(pod))
    if (worker === undefined || client.get(podResource, pod.metadata).ok) return
    const { uid: _, ...metadata } = pod.metadata
    const node = client.get(nodeResource, { name: kubelet.name })
    if (!node.ok) return
    const owner = { apiVersion: 'v1', kind: 'Node', name: kubelet.name, uid: node.value.metadata.uid, controller: true }
    const annotations = { ...metadata.annotations, 'kubernetes.io/config.mirror': metadata.annotations?.[HASH] ?? '' }
    const made = client.create<Pod>(podResource, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, annotations, ownerReferences: [owner] },
      spec: pod.spec,
    })
    if (made.ok) workers.adopt(worker, made.value)
  }

  return {
    write,
    mirrorAll(kubelet) {
      for (const pod of running.get(kubelet)?.values() ?? []) mirror(kubelet, pod)
    },
  }
}

/** Upstream: name and uid carry the Node; every NoExecute taint is tolerated. */
function staticPodOf({ metadata, spec }: StaticManifest, kubelet: Kubelet, now: string): Pod {
  const hash = digestOf(JSON.stringify([metadata, spec, kubelet.name])).slice(0, 32)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name: `${metadata.name ?? ''}-${kubelet.name.toLowerCase()}`,
      namespace: metadata.namespace ?? 'default',
      uid: hash,
      annotations: {
        ...metadata.annotations,
        [HASH]: hash,
        'kubernetes.io/config.seen': now.replace('Z', '.000000000Z'),
        'kubernetes.io/config.source': 'file',
      },
    },
    spec: {
      enableServiceLinks: true,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      ...spec,
      nodeName: kubelet.name,
      tolerations: [...(spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: {},
  } as Pod
}
