// All Nodes as one DaemonSet sees them, kept up to date by difference: a change of a Pod or a Node costs that Node only,
// and a sync looks at the Nodes that need something. The rules are those of eligibility, manage, rolling-update and status;
// this file only remembers their answers.

import type { Node, Pod, PodSpec } from '../../../api/core.ts'
import { targetNodeOf } from '../../../api/pods.ts'
import { createEligibilityMemo, type Eligibility, type EligibilityMemo, NO_NODE } from './eligibility.ts'
import { type ManageState, manageStateOf } from './manage.ts'
import {
  availableFrom,
  compareDaemonPods,
  isTerminatedAndDeleted,
  type NodeView,
  type PodContext,
} from './node-view.ts'
import { BURST_REPLICAS } from './pod-plan.ts'
import { UPDATE_STATES, type UpdateCensus, type UpdateState, updateStateOf } from './rolling-update.ts'
import { addBits, type Counters, countNode, noCounters } from './status.ts'

export interface FleetContext extends PodContext {
  readonly surge: boolean
  readonly spec: PodSpec
}

/** Nodes whose answer changed, by their new answer. */
export type EligibilityChanges = ReadonlyMap<Eligibility, readonly string[]>

export interface Fleet {
  setNode(node: Node): void
  removeNode(name: string): void
  /** Takes over the present state of a claimed Pod. */
  setPod(pod: Pod): void
  removePod(uid: string): void
  /** Brings every answer up to date; returns whose eligibility changed. */
  refresh(context: FleetContext): EligibilityChanges
  readonly counters: Readonly<Counters>
  readonly census: UpdateCensus
  /** The Nodes that lack a Pod (as many as one burst takes) or have to be decided on, in name order. */
  unsettledNodes(): Iterable<NodeView>
  /** Unbound Pods that are meant for a Node which does not exist. */
  strays(): readonly Pod[]
  /** All Nodes in name order, for checkers. */
  nodes(): readonly NodeView[]
  eligibilityOf(name: string): Eligibility | undefined
}

interface NodeRecord extends NodeView {
  readonly name: string
  node: Node | undefined
  exists: boolean
  eligibility: Eligibility
  isAnswered: boolean
  pods: Pod[]
  manage: ManageState
  update: UpdateState
  bits: number
  isDirty: boolean
}

const NO_PODS: Pod[] = []
const NO_CHANGES: EligibilityChanges = new Map()
const UNANSWERED: Eligibility = { shouldRun: false, shouldContinueRunning: false, because: [] }

/** The fleet of one DaemonSet, at first with these Nodes (in name order) and no Pods. */
export function createFleet(nodes: readonly Node[]): Fleet {
  const byName = new Map<string, NodeRecord>()
  const order: NodeRecord[] = []
  const targetOf = new Map<string, string>()
  const counters = noCounters()
  const manageCounts: Record<ManageState, number> = { settled: 0, lacksPod: 0, undecided: 0 }
  const updateCounts = Object.fromEntries(UPDATE_STATES.map((state) => [state, 0])) as Record<UpdateState, number>
  const maturing = new Map<number, NodeRecord[]>()
  let dirty: NodeRecord[] = []
  let missing = 0
  let memo: EligibilityMemo | undefined
  let last: FleetContext | undefined

  const touch = (record: NodeRecord) => {
    if (record.isDirty) return
    record.isDirty = true
    dirty.push(record)
  }

  const newRecord = (name: string, node: Node | undefined): NodeRecord => {
    const record: NodeRecord = {
      name,
      node,
      exists: node !== undefined,
      eligibility: UNANSWERED,
      isAnswered: false,
      pods: NO_PODS,
      manage: 'settled',
      update: 'outside',
      bits: 0,
      isDirty: false,
    }
    if (node === undefined) missing++
    byName.set(name, record)
    manageCounts.settled++
    updateCounts.outside++
    touch(record)
    return record
  }

  const recordOf = (name: string): NodeRecord => {
    let record = byName.get(name)
    if (record === undefined) {
      record = newRecord(name, undefined)
      order.splice(placeOf(order, name), 0, record)
    }
    return record
  }

  for (const node of nodes) order.push(newRecord(node.metadata.name, node))

  const forgetEmpty = (record: NodeRecord) => {
    if (record.exists || record.pods.length > 0) return
    missing--
    byName.delete(record.name)
    order.splice(placeOf(order, record.name), 1)
    manageCounts[record.manage]--
    updateCounts[record.update]--
    addBits(counters, record.bits, -1)
  }

  const answer = (record: NodeRecord, changes: Map<Eligibility, string[]>) => {
    record.isAnswered = true
    const eligibility = record.node === undefined ? NO_NODE : memo!.of(record.node)
    if (eligibility === record.eligibility) return
    record.eligibility = eligibility
    const group = changes.get(eligibility)
    if (group === undefined) changes.set(eligibility, [record.name])
    else group.push(record.name)
  }

  const count = (record: NodeRecord, context: FleetContext) => {
    record.isDirty = false
    const manage = manageStateOf(record, context.surge)
    manageCounts[record.manage]--
    manageCounts[manage]++
    record.manage = manage
    const update = updateStateOf(record, context)
    updateCounts[record.update]--
    updateCounts[update]++
    record.update = update
    const bits = countNode(record, context)
    if (bits !== record.bits) {
      addBits(counters, record.bits, -1)
      addBits(counters, bits, 1)
      record.bits = bits
    }
    if (context.minReadySeconds > 0) noteMaturity(record, context)
    if (!record.exists && record.pods.length === 0) forgetEmpty(record)
  }

  const noteMaturity = (record: NodeRecord, { minReadySeconds, now }: FleetContext) => {
    for (const pod of record.pods) {
      const at = availableFrom(pod, minReadySeconds)
      if (at === undefined || at <= now) continue
      const due = maturing.get(at)
      if (due === undefined) maturing.set(at, [record])
      else due.push(record)
    }
  }

  const touchMatured = (now: number) => {
    for (const [at, records] of maturing) {
      if (at > now) continue
      maturing.delete(at)
      for (const record of records) if (byName.get(record.name) === record) touch(record)
    }
  }

  const unplacePod = (uid: string) => {
    const name = targetOf.get(uid)
    if (name === undefined) return
    targetOf.delete(uid)
    const record = byName.get(name)!
    record.pods = record.pods.length === 1 ? NO_PODS : record.pods.filter((pod) => pod.metadata.uid !== uid)
    touch(record)
  }

  return {
    counters,
    census: {
      count: (state) => updateCounts[state],
      nodesIn: (state) => inState(order, state, updateCounts),
      get desired() {
        return counters.desired
      },
      get missing() {
        return missing
      },
    },
    setNode(node) {
      const record = byName.get(node.metadata.name)
      if (record === undefined) {
        order.splice(placeOf(order, node.metadata.name), 0, newRecord(node.metadata.name, node))
        return
      }
      if (!record.exists) missing--
      record.exists = true
      record.node = node
      record.isAnswered = false
      touch(record)
    },
    removeNode(name) {
      const record = byName.get(name)
      if (record === undefined || !record.exists) return
      missing++
      record.exists = false
      record.node = undefined
      record.isAnswered = false
      touch(record)
    },
    setPod(pod) {
      const target = isTerminatedAndDeleted(pod) ? undefined : targetNodeOf(pod)
      // The usual case by far: the one Pod of a Node has a new status.
      const there = target === undefined ? undefined : byName.get(target)
      if (there?.pods.length === 1 && there.pods[0]!.metadata.uid === pod.metadata.uid) {
        there.pods[0] = pod
        return touch(there)
      }
      const { uid } = pod.metadata
      if (targetOf.get(uid) !== target) unplacePod(uid)
      if (target === undefined) return
      targetOf.set(uid, target)
      const record = recordOf(target)
      record.pods = withPod(record.pods, pod)
      touch(record)
    },
    removePod: unplacePod,
    refresh(context) {
      const isNewTemplate = memo?.spec !== context.spec
      if (isNewTemplate) memo = createEligibilityMemo(context.spec)
      if (isNewTemplate || last === undefined || changesAllPods(last, context))
        for (const record of order) touch(record)
      last = context
      touchMatured(context.now)
      if (dirty.length === 0) return NO_CHANGES
      const changes = new Map<Eligibility, string[]>()
      const records = dirty
      dirty = []
      for (const record of records) {
        if (isNewTemplate || !record.isAnswered) answer(record, changes)
        count(record, context)
      }
      return changes
    },
    unsettledNodes: () => unsettled(order, manageCounts),
    strays: () =>
      missing === 0
        ? NO_PODS
        : order.filter((record) => !record.exists).flatMap((record) => record.pods.filter(isUnbound)),
    nodes: () => order,
    eligibilityOf(name) {
      const record = byName.get(name)
      return record?.node === undefined || memo === undefined ? undefined : memo.of(record.node)
    },
  }
}

function changesAllPods(a: FleetContext, b: FleetContext): boolean {
  return (
    a.hash !== b.hash ||
    a.templateGeneration !== b.templateGeneration ||
    a.minReadySeconds !== b.minReadySeconds ||
    a.surge !== b.surge
  )
}

const isUnbound = (pod: Pod): boolean => (pod.spec.nodeName ?? '') === ''

function withPod(pods: readonly Pod[], pod: Pod): Pod[] {
  if (pods.length === 0) return [pod]
  return [...pods.filter((other) => other.metadata.uid !== pod.metadata.uid), pod].sort(compareDaemonPods)
}

/** Where the name is, or belongs, among the records in name order. */
function placeOf(order: readonly NodeRecord[], name: string): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (order[middle]!.name < name) low = middle + 1
    else high = middle
  }
  return low
}

function* inState(
  order: readonly NodeRecord[],
  state: UpdateState,
  counts: Record<UpdateState, number>,
): Generator<NodeView> {
  let left = counts[state]
  for (let i = 0; left > 0 && i < order.length; i++) {
    if (order[i]!.update !== state) continue
    left--
    yield order[i]!
  }
}

function* unsettled(order: readonly NodeRecord[], counts: Record<ManageState, number>): Generator<NodeView> {
  let lacking = Math.min(counts.lacksPod, BURST_REPLICAS)
  let undecided = counts.undecided
  for (let i = 0; (lacking > 0 || undecided > 0) && i < order.length; i++) {
    const record = order[i]!
    if (record.manage === 'settled') continue
    if (record.manage === 'lacksPod') {
      if (lacking-- <= 0) continue
    } else undecided--
    yield record
  }
}
