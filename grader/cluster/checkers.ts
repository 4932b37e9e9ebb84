// What must hold in every state of a cluster, and what must hold once it has come to rest. Each checker returns what is
// wrong as sentences, so that a test can print them all. They recount; the parts they check keep counts by difference.

import type { DaemonSet } from '../api/apps.ts'
import { deepEqual, sortBy } from '../api/compare.ts'
import type { Node, Pod } from '../api/core.ts'
import { controllerOf, type ForCreate, isBeingDeleted, type KubeObject, keyOf } from '../api/meta.ts'
import { amountsOf, podRequests } from '../api/pod-resources.ts'
import { targetNodeOf } from '../api/pods.ts'
import { daemonSets, nodes as nodeResource, pods as podResource } from '../api/resource-table.ts'
import { findToleration, formatTaint } from '../api/tolerations.ts'
import type { Store } from './apiserver/store.ts'
import { shouldRunDaemonPod } from './controllers/daemonset/eligibility.ts'
import {
  compareDaemonPods,
  isTerminatedAndDeleted,
  type NodeView,
  type PodContext,
} from './controllers/daemonset/node-view.ts'
import { podForNode, podTemplateOf, templateGenerationOf } from './controllers/daemonset/pod.ts'
import { countNodes, statusWith } from './controllers/daemonset/status.ts'
import { templateHash } from './machinery/template-hash.ts'
import type { Trace, TraceId, WriteEntry } from './trace.ts'

export interface Checked {
  readonly store: Pick<Store, 'list' | 'podsOnNode' | 'resourceVersion'>
  /** Whether the API server would refuse the Pod: one that may not be made need not be there. */
  readonly refuses?: (pod: ForCreate<Pod>) => boolean
  readonly trace: Trace
  /** Virtual milliseconds. */
  readonly now: number
}

/** What is wrong in any state; writes are checked from the trace entry after `since`. */
export function checkAlways(cluster: Checked, since: TraceId = 0): readonly string[] {
  return [...checkControllerRefs(cluster), ...checkAllocatable(cluster), ...checkWrites(cluster, since)]
}

/** What is wrong in a cluster that has come to rest, with every kubelet running and nothing refused. */
export function checkSettled(cluster: Checked): readonly string[] {
  return cluster.store.list(daemonSets).flatMap((ds) => {
    if (isBeingDeleted(ds)) return []
    const views = viewsOf(cluster, ds)
    return [...checkPlacement(ds, views, cluster.refuses), ...checkStatus(ds, views, cluster.now)]
  })
}

/** A daemon Pod has one controller, and that one is its DaemonSet. */
function checkControllerRefs({ store }: Checked): string[] {
  return store.list(podResource).flatMap((pod) => {
    const owners = pod.metadata.ownerReferences ?? []
    const controllers = owners.filter(({ controller }) => controller === true)
    const isDaemonPod = owners.some(({ kind }) => kind === 'DaemonSet')
    if (controllers.length > 1) return [`${keyOf(pod)} has ${controllers.length} controllers`]
    return isDaemonPod && controllers.length === 0 ? [`the daemon Pod ${keyOf(pod)} has no controllerRef`] : []
  })
}

/** The scheduler never binds past allocatable. Pods that name their Node themselves are the kubelet's matter. */
function checkAllocatable({ store }: Checked): string[] {
  return store.list(nodeResource).flatMap((node) => {
    const { cpuMillis, memoryBytes } = amountsOf(node.status?.allocatable)
    let cpu = 0
    let memory = 0
    let count = 0
    const ports = new Set<string>()
    const tooMuch: string[] = []
    for (const pod of store.podsOnNode(node.metadata.name).values()) {
      if (hasEnded(pod)) continue
      const requests = podRequests(pod.spec)
      cpu += requests.cpuMillis
      memory += requests.memoryBytes
      count++
      for (const port of hostPortsOf(pod)) {
        if (ports.has(port)) tooMuch.push(`two Pods on ${node.metadata.name} have the host port ${port}`)
        ports.add(port)
      }
    }
    const places = Number(node.status?.allocatable?.pods ?? Number.POSITIVE_INFINITY)
    if (count > places) tooMuch.push(`${count} Pods on ${node.metadata.name}, which takes ${places}`)
    if (cpu > cpuMillis) tooMuch.push(`the Pods on ${node.metadata.name} request ${cpu}m CPU of ${cpuMillis}m`)
    if (memory > memoryBytes)
      tooMuch.push(`the Pods on ${node.metadata.name} request ${memory} bytes of ${memoryBytes}`)
    return tooMuch
  })
}

function hostPortsOf({ spec }: Pod): readonly string[] {
  const ports = spec.containers.flatMap((container) => container.ports ?? [])
  return ports.flatMap(({ hostPort, protocol = 'TCP' }) => (hostPort ? [`${hostPort}/${protocol}`] : []))
}

/** Every resourceVersion has its entry, the generation rises only with the spec, and every write of a component has a cause. */
function checkWrites({ trace, store }: Checked, since: TraceId): string[] {
  const wrong: string[] = []
  let last = versionAt(trace, since)
  for (const entry of trace.entries(since)) {
    if (entry.type !== 'write') continue
    const version = Number(entry.resourceVersion)
    if (version <= last) wrong.push(`entry ${entry.id}: resourceVersion ${version} after ${last}`)
    else if (version > last + 1 && last > 0)
      wrong.push(`resourceVersion ${last + 1} has no entry: ${entry.id} is of ${version}`)
    last = version
    if (entry.causedBy === undefined && !FROM_OUTSIDE.has(entry.by) && !NEEDS_NO_CAUSE.has(entry.about.kind)) {
      wrong.push(`entry ${entry.id}: ${entry.by} wrote ${entry.about.kind} ${entry.about.name} without a cause`)
    }
    wrong.push(...checkGeneration(entry).map((text) => `entry ${entry.id}: ${text}`))
  }
  if (last > 0 && last !== store.resourceVersion())
    wrong.push(`resourceVersion ${last} in the trace, ${store.resourceVersion()} in the store`)
  return wrong
}

/** Who acts without being asked by the cluster. */
const FROM_OUTSIDE: ReadonlySet<string> = new Set(['kubectl', 'machine'])

/** Kinds that components also write when nothing but time has passed, or for a namespace that was there from the start. */
const NEEDS_NO_CAUSE: ReadonlySet<string> = new Set(['Node', 'Event', 'Lease', 'ServiceAccount', 'ConfigMap'])

/** The resourceVersion of the last write up to the entry; 0 if there is none. */
function versionAt(trace: Trace, id: TraceId): number {
  for (let at = id; at > 0; at--) {
    const entry = trace.get(at)
    if (entry?.type === 'write') return Number(entry.resourceVersion)
  }
  return 0
}

function checkGeneration({ before, after, about }: WriteEntry): string[] {
  if (before === undefined || after === undefined) return []
  const [old, now] = [before.metadata.generation ?? 0, after.metadata.generation ?? 0]
  const specChanged = !deepEqual(specOf(before), specOf(after))
  const what = `${about.kind} ${about.name}`
  if (now < old) return [`the generation of ${what} fell from ${old} to ${now}`]
  // The deletion of a Pod and of objects with finalizers counts as a change of the spec.
  if (now > old && !specChanged && before.metadata.deletionTimestamp === after.metadata.deletionTimestamp) {
    return [`the generation of ${what} rose without a change of its spec`]
  }
  return []
}

/** What a rise of the generation may come from. Upstream: a Deployment's annotations count as well (deployment/strategy.go). */
function specOf(object: KubeObject): unknown {
  const { spec } = object as { readonly spec?: unknown }
  return object.kind === 'Deployment' ? [spec, object.metadata.annotations] : spec
}

/** One Pod on every eligible Node, none where a NoExecute taint or the template forbids it. */
function checkPlacement(ds: DaemonSet, views: readonly NodeView[], refuses: Checked['refuses']): string[] {
  const template = podTemplateOf(ds, templateHash(ds.spec.template, ds.status.collisionCount))
  const mayLack = (node: string) => refuses?.(podForNode(template, node)) === true
  return views.flatMap(({ name, exists, eligibility, pods }) => {
    const living = pods.filter((pod) => !isBeingDeleted(pod) && !hasEnded(pod))
    const what = `${keyOf(ds)} on ${name}`
    if (!exists) return []
    if (eligibility.shouldRun && living.length === 0 && !mayLack(name)) return [`${what}: eligible, and no Pod`]
    if (living.length > (mayHaveTwo(ds) ? 2 : 1)) return [`${what}: ${living.length} Pods`]
    if (!eligibility.shouldContinueRunning && living.length > 0)
      return [`${what}: not eligible, and ${living.length} Pods`]
    return []
  })
}

/** A surge that waits for its new Pods leaves the old ones. */
function mayHaveTwo(ds: DaemonSet): boolean {
  const maxSurge = ds.spec.updateStrategy?.rollingUpdate?.maxSurge
  return maxSurge !== undefined && maxSurge !== 0 && maxSurge !== '0%'
}

function checkStatus(ds: DaemonSet, views: readonly NodeView[], now: number): string[] {
  const context: PodContext = {
    now,
    minReadySeconds: ds.spec.minReadySeconds ?? 0,
    hash: templateHash(ds.spec.template, ds.status.collisionCount),
    templateGeneration: templateGenerationOf(ds),
  }
  const recounted = statusWith(ds, countNodes(views, context), true)
  if (deepEqual(recounted, ds.status)) return []
  return [`the status of ${keyOf(ds)} is ${JSON.stringify(ds.status)}, recounted ${JSON.stringify(recounted)}`]
}

/** No Pod outlives an untolerated NoExecute taint. */
export function checkNoExecute({ store }: Checked): readonly string[] {
  return store.list(nodeResource).flatMap((node) => {
    const taints = node.spec?.taints?.filter(({ effect }) => effect === 'NoExecute') ?? []
    return [...store.podsOnNode(node.metadata.name).values()].flatMap((pod) => {
      const taint = taints.find((candidate) => findToleration(pod.spec.tolerations, candidate) === undefined)
      return taint === undefined || hasEnded(pod) || isBeingDeleted(pod)
        ? []
        : [`${keyOf(pod)} is on ${node.metadata.name} in spite of ${formatTaint(taint)}`]
    })
  })
}

/** Every Node with the Pods of the DaemonSet, made anew from the store. */
function viewsOf({ store }: Checked, ds: DaemonSet): readonly NodeView[] {
  const byNode = new Map<string, Pod[]>()
  for (const pod of store.list(podResource, ds.metadata.namespace)) {
    const target = targetNodeOf(pod)
    if (controllerOf(pod)?.uid !== ds.metadata.uid || target === undefined || isTerminatedAndDeleted(pod)) continue
    byNode.set(target, [...(byNode.get(target) ?? []), pod])
  }
  return sortBy(store.list(nodeResource), (node) => node.metadata.name).map((node: Node) => ({
    name: node.metadata.name,
    exists: true,
    eligibility: shouldRunDaemonPod(ds.spec.template.spec, node),
    pods: (byNode.get(node.metadata.name) ?? []).sort(compareDaemonPods),
  }))
}

function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}
