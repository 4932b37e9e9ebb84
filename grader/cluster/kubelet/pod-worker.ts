// From the first sight of a Pod that is bound to a Node to its last: admission, volumes, start, end, catching up.
// Upstream: pkg/kubelet/kubelet.go (HandlePodAdditions, SyncPod), pod_workers.go.
import type { ApiClient } from '../../api/api-client.ts'
import type { Node, Pod } from '../../api/core.ts'
import { controllerOf, keyOf } from '../../api/meta.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import type { Informer, Informers } from '../machinery/informer.ts'
import { admitPod } from './admission.ts'
import { type ContainerRecord, createContainer } from './container.ts'
import type { Configs } from './container-start.ts'
import { type Kubelet, type PodWorker, whenRunning } from './kubelet.ts'
import type { PodReporter } from './pod-reporter.ts'
import type { PodRunner } from './pod-runner.ts'
import { mountProblems } from './volume.ts'

export interface PodWorkersParts {
  readonly client: ApiClient
  /** A static Pod has lost its mirror. */
  readonly onMirrorGone: (kubelet: Kubelet) => void
  readonly clock: Clock
  readonly store: Informers['store']
  readonly nodes: Informer<Node>
  readonly containerLife: Lifecycle
  readonly podLife: Lifecycle
  readonly reporter: PodReporter
  readonly runner: PodRunner
  readonly configs: Configs
}

export interface PodWorkers {
  /** A Pod that is bound to the kubelet's Node is new or changed. */
  seen(kubelet: Kubelet, pod: Pod): void
  /** A Pod is gone from the API. */
  gone(kubelet: Kubelet, pod: Pod): void
  /** Runs a Pod of the machine's own, without asking the API server. */
  startStatic(kubelet: Kubelet, pod: Pod): void
  /** Ends one, and takes its mirror away. */
  removeStatic(kubelet: Kubelet, key: string): void
  adopt(worker: PodWorker, mirror: Pod): void
  /** What the kubelet finds when it sees the API server again. */
  catchUp(kubelet: Kubelet): void
}

const BY = 'kubelet'
const MIRROR = 'kubernetes.io/config.mirror'
const FIRST_MOUNT_RETRY_SECONDS = 0.5
const LAST_MOUNT_RETRY_SECONDS = 122
/** Upstream's way from the API server to the kubelet and back takes time as well. */
const REJECTION_GAP_SECONDS = 1
const NO_CONTAINERS: readonly ContainerRecord[] = []

export function createPodWorkers({
  client,
  onMirrorGone,
  clock,
  store,
  nodes,
  containerLife,
  podLife,
  reporter,
  runner,
  configs,
}: PodWorkersParts): PodWorkers {
  /** When a Node last rejected a Pod of an owner, ms. */
  const rejectedAt = new Map<string, number>()

  function seen(kubelet: Kubelet, pod: Pod): void {
    const key = keyOf(pod)
    const known = kubelet.pods.get(key)
    if (known !== undefined && known.pod.metadata.uid === pod.metadata.uid) {
      podChanged(known, pod)
      return
    }
    if (known?.isStatic) {
      adopt(known, pod)
      return
    }
    // A mirror whose file is gone.
    if (known === undefined && pod.metadata.annotations?.[MIRROR] !== undefined) {
      removeMirror(pod)
      return
    }
    if (known !== undefined) drop(known)
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return
    const worker = createWorker(kubelet, pod)
    const node = nodes.get({ name: kubelet.name })
    if (node === undefined) return
    const rejection = kubelet.runsEverything ? undefined : admitPod(pod, node, admittedOn(kubelet), kubelet.pressures)
    kubelet.pods.set(key, worker)
    if (rejection !== undefined) {
      reject(worker, () => reporter.rejected(worker, rejection.reason, rejection.message))
      return
    }
    if (pod.metadata.deletionTimestamp !== undefined) {
      end(worker, pod)
      return
    }
    if (reporter.isSmall()) reporter.report(worker)
    mountThenStart(worker)
  }

  /** At once, unless the Node rejected a Pod of the same owner a moment ago: owners that replace it would go round in circles. */
  function reject(worker: PodWorker, say: () => void): void {
    const key = `${worker.kubelet.name}/${controllerOf(worker.pod)?.uid ?? worker.pod.metadata.uid}`
    const since = clock.now() - (rejectedAt.get(key) ?? Number.NEGATIVE_INFINITY)
    rejectedAt.set(key, clock.now())
    if (since >= REJECTION_GAP_SECONDS * 1000) say()
    else
      clock.after(REJECTION_GAP_SECONDS, BY, () =>
        whenRunning(worker.kubelet, () => worker.over || worker.deletion === 'Terminating' || say()),
      )
  }

  function createWorker(kubelet: Kubelet, pod: Pod): PodWorker {
    const [start = ''] = containerLife.initial
    const [, deletion = ''] = podLife.initial
    return {
      pod,
      kubelet,
      init:
        pod.spec.initContainers === undefined
          ? NO_CONTAINERS
          : pod.spec.initContainers.map((container) => createContainer(container, start, true)),
      containers: pod.spec.containers.map((container) => createContainer(container, start, false)),
      phase: podLife.next(podLife.initial[0]!, 'BOUND'),
      deletion,
      startTime: clock.timestamp(),
      podIP: undefined,
      epoch: 0,
      mountFailures: 0,
      again: undefined,
      failure: undefined,
      graceSeconds: Number.POSITIVE_INFINITY,
      hasFailed: false,
      isStatic: false,
      over: false,
    }
  }

  function mountThenStart(worker: PodWorker): void {
    const problems = mountProblems(worker.pod, worker.kubelet, configs)
    if (problems.length === 0) {
      runner.start(worker)
      return
    }
    reporter.mountsFailed(worker, problems)
    const delay = Math.min(FIRST_MOUNT_RETRY_SECONDS * 2 ** worker.mountFailures, LAST_MOUNT_RETRY_SECONDS)
    worker.mountFailures++
    const { epoch } = worker
    clock.after(delay, BY, () => {
      whenRunning(worker.kubelet, () => {
        if (worker.epoch === epoch && !worker.over) mountThenStart(worker)
      })
    })
  }

  function podChanged(worker: PodWorker, pod: Pod): void {
    const before = worker.pod
    worker.pod = pod
    if (worker.isStatic && worker.deletion !== 'Terminating') {
      // Deleting a mirror does nothing to the containers; a new one is made.
      if (pod.metadata.deletionTimestamp !== undefined) removeMirror(pod)
      return
    }
    if (pod.metadata.deletionTimestamp !== undefined) {
      end(worker, pod)
      return
    }
    if (before.spec !== pod.spec && before.spec.containers !== pod.spec.containers) runner.adaptTo(worker)
  }

  function end(worker: PodWorker, pod: Pod): void {
    const grace = pod.metadata.deletionGracePeriodSeconds
    if (worker.deletion === 'Terminating') {
      // A later delete can only shorten the grace period; the kubelet starts to count anew with what is left.
      if (grace !== undefined && grace < worker.graceSeconds) {
        worker.graceSeconds = grace
        runner.terminate(worker)
      }
      return
    }
    worker.pod = pod
    worker.graceSeconds = grace ?? Number.POSITIVE_INFINITY
    worker.deletion = podLife.next(worker.deletion, 'DELETED')
    runner.terminate(worker)
  }

  function removeMirror({ metadata }: Pod): void {
    client.delete(podResource, metadata, { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } })
  }

  /** The worker goes on with another object in the API. */
  function adopt(worker: PodWorker, mirror: Pod): void {
    if (worker.pod.metadata.uid === mirror.metadata.uid && worker.pod === mirror) return
    worker.pod = mirror
    reporter.report(worker)
  }

  function startStatic(kubelet: Kubelet, pod: Pod): void {
    const worker = createWorker(kubelet, pod)
    worker.isStatic = true
    kubelet.pods.set(keyOf(pod), worker)
    mountThenStart(worker)
  }

  function removeStatic(kubelet: Kubelet, key: string): void {
    const worker = kubelet.pods.get(key)
    if (worker === undefined) return
    worker.deletion = podLife.next(worker.deletion, 'DELETED')
    runner.terminate(worker)
    worker.isStatic = false
  }

  function drop(worker: PodWorker): void {
    worker.over = true
    worker.epoch++
    worker.kubelet.pods.delete(keyOf(worker.pod))
  }

  function catchUp(kubelet: Kubelet): void {
    const { postponed = [] } = kubelet
    kubelet.postponed = undefined
    for (const work of postponed) work()
    const there = store.podsOnNode(kubelet.name)
    for (const worker of [...kubelet.pods.values()]) {
      if (worker.isStatic) reporter.report(worker)
      else if (there.get(keyOf(worker.pod))?.metadata.uid !== worker.pod.metadata.uid) drop(worker)
      else reporter.report(worker)
    }
    for (const pod of there.values()) seen(kubelet, pod)
  }

  return {
    seen,
    gone(kubelet, pod) {
      const worker = kubelet.pods.get(keyOf(pod))
      if (worker === undefined || worker.pod.metadata.uid !== pod.metadata.uid) return
      if (worker.isStatic) onMirrorGone(kubelet)
      else drop(worker)
    },
    catchUp,
    startStatic,
    removeStatic,
    adopt,
  }
}

/** Pods that count against the Node: admitted, and not finished. */
function admittedOn(kubelet: Kubelet): readonly Pod[] {
  const admitted: Pod[] = []
  for (const { over, phase, pod } of kubelet.pods.values())
    if (!over && phase !== 'Failed' && phase !== 'Succeeded') admitted.push(pod)
  return admitted
}
