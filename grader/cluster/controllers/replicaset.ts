// Keeps the wanted number of Pods of each ReplicaSet. Upstream: pkg/controller/replicaset/{replica_set.go,replica_set_utils.go}.

import type { ApiStatus } from '../../api/api-status.ts'
import type { ReplicaSet, ReplicaSetStatus, WorkloadCondition } from '../../api/apps.ts'
import { deepEqual } from '../../api/compare.ts'
import type { Pod } from '../../api/core.ts'
import { labelSelectorMatches } from '../../api/labels.ts'
import { controllerOf, isBeingDeleted, keyOf, type StringMap, splitKey } from '../../api/meta.ts'
import { isPodReady } from '../../api/pods.ts'
import { pods as podResource, replicaSets } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createExpectations } from '../machinery/expectations.ts'
import { isActive, isAvailable, rankForDeletion } from '../machinery/pod-ranking.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

const BURST_REPLICAS = 500
const SLOW_START_FIRST_BATCH = 1

/** The ReplicaSet controller. */
export function replicaSetController(parts: ComponentParts): void {
  const { clock, informers, trace } = parts
  const client = parts.clientFor('replicaset-controller')
  const recorder = createEventRecorder({ client, clock, component: 'replicaset-controller' })
  const expectations = createExpectations(clock)

  const queue = createWorkQueue({
    name: 'replicaset-controller',
    clock,
    trace,
    sync(key) {
      if (syncReplicaSet(key)) queue.forget(key)
      else queue.addRateLimited(key)
    },
  })

  const syncReplicaSet = (key: string): boolean => {
    const rs = informers.store.get(replicaSets, splitKey(key))
    if (rs === undefined) {
      expectations.forget(key)
      return true
    }
    const active = claimPods(rs)
    let failure: ApiStatus | undefined
    const satisfied = expectations.satisfied(key)
    if (satisfied && !isBeingDeleted(rs)) failure = manageReplicas(rs, active, key)
    return writeStatus(rs, claimPods(rs), failure, satisfied) && failure === undefined
  }

  /** Adopts matching orphans, releases what no longer matches, and returns the Pods that count. */
  const claimPods = (rs: ReplicaSet): readonly Pod[] => {
    const matches = (labels: StringMap) => labelSelectorMatches(rs.spec.selector, labels)
    for (const pod of informers.store.ownedBy(podResource, rs.metadata.uid).values()) {
      if (matches(pod.metadata.labels ?? {})) continue
      const kept = (pod.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== rs.metadata.uid)
      client.patch(podResource, pod.metadata, { type: 'merge', body: { metadata: { ownerReferences: kept } } as never })
    }
    for (const pod of orphansOf(rs)) {
      if (!matches(pod.metadata.labels ?? {}) || isBeingDeleted(pod) || isBeingDeleted(rs)) continue
      client.patch(podResource, pod.metadata, {
        type: 'merge',
        body: { metadata: { ownerReferences: [ownerReference(rs)] } } as never,
      })
    }
    return [...informers.store.ownedBy(podResource, rs.metadata.uid).values()]
  }

  const orphans = new Map<string, Map<string, Pod>>()
  const orphansOf = (rs: ReplicaSet): readonly Pod[] => [...(orphans.get(rs.metadata.namespace ?? '')?.values() ?? [])]

  const manageReplicas = (rs: ReplicaSet, pods: readonly Pod[], key: string): ApiStatus | undefined => {
    const active = pods.filter(isActive)
    const missing = (rs.spec.replicas ?? 1) - active.length
    if (missing > 0) return createPods(rs, Math.min(missing, BURST_REPLICAS), key)
    if (missing === 0) return undefined
    const surplus = rankForDeletion(active, clock.now()).slice(0, Math.min(-missing, BURST_REPLICAS))
    expectations.set(key, 0, surplus.length)
    let failure: ApiStatus | undefined
    for (const pod of surplus) {
      const gone = client.delete(podResource, pod.metadata)
      if (gone.ok) recorder.event(rs, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
      else {
        expectations.deletionObserved(key)
        if (gone.status.reason === 'NotFound') continue
        recorder.event(rs, 'Warning', 'FailedDelete', `Error deleting: ${gone.status.message}`)
        failure ??= gone.status
      }
    }
    return failure
  }

  /** In batches that double; a batch with a failure is the last one. */
  const createPods = (rs: ReplicaSet, count: number, key: string): ApiStatus | undefined => {
    expectations.set(key, count, 0)
    let failure: ApiStatus | undefined
    let made = 0
    for (let batch = SLOW_START_FIRST_BATCH; made < count && failure === undefined; batch *= 2) {
      const size = Math.min(batch, count - made)
      for (let i = 0; i < size; i++) {
        const result = createPod(rs)
        if (result === undefined) continue
        expectations.lowerCreations(key, 1)
        failure ??= result
      }
      made += size
    }
    if (made < count) expectations.lowerCreations(key, count - made)
    return failure
  }

  const createPod = (rs: ReplicaSet): ApiStatus | undefined => {
    const template = rs.spec.template
    const result = client.create(podResource, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: `${rs.metadata.name}-`,
        ...(rs.metadata.namespace === undefined ? {} : { namespace: rs.metadata.namespace }),
        ...(template?.metadata?.labels === undefined ? {} : { labels: template.metadata.labels }),
        ...(template?.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ...(template?.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
        ownerReferences: [ownerReference(rs)],
      },
      spec: template?.spec ?? { containers: [] },
    })
    if (result.ok) {
      recorder.event(rs, 'Normal', 'SuccessfulCreate', `Created pod: ${result.value.metadata.name}`)
      return undefined
    }
    const isEnding = result.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') === true
    if (isEnding) return undefined
    recorder.event(rs, 'Warning', 'FailedCreate', `Error creating: ${result.status.message}`)
    return result.status
  }

  const writeStatus = (
    rs: ReplicaSet,
    pods: readonly Pod[],
    failure: ApiStatus | undefined,
    observed: boolean,
  ): boolean => {
    const status = countStatus(rs, pods, { failure, now: clock.now(), timestamp: clock.timestamp() })
    const next: ReplicaSetStatus = observed ? { ...status, observedGeneration: rs.metadata.generation ?? 1 } : status
    if (
      rs.spec.minReadySeconds !== undefined &&
      rs.spec.minReadySeconds > 0 &&
      status.readyReplicas !== status.availableReplicas
    ) {
      queue.addAfter(keyOf(rs), rs.spec.minReadySeconds)
    }
    if (deepEqual(next, rs.status)) return true
    const fresh = informers.store.get(replicaSets, rs.metadata)
    if (fresh === undefined) return true
    return client.update(replicaSets, { ...fresh, status: next }, { subresource: 'status' }).ok
  }

  informers.of(replicaSets).onChange(({ object }) => queue.add(keyOf(object)))
  informers.of(podResource).onChange(({ type, object, previous }) => {
    noteOrphan(type === 'DELETED', object)
    const owner = controllerOf(object)
    if (owner?.kind === 'ReplicaSet') {
      const key = `${object.metadata.namespace}/${owner.name}`
      if (type === 'ADDED') expectations.creationObserved(key)
      if (type === 'DELETED' || (isBeingDeleted(object) && previous?.metadata.deletionTimestamp === undefined))
        expectations.deletionObserved(key)
      queue.add(key)
      return
    }
    if (owner !== undefined || type === 'DELETED') return
    for (const rs of informers.store.list(replicaSets, object.metadata.namespace)) {
      if (labelSelectorMatches(rs.spec.selector, object.metadata.labels)) queue.add(keyOf(rs))
    }
  })

  const noteOrphan = (gone: boolean, pod: Pod) => {
    const namespace = pod.metadata.namespace ?? ''
    if (gone || controllerOf(pod) !== undefined) orphans.get(namespace)?.delete(pod.metadata.name)
    else {
      const known = orphans.get(namespace) ?? new Map<string, Pod>()
      known.set(pod.metadata.name, pod)
      orphans.set(namespace, known)
    }
  }
}

function ownerReference(rs: ReplicaSet) {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: rs.metadata.name,
    uid: rs.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** Upstream: calculateStatus. Zero counts are left out, as the API prints them. */
function countStatus(
  rs: ReplicaSet,
  pods: readonly Pod[],
  at: { readonly failure: ApiStatus | undefined; readonly now: number; readonly timestamp: string },
): ReplicaSetStatus {
  const active = pods.filter(isActive)
  const terminating = pods.filter(
    (pod) => isBeingDeleted(pod) && pod.status.phase !== 'Failed' && pod.status.phase !== 'Succeeded',
  ).length
  const templateLabels = Object.entries(rs.spec.template?.metadata?.labels ?? {})
  const labelled = active.filter((pod) =>
    templateLabels.every(([key, value]) => pod.metadata.labels?.[key] === value),
  ).length
  const ready = active.filter(isPodReady).length
  const available = active.filter((pod) => isAvailable(pod, rs.spec.minReadySeconds ?? 0, at.now)).length
  const conditions = failureConditions(rs, active.length, at)
  return {
    replicas: active.length,
    ...(labelled > 0 ? { fullyLabeledReplicas: labelled } : {}),
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(terminating > 0 ? { terminatingReplicas: terminating } : {}),
    ...(rs.status.observedGeneration === undefined ? {} : { observedGeneration: rs.status.observedGeneration }),
    ...(conditions.length === 0 ? {} : { conditions }),
  }
}

function failureConditions(
  rs: ReplicaSet,
  active: number,
  { failure, timestamp }: { readonly failure: ApiStatus | undefined; readonly timestamp: string },
): readonly WorkloadCondition[] {
  const others = (rs.status.conditions ?? []).filter((condition) => condition.type !== 'ReplicaFailure')
  if (failure === undefined) return others
  const known = rs.status.conditions?.find((condition) => condition.type === 'ReplicaFailure')
  if (known !== undefined) return rs.status.conditions ?? []
  const reason = active < (rs.spec.replicas ?? 1) ? 'FailedCreate' : 'FailedDelete'
  return [
    ...others,
    { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp, reason, message: failure.message },
  ]
}
