// Probes and lifecycle hooks. Upstream: validateProbe, validateHandler and validateLifecycle of
// pkg/apis/core/validation/validation.go.
import type { Container, HTTPGetAction, LifecycleHandler, PodSpec, Probe } from '../core.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath } from '../field-path.ts'
import { validatePortNumberOrName } from './container-ports.ts'
import { checkSupported, NONE, requireText } from './field-checks.ts'
import { isHttpHeaderName } from './format.ts'
import { validateNonNegative } from './object-meta.ts'

type GracePeriod = PodSpec['terminationGracePeriodSeconds']

/** Hooks and probes of a container that may have them, in upstream's order. */
export function validateLifecycleAndProbes(
  container: Container,
  gracePeriod: GracePeriod,
  path: FieldPath,
): readonly FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container
  if (
    lifecycle === undefined &&
    livenessProbe === undefined &&
    readinessProbe === undefined &&
    startupProbe === undefined
  )
    return NONE
  const errors: FieldError[] = []
  for (const hook of ['postStart', 'preStop'] as const) {
    if (lifecycle?.[hook] !== undefined)
      errors.push(...validateHandler(lifecycle[hook], gracePeriod, child(path, 'lifecycle', hook)))
  }
  if (livenessProbe !== undefined) errors.push(...validateOnceProbe(livenessProbe, child(path, 'livenessProbe')))
  if (readinessProbe !== undefined)
    errors.push(...validateReadinessProbe(readinessProbe, child(path, 'readinessProbe')))
  if (startupProbe !== undefined) errors.push(...validateOnceProbe(startupProbe, child(path, 'startupProbe')))
  return errors
}

/** The same fields on an init container that ends before the Pod starts. */
export function forbidLifecycleAndProbes(container: Container, path: FieldPath): readonly FieldError[] {
  return (['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .filter((field) => container[field] !== undefined)
    .map((field) => forbidden(child(path, field), 'may not be set for init containers without restartPolicy=Always'))
}

function validateOnceProbe(probe: Probe, path: FieldPath): readonly FieldError[] {
  const errors = validateProbe(probe, path)
  const threshold = probe.successThreshold ?? 0
  return threshold === 1 ? errors : [...errors, invalid(child(path, 'successThreshold'), threshold, 'must be 1')]
}

function validateReadinessProbe(probe: Probe, path: FieldPath): readonly FieldError[] {
  const errors = validateProbe(probe, path)
  const seconds = probe.terminationGracePeriodSeconds
  return seconds === undefined
    ? errors
    : [...errors, invalid(child(path, 'terminationGracePeriodSeconds'), seconds, 'must not be set for readinessProbes')]
}

function validateProbe(probe: Probe, path: FieldPath): readonly FieldError[] {
  const errors = [...validateHandler(probe, undefined, path)]
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    errors.push(...validateNonNegative(probe[field], child(path, field)))
  }
  const seconds = probe.terminationGracePeriodSeconds
  if (seconds !== undefined && seconds <= 0)
    errors.push(invalid(child(path, 'terminationGracePeriodSeconds'), seconds, 'must be greater than 0'))
  return errors
}

function validateHandler(handler: LifecycleHandler, gracePeriod: GracePeriod, path: FieldPath): readonly FieldError[] {
  const checks: readonly (readonly [keyof LifecycleHandler, () => readonly FieldError[]])[] = [
    ['exec', () => ((handler.exec!.command ?? []).length === 0 ? [required(child(path, 'exec', 'command'))] : NONE)],
    ['httpGet', () => validateHttpGet(handler.httpGet!, child(path, 'httpGet'))],
    ['tcpSocket', () => validatePortNumberOrName(handler.tcpSocket!.port, child(path, 'tcpSocket', 'port'))],
    ['grpc', () => validatePortNumberOrName(handler.grpc!.port, child(path, 'grpc', 'port'))],
    ['sleep', () => validateSleep(handler.sleep!.seconds ?? 0, gracePeriod, child(path, 'sleep'))],
  ]
  const given = checks.filter(([field]) => handler[field] !== undefined)
  if (given.length === 0) return [required(path, 'must specify a handler type')]
  return given.flatMap(([field, check], i) =>
    i === 0 ? check() : [forbidden(child(path, field), 'may not specify more than 1 handler type')],
  )
}

function validateHttpGet(action: HTTPGetAction, path: FieldPath): readonly FieldError[] {
  const errors = [
    ...requireText(action.path, child(path, 'path')),
    ...validatePortNumberOrName(action.port, child(path, 'port')),
    ...checkSupported(action.scheme, ['HTTP', 'HTTPS'], child(path, 'scheme')),
  ]
  for (const header of action.httpHeaders ?? []) {
    const name = String(header.name ?? '')
    for (const message of isHttpHeaderName(name)) errors.push(invalid(child(path, 'httpHeaders'), name, message))
  }
  return errors
}

function validateSleep(seconds: number, gracePeriod: GracePeriod, path: FieldPath): readonly FieldError[] {
  if (gracePeriod === undefined || (seconds >= 0 && seconds <= gracePeriod)) return NONE
  return [invalid(path, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriod})`)]
}
