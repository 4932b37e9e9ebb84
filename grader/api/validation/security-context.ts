// Security contexts of containers and Pods. Upstream: ValidateSecurityContext and validatePodSpecSecurityContext of
// pkg/apis/core/validation/validation.go.
import type { PodSecurityContext, PodSpec, SeccompProfile, SecurityContext } from '../core.ts'
import { duplicate, type FieldError, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { checkLocalDescendingPath, checkSupported, NONE } from './field-checks.ts'
import { isUserId } from './format.ts'
import { internalJson } from './internal-json.ts'
import type { PodRules } from './pod-rules.ts'
import { validateWindowsOptions } from './windows-options.ts'

const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined']

/** A container's security context. `hostUsers`: the Pod uses the host's user namespace. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  hostUsers: boolean,
  path: FieldPath,
): readonly FieldError[] {
  if (context === undefined) return NONE
  return [
    ...checkId(context.runAsUser, child(path, 'runAsUser')),
    ...checkId(context.runAsGroup, child(path, 'runAsGroup')),
    ...validateProcMount(context.procMount, hostUsers, child(path, 'procMount')),
    ...validateSeccompProfile(context.seccompProfile, child(path, 'seccompProfile')),
    ...validateEscalation(context, path),
    ...validateWindowsOptions(context.windowsOptions, child(path, 'windowsOptions')),
    ...validateAppArmorProfile(context.appArmorProfile, child(path, 'appArmorProfile')),
  ]
}

function checkId(id: number | undefined, path: FieldPath): readonly FieldError[] {
  return id === undefined ? NONE : isUserId(id).map((message) => invalid(path, id, message))
}

function validateProcMount(procMount: string | undefined, hostUsers: boolean, path: FieldPath): readonly FieldError[] {
  if (procMount === undefined) return NONE
  if (procMount !== 'Default' && procMount !== 'Unmasked')
    return [notSupported(path, procMount, ['Default', 'Unmasked'])]
  return hostUsers && procMount === 'Unmasked'
    ? [invalid(path, procMount, '`hostUsers` must be false to use `Unmasked`')]
    : NONE
}

function validateEscalation(context: SecurityContext, path: FieldPath): readonly FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return NONE
  const errors: FieldError[] = []
  const refuse = (other: string) =>
    errors.push(
      invalid(
        path,
        internalJson('SecurityContext', context),
        `cannot set \`allowPrivilegeEscalation\` to false and ${other}`,
      ),
    )
  if (context.privileged === true) refuse('`privileged` to true')
  for (const capability of context.capabilities?.add ?? [])
    if (capability === 'CAP_SYS_ADMIN') refuse('`capabilities.Add` CAP_SYS_ADMIN')
  return errors
}

/** Upstream: validateSeccompProfileField. */
export function validateSeccompProfile(profile: SeccompProfile | undefined, path: FieldPath): readonly FieldError[] {
  if (profile === undefined) return NONE
  const type = profile.type ?? ''
  const at = child(path, 'localhostProfile')
  const errors: FieldError[] = []
  if (type === '') errors.push(required(child(path, 'type'), 'type is required when seccompProfile is set'))
  else errors.push(...checkSupported(type, PROFILE_TYPES, child(path, 'type')))
  if (type === 'Localhost') {
    if (profile.localhostProfile === undefined) errors.push(required(at, 'must be set when seccomp type is Localhost'))
    else errors.push(...checkLocalDescendingPath(profile.localhostProfile, at))
  } else if (profile.localhostProfile !== undefined) {
    const shown = { Type: type, LocalhostProfile: profile.localhostProfile }
    errors.push(invalid(at, shown, 'can only be set when seccomp type is Localhost'))
  }
  return errors
}

/** Upstream: ValidateAppArmorProfileField. */
export function validateAppArmorProfile(profile: SeccompProfile | undefined, path: FieldPath): readonly FieldError[] {
  if (profile === undefined) return NONE
  const local = profile.localhostProfile
  const at = child(path, 'localhostProfile')
  switch (profile.type ?? '') {
    case 'Localhost':
      return validateLocalAppArmor(local, at)
    case 'RuntimeDefault':
    case 'Unconfined':
      return local === undefined ? NONE : [invalid(at, local, 'can only be set when AppArmor type is Localhost')]
    case '':
      return [required(child(path, 'type'), 'type is required when appArmorProfile is set')]
    default:
      return [notSupported(child(path, 'type'), profile.type, PROFILE_TYPES)]
  }
}

function validateLocalAppArmor(profile: string | undefined, path: FieldPath): readonly FieldError[] {
  const missing = 'must be set when AppArmor type is Localhost'
  if (profile === undefined) return [required(path, missing)]
  const errors: FieldError[] = []
  if (profile.trim() !== profile) errors.push(invalid(path, profile, 'must not be padded with whitespace'))
  else if (profile === '') errors.push(required(path, missing))
  if (profile.length > 4095) errors.push({ type: 'Too long', path, detail: 'may not be more than 4095 bytes' })
  return errors
}

/** The Pod's own context and the fields of the host that upstream keeps in it. */
export function validatePodSecurityContext(spec: PodSpec, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const context = spec.securityContext
  if (context === undefined) return NONE
  const errors: FieldError[] = [
    ...checkId(context.fsGroup, child(path, 'fsGroup')),
    ...checkId(context.runAsUser, child(path, 'runAsUser')),
    ...checkId(context.runAsGroup, child(path, 'runAsGroup')),
  ]
  context.supplementalGroups?.forEach((id, i) => {
    errors.push(...checkId(id, index(child(path, 'supplementalGroups'), i)))
  })
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    errors.push(
      invalid(child(path, 'shareProcessNamespace'), true, 'ShareProcessNamespace and HostPID cannot both be enabled'),
    )
  }
  errors.push(...validateSysctls(spec, context, child(path, 'sysctls'), rules))
  errors.push(
    ...checkOptional(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch'], child(path, 'fsGroupChangePolicy')),
  )
  errors.push(...validateSeccompProfile(context.seccompProfile, child(path, 'seccompProfile')))
  errors.push(...validateWindowsOptions(context.windowsOptions, child(path, 'windowsOptions')))
  errors.push(...validateAppArmorProfile(context.appArmorProfile, child(path, 'appArmorProfile')))
  errors.push(
    ...checkOptional(context.supplementalGroupsPolicy, ['Merge', 'Strict'], child(path, 'supplementalGroupsPolicy')),
  )
  return [
    ...errors,
    ...checkOptional(context.seLinuxChangePolicy, ['MountOption', 'Recursive'], child(path, 'seLinuxChangePolicy')),
  ]
}

const checkOptional = (
  value: string | undefined,
  supported: readonly string[],
  path: FieldPath,
): readonly FieldError[] => (value === undefined ? NONE : checkSupported(value, supported, path))

const SYSCTL_SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?'
const SYSCTL = `(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}`
const sysctlName = new RegExp(`^${SYSCTL}$`)

function validateSysctls(
  spec: PodSpec,
  context: PodSecurityContext,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  const names = new Set<string>()
  return (context.sysctls ?? []).flatMap(({ name = '' }, i) => {
    const at = child(index(path, i), 'name')
    const errors: FieldError[] = []
    if (name === '') errors.push(required(at))
    else if (name.length > 253 || !sysctlName.test(name))
      errors.push(invalid(at, name, `must have at most 253 characters and match regex ^${SYSCTL}$`))
    else if (names.has(name)) errors.push(duplicate(at, name))
    names.add(name)
    const host = rules.allowHostSysctls ? undefined : hostNamespaceOf(name, spec)
    return host === undefined ? errors : [...errors, invalid(at, name, `may not be specified when '${host}' is true`)]
  })
}

const IPC_SYSCTLS = /^kernel\.(sem|shm(all|max|mni|_rmid_forced)?|msg(max|mnb|mni)?)$/

/** The host namespace that the sysctl would reach into. Upstream: ValidateHostSysctl and pkg/kubelet/sysctl/namespaces. */
export function hostNamespaceOf(sysctl: string, spec: PodSpec): 'hostNetwork' | 'hostIPC' | undefined {
  const name = normalSysctl(sysctl)
  if (name.startsWith('net.')) return spec.hostNetwork === true ? 'hostNetwork' : undefined
  const ipc = IPC_SYSCTLS.test(name) || name.startsWith('fs.mqueue.')
  return ipc && spec.hostIPC === true ? 'hostIPC' : undefined
}

/** `net/ipv4/ip_forward` means `net.ipv4.ip_forward`: the first separator decides. Upstream: NormalizeName. */
function normalSysctl(name: string): string {
  const first = name.search(/[./]/)
  if (first < 0 || name[first] === '.') return name
  return [...name].map((c) => (c === '.' ? '/' : c === '/' ? '.' : c)).join('')
}
