// Upstream: pkg/scheduler/framework/plugins/interpodaffinity/filtering.go.
import type { Pod, PodAffinityTerm } from '../../../api/core.ts'
import { NOTHING, type Selector, selectorMatches, selectorOf } from '../../../api/labels.ts'
import type { StringMap } from '../../../api/meta.ts'
import { type Cycle, type FilterPlugin, podRef, type Rejection } from '../framework.ts'
import { hasAffinity, type NodeInfo } from '../node-info.ts'
import { withLabelKeys } from './pod-topology-spread.ts'

export const AFFINITY_REASON = "node(s) didn't match pod affinity rules"
export const ANTI_AFFINITY_REASON = "node(s) didn't match pod anti-affinity rules"
export const EXISTING_ANTI_AFFINITY_REASON = "node(s) didn't satisfy existing pods anti-affinity rules"

/** An affinity term of one Pod, made ready to match others. */
export interface AffinityTerm {
  readonly topologyKey: string
  readonly selector: Selector
  readonly namespaces: readonly string[]
  readonly namespaceSelector: Selector
}

/** How many Pods stand behind each value of each topology key. */
export type TopologyCounts = Map<string, Map<string, number>>

interface AffinityState {
  readonly affinity: readonly AffinityTerm[]
  readonly antiAffinity: readonly AffinityTerm[]
  readonly affinityCounts: TopologyCounts
  readonly antiAffinityCounts: TopologyCounts
  readonly existingCounts: TopologyCounts
}

type NamespaceLabels = Cycle['namespaceLabels']

export const interPodAffinity: FilterPlugin = {
  name: 'InterPodAffinity',
  concerns: ({ pod, nodes }) => {
    if (hasAffinity(pod)) return true
    for (const _ of nodes.withRequiredAntiAffinity()) return true
    return false
  },
  filter(cycle, node) {
    const state = stateOf(cycle)
    if (!satisfiesAffinity(cycle, state, node)) {
      return rejection(cycle, node, { reason: AFFINITY_REASON, field: 'podAffinity', unresolvable: true })
    }
    if (state.antiAffinity.some((term) => countAt(state.antiAffinityCounts, node, term.topologyKey) > 0)) {
      return rejection(cycle, node, { reason: ANTI_AFFINITY_REASON, field: 'podAntiAffinity', unresolvable: false })
    }
    for (const key of state.existingCounts.keys()) {
      if (countAt(state.existingCounts, node, key) === 0) continue
      return rejection(cycle, node, { reason: EXISTING_ANTI_AFFINITY_REASON, field: undefined, unresolvable: false })
    }
    return undefined
  },
}

interface Refused {
  readonly reason: string
  readonly field: 'podAffinity' | 'podAntiAffinity' | undefined
  readonly unresolvable: boolean
}

function rejection({ pod }: Cycle, node: NodeInfo, { reason, field, unresolvable }: Refused): Rejection {
  const path =
    field === undefined ? 'metadata.labels' : `spec.affinity.${field}.requiredDuringSchedulingIgnoredDuringExecution`
  const code = field === 'podAffinity' ? 'PodAffinityMismatch' : 'PodAntiAffinityMismatch'
  const because = [{ code, object: podRef(pod.pod), path, kubernetes: reason, params: { node: node.name } }]
  return { plugin: 'InterPodAffinity', unresolvable, reasons: [reason], because }
}

function stateOf(cycle: Cycle): AffinityState {
  const known = cycle.state.get('InterPodAffinity') as AffinityState | undefined
  if (known !== undefined) return known
  const { pod } = cycle.pod
  const affinity = requiredTerms(pod, 'podAffinity')
  const antiAffinity = requiredTerms(pod, 'podAntiAffinity')
  const state: AffinityState = {
    affinity,
    antiAffinity,
    affinityCounts: new Map(),
    antiAffinityCounts: new Map(),
    existingCounts: new Map(),
  }
  for (const node of cycle.nodes.withRequiredAntiAffinity()) {
    for (const { pod: existing } of node.pods.values()) {
      for (const term of requiredTerms(existing, 'podAntiAffinity')) {
        if (termPicks(term, pod, cycle.namespaceLabels)) addCount(state.existingCounts, node, term.topologyKey, 1)
      }
    }
  }
  if (affinity.length + antiAffinity.length > 0) {
    for (const node of cycle.nodes.all()) {
      for (const { pod: existing } of node.pods.values()) countExisting(cycle, state, node, existing)
    }
  }
  cycle.state.set('InterPodAffinity', state)
  return state
}

function countExisting(
  cycle: Cycle,
  { affinity, antiAffinity, affinityCounts, antiAffinityCounts }: AffinityState,
  node: NodeInfo,
  existing: Pod,
): void {
  if (affinity.length > 0 && affinity.every((term) => termPicks(term, existing, cycle.namespaceLabels))) {
    for (const { topologyKey } of affinity) addCount(affinityCounts, node, topologyKey, 1)
  }
  for (const term of antiAffinity) {
    if (termPicks(term, existing, cycle.namespaceLabels)) addCount(antiAffinityCounts, node, term.topologyKey, 1)
  }
}

/** Every term needs a matching Pod in the Node's domain; the first Pod of a group that wants itself may start anywhere. */
function satisfiesAffinity(cycle: Cycle, { affinity, affinityCounts }: AffinityState, node: NodeInfo): boolean {
  let allThere = true
  for (const { topologyKey } of affinity) {
    if (node.node.metadata.labels?.[topologyKey] === undefined) return false
    if (countAt(affinityCounts, node, topologyKey) <= 0) allThere = false
  }
  return (
    allThere ||
    (affinityCounts.size === 0 && affinity.every((term) => termPicks(term, cycle.pod.pod, cycle.namespaceLabels)))
  )
}

/** Adds to the count of the Node's domain, if the Node has the topology key. */
export function addCount(counts: TopologyCounts, node: NodeInfo, topologyKey: string, by: number): void {
  const value = node.node.metadata.labels?.[topologyKey]
  if (value === undefined) return
  let values = counts.get(topologyKey)
  if (values === undefined) {
    values = new Map()
    counts.set(topologyKey, values)
  }
  values.set(value, (values.get(value) ?? 0) + by)
}

export function countAt(counts: TopologyCounts, node: NodeInfo, topologyKey: string): number {
  const value = node.node.metadata.labels?.[topologyKey]
  return value === undefined ? 0 : (counts.get(topologyKey)?.get(value) ?? 0)
}

const memo = new WeakMap<
  PodAffinityTerm,
  { readonly labels: StringMap | undefined; readonly namespace: string | undefined; readonly term: AffinityTerm }
>()

/** A term as the Pod that carries it means it: its own namespace where it names none. Upstream: framework.GetAffinityTerms. */
export function affinityTerm(term: PodAffinityTerm, pod: Pod): AffinityTerm {
  const { labels, namespace } = pod.metadata
  const known = memo.get(term)
  if (known !== undefined && known.labels === labels && known.namespace === namespace) return known.term
  const parsed = selectorOf(term.labelSelector)
  const namespaceSelector = selectorOf(term.namespaceSelector)
  const picked = withLabelKeys(parsed.ok ? parsed.value : NOTHING, pod, term.matchLabelKeys, 'in')
  const named = term.namespaces ?? []
  const ready: AffinityTerm = {
    topologyKey: term.topologyKey,
    selector: withLabelKeys(picked, pod, term.mismatchLabelKeys, 'notin'),
    namespaces: named.length === 0 && term.namespaceSelector === undefined ? [namespace ?? ''] : named,
    namespaceSelector: namespaceSelector.ok ? namespaceSelector.value : NOTHING,
  }
  memo.set(term, { labels, namespace, term: ready })
  return ready
}

function requiredTerms(pod: Pod, field: 'podAffinity' | 'podAntiAffinity'): readonly AffinityTerm[] {
  return (pod.spec.affinity?.[field]?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) =>
    affinityTerm(term, pod),
  )
}

/** Whether the term means the Pod. Upstream: AffinityTerm.Matches. */
export function termPicks(term: AffinityTerm, pod: Pod, namespaceLabels: NamespaceLabels): boolean {
  const { namespace = '', labels } = pod.metadata
  if (
    !term.namespaces.includes(namespace) &&
    !selectorMatches(term.namespaceSelector, namespaceLabels(namespace) ?? {})
  )
    return false
  return selectorMatches(term.selector, labels)
}

const NO_NAMESPACE_LABELS: NamespaceLabels = () => undefined

/** Whether another Pod matters to the waiting Pod's required terms, or the other way round: its coming or going may help. */
export function podMatchesAffinityTerms(pod: Pod, waiting: Pod): boolean {
  const own = [...requiredTerms(waiting, 'podAffinity'), ...requiredTerms(waiting, 'podAntiAffinity')]
  // Simplified: a namespaceSelector counts as one that might pick the Pod.
  const mayPick = (term: AffinityTerm, other: Pod) =>
    term.namespaceSelector.nothing === true
      ? termPicks(term, other, NO_NAMESPACE_LABELS)
      : selectorMatches(term.selector, other.metadata.labels)
  return (
    own.some((term) => mayPick(term, pod)) ||
    requiredTerms(pod, 'podAntiAffinity').some((term) => mayPick(term, waiting))
  )
}
