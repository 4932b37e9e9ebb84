// The checks of level baseline. Upstream: check_*.go of k8s.io/pod-security-admission/policy.
import { compareStrings } from '../../../api/compare.ts'
import type { Container, SeccompProfile } from '../../../api/core.ts'
import { goQuote } from '../../../api/field-error.ts'
import {
  type CheckedPod,
  containersText,
  namesOf,
  plural,
  quoteAll,
  settersText,
  sorted,
  type Violation,
} from './pod-security-check.ts'

const ALLOWED_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
)
const APP_ARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'

export function appArmorProfile({ spec, annotations, containers }: CheckedPod): Violation | undefined {
  const isBad = (profile: SeccompProfile | undefined): profile is SeccompProfile =>
    profile !== undefined && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost'
  const podProfile = spec.securityContext?.appArmorProfile
  const bad = containers.filter((container) => isBad(container.securityContext?.appArmorProfile))
  const types = sorted([
    ...(isBad(podProfile) ? [podProfile.type] : []),
    ...bad.map((container) => container.securityContext!.appArmorProfile!.type),
  ])
  const forbidden = Object.keys(annotations)
    .filter((key) => key.startsWith(APP_ARMOR_PREFIX) && !/^($|runtime\/default$|localhost\/)/.test(annotations[key]!))
    .map((key) => `${key}=${goQuote(annotations[key]!)}`)
    .sort(compareStrings)
  const setters = [
    settersText(
      isBad(podProfile),
      bad.map(({ name }) => name),
    ),
    forbidden.length === 0 ? '' : plural('annotation', forbidden.length),
  ].filter((text) => text !== '')
  if (setters.length === 0) return undefined
  const values = [...types, ...forbidden]
  return {
    reason: plural('forbidden AppArmor profile', values.length),
    detail: `${setters.join(' and ')} must not set AppArmor profile type to ${quoteAll(values)}`,
  }
}

export function capabilitiesBaseline(pod: CheckedPod): Violation | undefined {
  const bad = (container: Container): readonly string[] =>
    (container.securityContext?.capabilities?.add ?? []).filter((name) => !ALLOWED_CAPABILITIES.has(name))
  const names = namesOf(pod, (container) => bad(container).length > 0)
  if (names.length === 0) return undefined
  const added = sorted(pod.containers.flatMap(bad))
  return {
    reason: 'non-default capabilities',
    detail: `${containersText(names)} must not include ${quoteAll(added)} in securityContext.capabilities.add`,
  }
}

export function hostNamespaces({ spec }: CheckedPod): Violation | undefined {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const)
    .filter((field) => spec[field] === true)
    .map((field) => `${field}=true`)
  return shared.length === 0 ? undefined : { reason: 'host namespaces', detail: shared.join(', ') }
}

export function hostPathVolumes({ spec }: CheckedPod): Violation | undefined {
  const names = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined).map(({ name }) => name)
  return names.length === 0
    ? undefined
    : { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${quoteAll(names)}` }
}

export function hostPorts(pod: CheckedPod): Violation | undefined {
  const bad = (container: Container): readonly string[] =>
    (container.ports ?? []).filter(({ hostPort = 0 }) => hostPort !== 0).map(({ hostPort }) => String(hostPort))
  const names = namesOf(pod, (container) => bad(container).length > 0)
  if (names.length === 0) return undefined
  const ports = sorted(pod.containers.flatMap(bad))
  return {
    reason: 'hostPort',
    detail: `${containersText(names)} ${names.length === 1 ? 'uses' : 'use'} ${plural('hostPort', ports.length)} ${ports.join(', ')}`,
  }
}

export function hostProbes(pod: CheckedPod): Violation | undefined {
  const hosts = ({ livenessProbe, readinessProbe, startupProbe, lifecycle }: Container): readonly string[] =>
    [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
      .flatMap((handler) => [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? ''])
      .filter((host) => host !== '')
  const names = sorted(namesOf(pod, (container) => hosts(container).length > 0))
  if (names.length === 0) return undefined
  const all = sorted(pod.containers.flatMap(hosts))
  const uses = names.length === 1 ? 'uses' : 'use'
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${uses} ${plural('probe or lifecycle host', all.length)} ${quoteAll(all)}`,
  }
}

export function privileged(pod: CheckedPod): Violation | undefined {
  const names = namesOf(pod, (container) => container.securityContext?.privileged === true)
  return names.length === 0
    ? undefined
    : { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` }
}

export function procMount(pod: CheckedPod): Violation | undefined {
  const of = (container: Container): string => container.securityContext?.procMount ?? 'Default'
  const names = namesOf(pod, (container) => of(container) !== 'Default')
  if (names.length === 0) return undefined
  const values = sorted(pod.containers.map(of).filter((value) => value !== 'Default'))
  return {
    reason: 'procMount',
    detail: `${containersText(names)} must not set securityContext.procMount to ${quoteAll(values)}`,
  }
}

interface SeLinux {
  readonly type?: string
  readonly user?: string
  readonly role?: string
}

export function seLinuxOptions(pod: CheckedPod, version: number): Violation | undefined {
  const allowed = [
    '',
    'container_t',
    'container_init_t',
    'container_kvm_t',
    ...(version >= 31 ? ['container_engine_t'] : []),
  ]
  const optionsOf = (context: { readonly seLinuxOptions?: unknown } | undefined): SeLinux =>
    (context?.seLinuxOptions ?? {}) as SeLinux
  const isBad = ({ type = '', user = '', role = '' }: SeLinux): boolean =>
    !allowed.includes(type) || user !== '' || role !== ''
  const podBad = isBad(optionsOf(pod.spec.securityContext))
  const bad = pod.containers.filter((container) => isBad(optionsOf(container.securityContext)))
  if (!podBad && bad.length === 0) return undefined
  const all = [
    ...(podBad ? [optionsOf(pod.spec.securityContext)] : []),
    ...bad.map((container) => optionsOf(container.securityContext)),
  ]
  const types = sorted(all.map(({ type = '' }) => type).filter((type) => !allowed.includes(type)))
  const data = types.length === 0 ? [] : [`${plural('type', types.length)} ${quoteAll(types)}`]
  if (all.some(({ user = '' }) => user !== '')) data.push('user may not be set')
  if (all.some(({ role = '' }) => role !== '')) data.push('role may not be set')
  const setters = settersText(
    podBad,
    bad.map(({ name }) => name),
  )
  return {
    reason: 'seLinuxOptions',
    detail: `${setters} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
  }
}

const SAFE_SYSCTLS: readonly (readonly [since: number, name: string])[] = [
  [0, 'kernel.shm_rmid_forced'],
  [0, 'net.ipv4.ip_local_port_range'],
  [0, 'net.ipv4.tcp_syncookies'],
  [0, 'net.ipv4.ping_group_range'],
  [0, 'net.ipv4.ip_unprivileged_port_start'],
  [27, 'net.ipv4.ip_local_reserved_ports'],
  [29, 'net.ipv4.tcp_keepalive_time'],
  [29, 'net.ipv4.tcp_fin_timeout'],
  [29, 'net.ipv4.tcp_keepalive_intvl'],
  [29, 'net.ipv4.tcp_keepalive_probes'],
  [32, 'net.ipv4.tcp_rmem'],
  [32, 'net.ipv4.tcp_wmem'],
]

export function sysctls({ spec }: CheckedPod, version: number): Violation | undefined {
  const isSafe = (name: string): boolean => SAFE_SYSCTLS.some(([since, safe]) => safe === name && version >= since)
  const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !isSafe(name))
  return bad.length === 0 ? undefined : { reason: 'forbidden sysctls', detail: bad.join(', ') }
}

export function windowsHostProcess(pod: CheckedPod): Violation | undefined {
  const podSets = pod.spec.securityContext?.windowsOptions?.hostProcess === true
  const names = namesOf(pod, (container) => container.securityContext?.windowsOptions?.hostProcess === true)
  if (!podSets && names.length === 0) return undefined
  return {
    reason: 'hostProcess',
    detail: `${settersText(podSets, names)} must not set securityContext.windowsOptions.hostProcess=true`,
  }
}
