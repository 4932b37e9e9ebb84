// Defaults of volumes. Upstream: SetDefaults_Volume and the defaults of its sources in pkg/apis/core/v1/defaults.go and in
// the tags of the v1 types.
import type { Volume } from '../core.ts'
import type { Json, JsonObject } from '../meta.ts'
import { canonicalQuantity } from '../quantity.ts'
import { fill, fillText, mapShared, put, remembered } from './fill.ts'
import { pullPolicyOf } from './image.ts'
import { defaultResourceList } from './quantities.ts'

type Fields = JsonObject & { readonly [key: string]: Json | undefined }

const MODE = 0o644

/** Every volume with its defaults; the list itself if nothing was missing. */
export const defaultVolumes = remembered((list: readonly Volume[]) => mapShared(list, defaultVolume))

const defaultVolume = remembered((volume: Volume): Volume => {
  const fields = volume as unknown as Fields
  const sources = Object.keys(fields).filter((field) => field !== 'name' && fields[field] !== undefined)
  if (sources.length === 0) return { ...volume, emptyDir: {} }
  let next: Fields = fields
  for (const source of sources) {
    const change = SOURCES[source]
    if (change !== undefined) next = put(next, source, change(next[source] as Fields))
  }
  return next as unknown as Volume
})

const withMode = (source: Fields): Fields => fill(source, { defaultMode: MODE })

const SOURCES: Readonly<Record<string, (source: Fields) => Fields>> = {
  secret: withMode,
  configMap: withMode,
  downwardAPI: (source) => defaultFiles(withMode(source)),
  projected: (source) => {
    const next = withMode(source)
    return next.sources === undefined
      ? next
      : put(next, 'sources', mapShared(next.sources as readonly Fields[], defaultProjection) as Json)
  },
  hostPath: (source) => fill(source, { type: '' }),
  emptyDir: (source) =>
    source.sizeLimit === undefined ? source : put(source, 'sizeLimit', canonicalQuantity(source.sizeLimit as string)),
  image: (source) => fillText(source, 'pullPolicy', pullPolicyOf((source.reference ?? '') as string)),
  ephemeral: defaultClaim,
  iscsi: (source) => fillText(source, 'iscsiInterface', 'default'),
  rbd: (source) => fillText(fillText(fillText(source, 'pool', 'rbd'), 'user', 'admin'), 'keyring', '/etc/ceph/keyring'),
  azureDisk: (source) => fill(source, { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }),
  scaleIO: (source) => fillText(fillText(source, 'storageMode', 'ThinProvisioned'), 'fsType', 'xfs'),
}

function defaultFiles(source: Fields): Fields {
  if (source.items === undefined) return source
  return put(source, 'items', mapShared(source.items as readonly Fields[], defaultFile) as Json)
}

function defaultFile(file: Fields): Fields {
  const next =
    file.fieldRef === undefined ? file : put(file, 'fieldRef', fillText(file.fieldRef as Fields, 'apiVersion', 'v1'))
  return next.resourceFieldRef === undefined
    ? next
    : put(next, 'resourceFieldRef', fillText(next.resourceFieldRef as Fields, 'divisor', '0'))
}

function defaultProjection(source: Fields): Fields {
  let next = source
  if (next.serviceAccountToken !== undefined)
    next = put(next, 'serviceAccountToken', fill(next.serviceAccountToken as Fields, { expirationSeconds: 3600 }))
  return next.downwardAPI === undefined ? next : put(next, 'downwardAPI', defaultFiles(next.downwardAPI as Fields))
}

function defaultClaim(source: Fields): Fields {
  const template = source.volumeClaimTemplate as Fields | undefined
  if (template === undefined) return source
  let spec = fill((template.spec ?? {}) as Fields, { volumeMode: 'Filesystem' })
  const resources = spec.resources as Fields | undefined
  if (resources?.requests !== undefined) {
    const requests = defaultResourceList(resources.requests as Readonly<Record<string, string>>)
    spec = put(spec, 'resources', put(resources, 'requests', requests))
  }
  return put(source, 'volumeClaimTemplate', put(template, 'spec', spec))
}
