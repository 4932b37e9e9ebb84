// Before anything runs, the learner says which nodes will run it; afterwards each node is compared with what happened.
import type { Because, NodeVerdict } from '../explain/verdict.ts'

export interface PredictedNode {
  readonly name: string
  readonly predicted: boolean
  readonly actual: boolean
  /** Why it runs there or does not, for the misses. */
  readonly because: readonly Because[]
}

export interface PredictionResult {
  readonly right: number
  readonly of: number
  readonly nodes: readonly PredictedNode[]
  /** Names that the learner gave and the cluster does not have. */
  readonly unknown: readonly string[]
}

/** Compares the named nodes with the rows of one timeline; a node counts as running it when some DaemonSet's Pod is Ready there. */
export function gradePredictions(rows: readonly NodeVerdict[], predictions: readonly string[]): PredictionResult {
  const byName = new Map<string, NodeVerdict[]>()
  for (const row of rows) {
    const known = byName.get(row.name)
    if (known === undefined) byName.set(row.name, [row])
    else known.push(row)
  }
  const named = new Set(predictions)
  const nodes = [...byName].map(([name, own]): PredictedNode => {
    const predicted = named.has(name)
    const actual = own.some(({ verdict }) => verdict === 'Running')
    const deciding = own.find(({ verdict }) => (verdict === 'Running') === actual)
    return { name, predicted, actual, because: predicted === actual ? [] : (deciding?.because ?? []) }
  })
  const right = nodes.filter(({ predicted, actual }) => predicted === actual).length
  return { right, of: nodes.length, nodes, unknown: predictions.filter((name) => !byName.has(name)) }
}
