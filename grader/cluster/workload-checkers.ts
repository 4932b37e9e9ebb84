// What must hold of everything beside DaemonSets once a cluster has come to rest; and that its trace tells the whole
// story. Sentences, like those of checkers.ts.

import type { ReplicaSet } from '../api/apps.ts'
import { deepEqual } from '../api/compare.ts'
import type { Node, Pod } from '../api/core.ts'
import { labelSelectorMatches } from '../api/labels.ts'
import { controllerOf, isBeingDeleted, type KubeObject, keyOf } from '../api/meta.ts'
import { isPodReady } from '../api/pods.ts'
import {
  controllerRevisions,
  deployments,
  jobs,
  nodes as nodeResource,
  podDisruptionBudgets,
  pods as podResource,
  RESOURCES,
  replicaSets,
  resourceQuotas,
} from '../api/resource-table.ts'
import type { Checked } from './checkers.ts'
import { isActive, isAvailable } from './machinery/pod-ranking.ts'

/** What is wrong with workloads, Nodes, budgets and quotas of a cluster at rest, and with its trace. */
export function checkWorkloads(cluster: Checked): readonly string[] {
  return [
    ...checkReplicaSets(cluster),
    ...checkDeployments(cluster),
    ...checkBudgets(cluster),
    ...checkQuotas(cluster),
    ...checkOwners(cluster),
    ...checkBoundPods(cluster),
    ...cluster.store.list(nodeResource).flatMap(checkTaints),
    ...checkReplay(cluster),
  ]
}

function podsOf({ store }: Checked, { metadata }: KubeObject): readonly Pod[] {
  return store.list(podResource, metadata.namespace).filter((pod) => controllerOf(pod)?.uid === metadata.uid)
}

/** As many Pods as wanted, unless the API server takes no more of them; the status is a recount. */
function checkReplicaSets(cluster: Checked): string[] {
  return cluster.store.list(replicaSets).flatMap((rs) => {
    if (isBeingDeleted(rs)) return []
    const active = podsOf(cluster, rs).filter(isActive)
    const wanted = rs.spec.replicas ?? 1
    const problems: string[] = []
    if (active.length > wanted || (active.length < wanted && cluster.refuses?.(podFrom(rs)) !== true))
      problems.push(`the ReplicaSet ${keyOf(rs)} wants ${wanted} Pods and has ${active.length}`)
    const recounted = {
      replicas: active.length,
      ready: active.filter(isPodReady).length,
      available: active.filter((pod) => isAvailable(pod, rs.spec.minReadySeconds ?? 0, cluster.now)).length,
    }
    const { replicas, readyReplicas: ready = 0, availableReplicas: available = 0 } = rs.status
    return [...problems, ...differs(`the ReplicaSet ${keyOf(rs)}`, { replicas, ready, available }, recounted)]
  })
}

function podFrom(rs: ReplicaSet): Pod {
  const { namespace, name } = rs.metadata
  const { metadata, spec } = rs.spec.template ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, generateName: `${name}-`, ...(namespace === undefined ? {} : { namespace }) },
    spec,
  } as unknown as Pod
}

function checkDeployments({ store }: Checked): string[] {
  return store.list(deployments).flatMap((deployment) => {
    if (isBeingDeleted(deployment)) return []
    const { metadata, status } = deployment
    const owned = store.list(replicaSets, metadata.namespace).filter((rs) => controllerOf(rs)?.uid === metadata.uid)
    const sum = (count: (rs: ReplicaSet) => number | undefined) => owned.reduce((all, rs) => all + (count(rs) ?? 0), 0)
    const recounted = {
      replicas: sum((rs) => rs.status.replicas),
      ready: sum((rs) => rs.status.readyReplicas),
      available: sum((rs) => rs.status.availableReplicas),
      observedGeneration: metadata.generation,
    }
    const said = {
      replicas: status?.replicas ?? 0,
      ready: status?.readyReplicas ?? 0,
      available: status?.availableReplicas ?? 0,
      observedGeneration: status?.observedGeneration,
    }
    return differs(`the Deployment ${keyOf(deployment)}`, said, recounted)
  })
}

function differs(what: string, said: object, recounted: object): string[] {
  if (deepEqual(said, recounted)) return []
  return [`the status of ${what} is ${JSON.stringify(said)}, recounted ${JSON.stringify(recounted)}`]
}

function checkBudgets({ store }: Checked): string[] {
  return store.list(podDisruptionBudgets).flatMap((budget) => {
    const { selector } = budget.spec
    const reason = (budget.status as { readonly conditions?: readonly { readonly reason?: string }[] } | undefined)
      ?.conditions?.[0]?.reason
    if (reason === 'SyncFailed') return []
    const healthy = store
      .list(podResource, budget.metadata.namespace)
      .filter(
        (pod) => labelSelectorMatches(selector, pod.metadata.labels) && isPodReady(pod) && !isBeingDeleted(pod),
      ).length
    const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0, disruptionsAllowed = 0 } = budget.status ?? {}
    const allowed = expectedPods === 0 ? 0 : Math.max(0, healthy - desiredHealthy)
    const recounted = { currentHealthy: healthy, disruptionsAllowed: allowed }
    return differs(`the PodDisruptionBudget ${keyOf(budget)}`, { currentHealthy, disruptionsAllowed }, recounted)
  })
}

function checkQuotas({ store }: Checked): string[] {
  return store.list(resourceQuotas).flatMap((quota) => {
    if (quota.spec?.hard?.pods === undefined) return []
    const count = store
      .list(podResource, quota.metadata.namespace)
      .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed').length
    const hard = Number(quota.spec.hard.pods)
    const used = Number(quota.status?.used?.pods)
    return [
      ...(count > hard ? [`the quota ${keyOf(quota)} allows ${hard} Pods, there are ${count}`] : []),
      ...differs(`the quota ${keyOf(quota)}`, { pods: used }, { pods: count }),
    ]
  })
}

/** Whoever is owned has an owner, or at least one of them: the garbage collector has been there. */
function checkOwners({ store }: Checked): string[] {
  const uids = new Set(RESOURCES.flatMap((resource) => store.list(resource).map(({ metadata }) => metadata.uid)))
  return [podResource, replicaSets, controllerRevisions, jobs].flatMap((resource) =>
    store.list<KubeObject>(resource).flatMap(({ kind, metadata }) => {
      const owners = metadata.ownerReferences ?? []
      const isLost = owners.length > 0 && !owners.some(({ uid }) => uids.has(uid))
      return isLost ? [`the owner of ${kind} ${keyOf({ metadata })} is gone`] : []
    }),
  )
}

/** No Pod stays on a Node that is gone, and none is still ending. */
function checkBoundPods({ store }: Checked): string[] {
  const names = new Set(store.list(nodeResource).map(({ metadata }) => metadata.name))
  return store.list(podResource).flatMap((pod) => {
    const { nodeName } = pod.spec
    if (nodeName !== undefined && nodeName !== '' && !names.has(nodeName))
      return [`${keyOf(pod)} is on ${nodeName}, which is gone`]
    return isBeingDeleted(pod) ? [`${keyOf(pod)} is still ending`] : []
  })
}

const CONDITION_TAINTS: readonly (readonly [string, string, string])[] = [
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
  ['Ready', 'False', 'node.kubernetes.io/not-ready'],
  ['Ready', 'Unknown', 'node.kubernetes.io/unreachable'],
]

/** Taints say what conditions and the cordon say. */
function checkTaints({ metadata, spec, status }: Node): string[] {
  const keys = new Set(spec?.taints?.map(({ key }) => key))
  const wanted = CONDITION_TAINTS.map(
    ([type, bad, key]) =>
      [
        key,
        status?.conditions?.some((condition) => condition.type === type && condition.status === bad) === true,
      ] as const,
  )
  return [...wanted, ['node.kubernetes.io/unschedulable', spec?.unschedulable === true] as const].flatMap(
    ([key, is]) =>
      keys.has(key) === is
        ? []
        : [`${metadata.name} ${is ? 'lacks' : 'has'} the taint ${key}, its conditions say otherwise`],
  )
}

/** The writes of the trace, one after the other, give the objects that are stored. Holds while the trace keeps every entry. */
function checkReplay({ store, trace }: Checked): string[] {
  const replayed = new Map<string, KubeObject>()
  let firstVersion: number | undefined
  const keyed = (kind: string, object: KubeObject) => `${kind} ${keyOf(object)}`
  for (const entry of trace.entries()) {
    if (entry.type !== 'write') continue
    const { before, after, about } = entry
    firstVersion ??= Number(entry.resourceVersion)
    if (after === undefined) replayed.delete(keyed(about.kind, before!))
    else replayed.set(keyed(about.kind, after), after)
  }
  const stored = new Map(
    RESOURCES.flatMap(({ kind, ...resource }) =>
      store.list({ kind, ...resource }).map((object) => [keyed(kind, object), object] as const),
    ),
  )
  return [
    ...[...replayed].flatMap(([key, object]) =>
      stored.get(key) === object ? [] : [`${key} is not as the trace left it`],
    ),
    // What the API server brought along at its start is older than the first entry.
    ...[...stored]
      .filter(([key, { metadata }]) => !replayed.has(key) && Number(metadata.resourceVersion) >= (firstVersion ?? 0))
      .map(([key]) => `${key} has no entry in the trace`),
  ]
}
