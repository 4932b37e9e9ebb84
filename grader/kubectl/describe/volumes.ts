/** Volumes as describe shows them. Upstream: describe.go (describeVolumes, print*VolumeSource). */
import { compareStrings } from '../../api/compare.ts'
import type { Volume } from '../../api/core.ts'
import type { JsonObject } from '../../api/meta.ts'
import { isObject } from '../manifest-input.ts'
import type { Writer } from './writer.ts'

export function describeVolumes(writer: Writer, volumes: readonly Volume[] | undefined, space: string): void {
  if (volumes === undefined || volumes.length === 0) {
    writer.write(0, `${space}Volumes:\t<none>\n`)
    return
  }
  writer.write(0, `${space}Volumes:\n`)
  for (const volume of volumes) {
    writer.write(1, `${space === '' ? '' : ' '}${volume.name}:\n`)
    describeSource(writer, volume)
  }
}

type Lines = readonly (readonly [name: string, value: unknown])[]

function writeSource(writer: Writer, type: string, lines: Lines): void {
  writer.write(2, `Type:\t${type}\n`)
  for (const [name, value] of lines) writer.write(0, `    ${name}:\t${value ?? ''}\n`)
}

function describeSource(writer: Writer, volume: Volume): void {
  const { hostPath, emptyDir, configMap, secret, persistentVolumeClaim: claim, csi, projected } = volume
  const nfs = volume.nfs as
    | { readonly server?: string; readonly path?: string; readonly readOnly?: boolean }
    | undefined
  const image = volume.image as { readonly reference?: string; readonly pullPolicy?: string } | undefined
  if (hostPath !== undefined) {
    writeSource(writer, 'HostPath (bare host directory volume)', [
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? '<none>'],
    ])
  } else if (emptyDir !== undefined) {
    writeSource(writer, "EmptyDir (a temporary directory that shares a pod's lifetime)", [
      ['Medium', emptyDir.medium],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ])
  } else if (secret !== undefined) {
    writeSource(writer, 'Secret (a volume populated by a Secret)', [
      ['SecretName', secret.secretName],
      ['Optional', secret.optional ?? false],
    ])
  } else if (configMap !== undefined) {
    writeSource(writer, 'ConfigMap (a volume populated by a ConfigMap)', [
      ['Name', configMap.name],
      ['Optional', configMap.optional ?? false],
    ])
  } else if (nfs !== undefined) {
    writeSource(writer, 'NFS (an NFS mount that lasts the lifetime of a pod)', [
      ['Server', nfs.server],
      ['Path', nfs.path],
      ['ReadOnly', nfs.readOnly ?? false],
    ])
  } else if (claim !== undefined) {
    writeSource(writer, 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)', [
      ['ClaimName', claim.claimName],
      ['ReadOnly', claim.readOnly ?? false],
    ])
  } else if (volume.ephemeral !== undefined) {
    writeSource(
      writer,
      'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
      [],
    )
  } else if (volume.downwardAPI !== undefined) describeDownwardApi(writer, volume.downwardAPI)
  else if (projected !== undefined) describeProjected(writer, projected.sources ?? [])
  else if (csi !== undefined) describeCsi(writer, csi)
  else if (image !== undefined) {
    writeSource(writer, 'Image (a container image or OCI artifact)', [
      ['Reference', image.reference],
      ['PullPolicy', image.pullPolicy],
    ])
  } else writer.write(1, '<unknown>\n')
}

function describeDownwardApi(writer: Writer, source: JsonObject): void {
  writer.write(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)\n    Items:\n')
  for (const item of (source.items ?? []) as readonly JsonObject[]) {
    const field = isObject(item.fieldRef)
      ? item.fieldRef.fieldPath
      : isObject(item.resourceFieldRef)
        ? item.resourceFieldRef.resource
        : undefined
    if (field !== undefined) writer.write(3, `${field} -> ${item.path}\n`)
  }
}

function describeProjected(writer: Writer, sources: readonly JsonObject[]): void {
  writer.write(2, 'Type:\tProjected (a volume that contains injected data from multiple sources)\n')
  for (const { secret, downwardAPI, configMap, serviceAccountToken, clusterTrustBundle } of sources) {
    if (isObject(secret)) {
      writer.write(0, `    SecretName:\t${secret.name}\n    Optional:\t${secret.optional ?? false}\n`)
    } else if (downwardAPI !== undefined) writer.write(0, '    DownwardAPI:\ttrue\n')
    else if (isObject(configMap)) {
      writer.write(0, `    ConfigMapName:\t${configMap.name}\n    Optional:\t${configMap.optional ?? false}\n`)
    } else if (isObject(serviceAccountToken)) {
      writer.write(0, `    TokenExpirationSeconds:\t${serviceAccountToken.expirationSeconds}\n`)
    } else if (isObject(clusterTrustBundle)) {
      if (clusterTrustBundle.name !== undefined)
        writer.write(0, `    ClusterTrustBundleName:\t${clusterTrustBundle.name}\n`)
      if (clusterTrustBundle.signerName !== undefined)
        writer.write(0, `    ClusterTrustBundleSignerName:\t${clusterTrustBundle.signerName}\n`)
    }
  }
}

function describeCsi(writer: Writer, csi: NonNullable<Volume['csi']>): void {
  const fsType = (csi as { readonly fsType?: string }).fsType
  writeSource(writer, 'CSI (a Container Storage Interface (CSI) volume source)', [
    ['Driver', csi.driver],
    ['FSType', fsType],
    ['ReadOnly', csi.readOnly ?? false],
  ])
  const keys = Object.keys(csi.volumeAttributes ?? {}).sort(compareStrings)
  if (keys.length === 0) writer.write(2, 'VolumeAttributes:\t<none>\n')
  for (const [i, key] of keys.entries()) {
    const text = `    ${key}=${csi.volumeAttributes?.[key]}\n`
    writer.write(i === 0 ? 2 : 0, i === 0 ? `VolumeAttributes:\t${text}` : `    \t${text}`)
  }
}
