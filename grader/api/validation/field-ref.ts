// References to fields of the Pod and to resources of its containers (the downward API).
// Upstream: validateObjectFieldSelector and validateContainerResourceFieldSelector of pkg/apis/core/validation.
import { type FieldError, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath } from '../field-path.ts'
import { formatQuantity, isZeroQuantity, quantity } from '../quantity.ts'
import { checkFormat, NONE } from './field-checks.ts'
import { isLabelKey } from './format.ts'

export interface FieldRef {
  readonly apiVersion?: string
  readonly fieldPath?: string
}

export interface ResourceFieldRef {
  readonly containerName?: string
  readonly resource?: string
  readonly divisor?: string
}

export const ENV_FIELDS: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
export const VOLUME_FIELDS: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]

const KNOWN_LABELS: readonly string[] = [
  ...ENV_FIELDS,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]
const RESOURCE_FIELDS: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]
const BYTE_DIVISORS: readonly string[] = [
  '1',
  '1k',
  '1M',
  '1G',
  '1T',
  '1P',
  '1E',
  '1Ki',
  '1Mi',
  '1Gi',
  '1Ti',
  '1Pi',
  '1Ei',
]

/** A field of the Pod; `allowed` are the plain fields this place may name, annotations and labels may carry a subscript. */
export function validateFieldRef(ref: FieldRef, allowed: readonly string[], path: FieldPath): readonly FieldError[] {
  const { apiVersion = '', fieldPath = '' } = ref
  if (apiVersion === '') return [required(child(path, 'apiVersion'))]
  const at = child(path, 'fieldPath')
  if (fieldPath === '') return [required(at)]
  const subscripted = /^(.+?)\['(.*)'\]$/s.exec(fieldPath)
  const problem = conversionProblem(apiVersion, fieldPath, subscripted?.[1])
  if (problem !== undefined) return [invalid(at, fieldPath, `error converting fieldPath: ${problem}`)]
  if (subscripted !== null) {
    const key = subscripted[2]!
    return checkFormat(subscripted[1] === 'metadata.annotations' ? key.toLowerCase() : key, isLabelKey, path)
  }
  // Old clients write spec.host for spec.nodeName.
  const field = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath
  return allowed.includes(field) ? NONE : [notSupported(at, field, allowed)]
}

// Upstream: ConvertDownwardAPIFieldLabel of pkg/apis/core/pods/helpers.go.
function conversionProblem(version: string, label: string, subscripted: string | undefined): string | undefined {
  if (version !== 'v1') return `unsupported pod version: ${version}`
  if (subscripted !== undefined) {
    const fine = subscripted === 'metadata.annotations' || subscripted === 'metadata.labels'
    return fine ? undefined : `field label does not support subscript: ${label}`
  }
  return KNOWN_LABELS.includes(label) || label === 'spec.host' ? undefined : `field label not supported: ${label}`
}

/** A container's limit or request, with the unit it is told in. `inVolume`: the container must be named. */
export function validateResourceFieldRef(
  ref: ResourceFieldRef,
  inVolume: boolean,
  path: FieldPath,
): readonly FieldError[] {
  const { containerName = '', resource = '' } = ref
  const errors: FieldError[] = []
  const hugePages = resource.startsWith('requests.hugepages-') || resource.startsWith('limits.hugepages-')
  if (inVolume && containerName === '') errors.push(required(child(path, 'containerName')))
  else if (resource === '') errors.push(required(child(path, 'resource')))
  else if (!RESOURCE_FIELDS.includes(resource) && !hugePages)
    errors.push(notSupported(child(path, 'resource'), resource, RESOURCE_FIELDS))
  return [...errors, ...validateDivisor(resource, ref.divisor, hugePages, child(path, 'divisor'))]
}

function validateDivisor(
  resource: string,
  divisor: string | undefined,
  hugePages: boolean,
  path: FieldPath,
): readonly FieldError[] {
  const value = quantity(divisor)
  if (isZeroQuantity(value)) return NONE
  const text = formatQuantity(value)
  const kind = resource.split('.')[1] ?? ''
  if (kind === 'cpu')
    return ['1m', '1'].includes(text)
      ? NONE
      : [invalid(path, resource, "only divisor's values 1m and 1 are supported with the cpu resource")]
  const words = hugePages ? 'hugepages' : { memory: 'memory', 'ephemeral-storage': 'local ephemeral storage' }[kind]
  if (words === undefined || BYTE_DIVISORS.includes(text)) return NONE
  return [
    invalid(
      path,
      resource,
      `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the ${words} resource`,
    ),
  ]
}
