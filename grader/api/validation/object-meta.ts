// Rules about metadata, the same for every kind.
// Upstream: k8s.io/apimachinery/pkg/api/validation/objectmeta.go; the finalizer rule: pkg/apis/core/validation/validation.go.
import { compareStrings, deepEqual } from '../compare.ts'
import { type FieldError, forbidden, goQuote, internal, invalid, required, tooLong } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference, PartialObjectMeta, StringMap } from '../meta.ts'
import { byteLength, isLabelKey, type NameRule, nameIsDnsLabel } from './format.ts'
import { validateLabels } from './label-selector.ts'

const METADATA: FieldPath = 'metadata'
const TOTAL_ANNOTATION_SIZE = 256 * 1024
const STANDARD_FINALIZERS: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion']
const NONE: readonly FieldError[] = []

const IMMUTABLE = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const

/** Made once: metadata is checked at every write. */
const PATHS = {
  name: child(METADATA, 'name'),
  generateName: child(METADATA, 'generateName'),
  namespace: child(METADATA, 'namespace'),
  uid: child(METADATA, 'uid'),
  resourceVersion: child(METADATA, 'resourceVersion'),
  generation: child(METADATA, 'generation'),
  creationTimestamp: child(METADATA, 'creationTimestamp'),
  deletionTimestamp: child(METADATA, 'deletionTimestamp'),
  deletionGracePeriodSeconds: child(METADATA, 'deletionGracePeriodSeconds'),
  labels: child(METADATA, 'labels'),
  annotations: child(METADATA, 'annotations'),
}

export interface MetaRules {
  readonly namespaced: boolean
  readonly name: NameRule
}

/** Metadata on creation, after the name was generated. Upstream: ValidateObjectMeta of pkg/apis/core/validation. */
export function validateObjectMeta(meta: PartialObjectMeta, rules: MetaRules): readonly FieldError[] {
  const errors = validateCommonMeta(meta, rules)
  return meta.finalizers === undefined ? errors : [...errors, ...validateKubeFinalizers(meta.finalizers)]
}

/** What the generic registry checks for every kind, with the kind's scope. Upstream: ValidateObjectMetaAccessor. */
export function validateCommonMeta(meta: PartialObjectMeta, rules: MetaRules): readonly FieldError[] {
  const errors: FieldError[] = []
  if (meta.generateName !== undefined && meta.generateName !== '') {
    for (const message of rules.name(meta.generateName, true))
      errors.push(invalid(PATHS.generateName, meta.generateName, message))
  }
  if (meta.name === undefined || meta.name === '') errors.push(required(PATHS.name, 'name or generateName is required'))
  else for (const message of rules.name(meta.name, false)) errors.push(invalid(PATHS.name, meta.name, message))
  errors.push(...validateNamespaceField(meta.namespace ?? '', rules.namespaced))
  if ((meta.generation ?? 0) < 0)
    errors.push(invalid(PATHS.generation, meta.generation, 'must be greater than or equal to 0'))
  if (meta.labels !== undefined) errors.push(...validateLabels(meta.labels, PATHS.labels))
  if (meta.annotations !== undefined) errors.push(...validateAnnotations(meta.annotations, PATHS.annotations))
  if (meta.ownerReferences !== undefined) errors.push(...validateOwnerReferences(meta.ownerReferences))
  if (meta.finalizers !== undefined) errors.push(...validateFinalizers(meta.finalizers))
  if (meta.managedFields !== undefined) errors.push(...validateManagedFields(meta.managedFields))
  return errors
}

/** Metadata on update. Upstream: ValidateObjectMetaUpdate of pkg/apis/core/validation. */
export function validateObjectMetaUpdate(next: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  const errors = validateCommonMetaUpdate(next, previous)
  return next.finalizers === undefined ? errors : [...errors, ...validateKubeFinalizers(next.finalizers)]
}

/** The part of it that the generic registry repeats for every kind. Upstream: ValidateObjectMetaAccessorUpdate. */
export function validateCommonMetaUpdate(next: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  const errors: FieldError[] = []
  if (previous.deletionTimestamp !== undefined)
    errors.push(...validateNoNewFinalizers(next.finalizers ?? [], previous.finalizers ?? []))
  if ((next.resourceVersion ?? '') === '')
    errors.push(invalid(PATHS.resourceVersion, '', 'must be specified for an update'))
  if ((next.generation ?? 0) < (previous.generation ?? 0)) {
    errors.push(invalid(PATHS.generation, next.generation ?? 0, 'must not be decremented'))
  }
  for (const field of IMMUTABLE) {
    if (next[field] !== previous[field]) errors.push(...validateImmutable(next[field], previous[field], PATHS[field]))
  }
  if (next.labels !== undefined) errors.push(...validateLabels(next.labels, PATHS.labels))
  if (next.annotations !== undefined) errors.push(...validateAnnotations(next.annotations, PATHS.annotations))
  if (next.ownerReferences !== undefined) errors.push(...validateOwnerReferences(next.ownerReferences))
  if (next.managedFields !== undefined) errors.push(...validateManagedFields(next.managedFields))
  return errors
}

/** A field that must not change. Upstream: ValidateImmutableField. */
export function validateImmutable(next: unknown, previous: unknown, path: FieldPath): readonly FieldError[] {
  return deepEqual(next, previous) ? NONE : [invalid(path, next, 'field is immutable')]
}

export function validateNonNegative(value: number | undefined, path: FieldPath): readonly FieldError[] {
  return value === undefined || value >= 0 ? NONE : [invalid(path, value, 'must be greater than or equal to 0')]
}

export function validatePositive(value: number | undefined, path: FieldPath): readonly FieldError[] {
  return value !== undefined && value > 0 ? NONE : [invalid(path, value ?? 0, 'must be greater than zero')]
}

const soundAnnotations = new WeakSet<StringMap>()

/** Annotation keys in any case, and their total size. Upstream: ValidateAnnotations. */
export function validateAnnotations(annotations: StringMap, path: FieldPath): readonly FieldError[] {
  if (soundAnnotations.has(annotations)) return NONE
  const errors: FieldError[] = []
  let size = 0
  for (const key of Object.keys(annotations).sort(compareStrings)) {
    size += byteLength(key) + byteLength(annotations[key]!)
    for (const message of isLabelKey(key.toLowerCase())) errors.push(invalid(path, key, message))
  }
  if (size > TOTAL_ANNOTATION_SIZE) errors.push(tooLong(path, `may not be more than ${TOTAL_ANNOTATION_SIZE} bytes`))
  if (errors.length === 0) soundAnnotations.add(annotations)
  return errors
}

function validateNamespaceField(namespace: string, namespaced: boolean): readonly FieldError[] {
  const path = PATHS.namespace
  if (!namespaced) return namespace === '' ? NONE : [forbidden(path, 'not allowed on this type')]
  if (namespace === '') return [required(path)]
  const messages = nameIsDnsLabel(namespace, false)
  return messages.length === 0 ? NONE : messages.map((message) => invalid(path, namespace, message))
}

function validateOwnerReferences(references: readonly OwnerReference[]): readonly FieldError[] {
  const path = child(METADATA, 'ownerReferences')
  const errors: FieldError[] = []
  let firstController = ''
  for (const reference of references) {
    errors.push(...validateOwnerReference(reference, path))
    if (reference.controller !== true) continue
    const name = `${reference.kind}/${reference.name}`
    if (firstController === '') firstController = name
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${firstController} and ${name}`
      errors.push(invalid(path, references, detail))
    }
  }
  return errors
}

function validateOwnerReference(reference: OwnerReference, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = []
  const { apiVersion = '', kind = '', name = '', uid = '' } = reference
  if ((apiVersion.split('/')[1] ?? apiVersion) === '')
    errors.push(invalid(child(path, 'apiVersion'), apiVersion, 'version must not be empty'))
  if (kind === '') errors.push(invalid(child(path, 'kind'), kind, 'must not be empty'))
  if (name === '') errors.push(invalid(child(path, 'name'), name, 'must not be empty'))
  if (uid === '') errors.push(invalid(child(path, 'uid'), uid, 'must not be empty'))
  if (apiVersion === 'v1' && kind === 'Event')
    errors.push(invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'))
  return errors
}

function validateFinalizers(finalizers: readonly string[]): readonly FieldError[] {
  const path = child(METADATA, 'finalizers')
  const errors = finalizers.flatMap((finalizer) =>
    isLabelKey(finalizer).map((message) => invalid(path, finalizer, message)),
  )
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'))
  }
  return errors
}

function validateKubeFinalizers(finalizers: readonly string[]): readonly FieldError[] {
  return finalizers.flatMap((finalizer, i) => validateKubeFinalizer(finalizer, index(child(METADATA, 'finalizers'), i)))
}

/** Upstream: validateKubeFinalizerName. */
export function validateKubeFinalizer(finalizer: string, path: FieldPath): readonly FieldError[] {
  if (finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) return NONE
  return [invalid(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified')]
}

function validateNoNewFinalizers(next: readonly string[], previous: readonly string[]): readonly FieldError[] {
  const extra = [...new Set(next)].filter((finalizer) => !previous.includes(finalizer)).sort(compareStrings)
  if (extra.length === 0) return NONE
  const list = `[]string{${extra.map(goQuote).join(', ')}}`
  return [
    forbidden(
      child(METADATA, 'finalizers'),
      `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
    ),
  ]
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[]): readonly FieldError[] {
  return entries.flatMap((entry, i) => {
    const path = index(child(METADATA, 'managedFields'), i)
    const errors: FieldError[] = []
    if (entry.operation !== 'Apply' && entry.operation !== 'Update') {
      errors.push(invalid(child(path, 'operation'), entry.operation ?? '', 'must be `Apply` or `Update`'))
    }
    if ((entry.fieldsType ?? '') !== '' && entry.fieldsType !== 'FieldsV1') {
      errors.push(invalid(child(path, 'fieldsType'), entry.fieldsType, 'must be `FieldsV1`'))
    }
    if (byteLength(entry.manager ?? '') > 128)
      errors.push(tooLong(child(path, 'manager'), 'may not be more than 128 bytes'))
    if (byteLength(entry.subresource ?? '') > 256)
      errors.push(tooLong(child(path, 'subresource'), 'may not be more than 256 bytes'))
    return errors
  })
}

/** `generateName was specified ("x"), but no name was generated`: a fault of the caller. */
export function nameWasNotGenerated(generateName: string): FieldError {
  return internal(
    child(METADATA, 'name'),
    `generateName was specified (${goQuote(generateName)}), but no name was generated`,
  )
}
