// What the API server fills in, per kind. To add a kind: its function in a file of this folder, one line here.
// Upstream: the SetObjectDefaults functions of pkg/apis/*/v1/zz_generated.defaults.go.
import type { KubeObject } from '../meta.ts'
import type { Resource } from '../resource-table.ts'
import {
  defaultBinding,
  defaultCsiDriver,
  defaultLimitRange,
  defaultNamespace,
  defaultNetworkPolicy,
  defaultNode,
  defaultPriorityClass,
  defaultResourceQuota,
  defaultRuntimeClass,
  defaultSecret,
  defaultService,
  defaultStorageClass,
} from './other-kinds.ts'
import { defaultPod } from './pod.ts'
import { defaultCronJob, defaultDaemonSet, defaultDeployment, defaultJob, defaultReplicaSet } from './workloads.ts'

type Default = (object: KubeObject) => KubeObject

// The server hands each function objects of its own kind only.
const of = <T extends KubeObject>(change: (object: T) => T): Default => change as unknown as Default

const DEFAULTS_BY_KIND: Readonly<Record<string, Default>> = {
  ClusterRoleBinding: of(defaultBinding),
  CronJob: of(defaultCronJob),
  CSIDriver: of(defaultCsiDriver),
  DaemonSet: of(defaultDaemonSet),
  Deployment: of(defaultDeployment),
  Job: of(defaultJob),
  LimitRange: of(defaultLimitRange),
  Namespace: of(defaultNamespace),
  NetworkPolicy: of(defaultNetworkPolicy),
  Node: of(defaultNode),
  Pod: of(defaultPod),
  PriorityClass: of(defaultPriorityClass),
  ReplicaSet: of(defaultReplicaSet),
  ResourceQuota: of(defaultResourceQuota),
  RoleBinding: of(defaultBinding),
  RuntimeClass: of(defaultRuntimeClass),
  Secret: of(defaultSecret),
  Service: of(defaultService),
  StorageClass: of(defaultStorageClass),
}

/** The decoded object with its defaults, sharing what did not change; the object itself if nothing was missing. */
export function defaultObject<T extends KubeObject>(resource: Resource<T>, object: T): T {
  const change = DEFAULTS_BY_KIND[resource.kind]
  return change === undefined ? object : (change(object) as T)
}
