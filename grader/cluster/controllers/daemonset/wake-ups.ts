// Which change wakes which DaemonSet. Nothing is decided here, except whether a changed Node concerns anybody.
// Upstream: the event handlers of pkg/controller/daemon/daemon_controller.go (v1.35).

import type { ControllerRevision, DaemonSet } from '../../../api/apps.ts'
import { deepEqual } from '../../../api/compare.ts'
import type { Node, Pod, PodSpec } from '../../../api/core.ts'
import { labelSelectorMatches } from '../../../api/labels.ts'
import {
  controllerOf,
  isBeingDeleted,
  type KubeObject,
  keyOf,
  type OwnerReference,
  splitKey,
} from '../../../api/meta.ts'
import { isPodReady } from '../../../api/pods.ts'
import {
  controllerRevisions,
  daemonSets,
  nodes as nodeResource,
  pods as podResource,
} from '../../../api/resource-table.ts'
import type { Change } from '../../apiserver/store.ts'
import { createWorkQueue } from '../../machinery/workqueue.ts'
import { type DaemonSetParts, type DaemonSetState, forgetPod, notePod } from './daemonset-state.ts'
import { createEligibilityMemo, type EligibilityMemo } from './eligibility.ts'
import { recordEligibility } from './record.ts'

/** Connects the informers with the queue and with what the controller remembers. */
export function wireWakeUps(parts: DaemonSetParts, states: Map<string, DaemonSetState>): void {
  const { informers, queue, expectations } = parts
  const wakeUps = createWakeUps(parts, states)
  informers.of(daemonSets).onChange(({ type, object, previous }) => {
    const key = keyOf(object)
    if (type === 'DELETED' || (previous !== undefined && previous.metadata.uid !== object.metadata.uid)) {
      expectations.forget(key)
      states.delete(key)
    }
    queue.add(key)
  })
  informers.of(controllerRevisions).onChange(wakeUps.onRevision)
  informers.of(podResource).onChange(wakeUps.onPod)
  informers.of(nodeResource).onChange(nodeHandler(parts, states))
}

function createWakeUps({ informers, queue, expectations }: DaemonSetParts, states: Map<string, DaemonSetState>) {
  /** The DaemonSet that an owner reference means: kind, namespace, name and uid must agree. */
  const resolve = (namespace: string | undefined, owner: OwnerReference | undefined): DaemonSet | undefined => {
    if (owner === undefined || owner.kind !== 'DaemonSet' || namespace === undefined) return undefined
    const ds = informers.of(daemonSets).get({ namespace, name: owner.name })
    return ds?.metadata.uid === owner.uid ? ds : undefined
  }

  /** Non-empty selectors only, and an object without labels matches none. */
  const matching = ({ metadata }: KubeObject): readonly DaemonSet[] => {
    if (metadata.labels === undefined || Object.keys(metadata.labels).length === 0) return []
    return informers
      .of(daemonSets)
      .list(metadata.namespace)
      .filter(({ spec }) => isNonEmpty(spec) && labelSelectorMatches(spec.selector, metadata.labels))
  }

  const wakeMatching = (object: KubeObject) => {
    for (const ds of matching(object)) queue.add(keyOf(ds))
  }

  const forgetEverywhere = (pod: Pod, but?: string) => {
    for (const state of states.values()) if (state.uid !== but) forgetPod(state, pod)
  }

  /** Files the Pod with its owner; an orphan with every DaemonSet that could adopt it. */
  const note = ({ type, object, previous }: Change<Pod>, owner: DaemonSet | undefined) => {
    const now = controllerOf(object)
    if (type === 'DELETED') return forgetEverywhere(object)
    if (type === 'MODIFIED' && controllerOf(previous!)?.uid !== now?.uid) forgetEverywhere(object, now?.uid)
    if (owner !== undefined) {
      const state = states.get(keyOf(owner))
      if (state?.uid === now!.uid) notePod(state, owner, object)
      return
    }
    if (now !== undefined) return
    for (const state of states.values()) {
      const ds = informers.of(daemonSets).get(splitKey(state.key))
      if (ds !== undefined && ds.metadata.namespace === object.metadata.namespace) notePod(state, ds, object)
    }
  }

  const deleted = (owner: DaemonSet | undefined) => {
    if (owner === undefined) return
    expectations.deletionObserved(keyOf(owner))
    queue.add(keyOf(owner))
  }

  const added = (pod: Pod, owner: DaemonSet | undefined) => {
    if (isBeingDeleted(pod)) return deleted(owner)
    if (owner !== undefined) {
      expectations.creationObserved(keyOf(owner))
      queue.add(keyOf(owner))
    } else if (controllerOf(pod) === undefined) wakeMatching(pod)
  }

  const updated = (pod: Pod, previous: Pod, owner: DaemonSet | undefined) => {
    // A terminating Pod counts as a deletion at every update.
    if (isBeingDeleted(pod)) return deleted(owner)
    const before = controllerOf(previous)
    const now = controllerOf(pod)
    const ownerChanged = before?.uid !== now?.uid
    if (ownerChanged) {
      const old = resolve(pod.metadata.namespace, before)
      if (old !== undefined) queue.add(keyOf(old))
    }
    if (owner !== undefined) {
      queue.add(keyOf(owner))
      const { minReadySeconds = 0 } = owner.spec
      // One second more than minReadySeconds: the Pod's clock has whole seconds.
      if (minReadySeconds > 0 && !isPodReady(previous) && isPodReady(pod))
        queue.addAfter(keyOf(owner), minReadySeconds + 1)
    } else if (now === undefined && (ownerChanged || !deepEqual(pod.metadata.labels, previous.metadata.labels)))
      wakeMatching(pod)
  }

  const onPod = (change: Change<Pod>) => {
    const { type, object, previous } = change
    const owner = resolve(object.metadata.namespace, controllerOf(object))
    note(change, owner)
    if (type === 'ADDED') added(object, owner)
    else if (type === 'DELETED') deleted(owner)
    else updated(object, previous!, owner)
  }

  const forgetHistory = (object: KubeObject) => {
    for (const state of states.values())
      if (state.key.startsWith(`${object.metadata.namespace}/`)) state.history = undefined
  }

  const onRevision = ({ type, object, previous }: Change<ControllerRevision>) => {
    forgetHistory(object)
    const { namespace } = object.metadata
    const now = controllerOf(object)
    const owner = resolve(namespace, now)
    if (type === 'DELETED' || isBeingDeleted(object)) {
      if (owner !== undefined) queue.add(keyOf(owner))
      return
    }
    const before = previous === undefined ? undefined : controllerOf(previous)
    const ownerChanged = type === 'MODIFIED' && before?.uid !== now?.uid
    const old = ownerChanged ? resolve(namespace, before) : undefined
    if (old !== undefined) queue.add(keyOf(old))
    if (owner !== undefined) {
      if (type === 'MODIFIED') queue.add(keyOf(owner))
    } else if (now === undefined) {
      if (type === 'ADDED' || ownerChanged || !deepEqual(object.metadata.labels, previous?.metadata.labels))
        wakeMatching(object)
    }
  }

  return { onPod, onRevision }
}

function isNonEmpty({ selector }: DaemonSet['spec']): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) > 0
}

/** Only labels and taints of a Node count. Conditions, capacity and `unschedulable` alone never wake the controller. */
export function isNodeUpdateIgnored(previous: Node, node: Node): boolean {
  const { metadata: a, spec: x } = previous
  const { metadata: b, spec: y } = node
  return (
    (a.labels === b.labels || deepEqual(a.labels ?? {}, b.labels ?? {})) &&
    (x.taints === y.taints || deepEqual(x.taints ?? [], y.taints ?? []))
  )
}

function nodeHandler(parts: DaemonSetParts, states: Map<string, DaemonSetState>): (change: Change<Node>) => void {
  const { informers, clock, trace, queue } = parts
  const memos = new WeakMap<PodSpec, EligibilityMemo>()
  const memoOf = (spec: PodSpec): EligibilityMemo => {
    let memo = memos.get(spec)
    if (memo === undefined) {
      memo = createEligibilityMemo(spec)
      memos.set(spec, memo)
    }
    return memo
  }
  const sync = (name: string) => {
    const node = informers.of(nodeResource).get({ name })
    if (node === undefined) return
    const present = daemonSetsOn(informers.store.podsOnNode(name).values())
    for (const ds of informers.of(daemonSets).list()) {
      const eligibility = memoOf(ds.spec.template.spec).of(node)
      const { shouldRun, shouldContinueRunning } = eligibility
      const hasPod = present.has(keyOf(ds))
      const isMisscheduled = hasPod && (ds.status?.numberMisscheduled ?? 0) > 0
      if ((shouldRun && !hasPod) || (!shouldContinueRunning && hasPod) || isMisscheduled) queue.add(keyOf(ds))
      // Nobody is woken, so no sync will record what was found out here.
      else recordEligibility(parts, ds, new Map([[eligibility, [name]]]))
    }
  }
  const nodeQueue = createWorkQueue({ name: 'daemonset-node-updates', clock, trace, sync })
  return ({ type, object, previous }) => {
    const { name } = object.metadata
    // Upstream has no handler for deleted Nodes: the status stays as it is until something else wakes the DaemonSet.
    if (type === 'DELETED') {
      for (const state of states.values()) state.fleet.removeNode(name)
      return
    }
    if (previous !== undefined && type === 'MODIFIED' && isNodeUpdateIgnored(previous, object)) return
    for (const state of states.values()) state.fleet.setNode(object)
    if (informers.store.count(daemonSets) > 0) nodeQueue.add(name)
  }
}

/** The DaemonSets (namespace/name; their uid is not compared) that control a Pod bound to the Node. */
function daemonSetsOn(pods: Iterable<Pod>): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const pod of pods) {
    const owner = controllerOf(pod)
    if (owner?.kind === 'DaemonSet') keys.add(`${pod.metadata.namespace}/${owner.name}`)
  }
  return keys
}
