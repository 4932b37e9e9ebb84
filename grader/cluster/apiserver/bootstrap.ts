// What a new control plane holds before anybody has written anything. Upstream: pkg/controlplane/controller/systemnamespaces,
// pkg/registry/scheduling/rest/storage_scheduling.go, pkg/registry/rbac/rest/storage_rbac.go.
import type { Namespace } from '../../api/core.ts'
import type { KubeObject, PartialObjectMeta } from '../../api/meta.ts'
import type { ClusterRole, ClusterRoleBinding, PriorityClass } from '../../api/other.ts'
import {
  apiVersionOf,
  clusterRoleBindings,
  clusterRoles,
  namespaces,
  priorityClasses,
  type Resource,
  services,
} from '../../api/resource-table.ts'
import { BOOTSTRAP_BINDINGS, BOOTSTRAP_ROLES } from './bootstrap-roles.ts'
import type { Server } from './request.ts'

export const SYSTEM_NAMESPACES: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

const RBAC = 'rbac.authorization.k8s.io'
const BOOTSTRAPPING = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
const AUTO_UPDATE = { [`${RBAC}/autoupdate`]: 'true' }

const SYSTEM_PRIORITIES = [
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
] as const

/** The API's own Service, in namespace default. Upstream: pkg/controlplane/controller/kubernetesservice. */
const KUBERNETES_SERVICE = {
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    clusterIPs: ['10.96.0.1'],
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
    sessionAffinity: 'None',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    internalTrafficPolicy: 'Cluster',
  },
  status: { loadBalancer: {} },
}

/** Puts the first objects into an empty store. They are older than the story, so they leave no trace. */
export function bootstrap(server: Server): void {
  for (const name of SYSTEM_NAMESPACES) {
    const body: Partial<Namespace> = { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }
    put(server, namespaces, { name, labels: { 'kubernetes.io/metadata.name': name } }, body)
  }
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  put(server, services, { name: 'kubernetes', namespace: 'default', labels }, KUBERNETES_SERVICE)
  for (const { name, value, description } of SYSTEM_PRIORITIES) {
    const body: Partial<PriorityClass> = { value, description, preemptionPolicy: 'PreemptLowerPriority' }
    put(server, priorityClasses, { name, generation: 1 }, body)
  }
  for (const { name, labels, rules, aggregationRule } of BOOTSTRAP_ROLES) {
    const body: Partial<ClusterRole> = {
      ...(aggregationRule === undefined ? {} : { aggregationRule }),
      rules: rules.length === 0 ? null : rules,
    }
    put(server, clusterRoles, { name, labels: { ...BOOTSTRAPPING, ...labels }, annotations: AUTO_UPDATE }, body)
  }
  for (const { name, role, groups } of BOOTSTRAP_BINDINGS) {
    const body: Partial<ClusterRoleBinding> = {
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: groups.map((group) => ({ kind: 'Group', apiGroup: RBAC, name: group })),
    }
    put(server, clusterRoleBindings, { name, labels: BOOTSTRAPPING, annotations: AUTO_UPDATE }, body)
  }
}

function put<T extends KubeObject>(
  { store, random, clock }: Server,
  resource: Resource<T>,
  metadata: PartialObjectMeta,
  body: Partial<T>,
): void {
  const uid = random.uid()
  const creationTimestamp = clock.timestamp()
  store.put(
    resource,
    (resourceVersion) =>
      ({
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        metadata: { ...metadata, uid, resourceVersion, creationTimestamp },
        ...body,
      }) as unknown as T,
  )
}
