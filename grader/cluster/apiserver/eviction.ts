// POST pods/eviction. Upstream: pkg/registry/core/pod/storage/eviction.go.
import type { DeleteOptions } from '../../api/api-client.ts'
import { type ApiResult, type ApiStatus, refused, succeeded, tooManyRequestsStatus } from '../../api/api-status.ts'
import type { Pod, PodCondition } from '../../api/core.ts'
import { labelSelectorMatches } from '../../api/labels.ts'
import type { JsonObject, ObjectKey } from '../../api/meta.ts'
import type { PodDisruptionBudget } from '../../api/other.ts'
import { podDisruptionBudgets, pods } from '../../api/resource-table.ts'
import { isObject } from './patch/merge-patch.ts'
import { removeObject } from './remove.ts'
import { type Call, commit, draftOf, newCall, refuse } from './request.ts'
import { refuseMissing } from './update.ts'

const WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget."
const TWO_BUDGETS = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'
const STILL_PROCESSING_RETRY_SECONDS = 10

/** What kubectl takes for success. */
const CREATED: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

/** Deletes a Pod if its disruption budget allows it. */
export function evictPod(call: Call, key: ObjectKey, body: JsonObject): ApiResult<JsonObject> {
  const { store } = call.server
  const pod = store.get(pods, key)
  if (pod === undefined) return refuseMissing(call, key)
  const options = deleteOptionsOf(call, body)
  if (!ignoresBudgets(pod)) {
    const budgets = store
      .list(podDisruptionBudgets, pod.metadata.namespace)
      .filter((budget) => labelSelectorMatches(budget.spec.selector, pod.metadata.labels))
    if (budgets.length > 1) return refused({ code: 500, reason: 'InternalError', message: TWO_BUDGETS })
    const problem =
      budgets[0] === undefined ? undefined : spend(call, { budget: budgets[0], pod, dryRun: options.dryRun === true })
    if (problem !== undefined) return refuse(call, problem)
  }
  if (options.dryRun !== true) markDisrupted(call, store.get(pods, key)!)
  const deleted = removeObject(newCall(call.server, call.caller, pods, call.options), key, options)
  return deleted.ok ? succeeded(CREATED, deleted.warnings) : deleted
}

/** The Eviction may ask for a dry run itself, as a list: `["All"]`. */
function deleteOptionsOf({ options }: Call, { deleteOptions }: JsonObject): DeleteOptions {
  const sent = (isObject(deleteOptions) ? deleteOptions : {}) as Omit<DeleteOptions, 'dryRun'> & {
    readonly dryRun?: unknown
  }
  const { dryRun, ...rest } = sent
  return options.dryRun === true || dryRun === true || (Array.isArray(dryRun) && dryRun.length > 0)
    ? { ...rest, dryRun: true }
    : rest
}

/** Upstream: canIgnorePDB. */
function ignoresBudgets({ status, metadata }: Pod): boolean {
  return ['Succeeded', 'Failed', 'Pending'].includes(status.phase ?? '') || metadata.deletionTimestamp !== undefined
}

const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true

interface Spending {
  readonly budget: PodDisruptionBudget
  readonly pod: Pod
  readonly dryRun: boolean
}

/** Takes one disruption from the budget, or says why it cannot. */
function spend(call: Call, { budget, pod, dryRun }: Spending): ApiStatus | undefined {
  const { currentHealthy, desiredHealthy, disruptionsAllowed } = budget.status
  if (!isReady(pod)) {
    if (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return undefined
    if (currentHealthy >= desiredHealthy && desiredHealthy > 0) return undefined
  }
  const { name } = budget.metadata
  if ((budget.status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0)) {
    return violation(
      `The disruption budget ${name} is still being processed by the server.`,
      STILL_PROCESSING_RETRY_SECONDS,
    )
  }
  if (disruptionsAllowed <= 0) return violation(whyNone(budget))
  if (dryRun) return undefined
  const draft = draftOf(budget)
  const disruptedPods = { ...budget.status.disruptedPods, [pod.metadata.name]: call.server.clock.timestamp() }
  draft.status = { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1, disruptedPods }
  commit({ ...call, resource: podDisruptionBudgets }, 'update', draft, budget)
  return undefined
}

function whyNone({ metadata, status }: PodDisruptionBudget): string {
  const { currentHealthy, desiredHealthy, conditions = [] } = status
  const condition = conditions.find(({ type }) => type === 'DisruptionAllowed')
  const cannot = `The disruption budget ${metadata.name} does not allow evicting pods currently`
  if (condition?.reason === 'SyncFailed') return `${cannot} because it failed sync: ${condition.message ?? ''}`
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`
  return condition?.message ? `${cannot} (${condition.reason ?? ''}): ${condition.message}` : cannot
}

function violation(why: string, retryAfterSeconds = 0): ApiStatus {
  const status = tooManyRequestsStatus(WOULD_VIOLATE, retryAfterSeconds)
  return { ...status, details: { ...status.details, causes: [{ reason: 'DisruptionBudget', message: why }] } }
}

/** The Pod says why it goes. Upstream: addConditionAndDeletePod. */
function markDisrupted(call: Call, pod: Pod): void {
  const lastTransitionTime = call.server.clock.timestamp()
  const generation = pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }
  const condition: PodCondition = {
    type: 'DisruptionTarget',
    ...generation,
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  }
  const conditions = pod.status.conditions ?? []
  const at = conditions.findIndex(({ type }) => type === condition.type)
  if (at >= 0 && conditions[at]!.status === 'True') return
  const draft = draftOf(pod)
  draft.status = { ...pod.status, conditions: at < 0 ? [...conditions, condition] : conditions.with(at, condition) }
  commit({ ...call, resource: pods }, 'evict', draft, pod)
}
