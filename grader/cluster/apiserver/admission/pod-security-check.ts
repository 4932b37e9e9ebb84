// What a check of the Pod Security Standards is, and the words in which checks say what they found.
// Upstream: k8s.io/pod-security-admission/policy (registry.go, visitor.go, helpers.go).
import { compareStrings } from '../../../api/compare.ts'
import type { Container, PodSpec } from '../../../api/core.ts'
import type { StringMap } from '../../../api/meta.ts'

/** The Pod or template as the checks see it; containers are init, regular, ephemeral, in this order. */
export interface CheckedPod {
  readonly spec: PodSpec
  readonly annotations: StringMap
  readonly containers: readonly Container[]
}

/** Why a check forbids the Pod, or undefined. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}

export interface SecurityCheck {
  readonly id: string
  readonly level: 'baseline' | 'restricted'
  /** First minor version that has the check. */
  readonly since: number
  /** The baseline check that this one stands for at level restricted. */
  readonly overrides?: string
  check(pod: CheckedPod, version: number): Violation | undefined
}

export const quoteAll = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ')
export const sorted = (items: Iterable<string>): readonly string[] => [...new Set(items)].sort(compareStrings)
export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`)
export const containersText = (names: readonly string[]): string =>
  `${plural('container', names.length)} ${quoteAll(names)}`
export const namesOf = (pod: CheckedPod, bad: (container: Container) => boolean): readonly string[] =>
  pod.containers.filter(bad).map(({ name }) => name)

/** `pod and container "c"`: who sets what is forbidden. */
export function settersText(pod: boolean, names: readonly string[]): string {
  return [...(pod ? ['pod'] : []), ...(names.length === 0 ? [] : [containersText(names)])].join(' and ')
}

export const isWindows = ({ spec }: CheckedPod, version: number): boolean =>
  version >= 25 && spec.os?.name === 'windows'
export const inUserNamespace = ({ spec }: CheckedPod, version: number): boolean =>
  version >= 35 && spec.hostUsers === false
