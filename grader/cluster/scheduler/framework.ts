// What the scheduler's plugins are made of. Upstream: k8s.io/kube-scheduler/framework and pkg/scheduler/framework/types.go.
import type { Pod } from '../../api/core.ts'
import type { Selector } from '../../api/labels.ts'
import { keyOf } from '../../api/meta.ts'
import { type HostPort, hostPortsOf, podRequests, type ResourceAmounts } from '../../api/pod-resources.ts'
import type { ObjectRef, Reason } from '../trace.ts'
import { namedNodes } from './named-nodes.ts'
import type { NodeInfo } from './node-info.ts'

/** A Pod with what every plugin asks about it, worked out once. */
export interface PodInfo {
  /** The newest version that the informer told of; what follows does not change with it. */
  pod: Pod
  readonly key: string
  readonly priority: number
  readonly requests: ResourceAmounts
  readonly hostPorts: readonly HostPort[]
  /** The Nodes that its affinity names; undefined if it does not narrow the choice, empty if its terms contradict each other. */
  readonly named: readonly string[] | undefined
}

export function podInfoOf(pod: Pod): PodInfo {
  const { spec } = pod
  return {
    pod,
    key: keyOf(pod),
    priority: spec.priority ?? 0,
    requests: podRequests(spec),
    hostPorts: hostPortsOf(spec),
    named: namedNodes(spec),
  }
}

export type PluginName =
  | 'NodeUnschedulable'
  | 'NodeName'
  | 'TaintToleration'
  | 'NodeAffinity'
  | 'NodePorts'
  | 'NodeResourcesFit'
  | 'VolumeRestrictions'
  | 'NodeVolumeLimits'
  | 'VolumeBinding'
  | 'VolumeZone'
  | 'PodTopologySpread'
  | 'InterPodAffinity'
  | 'DynamicResources'
  | 'DefaultPreemption'
  | 'SchedulingGates'

/** A plugin says no to one Node. `unresolvable`: removing Pods there would not help (UnschedulableAndUnresolvable). */
export interface Rejection {
  readonly plugin: PluginName
  readonly unresolvable: boolean
  /** Upstream's words, as they are counted in the FailedScheduling message. */
  readonly reasons: readonly string[]
  readonly because: readonly Reason[]
}

/** A plugin says no to the Pod as a whole, before any Node is looked at. */
export interface PodRejection {
  readonly plugin: PluginName
  readonly message: string
  readonly because: readonly Reason[]
}

/** One Pod's look at the cluster: Nodes by name, plus what plugins worked out for it (each under its own name). */
export interface Cycle {
  readonly pod: PodInfo
  readonly nodes: NodeView
  readonly state: Map<PluginName, unknown>
  /** Labels of a namespace, for namespaceSelectors. */
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | undefined
  /** What picks the Pod together with its like: selectors of its Services and of the ReplicaSet that owns it. */
  readonly defaultSelector: () => Selector | undefined
}

/** The Nodes as one cycle sees them; preemption looks at the same cluster with one Node changed. */
export interface NodeView {
  readonly size: number
  get(name: string): NodeInfo | undefined
  all(): Iterable<NodeInfo>
  /** Nodes with at least one Pod that has affinity terms, or required anti-affinity terms. */
  withAffinity(): Iterable<NodeInfo>
  withRequiredAntiAffinity(): Iterable<NodeInfo>
}

export interface FilterPlugin {
  readonly name: PluginName
  /** Whether the plugin has anything to say about this Pod; upstream's PreFilter answers Skip otherwise. */
  concerns(cycle: Cycle): boolean
  /** May reject the Pod as a whole. */
  preFilter?(cycle: Cycle): PodRejection | undefined
  /** Undefined when the Node passes. Pure. */
  filter(cycle: Cycle, node: NodeInfo): Rejection | undefined
}

export function nodeRef(name: string): ObjectRef {
  return { kind: 'Node', name }
}

export function podRef(pod: Pod): ObjectRef {
  const { namespace, name } = pod.metadata
  return { kind: 'Pod', name, ...(namespace === undefined ? {} : { namespace }) }
}
