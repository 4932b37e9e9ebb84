// Volume types of storage systems that no lesson uses but real manifests hold.
// Upstream: pkg/apis/core/validation/validation.go, one function per source.
import { type FieldError, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, mapKey } from '../field-path.ts'
import {
  checkFormat,
  checkLocalDescendingPath,
  checkSupported,
  requireFormat,
  requireText,
  sortedKeys,
} from './field-checks.ts'
import { inclusiveRangeError, isDns1123Label } from './format.ts'
import type { VolumeSourceRule } from './volume-sources.ts'

interface SecretRef {
  readonly name?: string
}

export interface LegacyVolumeFields {
  readonly gitRepo?: { readonly repository?: string; readonly directory?: string }
  readonly gcePersistentDisk?: { readonly pdName?: string; readonly partition?: number }
  readonly awsElasticBlockStore?: { readonly volumeID?: string; readonly partition?: number }
  readonly iscsi?: IscsiFields
  readonly glusterfs?: { readonly endpoints?: string; readonly path?: string }
  readonly flocker?: { readonly datasetName?: string; readonly datasetUUID?: string }
  readonly rbd?: { readonly monitors?: readonly string[]; readonly image?: string }
  readonly cinder?: { readonly volumeID?: string; readonly secretRef?: SecretRef }
  readonly cephfs?: { readonly monitors?: readonly string[] }
  readonly quobyte?: { readonly registry?: string; readonly tenant?: string; readonly volume?: string }
  readonly fc?: { readonly targetWWNs?: readonly string[]; readonly wwids?: readonly string[]; readonly lun?: number }
  readonly flexVolume?: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> }
  readonly azureFile?: { readonly secretName?: string; readonly shareName?: string }
  readonly vsphereVolume?: { readonly volumePath?: string }
  readonly photonPersistentDisk?: { readonly pdID?: string }
  readonly portworxVolume?: { readonly volumeID?: string }
  readonly azureDisk?: {
    readonly diskName?: string
    readonly diskURI?: string
    readonly cachingMode?: string
    readonly kind?: string
  }
  readonly storageos?: {
    readonly volumeName?: string
    readonly volumeNamespace?: string
    readonly secretRef?: SecretRef
  }
  readonly scaleIO?: { readonly gateway?: string; readonly system?: string; readonly volumeName?: string }
}

interface IscsiFields {
  readonly targetPortal?: string
  readonly iqn?: string
  readonly lun?: number
  readonly chapAuthDiscovery?: boolean
  readonly chapAuthSession?: boolean
  readonly secretRef?: SecretRef
  readonly initiatorName?: string
}

export const legacyVolumeSources: readonly VolumeSourceRule[] = [
  {
    field: 'gitRepo',
    validate: ({ gitRepo }, path) => [
      ...requireText(gitRepo!.repository, child(path, 'repository')),
      ...checkLocalDescendingPath(gitRepo!.directory ?? '', child(path, 'directory')),
    ],
  },
  {
    field: 'gcePersistentDisk',
    pathField: 'persistentDisk',
    validate: ({ gcePersistentDisk: disk }, path) => [
      ...requireText(disk!.pdName, child(path, 'pdName')),
      ...validatePartition(disk!, path),
    ],
  },
  {
    field: 'awsElasticBlockStore',
    validate: ({ awsElasticBlockStore: disk }, path) => [
      ...requireText(disk!.volumeID, child(path, 'volumeID')),
      ...validatePartition(disk!, path),
    ],
  },
  { field: 'iscsi', validate: ({ iscsi }, path) => validateIscsi(iscsi!, path) },
  {
    field: 'glusterfs',
    validate: ({ glusterfs }, path) => [
      ...requireText(glusterfs!.endpoints, child(path, 'endpoints')),
      ...requireText(glusterfs!.path, child(path, 'path')),
    ],
  },
  { field: 'flocker', validate: ({ flocker }, path) => validateFlocker(flocker!, path) },
  {
    field: 'rbd',
    validate: ({ rbd }, path) => [
      ...requireList(rbd!.monitors, child(path, 'monitors')),
      ...requireText(rbd!.image, child(path, 'image')),
    ],
  },
  {
    field: 'cinder',
    validate: ({ cinder }, path) => [
      ...requireText(cinder!.volumeID, child(path, 'volumeID')),
      ...validateSecretRef(cinder!.secretRef, path),
    ],
  },
  {
    field: 'cephfs',
    forbiddenField: 'cephFS',
    validate: ({ cephfs }, path) => requireList(cephfs!.monitors, child(path, 'monitors')),
  },
  { field: 'quobyte', validate: ({ quobyte }, path) => validateQuobyte(quobyte!, path) },
  { field: 'fc', validate: ({ fc }, path) => validateFc(fc!, path) },
  { field: 'flexVolume', validate: ({ flexVolume }, path) => validateFlexVolume(flexVolume!, path) },
  {
    field: 'azureFile',
    validate: ({ azureFile }, path) => [
      ...requireText(azureFile!.secretName, child(path, 'secretName')),
      ...requireText(azureFile!.shareName, child(path, 'shareName')),
    ],
  },
  {
    field: 'vsphereVolume',
    validate: ({ vsphereVolume }, path) => requireText(vsphereVolume!.volumePath, child(path, 'volumePath')),
  },
  {
    field: 'photonPersistentDisk',
    validate: ({ photonPersistentDisk }, path) => requireText(photonPersistentDisk!.pdID, child(path, 'pdID')),
  },
  {
    field: 'portworxVolume',
    validate: ({ portworxVolume }, path) => requireText(portworxVolume!.volumeID, child(path, 'volumeID')),
  },
  { field: 'azureDisk', validate: ({ azureDisk }, path) => validateAzureDisk(azureDisk!, path) },
  { field: 'storageos', validate: ({ storageos }, path) => validateStorageOs(storageos!, path) },
  {
    field: 'scaleIO',
    validate: ({ scaleIO }, path) => [
      ...requireText(scaleIO!.gateway, child(path, 'gateway')),
      ...requireText(scaleIO!.system, child(path, 'system')),
      ...requireText(scaleIO!.volumeName, child(path, 'volumeName')),
    ],
  },
]

const requireList = (list: readonly string[] | undefined, path: FieldPath): readonly FieldError[] =>
  (list ?? []).length === 0 ? [required(path)] : []

function validateSecretRef(ref: SecretRef | undefined, path: FieldPath): readonly FieldError[] {
  return ref === undefined ? [] : requireText(ref.name, child(path, 'secretRef', 'name'))
}

function validatePartition(disk: { readonly partition?: number }, path: FieldPath): readonly FieldError[] {
  const partition = disk.partition ?? 0
  // Upstream accepts 0 and yet says 1.
  return partition < 0 || partition > 255
    ? [invalid(child(path, 'partition'), partition, inclusiveRangeError(1, 255))]
    : []
}

const IQN = /iqn\.\d{4}-\d{2}\.([A-Za-z0-9\-.]+)(:[^,;*&$|\s]+)$/
const EUI = /^eui.[A-Za-z0-9]{16}$/
const NAA = /^naa.[A-Za-z0-9]{32}$/

function initiatorProblems(name: string): readonly string[] {
  if (!/^(iqn|eui|naa)/.test(name)) return ['must be valid format starting with iqn, eui, or naa']
  const shape = name.startsWith('iqn') ? IQN : name.startsWith('eui') ? EUI : NAA
  return shape.test(name) ? [] : ['must be valid format']
}

function validateIscsi(iscsi: IscsiFields, path: FieldPath): readonly FieldError[] {
  const errors = [
    ...requireText(iscsi.targetPortal, child(path, 'targetPortal')),
    ...requireFormat(iscsi.iqn, initiatorProblems, child(path, 'iqn')),
  ]
  const lun = iscsi.lun ?? 0
  if (lun < 0 || lun > 255) errors.push(invalid(child(path, 'lun'), lun, inclusiveRangeError(0, 255)))
  const authenticates = iscsi.chapAuthDiscovery === true || iscsi.chapAuthSession === true
  if (authenticates && iscsi.secretRef === undefined) errors.push(required(child(path, 'secretRef')))
  if (iscsi.initiatorName !== undefined)
    errors.push(...checkFormat(iscsi.initiatorName, initiatorProblems, child(path, 'initiatorname')))
  return errors
}

function validateFlocker(flocker: NonNullable<LegacyVolumeFields['flocker']>, path: FieldPath): readonly FieldError[] {
  const { datasetName = '', datasetUUID = '' } = flocker
  const errors: FieldError[] = []
  if (datasetName === '' && datasetUUID === '')
    errors.push(required(path, 'one of datasetName and datasetUUID is required'))
  if (datasetName !== '' && datasetUUID !== '')
    errors.push(invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'))
  if (datasetName.includes('/')) errors.push(invalid(child(path, 'datasetName'), datasetName, "must not contain '/'"))
  return errors
}

function validateQuobyte(quobyte: NonNullable<LegacyVolumeFields['quobyte']>, path: FieldPath): readonly FieldError[] {
  const { registry = '', tenant = '' } = quobyte
  const detail = 'must be a host:port pair or multiple pairs separated by commas'
  const errors: FieldError[] = []
  if (registry === '') errors.push(required(child(path, 'registry'), detail))
  else if (tenant.length >= 65)
    errors.push(required(child(path, 'tenant'), 'must be a UUID and may not exceed a length of 64 characters'))
  else
    for (const pair of registry.split(','))
      if (!isHostPort(pair)) errors.push(invalid(child(path, 'registry'), registry, detail))
  return [...errors, ...requireText(quobyte.volume, child(path, 'volume'))]
}

const isHostPort = (text: string): boolean => /^([^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(text)

function validateFc(fc: NonNullable<LegacyVolumeFields['fc']>, path: FieldPath): readonly FieldError[] {
  const { targetWWNs = [], wwids = [] } = fc
  const at = child(path, 'targetWWNs')
  const errors: FieldError[] = []
  if (targetWWNs.length === 0 && wwids.length === 0)
    errors.push(required(at, 'must specify either targetWWNs or wwids, but not both'))
  if (targetWWNs.length > 0 && wwids.length > 0)
    errors.push(invalid(at, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'))
  if (targetWWNs.length === 0) return errors
  if (fc.lun === undefined) errors.push(required(child(path, 'lun'), 'lun is required if targetWWNs is specified'))
  else if (fc.lun < 0 || fc.lun > 255) errors.push(invalid(child(path, 'lun'), fc.lun, inclusiveRangeError(0, 255)))
  return errors
}

function validateFlexVolume(
  flexVolume: NonNullable<LegacyVolumeFields['flexVolume']>,
  path: FieldPath,
): readonly FieldError[] {
  const errors = [...requireText(flexVolume.driver, child(path, 'driver'))]
  for (const key of sortedKeys(flexVolume.options)) {
    const namespace = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`
    if (!namespace.endsWith('.kubernetes.io') && !namespace.endsWith('.k8s.io')) continue
    errors.push(invalid(mapKey(child(path, 'options'), key), key, 'kubernetes.io and k8s.io namespaces are reserved'))
  }
  return errors
}

function validateAzureDisk(disk: NonNullable<LegacyVolumeFields['azureDisk']>, path: FieldPath): readonly FieldError[] {
  const uri = disk.diskURI ?? ''
  const errors = [...requireText(disk.diskName, child(path, 'diskName')), ...requireText(uri, child(path, 'diskURI'))]
  if (disk.cachingMode !== undefined)
    errors.push(...checkSupported(disk.cachingMode, ['None', 'ReadOnly', 'ReadWrite'], child(path, 'cachingMode')))
  if (disk.kind === undefined) return errors
  errors.push(...checkSupported(disk.kind, ['Dedicated', 'Managed', 'Shared'], child(path, 'kind')))
  const managed = ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']
  const blob = ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']
  if (disk.kind === 'Managed' && !uri.startsWith('/subscriptions/'))
    errors.push(notSupported(child(path, 'diskURI'), uri, managed))
  if (disk.kind !== 'Managed' && !uri.startsWith('https://'))
    errors.push(notSupported(child(path, 'diskURI'), uri, blob))
  return errors
}

function validateStorageOs(
  storageos: NonNullable<LegacyVolumeFields['storageos']>,
  path: FieldPath,
): readonly FieldError[] {
  const namespace = storageos.volumeNamespace ?? ''
  return [
    ...requireFormat(storageos.volumeName, isDns1123Label, child(path, 'volumeName')),
    ...(namespace === '' ? [] : checkFormat(namespace, isDns1123Label, child(path, 'volumeNamespace'))),
    ...validateSecretRef(storageos.secretRef, path),
  ]
}
