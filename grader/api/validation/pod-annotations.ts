// Annotations that once were fields. Upstream: ValidatePodSpecificAnnotations, validateSeccompAnnotationsAndFields and
// validateAppArmorAnnotationsAndFieldsMatchOnCreate of pkg/apis/core/validation/validation.go.
import type { PodSpec, SeccompProfile } from '../core.ts'
import { type FieldError, forbidden, goQuote, invalid } from '../field-error.ts'
import { child, type FieldPath, mapKey } from '../field-path.ts'
import type { StringMap } from '../meta.ts'
import { containersOf } from './containers-of.ts'
import { checkLocalDescendingPath, NONE, sortedKeys } from './field-checks.ts'
import type { PodRules } from './pod-rules.ts'

export const MIRROR_POD = 'kubernetes.io/config.mirror'
export const APP_ARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP_CONTAINER_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/'
const LOCALHOST = 'localhost/'

// Simplified: the annotation scheduler.alpha.kubernetes.io/tolerations (v1.5) is not read.
/** Annotations with a meaning of their own on Pods and templates. */
export function validatePodAnnotations(
  annotations: StringMap | undefined,
  spec: PodSpec,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  if (annotations === undefined) return NONE
  const errors: FieldError[] = []
  const mirror = annotations[MIRROR_POD]
  if (mirror !== undefined && (spec.nodeName ?? '') === '') {
    errors.push(invalid(mapKey(path, MIRROR_POD), mirror, 'must set spec.nodeName if mirror pod annotation is set'))
  }
  const cost = annotations[DELETION_COST]
  if (cost !== undefined && !rules.allowInvalidDeletionCost && !isDeletionCost(cost)) {
    errors.push(invalid(mapKey(path, DELETION_COST), cost, 'must be a 32bit integer'))
  }
  const keys = sortedKeys(annotations)
  if (annotations[SECCOMP_POD] !== undefined)
    errors.push(...validateSeccompText(annotations[SECCOMP_POD], child(path, SECCOMP_POD)))
  for (const key of keys)
    if (key.startsWith(SECCOMP_CONTAINER_PREFIX))
      errors.push(...validateSeccompText(annotations[key]!, child(path, key)))
  for (const key of keys)
    if (key.startsWith(APP_ARMOR_PREFIX)) errors.push(...validateAppArmorText(key, annotations[key]!, spec, path))
  return errors
}

/** A pod-deletion-cost: a whole 32-bit number, without a plus sign or leading zeros. */
export function isDeletionCost(text: string): boolean {
  return /^(0|-?[1-9][0-9]*)$/.test(text) && Number(text) >= -2147483648 && Number(text) <= 2147483647
}

function validateSeccompText(text: string, path: FieldPath): readonly FieldError[] {
  if (text === 'runtime/default' || text === 'docker/default' || text === 'unconfined') return NONE
  if (text.startsWith(LOCALHOST)) return checkLocalDescendingPath(text.slice(LOCALHOST.length), path)
  return [invalid(path, text, 'must be a valid seccomp profile')]
}

function validateAppArmorText(key: string, text: string, spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const container = key.slice(APP_ARMOR_PREFIX.length)
  const at = mapKey(path, key)
  const errors: FieldError[] = []
  if (!containersOf(spec, '').some(([one]) => one.name === container))
    errors.push(invalid(at, container, 'container not found'))
  const known = text === '' || text === 'runtime/default' || text === 'unconfined' || text.startsWith(LOCALHOST)
  if (!known) errors.push(invalid(at, text, `invalid AppArmor profile name: ${goQuote(text)}`))
  return errors
}

/** Where a field and its old annotation are both set they must agree. */
export function validateProfilesMatch(
  annotations: StringMap | undefined,
  spec: PodSpec,
  path: FieldPath,
): readonly FieldError[] {
  if (annotations === undefined) return NONE
  const errors: FieldError[] = []
  const pod = spec.securityContext
  const at = (own: FieldPath, field: string): FieldPath => child(own, 'securityContext', field)
  errors.push(...compareProfile('seccomp', pod?.seccompProfile, annotations[SECCOMP_POD], at(path, 'seccompProfile')))
  const containers = containersOf(spec, path)
  for (const [container, own] of containers) {
    const text = annotations[SECCOMP_CONTAINER_PREFIX + container.name]
    errors.push(
      ...compareProfile('seccomp', container.securityContext?.seccompProfile, text, at(own, 'seccompProfile')),
    )
  }
  if (spec.os?.name === 'windows') return errors
  for (const [container, own] of containers) {
    const profile = container.securityContext?.appArmorProfile ?? pod?.appArmorProfile
    errors.push(
      ...compareProfile(
        'apparmor',
        profile,
        annotations[APP_ARMOR_PREFIX + container.name],
        at(own, 'appArmorProfile'),
      ),
    )
  }
  return errors
}

function compareProfile(
  word: 'seccomp' | 'apparmor',
  profile: SeccompProfile | undefined,
  text: string | undefined,
  path: FieldPath,
): readonly FieldError[] {
  if (profile === undefined || text === undefined) return NONE
  const differs = [forbidden(child(path, 'type'), `${word} type in annotation and field must match`)]
  switch (profile.type) {
    case 'Unconfined':
      return text === 'unconfined' ? NONE : differs
    case 'RuntimeDefault':
      return text === 'runtime/default' || (word === 'seccomp' && text === 'docker/default') ? NONE : differs
    case 'Localhost':
      if (!text.startsWith(LOCALHOST)) return differs
      if (text.slice(LOCALHOST.length) === profile.localhostProfile) return NONE
      return [forbidden(child(path, 'localhostProfile'), `${word} profile in annotation and field must match`)]
    default:
      return NONE
  }
}
