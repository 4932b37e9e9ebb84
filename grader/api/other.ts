// Types of the groups with few kinds here: coordination, networking, node, policy, rbac, scheduling, storage.
import type { IntOrString, WorkloadCondition } from './apps.ts'
import type { ResourceList, Toleration } from './core.ts'
import type { JsonObject, KubeObject, LabelSelector, StringMap } from './meta.ts'

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly acquireTime?: string
    readonly renewTime?: string
    readonly leaseTransitions?: number
  }
}

export interface NetworkPolicy extends KubeObject {
  readonly spec?: JsonObject
}

export interface RuntimeClass extends KubeObject {
  readonly handler: string
  readonly overhead?: { readonly podFixed?: ResourceList }
  readonly scheduling?: { readonly nodeSelector?: StringMap; readonly tolerations?: readonly Toleration[] }
}

export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: IntOrString
    readonly maxUnavailable?: IntOrString
    readonly selector?: LabelSelector
    readonly unhealthyPodEvictionPolicy?: string
  }
  readonly status: {
    readonly observedGeneration?: number
    readonly disruptedPods?: StringMap
    readonly disruptionsAllowed: number
    readonly currentHealthy: number
    readonly desiredHealthy: number
    readonly expectedPods: number
    readonly conditions?: readonly WorkloadCondition[]
  }
}

export interface PolicyRule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
}

export interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null
}
export interface ClusterRole extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null
  readonly aggregationRule?: JsonObject
}

interface Binding extends KubeObject {
  readonly subjects?: readonly {
    readonly kind: string
    readonly apiGroup?: string
    readonly name: string
    readonly namespace?: string
  }[]
  readonly roleRef: { readonly apiGroup: string; readonly kind: string; readonly name: string }
}
export type RoleBinding = Binding
export type ClusterRoleBinding = Binding

export interface PriorityClass extends KubeObject {
  readonly value: number
  readonly globalDefault?: boolean
  readonly description?: string
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never'
}

export interface CSIDriver extends KubeObject {
  readonly spec: JsonObject
}

export interface StorageClass extends KubeObject {
  readonly provisioner: string
  readonly parameters?: StringMap
  readonly reclaimPolicy?: string
  readonly volumeBindingMode?: string
  readonly allowVolumeExpansion?: boolean
}
