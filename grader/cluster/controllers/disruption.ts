// Keeps the status of PodDisruptionBudgets, which evictions ask. Upstream: pkg/controller/disruption/disruption.go.

import type { WorkloadCondition } from '../../api/apps.ts'
import { deepEqual } from '../../api/compare.ts'
import type { Pod } from '../../api/core.ts'
import { scaledValue } from '../../api/int-or-string.ts'
import { labelSelectorMatches } from '../../api/labels.ts'
import { controllerOf, keyOf, splitKey } from '../../api/meta.ts'
import type { PodDisruptionBudget } from '../../api/other.ts'
import { isPodReady } from '../../api/pods.ts'
import { deployments, podDisruptionBudgets, pods as podResource, replicaSets } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import { createEventRecorder } from '../machinery/event-recorder.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

/** The disruption controller. */
export function disruptionController(parts: ComponentParts): void {
  const { clock, informers, trace } = parts
  const client = parts.clientFor('disruption-controller')
  const recorder = createEventRecorder({ client, clock, component: 'controllermanager' })

  const queue = createWorkQueue({
    name: 'disruption',
    clock,
    trace,
    sync(key) {
      if (syncBudget(key)) queue.forget(key)
      else queue.addRateLimited(key)
    },
  })

  const syncBudget = (key: string): boolean => {
    const budget = informers.store.get(podDisruptionBudgets, splitKey(key))
    if (budget === undefined) return true
    const pods = informers.store
      .list(podResource, budget.metadata.namespace)
      .filter((pod) => labelSelectorMatches(budget.spec.selector, pod.metadata.labels))
    if (pods.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found')
    const expected = expectedPods(budget, pods)
    if (typeof expected === 'string') {
      recorder.event(
        budget,
        'Warning',
        'CalculateExpectedPodCountFailed',
        `Failed to calculate the number of expected pods: ${expected}`,
      )
      return failSafe(budget, expected)
    }
    const healthy = pods.filter(
      (pod) =>
        isPodReady(pod) &&
        pod.metadata.deletionTimestamp === undefined &&
        budget.status?.disruptedPods?.[pod.metadata.name] === undefined,
    ).length
    const allowed = expected.expectedPods <= 0 ? 0 : Math.max(0, healthy - expected.desiredHealthy)
    const status: PodDisruptionBudget['status'] = {
      observedGeneration: budget.metadata.generation ?? 1,
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: expected.desiredHealthy,
      expectedPods: expected.expectedPods,
      conditions: [conditionOf(budget, allowed > 0, allowed > 0 ? 'SufficientPods' : 'InsufficientPods', '')],
    }
    return save(budget, status)
  }

  const save = (budget: PodDisruptionBudget, status: PodDisruptionBudget['status']): boolean => {
    if (deepEqual(status, budget.status)) return true
    const present = informers.store.get(podDisruptionBudgets, budget.metadata)
    return (
      present === undefined || client.update(podDisruptionBudgets, { ...present, status }, { subresource: 'status' }).ok
    )
  }

  const failSafe = (budget: PodDisruptionBudget, why: string): boolean =>
    save(budget, {
      ...budget.status,
      disruptionsAllowed: 0,
      currentHealthy: budget.status?.currentHealthy ?? 0,
      desiredHealthy: budget.status?.desiredHealthy ?? 0,
      expectedPods: budget.status?.expectedPods ?? 0,
      observedGeneration: budget.metadata.generation ?? 1,
      conditions: [conditionOf(budget, false, 'SyncFailed', why)],
    })

  const conditionOf = (
    budget: PodDisruptionBudget,
    allowed: boolean,
    reason: string,
    message: string,
  ): WorkloadCondition => {
    const status = allowed ? 'True' : 'False'
    const known = budget.status?.conditions?.find((condition) => condition.type === 'DisruptionAllowed')
    const lastTransitionTime =
      known?.status === status ? (known.lastTransitionTime ?? clock.timestamp()) : clock.timestamp()
    return {
      type: 'DisruptionAllowed',
      status,
      observedGeneration: budget.metadata.generation ?? 1,
      lastTransitionTime,
      reason,
      message,
    } as WorkloadCondition
  }

  /** How many Pods there should be and how many of them must be healthy; a text says why that cannot be told. */
  const expectedPods = (
    budget: PodDisruptionBudget,
    pods: readonly Pod[],
  ): { readonly expectedPods: number; readonly desiredHealthy: number } | string => {
    const { maxUnavailable, minAvailable } = budget.spec
    const byPercent =
      typeof maxUnavailable === 'string' || typeof minAvailable === 'string' || maxUnavailable !== undefined
    const scale = byPercent ? expectedScale(pods) : pods.length
    if (typeof scale === 'string') return scale
    if (maxUnavailable !== undefined) {
      const down = scaledValue(maxUnavailable, scale, 'up')
      return down.ok ? { expectedPods: scale, desiredHealthy: Math.max(0, scale - down.value) } : down.error
    }
    const wanted = scaledValue(minAvailable ?? 1, scale, 'up')
    return wanted.ok ? { expectedPods: scale, desiredHealthy: wanted.value } : wanted.error
  }

  /** Sum of the wanted replicas of the Pods' controllers; only controllers with a scale count. */
  const expectedScale = (pods: readonly Pod[]): number | string => {
    const scales = new Map<string, number>()
    for (const pod of pods) {
      const owner = controllerOf(pod)
      if (owner === undefined) return `found no controller ref for pod "${pod.metadata.name}"`
      if (owner.kind !== 'ReplicaSet')
        return `${owner.kind.toLowerCase()}s.${owner.apiVersion.split('/')[0] ?? ''} does not implement the scale subresource`
      const namespace = pod.metadata.namespace
      const rs = informers.store.get(replicaSets, {
        name: owner.name,
        ...(namespace === undefined ? {} : { namespace }),
      })
      if (rs === undefined) continue
      const parent = controllerOf(rs)
      const deployment =
        parent?.kind === 'Deployment'
          ? informers.store.get(deployments, { name: parent.name, ...(namespace === undefined ? {} : { namespace }) })
          : undefined
      const scaled = deployment ?? rs
      scales.set(scaled.metadata.uid, scaled.spec.replicas ?? 1)
    }
    return [...scales.values()].reduce((total, n) => total + n, 0)
  }

  informers.of(podDisruptionBudgets).onChange(({ object }) => queue.add(keyOf(object)))
  informers.of(podResource).onChange(({ object, previous }) => {
    if (informers.store.count(podDisruptionBudgets, object.metadata.namespace) === 0) return
    for (const budget of informers.store.list(podDisruptionBudgets, object.metadata.namespace)) {
      const touched = [object, previous].some(
        (pod) => pod !== undefined && labelSelectorMatches(budget.spec.selector, pod.metadata.labels),
      )
      if (touched) queue.add(keyOf(budget))
    }
  })
}
