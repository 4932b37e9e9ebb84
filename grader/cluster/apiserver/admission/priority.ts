// Priority: a Pod gets the number of its class; of classes only one is everybody's default.
// Upstream: plugin/pkg/admission/priority/admission.go.
import type { Pod } from '../../../api/core.ts'
import type { PriorityClass } from '../../../api/other.ts'
import { priorityClasses } from '../../../api/resource-table.ts'
import type { AdmissionContext, AdmissionReader } from './admission-context.ts'
import type { PodDraft } from './pod-draft.ts'

/** What a Pod without a class has where no class is the default one. */
const NO_CLASS = { value: 0, preemptionPolicy: 'PreemptLowerPriority' } as const

/** Fills in `priority` and `preemptionPolicy`; the answer is why the Pod is refused. */
export function resolvePriority({ spec }: PodDraft, context: AdmissionContext): string | undefined {
  if (context.operation === 'update') return keepPriority(spec, (context.previous as Pod).spec)
  const { priorityClassName: name = '' } = spec
  const named = name === '' ? defaultClass(context.read) : context.read.get(priorityClasses, { name })
  if (named === undefined && name !== '') return `no PriorityClass with name ${name} was found`
  if (named !== undefined && name === '') spec.priorityClassName = named.metadata.name
  const { value, preemptionPolicy } = named ?? NO_CLASS
  const computed = (what: string | number): string =>
    `must not be provided in pod spec; priority admission controller computed ${what} from the given PriorityClass name`
  if (spec.priority !== undefined && spec.priority !== value) {
    return `the integer value of priority (${spec.priority}) ${computed(value)}`
  }
  spec.priority = value
  if (preemptionPolicy === undefined) return undefined
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) {
    return `the string value of PreemptionPolicy (${spec.preemptionPolicy}) ${computed(preemptionPolicy)}`
  }
  spec.preemptionPolicy = preemptionPolicy
  return undefined
}

/** Who updates a Pod from a manifest need not repeat what was filled in. */
function keepPriority(spec: PodDraft['spec'], { priority, preemptionPolicy }: Pod['spec']): undefined {
  if (spec.priority === undefined && priority !== undefined) spec.priority = priority
  if (spec.preemptionPolicy === undefined && preemptionPolicy !== undefined) spec.preemptionPolicy = preemptionPolicy
  return undefined
}

const defaults = new WeakMap<readonly PriorityClass[], { readonly found: PriorityClass | undefined }>()

/** Should there be two defaults, the lower one is. */
function defaultClass(read: AdmissionReader): PriorityClass | undefined {
  const all = read.list(priorityClasses)
  const known = defaults.get(all)
  if (known !== undefined) return known.found
  let found: PriorityClass | undefined
  for (const one of all) {
    if (one.globalDefault === true && (found === undefined || found.value > one.value)) found = one
  }
  defaults.set(all, { found })
  return found
}

/** Why a PriorityClass cannot be the default one, too. */
export function refuseSecondDefault({ operation, object, read }: AdmissionContext): string | undefined {
  if ((object as PriorityClass).globalDefault !== true) return undefined
  const other = defaultClass(read)
  if (other === undefined || (operation === 'update' && other.metadata.name === object.metadata.name)) return undefined
  return `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`
}
