// Volumes that are old, or whose files lie over each other. Upstream: warningsForPodSpecAndMeta and
// warningsForOverlappingVirtualPaths of pkg/api/pod/warnings.go.
import type { Volume } from '../core.ts'
import { goQuote } from '../field-error.ts'
import { child, type FieldPath, index, mapKey } from '../field-path.ts'
import { fractionWarning } from './fraction-warnings.ts'
import type { VolumeFields } from './volume-sources.ts'

type SourceName = Exclude<keyof VolumeFields, 'name'>

/** Field, its name in the warning where that differs, and what is said. */
const OLD: readonly (readonly [SourceName, string, string])[] = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['ephemeral', 'ephemeral', ''],
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

/** Old types first, volume by volume; then overlapping paths. */
export function volumeWarnings(volumes: readonly Volume[], path: FieldPath): readonly string[] {
  const all = volumes as unknown as readonly VolumeFields[]
  return [...all.flatMap((volume, i) => oldTypeWarnings(volume, index(path, i))), ...all.flatMap(overlapWarnings)]
}

function oldTypeWarnings(volume: VolumeFields, path: FieldPath): readonly string[] {
  return OLD.filter(([field]) => volume[field] !== undefined).flatMap(([field, name, message]) => {
    if (field !== 'ephemeral') return [`${child(path, name)}: ${message}`]
    const resources = volume.ephemeral?.volumeClaimTemplate?.spec?.resources as
      | { readonly requests?: Readonly<Record<string, string>>; readonly limits?: Readonly<Record<string, string>> }
      | undefined
    const at = child(path, 'ephemeral', 'volumeClaimTemplate', 'spec', 'resources')
    return [
      ...fractionWarning(resources?.requests?.storage, mapKey(child(at, 'requests'), 'storage')),
      ...fractionWarning(resources?.limits?.storage, mapKey(child(at, 'limits'), 'storage')),
    ]
  })
}

interface File {
  readonly path: string
  readonly source: string
}

function overlapWarnings(volume: VolumeFields): readonly string[] {
  const { name, configMap, secret, downwardAPI, projected } = volume
  const say = (description: string, files: readonly File[]): readonly string[] =>
    overlapsIn(files).map((overlap) => `volume ${goQuote(name)} (${description}): overlapping paths: ${overlap}`)
  return [
    ...say(`ConfigMap ${goQuote(configMap?.name ?? '')}`, filesOf(configMap?.items, '')),
    ...say(`Secret ${goQuote(secret?.secretName ?? '')}`, filesOf(secret?.items, '')),
    ...say('DownwardAPI', filesOf(downwardAPI?.items, '')),
    ...(projected?.sources ?? [])
      .filter(isEmptySource)
      .map(() => `volume ${goQuote(name)} (Projected) has no sources provided`),
    ...say('Projected', (projected?.sources ?? []).flatMap(filesOfSource)),
  ]
}

type Source = NonNullable<NonNullable<VolumeFields['projected']>['sources']>[number]

const isEmptySource = (source: Source): boolean => Object.values(source).every((value) => value === undefined)

function filesOfSource({ configMap, secret, downwardAPI, serviceAccountToken: token }: Source): readonly File[] {
  if (configMap?.items !== undefined) return filesOf(configMap.items, `ConfigMap ${goQuote(configMap.name ?? '')}`)
  if (secret?.items !== undefined) return filesOf(secret.items, `Secret ${goQuote(secret.name ?? '')}`)
  if (downwardAPI?.items !== undefined) return filesOf(downwardAPI.items, 'DownwardAPI')
  return token === undefined ? [] : [{ path: token.path ?? '', source: 'ServiceAccountToken' }]
}

const filesOf = (items: readonly { readonly path?: string }[] | undefined, source: string): readonly File[] =>
  (items ?? []).map(({ path = '' }) => ({ path: path.replace(/\/+$/, ''), source }))

/** Each file against those before it: the same path, or one inside the other. */
function overlapsIn(files: readonly File[]): readonly string[] {
  return files.flatMap((file, i) =>
    files
      .slice(0, i)
      .filter((other) => file.path !== '' && other.path !== '' && overlap(file.path, other.path))
      .map((other) => `${formatFile(file)} with ${formatFile(other)}`),
  )
}

const overlap = (a: string, b: string): boolean => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)
const formatFile = ({ path, source }: File): string => (source === '' ? goQuote(path) : `${goQuote(path)} (${source})`)
