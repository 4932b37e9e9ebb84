// The sources of a volume, in the order upstream looks at them, with its field names in errors (some of which are not
// the field's). Upstream: validateVolumeSource of pkg/apis/core/validation/validation.go.
import type { KeyToPath } from '../core.ts'
import { type FieldError, forbidden, invalid, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { quantity, signOfQuantity } from '../quantity.ts'
import {
  checkFileMode,
  checkFormat,
  checkNoBacksteps,
  checkSupported,
  NONE,
  requireSupported,
  requireText,
} from './field-checks.ts'
import { isDns1123Subdomain } from './format.ts'
import { type LegacyVolumeFields, legacyVolumeSources } from './legacy-volume-sources.ts'
import type { PodRules } from './pod-rules.ts'
import {
  type DownwardApiFile,
  type ProjectedFields,
  validateDownwardApiFile,
  validateKeyToPath,
  validateProjected,
} from './projected-volume.ts'
import { type ClaimTemplate, validateClaimTemplate } from './volume-claim.ts'

/** A volume with all the sources that exist, as the decoder lets them through. */
export interface VolumeFields extends LegacyVolumeFields {
  readonly name: string
  readonly emptyDir?: { readonly sizeLimit?: string }
  readonly hostPath?: { readonly path?: string; readonly type?: string }
  readonly secret?: {
    readonly secretName?: string
    readonly defaultMode?: number
    readonly items?: readonly KeyToPath[]
  }
  readonly configMap?: { readonly name?: string; readonly defaultMode?: number; readonly items?: readonly KeyToPath[] }
  readonly persistentVolumeClaim?: { readonly claimName?: string }
  readonly downwardAPI?: { readonly defaultMode?: number; readonly items?: readonly DownwardApiFile[] }
  readonly projected?: ProjectedFields
  readonly csi?: { readonly driver?: string; readonly nodePublishSecretRef?: { readonly name?: string } }
  readonly ephemeral?: { readonly volumeClaimTemplate?: ClaimTemplate }
  readonly image?: { readonly reference?: string; readonly pullPolicy?: string }
  readonly nfs?: { readonly server?: string; readonly path?: string }
}

export interface VolumeSourceRule {
  readonly field: Exclude<keyof VolumeFields, 'name'>
  /** The field's name in `may not specify more than 1 volume type`, where upstream misspells it. */
  readonly forbiddenField?: string
  /** The field's name in all other errors, where upstream uses another one. */
  readonly pathField?: string
  validate(volume: VolumeFields, path: FieldPath, rules: PodRules): readonly FieldError[]
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

const ownSources: readonly VolumeSourceRule[] = [
  { field: 'emptyDir', validate: ({ emptyDir }, path) => validateEmptyDir(emptyDir!, path) },
  { field: 'hostPath', validate: ({ hostPath }, path) => validateHostPath(hostPath!, path) },
  {
    field: 'secret',
    validate: ({ secret }, path) => [
      ...requireText(secret!.secretName, child(path, 'secretName')),
      ...validateItems(secret!, path),
    ],
  },
  { field: 'nfs', validate: ({ nfs }, path) => validateNfs(nfs!, path) },
  {
    field: 'persistentVolumeClaim',
    validate: ({ persistentVolumeClaim }, path) =>
      requireText(persistentVolumeClaim!.claimName, child(path, 'claimName')),
  },
  {
    field: 'downwardAPI',
    forbiddenField: 'downwarAPI',
    validate: ({ downwardAPI }, path) => validateDownwardApi(downwardAPI!, path),
  },
  {
    field: 'configMap',
    validate: ({ configMap }, path) => [
      ...requireText(configMap!.name, child(path, 'name')),
      ...validateItems(configMap!, path),
    ],
  },
  { field: 'projected', validate: ({ projected }, path, rules) => validateProjected(projected!, path, rules) },
  { field: 'csi', validate: ({ csi }, path) => validateCsi(csi!, path) },
  { field: 'ephemeral', validate: ({ ephemeral }, path) => validateEphemeral(ephemeral!, path) },
  { field: 'image', validate: ({ image }, path, rules) => validateImage(image!, path, rules) },
]

const ORDER: readonly VolumeSourceRule['field'][] = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
]

/** All sources in upstream's order. */
export const volumeSources: readonly VolumeSourceRule[] = ORDER.map(
  (field) => [...ownSources, ...legacyVolumeSources].find((rule) => rule.field === field)!,
)

function validateEmptyDir(emptyDir: NonNullable<VolumeFields['emptyDir']>, path: FieldPath): readonly FieldError[] {
  const negative = emptyDir.sizeLimit !== undefined && signOfQuantity(quantity(emptyDir.sizeLimit)) < 0
  return negative ? [forbidden(child(path, 'sizeLimit'), 'SizeLimit field must be a valid resource quantity')] : NONE
}

function validateHostPath(hostPath: NonNullable<VolumeFields['hostPath']>, path: FieldPath): readonly FieldError[] {
  if ((hostPath.path ?? '') === '') return [required(child(path, 'path'))]
  return [
    ...checkNoBacksteps(hostPath.path!, child(path, 'path')),
    ...checkSupported(hostPath.type, HOST_PATH_TYPES, child(path, 'type')),
  ]
}

function validateItems(
  source: { readonly defaultMode?: number; readonly items?: readonly KeyToPath[] },
  path: FieldPath,
): readonly FieldError[] {
  const items = source.items ?? []
  return [
    ...checkFileMode(source.defaultMode, child(path, 'defaultMode')),
    ...items.flatMap((item, i) => validateKeyToPath(item, index(child(path, 'items'), i))),
  ]
}

function validateNfs(nfs: NonNullable<VolumeFields['nfs']>, path: FieldPath): readonly FieldError[] {
  const errors = [...requireText(nfs.server, child(path, 'server')), ...requireText(nfs.path, child(path, 'path'))]
  if (!(nfs.path ?? '').startsWith('/'))
    errors.push(invalid(child(path, 'path'), nfs.path ?? '', 'must be an absolute path'))
  return errors
}

// Upstream reports the files under the volume, without an index.
function validateDownwardApi(source: NonNullable<VolumeFields['downwardAPI']>, path: FieldPath): readonly FieldError[] {
  return [
    ...checkFileMode(source.defaultMode, child(path, 'defaultMode')),
    ...(source.items ?? []).flatMap((file) => validateDownwardApiFile(file, path)),
  ]
}

function validateCsi(csi: NonNullable<VolumeFields['csi']>, path: FieldPath): readonly FieldError[] {
  const errors = [...validateCsiDriverName(csi.driver ?? '', child(path, 'driver'))]
  const secret = csi.nodePublishSecretRef
  if (secret === undefined) return errors
  if ((secret.name ?? '') === '') return [...errors, required(child(path, 'nodePublishSecretRef', 'name'))]
  return [...errors, ...checkFormat(secret.name!, isDns1123Subdomain, child(path, 'name'))]
}

/** Upstream: ValidateCSIDriverName. */
export function validateCsiDriverName(name: string, path: FieldPath): readonly FieldError[] {
  if (name === '') return [required(path)]
  const errors: FieldError[] =
    name.length > 63 ? [{ type: 'Too long', path, detail: 'may not be more than 63 bytes' }] : []
  return [...errors, ...isDns1123Subdomain(name.toLowerCase()).map((message) => invalid(path, name, message))]
}

function validateEphemeral(ephemeral: NonNullable<VolumeFields['ephemeral']>, path: FieldPath): readonly FieldError[] {
  const at = child(path, 'volumeClaimTemplate')
  return ephemeral.volumeClaimTemplate === undefined
    ? [required(at)]
    : validateClaimTemplate(ephemeral.volumeClaimTemplate, at)
}

function validateImage(
  image: NonNullable<VolumeFields['image']>,
  path: FieldPath,
  rules: PodRules,
): readonly FieldError[] {
  const errors = rules.isPod ? requireText(image.reference, child(path, 'reference')) : NONE
  return [
    ...errors,
    ...requireSupported(image.pullPolicy, ['Always', 'IfNotPresent', 'Never'], child(path, 'pullPolicy')),
  ]
}
