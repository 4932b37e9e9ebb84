// A cluster and its HTTP handler from command-line input: a scenario file's world, or an empty cluster.
import { type Cluster, createHandler, createStandardCluster, type Handler } from '../index.ts'
import { ExitError, MISUSE } from './exit.ts'

export interface OpenedCluster {
  readonly cluster: Cluster
  readonly handler: Handler
  /** What was wrong with objects of the scenario; the rest of the world is there. */
  readonly problems: readonly string[]
}

/** Builds the world of the scenario file (nodes, objects, images), or an empty cluster without one. */
export async function openCluster(seed: number, scenarioFile: string | undefined): Promise<OpenedCluster> {
  if (scenarioFile !== undefined) throw new ExitError(MISUSE, `cannot read ${scenarioFile}: scenarios are not read yet`)
  const cluster = createStandardCluster({ seed, images: {}, disks: {} })
  cluster.settle()
  return { cluster, handler: createHandler(cluster), problems: [] }
}
