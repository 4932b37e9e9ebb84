// RuntimeClass: a Pod takes its overhead, nodeSelector and tolerations from the class that it names.
// Upstream: plugin/pkg/admission/runtimeclass/admission.go, pkg/util/tolerations/tolerations.go.
import { deepEqual } from '../../../api/compare.ts'
import type { Pod, ResourceList, Toleration } from '../../../api/core.ts'
import type { StringMap } from '../../../api/meta.ts'
import type { RuntimeClass } from '../../../api/other.ts'
import { compareQuantities, quantity } from '../../../api/quantity.ts'
import { runtimeClasses } from '../../../api/resource-table.ts'
import type { AdmissionContext } from './admission-context.ts'
import type { PodDraft } from './pod-draft.ts'

const OTHER_OVERHEAD = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
const STRAY_OVERHEAD = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'

/** Fills in what the class says; the answer is why the Pod is refused. */
export function applyRuntimeClass({ spec }: PodDraft, { read }: AdmissionContext): string | undefined {
  const name = spec.runtimeClassName
  if (name === undefined) return undefined
  const found = read.get(runtimeClasses, { name })
  if (found === undefined) return notFound(name)
  const podFixed = overheadOf(found)
  if (podFixed !== undefined) {
    if (Object.keys(spec.overhead ?? {}).length > 0 && !sameAmounts(podFixed, spec.overhead)) return OTHER_OVERHEAD
    spec.overhead = podFixed
  }
  if (found.scheduling === undefined) return undefined
  const { nodeSelector, tolerations = [] } = found.scheduling
  const conflict = mergeNodeSelector(spec, nodeSelector)
  if (conflict !== undefined) return conflict
  const merged = mergeTolerations([...(spec.tolerations ?? []), ...tolerations])
  if (merged.length > 0) spec.tolerations = merged
  return undefined
}

const notFound = (name: string): string => `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`
const overheadOf = ({ overhead }: RuntimeClass): ResourceList | undefined =>
  overhead === undefined ? undefined : (overhead.podFixed ?? {})

/** Why the finished Pod is refused: its overhead must be its class's. */
export function refuseOverhead({ object, read }: AdmissionContext): string | undefined {
  const { runtimeClassName: name, overhead } = (object as Pod).spec
  if (name === undefined) return overhead === undefined ? undefined : STRAY_OVERHEAD
  const found = read.get(runtimeClasses, { name })
  if (found === undefined) return notFound(name)
  const podFixed = overheadOf(found)
  if (podFixed === undefined) return overhead === undefined ? undefined : STRAY_OVERHEAD
  return sameAmounts(podFixed, overhead) ? undefined : OTHER_OVERHEAD
}

function sameAmounts(a: ResourceList, b: ResourceList = {}): boolean {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => b[name] !== undefined && compareQuantities(quantity(a[name]), quantity(b[name])) === 0)
}

function mergeNodeSelector(spec: PodDraft['spec'], wanted: StringMap = {}): string | undefined {
  const own = spec.nodeSelector ?? {}
  for (const [key, value] of Object.entries(wanted)) {
    if (own[key] !== undefined && own[key] !== value) {
      const [theirs, ours] = [`runtimeClass.scheduling.nodeSelector[${key}]`, `pod.spec.nodeSelector[${key}]`]
      return `conflict: ${theirs} = ${value}; ${ours} = ${own[key]}`
    }
  }
  if (Object.keys(wanted).length > 0) spec.nodeSelector = { ...own, ...wanted }
  return undefined
}

/** Leaves out what another one covers; of equal ones the first stays. */
function mergeTolerations(all: readonly Toleration[]): readonly Toleration[] {
  const merged: Toleration[] = []
  all.forEach((toleration, i) => {
    const isCovered =
      merged.some((kept) => coversAll(kept, toleration)) ||
      all.slice(i + 1).some((later) => !deepEqual(later, toleration) && coversAll(later, toleration))
    if (!isCovered) merged.push(toleration)
  })
  return merged
}

/** Upstream: isSuperset. */
function coversAll(wide: Toleration, narrow: Toleration): boolean {
  if (deepEqual(wide, narrow)) return true
  const key = wide.key ?? ''
  if ((narrow.key ?? '') !== key && (key !== '' || wide.operator !== 'Exists')) return false
  if (wide.effect !== undefined && wide.effect !== narrow.effect) return false
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > wide.tolerationSeconds) return false
  }
  if (wide.operator === 'Exists') return true
  return narrow.operator === 'Equal' && (narrow.value ?? '') === (wide.value ?? '')
}
