// What may help a Pod that fits nowhere: each rejecting plugin names its events and looks at them.
// Upstream: EventsToRegister and the QueueingHintFns of pkg/scheduler/framework/plugins/*; pkg/scheduler/scheduler.go.

import { deepEqual } from '../../api/compare.ts'
import type { Node, Pod } from '../../api/core.ts'
import { factsOf, matchRequiredNodeAffinity } from '../../api/node-affinity.ts'
import { hostPortsConflict } from '../../api/pod-resources.ts'
import { findToleration, firstUntoleratedTaint } from '../../api/tolerations.ts'
import type { PluginName, PodInfo } from './framework.ts'
import { createNodeInfo } from './node-info.ts'
import { podMatchesAffinityTerms } from './plugins/inter-pod-affinity.ts'
import { insufficientResources } from './plugins/node-resources-fit.ts'
import { podMatchesSpreadSelector } from './plugins/pod-topology-spread.ts'

/** Something that happened to the cluster, as the plugins know it. */
export type ClusterEvent =
  | { readonly type: 'NodeAdded'; readonly node: Node }
  | { readonly type: 'NodeUpdated'; readonly before: Node; readonly node: Node; readonly aspects: NodeAspects }
  | { readonly type: 'NodeDeleted'; readonly node: Node }
  | { readonly type: 'PodAssigned'; readonly pod: PodInfo }
  | { readonly type: 'PodRelabelled'; readonly pod: PodInfo; readonly before: Pod }
  | { readonly type: 'PodDeleted'; readonly pod: PodInfo }

/** The parts of a Node that matter to the scheduler, and whether they changed. */
export interface NodeAspects {
  readonly labels: boolean
  readonly taints: boolean
  readonly allocatable: boolean
  readonly unschedulable: boolean
}

/** Which parts changed, or undefined if none did. Upstream: nodeSchedulingPropertiesChange. */
export function changedAspects(before: Node, node: Node): NodeAspects | undefined {
  const labels = !deepEqual(before.metadata.labels, node.metadata.labels)
  const taints = !deepEqual(before.spec.taints ?? [], node.spec.taints ?? [])
  const allocatable = !deepEqual(before.status.allocatable, node.status.allocatable)
  const unschedulable = (before.spec.unschedulable ?? false) !== (node.spec.unschedulable ?? false)
  return labels || taints || allocatable || unschedulable ? { labels, taints, allocatable, unschedulable } : undefined
}

/** Whether the event gives a Pod that was rejected by one of the plugins another chance. */
export function couldHelp(plugins: ReadonlySet<PluginName>, event: ClusterEvent, waiting: PodInfo): boolean {
  // Without a plugin to blame (no Nodes at all, an internal error) any event will do.
  if (plugins.size === 0) return true
  for (const plugin of plugins) if (HINTS[plugin](event, waiting)) return true
  return false
}

type Hint = (event: ClusterEvent, waiting: PodInfo) => boolean

/** A plugin that looks at added Nodes but not at taints is woken by every change of taints (#109437). */
const alsoByTaints =
  (hint: Hint): Hint =>
  (event, waiting) =>
    (event.type === 'NodeUpdated' && event.aspects.taints) || hint(event, waiting)

const nodeAdded: Hint = (event) => event.type === 'NodeAdded'

const HINTS: Readonly<Record<PluginName, Hint>> = {
  NodeUnschedulable: (event) =>
    (event.type === 'NodeAdded' && event.node.spec.unschedulable !== true) ||
    (event.type === 'NodeUpdated' && event.aspects.unschedulable && event.node.spec.unschedulable !== true),
  NodeName: alsoByTaints(nodeAdded),
  TaintToleration: (event, waiting) =>
    (event.type === 'NodeAdded' && tolerates(event.node, waiting)) ||
    (event.type === 'NodeUpdated' &&
      event.aspects.taints &&
      !tolerates(event.before, waiting) &&
      tolerates(event.node, waiting)),
  NodeAffinity: alsoByTaints(
    (event, waiting) =>
      (event.type === 'NodeAdded' && affinityMatches(event.node, waiting)) ||
      (event.type === 'NodeUpdated' &&
        event.aspects.labels &&
        !affinityMatches(event.before, waiting) &&
        affinityMatches(event.node, waiting)),
  ),
  NodePorts: alsoByTaints(
    (event, waiting) =>
      event.type === 'NodeAdded' ||
      (event.type === 'PodDeleted' &&
        event.pod.hostPorts.some((taken) => waiting.hostPorts.some((port) => hostPortsConflict(port, taken)))),
  ),
  NodeResourcesFit: alsoByTaints((event, waiting) => {
    if (event.type === 'PodDeleted') return true
    if (event.type === 'NodeAdded') return fitsEmpty(event.node, waiting)
    return (
      event.type === 'NodeUpdated' &&
      event.aspects.allocatable &&
      fitsEmpty(event.node, waiting) &&
      hasMoreOfWanted(event.before, event.node, waiting)
    )
  }),
  VolumeRestrictions: alsoByTaints(nodeAdded),
  NodeVolumeLimits: (event) => event.type === 'PodDeleted',
  VolumeBinding: alsoByTaints(
    (event) => event.type === 'NodeAdded' || (event.type === 'NodeUpdated' && event.aspects.labels),
  ),
  VolumeZone: alsoByTaints(
    (event) => event.type === 'NodeAdded' || (event.type === 'NodeUpdated' && event.aspects.labels),
  ),
  PodTopologySpread: (event, waiting) => {
    switch (event.type) {
      case 'NodeAdded':
      case 'NodeDeleted':
        return hasTopologyKeys(event.node, waiting)
      case 'NodeUpdated':
        return (
          (event.aspects.labels || event.aspects.taints) &&
          (hasTopologyKeys(event.node, waiting) || hasTopologyKeys(event.before, waiting))
        )
      case 'PodRelabelled':
        return (
          podMatchesSpreadSelector(event.before, waiting.pod) !== podMatchesSpreadSelector(event.pod.pod, waiting.pod)
        )
      default:
        return podMatchesSpreadSelector(event.pod.pod, waiting.pod)
    }
  },
  InterPodAffinity: alsoByTaints((event, waiting) => {
    switch (event.type) {
      case 'NodeAdded':
        return true
      case 'NodeUpdated':
        return event.aspects.labels
      case 'NodeDeleted':
        return false
      case 'PodRelabelled':
        return (
          podMatchesAffinityTerms(event.before, waiting.pod) !== podMatchesAffinityTerms(event.pod.pod, waiting.pod)
        )
      default:
        return podMatchesAffinityTerms(event.pod.pod, waiting.pod)
    }
  }),
  DynamicResources: alsoByTaints(nodeAdded),
  DefaultPreemption: (event) => event.type === 'PodDeleted',
  SchedulingGates: () => false,
}

const tolerates = (node: Node, waiting: PodInfo): boolean =>
  firstUntoleratedTaint(node.spec.taints, waiting.pod.spec.tolerations) === undefined

const affinityMatches = (node: Node, waiting: PodInfo): boolean =>
  matchRequiredNodeAffinity(waiting.pod.spec, factsOf(node)).matches

const fitsEmpty = (node: Node, waiting: PodInfo): boolean =>
  insufficientResources(waiting, createNodeInfo(node)).length === 0

function hasMoreOfWanted(before: Node, node: Node, { requests }: PodInfo): boolean {
  const old = createNodeInfo(before)
  const now = createNodeInfo(node)
  if (now.allowedPods > old.allowedPods) return true
  const grew = (name: 'cpuMillis' | 'memoryBytes' | 'ephemeralBytes') =>
    requests[name] > 0 && now.allocatable[name] > old.allocatable[name]
  if (grew('cpuMillis') || grew('memoryBytes') || grew('ephemeralBytes')) return true
  for (const [name, amount] of requests.scalars) {
    if (amount > 0 && (now.allocatable.scalars.get(name) ?? 0) > (old.allocatable.scalars.get(name) ?? 0)) return true
  }
  return false
}

function hasTopologyKeys(node: Node, { pod }: PodInfo): boolean {
  const constraints = pod.spec.topologySpreadConstraints ?? []
  return constraints.every(
    ({ whenUnsatisfiable, topologyKey }) =>
      whenUnsatisfiable !== 'DoNotSchedule' || node.metadata.labels?.[topologyKey] !== undefined,
  )
}

/** Whether the Pod's own new tolerations answer what it was rejected for. Upstream: the UpdatePodToleration hints. */
export function ownUpdateCouldHelp(plugins: ReadonlySet<PluginName>, before: Pod, pod: Pod): boolean {
  if (plugins.size === 0) return true
  const tolerationsChanged = !deepEqual(before.spec.tolerations, pod.spec.tolerations)
  const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const
  if (plugins.has('TaintToleration') && tolerationsChanged) return true
  if (
    plugins.has('NodeUnschedulable') &&
    tolerationsChanged &&
    findToleration(pod.spec.tolerations, unschedulable) !== undefined
  )
    return true
  const labelsChanged = !deepEqual(before.metadata.labels, pod.metadata.labels)
  return labelsChanged && (plugins.has('PodTopologySpread') || plugins.has('InterPodAffinity'))
}
