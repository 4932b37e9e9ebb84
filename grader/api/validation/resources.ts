// What containers and Pods ask for. Upstream: validateResourceRequirements and validatePodResources of
// pkg/apis/core/validation/validation.go.

import { aggregateContainerLimits, aggregateContainerRequests } from '../aggregate-resources.ts'
import type { PodSpec, ResourceList, ResourceRequirements } from '../core.ts'
import { type FieldError, forbidden, invalid, notFound, required } from '../field-error.ts'
import { child, type FieldPath, index, mapKey } from '../field-path.ts'
import { compareQuantities, formatQuantity, quantity } from '../quantity.ts'
import { checkFormat, NONE, sortedKeys } from './field-checks.ts'
import { isDns1123Label } from './format.ts'
import type { PodRules } from './pod-rules.ts'
import {
  isHugePagesName,
  isOvercommitAllowed,
  isWholePages,
  validateContainerResourceName,
  validatePodResourceName,
  validateResourceQuantity,
} from './resource-names.ts'

type NameCheck = (name: string, path: FieldPath) => readonly FieldError[]

interface Requirements {
  readonly resources: ResourceRequirements
  readonly name: NameCheck
  readonly claimNames: readonly string[]
  readonly rules: PodRules
}

/** Requests and limits of one container. Upstream: ValidateContainerResourceRequirements. */
export function validateContainerResources(
  resources: ResourceRequirements | undefined,
  claimNames: readonly string[],
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  return resources === undefined
    ? NONE
    : validateRequirements({ resources, name: validateContainerResourceName, claimNames, rules }, path)
}

/** Requests and limits of the Pod as a whole, against those of its containers. Upstream: validatePodResources. */
export function validatePodResources(
  spec: PodSpec,
  claimNames: readonly string[],
  specPath: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  const { resources } = spec
  if (resources === undefined) return NONE
  const path = child(specPath, 'resources')
  if (spec.os?.name === 'windows') return [forbidden(path, 'may not be set for a windows pod')]
  const errors: FieldError[] =
    resources.claims === undefined
      ? []
      : [forbidden(child(path, 'claims'), 'claims may not be set for Resources at pod-level')]
  errors.push(...validateRequirements({ resources, name: validatePodResourceName, claimNames, rules }, path))
  return [...errors, ...validateConsistency(spec, resources, path)]
}

function validateRequirements(given: Requirements, path: FieldPath): readonly FieldError[] {
  const { limits = {}, requests = {}, claims = [] } = given.resources
  const errors: FieldError[] = []
  for (const name of sortedKeys(limits))
    errors.push(...validateAmount(name, limits[name]!, mapKey(child(path, 'limits'), name), given))
  for (const name of sortedKeys(requests)) {
    const at = mapKey(child(path, 'requests'), name)
    errors.push(...given.name(name, at), ...validateResourceQuantity(name, requests[name]!, at))
    errors.push(
      ...validateAgainstLimit(name, requests[name]!, limits, path),
      ...validatePages(name, requests[name]!, at, given.rules),
    )
  }
  const all = [...Object.keys(limits), ...Object.keys(requests)]
  if (all.some(isHugePagesName) && !all.some((name) => name === 'cpu' || name === 'memory'))
    errors.push(forbidden(path, 'HugePages require cpu or memory'))
  return [...errors, ...validateClaims(claims, given.claimNames, child(path, 'claims'))]
}

function validateAmount(name: string, text: string, path: FieldPath, given: Requirements): readonly FieldError[] {
  return [
    ...given.name(name, path),
    ...validateResourceQuantity(name, text, path),
    ...validatePages(name, text, path, given.rules),
  ]
}

function validatePages(name: string, text: string, path: FieldPath, rules: PodRules): readonly FieldError[] {
  if (!isHugePagesName(name) || rules.allowIndivisibleHugePages || isWholePages(name, text)) return NONE
  const shown = formatQuantity(quantity(text))
  return [invalid(path, shown, `${shown} is not positive integer multiple of ${name}`)]
}

function validateAgainstLimit(
  name: string,
  text: string,
  limits: ResourceList,
  path: FieldPath,
): readonly FieldError[] {
  const limit = limits[name]
  if (limit === undefined) {
    return isOvercommitAllowed(name)
      ? NONE
      : [required(child(path, 'limits'), 'Limit must be set for non overcommitable resources')]
  }
  const order = compareQuantities(quantity(text), quantity(limit))
  const words = order !== 0 && !isOvercommitAllowed(name) ? 'equal to' : order > 0 ? 'less than or equal to' : undefined
  if (words === undefined) return NONE
  return [
    invalid(
      child(path, 'requests'),
      formatQuantity(quantity(text)),
      `must be ${words} ${name} limit of ${formatQuantity(quantity(limit))}`,
    ),
  ]
}

function validateClaims(
  claims: NonNullable<ResourceRequirements['claims']>,
  podClaims: readonly string[],
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  claims.forEach((claim, i) => {
    const at = index(path, i)
    const { name = '', request = '' } = claim as { readonly name?: string; readonly request?: string }
    if (name === '') {
      errors.push(required(at))
      return
    }
    errors.push(...claimOnce(name, request, names, at))
    if (podClaims.includes(name)) return
    const which = podClaims.length === 0 ? ' which is empty' : `: ${[...podClaims].sort().join(', ')}`
    errors.push({ ...notFound(at, name), detail: `must be one of the names in pod.spec.resourceClaims${which}` })
  })
  return errors
}

function claimOnce(name: string, request: string, names: Set<string>, path: FieldPath): readonly FieldError[] {
  const duplicate = (value: string): FieldError => ({ type: 'Duplicate value', path, badValue: value, detail: '' })
  if (names.has(name)) return [duplicate(name)]
  const key = request === '' ? name : `${name}/${request}`
  const errors: FieldError[] = request === '' ? [] : [...checkFormat(request, isDns1123Label, child(path, 'request'))]
  if (names.has(key)) errors.push(duplicate(key))
  else if (request === '') for (const other of names) if (other.startsWith(`${name}/`)) errors.push(duplicate(name))
  names.add(key)
  return errors
}

function validateConsistency(spec: PodSpec, pod: ResourceRequirements, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = []
  const requests = aggregateContainerRequests(spec)
  for (const name of sortedKeys(requests)) {
    const own = pod.requests?.[name]
    if (own === undefined || compareQuantities(requests[name]!, quantity(own)) <= 0) continue
    const detail = `must be greater than or equal to aggregate container requests of ${formatQuantity(requests[name]!)}`
    errors.push(invalid(mapKey(child(path, 'requests'), name), formatQuantity(quantity(own)), detail))
  }
  const limits = aggregateContainerLimits(spec)
  for (const name of sortedKeys(limits).filter(isHugePagesName)) {
    const own = pod.limits?.[name]
    if (own === undefined || compareQuantities(limits[name]!, quantity(own)) <= 0) continue
    const detail = `must be greater than or equal to aggregate container limits of ${formatQuantity(limits[name]!)}`
    errors.push(invalid(mapKey(child(path, 'limits'), name), formatQuantity(quantity(own)), detail))
  }
  spec.containers?.forEach((container, i) => {
    for (const name of sortedKeys(container.resources?.limits))
      errors.push(
        ...validateContainerLimit(name, container.resources!.limits![name]!, pod, index(child(path, 'containers'), i)),
      )
  })
  return errors
}

function validateContainerLimit(
  name: string,
  limit: string,
  pod: ResourceRequirements,
  path: FieldPath,
): readonly FieldError[] {
  const own = pod.limits?.[name]
  if (own === undefined || compareQuantities(quantity(limit), quantity(own)) <= 0) return NONE
  const detail = `must be less than or equal to pod limits of ${formatQuantity(quantity(own))}`
  return [invalid(child(mapKey(path, name), 'limits'), formatQuantity(quantity(limit)), detail)]
}
