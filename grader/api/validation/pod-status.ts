// The status of a Pod: containers that ended stay ended unless they may restart, and addresses are addresses.
// Upstream: ValidateContainerStateTransition, validatePodIPs and validateHostIPs of pkg/apis/core/validation/validation.go.
import type { Container, ContainerStatus, Pod, PodSpec, PodStatus } from '../core.ts'
import { type FieldError, forbidden, invalid } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { NONE } from './field-checks.ts'
import { parseIp, validateLegacyIp } from './ip-address.ts'

const RESTARTED = 'may not be transitioned to non-terminated state'

/** Statuses of regular, init and ephemeral containers against the stored ones. */
export function validateContainerStates(next: Pod, previous: Pod): readonly FieldError[] {
  const { spec } = previous
  const now = next.status ?? {}
  const before = previous.status ?? {}
  return [
    ...validateStates(now.containerStatuses, before.containerStatuses, 'status.containerStatuses', (name, code) =>
      mayRestart(spec.containers, name, spec, code),
    ),
    ...validateStates(
      now.initContainerStatuses,
      before.initContainerStatuses,
      'status.initContainerStatuses',
      (name, code) => mayRestart(spec.initContainers ?? [], name, spec, code),
    ),
    ...validateStates(ephemeralOf(now), ephemeralOf(before), 'status.ephemeralContainerStatuses', () => false),
  ]
}

type Statuses = readonly ContainerStatus[] | undefined

const ephemeralOf = (status: PodStatus): Statuses =>
  (status as { readonly ephemeralContainerStatuses?: Statuses }).ephemeralContainerStatuses

function validateStates(
  next: Statuses,
  previous: Statuses,
  path: FieldPath,
  mayLeave: (name: string, exitCode: number) => boolean,
): readonly FieldError[] {
  if (previous === undefined || next === undefined || next === previous) return NONE
  return previous.flatMap((old, i) => {
    const ended = old.state?.terminated
    if (ended === undefined) return []
    const current = next.find((status) => status.name === old.name)
    const left = current !== undefined && current.state?.terminated === undefined
    return left && !mayLeave(old.name, ended.exitCode) ? [forbidden(child(index(path, i), 'state'), RESTARTED)] : []
  })
}

/** Whether the container may run again after this exit code. Upstream: ContainerShouldRestart of pkg/api/v1/pod/util.go. */
export function mayRestart(containers: readonly Container[], name: string, spec: PodSpec, exitCode: number): boolean {
  const container = containers.find((one) => one.name === name)
  if (container === undefined) return false
  if (container.restartPolicy !== undefined) {
    const matches = (container.restartPolicyRules ?? []).some(({ exitCodes }) => {
      const listed = (exitCodes?.values ?? []).includes(exitCode)
      return exitCodes?.operator === 'In' ? listed : exitCodes?.operator === 'NotIn' && !listed
    })
    if (matches) return true
  }
  const policy = container.restartPolicy ?? spec.restartPolicy
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

/** podIPs and hostIPs: one per address family; hostIP is the first of hostIPs. */
export function validatePodIps(next: PodStatus, previous: PodStatus): readonly FieldError[] {
  const errors =
    next.podIPs === previous.podIPs
      ? []
      : [...validateIpList(next.podIPs ?? [], previous.podIPs ?? [], 'status.podIPs')]
  const hostIps = next.hostIPs ?? []
  if (hostIps.length === 0 || next.hostIPs === previous.hostIPs) return errors
  if ((next.hostIP ?? '') !== hostIps[0]!.ip)
    errors.push(invalid('status.hostIPs[0].ip', hostIps[0]!.ip, 'must be equal to `hostIP`'))
  return [...errors, ...validateIpList(hostIps, previous.hostIPs ?? [], 'status.hostIPs')]
}

type IpList = readonly { readonly ip: string }[]

function validateIpList(next: IpList, previous: IpList, path: FieldPath): readonly FieldError[] {
  const errors = next.flatMap(({ ip = '' }, i) =>
    previous.some((old) => old.ip === ip) ? [] : validateLegacyIp(ip, index(path, i)),
  )
  if (next.length < 2) return errors
  const versions = new Set(next.map(({ ip }) => parseIp(ip ?? '')?.version))
  const dualStack = versions.has(4) && versions.has(6)
  if (dualStack && next.length === 2) return errors
  return [
    ...errors,
    invalid(
      path,
      next.map(({ ip }) => ({ IP: ip })),
      'may specify no more than one IP for each IP family',
    ),
  ]
}
