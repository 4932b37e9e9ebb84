// The scheduler's view of a small cluster, made from Node and Pod objects.
import type { Node, Pod } from '../../grader/api/core.ts'
import { NOTHING } from '../../grader/api/labels.ts'
import type { StringMap } from '../../grader/api/meta.ts'
import { createCache } from '../../grader/cluster/scheduler/cache.ts'
import { type Found, findNodes } from '../../grader/cluster/scheduler/find-nodes.ts'
import { formatFitError } from '../../grader/cluster/scheduler/fit-error.ts'
import { type Cycle, type FilterPlugin, podInfoOf } from '../../grader/cluster/scheduler/framework.ts'
import { type PreemptionParts, planPreemption } from '../../grader/cluster/scheduler/preemption.ts'
import { at } from './build.ts'

export interface World {
  readonly nodes: readonly Node[]
  /** Pods that are there; each is bound by its spec. */
  readonly pods?: readonly Pod[]
  readonly namespaces?: Readonly<Record<string, StringMap>>
}

/** One Pod's look at the world. */
export function cycleOf(pod: Pod, { nodes, pods = [], namespaces = {} }: World): Cycle {
  const cache = createCache()
  for (const node of nodes) cache.setNode(node, [])
  for (const there of pods) cache.assign(podInfoOf(there), there.spec.nodeName!)
  return {
    pod: podInfoOf(pod),
    nodes: cache,
    state: new Map(),
    namespaceLabels: (name) => namespaces[name],
    defaultSelector: () => NOTHING,
  }
}

/** What one plugin says of the Pod on the first Node: upstream's reasons, or `passes`. */
export function verdictOf(plugin: FilterPlugin, pod: Pod, world: World): string {
  const cycle = cycleOf(pod, world)
  if (!plugin.concerns(cycle)) return 'passes'
  const rejection = plugin.filter(cycle, cycle.nodes.get(world.nodes[0]!.metadata.name)!)
  return rejection === undefined
    ? 'passes'
    : `${rejection.unresolvable ? 'unresolvable: ' : ''}${rejection.reasons.join(', ')}`
}

export function find(cycle: Cycle): Found {
  return findNodes(cycle, { nominatedOn: () => [], startAt: 0 })
}

/** The FailedScheduling text of a Pod that fits nowhere; where it fits, the names of those Nodes. */
export function messageOf(pod: Pod, world: World, parts: Partial<PreemptionParts> = {}): string {
  const cycle = cycleOf(pod, world)
  const { feasible, diagnosis } = find(cycle)
  if (feasible.length > 0) return `fits ${feasible.map(({ name }) => name).join(' ')}`
  const plan = planPreemption(cycle, diagnosis, { budgets: [], now: at(100), ...parts })
  return formatFitError(cycle.nodes.size, diagnosis, plan.message)
}
