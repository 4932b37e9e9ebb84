// The claim template of a generic ephemeral volume. Upstream: ValidatePersistentVolumeClaimTemplate of
// pkg/apis/core/validation/validation.go.
import { deepEqual } from '../compare.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, mapKey } from '../field-path.ts'
import type { LabelSelector, StringMap } from '../meta.ts'
import { formatQuantity, quantity, signOfQuantity } from '../quantity.ts'
import { checkFormat, checkSupported, requireText } from './field-checks.ts'
import { isDns1123Label, isDns1123Subdomain } from './format.ts'
import { validateLabelSelector, validateLabels } from './label-selector.ts'
import { validateAnnotations } from './object-meta.ts'
import { validateResourceQuantity } from './resource-names.ts'

interface DataSource {
  readonly apiGroup?: string
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
}

interface ClaimSpec {
  readonly accessModes?: readonly string[]
  readonly selector?: LabelSelector
  readonly resources?: { readonly requests?: StringMap }
  readonly storageClassName?: string
  readonly volumeMode?: string
  readonly dataSource?: DataSource
  readonly dataSourceRef?: DataSource
  readonly volumeAttributesClassName?: string
}

export interface ClaimTemplate {
  readonly metadata?: {
    readonly labels?: StringMap
    readonly annotations?: StringMap
    readonly [other: string]: unknown
  }
  readonly spec?: ClaimSpec
}

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/** The metadata (labels and annotations only) and the spec of the claim. */
export function validateClaimTemplate(template: ClaimTemplate, path: FieldPath): readonly FieldError[] {
  const at = child(path, 'metadata')
  const { labels, annotations, ...others } = template.metadata ?? {}
  const errors = [
    ...validateAnnotations(annotations ?? {}, child(at, 'annotations')),
    ...validateLabels(labels ?? {}, child(at, 'labels')),
  ]
  for (const field of Object.keys(others))
    if (others[field] !== undefined) errors.push(forbidden(child(at, field), 'cannot be set'))
  return [...errors, ...validateClaimSpec(template.spec ?? {}, child(path, 'spec'))]
}

function validateClaimSpec(spec: ClaimSpec, path: FieldPath): readonly FieldError[] {
  const modes = spec.accessModes ?? []
  const at = child(path, 'accessModes')
  const errors: FieldError[] = modes.length === 0 ? [required(at, 'at least 1 access mode is required')] : []
  errors.push(...validateLabelSelector(spec.selector, child(path, 'selector')))
  for (const mode of modes) errors.push(...checkSupported(mode, ACCESS_MODES, at))
  if (
    modes.includes('ReadWriteOncePod') &&
    modes.some((mode) => mode !== 'ReadWriteOncePod' && ACCESS_MODES.includes(mode))
  ) {
    errors.push(forbidden(at, 'may not use ReadWriteOncePod with other access modes'))
  }
  errors.push(...validateStorage(spec.resources?.requests?.storage, mapKey(child(path, 'resources'), 'storage')))
  const className = spec.storageClassName ?? ''
  if (className !== '') errors.push(...checkFormat(className, isDns1123Subdomain, child(path, 'storageClassName')))
  if (spec.volumeMode !== undefined)
    errors.push(...checkSupported(spec.volumeMode, ['Block', 'Filesystem'], child(path, 'volumeMode')))
  errors.push(...validateDataSources(spec, path))
  const attributes = spec.volumeAttributesClassName ?? ''
  return attributes === ''
    ? errors
    : [...errors, ...checkFormat(attributes, isDns1123Subdomain, child(path, 'volumeAttributesClassName'))]
}

function validateStorage(storage: string | undefined, path: FieldPath): readonly FieldError[] {
  if (storage === undefined) return [required(path)]
  const value = quantity(storage)
  if (signOfQuantity(value) <= 0) return [invalid(path, formatQuantity(value), 'must be greater than zero')]
  return validateResourceQuantity('storage', storage, path)
}

function validateDataSources(spec: ClaimSpec, path: FieldPath): readonly FieldError[] {
  const { dataSource, dataSourceRef } = spec
  const errors: FieldError[] = []
  if (dataSource !== undefined) errors.push(...validateDataSource(dataSource, child(path, 'dataSource')))
  if (dataSourceRef !== undefined) errors.push(...validateDataSource(dataSourceRef, child(path, 'dataSourceRef')))
  if (dataSource === undefined || dataSourceRef === undefined) return errors
  const { namespace = '', ...reference } = dataSourceRef
  if (namespace !== '') errors.push(invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified'))
  else if (!deepEqual(reference, dataSource)) errors.push(invalid(path, {}, 'must match dataSourceRef'))
  return errors
}

function validateDataSource(source: DataSource, path: FieldPath): readonly FieldError[] {
  const { apiGroup = '', kind = '', namespace = '' } = source
  const errors = [...requireText(source.name, child(path, 'name')), ...requireText(kind, child(path, 'kind'))]
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"))
  }
  return namespace === '' ? errors : [...errors, ...checkFormat(namespace, isDns1123Label, child(path, 'namespace'))]
}
