// Seccomp profiles, at both levels. Upstream: check_seccompProfile_*.go of k8s.io/pod-security-admission/policy.
import type { SeccompProfile } from '../../../api/core.ts'
import { goQuote } from '../../../api/field-error.ts'
import {
  type CheckedPod,
  containersText,
  isWindows,
  namesOf,
  plural,
  quoteAll,
  settersText,
  sorted,
  type Violation,
} from './pod-security-check.ts'

const isBadSeccomp = (profile: SeccompProfile | undefined): boolean =>
  profile !== undefined && profile.type !== 'Localhost' && profile.type !== 'RuntimeDefault'

function explicitSeccomp(pod: CheckedPod): Violation | undefined {
  const podProfile = pod.spec.securityContext?.seccompProfile
  const bad = pod.containers.filter((container) => isBadSeccomp(container.securityContext?.seccompProfile))
  if (!isBadSeccomp(podProfile) && bad.length === 0) return undefined
  const profiles = [
    ...(isBadSeccomp(podProfile) ? [podProfile!] : []),
    ...bad.map((container) => container.securityContext!.seccompProfile!),
  ]
  const setters = settersText(
    isBadSeccomp(podProfile),
    bad.map(({ name }) => name),
  )
  return {
    reason: 'seccompProfile',
    detail: `${setters} must not set securityContext.seccompProfile.type to ${quoteAll(sorted(profiles.map(({ type }) => type)))}`,
  }
}

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/'

// Before v1.19 seccomp was a matter of annotations.
export function seccompBaseline(pod: CheckedPod, version: number): Violation | undefined {
  if (version >= 19) return explicitSeccomp(pod)
  const keys = [SECCOMP_POD, ...pod.containers.map(({ name }) => SECCOMP_PREFIX + name)]
  const bad = keys.filter(
    (key) =>
      pod.annotations[key] !== undefined &&
      !/^(runtime\/default$|docker\/default$|localhost\/)/.test(pod.annotations[key]!),
  )
  if (bad.length === 0) return undefined
  const texts = sorted(bad.map((key) => `${key}=${goQuote(pod.annotations[key]!)}`))
  return { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', texts.length)} ${texts.join(', ')}` }
}

export function seccompRestricted(pod: CheckedPod, version: number): Violation | undefined {
  if (isWindows(pod, version)) return undefined
  const explicit = explicitSeccomp(pod)
  if (explicit !== undefined || pod.spec.securityContext?.seccompProfile !== undefined) return explicit
  const names = namesOf(pod, (container) => container.securityContext?.seccompProfile === undefined)
  if (names.length === 0) return undefined
  return {
    reason: 'seccompProfile',
    detail: `pod or ${containersText(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  }
}
