// PodSecurity: Pods are held to the level that their namespace enforces, everybody is warned of the level it warns of.
// Upstream: k8s.io/pod-security-admission/admission/admission.go.
import { invalidStatus } from '../../../api/api-status.ts'
import { compareStrings, deepEqual } from '../../../api/compare.ts'
import type { Container, Namespace, Pod, PodSpec, PodTemplateSpec } from '../../../api/core.ts'
import { controllerOf, type KubeObject, type StringMap } from '../../../api/meta.ts'
import { namespaces, pods } from '../../../api/resource-table.ts'
import type { AdmissionContext, AdmissionResult } from './admission-context.ts'
import { refusedAs } from './admission-context.ts'
import type { CheckedPod, Violation } from './pod-security-check.ts'
import { SECURITY_CHECKS } from './pod-security-checks.ts'
import { formatLevelVersion, isStricter, type LevelVersion, policyOf, sameLevelVersion } from './pod-security-policy.ts'

/** The newest version that any check knows: later ones, and `latest`, mean this. */
const NEWEST = 35
const MAX_PODS_CHECKED = 3000
const NO_ANNOTATIONS: StringMap = {}

export function validatePodSecurity(context: AdmissionContext): AdmissionResult {
  const { object, resource, operation, subresource } = context
  if (operation === 'delete') return { object }
  if (resource.kind === 'Namespace') return subresource === undefined ? validateNamespaceLabels(context) : { object }
  if (resource.kind === 'Pod')
    return subresource === undefined || subresource === 'ephemeralcontainers' ? validatePod(context) : { object }
  const template = subresource === undefined ? templateOf(object) : undefined
  return template === undefined ? { object } : warnOfTemplate(context, template)
}

function validatePod(context: AdmissionContext): AdmissionResult {
  const pod = context.object as Pod
  const { policy } = policyIn(context, pod.metadata.namespace)
  const isFree = [policy.enforce, policy.warn].every(({ level }) => level === 'privileged')
  if (isFree || (context.operation === 'update' && !isSignificantUpdate(pod, context.previous as Pod)))
    return { object: pod }
  const enforced = detailOf(evaluate(policy.enforce, pod.spec, pod.metadata.annotations))
  if (enforced !== '')
    return refusedAs(context, `violates PodSecurity "${formatLevelVersion(policy.enforce)}": ${enforced}`)
  const warned = detailOf(evaluate(policy.warn, pod.spec, pod.metadata.annotations))
  return warned === '' ? { object: pod } : { object: pod, warnings: [wouldViolate(policy.warn, warned)] }
}

/** Workloads are never refused: what they ask for is told when it is asked, and refused where a Pod is made. */
function warnOfTemplate(context: AdmissionContext, template: PodTemplateSpec): AdmissionResult {
  const { object } = context
  const { policy } = policyIn(context, object.metadata.namespace)
  if (policy.warn.level === 'privileged') return { object }
  const detail = detailOf(evaluate(policy.warn, template.spec, template.metadata?.annotations))
  return detail === '' ? { object } : { object, warnings: [wouldViolate(policy.warn, detail)] }
}

const wouldViolate = (level: LevelVersion, detail: string): string =>
  `would violate PodSecurity "${formatLevelVersion(level)}": ${detail}`

function policyIn(context: AdmissionContext, namespace: string | undefined): ReturnType<typeof policyOf> {
  return policyOf(
    namespace === undefined ? undefined : context.read.get(namespaces, { name: namespace })?.metadata.labels,
  )
}

const WORKLOADS = ['DaemonSet', 'Deployment', 'ReplicaSet', 'Job']

function templateOf(object: KubeObject): PodTemplateSpec | undefined {
  const { spec } = object as {
    readonly spec?: {
      readonly template?: PodTemplateSpec
      readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } }
    }
  }
  if (WORKLOADS.includes(object.kind)) return spec?.template
  return object.kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : undefined
}

interface Evaluated {
  readonly annotations: StringMap
  readonly parts: readonly unknown[]
  readonly violations: readonly Violation[]
}

const evaluated = new WeakMap<readonly Container[], Map<string, Evaluated>>()

/** What the level forbids about the Pod, in upstream's order. Pods of one template are looked at once per level. */
export function evaluate(level: LevelVersion, spec: PodSpec, all: StringMap | undefined): readonly Violation[] {
  if (level.level === 'privileged') return []
  const annotations = all !== undefined && hasProfile(all) ? all : NO_ANNOTATIONS
  const key = formatLevelVersion(level)
  const parts = [
    spec.volumes,
    spec.initContainers,
    spec.ephemeralContainers,
    spec.securityContext,
    spec.hostNetwork,
    spec.hostPID,
    spec.hostIPC,
    spec.hostUsers,
    spec.os,
  ]
  const known = evaluated.get(spec.containers)?.get(key)
  if (known !== undefined && known.annotations === annotations && known.parts.every((part, i) => part === parts[i]))
    return known.violations
  const violations = runChecks(level, spec, annotations)
  const byLevel = evaluated.get(spec.containers) ?? new Map<string, Evaluated>()
  byLevel.set(key, { annotations, parts, violations })
  evaluated.set(spec.containers, byLevel)
  return violations
}

/** AppArmor and, formerly, seccomp profiles are given by annotations; others are of no interest. */
function hasProfile(annotations: StringMap): boolean {
  for (const key in annotations) if (/apparmor|seccomp/.test(key)) return true
  return false
}

function runChecks(level: LevelVersion, spec: PodSpec, annotations: StringMap): readonly Violation[] {
  const version = level.version === 'latest' ? NEWEST : Math.min(level.version, NEWEST)
  const present = SECURITY_CHECKS.filter(
    (check) => check.since <= version && (level.level === 'restricted' || check.level === 'baseline'),
  )
  const overridden = present.map((check) => check.overrides)
  const pod: CheckedPod = {
    spec,
    annotations,
    containers: [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])],
  }
  return present
    .filter((check) => !overridden.includes(check.id))
    .map((check) => check.check(pod, version))
    .filter((violation) => violation !== undefined)
}

const detailOf = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ')

function isSignificantUpdate(pod: Pod, old: Pod): boolean {
  const imagesDiffer = (now: readonly Container[] = [], before: readonly Container[] = []): boolean =>
    now.length !== before.length || now.some((container, i) => container.image !== before[i]!.image)
  const ephemeral = (pod.spec.ephemeralContainers ?? []).some(
    (container) => old.spec.ephemeralContainers?.find(({ name }) => name === container.name)?.image !== container.image,
  )
  return (
    imagesDiffer(pod.spec.containers, old.spec.containers) ||
    imagesDiffer(pod.spec.initContainers, old.spec.initContainers) ||
    ephemeral
  )
}

function validateNamespaceLabels(context: AdmissionContext): AdmissionResult {
  const namespace = context.object as Namespace
  const next = policyOf(namespace.metadata.labels)
  const previous = policyOf(context.previous?.metadata.labels)
  const changed =
    context.operation === 'create' || previous.errors.length === 0 || !deepEqual(next.errors, previous.errors)
  if (next.errors.length > 0 && changed)
    return { refused: invalidStatus(namespacesKind, namespace.metadata.name, next.errors) }
  const { enforce } = next.policy
  const old = previous.policy.enforce
  const relaxed = enforce.version === old.version && !isStricter(enforce.level, old.level)
  if (context.operation !== 'update' || sameLevelVersion(enforce, old) || enforce.level === 'privileged' || relaxed)
    return { object: namespace }
  const warnings = existingPodWarnings(context, namespace.metadata.name, enforce)
  return warnings.length === 0 ? { object: namespace } : { object: namespace, warnings }
}

const namespacesKind = { group: '', kind: 'Namespace' }

/** Running Pods stay; who raises the level is told which of them break it. */
function existingPodWarnings(context: AdmissionContext, namespace: string, enforce: LevelVersion): readonly string[] {
  const all = prioritized(context.read.list(pods, namespace))
  const checked = all.slice(0, MAX_PODS_CHECKED)
  const byReason = new Map<string, { name: string; count: number }>()
  for (const pod of checked) {
    const reasons = evaluate(enforce, pod.spec, pod.metadata.annotations)
      .map(({ reason }) => reason)
      .join(', ')
    if (reasons === '') continue
    const seen = byReason.get(reasons)
    const name = seen === undefined || compareStrings(pod.metadata.name, seen.name) < 0 ? pod.metadata.name : seen.name
    byReason.set(reasons, { name, count: (seen?.count ?? 0) + 1 })
  }
  const warnings =
    checked.length < all.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked.length} of ${all.length} existing pods`,
        ]
      : []
  if (byReason.size > 0)
    warnings.push(
      `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${formatLevelVersion(enforce)}"`,
    )
  const lines = [...byReason].map(([reasons, { name, count }]) => `${name}${othersText(count)}: ${reasons}`)
  return [...warnings, ...lines.sort(compareStrings)]
}

const othersText = (count: number): string =>
  count === 1 ? '' : count === 2 ? ' (and 1 other pod)' : ` (and ${count - 1} other pods)`

/** One Pod of each controller first: the limit should not be spent on copies. */
function prioritized(all: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>()
  const isFirst = (pod: Pod): boolean => {
    const uid = controllerOf(pod)?.uid
    if (uid === undefined || !seen.has(uid)) {
      if (uid !== undefined) seen.add(uid)
      return true
    }
    return false
  }
  const first = new Set(all.filter(isFirst))
  return [...first, ...all.filter((pod) => !first.has(pod))]
}
