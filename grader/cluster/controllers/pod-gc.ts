// Removes Pods that nobody else will: of Nodes that are gone, never scheduled but terminating, ended and too many.
// Upstream: pkg/controller/podgc/gc_controller.go.
import { compareStrings } from '../../api/compare.ts'
import type { Pod, PodCondition } from '../../api/core.ts'
import { isBeingDeleted, keyOf } from '../../api/meta.ts'
import { nodes as nodeResource, pods as podResource } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import type { Reason } from '../trace.ts'
import { OUT_OF_SERVICE_TAINT, readyConditionOf } from './node-taints.ts'

const BY = 'pod-garbage-collector'
const PERIOD_SECONDS = 20
const QUARANTINE_SECONDS = 40
const TERMINATED_POD_THRESHOLD = 12_500

const NODE_GONE: Omit<PodCondition, 'lastTransitionTime'> = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByPodGC',
  message: 'PodGC: node no longer exists',
}

/** The component: one round every 20 s, over the Pods that may concern it. */
export function podGarbageCollector({ clientFor, informers, clock, trace }: ComponentParts): void {
  const client = clientFor(BY)
  const ended = new Map<string, Pod>()
  const terminating = new Map<string, Pod>()
  /** Nodes that Pods are bound to and that do not exist, with the end of their quarantine (ms) once it has begun. */
  const missingNodes = new Map<string, number | undefined>()

  informers.of(podResource).onChange(({ type, object, previous }) => {
    const { uid } = object.metadata
    const phase = object.status?.phase
    note(ended, uid, type !== 'DELETED' && (phase === 'Succeeded' || phase === 'Failed') ? object : undefined)
    note(terminating, uid, type !== 'DELETED' && isBeingDeleted(object) ? object : undefined)
    const { nodeName } = object.spec
    if (type !== 'DELETED' && nodeName !== undefined && nodeName !== previous?.spec.nodeName) noteNode(nodeName)
  })
  informers.of(nodeResource).onChange(({ type, object }) => {
    if (type === 'DELETED') noteNode(object.metadata.name)
  })
  clock.after(PERIOD_SECONDS, BY, collect)

  function noteNode(name: string): void {
    if (!missingNodes.has(name) && informers.of(nodeResource).get({ name }) === undefined)
      missingNodes.set(name, undefined)
  }

  function collect(): void {
    clock.after(PERIOD_SECONDS, BY, collect)
    collectEnded()
    collectOutOfService()
    collectOrphaned()
    collectUnscheduled()
  }

  /** Too many ended Pods: evicted ones go first, then the oldest. */
  function collectEnded(): void {
    const excess = ended.size - TERMINATED_POD_THRESHOLD
    if (excess <= 0) return
    const oldest = [...ended.values()].sort(compareEnded).slice(0, excess)
    for (const pod of oldest) remove(pod, { code: 'TooManyEndedPods', params: { threshold: TERMINATED_POD_THRESHOLD } })
  }

  function collectOutOfService(): void {
    for (const pod of inOrder(terminating)) {
      const node = informers.of(nodeResource).get({ name: pod.spec.nodeName ?? '' })
      if (node === undefined || readyConditionOf(node)?.status === 'True') continue
      const isOut = node.spec.taints?.some(({ key }) => key === OUT_OF_SERVICE_TAINT) ?? false
      if (isOut)
        remove(pod, {
          code: 'NodeOutOfService',
          object: { kind: 'Node', name: node.metadata.name },
          path: 'spec.taints',
        })
    }
  }

  /** A Node that is missing for the first time is put into quarantine: it may come back. */
  function collectOrphaned(): void {
    for (const name of [...missingNodes.keys()].sort(compareStrings)) {
      const pods = informers.store.podsOnNode(name)
      if (pods.size === 0 || informers.of(nodeResource).get({ name }) !== undefined) {
        missingNodes.delete(name)
        continue
      }
      const until = missingNodes.get(name)
      if (until === undefined) missingNodes.set(name, clock.now() + QUARANTINE_SECONDS * 1000)
      else if (until <= clock.now() && isGone(name)) {
        for (const pod of [...pods.values()].sort(byKey))
          remove(pod, { code: 'NodeMissing', object: { kind: 'Node', name } }, NODE_GONE)
      }
    }
  }

  function isGone(name: string): boolean {
    const live = client.get(nodeResource, { name })
    return !live.ok && live.status.reason === 'NotFound'
  }

  function collectUnscheduled(): void {
    for (const pod of inOrder(terminating)) {
      if ((pod.spec.nodeName ?? '') === '') remove(pod, { code: 'NeverScheduled' })
    }
  }

  /** Failed first, so that its controller takes notice; then gone without grace. */
  function remove(seen: Pod, because: Reason, condition?: Omit<PodCondition, 'lastTransitionTime'>): void {
    const pod = informers.of(podResource).get(seen.metadata)
    if (pod === undefined) return
    const { namespace, name } = pod.metadata
    const about = { kind: 'Pod', name, ...(namespace === undefined ? {} : { namespace }) }
    trace.cause = trace.record(BY, { type: 'decision', about, decision: 'collectPod', because: [because] })
    const phase = pod.status?.phase
    if (phase !== 'Succeeded' && phase !== 'Failed') {
      const conditions = pod.status?.conditions?.filter(({ type }) => type !== condition?.type) ?? []
      const marked =
        condition === undefined ? conditions : [...conditions, { ...condition, lastTransitionTime: clock.timestamp() }]
      const status = { ...pod.status, phase: 'Failed' as const, ...(marked.length === 0 ? {} : { conditions: marked }) }
      const updated = client.update(podResource, { ...pod, status }, { subresource: 'status' })
      if (!updated.ok) return
    }
    client.delete(podResource, pod.metadata, { gracePeriodSeconds: 0 })
  }
}

function note(pods: Map<string, Pod>, uid: string, pod: Pod | undefined): void {
  if (pod !== undefined) pods.set(uid, pod)
  else if (pods.size > 0) pods.delete(uid)
}

const byKey = (a: Pod, b: Pod): number => compareStrings(keyOf(a), keyOf(b))

function inOrder(pods: ReadonlyMap<string, Pod>): Pod[] {
  return [...pods.values()].sort(byKey)
}

function compareEnded(a: Pod, b: Pod): number {
  const evictedA = a.status.phase === 'Failed' && a.status.reason === 'Evicted'
  const evictedB = b.status.phase === 'Failed' && b.status.reason === 'Evicted'
  if (evictedA !== evictedB) return evictedA ? -1 : 1
  return compareStrings(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || byKey(a, b)
}
