import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet } from './apps.ts'
import type { CronJob, Job } from './batch.ts'
import type {
  ConfigMap,
  Event,
  LimitRange,
  Namespace,
  Node,
  Pod,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from './core.ts'
import type { KubeObject } from './meta.ts'
import type {
  ClusterRole,
  ClusterRoleBinding,
  CSIDriver,
  Lease,
  NetworkPolicy,
  PodDisruptionBudget,
  PriorityClass,
  Role,
  RoleBinding,
  RuntimeClass,
  StorageClass,
} from './other.ts'

/** One served resource, as discovery tells it. `T` is the type of its objects; it exists for the compiler only. */
export interface Resource<T extends KubeObject = KubeObject> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly subresources: readonly Subresource[]
  readonly objectType?: T
}

export type Subresource =
  | 'status'
  | 'scale'
  | 'binding'
  | 'eviction'
  | 'log'
  | 'exec'
  | 'finalize'
  | 'token'
  | 'ephemeralcontainers'
  | 'resize'

interface Options {
  readonly short?: readonly string[]
  readonly all?: boolean
  readonly cluster?: boolean
  readonly sub?: readonly Subresource[]
}

function resource<T extends KubeObject>(
  groupVersion: string,
  kind: string,
  plural: string,
  options: Options = {},
): Resource<T> {
  const slash = groupVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : groupVersion.slice(0, slash),
    version: groupVersion.slice(slash + 1),
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: options.short ?? [],
    categories: options.all === true ? ['all'] : [],
    namespaced: options.cluster !== true,
    subresources: options.sub ?? [],
  }
}

export const configMaps = resource<ConfigMap>('v1', 'ConfigMap', 'configmaps', { short: ['cm'] })
export const events = resource<Event>('v1', 'Event', 'events', { short: ['ev'] })
export const limitRanges = resource<LimitRange>('v1', 'LimitRange', 'limitranges', { short: ['limits'] })
export const namespaces = resource<Namespace>('v1', 'Namespace', 'namespaces', {
  short: ['ns'],
  cluster: true,
  sub: ['finalize', 'status'],
})
export const nodes = resource<Node>('v1', 'Node', 'nodes', { short: ['no'], cluster: true, sub: ['status'] })
export const pods = resource<Pod>('v1', 'Pod', 'pods', {
  short: ['po'],
  all: true,
  sub: ['binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'resize', 'status'],
})
export const resourceQuotas = resource<ResourceQuota>('v1', 'ResourceQuota', 'resourcequotas', {
  short: ['quota'],
  sub: ['status'],
})
export const secrets = resource<Secret>('v1', 'Secret', 'secrets')
export const serviceAccounts = resource<ServiceAccount>('v1', 'ServiceAccount', 'serviceaccounts', {
  short: ['sa'],
  sub: ['token'],
})
export const services = resource<Service>('v1', 'Service', 'services', { short: ['svc'], all: true, sub: ['status'] })
export const controllerRevisions = resource<ControllerRevision>('apps/v1', 'ControllerRevision', 'controllerrevisions')
export const daemonSets = resource<DaemonSet>('apps/v1', 'DaemonSet', 'daemonsets', {
  short: ['ds'],
  all: true,
  sub: ['status'],
})
export const deployments = resource<Deployment>('apps/v1', 'Deployment', 'deployments', {
  short: ['deploy'],
  all: true,
  sub: ['scale', 'status'],
})
export const replicaSets = resource<ReplicaSet>('apps/v1', 'ReplicaSet', 'replicasets', {
  short: ['rs'],
  all: true,
  sub: ['scale', 'status'],
})
export const cronJobs = resource<CronJob>('batch/v1', 'CronJob', 'cronjobs', {
  short: ['cj'],
  all: true,
  sub: ['status'],
})
export const jobs = resource<Job>('batch/v1', 'Job', 'jobs', { all: true, sub: ['status'] })
export const leases = resource<Lease>('coordination.k8s.io/v1', 'Lease', 'leases')
export const networkPolicies = resource<NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
  short: ['netpol'],
})
export const runtimeClasses = resource<RuntimeClass>('node.k8s.io/v1', 'RuntimeClass', 'runtimeclasses', {
  cluster: true,
})
export const podDisruptionBudgets = resource<PodDisruptionBudget>(
  'policy/v1',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
  { short: ['pdb'], sub: ['status'] },
)
export const clusterRoleBindings = resource<ClusterRoleBinding>(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  { cluster: true },
)
export const clusterRoles = resource<ClusterRole>('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', {
  cluster: true,
})
export const roleBindings = resource<RoleBinding>('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings')
export const roles = resource<Role>('rbac.authorization.k8s.io/v1', 'Role', 'roles')
export const priorityClasses = resource<PriorityClass>('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', {
  short: ['pc'],
  cluster: true,
})
export const csiDrivers = resource<CSIDriver>('storage.k8s.io/v1', 'CSIDriver', 'csidrivers', { cluster: true })
export const storageClasses = resource<StorageClass>('storage.k8s.io/v1', 'StorageClass', 'storageclasses', {
  short: ['sc'],
  cluster: true,
})

/** Every stored resource, in discovery's order of groups and names. */
export const RESOURCES: readonly Resource[] = [
  configMaps,
  events,
  limitRanges,
  namespaces,
  nodes,
  pods,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  cronJobs,
  jobs,
  leases,
  networkPolicies,
  runtimeClasses,
  podDisruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  priorityClasses,
  csiDrivers,
  storageClasses,
]

const byKind = new Map(RESOURCES.map((r) => [`${r.group}/${r.version}/${r.kind}`, r]))

/** The resource whose objects say this apiVersion and kind, or undefined: the server does not know it. */
export function resourceOfKind(apiVersion: string, kind: string): Resource | undefined {
  return byKind.get(`${apiVersion.includes('/') ? '' : '/'}${apiVersion}/${kind}`)
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}
