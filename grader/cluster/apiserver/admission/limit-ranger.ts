// LimitRanger: containers get the requests and limits that their namespace's LimitRanges give, and keep within their bounds.
// Upstream: plugin/pkg/admission/limitranger/admission.go.
// Simplified: upstream visits the resources of a bound in random order; here they are sorted.
import { type QuantityMap, totalPodLimits, totalPodRequests } from '../../../api/aggregate-resources.ts'
import { compareStrings } from '../../../api/compare.ts'
import type {
  Container,
  LimitRange,
  LimitRangeItem,
  Pod,
  PodSpec,
  ResourceList,
  ResourceRequirements,
} from '../../../api/core.ts'
import {
  compareQuantities,
  formatQuantity,
  isZeroQuantity,
  milliValueOfQuantity,
  type Quantity,
  quantity,
} from '../../../api/quantity.ts'
import { limitRanges } from '../../../api/resource-table.ts'
import type { AdmissionContext } from './admission-context.ts'
import type { PodDraft } from './pod-draft.ts'

const ANNOTATION = 'kubernetes.io/limit-ranger'
const NOTHING: ResourceRequirements = {}

interface Filled {
  readonly ranges: readonly LimitRange[]
  readonly initContainers: PodSpec['initContainers']
  readonly result: Pick<PodSpec, 'containers' | 'initContainers'>
  readonly notes: readonly string[]
}

const filled = new WeakMap<readonly Container[], Filled>()

/** Fills in requests and limits, and notes it in an annotation. */
export function fillInLimits({ metadata, spec }: PodDraft, { read }: AdmissionContext): undefined {
  const ranges = read.list(limitRanges, metadata.namespace)
  if (ranges.length === 0) return
  let known = filled.get(spec.containers)
  if (known === undefined || !sameItems(known.ranges, ranges) || known.initContainers !== spec.initContainers) {
    known = fill(spec, ranges)
    filled.set(spec.containers, known)
  }
  Object.assign(spec, known.result)
  if (known.notes.length === 0) return
  metadata.annotations = { ...metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${known.notes.join('; ')}` }
}

const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((item, i) => item === b[i]))

function fill(spec: PodSpec, ranges: readonly LimitRange[]): Filled {
  let { containers, initContainers } = spec
  let notes: readonly string[] = []
  for (const range of ranges) {
    const set: string[] = []
    const defaults = defaultsOf(range)
    containers = containers.map((container) => fillContainer(container, defaults, 'container', set))
    initContainers = initContainers?.map((container) => fillContainer(container, defaults, 'init container', set))
    // A range that adds something overwrites what the one before noted.
    if (set.length > 0) notes = set
  }
  const result = initContainers === undefined ? { containers } : { containers, initContainers }
  return { ranges, initContainers: spec.initContainers, result, notes }
}

interface Defaults {
  readonly requests: ResourceList
  readonly limits: ResourceList
}

function defaultsOf({ spec }: LimitRange): Defaults {
  const items = (spec?.limits ?? []).filter(({ type }) => type === 'Container')
  return {
    requests: Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest)) as ResourceList,
    limits: Object.assign({}, ...items.map((item) => item.default)) as ResourceList,
  }
}

function fillContainer(container: Container, defaults: Defaults, title: string, notes: string[]): Container {
  let resources = container.resources ?? NOTHING
  for (const side of ['requests', 'limits'] as const) {
    const present = resources[side] ?? {}
    const missing = Object.keys(defaults[side]).filter((name) => present[name] === undefined)
    if (missing.length === 0) continue
    const names = missing.sort(compareStrings)
    const added = Object.fromEntries(names.map((name) => [name, defaults[side][name]!]))
    resources = { ...resources, [side]: { ...present, ...added } }
    notes.push(`${names.join(', ')} ${side === 'requests' ? 'request' : 'limit'} for ${title} ${container.name}`)
  }
  return resources === (container.resources ?? NOTHING) ? container : { ...container, resources }
}

/** Why the finished Pod is outside the bounds: every breach of the first LimitRange that has one. */
export function refuseOutsideLimits({ object, read }: AdmissionContext): string | undefined {
  for (const range of read.list(limitRanges, object.metadata.namespace)) {
    const breaches = [...new Set((range.spec?.limits ?? []).flatMap((item) => breachesOf(item, (object as Pod).spec)))]
    if (breaches.length > 0) return breaches.length === 1 ? breaches[0] : `[${breaches.join(', ')}]`
  }
  return undefined
}

interface Amounts {
  readonly requests: QuantityMap
  readonly limits: QuantityMap
}

function breachesOf(item: LimitRangeItem, spec: PodSpec): readonly string[] {
  // Upstream counts no overhead here.
  const { overhead: _overhead, ...bare } = spec
  if (item.type === 'Pod') return breaches(item, { requests: totalPodRequests(bare), limits: totalPodLimits(bare) })
  if (item.type !== 'Container') return []
  return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
    breaches(item, { requests: quantities(resources?.requests), limits: quantities(resources?.limits) }),
  )
}

const quantities = (list: ResourceList = {}): QuantityMap =>
  Object.fromEntries(Object.entries(list).map(([name, text]) => [name, quantity(text)]))

function breaches({ type, min, max, maxLimitRequestRatio }: LimitRangeItem, amounts: Amounts): readonly string[] {
  const check = (bounds: ResourceList = {}, breach: (name: string, bound: Quantity) => string | undefined) =>
    Object.keys(bounds)
      .sort(compareStrings)
      .map((name) => breach(name, quantity(bounds[name])))
      .filter((text) => text !== undefined)
  return [
    ...check(min, (name, bound) => belowMin(`minimum ${name} usage per ${type}`, bound, request(amounts, name))),
    ...check(max, (name, bound) => aboveMax(`maximum ${name} usage per ${type}`, bound, request(amounts, name))),
    ...check(maxLimitRequestRatio, (name, bound) =>
      aboveRatio(`${name} max limit to request ratio per ${type}`, bound, request(amounts, name)),
    ),
  ]
}

interface Asked {
  readonly req: Quantity | undefined
  readonly lim: Quantity | undefined
}

const request = ({ requests, limits }: Amounts, name: string): Asked => ({ req: requests[name], lim: limits[name] })

function belowMin(rule: string, bound: Quantity, { req, lim }: Asked): string | undefined {
  const what = `${rule} is ${formatQuantity(bound)}`
  if (req === undefined) return `${what}.  No request is specified`
  if (compareQuantities(req, bound) < 0) return `${what}, but request is ${formatQuantity(req)}`
  return lim !== undefined && compareQuantities(lim, bound) < 0
    ? `${what}, but limit is ${formatQuantity(lim)}`
    : undefined
}

function aboveMax(rule: string, bound: Quantity, { req, lim }: Asked): string | undefined {
  const what = `${rule} is ${formatQuantity(bound)}`
  if (lim === undefined) return `${what}.  No limit is specified`
  if (compareQuantities(lim, bound) > 0) return `${what}, but limit is ${formatQuantity(lim)}`
  return req !== undefined && compareQuantities(req, bound) > 0
    ? `${what}, but request is ${formatQuantity(req)}`
    : undefined
}

function aboveRatio(rule: string, bound: Quantity, { req, lim }: Asked): string | undefined {
  const what = `${rule} is ${formatQuantity(bound)}, but`
  if (req === undefined || isZeroQuantity(req)) return `${what} no request is specified or request is 0`
  if (lim === undefined || isZeroQuantity(lim)) return `${what} no limit is specified or limit is 0`
  const ratio = milliValueOfQuantity(lim) / milliValueOfQuantity(req)
  return ratio * 1000 > milliValueOfQuantity(bound) ? `${what} provided ratio is ${ratio.toFixed(6)}` : undefined
}
