// What only Windows Pods have, and what they may not have. Upstream: validateWindowsSecurityContextOptions,
// validateWindowsHostProcessPod, validateLinux and validateWindows of pkg/apis/core/validation/validation.go.
import type { Container, PodSpec, SecurityContext } from '../core.ts'
import { type FieldError, forbidden, invalid } from '../field-error.ts'
import { child, type FieldPath } from '../field-path.ts'
import { containersOf } from './containers-of.ts'
import { NONE } from './field-checks.ts'
import { byteLength, isDns1123Subdomain } from './format.ts'

type WindowsOptions = NonNullable<SecurityContext['windowsOptions']>

/** The options of one security context. */
export function validateWindowsOptions(options: WindowsOptions | undefined, path: FieldPath): readonly FieldError[] {
  if (options === undefined) return NONE
  const errors: FieldError[] = []
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options
  if (specName !== undefined)
    for (const message of isDns1123Subdomain(specName))
      errors.push(invalid(child(path, 'gmsaCredentialSpecName'), specName, message))
  if (spec === '')
    errors.push(invalid(child(path, 'gmsaCredentialSpec'), spec, 'gmsaCredentialSpec cannot be an empty string'))
  else if (spec !== undefined && byteLength(spec) > 64 * 1024) {
    errors.push(invalid(child(path, 'gmsaCredentialSpec'), spec, 'gmsaCredentialSpec size must be under 64 KiB'))
  }
  if (user !== undefined)
    for (const message of userNameProblems(user)) errors.push(invalid(child(path, 'runAsUserName'), user, message))
  return errors
}

const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const DNS_LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const DNS_DOMAIN = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`)

function userNameProblems(name: string): readonly string[] {
  if (name === '') return ['runAsUserName cannot be an empty string']
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u001f\u007f]/.test(name)) return ['runAsUserName cannot contain control characters']
  const parts = name.split('\\')
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash']
  const domain = parts.length === 2 ? parts[0]! : undefined
  const user = parts[parts.length - 1]!
  const found: string[] = []
  if (byteLength(domain ?? '') >= 256) found.push("runAsUserName's Domain length must be under 256 characters")
  if (domain !== undefined && !NET_BIOS.test(domain) && !DNS_DOMAIN.test(domain)) {
    found.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
  }
  if (user === '') found.push("runAsUserName's User cannot be empty")
  else if (byteLength(user) > 104) found.push("runAsUserName's User length must not be longer than 104 characters")
  if (/^[. ]+$/.test(user)) found.push("runAsUserName's User cannot contain only periods or spaces")
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    found.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]')
  return found
}

/** HostProcess containers: all or none, and on the host's network. */
export function validateHostProcess(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const pod = spec.securityContext?.windowsOptions?.hostProcess
  const errors: FieldError[] = []
  let hostProcess = 0
  const containers = containersOf(spec, path)
  for (const [container, at] of containers) {
    const own = container.securityContext?.windowsOptions?.hostProcess
    if (pod !== undefined && own !== undefined && pod !== own) {
      const where = child(at, 'securityContext', 'windowsOptions', 'hostProcess')
      errors.push(invalid(where, own, `pod hostProcess value must be identical if both are specified, was ${pod}`))
    }
    if ((own ?? pod) === true) hostProcess++
  }
  if (hostProcess === 0) return errors
  if (hostProcess !== containers.length) {
    errors.push(
      invalid(
        path,
        '',
        'If pod contains any hostProcess containers then all containers must be HostProcess containers',
      ),
    )
  }
  if (spec.hostNetwork !== true)
    errors.push(
      invalid(child(path, 'hostNetwork'), false, 'hostNetwork must be true if pod contains any hostProcess containers'),
    )
  return errors
}

/** A Pod for Linux has no Windows options. */
export function validateLinux(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const refuse = (at: FieldPath): FieldError =>
    forbidden(child(at, 'securityContext', 'windowsOptions'), 'windows options cannot be set for a linux pod')
  const errors = spec.securityContext?.windowsOptions === undefined ? [] : [refuse(path)]
  for (const [container, at] of containersOf(spec, path))
    if (container.securityContext?.windowsOptions !== undefined) errors.push(refuse(at))
  return errors
}

const POD_FIELDS = [
  'securityContext.appArmorProfile',
  'securityContext.seLinuxOptions',
  'hostUsers',
  'hostPID',
  'hostIPC',
  'securityContext.seccompProfile',
  'securityContext.fsGroup',
  'securityContext.fsGroupChangePolicy',
  'securityContext.sysctls',
  'shareProcessNamespace',
  'securityContext.runAsUser',
  'securityContext.runAsGroup',
  'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy',
  'securityContext.seLinuxChangePolicy',
]
const CONTAINER_FIELDS: readonly (keyof NonNullable<Container['securityContext']>)[] = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
]

/** A Pod for Windows has nothing that only Linux knows. */
export function validateWindows(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const detail = 'cannot be set for a windows pod'
  const errors: FieldError[] = []
  const context = spec.securityContext as Readonly<Record<string, unknown>> | undefined
  for (const field of POD_FIELDS) {
    const inContext = field.startsWith('securityContext.')
    const value = inContext ? context?.[field.slice('securityContext.'.length)] : spec[field as keyof PodSpec]
    const set =
      field === 'hostPID' || field === 'hostIPC'
        ? value === true
        : field.endsWith('sysctls')
          ? ((value as unknown[] | undefined) ?? []).length > 0
          : value !== undefined
    if (set) errors.push(forbidden(child(path, field), detail))
  }
  for (const [container, at] of containersOf(spec, path)) {
    for (const field of CONTAINER_FIELDS) {
      if (container.securityContext?.[field] !== undefined)
        errors.push(forbidden(child(at, 'securityContext', field), detail))
    }
  }
  return errors
}
