// The specification of a Pod, in a Pod or in a template. Upstream: ValidatePodSpec of pkg/apis/core/validation/validation.go.
import type { Container, EnvVar, PodSpec, Volume } from '../core.ts'
import { duplicate, type FieldError, forbidden, invalid, notFound, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { validateAffinity } from './affinity.ts'
import type { FileKeyRef } from './container-env.ts'
import { validateHostNetworkPorts } from './container-ports.ts'
import {
  type ContainerContext,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './containers.ts'
import { containersOf } from './containers-of.ts'
import { validateDnsConfig, validateHostAliases } from './dns-config.ts'
import { checkFormat, NONE, requireSupported, requireText } from './field-checks.ts'
import { type FormatRule, inclusiveRangeError, isDns1123Label, isDns1123Subdomain, isLabelKey } from './format.ts'
import { validateLabels } from './label-selector.ts'
import type { PodRules } from './pod-rules.ts'
import { validateContainerResources, validatePodResources } from './resources.ts'
import { validatePodSecurityContext } from './security-context.ts'
import { validateTolerations } from './tolerations.ts'
import { validateTopologySpread } from './topology-spread.ts'
import type { VolumeFields } from './volume-sources.ts'
import { validateVolumes } from './volumes.ts'
import { validateHostProcess, validateLinux, validateWindows } from './windows-options.ts'

const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

interface SoundSpec {
  readonly spec: PodSpec
  readonly path: FieldPath
  readonly rules: PodRules
}

const soundSpecs = new WeakMap<readonly Container[], SoundSpec>()

/** All errors of the spec, in upstream's order. `podName` is empty for templates. */
export function validatePodSpec(
  spec: PodSpec,
  podName: string,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  // A daemon Pod differs from the one before in its node affinity only.
  const known = spec.containers === undefined ? undefined : soundSpecs.get(spec.containers)
  if (known !== undefined && known.path === path && known.rules === rules && sameButAffinity(known.spec, spec)) {
    return validateAffinity(spec.affinity, child(path, 'affinity'), rules)
  }
  const errors = validateWholeSpec(spec, podName, path, rules)
  // The name of an ephemeral volume's claim begins with the Pod's.
  const isNamed = spec.volumes?.some((volume) => (volume as VolumeFields).ephemeral !== undefined) === true
  if (errors.length === 0 && !isNamed) soundSpecs.set(spec.containers, { spec, path, rules })
  return errors
}

function sameButAffinity(a: PodSpec, b: PodSpec): boolean {
  for (const key in a) if (key !== 'affinity' && a[key as keyof PodSpec] !== b[key as keyof PodSpec]) return false
  for (const key in b) if (a[key as keyof PodSpec] === undefined && key !== 'affinity') return false
  return true
}

function validateWholeSpec(spec: PodSpec, podName: string, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const errors: FieldError[] = []
  if (spec.terminationGracePeriodSeconds === undefined)
    errors.push(required(child(path, 'terminationGracePeriodSeconds')))
  errors.push(...validateParts(spec, podName, path, rules))
  if (spec.hostNetwork === true)
    errors.push(...validateHostNetworkPorts(spec.containers ?? NO_CONTAINERS, rules.isPod, child(path, 'containers')))
  errors.push(...requireSupported(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], child(path, 'restartPolicy')))
  errors.push(...requireSupported(spec.dnsPolicy, DNS_POLICIES, child(path, 'dnsPolicy')))
  if (spec.nodeSelector !== undefined) errors.push(...validateLabels(spec.nodeSelector, child(path, 'nodeSelector')))
  errors.push(...validatePodSecurityContext(spec, child(path, 'securityContext'), rules))
  errors.push(...validateAffinity(spec.affinity, child(path, 'affinity'), rules))
  errors.push(...validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, child(path, 'dnsConfig')))
  errors.push(...validateGates(spec, path))
  errors.push(
    ...validateTopologySpread(spec.topologySpreadConstraints, child(path, 'topologySpreadConstraints'), rules),
  )
  errors.push(
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path),
    ...validateHostnameOverride(spec, path),
  )
  errors.push(...validateNames(spec, path))
  errors.push(...validateTolerations(spec.tolerations, child(path, 'tolerations')))
  errors.push(...validateHostAliases(spec.hostAliases, child(path, 'hostAliases')))
  errors.push(...validateClasses(spec, path, rules))
  if (spec.os !== undefined) errors.push(...validateOs(spec, path))
  return [...errors, ...validateFileKeyVolumes(spec, path)]
}

const NO_CONTAINERS: readonly Container[] = []
const NO_CLAIMS: readonly ResourceClaim[] = []

interface ResourceClaim {
  readonly name?: string
  readonly resourceClaimName?: string
  readonly resourceClaimTemplateName?: string
}

interface SoundParts {
  readonly volumes: readonly Volume[] | undefined
  readonly parts: readonly unknown[]
  readonly isPod: boolean
}

const soundParts = new WeakMap<readonly Container[], SoundParts>()

/**
 * Volumes, claims, containers and pod-level resources. Pods of one template share these parts, and what was sound once
 * beside the same neighbours stays sound: 100,000 Pods are looked at once.
 */
function validateParts(spec: PodSpec, podName: string, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const parts = [
    spec.initContainers,
    spec.ephemeralContainers,
    spec.resourceClaims,
    spec.resources,
    spec.os,
    spec.restartPolicy,
    spec.terminationGracePeriodSeconds,
    spec.hostUsers,
  ]
  const known = spec.containers === undefined ? undefined : soundParts.get(spec.containers)
  const volumes = validateVolumes(spec.volumes, podName, child(path, 'volumes'), rules)
  if (
    known !== undefined &&
    known.volumes === spec.volumes &&
    known.isPod === rules.isPod &&
    known.parts.every((part, i) => part === parts[i])
  ) {
    return volumes.errors
  }
  const claims = (spec.resourceClaims ?? NO_CLAIMS) as readonly ResourceClaim[]
  const claimNames = [...new Set(claims.map((claim) => claim.name ?? ''))].filter((name) => name !== '')
  const context: ContainerContext = { spec, volumes: volumes.byName, claimNames, rules }
  const errors = [
    ...volumes.errors,
    ...validateResourceClaims(claims, child(path, 'resourceClaims')),
    ...validateContainers(context, child(path, 'containers')),
    ...validateInitContainers(context, child(path, 'initContainers')),
    ...validateEphemeralContainers(context, child(path, 'ephemeralContainers')),
    ...validatePodResources(spec, claimNames, path, rules),
  ]
  if (errors.length === 0) soundParts.set(spec.containers, { volumes: spec.volumes, parts, isPod: rules.isPod })
  return errors
}

function validateResourceClaims(claims: readonly ResourceClaim[], path: FieldPath): readonly FieldError[] {
  const seen = new Set<string>()
  return claims.flatMap((claim, i) => {
    const at = index(path, i)
    const { name = '', resourceClaimName, resourceClaimTemplateName } = claim
    const shown = {
      Name: name,
      ResourceClaimName: resourceClaimName ?? null,
      ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
    }
    const errors: FieldError[] =
      seen.has(name) && name !== '' ? [duplicate(child(at, 'name'), name)] : [...requireText(name, child(at, 'name'))]
    if (name !== '' && !seen.has(name)) errors.push(...checkFormat(name, isDns1123Label, child(at, 'name')))
    seen.add(name)
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      errors.push(
        invalid(at, shown, 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'),
      )
    }
    if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      errors.push(invalid(at, shown, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'))
    }
    if (resourceClaimName !== undefined)
      errors.push(...checkFormat(resourceClaimName, isDns1123Subdomain, child(at, 'resourceClaimName')))
    if (resourceClaimTemplateName === undefined) return errors
    return [
      ...errors,
      ...checkFormat(resourceClaimTemplateName, isDns1123Subdomain, child(at, 'resourceClaimTemplateName')),
    ]
  })
}

function validateGates(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = []
  spec.readinessGates?.forEach(({ conditionType = '' }, i) => {
    errors.push(
      ...checkFormat(conditionType, isLabelKey, child(index(child(path, 'readinessGates'), i), 'conditionType')),
    )
  })
  const seen = new Set<string>()
  spec.schedulingGates?.forEach(({ name = '' }, i) => {
    const at = index(child(path, 'schedulingGates'), i)
    errors.push(...checkFormat(name, isLabelKey, at))
    if (seen.has(name)) errors.push(duplicate(at, name))
    seen.add(name)
  })
  return errors
}

// Upstream writes HostPID and HostIPC with a capital here.
function validateHostUsers(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  if (spec.hostUsers !== false) return NONE
  const detail = 'when `hostUsers` is false'
  const errors: FieldError[] = []
  if (spec.hostNetwork === true) errors.push(forbidden(child(path, 'hostNetwork'), detail))
  if (spec.hostPID === true) errors.push(forbidden(child(path, 'HostPID'), detail))
  if (spec.hostIPC === true) errors.push(forbidden(child(path, 'HostIPC'), detail))
  for (const [container, at] of containersOf(spec, path)) {
    if ((container.volumeDevices ?? []).length > 0) errors.push(forbidden(child(at, 'volumeDevices'), detail))
  }
  return errors
}

function validateHostnameOverride(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const name = spec.hostnameOverride
  if (name === undefined) return NONE
  const at = child(path, 'hostnameOverride')
  const errors: FieldError[] = []
  if (spec.setHostnameAsFQDN === true) errors.push(forbidden(at, 'may not be specified when setHostnameAsFQDN is true'))
  if (spec.hostNetwork === true) errors.push(forbidden(at, 'may not be specified when hostNetwork is true'))
  if (name.length > 64) errors.push({ type: 'Too long', path: at, detail: 'may not be more than 64 bytes' })
  return [...errors, ...checkFormat(name, isDns1123Subdomain, at)]
}

function validateNames(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = []
  const check = (field: 'serviceAccountName' | 'nodeName' | 'hostname' | 'subdomain', rule: FormatRule): void => {
    const value = spec[field] ?? ''
    if (value !== '') errors.push(...checkFormat(value, rule, child(path, field)))
  }
  check('serviceAccountName', isDns1123Subdomain)
  check('nodeName', isDns1123Subdomain)
  const deadline = spec.activeDeadlineSeconds
  if (deadline !== undefined && (deadline < 1 || deadline > 2147483647)) {
    errors.push(invalid(child(path, 'activeDeadlineSeconds'), deadline, inclusiveRangeError(1, 2147483647)))
  }
  check('hostname', isDns1123Label)
  check('subdomain', isDns1123Label)
  return errors
}

function validateClasses(spec: PodSpec, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const errors: FieldError[] = []
  const priorityClass = spec.priorityClassName ?? ''
  if (priorityClass !== '')
    errors.push(...checkFormat(priorityClass, isDns1123Subdomain, child(path, 'priorityClassName')))
  if (spec.runtimeClassName !== undefined)
    errors.push(...checkFormat(spec.runtimeClassName, isDns1123Subdomain, child(path, 'runtimeClassName')))
  if (spec.preemptionPolicy !== undefined) {
    errors.push(
      ...requireSupported(spec.preemptionPolicy, ['PreemptLowerPriority', 'Never'], child(path, 'preemptionPolicy')),
    )
  }
  if (spec.overhead === undefined) return errors
  return [...errors, ...validateContainerResources({ limits: spec.overhead }, [], child(path, 'overhead'), rules)]
}

function validateOs(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  const name = spec.os?.name ?? ''
  if (name === '') return [required(child(path, 'os', 'name'))]
  if (name === 'linux') return validateLinux(spec, path)
  return name === 'windows'
    ? validateWindows(spec, path)
    : [notSupported(child(path, 'os'), name, ['linux', 'windows'])]
}

const soundFileKeys = new WeakSet<readonly Container[]>()

function validateFileKeyVolumes(spec: PodSpec, path: FieldPath): readonly FieldError[] {
  if (spec.containers !== undefined && soundFileKeys.has(spec.containers) && spec.initContainers === undefined)
    return NONE
  const errors: FieldError[] = []
  let used = false
  for (const [container, at] of containersOf(spec, path)) {
    container.env?.forEach((variable, i) => {
      const volumeName = fileKeyVolume(variable)
      if (volumeName === undefined) return
      used = true
      const where = child(index(child(at, 'env'), i), 'valueFrom', 'fileKeyRef', 'volumeName')
      const volume = spec.volumes?.findLast((one) => one.name === volumeName)
      if (volume === undefined) errors.push(notFound(where, volumeName))
      else if (volume.emptyDir === undefined)
        errors.push(invalid(where, volumeName, 'referenced volume must be of type emptyDir'))
    })
  }
  if (!used && spec.containers !== undefined) soundFileKeys.add(spec.containers)
  return errors
}

function fileKeyVolume(variable: EnvVar): string | undefined {
  const ref = variable.valueFrom?.fileKeyRef as FileKeyRef | undefined
  return ref === undefined ? undefined : (ref.volumeName ?? '')
}
