// The volume types that level restricted forbids. Upstream: check_restrictedVolumes.go of
// k8s.io/pod-security-admission/policy.
import { compareStrings } from '../../../api/compare.ts'
import type { Volume } from '../../../api/core.ts'
import type { CheckedPod, Violation } from './pod-security-check.ts'

const ALLOWED = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

/** Volumes of other types, by name, and the types. */
export function restrictedVolumes({ spec }: CheckedPod): Violation | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => !sourcesOf(volume).some((source) => ALLOWED.includes(source)))
  if (bad.length === 0) return undefined
  const types = [...new Set(bad.map((volume) => sourcesOf(volume)[0] ?? 'unknown'))].sort(compareStrings)
  const names = bad.map(({ name }) => `"${name}"`).join(', ')
  const one = bad.length === 1
  const words = `restricted volume type${types.length === 1 ? '' : 's'} ${types.map((type) => `"${type}"`).join(', ')}`
  return {
    reason: 'restricted volume types',
    detail: `${one ? 'volume' : 'volumes'} ${names} ${one ? 'uses' : 'use'} ${words}`,
  }
}

const sourcesOf = (volume: Volume): readonly string[] =>
  Object.keys(volume).filter((field) => field !== 'name' && volume[field as keyof Volume] !== undefined)
