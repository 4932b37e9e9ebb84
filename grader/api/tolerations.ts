/**
 * Tolerations and taints. Upstream: k8s.io/api/core/v1/toleration.go and k8s.io/component-helpers/scheduling/corev1.
 */
import type { Taint, TaintEffect, Toleration } from './core.ts'

/** The effects that keep a Pod from being scheduled. PreferNoSchedule only lowers the score. */
export const SCHEDULING_EFFECTS: readonly TaintEffect[] = ['NoSchedule', 'NoExecute']

/** Why a toleration does not cover a taint: the first of effect, key, operator and value that stands against it. */
export type TolerationMismatch = 'effect' | 'key' | 'operator' | 'value'

/** Undefined if the toleration covers the taint; else what stands against it. Upstream: Toleration.ToleratesTaint. */
export function tolerationMismatch(toleration: Toleration, taint: Taint): TolerationMismatch | undefined {
  if (isSet(toleration.effect) && toleration.effect !== taint.effect) return 'effect'
  if (isSet(toleration.key) && toleration.key !== taint.key) return 'key'
  const operator: string = toleration.operator ?? ''
  if (operator === 'Exists') return undefined
  // Upstream has Lt and Gt behind a gate that is off in v1.35.
  if (operator !== '' && operator !== 'Equal') return 'operator'
  return (toleration.value ?? '') === (taint.value ?? '') ? undefined : 'value'
}

const isSet = (text: string | undefined): boolean => text !== undefined && text !== ''

export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  return tolerationMismatch(toleration, taint) === undefined
}

/** The first toleration that covers the taint, with its place in the list; undefined if none does. */
export function findToleration(
  tolerations: readonly Toleration[] | undefined,
  taint: Taint,
): { readonly toleration: Toleration; readonly index: number } | undefined {
  if (tolerations === undefined) return undefined
  for (let i = 0; i < tolerations.length; i++) {
    const toleration = tolerations[i]!
    if (toleratesTaint(toleration, taint)) return { toleration, index: i }
  }
  return undefined
}

/**
 * The first taint, in the Node's order, with one of the effects and without a toleration; undefined if there is none.
 * Upstream: corev1.FindMatchingUntoleratedTaint.
 */
export function firstUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly TaintEffect[] = SCHEDULING_EFFECTS,
): Taint | undefined {
  if (taints === undefined) return undefined
  for (const taint of taints) {
    if (effects.includes(taint.effect) && findToleration(tolerations, taint) === undefined) return taint
  }
  return undefined
}

/** `key=value:Effect`, `key:Effect` without a value. Upstream: Taint.ToString. */
export function formatTaint(taint: Taint): string {
  if ((taint.effect as string) === '')
    return taint.value === undefined || taint.value === '' ? taint.key : `${taint.key}=${taint.value}:`
  return taint.value === undefined || taint.value === ''
    ? `${taint.key}:${taint.effect}`
    : `${taint.key}=${taint.value}:${taint.effect}`
}
