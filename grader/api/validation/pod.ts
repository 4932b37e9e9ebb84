// Pods. Upstream: ValidatePodCreate, ValidatePodUpdate and ValidatePodStatusUpdate of pkg/apis/core/validation/validation.go.
import { deepEqual } from '../compare.ts'
import type { Container, Pod, PodSpec, Toleration } from '../core.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index, mapKey } from '../field-path.ts'
import type { StringMap } from '../meta.ts'
import { validateImageSpaces } from './containers.ts'
import { checkFormat, NONE, sortedKeys } from './field-checks.ts'
import { inclusiveRangeError, isDns1123Subdomain, isLabelKey, nameIsDnsSubdomain } from './format.ts'
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'
import { APP_ARMOR_PREFIX, MIRROR_POD, validatePodAnnotations, validateProfilesMatch } from './pod-annotations.ts'
import { POD_RULES, type PodRules } from './pod-rules.ts'
import { validatePodSpec } from './pod-spec.ts'
import { validateContainerStates, validatePodIps } from './pod-status.ts'
import { validateSpecUnchanged } from './pod-update.ts'
import { rulesForPodUpdate } from './pod-update-rules.ts'
import { validateTolerations } from './tolerations.ts'
import type { VolumeFields } from './volume-sources.ts'

const META = { namespaced: true, name: nameIsDnsSubdomain }
const ANNOTATIONS: FieldPath = 'metadata.annotations'

export function validatePod(pod: Pod): readonly FieldError[] {
  const { spec } = pod
  const errors = [...validateMetadataAndSpec(pod, POD_RULES)]
  if ((spec.ephemeralContainers ?? []).length > 0)
    errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
  return [...errors, ...validateProfilesMatch(pod.metadata.annotations, spec, 'spec')]
}

/** What a Pod must be on create and on every update. Upstream: validatePodMetadataAndSpec. */
function validateMetadataAndSpec(pod: Pod, rules: PodRules): readonly FieldError[] {
  const { spec } = pod
  const errors = [...validateObjectMeta(pod.metadata, META)]
  errors.push(...validatePodAnnotations(pod.metadata.annotations, spec, ANNOTATIONS, rules))
  errors.push(...validatePodSpec(spec, pod.metadata.name ?? '', 'spec', rules))
  if ((spec.serviceAccountName ?? '') === '') errors.push(...forbidTokens(spec))
  for (const field of ['containers', 'initContainers'] as const) {
    spec[field]?.forEach((container, i) => {
      errors.push(...validateImageSpaces(container, index(child('spec', field), i)))
    })
  }
  return errors
}

function forbidTokens(spec: PodSpec): readonly FieldError[] {
  return (spec.volumes ?? []).flatMap((volume, v) => {
    const sources = (volume as unknown as VolumeFields).projected?.sources ?? []
    return sources.flatMap((source, s) => {
      if (source.serviceAccountToken === undefined) return []
      const at = child(index(child(index('spec.volumes', v), 'projected', 'sources'), s), 'serviceAccountToken')
      return [forbidden(at, 'must not be specified when serviceAccountName is not set')]
    })
  })
}

/** An update may change images, deadlines, labels and little else. Upstream stops early where lists cannot be compared. */
export function validatePodUpdate(next: Pod, previous: Pod): readonly FieldError[] {
  const rules = rulesForPodUpdate(previous.spec, previous.metadata.annotations)
  const errors = [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateMetadataAndSpec(next, rules),
  ]
  errors.push(...validateAnnotationsUpdate(next, previous, rules))
  for (const field of ['containers', 'initContainers'] as const) {
    const own = validateContainerUpdates(next.spec[field] ?? [], previous.spec[field] ?? [], child('spec', field))
    errors.push(...own.errors)
    if (own.stop) return errors
  }
  const deadline = validateDeadline(next.spec.activeDeadlineSeconds, previous.spec.activeDeadlineSeconds)
  errors.push(...deadline.errors)
  if (deadline.stop) return errors
  errors.push(...validateAddedTolerations(next.spec.tolerations ?? [], previous.spec.tolerations ?? []))
  errors.push(...validateDeletedGates(next.spec, previous.spec))
  return [...errors, ...validateSpecUnchanged(next.spec, previous.spec)]
}

interface Verdict {
  readonly errors: readonly FieldError[]
  /** Nothing after this is checked. */
  readonly stop: boolean
}

function validateContainerUpdates(
  next: readonly Container[],
  previous: readonly Container[],
  path: FieldPath,
): Verdict {
  if (next === previous) return { errors: NONE, stop: false }
  if (next.length !== previous.length)
    return { errors: [forbidden(path, 'pod updates may not add or remove containers')], stop: true }
  const errors = next.flatMap((container, i) => {
    const missing = (container.image ?? '') === '' ? [required(child(index(path, i), 'image'))] : NONE
    return [...missing, ...validateImageSpaces(container, index(path, i))]
  })
  return { errors, stop: false }
}

function validateDeadline(next: number | undefined, previous: number | undefined): Verdict {
  const at = 'spec.activeDeadlineSeconds'
  if (next === undefined) {
    const errors =
      previous === undefined ? NONE : [invalid(at, null, 'must not update from a positive integer to nil value')]
    return { errors, stop: false }
  }
  if (next < 0 || next > 2147483647)
    return { errors: [invalid(at, next, inclusiveRangeError(0, 2147483647))], stop: true }
  if (previous === undefined || next <= previous) return { errors: NONE, stop: false }
  return { errors: [invalid(at, next, 'must be less than or equal to previous value')], stop: true }
}

function validateAddedTolerations(next: readonly Toleration[], previous: readonly Toleration[]): readonly FieldError[] {
  if (next === previous) return NONE
  const without = ({ tolerationSeconds: _, ...rest }: Toleration): object => rest
  const all = next.map(without)
  const kept = previous.every((old) => all.some((one) => deepEqual(one, without(old))))
  if (!kept)
    return [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')]
  return validateTolerations(next, 'spec.tolerations')
}

function validateDeletedGates(next: PodSpec, previous: PodSpec): readonly FieldError[] {
  const old = (previous.schedulingGates ?? []).map((gate) => gate.name)
  return (next.schedulingGates ?? []).flatMap((gate, i) => {
    if (old.includes(gate.name)) return []
    return [
      forbidden(
        child(index('spec.schedulingGates', i), 'name'),
        `only deletion is allowed, but found new scheduling gate '${gate.name}'`,
      ),
    ]
  })
}

// Upstream: ValidatePodSpecificAnnotationUpdates.
function validateAnnotationsUpdate(next: Pod, previous: Pod, rules: PodRules): readonly FieldError[] {
  const now = next.metadata.annotations
  if (now === previous.metadata.annotations) return NONE
  return [
    ...changedAnnotations(now ?? {}, previous.metadata.annotations ?? {}),
    ...validatePodAnnotations(now, next.spec, ANNOTATIONS, rules),
  ]
}

function changedAnnotations(next: StringMap, previous: StringMap): readonly FieldError[] {
  const words = (key: string): string | undefined =>
    key.startsWith(APP_ARMOR_PREFIX) ? 'AppArmor annotations' : key === MIRROR_POD ? 'mirror pod annotation' : undefined
  const errors: FieldError[] = []
  for (const key of sortedKeys(previous)) {
    if (next[key] !== previous[key] && words(key) !== undefined)
      errors.push(forbidden(mapKey(ANNOTATIONS, key), `may not remove or update ${words(key)}`))
  }
  for (const key of sortedKeys(next)) {
    if (previous[key] === undefined && words(key) !== undefined)
      errors.push(forbidden(mapKey(ANNOTATIONS, key), `may not add ${words(key)}`))
  }
  return errors
}

const SYSTEM_CONDITIONS = ['PodScheduled', 'Ready', 'Initialized']

/** The status as kubelet, scheduler and others write it. */
export function validatePodStatusUpdate(next: Pod, previous: Pod): readonly FieldError[] {
  const rules = rulesForPodUpdate(previous.spec, previous.metadata.annotations)
  const errors = [
    ...validateObjectMetaUpdate(next.metadata, previous.metadata),
    ...validateAnnotationsUpdate(next, previous, rules),
  ]
  const status = next.status ?? {}
  const before = previous.status ?? {}
  status.conditions?.forEach((condition, i) => {
    const at = index('status.conditions', i)
    if ((condition.observedGeneration ?? 0) < 0)
      errors.push(
        invalid(child(at, 'observedGeneration'), condition.observedGeneration, 'must be a non-negative integer'),
      )
    if (!SYSTEM_CONDITIONS.includes(condition.type))
      errors.push(...checkFormat(condition.type ?? '', isLabelKey, child(at, 'Type')))
  })
  const nominated = status.nominatedNodeName ?? ''
  if (nominated !== '' && nominated !== before.nominatedNodeName) {
    errors.push(...checkFormat(nominated, isDns1123Subdomain, 'status.nominatedNodeName'))
    if ((previous.spec.nodeName ?? '') !== '') {
      errors.push(forbidden('status.nominatedNodeName', 'may not be set on pods that are already bound to a node'))
    }
  }
  if ((status.observedGeneration ?? 0) < 0)
    errors.push(invalid('status.observedGeneration', status.observedGeneration, 'must be a non-negative integer'))
  errors.push(...validateImmutable(status.qosClass ?? '', before.qosClass ?? '', 'status.qosClass'))
  return [...errors, ...validateContainerStates(next, previous), ...validatePodIps(status, before)]
}
