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
const WELL_KNOWN = ['kubernetes.io/', 'topology.kubernetes.io/', 'node.kubernetes.io/']

/**
 * Joins what the cluster is with what was decided about each Node. Nodes that joined later stand at the end; `joining`
 * describes them where a timeline says what they are.
 */
export function boardNodes(
  cluster: readonly ClusterNode[],
  verdicts: readonly NodeVerdict[],
  joining: readonly ClusterNode[] = [],
): readonly BoardNode[] {
  const byName = new Map(verdicts.map((verdict) => [verdict.name, verdict]))
  const names = new Set(cluster.map((node) => node.name))
  const later = verdicts
    .filter((verdict) => !names.has(verdict.name))
    .map(({ name }) => joining.find((node) => node.name === name) ?? { name, labels: {}, taints: [] })
  return [...cluster, ...later].map((node) => ({ ...node, ...decided(byName.get(node.name)) }))
}

function decided(verdict: NodeVerdict | undefined): Pick<BoardNode, 'verdict' | 'because'> {
  return verdict === undefined ? { verdict: 'unknown', because: [] } : { verdict: verdict.verdict, because: verdict.because }
}

/** Groups by role first, then by the first label that is not on every Linux node; in the order of first appearance. */
export function boardGroups(nodes: readonly BoardNode[], titles: Readonly<Record<string, string>>): readonly BoardGroup[] {
  const groups = new Map<string, BoardNode[]>()
  for (const node of nodes) {
    const id = groupOf(node)
    const members = groups.get(id)
    if (members === undefined) groups.set(id, [node])
    else members.push(node)
  }
  return [...groups].map(([id, members]) => ({ id, title: titles[id] ?? id, isLabel: titles[id] === undefined, nodes: members }))
}

function groupOf(node: BoardNode): string {
  if (CONTROL_PLANE in node.labels) return 'control-plane'
  const label = Object.entries(node.labels).find(([key]) => !WELL_KNOWN.some((prefix) => key.startsWith(prefix)))
  if (label === undefined) return 'workers'
  const [key, value] = label
  return value === '' || value === 'true' ? key : `${key}=${value}`
}

/** How many Nodes have each verdict, most frequent first. */
export function countVerdicts(nodes: readonly BoardNode[]): readonly (readonly [BoardNode['verdict'], number])[] {
  const counts = new Map<BoardNode['verdict'], number>()
  for (const node of nodes) counts.set(node.verdict, (counts.get(node.verdict) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])
}
