// What clients are warned of in a Pod or template that is accepted. Upstream: warningsForPodSpecAndMeta of
// pkg/api/pod/warnings.go.
import { deepEqual } from '../compare.ts'
import type {
  Container,
  EnvVar,
  NodeSelectorTerm,
  Pod,
  PodAffinity,
  PodSpec,
  PodTemplateSpec,
  ResourceList,
  SeccompProfile,
} from '../core.ts'
import { goQuote } from '../field-error.ts'
import { child, type FieldPath, index, mapKey } from '../field-path.ts'
import type { StringMap } from '../meta.ts'
import { containersOf } from './containers-of.ts'
import type { DnsConfig } from './dns-config.ts'
import { sortedKeys } from './field-checks.ts'
import { isLabelValue } from './format.ts'
import { fractionWarning } from './fraction-warnings.ts'
import { ipWarnings } from './ip-address.ts'
import { deprecatedNodeLabel } from './node-label-warnings.ts'
import { portWarnings } from './port-warnings.ts'
import { volumeWarnings } from './volume-warnings.ts'

/** The parts that warnings look at; `template`: the Pod is a template, whose AppArmor annotations are warned of here. */
interface Warned {
  readonly spec: PodSpec
  readonly annotations: StringMap
  readonly template: boolean
}

/** Warnings of a workload's template at the path, e.g. `spec.template`. */
export function templateWarnings(template: PodTemplateSpec, path: FieldPath): readonly string[] {
  return warningsFor({ spec: template.spec, annotations: template.metadata?.annotations ?? {}, template: true }, path)
}

/** Warnings of a Pod's own spec and annotations. */
export function podSpecWarnings(spec: PodSpec, annotations: StringMap | undefined): readonly string[] {
  return warningsFor({ spec, annotations: annotations ?? {}, template: false }, '')
}

function warningsFor(warned: Warned, path: FieldPath): readonly string[] {
  const { spec } = warned
  const at = child(path, 'spec')
  return [
    ...placementWarnings(spec, at),
    ...annotationWarnings(warned.annotations, child(path, 'metadata', 'annotations')),
    ...volumeWarnings(spec.volumes ?? [], child(at, 'volumes')),
    ...listWarnings(spec, at),
    ...fractionWarnings(spec.overhead, child(at, 'overhead')),
    ...podSeccompWarnings(warned, child(path, 'metadata', 'annotations')),
    ...containersOf(spec, at).flatMap(([container, own]) => containerWarnings(container, warned, own, path)),
    ...portWarnings(spec, at),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [
          `${child(at, 'terminationGracePeriodSeconds')}: must be >= 0; negative values are invalid and will be treated as 1`,
        ]
      : []),
    ...podAffinityWarnings(spec.affinity?.podAffinity, child(at, 'affinity', 'podAffinity')),
    ...podAffinityWarnings(spec.affinity?.podAntiAffinity, child(at, 'affinity', 'podAntiAffinity')),
    ...addressWarnings(spec, at),
  ]
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
const NO_SELECTOR = 'a null labelSelector results in matching no pod'

function placementWarnings(spec: PodSpec, path: FieldPath): readonly string[] {
  const found: string[] = []
  for (const key of sortedKeys(spec.nodeSelector)) {
    const message = deprecatedNodeLabel(key)
    if (message !== undefined) found.push(`${mapKey(child(path, 'nodeSelector'), key)}: ${message}`)
  }
  const affinity = spec.affinity?.nodeAffinity
  const at = child(path, 'affinity', 'nodeAffinity')
  affinity?.[REQUIRED]?.nodeSelectorTerms?.forEach((term, i) => {
    found.push(...termWarnings(term, false, index(child(at, REQUIRED, 'nodeSelectorTerms'), i)))
  })
  affinity?.[PREFERRED]?.forEach((term, i) => {
    found.push(...termWarnings(term.preference ?? {}, true, child(index(child(at, PREFERRED), i), 'preference')))
  })
  spec.topologySpreadConstraints?.forEach((constraint, i) => {
    const own = index(child(path, 'topologySpreadConstraints'), i)
    const message = deprecatedNodeLabel(constraint.topologyKey)
    if (message !== undefined) found.push(`${child(own, 'topologyKey')}: ${constraint.topologyKey} is ${message}`)
    if (constraint.labelSelector === undefined) found.push(`${child(own, 'labelSelector')}: ${NO_SELECTOR}`)
  })
  return found
}

function termWarnings(term: NodeSelectorTerm, checkValues: boolean, path: FieldPath): readonly string[] {
  return (term.matchExpressions ?? []).flatMap((expression, i) => {
    const at = index(child(path, 'matchExpressions'), i)
    const message = deprecatedNodeLabel(expression.key)
    const found = message === undefined ? [] : [`${child(at, 'key')}: ${expression.key} is ${message}`]
    if (!checkValues) return found
    const values = expression.values ?? []
    return [
      ...found,
      ...values.flatMap((value, v) =>
        isLabelValue(value).map((detail) => `${index(child(at, 'values'), v)}: ${value} is invalid, ${detail}`),
      ),
    ]
  })
}

const DEPRECATED_ANNOTATIONS: readonly (readonly [string, string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
]

const annotationWarnings = (annotations: StringMap, path: FieldPath): readonly string[] =>
  DEPRECATED_ANNOTATIONS.filter(([key]) => annotations[key] !== undefined).map(
    ([key, message]) => `${mapKey(path, key)}: ${message}`,
  )

function listWarnings(spec: PodSpec, path: FieldPath): readonly string[] {
  const found: string[] = []
  const aliases = (spec.hostAliases ?? []).map(({ ip = '' }) => ip)
  aliases.forEach((ip, i) => {
    if (aliases.indexOf(ip) < i)
      found.push(`${child(index(child(path, 'hostAliases'), i), 'ip')}: duplicate ip ${goQuote(ip)}`)
  })
  const secrets = (spec.imagePullSecrets ?? []).map(({ name = '' }) => name)
  const at = (i: number): FieldPath => child(index(child(path, 'imagePullSecrets'), i), 'name')
  secrets.forEach((name, i) => {
    if (secrets.indexOf(name) < i) found.push(`${at(i)}: duplicate name ${goQuote(name)}`)
  })
  secrets.forEach((name, i) => {
    if (name === '') found.push(`${at(i)}: invalid empty name ""`)
  })
  return found
}

function fractionWarnings(list: ResourceList | undefined, path: FieldPath): readonly string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) => fractionWarning(list?.[name], mapKey(path, name)))
}

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/'
const APP_ARMOR_PREFIX = 'container.apparmor.security.beta.kubernetes.io/'
const NO_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'

function podSeccompWarnings({ spec, annotations }: Warned, path: FieldPath): readonly string[] {
  const unused = annotations[SECCOMP_POD] !== undefined && spec.securityContext?.seccompProfile === undefined
  return unused ? [`${mapKey(path, SECCOMP_POD)}: ${NO_SECCOMP}`] : []
}

function containerWarnings(
  container: Container,
  warned: Warned,
  path: FieldPath,
  podPath: FieldPath,
): readonly string[] {
  const found: string[] = []
  const annotation = (prefix: string): string | undefined => warned.annotations[prefix + container.name]
  const at = (prefix: string): FieldPath => mapKey(child(podPath, 'metadata', 'annotations'), prefix + container.name)
  if (annotation(SECCOMP_PREFIX) !== undefined && container.securityContext?.seccompProfile === undefined)
    found.push(`${at(SECCOMP_PREFIX)}: ${NO_SECCOMP}`)
  const appArmor = annotation(APP_ARMOR_PREFIX)
  if (warned.template && appArmor !== undefined && container.securityContext?.appArmorProfile === undefined) {
    const podProfile = warned.spec.securityContext?.appArmorProfile
    if (podProfile === undefined || !deepEqual(podProfile, appArmorProfileOf(appArmor))) {
      found.push(`${at(APP_ARMOR_PREFIX)}: deprecated since v1.30; use the "appArmorProfile" field instead`)
    }
  }
  const { limits, requests } = container.resources ?? {}
  for (const name of ['memory', 'ephemeral-storage']) {
    found.push(...fractionWarning(limits?.[name], mapKey(child(path, 'resources', 'limits'), name)))
    found.push(...fractionWarning(requests?.[name], mapKey(child(path, 'resources', 'requests'), name)))
  }
  return [...found, ...envWarnings(container.env ?? [], child(path, 'env'))]
}

/** The profile that an old annotation means. Upstream: ApparmorFieldForAnnotation of pkg/api/pod/util.go. */
export function appArmorProfileOf(annotation: string): SeccompProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' }
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' }
  const local = annotation.startsWith('localhost/') ? annotation.slice('localhost/'.length) : ''
  return local === '' ? undefined : { type: 'Localhost', localhostProfile: local }
}

// A second X="$(X)more" extends the first X; anything else hides it.
function envWarnings(variables: readonly EnvVar[], path: FieldPath): readonly string[] {
  const seen = new Set<string>()
  return variables.flatMap(({ name, value = '', valueFrom }, i) => {
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const reference = `$(${name})`
    const extends_ = valueFrom === undefined && value !== reference && value.includes(reference)
    return extends_
      ? []
      : [`${index(path, i)}: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`]
  })
}

/** What a Pod's own AppArmor annotations are warned of. Upstream: applyAppArmorVersionSkew of pkg/registry/core/pod. */
export function podAppArmorWarnings({ spec, metadata }: Pod): readonly string[] {
  if (metadata.annotations === undefined || spec.os?.name === 'windows') return []
  return containersOf(spec, '').flatMap(([container]) => {
    const key = APP_ARMOR_PREFIX + container.name
    const annotation = metadata.annotations?.[key]
    if (annotation === undefined || container.securityContext?.appArmorProfile !== undefined) return []
    const profile = appArmorProfileOf(annotation)
    const copied = profile === undefined || !deepEqual(profile, spec.securityContext?.appArmorProfile)
    return copied
      ? [`${mapKey('metadata.annotations', key)}: deprecated since v1.30; use the "appArmorProfile" field instead`]
      : []
  })
}

function podAffinityWarnings(affinity: PodAffinity | undefined, path: FieldPath): readonly string[] {
  const found: string[] = []
  affinity?.[REQUIRED]?.forEach((term, i) => {
    if (term.labelSelector === undefined)
      found.push(`${child(index(child(path, REQUIRED), i), 'labelSelector')}: ${NO_SELECTOR}`)
  })
  affinity?.[PREFERRED]?.forEach((term, i) => {
    if (term.podAffinityTerm?.labelSelector !== undefined) return
    found.push(`${child(index(child(path, PREFERRED), i), 'podAffinityTerm', 'labelSelector')}: ${NO_SELECTOR}`)
  })
  return found
}

function addressWarnings(spec: PodSpec, path: FieldPath): readonly string[] {
  const servers = (spec.dnsConfig as DnsConfig | undefined)?.nameservers ?? []
  return [
    ...servers.flatMap((server, i) => ipWarnings(server, index(child(path, 'dnsConfig', 'nameservers'), i))),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, i) =>
      ipWarnings(ip, child(index(child(path, 'hostAliases'), i), 'ip')),
    ),
  ]
}
