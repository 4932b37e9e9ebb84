// What the controller remembers about one DaemonSet between two syncs. Everything here can be made anew from the caches.

import type { ApiClient } from '../../../api/api-client.ts'
import type { DaemonSet } from '../../../api/apps.ts'
import type { Pod, PodTemplateSpec } from '../../../api/core.ts'
import { labelSelectorMatches } from '../../../api/labels.ts'
import { controllerOf, isBeingDeleted, keyOf } from '../../../api/meta.ts'
import { nodes as nodeResource, pods as podResource } from '../../../api/resource-table.ts'
import type { Clock } from '../../clock.ts'
import type { Backoff } from '../../machinery/backoff.ts'
import type { EventRecorder } from '../../machinery/event-recorder.ts'
import type { Expectations } from '../../machinery/expectations.ts'
import type { Informers } from '../../machinery/informer.ts'
import type { WorkQueue } from '../../machinery/workqueue.ts'
import type { ObjectRef, Trace } from '../../trace.ts'
import { createFleet, type Fleet } from './fleet.ts'
import type { PodTemplate } from './pod.ts'
import type { RevisionPlan } from './revisions.ts'

export const CONTROLLER = 'daemonset-controller'

/** What every step of a sync works with. */
export interface DaemonSetParts {
  readonly client: ApiClient
  readonly informers: Informers
  readonly clock: Clock
  readonly trace: Trace
  readonly recorder: EventRecorder
  readonly expectations: Expectations
  readonly backoff: Backoff
  readonly queue: WorkQueue
}

export interface DaemonSetState {
  readonly key: string
  readonly uid: string
  readonly fleet: Fleet
  /** Owned Pods that the selector does not pick, by uid. */
  readonly toRelease: Map<string, Pod>
  /** Matching Pods without a controller, by uid. */
  readonly toAdopt: Map<string, Pod>
  /** The history as it was found, until a revision or the template changes. */
  history: { readonly template: PodTemplateSpec; readonly plan: RevisionPlan } | undefined
  podTemplate:
    | {
        readonly hash: string
        readonly generation: string | undefined
        readonly from: PodTemplateSpec
        readonly made: PodTemplate
      }
    | undefined
  /** What the last recorded hold-up of a rollout was about. */
  heldBack: string
}

/** The state of a DaemonSet that was not synced before: its Nodes and Pods are read once from the caches. */
export function createState(ds: DaemonSet, informers: Informers): DaemonSetState {
  const state: DaemonSetState = {
    key: keyOf(ds),
    uid: ds.metadata.uid,
    fleet: createFleet(informers.store.list(nodeResource)),
    toRelease: new Map(),
    toAdopt: new Map(),
    history: undefined,
    podTemplate: undefined,
    heldBack: '',
  }
  for (const pod of informers.store.ownedBy<Pod>(podResource, state.uid).values()) notePod(state, ds, pod)
  for (const pod of informers.store.list(podResource, ds.metadata.namespace)) {
    if (controllerOf(pod) === undefined) notePod(state, ds, pod)
  }
  return state
}

/** Files a Pod of the DaemonSet's namespace where the next sync finds it: claimed, to release, to adopt, or nowhere. */
export function notePod(state: DaemonSetState, ds: DaemonSet, pod: Pod): void {
  const { uid } = pod.metadata
  const owner = controllerOf(pod)
  const matches = labelSelectorMatches(ds.spec.selector, pod.metadata.labels)
  const isOwned = owner?.uid === state.uid
  if (isOwned && matches) state.fleet.setPod(pod)
  else state.fleet.removePod(uid)
  setOrDelete(state.toRelease, uid, isOwned && !matches ? pod : undefined)
  setOrDelete(state.toAdopt, uid, owner === undefined && matches && !isBeingDeleted(pod) ? pod : undefined)
}

export function forgetPod(state: DaemonSetState, { metadata: { uid } }: Pod): void {
  state.fleet.removePod(uid)
  state.toRelease.delete(uid)
  state.toAdopt.delete(uid)
}

function setOrDelete(map: Map<string, Pod>, uid: string, pod: Pod | undefined): void {
  if (pod !== undefined) map.set(uid, pod)
  else if (map.size > 0) map.delete(uid)
}

export function refTo(ds: DaemonSet): ObjectRef {
  const { namespace, name } = ds.metadata
  return { kind: 'DaemonSet', name, ...(namespace === undefined ? {} : { namespace }) }
}
