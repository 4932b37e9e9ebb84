// Where containers mount volumes. Upstream: ValidateVolumeMounts and ValidateVolumeDevices of
// pkg/apis/core/validation/validation.go.
import type { Container, Volume, VolumeMount } from '../core.ts'
import { type FieldError, forbidden, invalid, notFound, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import { checkLocalDescendingPath, NONE } from './field-checks.ts'

type VolumesByName = ReadonlyMap<string, Volume>

interface VolumeDevice {
  readonly name?: string
  readonly devicePath?: string
}

const devicesOf = (container: Container): readonly VolumeDevice[] =>
  (container.volumeDevices ?? []) as readonly VolumeDevice[]

/** Mounts and block devices of one container, in upstream's order. */
export function validateMountsAndDevices(
  container: Container,
  volumes: VolumesByName,
  path: FieldPath,
): readonly FieldError[] {
  if (container.volumeMounts === undefined && container.volumeDevices === undefined) return NONE
  return [
    ...validateMounts(container, volumes, child(path, 'volumeMounts')),
    ...validateDevices(container, volumes, child(path, 'volumeDevices')),
  ]
}

function validateMounts(container: Container, volumes: VolumesByName, path: FieldPath): readonly FieldError[] {
  const devices = devicesOf(container)
  const seen = new Set<string>()
  const errors: FieldError[] = []
  container.volumeMounts?.forEach((mount, i) => {
    const at = index(path, i)
    const { name = '', mountPath = '' } = mount
    if (name === '') errors.push(required(child(at, 'name')))
    if (!volumes.has(name)) errors.push(notFound(child(at, 'name'), name))
    if (mountPath === '') errors.push(required(child(at, 'mountPath')))
    if (seen.has(mountPath)) errors.push(invalid(child(at, 'mountPath'), mountPath, 'must be unique'))
    seen.add(mountPath)
    if (devices.some((device) => device.name === name))
      errors.push(invalid(child(at, 'name'), name, 'must not already exist in volumeDevices'))
    if (devices.some((device) => device.devicePath === mountPath)) {
      errors.push(invalid(child(at, 'mountPath'), mountPath, 'must not already exist as a path in volumeDevices'))
    }
    errors.push(
      ...validateSubPaths(mount, at, path),
      ...validatePropagation(mount, container, path),
      ...validateRecursiveReadOnly(mount, child(path, 'recursiveReadOnly')),
    )
  })
  return errors
}

// Upstream names the list, not the mount, in these.
function validateSubPaths(mount: VolumeMount, at: FieldPath, path: FieldPath): readonly FieldError[] {
  const { subPath = '', subPathExpr = '' } = mount
  const errors: FieldError[] = []
  if (subPath !== '') errors.push(...checkLocalDescendingPath(subPath, child(path, 'subPath')))
  if (subPathExpr === '') return errors
  if (subPath !== '')
    errors.push(invalid(child(at, 'subPathExpr'), subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
  return [...errors, ...checkLocalDescendingPath(subPathExpr, child(path, 'subPathExpr'))]
}

function validatePropagation(mount: VolumeMount, container: Container, path: FieldPath): readonly FieldError[] {
  const propagation = mount.mountPropagation
  if (propagation === undefined) return NONE
  const at = child(path, 'mountPropagation')
  const supported = ['Bidirectional', 'HostToContainer', 'None']
  if (!supported.includes(propagation)) return [notSupported(at, propagation, supported)]
  if (propagation !== 'Bidirectional' || container.securityContext?.privileged === true) return NONE
  return [forbidden(at, 'Bidirectional mount propagation is available only to privileged containers')]
}

function validateRecursiveReadOnly(mount: VolumeMount, path: FieldPath): readonly FieldError[] {
  const mode = mount.recursiveReadOnly
  if (mode === undefined || mode === 'Disabled') return NONE
  if (mode !== 'Enabled' && mode !== 'IfPossible')
    return [notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])]
  const errors: FieldError[] = []
  if (mount.readOnly !== true) errors.push(forbidden(path, 'may only be specified when readOnly is true'))
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    errors.push(forbidden(path, 'may only be specified when mountPropagation is None or not specified'))
  }
  return errors
}

function validateDevices(container: Container, volumes: VolumesByName, path: FieldPath): readonly FieldError[] {
  const mounts = container.volumeMounts ?? []
  const names = new Set<string>()
  const paths = new Set<string>()
  return devicesOf(container).flatMap((device, i) => {
    const errors: FieldError[] = []
    const { name = '', devicePath = '' } = device
    const nameAt = child(index(path, i), 'name')
    const pathAt = child(index(path, i), 'devicePath')
    const volume = volumes.get(name)
    const claims = volume?.persistentVolumeClaim !== undefined || volume?.ephemeral !== undefined
    if (name === '') errors.push(required(nameAt))
    if (names.has(name)) errors.push(invalid(nameAt, name, 'must be unique'))
    if (volume !== undefined && !claims) {
      errors.push(
        invalid(nameAt, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'),
      )
    }
    if (volume === undefined) errors.push(notFound(nameAt, name))
    if (devicePath === '') errors.push(required(pathAt))
    if (paths.has(devicePath)) errors.push(invalid(pathAt, devicePath, 'must be unique'))
    if (devicePath.split('/').includes('..'))
      errors.push(invalid(pathAt, devicePath, "can not contain backsteps ('..')"))
    else paths.add(devicePath)
    if (mounts.some((mount) => mount.name === name))
      errors.push(invalid(nameAt, name, 'must not already exist in volumeMounts'))
    if (mounts.some((mount) => mount.mountPath === devicePath))
      errors.push(invalid(pathAt, devicePath, 'must not already exist as a path in volumeMounts'))
    if (name !== '') names.add(name)
    return errors
  })
}
