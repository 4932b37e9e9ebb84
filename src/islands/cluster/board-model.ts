import type { Because, NodeVerdict, Verdict } from '../../worker/protocol.ts'

/** A Node as the lab or scenario describes it, before anything runs. */
export interface ClusterNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly string[]
}

/** A Node on the board. `unknown`: nobody has said anything about it yet. */
export interface BoardNode extends ClusterNode {
  readonly verdict: Verdict | 'unknown'
  readonly because: readonly Because[]
}

export interface BoardGroup {
  readonly id: string
  readonly title: string
  /** True when the title is a label as Kubernetes writes it, so that it is set in the code face. */
  readonly isLabel: boolean
  readonly nodes: readonly BoardNode[]
}

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane'
/** Labels that every Node has, or that name the machine rather than its pool. */
const WELL_KNOWN = /^([a-z]+\.)*(kubernetes|k8s)\.io\//

/**
 * Joins what the cluster is with what was decided about each Node. Nodes that joined later stand at the end; `joining`
 * describes them where a timeline says what they are.
 */
export function boardNodes(
  cluster: readonly ClusterNode[],
  verdicts: readonly NodeVerdict[],
  joining: readonly ClusterNode[] = [],
): readonly BoardNode[] {
  const byName = new Map<string, readonly NodeVerdict[]>()
  for (const verdict of verdicts) byName.set(verdict.name, [...(byName.get(verdict.name) ?? []), verdict])
  const names = new Set(cluster.map((node) => node.name))
  const later = [...byName.keys()]
    .filter((name) => !names.has(name))
    .map((name) => joining.find((node) => node.name === name) ?? { name, labels: {}, taints: [] })
  return [...cluster, ...later].map(({ name, labels, taints }) => ({
    name,
    labels,
    taints,
    ...decided(byName.get(name) ?? []),
  }))
}

/** A Node that one of several DaemonSets covers is covered; otherwise all reasons of all of them count. */
function decided(verdicts: readonly NodeVerdict[]): Pick<BoardNode, 'verdict' | 'because'> {
  const [first] = verdicts
  const running = verdicts.find((verdict) => verdict.verdict === 'Running')
  if (running !== undefined) return { verdict: 'Running', because: running.because }
  return first === undefined
    ? { verdict: 'unknown', because: [] }
    : { verdict: first.verdict, because: verdicts.flatMap((verdict) => verdict.because) }
}

/** The Nodes as the API lists them, in the order in which the lab tells them; Nodes it does not name stand at the end. */
export function inOrderOf(told: readonly ClusterNode[], listed: readonly ClusterNode[]): readonly ClusterNode[] {
  const byName = new Map(listed.map((node) => [node.name, node]))
  const names = new Set(told.map((node) => node.name))
  return [...told.flatMap((node) => byName.get(node.name) ?? []), ...listed.filter((node) => !names.has(node.name))]
}

/** Groups by role first, then by the first label that is not on every Linux node; in the order of first appearance. */
export function boardGroups(
  nodes: readonly BoardNode[],
  titles: Readonly<Record<string, string>>,
): readonly BoardGroup[] {
  const groups = new Map<string, BoardNode[]>()
  for (const node of nodes) {
    const id = groupOf(node)
    const members = groups.get(id)
    if (members === undefined) groups.set(id, [node])
    else members.push(node)
  }
  return [...groups].map(([id, members]) => ({
    id,
    title: titles[id] ?? id,
    isLabel: titles[id] === undefined,
    nodes: members,
  }))
}

function groupOf(node: BoardNode): string {
  if (CONTROL_PLANE in node.labels) return 'control-plane'
  const label = Object.entries(node.labels).find(([key]) => !WELL_KNOWN.test(key))
  if (label === undefined) return 'workers'
  const [key, value] = label
  return value === '' || value === 'true' ? key : `${key}=${value}`
}

/** How many Nodes have each verdict, most frequent first. */
export function countVerdicts(
  nodes: readonly Pick<BoardNode, 'verdict'>[],
): readonly (readonly [BoardNode['verdict'], number])[] {
  const counts = new Map<BoardNode['verdict'], number>()
  for (const node of nodes) counts.set(node.verdict, (counts.get(node.verdict) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}
