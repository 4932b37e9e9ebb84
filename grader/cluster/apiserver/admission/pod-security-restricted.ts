// What level restricted asks for. Upstream: check_*.go of k8s.io/pod-security-admission/policy.
import type { Container } from '../../../api/core.ts'
import {
  type CheckedPod,
  containersText,
  inUserNamespace,
  isWindows,
  namesOf,
  quoteAll,
  settersText,
  sorted,
  type Violation,
} from './pod-security-check.ts'

export function capabilitiesRestricted(pod: CheckedPod, version: number): Violation | undefined {
  if (isWindows(pod, version)) return undefined
  const bad = (container: Container): readonly string[] =>
    (container.securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE')
  const undropped = namesOf(pod, (container) => !(container.securityContext?.capabilities?.drop ?? []).includes('ALL'))
  const adding = namesOf(pod, (container) => bad(container).length > 0)
  const details: string[] = []
  if (undropped.length > 0)
    details.push(`${containersText(undropped)} must set securityContext.capabilities.drop=["ALL"]`)
  if (adding.length > 0)
    details.push(
      `${containersText(adding)} must not include ${quoteAll(sorted(pod.containers.flatMap(bad)))} in securityContext.capabilities.add`,
    )
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') }
}

export function allowPrivilegeEscalation(pod: CheckedPod, version: number): Violation | undefined {
  if (isWindows(pod, version)) return undefined
  const names = namesOf(pod, (container) => container.securityContext?.allowPrivilegeEscalation !== false)
  if (names.length === 0) return undefined
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  }
}

export function runAsNonRoot(pod: CheckedPod, version: number): Violation | undefined {
  if (inUserNamespace(pod, version)) return undefined
  const own = pod.spec.securityContext?.runAsNonRoot
  const bad = namesOf(pod, (container) => container.securityContext?.runAsNonRoot === false)
  const reason = 'runAsNonRoot != true'
  if (own === false || bad.length > 0)
    return { reason, detail: `${settersText(own === false, bad)} must not set securityContext.runAsNonRoot=false` }
  const silent = own === true ? [] : namesOf(pod, (container) => container.securityContext?.runAsNonRoot === undefined)
  return silent.length === 0
    ? undefined
    : { reason, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` }
}

export function runAsUser(pod: CheckedPod, version: number): Violation | undefined {
  if (inUserNamespace(pod, version)) return undefined
  const podSets = pod.spec.securityContext?.runAsUser === 0
  const names = namesOf(pod, (container) => container.securityContext?.runAsUser === 0)
  if (!podSets && names.length === 0) return undefined
  return { reason: 'runAsUser=0', detail: `${settersText(podSets, names)} must not set runAsUser=0` }
}
