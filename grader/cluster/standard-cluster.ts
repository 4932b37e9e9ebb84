// A whole cluster: the API server with every controller, the scheduler and the kubelets that exist.
import { type Cluster, type Component, createCluster } from './cluster.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { daemonSetController } from './controllers/daemonset/controller.ts'
import { scheduler } from './scheduler/scheduler.ts'

/** In the order in which their wake-ups run. */
export const STANDARD_COMPONENTS: readonly Component[] = [daemonSetController, scheduler]

/** A cluster as kubeadm sets one up, without nodes; machines join through the API or in a scenario. */
export function createStandardCluster(config: ClusterConfig): Cluster {
  return createCluster(config, STANDARD_COMPONENTS)
}
