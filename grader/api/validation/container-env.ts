// The environment of containers. Upstream: ValidateEnv and ValidateEnvFrom of pkg/apis/core/validation/validation.go.
import type { EnvFromSource, EnvVar, EnvVarSource } from '../core.ts'
import { type FieldError, invalid } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { checkFormat, checkNoBacksteps, NONE, requireFormat } from './field-checks.ts'
import { ENV_FIELDS, validateFieldRef, validateResourceFieldRef } from './field-ref.ts'
import { isConfigMapKey, isDns1123Label, isDns1123Subdomain, isEnvVarName, nameIsDnsSubdomain } from './format.ts'

/** Variables one by one. */
export function validateEnv(variables: readonly EnvVar[] | undefined, path: FieldPath): readonly FieldError[] {
  return (variables ?? NO_VARIABLES).flatMap((variable, i) => {
    const at = index(path, i)
    return [
      ...requireFormat(variable.name, isEnvVarName, child(at, 'name')),
      ...validateValueFrom(variable, child(at, 'valueFrom')),
    ]
  })
}

const NO_VARIABLES: readonly EnvVar[] = []

/** Whole ConfigMaps and Secrets as variables. Upstream reports the choice of source without an index. */
export function validateEnvFrom(sources: readonly EnvFromSource[] | undefined, path: FieldPath): readonly FieldError[] {
  if (sources === undefined) return NONE
  const errors: FieldError[] = []
  sources.forEach((source, i) => {
    const at = index(path, i)
    const prefix = source.prefix ?? ''
    if (prefix !== '') errors.push(...checkFormat(prefix, isEnvVarName, child(at, 'prefix')))
    const given = (['configMapRef', 'secretRef'] as const).filter((name) => source[name] !== undefined)
    for (const name of given)
      errors.push(
        ...requireFormat(source[name]!.name, (text) => nameIsDnsSubdomain(text, true), child(at, name, 'name')),
      )
    if (given.length === 0) errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    if (given.length > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  })
  return errors
}

function validateValueFrom(variable: EnvVar, path: FieldPath): readonly FieldError[] {
  const source = variable.valueFrom
  if (source === undefined) return NONE
  const errors: FieldError[] = []
  if (source.fieldRef !== undefined)
    errors.push(...validateFieldRef(source.fieldRef, ENV_FIELDS, child(path, 'fieldRef')))
  if (source.resourceFieldRef !== undefined)
    errors.push(...validateResourceFieldRef(source.resourceFieldRef, false, child(path, 'resourceFieldRef')))
  if (source.configMapKeyRef !== undefined)
    errors.push(...validateKeyRef(source.configMapKeyRef, child(path, 'configMapKeyRef')))
  if (source.secretKeyRef !== undefined)
    errors.push(...validateKeyRef(source.secretKeyRef, child(path, 'secretKeyRef')))
  if (source.fileKeyRef !== undefined)
    errors.push(...validateFileKeyRef(source.fileKeyRef as FileKeyRef, child(path, 'fileKeyRef')))
  const count = SOURCES.filter((name) => source[name] !== undefined).length
  if (count === 0) {
    errors.push(
      invalid(
        path,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
      ),
    )
  } else if ((variable.value ?? '') !== '') {
    errors.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  } else if (count > 1) {
    errors.push(invalid(path, '', 'may not have more than one field specified at a time'))
  }
  return errors
}

const SOURCES: readonly (keyof EnvVarSource)[] = [
  'fieldRef',
  'resourceFieldRef',
  'configMapKeyRef',
  'secretKeyRef',
  'fileKeyRef',
]

function validateKeyRef(
  ref: { readonly name?: string; readonly key?: string },
  path: FieldPath,
): readonly FieldError[] {
  return [
    ...checkFormat(ref.name ?? '', isDns1123Subdomain, child(path, 'name')),
    ...requireFormat(ref.key, isConfigMapKey, child(path, 'key')),
  ]
}

export interface FileKeyRef {
  readonly volumeName?: string
  readonly path?: string
  readonly key?: string
}

function validateFileKeyRef(ref: FileKeyRef, path: FieldPath): readonly FieldError[] {
  const errors = [
    ...requireFormat(ref.key, isEnvVarName, child(path, 'key')),
    ...requireFormat(ref.volumeName, isDns1123Label, child(path, 'volumeName')),
  ]
  if ((ref.path ?? '') === '') return [...errors, { type: 'Required value', path: child(path, 'path'), detail: '' }]
  return [...errors, ...checkNoBacksteps(ref.path!, child(path, 'path'))]
}
