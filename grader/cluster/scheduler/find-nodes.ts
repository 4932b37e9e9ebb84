// Which Nodes a Pod fits on, and why not on the others. Upstream: pkg/scheduler/schedule_one.go (findNodesThatFitPod).

import { viewWith } from './cache.ts'
import type { Cycle, FilterPlugin, PluginName, PodInfo, PodRejection, Rejection } from './framework.ts'
import { addPod, cloneNodeInfo, type NodeInfo } from './node-info.ts'
import { FILTERS } from './plugins/registry.ts'

/** What a cycle found out about Nodes that do not do. */
export interface Diagnosis {
  readonly rejections: ReadonlyMap<string, Rejection>
  /** What is said of every Node without a rejection of its own: it was never looked at. */
  readonly absentReason: string | undefined
  readonly podRejection: PodRejection | undefined
  /** The plugins on whose account the Pod waits. */
  readonly plugins: ReadonlySet<PluginName>
}

export interface Found {
  readonly feasible: readonly NodeInfo[]
  readonly diagnosis: Diagnosis
}

export interface FindOptions {
  /** Pods that were promised room on a Node, of at least this Pod's priority. */
  readonly nominatedOn: (nodeName: string, pod: PodInfo) => readonly PodInfo[]
  /** Where the round over the Nodes begins, when not all are looked at. */
  readonly startAt: number
}

const NO_REJECTIONS: ReadonlyMap<string, Rejection> = new Map()
const NO_PLUGINS: ReadonlySet<PluginName> = new Set()
const NOTHING_WRONG: Diagnosis = {
  rejections: NO_REJECTIONS,
  absentReason: undefined,
  podRejection: undefined,
  plugins: NO_PLUGINS,
}

/** All Nodes that pass every filter, up to as many as upstream looks for, and what stands against the others. Pure. */
export function findNodes(cycle: Cycle, options: FindOptions): Found {
  const plugins = pluginsFor(cycle)
  for (const plugin of plugins) {
    const podRejection = plugin.preFilter?.(cycle)
    if (podRejection !== undefined) {
      return { feasible: [], diagnosis: { ...NOTHING_WRONG, podRejection, plugins: new Set([podRejection.plugin]) } }
    }
  }
  const { named } = cycle.pod
  // The usual daemon Pod: one Node, and it fits.
  if (named?.length === 1) {
    const node = cycle.nodes.get(named[0]!)
    if (node !== undefined && checkNode(cycle, plugins, node, options) === undefined)
      return { feasible: [node], diagnosis: NOTHING_WRONG }
  }
  const nominated = cycle.pod.pod.status.nominatedNodeName
  if (nominated !== undefined && (named === undefined || named.includes(nominated))) {
    const node = cycle.nodes.get(nominated)
    if (node !== undefined && checkNode(cycle, plugins, node, options) === undefined)
      return { feasible: [node], diagnosis: NOTHING_WRONG }
  }
  const { candidates, wanted } = candidatesOf(cycle, named, options.startAt)
  return lookAt(cycle, plugins, { candidates, wanted, narrowed: named !== undefined, options })
}

/** The filters that have anything to say about the Pod, in order. */
export function pluginsFor(cycle: Cycle): readonly FilterPlugin[] {
  const plugins: FilterPlugin[] = []
  for (const plugin of FILTERS) if (plugin.concerns(cycle)) plugins.push(plugin)
  return plugins
}

interface Look {
  readonly candidates: readonly NodeInfo[]
  readonly wanted: number
  readonly narrowed: boolean
  readonly options: FindOptions
}

function lookAt(
  cycle: Cycle,
  plugins: readonly FilterPlugin[],
  { candidates, wanted, narrowed, options }: Look,
): Found {
  const feasible: NodeInfo[] = []
  let rejections: Map<string, Rejection> | undefined
  for (const node of candidates) {
    if (feasible.length >= wanted) break
    const rejection = checkNode(cycle, plugins, node, options)
    if (rejection === undefined) feasible.push(node)
    else {
      rejections ??= new Map()
      rejections.set(node.name, rejection)
    }
  }
  if (feasible.length > 0)
    return { feasible, diagnosis: rejections === undefined ? NOTHING_WRONG : { ...NOTHING_WRONG, rejections } }
  const blamed = new Set<PluginName>(narrowed ? ['NodeAffinity'] : [])
  for (const { plugin } of rejections?.values() ?? []) blamed.add(plugin)
  return {
    feasible,
    diagnosis: {
      rejections: rejections ?? NO_REJECTIONS,
      absentReason: narrowed ? "node(s) didn't satisfy plugin(s) [NodeAffinity]" : undefined,
      podRejection: undefined,
      plugins: blamed,
    },
  }
}

/** The Nodes to look at, and how many feasible ones are enough. */
function candidatesOf(cycle: Cycle, named: readonly string[] | undefined, startAt: number) {
  if (named !== undefined) {
    const candidates: NodeInfo[] = []
    for (const name of named) {
      const node = cycle.nodes.get(name)
      if (node !== undefined) candidates.push(node)
    }
    return { candidates, wanted: candidates.length }
  }
  const all = [...cycle.nodes.all()]
  const start = all.length === 0 ? 0 : startAt % all.length
  const candidates = start === 0 ? all : [...all.slice(start), ...all.slice(0, start)]
  return { candidates, wanted: feasibleNodesToFind(all.length) }
}

const MIN_FEASIBLE_NODES = 100
const MIN_PERCENTAGE = 5

/** Upstream: numFeasibleNodesToFind, with the default percentageOfNodesToScore. */
export function feasibleNodesToFind(nodes: number): number {
  if (nodes < MIN_FEASIBLE_NODES) return nodes
  const percentage = Math.max(50 - Math.floor(nodes / 125), MIN_PERCENTAGE)
  return Math.max(Math.floor((nodes * percentage) / 100), MIN_FEASIBLE_NODES)
}

/** Runs the filters; if Pods are nominated there, once with them and once without. Upstream: RunFilterPluginsWithNominatedPods. */
function checkNode(
  cycle: Cycle,
  plugins: readonly FilterPlugin[],
  node: NodeInfo,
  options: FindOptions,
): Rejection | undefined {
  const nominated = options.nominatedOn(node.name, cycle.pod)
  if (nominated.length > 0) {
    const fuller = cloneNodeInfo(node)
    for (const pod of nominated) addPod(fuller, pod)
    const rejection = runFilters({ ...cycle, nodes: viewWith(cycle.nodes, fuller), state: new Map() }, plugins, fuller)
    if (rejection !== undefined) return rejection
  }
  return runFilters(cycle, plugins, node)
}

/** The first plugin that rejects the Node speaks for it; the others are not asked. */
export function runFilters(cycle: Cycle, plugins: readonly FilterPlugin[], node: NodeInfo): Rejection | undefined {
  for (const plugin of plugins) {
    const rejection = plugin.filter(cycle, node)
    if (rejection !== undefined) return rejection
  }
  return undefined
}
