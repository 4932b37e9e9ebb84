// Strategy of Pods. Upstream: pkg/registry/core/pod/strategy.go and pkg/apis/core/v1/helper/qos.
import type { Container, Pod, PodSpec, ResourceList } from '../../../api/core.ts'
import { compareQuantities, isZeroQuantity, type Quantity, quantity, sumQuantities } from '../../../api/quantity.ts'
import { fieldDiffers, keep, raiseGeneration, type Strategy } from './strategy.ts'

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

const COMPUTE: readonly string[] = ['cpu', 'memory']

interface Totals {
  readonly requests: Readonly<Record<string, readonly Quantity[]>>
  readonly limits: Readonly<Record<string, readonly Quantity[]>>
  readonly everyContainerLimited: boolean
}

const amountsOf = (list: ResourceList | undefined, name: string): readonly Quantity[] => {
  const text = list?.[name]
  if (text === undefined) return []
  const amount = quantity(text)
  return isZeroQuantity(amount) ? [] : [amount]
}

function totalsOf(parts: readonly Pick<Container, 'resources'>[]): Totals {
  const collect = (kind: 'requests' | 'limits') =>
    Object.fromEntries(COMPUTE.map((name) => [name, parts.flatMap((part) => amountsOf(part.resources?.[kind], name))]))
  const limited = (part: Pick<Container, 'resources'>) =>
    COMPUTE.every((name) => amountsOf(part.resources?.limits, name).length > 0)
  return { requests: collect('requests'), limits: collect('limits'), everyContainerLimited: parts.every(limited) }
}

const memo = new WeakMap<
  readonly Container[],
  { readonly rest: unknown; readonly own: unknown; readonly qosClass: QosClass }
>()

/** The Pod's class by cpu and memory alone; Pod-level resources, where set, decide instead. Upstream: qos.ComputePodQOS. */
export function qosClassOf(spec: PodSpec): QosClass {
  const known = memo.get(spec.containers)
  if (known !== undefined && known.rest === spec.initContainers && known.own === spec.resources) return known.qosClass
  const parts =
    spec.resources !== undefined
      ? [{ resources: spec.resources }]
      : [...spec.containers, ...(spec.initContainers ?? [])]
  const qosClass = classOf(totalsOf(parts))
  memo.set(spec.containers, { rest: spec.initContainers, own: spec.resources, qosClass })
  return qosClass
}

function classOf({ requests, limits, everyContainerLimited }: Totals): QosClass {
  const some = (amounts: Totals['requests']) => COMPUTE.some((name) => amounts[name]!.length > 0)
  if (!some(requests) && !some(limits)) return 'BestEffort'
  const equal = (name: string) => {
    const wanted = requests[name]!
    return wanted.length > 0 && compareQuantities(sumQuantities(wanted), sumQuantities(limits[name]!)) === 0
  }
  return everyContainerLimited && COMPUTE.every(equal) ? 'Guaranteed' : 'Burstable'
}

/** Nearly all Pods start with one of three statuses: they are shared. */
const NEW_STATUS: Readonly<Record<QosClass, Pod['status']>> = {
  Guaranteed: { phase: 'Pending', qosClass: 'Guaranteed' },
  Burstable: { phase: 'Pending', qosClass: 'Burstable' },
  BestEffort: { phase: 'Pending', qosClass: 'BestEffort' },
}

const GATED = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
} as const

export const podStrategy: Strategy = {
  prepareForCreate(draft) {
    const spec = draft.spec as PodSpec | undefined
    draft.metadata.generation = 1
    const status = NEW_STATUS[spec?.containers === undefined ? 'BestEffort' : qosClassOf(spec)]
    draft.status = (spec?.schedulingGates ?? []).length === 0 ? status : { ...status, conditions: [GATED] }
  },
  prepareForUpdate(draft, old) {
    keep(draft, old, 'status')
    if (fieldDiffers(draft, old, 'spec')) raiseGeneration(draft, old)
  },
  prepareForStatusUpdate(draft, old) {
    // Old kubelets corrupt owner references, so the status endpoint leaves them alone.
    if (old.metadata.ownerReferences === undefined) delete draft.metadata.ownerReferences
    else draft.metadata.ownerReferences = old.metadata.ownerReferences
    const status = (draft.status ?? {}) as Pod['status']
    const { qosClass } = (old as Pod).status
    if (status.qosClass !== qosClass && qosClass !== undefined) draft.status = { ...status, qosClass }
  },
}
