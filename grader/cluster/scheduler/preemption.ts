// What happens to a Pod that fits nowhere: the PostFilter plugins, in profile order DynamicResources, DefaultPreemption.
// Upstream: pkg/scheduler/framework/preemption/preemption.go and plugins/defaultpreemption/default_preemption.go.
import type { Pod } from '../../api/core.ts'
import { labelSelectorMatches } from '../../api/labels.ts'
import type { PodDisruptionBudget } from '../../api/other.ts'
import { viewWith } from './cache.ts'
import { type Diagnosis, pluginsFor, runFilters } from './find-nodes.ts'
import { countsText } from './fit-error.ts'
import type { Cycle, PodInfo, Rejection } from './framework.ts'
import { addPod, cloneNodeInfo, type NodeInfo, removePod } from './node-info.ts'
import { NO_CLAIMS_TO_DEALLOCATE, STATE_NOT_FOUND } from './plugins/dynamic-resources.ts'

const NOT_HELPFUL = 'Preemption is not helpful for scheduling'
const NO_VICTIMS = 'No preemption victims found for incoming pod'
const PREFIX = `${NO_CLAIMS_TO_DEALLOCATE}, preemption: `

/** What preemption comes to: a text for the FailedScheduling message, and maybe a Node to make room on. */
export interface PreemptionPlan {
  readonly message: string
  /** The Node the Pod is promised; empty to take an old promise back; undefined to leave it. */
  readonly nominate?: string
  /** Who has to go, the most important last. */
  readonly victims: readonly PodInfo[]
}

export interface PreemptionParts {
  readonly budgets: readonly PodDisruptionBudget[]
  /** RFC 3339 of now: the start of a Pod that has not started. */
  readonly now: string
}

interface Candidate {
  readonly node: string
  readonly victims: readonly PodInfo[]
  readonly violations: number
}

/** Decides whom the Pod may drive away, if anybody. Pure. */
export function planPreemption(cycle: Cycle, diagnosis: Diagnosis, parts: PreemptionParts): PreemptionPlan {
  // A PreFilter that stopped the cycle left DynamicResources without state: its PostFilter fails and ends the sequence.
  if (diagnosis.podRejection !== undefined) return { message: STATE_NOT_FOUND, victims: [] }
  const { pod } = cycle.pod
  if (pod.spec.preemptionPolicy === 'Never')
    return { message: `${PREFIX}not eligible due to preemptionPolicy=Never.`, victims: [] }
  if (waitsForVictims(cycle, diagnosis))
    return { message: `${PREFIX}not eligible due to a terminating pod on the nominated node.`, victims: [] }
  const { candidates, failures } = dryRun(cycle, diagnosis, parts)
  const best = pickCandidate(candidates, parts.now)
  if (best !== undefined) return { message: '', nominate: best.node, victims: best.victims }
  const size = cycle.nodes.size
  return {
    message: `${PREFIX}0/${size} nodes are available:${countsText(failureCounts(size, failures))}`,
    nominate: '',
    victims: [],
  }
}

/** An earlier preemption is still under way on the Node this Pod was promised. Upstream: PodEligibleToPreemptOthers. */
function waitsForVictims({ pod, nodes }: Cycle, { rejections }: Diagnosis): boolean {
  const nominated = pod.pod.status.nominatedNodeName
  if (nominated === undefined || nominated === '') return false
  if (rejections.get(nominated)?.unresolvable !== false) return false
  for (const other of nodes.get(nominated)?.pods.values() ?? []) {
    if (other.priority < pod.priority && isBeingPreempted(other.pod)) return true
  }
  return false
}

function isBeingPreempted(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp === undefined) return false
  return (
    pod.status.conditions?.some(
      ({ type, status, reason }) =>
        type === 'DisruptionTarget' && status === 'True' && reason === 'PreemptionByScheduler',
    ) ?? false
  )
}

const MIN_CANDIDATES = 100

function dryRun(cycle: Cycle, { rejections }: Diagnosis, parts: PreemptionParts) {
  const candidates: Candidate[] = []
  // Upstream starts at a random Node; ours starts at the first.
  const wanted = Math.max(Math.floor(cycle.nodes.size / 10), MIN_CANDIDATES)
  const failures = new Map<string, readonly string[]>()
  for (const [name, rejection] of rejections) {
    if (rejection.unresolvable) continue
    if (candidates.length >= wanted) break
    const outcome = selectVictims(cycle, cycle.nodes.get(name)!, parts)
    if ('reasons' in outcome) failures.set(name, outcome.reasons)
    else candidates.push(outcome)
  }
  return { candidates, failures }
}

/** Every Node that was not dry-run counts as one where preemption does not help. */
function failureCounts(size: number, failures: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const reasons of failures.values())
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  if (size > failures.size) counts.set(NOT_HELPFUL, size - failures.size)
  return counts
}

/** Removes everybody of lower priority, then puts back whom it can. Upstream: SelectVictimsOnNode. */
function selectVictims(
  cycle: Cycle,
  node: NodeInfo,
  { budgets, now }: PreemptionParts,
): Candidate | { readonly reasons: readonly string[] } {
  const lower = [...node.pods.values()].filter((other) => other.priority < cycle.pod.priority)
  if (lower.length === 0) return { reasons: [NO_VICTIMS] }
  const trial = cloneNodeInfo(node)
  for (const { key } of lower) removePod(trial, key)
  const without = filtersOn(cycle, trial)
  if (without !== undefined) return { reasons: without.reasons }
  const { violating, others } = splitByBudget(lower.sort(byImportance(now)), budgets)
  const victims: PodInfo[] = []
  const reprieve = (pod: PodInfo): boolean => {
    addPod(trial, pod)
    if (filtersOn(cycle, trial) === undefined) return true
    removePod(trial, pod.key)
    victims.push(pod)
    return false
  }
  let violations = 0
  for (const pod of violating) if (!reprieve(pod)) violations++
  for (const pod of others) reprieve(pod)
  return { node: node.name, victims: victims.sort(byImportance(now)), violations }
}

function filtersOn(cycle: Cycle, node: NodeInfo): Rejection | undefined {
  const trial: Cycle = { ...cycle, nodes: viewWith(cycle.nodes, node), state: new Map() }
  return runFilters(trial, pluginsFor(trial), node)
}

const startOf = ({ pod }: PodInfo, now: string): string => pod.status.startTime ?? now

/** Higher priority first, then who started earlier. Upstream: util.MoreImportantPod. */
function byImportance(now: string): (a: PodInfo, b: PodInfo) => number {
  return (a, b) => {
    if (a.priority !== b.priority) return b.priority - a.priority
    const [x, y] = [startOf(a, now), startOf(b, now)]
    return x < y ? -1 : x > y ? 1 : 0
  }
}

/** Who cannot go without breaking a budget, counted down in order of importance. Upstream: filterPodsWithPDBViolation. */
function splitByBudget(pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]) {
  const allowed = budgets.map((budget) => budget.status?.disruptionsAllowed ?? 0)
  const violating: PodInfo[] = []
  const others: PodInfo[] = []
  for (const info of pods) {
    const { namespace, labels, name } = info.pod.metadata
    let violates = false
    budgets.forEach((budget, i) => {
      if (labels === undefined || budget.metadata.namespace !== namespace) return
      if (isEmptySelector(budget) || !labelSelectorMatches(budget.spec.selector, labels)) return
      if (budget.status?.disruptedPods?.[name] !== undefined) return
      allowed[i]!--
      if (allowed[i]! < 0) violates = true
    })
    ;(violates ? violating : others).push(info)
  }
  return { violating, others }
}

/** A budget with an empty selector holds nobody back here, whatever it says elsewhere. */
function isEmptySelector({ spec: { selector } }: PodDisruptionBudget): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions?.length ?? 0) === 0
}

const PRIORITY_OFFSET = 2_147_483_648

/** Upstream: pickOneNodeForPreemption, criterion by criterion; the first Node of several that are left. */
export function pickCandidate(candidates: readonly Candidate[], now: string): Candidate | undefined {
  const highest = ({ victims }: Candidate) => victims[0]?.priority ?? 0
  const sum = ({ victims }: Candidate) => victims.reduce((total, { priority }) => total + priority + PRIORITY_OFFSET, 0)
  const criteria: readonly ((a: Candidate, b: Candidate) => number)[] = [
    (a, b) => a.violations - b.violations,
    (a, b) => highest(a) - highest(b),
    (a, b) => sum(a) - sum(b),
    (a, b) => a.victims.length - b.victims.length,
    (a, b) => {
      const [x, y] = [earliestStart(a, now), earliestStart(b, now)]
      return x < y ? 1 : x > y ? -1 : 0
    },
  ]
  let best = candidates[0]
  for (const candidate of candidates.slice(1)) {
    const difference = criteria.map((criterion) => criterion(candidate, best!)).find((result) => result !== 0)
    if (difference !== undefined && difference < 0) best = candidate
  }
  return best
}

/** The earliest start among the victims of the highest priority. */
function earliestStart({ victims }: Candidate, now: string): string {
  const top = victims[0]?.priority
  return victims
    .filter(({ priority }) => priority === top)
    .reduce((earliest, pod) => (startOf(pod, now) < earliest ? startOf(pod, now) : earliest), now)
}
