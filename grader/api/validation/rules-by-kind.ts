// Which functions validate which kind. To add a kind: one file with its rules, one line here.
import type { DaemonSet } from '../apps.ts'
import { deepEqual } from '../compare.ts'
import type { Pod } from '../core.ts'
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../meta.ts'
import { validateDaemonSet, validateDaemonSetStatusUpdate, validateDaemonSetUpdate } from './daemon-set.ts'
import {
  deploymentWarnings,
  validateDeployment,
  validateDeploymentStatusUpdate,
  validateDeploymentUpdate,
  validateReplicaSet,
  validateReplicaSetStatusUpdate,
  validateReplicaSetUpdate,
} from './deployment.ts'
import { isDns1123Label } from './format.ts'
import {
  cronJobWarnings,
  jobWarnings,
  validateCronJob,
  validateCronJobUpdate,
  validateJob,
  validateJobUpdate,
} from './job.ts'
import { nodeWarnings, validateNode, validateNodeStatusUpdate, validateNodeUpdate } from './node.ts'
import {
  validateCsiDriver,
  validateCsiDriverUpdate,
  validateNetworkPolicy,
  validateNetworkPolicyUpdate,
  validateService,
  validateServiceUpdate,
  validateStorageClass,
  validateStorageClassUpdate,
} from './object-kinds.ts'
import {
  runtimeClassWarnings,
  validateConfigMap,
  validateConfigMapUpdate,
  validateControllerRevision,
  validateControllerRevisionUpdate,
  validateEvent,
  validateLease,
  validateLeaseUpdate,
  validateNamespace,
  validateNamespaceStatusUpdate,
  validateOnlyMetaUpdate,
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatusUpdate,
  validatePodDisruptionBudgetUpdate,
  validatePriorityClass,
  validatePriorityClassUpdate,
  validateRuntimeClass,
  validateRuntimeClassUpdate,
  validateSecret,
  validateSecretUpdate,
  validateServiceAccount,
  validateServiceAccountUpdate,
} from './other-kinds.ts'
import { validatePod, validatePodStatusUpdate, validatePodUpdate } from './pod.ts'
import { podAppArmorWarnings, podSpecWarnings, templateWarnings } from './pod-warnings.ts'
import {
  validateLimitRange,
  validateLimitRangeUpdate,
  validateResourceQuota,
  validateResourceQuotaStatusUpdate,
  validateResourceQuotaUpdate,
} from './quota.ts'
import {
  validateClusterRole,
  validateClusterRoleBinding,
  validateClusterRoleBindingUpdate,
  validateClusterRoleUpdate,
  validateRole,
  validateRoleBinding,
  validateRoleBindingUpdate,
  validateRoleUpdate,
} from './rbac.ts'

export interface KindRules {
  create(object: KubeObject): readonly FieldError[]
  update(next: KubeObject, previous: KubeObject): readonly FieldError[]
  status?(next: KubeObject, previous: KubeObject): readonly FieldError[]
  warnings?(next: KubeObject, previous: KubeObject | undefined): readonly string[]
}

interface TypedRules<T extends KubeObject> {
  create(object: T): readonly FieldError[]
  update(next: T, previous: T): readonly FieldError[]
  status?(next: T, previous: T): readonly FieldError[]
  warnings?(next: T, previous: T | undefined): readonly string[]
}

// The server hands each function objects of its own kind only.
const rules = <T extends KubeObject>(typed: TypedRules<T>): KindRules => typed as unknown as KindRules

// A Pod is warned of when it is made, never when it changes: that would be too often.
function podWarnings(pod: Pod, previous: Pod | undefined): readonly string[] {
  if (previous !== undefined) return []
  const messages = isDns1123Label(pod.metadata.name)
  const name =
    messages.length === 0
      ? []
      : [
          `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${messages.join(' ')}]`,
        ]
  return [...podAppArmorWarnings(pod), ...name, ...podSpecWarnings(pod.spec, pod.metadata.annotations)]
}

function daemonSetWarnings(ds: DaemonSet, previous: DaemonSet | undefined): readonly string[] {
  if (previous !== undefined && deepEqual(ds.spec.template, previous.spec.template)) return []
  return templateWarnings(ds.spec.template, 'spec.template')
}

export const RULES_BY_KIND: Readonly<Record<string, KindRules>> = {
  ClusterRole: rules({ create: validateClusterRole, update: validateClusterRoleUpdate }),
  ClusterRoleBinding: rules({ create: validateClusterRoleBinding, update: validateClusterRoleBindingUpdate }),
  ConfigMap: rules({ create: validateConfigMap, update: validateConfigMapUpdate }),
  ControllerRevision: rules({ create: validateControllerRevision, update: validateControllerRevisionUpdate }),
  CronJob: rules({ create: validateCronJob, update: validateCronJobUpdate, warnings: cronJobWarnings }),
  CSIDriver: rules({ create: validateCsiDriver, update: validateCsiDriverUpdate }),
  DaemonSet: rules({
    create: validateDaemonSet,
    update: validateDaemonSetUpdate,
    status: validateDaemonSetStatusUpdate,
    warnings: daemonSetWarnings,
  }),
  Deployment: rules({
    create: validateDeployment,
    update: validateDeploymentUpdate,
    status: validateDeploymentStatusUpdate,
    warnings: deploymentWarnings,
  }),
  Event: rules({ create: validateEvent, update: validateEvent }),
  Job: rules({ create: validateJob, update: validateJobUpdate, warnings: jobWarnings }),
  Lease: rules({ create: validateLease, update: validateLeaseUpdate }),
  LimitRange: rules({ create: validateLimitRange, update: validateLimitRangeUpdate }),
  Namespace: rules({
    create: validateNamespace,
    update: validateOnlyMetaUpdate,
    status: validateNamespaceStatusUpdate,
  }),
  NetworkPolicy: rules({ create: validateNetworkPolicy, update: validateNetworkPolicyUpdate }),
  Node: rules({
    create: validateNode,
    update: validateNodeUpdate,
    status: validateNodeStatusUpdate,
    warnings: nodeWarnings,
  }),
  Pod: rules({
    create: validatePod,
    update: validatePodUpdate,
    status: validatePodStatusUpdate,
    warnings: podWarnings,
  }),
  PodDisruptionBudget: rules({
    create: validatePodDisruptionBudget,
    update: validatePodDisruptionBudgetUpdate,
    status: validatePodDisruptionBudgetStatusUpdate,
  }),
  PriorityClass: rules({ create: validatePriorityClass, update: validatePriorityClassUpdate }),
  ReplicaSet: rules({
    create: validateReplicaSet,
    update: validateReplicaSetUpdate,
    status: validateReplicaSetStatusUpdate,
    warnings: deploymentWarnings,
  }),
  ResourceQuota: rules({
    create: validateResourceQuota,
    update: validateResourceQuotaUpdate,
    status: validateResourceQuotaStatusUpdate,
  }),
  Role: rules({ create: validateRole, update: validateRoleUpdate }),
  RoleBinding: rules({ create: validateRoleBinding, update: validateRoleBindingUpdate }),
  RuntimeClass: rules({
    create: validateRuntimeClass,
    update: validateRuntimeClassUpdate,
    warnings: runtimeClassWarnings,
  }),
  Secret: rules({ create: validateSecret, update: validateSecretUpdate }),
  Service: rules({ create: validateService, update: validateServiceUpdate }),
  ServiceAccount: rules({ create: validateServiceAccount, update: validateServiceAccountUpdate }),
  StorageClass: rules({ create: validateStorageClass, update: validateStorageClassUpdate }),
}
