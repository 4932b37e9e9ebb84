// Types of batch/v1. Upstream: k8s.io/api/batch/v1/types.go.
import type { WorkloadCondition } from './apps.ts'
import type { ObjectReference, PodTemplateSpec } from './core.ts'
import type { JsonObject, KubeObject, LabelSelector } from './meta.ts'

export interface JobSpec {
  readonly parallelism?: number
  readonly completions?: number
  readonly activeDeadlineSeconds?: number
  readonly backoffLimit?: number
  readonly selector?: LabelSelector
  readonly manualSelector?: boolean
  readonly template: PodTemplateSpec
  readonly ttlSecondsAfterFinished?: number
  readonly completionMode?: string
  readonly suspend?: boolean
  readonly podFailurePolicy?: JsonObject
}

export interface JobStatus {
  readonly conditions?: readonly WorkloadCondition[]
  readonly startTime?: string
  readonly completionTime?: string
  readonly active?: number
  readonly succeeded?: number
  readonly failed?: number
  readonly ready?: number
  readonly terminating?: number
  readonly uncountedTerminatedPods?: JsonObject
}

export interface Job extends KubeObject {
  readonly spec: JobSpec
  readonly status: JobStatus
}

export interface CronJobSpec {
  readonly schedule: string
  readonly timeZone?: string
  readonly startingDeadlineSeconds?: number
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace'
  readonly suspend?: boolean
  readonly jobTemplate: { readonly metadata?: JsonObject; readonly spec: JobSpec }
  readonly successfulJobsHistoryLimit?: number
  readonly failedJobsHistoryLimit?: number
}

export interface CronJob extends KubeObject {
  readonly spec: CronJobSpec
  readonly status: {
    readonly active?: readonly ObjectReference[]
    readonly lastScheduleTime?: string
    readonly lastSuccessfulTime?: string
  }
}
