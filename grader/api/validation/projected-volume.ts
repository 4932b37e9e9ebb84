// Projected volumes and the downward API. Upstream: validateProjectionSources and validateDownwardAPIVolumeFile of
// pkg/apis/core/validation/validation.go. The sources clusterTrustBundle and podCertificate belong to gates that are
// off in v1.35: the server drops them before validation.
import type { KeyToPath } from '../core.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { checkFileMode, checkLocalNonReservedPath, NONE, requireText } from './field-checks.ts'
import {
  type FieldRef,
  type ResourceFieldRef,
  VOLUME_FIELDS,
  validateFieldRef,
  validateResourceFieldRef,
} from './field-ref.ts'
import type { PodRules } from './pod-rules.ts'

export interface DownwardApiFile {
  readonly path?: string
  readonly fieldRef?: FieldRef
  readonly resourceFieldRef?: ResourceFieldRef
  readonly mode?: number
}

interface KeyedSource {
  readonly name?: string
  readonly items?: readonly KeyToPath[]
}

interface ProjectedSource {
  readonly secret?: KeyedSource
  readonly configMap?: KeyedSource
  readonly downwardAPI?: { readonly items?: readonly DownwardApiFile[] }
  readonly serviceAccountToken?: { readonly expirationSeconds?: number; readonly path?: string }
}

export interface ProjectedFields {
  readonly defaultMode?: number
  readonly sources?: readonly ProjectedSource[]
}

/** A projected volume: each source is one thing, and no two files share a path. */
export function validateProjected(projected: ProjectedFields, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const errors = [...checkFileMode(projected.defaultMode, child(path, 'defaultMode'))]
  const paths = new Set<string>()
  projected.sources?.forEach((source, i) => {
    const at = index(child(path, 'sources'), i)
    if (source.secret !== undefined)
      errors.push(...validateKeyedSource(source.secret, child(at, 'secret'), path, paths))
    if (source.configMap !== undefined)
      errors.push(...validateKeyedSource(source.configMap, child(at, 'configMap'), path, paths))
    for (const file of source.downwardAPI?.items ?? []) {
      errors.push(
        ...validateDownwardApiFile(file, child(at, 'downwardAPI')),
        ...claimPath(file.path, file.path, path, paths),
      )
    }
    if (source.serviceAccountToken !== undefined)
      errors.push(...validateToken(source.serviceAccountToken, child(at, 'serviceAccountToken'), path, rules))
    const count = [source.secret, source.configMap, source.downwardAPI, source.serviceAccountToken].filter(
      (one) => one !== undefined,
    ).length
    if (count > 1) errors.push(forbidden(at, 'may not specify more than 1 volume type per source'))
  })
  return errors
}

/** A file of the downward API: one field of the Pod, or one resource of a container. */
export function validateDownwardApiFile(file: DownwardApiFile, path: FieldPath): readonly FieldError[] {
  const at = child(path, 'path')
  const errors = [...requireText(file.path, at), ...checkLocalNonReservedPath(file.path ?? '', at)]
  if (file.fieldRef !== undefined) {
    errors.push(...validateFieldRef(file.fieldRef, VOLUME_FIELDS, child(path, 'fieldRef')))
    if (file.resourceFieldRef !== undefined)
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (file.resourceFieldRef !== undefined) {
    errors.push(...validateResourceFieldRef(file.resourceFieldRef, true, child(path, 'resourceFieldRef')))
  } else {
    errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  }
  return [...errors, ...checkFileMode(file.mode, child(path, 'mode'))]
}

function validateKeyedSource(
  source: KeyedSource,
  path: FieldPath,
  volumePath: FieldPath,
  paths: Set<string>,
): readonly FieldError[] {
  const errors = [...requireText(source.name, child(path, 'name'))]
  source.items?.forEach((item, i) => {
    errors.push(
      ...validateKeyToPath(item, index(child(path, 'items'), i)),
      ...claimPath(item.path, source.name, volumePath, paths),
    )
  })
  return errors
}

function claimPath(
  file: string | undefined,
  shown: string | undefined,
  volumePath: FieldPath,
  paths: Set<string>,
): readonly FieldError[] {
  if (file === undefined || file === '') return NONE
  if (paths.has(file)) return [invalid(volumePath, shown ?? '', 'conflicting duplicate paths')]
  paths.add(file)
  return NONE
}

function validateToken(
  token: NonNullable<ProjectedSource['serviceAccountToken']>,
  path: FieldPath,
  volumePath: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  const errors: FieldError[] = []
  const seconds = token.expirationSeconds ?? 0
  const at = child(path, 'expirationSeconds')
  if (seconds < 600) errors.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'))
  if (seconds > 2 ** 32) errors.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'))
  if ((token.path ?? '') === '') errors.push(required(child(volumePath, 'path')))
  else if (!rules.allowNonLocalTokenPath)
    errors.push(...checkLocalNonReservedPath(token.path!, child(volumePath, 'path')))
  return errors
}

/** One key of a ConfigMap or Secret and the file it becomes. Upstream: validateKeyToPath. */
export function validateKeyToPath(item: KeyToPath, path: FieldPath): readonly FieldError[] {
  return [
    ...requireText(item.key, child(path, 'key')),
    ...requireText(item.path, child(path, 'path')),
    ...checkLocalNonReservedPath(item.path ?? '', child(path, 'path')),
    ...checkFileMode(item.mode, child(path, 'mode')),
  ]
}
