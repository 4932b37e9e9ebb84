// The volumes of a Pod. Upstream: ValidateVolumes of pkg/apis/core/validation/validation.go.
import type { Volume } from '../core.ts'
import { duplicate, type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { requireFormat } from './field-checks.ts'
import { isDns1123Label, nameIsDnsSubdomain } from './format.ts'
import type { PodRules } from './pod-rules.ts'
import { type VolumeFields, volumeSources } from './volume-sources.ts'

export interface ValidatedVolumes {
  readonly errors: readonly FieldError[]
  /** Only sound volumes: a mount of a refused volume is `Not found` too. */
  readonly byName: ReadonlyMap<string, Volume>
}

const NO_VOLUMES: ValidatedVolumes = { errors: [], byName: new Map() }
const soundVolumes = new WeakMap<readonly Volume[], ValidatedVolumes>()

/** Every volume: its source, its name, and that no two share a name. `podName` is empty for templates. */
export function validateVolumes(
  volumes: readonly Volume[] | undefined,
  podName: string,
  path: FieldPath,
  rules: PodRules,
): ValidatedVolumes {
  if (volumes === undefined) return NO_VOLUMES
  const known = soundVolumes.get(volumes)
  if (known !== undefined) return known
  const created =
    podName === ''
      ? []
      : volumes.filter((volume) => volume.ephemeral !== undefined).map((volume) => `${podName}-${volume.name}`)
  const errors: FieldError[] = []
  const byName = new Map<string, Volume>()
  volumes.forEach((volume, i) => {
    const at = index(path, i)
    const own = [
      ...validateSource(volume, podName, at, rules),
      ...requireFormat(volume.name, isDns1123Label, child(at, 'name')),
    ]
    if (byName.has(volume.name ?? '')) own.push(duplicate(child(at, 'name'), volume.name ?? ''))
    if (own.length === 0) byName.set(volume.name, volume)
    errors.push(...own)
    const claim = volume.persistentVolumeClaim?.claimName
    if (claim !== undefined && created.includes(claim)) {
      errors.push(
        invalid(
          child(at, 'persistentVolumeClaim', 'claimName'),
          claim,
          'must not reference a PVC that gets created for an ephemeral volume',
        ),
      )
    }
  })
  const result = { errors, byName }
  // Only claims made for one Pod depend on the Pod's name, so all Pods of one template share the verdict otherwise.
  if (errors.length === 0 && !volumes.some((volume) => volume.ephemeral !== undefined || volume.image !== undefined))
    soundVolumes.set(volumes, result)
  return result
}

function validateSource(volume: Volume, podName: string, path: FieldPath, rules: PodRules): readonly FieldError[] {
  const errors: FieldError[] = []
  const fields = volume as unknown as VolumeFields
  let found = false
  for (const source of volumeSources) {
    if (fields[source.field] === undefined) continue
    if (found && source.field !== 'emptyDir')
      errors.push(
        forbidden(child(path, source.forbiddenField ?? source.field), 'may not specify more than 1 volume type'),
      )
    else errors.push(...source.validate(fields, child(path, source.pathField ?? source.field), rules))
    found = true
    if (source.field === 'iscsi') errors.push(...validateIscsiLength(fields, path))
  }
  if (!found) errors.push(required(path, 'must specify a volume type'))
  if (volume.ephemeral !== undefined && podName !== '' && (volume.name ?? '') !== '') {
    const claim = `${podName}-${volume.name}`
    for (const message of nameIsDnsSubdomain(claim, false))
      errors.push(invalid(child(path, 'name'), volume.name, `PVC name "${claim}": ${message}`))
  }
  return errors
}

function validateIscsiLength(fields: VolumeFields, path: FieldPath): readonly FieldError[] {
  const { initiatorName, targetPortal = '' } = fields.iscsi ?? {}
  if (initiatorName === undefined || `${fields.name}:${targetPortal}`.length <= 64) return []
  const detail =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'
  return [invalid(child(path, 'name'), fields.name, detail)]
}
