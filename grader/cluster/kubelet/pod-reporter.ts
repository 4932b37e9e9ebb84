// What a kubelet tells the API server and the trace: statuses, Events, the removal of ended Pods. It decides nothing.
// Upstream: pkg/kubelet/status/status_manager.go, pkg/kubelet/events/event.go.
import type { ApiClient } from '../../api/api-client.ts'
import { deepEqual } from '../../api/compare.ts'
import type { ObjectReference, Pod } from '../../api/core.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import { createEventRecorder, type EventType } from '../machinery/event-recorder.ts'
import type { Informer } from '../machinery/informer.ts'
import type { Reason, Trace } from '../trace.ts'
import type { ContainerRecord } from './container.ts'
import { restarts } from './container-end.ts'
import type { PullProblem } from './container-start.ts'
import { type Kubelet, type PodWorker, postpone } from './kubelet.ts'
import { podStatusOf } from './pod-status.ts'
import type { ProbeKind } from './probe.ts'
import { formatSeconds } from './restart-backoff.ts'
import type { MountProblem } from './volume.ts'

export interface PodReporter {
  /** Writes the Pod's status if it changed and the API server can be reached. */
  report(worker: PodWorker): void
  /** Writes the last status and takes the Pod out of the API. */
  removed(worker: PodWorker): void
  /** The kubelet will not have the Pod: it fails at once, with only these words. */
  rejected(worker: PodWorker, reason: string, message: string): void
  /** The machine is short of something, and the Pod goes. */
  evicted(worker: PodWorker, message: string): void
  mountsFailed(worker: PodWorker, problems: readonly MountProblem[]): void
  pullFailed(worker: PodWorker, container: ContainerRecord, problem: PullProblem): void
  pullBackOff(worker: PodWorker, container: ContainerRecord): void
  configMissing(worker: PodWorker, container: ContainerRecord, message: string, path: string): void
  started(worker: PodWorker, container: ContainerRecord): void
  exited(worker: PodWorker, container: ContainerRecord): void
  restartBackOff(worker: PodWorker, container: ContainerRecord, delaySeconds: number): void
  killing(worker: PodWorker, container: ContainerRecord): void
  preStopFailed(worker: PodWorker, container: ContainerRecord): void
  /** A probe failed, whether or not it matters yet. */
  unhealthy(worker: PodWorker, container: ContainerRecord, message: string): void
  killingUnhealthy(worker: PodWorker, container: ContainerRecord, kind: ProbeKind): void
  sandboxChanged(worker: PodWorker): void
  /** An edited container has to stop. */
  definitionChanged(worker: PodWorker, container: ContainerRecord): void
  /** Whether the cluster is small enough for kubelets' own Events. */
  isSmall(): boolean
  /** An Event about any object, from the Node's kubelet, if the cluster is small enough for them. */
  tell(kubelet: Kubelet, about: Pod | ObjectReference, type: EventType, reason: string, message: string): void
}

export interface PodReporterParts {
  readonly client: ApiClient
  readonly clock: Clock
  readonly trace: Trace
  readonly podLife: Lifecycle
  readonly pods: Informer<Pod>
  /** Whether the cluster is small enough for a kubelet's own Events and for every status in between. */
  readonly isSmall: () => boolean
}

const BY = 'kubelet'

export function createPodReporter({ client, clock, trace, podLife, pods, isSmall }: PodReporterParts): PodReporter {
  const tell: PodReporter['tell'] = (kubelet, about, type, reason, message) => {
    if (!kubelet.connected || !isSmall()) return
    kubelet.recorder ??= createEventRecorder({ client, clock, component: BY, host: kubelet.name })
    kubelet.recorder.event(about, type, reason, message)
  }

  const tellOfContainer = (
    worker: PodWorker,
    container: ContainerRecord,
    [type, reason, message]: readonly [EventType, string, string],
  ) => {
    if (!isSmall()) return
    const { kind, apiVersion, metadata } = worker.pod
    const { namespace, name, uid, resourceVersion } = metadata
    const list = container.kind === 'regular' ? 'containers' : 'initContainers'
    const reference: ObjectReference = {
      kind,
      apiVersion,
      name,
      uid,
      resourceVersion,
      fieldPath: `spec.${list}{${container.spec.name}}`,
      ...(namespace === undefined ? {} : { namespace }),
    }
    tell(worker.kubelet, reference, type, reason, message)
  }

  const record = (worker: PodWorker, happened: string, because: readonly Reason[]) => {
    const { namespace, name } = worker.pod.metadata
    const about = { kind: 'Pod', name, ...(namespace === undefined ? {} : { namespace }) }
    trace.record(BY, { type: 'kubelet', about, node: worker.kubelet.name, happened, because })
  }

  const report = (worker: PodWorker) => {
    const { kubelet } = worker
    if (worker.over || !kubelet.connected || !kubelet.running) return
    const current = pods.get(worker.pod.metadata)
    if (current === undefined || current.metadata.uid !== worker.pod.metadata.uid) return
    const facts = {
      ...worker,
      hostIP: kubelet.hostIP,
      failure: worker.failure,
      ended: worker.hasFailed ? worker.failure : undefined,
      terminating: worker.deletion === 'Terminating' && worker.phase !== 'Scheduled',
    }
    const status = podStatusOf(current, facts, clock.timestamp())
    movePhase(worker, podLife, status.phase ?? 'Pending')
    if (deepEqual(status, current.status)) return
    const written = client.update(podResource, { ...current, status }, { subresource: 'status' })
    if (written.ok) worker.pod = written.value
  }

  return {
    report,
    tell,
    isSmall,
    removed(worker) {
      const { kubelet, pod } = worker
      if (!kubelet.connected || !kubelet.running) {
        postpone(kubelet, () => this.removed(worker))
        return
      }
      // Simplified: in large clusters the last status before the removal is not written.
      if (isSmall() && !kubelet.runsEverything && worker.phase === 'Running') report(worker)
      worker.over = true
      client.delete(podResource, pod.metadata, { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } })
    },
    rejected(worker, reason, message) {
      const current = pods.get(worker.pod.metadata)
      tell(worker.kubelet, worker.pod, 'Warning', reason, message)
      record(worker, 'rejected', [
        { code: REJECTION_CODES[reason] ?? 'RejectedByKubelet', kubernetes: message, params: { reason } },
      ])
      worker.phase = podLife.next(worker.phase, 'FAILED')
      worker.over = true
      if (current === undefined) return
      const { qosClass } = current.status
      const status: Pod['status'] = {
        phase: 'Failed',
        reason,
        message: `Pod was rejected: ${message}`,
        startTime: clock.timestamp(),
        ...(qosClass === undefined ? {} : { qosClass }),
      }
      client.update(podResource, { ...current, status }, { subresource: 'status' })
    },
    evicted(worker, message) {
      tell(worker.kubelet, worker.pod, 'Warning', 'Evicted', message)
      record(worker, 'evicted', [{ code: 'Evicted', kubernetes: message }])
    },
    mountsFailed(worker, problems) {
      for (const { volume, because } of problems) {
        tell(
          worker.kubelet,
          worker.pod,
          'Warning',
          'FailedMount',
          `MountVolume.SetUp failed for volume "${volume}" : ${because}`,
        )
      }
      if (worker.mountFailures > 0) return
      record(
        worker,
        'mount failed',
        problems.map(({ code, because, path, volume }) => ({ code, path, kubernetes: because, params: { volume } })),
      )
    },
    pullFailed(worker, container, { event, message }) {
      const { image = '' } = container.spec
      if (event === 'PULL_FAILED') {
        tellOfContainer(worker, container, ['Normal', 'Pulling', `Pulling image "${image}"`])
        tellOfContainer(worker, container, ['Warning', 'Failed', `Failed to pull image "${image}": ${message}`])
      } else if (event === 'IMAGE_ABSENT') tellOfContainer(worker, container, ['Warning', 'ErrImageNeverPull', message])
      else tellOfContainer(worker, container, ['Warning', 'InspectFailed', message])
      tellOfContainer(worker, container, ['Warning', 'Failed', `Error: ${container.state}`])
      if (container.pulls > 0) return
      record(worker, 'image pull failed', [
        { code: 'ImagePullFailed', path: imagePath(worker, container), kubernetes: message, params: { image } },
      ])
    },
    pullBackOff(worker, container) {
      tellOfContainer(worker, container, ['Normal', 'BackOff', `Back-off pulling image "${container.spec.image}"`])
      tellOfContainer(worker, container, ['Warning', 'Failed', 'Error: ImagePullBackOff'])
    },
    configMissing(worker, container, message, path) {
      tellOfContainer(worker, container, ['Warning', 'Failed', `Error: ${message}`])
      record(worker, 'configuration missing', [{ code: 'ConfigMissing', path, kubernetes: message }])
    },
    started(worker, container) {
      if (!isSmall()) return
      const { image = '', imagePullPolicy } = container.spec
      worker.kubelet.images ??= new Set()
      const { images } = worker.kubelet
      if (images.has(image) && imagePullPolicy !== 'Always') {
        tellOfContainer(worker, container, [
          'Normal',
          'Pulled',
          `Container image "${image}" already present on machine and can be accessed by the pod`,
        ])
      } else {
        tellOfContainer(worker, container, ['Normal', 'Pulling', `Pulling image "${image}"`])
        tellOfContainer(worker, container, [
          'Normal',
          'Pulled',
          `Successfully pulled image "${image}" in 1s (1s including waiting). Image size: 10485760 bytes.`,
        ])
      }
      images.add(image)
      tellOfContainer(worker, container, ['Normal', 'Created', 'Container created'])
      tellOfContainer(worker, container, ['Normal', 'Started', 'Container started'])
    },
    exited(worker, container) {
      // Who ends as it should is no news: init containers, Jobs.
      if (container.state === 'Completed' && (container.kind === 'init' || !restarts(worker.pod, container))) return
      const { exitCode = 0, reason = '' } = container.terminated ?? {}
      const code = container.state === 'OOMKilled' ? 'OutOfMemory' : 'CrashLoop'
      // A container that keeps crashing says so once: the others are in its status.
      if (container.restartCount === 0) {
        record(worker, 'container ended', [
          { code, path: imagePath(worker, container), params: { container: container.spec.name, exitCode, reason } },
        ])
      }
    },
    restartBackOff(worker, container, delaySeconds) {
      const { namespace, name, uid } = worker.pod.metadata
      const { name: containerName } = container.spec
      container.message = `back-off ${formatSeconds(delaySeconds)} restarting failed container=${containerName} pod=${name}_${namespace}(${uid})`
      container.last = container.terminated
      tellOfContainer(worker, container, [
        'Warning',
        'BackOff',
        `Back-off restarting failed container ${containerName} in pod ${name}_${namespace}(${uid})`,
      ])
    },
    killing: (worker, container) =>
      tellOfContainer(worker, container, ['Normal', 'Killing', `Stopping container ${container.spec.name}`]),
    preStopFailed: (worker, container) =>
      tellOfContainer(worker, container, ['Warning', 'FailedPreStopHook', 'PreStopHook failed']),
    unhealthy: (worker, container, message) => tellOfContainer(worker, container, ['Warning', 'Unhealthy', message]),
    killingUnhealthy(worker, container, kind) {
      const { name } = container.spec
      const probe = `${kind.toLowerCase()} probe`
      const message =
        container.kind === 'sidecar'
          ? `Init container ${name} failed ${probe}`
          : `Container ${name} failed ${probe}, will be restarted`
      tellOfContainer(worker, container, ['Normal', 'Killing', message])
      if (container.restartCount > 0) return
      const field = kind === 'Startup' ? 'startupProbe' : 'livenessProbe'
      const path = imagePath(worker, container).replace(/image$/, field)
      record(worker, 'probe failed', [{ code: 'ProbeFailing', path, kubernetes: message, params: { container: name } }])
    },
    sandboxChanged(worker) {
      tell(
        worker.kubelet,
        worker.pod,
        'Normal',
        'SandboxChanged',
        'Pod sandbox changed, it will be killed and re-created.',
      )
      record(worker, 'sandbox changed', [])
    },
    definitionChanged: (worker, container) =>
      tellOfContainer(worker, container, [
        'Normal',
        'Killing',
        `Container ${container.spec.name} definition changed, will be restarted`,
      ]),
  }
}

const REJECTION_CODES: Readonly<Record<string, string>> = {
  OutOfcpu: 'InsufficientCPU',
  OutOfmemory: 'InsufficientMemory',
  OutOfpods: 'TooManyPods',
  NodeAffinity: 'NodeAffinityMismatch',
  NodePorts: 'HostPortConflict',
  TaintToleration: 'UntoleratedTaint',
  Evicted: 'Evicted',
}

function imagePath({ pod }: PodWorker, { spec, kind }: ContainerRecord): string {
  const list = kind === 'regular' ? 'containers' : 'initContainers'
  return `spec.${list}[${(pod.spec[list] ?? []).findIndex(({ name }) => name === spec.name)}].image`
}

/** Takes the Pod along the edges that lead to the phase. */
function movePhase(worker: PodWorker, life: Lifecycle, phase: string): void {
  if (phase === 'Pending') return
  if (phase === 'Running') {
    if (worker.phase === 'Scheduled') worker.phase = life.next(worker.phase, 'CONTAINERS_RUN')
  } else if (phase !== worker.phase)
    worker.phase = life.next(worker.phase, phase === 'Succeeded' ? 'SUCCEEDED' : 'FAILED')
}
