// The containers of a Pod. Upstream: validateContainers, validateInitContainers and validateEphemeralContainers of
// pkg/apis/core/validation/validation.go.
import type { Container, PodSpec, Volume } from '../core.ts'
import { duplicate, type FieldError, forbidden, invalid, notFound, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { validateEnv, validateEnvFrom } from './container-env.ts'
import { validateResizePolicy, validateRestartRules } from './container-policies.ts'
import { checkHostPortConflicts, validateContainerPorts } from './container-ports.ts'
import { NONE, requireFormat, requireSupported, requireText } from './field-checks.ts'
import { isDns1123Label } from './format.ts'
import type { PodRules } from './pod-rules.ts'
import { forbidLifecycleAndProbes, validateLifecycleAndProbes } from './probes.ts'
import { validateContainerResources } from './resources.ts'
import { validateSecurityContext } from './security-context.ts'
import { validateMountsAndDevices } from './volume-mounts.ts'

/** What the containers of one Pod are checked against. */
export interface ContainerContext {
  readonly spec: PodSpec
  readonly volumes: ReadonlyMap<string, Volume>
  readonly claimNames: readonly string[]
  readonly rules: PodRules
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']

/** Regular containers; at least one. */
export function validateContainers(context: ContainerContext, path: FieldPath): readonly FieldError[] {
  const containers = context.spec.containers ?? []
  if (containers.length === 0) return [required(path)]
  const names = new Set<string>()
  const errors = containers.flatMap((container, i) => {
    const at = index(path, i)
    const { name = '' } = container
    const own = [
      ...validateCommon(container, context, at),
      ...(names.has(name) ? [duplicate(child(at, 'name'), name)] : NONE),
    ]
    names.add(name)
    own.push(...validateLifecycleAndProbes(container, context.spec.terminationGracePeriodSeconds, at))
    return [...own, ...validateRestartRules(container, at)]
  })
  return [...errors, ...checkHostPortConflicts(containers, path)]
}

/** Init containers and sidecars; host ports of one are compared with its own only, since they run one by one. */
export function validateInitContainers(context: ContainerContext, path: FieldPath): readonly FieldError[] {
  const { spec } = context
  const names = new Set((spec.containers ?? []).map((container) => container.name ?? ''))
  return (spec.initContainers ?? []).flatMap((container, i) => {
    const at = index(path, i)
    const { name = '' } = container
    const errors = [...validateCommon(container, context, at), ...validateInitRestartPolicy(container, at)]
    if (names.has(name)) errors.push(duplicate(child(at, 'name'), name))
    else if (name !== '') names.add(name)
    errors.push(...checkHostPortConflicts([container], path))
    const sidecar = container.restartPolicy === 'Always'
    const rest = sidecar
      ? validateLifecycleAndProbes(container, spec.terminationGracePeriodSeconds, at)
      : forbidLifecycleAndProbes(container, at)
    return [...errors, ...rest]
  })
}

function validateInitRestartPolicy(container: Container, path: FieldPath): readonly FieldError[] {
  const rules = container.restartPolicyRules ?? []
  if (container.restartPolicy === 'Always') {
    if (rules.length === 0) return NONE
    return [
      forbidden(
        child(path, 'restartPolicyRules'),
        'restartPolicyRules are not allowed for init containers with restart policy Always',
      ),
    ]
  }
  return validateRestartRules(container, path)
}

const NOT_EPHEMERAL = [
  'ports',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
] as const
/** In the order of the fields of core.EphemeralContainerCommon. */
const EPHEMERAL_ORDER = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const

/** Ephemeral containers: a name of their own, and nothing that a service of the Pod could lean on. */
export function validateEphemeralContainers(context: ContainerContext, path: FieldPath): readonly FieldError[] {
  const { spec } = context
  const targets = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((container) => container.name ?? '')
  const names = new Set(targets)
  return (spec.ephemeralContainers ?? []).flatMap((container, i) => {
    const at = index(path, i)
    const { name = '' } = container
    const target = (container as { readonly targetContainerName?: string }).targetContainerName ?? ''
    const errors = [...validateCommon(container, context, at), ...validateImageSpaces(container, at)]
    if (names.has(name)) errors.push(duplicate(child(at, 'name'), name))
    names.add(name)
    if (target !== '' && !targets.includes(target)) errors.push(notFound(child(at, 'targetContainerName'), target))
    for (const field of EPHEMERAL_ORDER) {
      if (isSet(container, field)) errors.push(forbidden(child(at, field), 'cannot be set for an Ephemeral Container'))
    }
    container.volumeMounts?.forEach((mount, m) => {
      for (const field of ['subPath', 'subPathExpr'] as const) {
        if ((mount[field] ?? '') !== '')
          errors.push(
            forbidden(child(index(child(at, 'volumeMounts'), m), field), 'cannot be set for an Ephemeral Container'),
          )
      }
    })
    return errors
  })
}

function isSet(container: Container, field: (typeof NOT_EPHEMERAL)[number]): boolean {
  const value = container[field]
  return value !== undefined && (field !== 'resources' || Object.keys(value).length > 0)
}

/** On a Pod, unlike in a template, an image may not begin or end with blanks. Upstream: validateContainerOnlyForPod. */
export function validateImageSpaces(container: Container, path: FieldPath): readonly FieldError[] {
  const { image = '' } = container
  return image.trim() === image
    ? NONE
    : [invalid(child(path, 'image'), image, 'must not have leading or trailing whitespace')]
}

/** What every kind of container must get right. Upstream: validateContainerCommon. */
function validateCommon(container: Container, context: ContainerContext, path: FieldPath): readonly FieldError[] {
  const { spec, rules } = context
  return [
    ...requireFormat(container.name, isDns1123Label, child(path, 'name')),
    ...requireText(container.image, child(path, 'image')),
    ...validateMessagePolicy(container.terminationMessagePolicy ?? '', child(path, 'terminationMessagePolicy')),
    ...validateContainerPorts(container.ports, child(path, 'ports')),
    ...validateEnv(container.env, child(path, 'env')),
    ...validateEnvFrom(container.envFrom, child(path, 'envFrom')),
    ...validateMountsAndDevices(container, context.volumes, path),
    ...requireSupported(container.imagePullPolicy, PULL_POLICIES, child(path, 'imagePullPolicy')),
    ...validateContainerResources(container.resources, context.claimNames, child(path, 'resources'), rules),
    ...validateResizePolicy(container.resizePolicy, spec.restartPolicy, child(path, 'resizePolicy')),
    ...validateSecurityContext(container.securityContext, spec.hostUsers !== false, child(path, 'securityContext')),
  ]
}

function validateMessagePolicy(policy: string, path: FieldPath): readonly FieldError[] {
  if (policy === 'File' || policy === 'FallbackToLogsOnError') return NONE
  return policy === '' ? [required(path)] : [notSupported(path, policy, ['File', 'FallbackToLogsOnError'])]
}
