// Which kind has which strategy. A kind that is not named here is stored as it comes.
import { deepEqual } from '../../../api/compare.ts'
import type { JsonObject, KubeObject } from '../../../api/meta.ts'
import type { Resource } from '../../../api/resource-table.ts'
import { daemonSetStrategy, deploymentStrategy, replicaSetStrategy } from './apps.ts'
import { jobStrategy } from './batch.ts'
import { namespaceStrategy, nodeStrategy, secretStrategy, serviceAccountStrategy, serviceStrategy } from './core.ts'
import { podStrategy } from './pods.ts'
import {
  counted,
  type Draft,
  raiseGeneration,
  type Strategy,
  startGeneration,
  withStatus,
  workload,
} from './strategy.ts'

const PLAIN: Strategy = {}
const RBAC: Strategy = { createOnUpdate: true }
const MUTABLE_CSI_FIELDS = ['tokenRequests', 'requiresRepublish', 'seLinuxMount', 'nodeAllocatableUpdatePeriodSeconds']

const csiDriverStrategy: Strategy = {
  needsResourceVersion: true,
  prepareForUpdate(draft: Draft, old: KubeObject) {
    const before = (old as unknown as { spec?: JsonObject }).spec
    const after = draft.spec as JsonObject | undefined
    if (MUTABLE_CSI_FIELDS.some((field) => !deepEqual(after?.[field], before?.[field]))) raiseGeneration(draft, old)
  },
}

const EMPTY_PDB_STATUS = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }

/** By plural: the kinds served here have distinct ones. */
const STRATEGIES: Readonly<Record<string, Strategy>> = {
  // Simplified: Events are kept for good; a real API server forgets them after an hour.
  events: { createOnUpdate: true, notCollected: true },
  limitranges: { createOnUpdate: true },
  leases: { createOnUpdate: true, needsResourceVersion: true },
  namespaces: namespaceStrategy,
  nodes: nodeStrategy,
  pods: podStrategy,
  resourcequotas: withStatus({}),
  secrets: secretStrategy,
  serviceaccounts: serviceAccountStrategy,
  services: serviceStrategy,
  daemonsets: daemonSetStrategy,
  deployments: deploymentStrategy,
  replicasets: replicaSetStrategy,
  cronjobs: workload({}),
  jobs: jobStrategy,
  networkpolicies: counted,
  poddisruptionbudgets: { ...workload(EMPTY_PDB_STATUS), needsResourceVersion: true },
  priorityclasses: { prepareForCreate: startGeneration },
  runtimeclasses: { needsResourceVersion: true },
  csidrivers: csiDriverStrategy,
  roles: RBAC,
  rolebindings: RBAC,
  clusterroles: RBAC,
  clusterrolebindings: RBAC,
}

/** The strategy of a resource; never undefined. */
export function strategyOf(resource: Resource): Strategy {
  return STRATEGIES[resource.plural] ?? PLAIN
}
