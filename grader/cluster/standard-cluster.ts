// A whole cluster: the API server with every controller, the scheduler and the kubelets.
import { type Cluster, type Component, createCluster } from './cluster.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { cronJobController } from './controllers/cronjob.ts'
import { daemonSetController } from './controllers/daemonset/controller.ts'
import { deploymentController } from './controllers/deployment/controller.ts'
import { disruptionController } from './controllers/disruption.ts'
import { garbageCollector } from './controllers/garbage-collector.ts'
import { jobController } from './controllers/job.ts'
import { namespaceController } from './controllers/namespace.ts'
import { nodeLifecycleController } from './controllers/node-lifecycle.ts'
import { podGarbageCollector } from './controllers/pod-gc.ts'
import { replicaSetController } from './controllers/replicaset.ts'
import { resourceQuotaController } from './controllers/resource-quota.ts'
import { serviceAccountController } from './controllers/serviceaccount.ts'
import { taintEvictionController } from './controllers/taint-eviction.ts'
import { kubelets } from './kubelet/kubelets.ts'
import { scheduler } from './scheduler/scheduler.ts'

/** In the order in which their wake-ups run. */
export const STANDARD_COMPONENTS: readonly Component[] = [
  namespaceController,
  serviceAccountController,
  garbageCollector,
  nodeLifecycleController,
  daemonSetController,
  deploymentController,
  replicaSetController,
  jobController,
  cronJobController,
  disruptionController,
  resourceQuotaController,
  taintEvictionController,
  podGarbageCollector,
  scheduler,
  kubelets,
]

/** A cluster as kubeadm sets one up, without nodes; machines join through the API or in a scenario. */
export function createStandardCluster(config: ClusterConfig): Cluster {
  return createCluster(config, STANDARD_COMPONENTS)
}
