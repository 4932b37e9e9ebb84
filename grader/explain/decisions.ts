// The trace sorted by what an explanation asks for: the newest record of each kind, found in one pass.
import type {
  DecisionEntry,
  EligibilityEntry,
  KubeletEntry,
  ObjectRef,
  TraceEntry,
  TraceId,
  UnschedulableEntry,
} from '../cluster/trace.ts'

export type Recorded<Entry> = Entry & { readonly id: TraceId }

/** What the DaemonSet controller did about one DaemonSet last. */
export interface ControllerRecord {
  /** By Node name. */
  readonly eligibility: ReadonlyMap<string, EligibilityEntry>
  /** The newest creation, deletion or refusal for a Node, by its name. */
  readonly steps: ReadonlyMap<string, Recorded<DecisionEntry>>
  /** The newest refused creation; creations for other Nodes stop at it. Absent once one succeeded after it. */
  readonly refusal?: Recorded<DecisionEntry>
  /** The newest hold-up of a rollout. */
  readonly held?: Recorded<DecisionEntry>
  /** The error that made the newest sync come back later. */
  readonly retry?: Recorded<DecisionEntry>
}

export interface Decisions {
  /** By DaemonSet key. */
  readonly controller: ReadonlyMap<string, ControllerRecord>
  /** By Pod key. */
  readonly unschedulable: ReadonlyMap<string, UnschedulableEntry>
  readonly kubelet: ReadonlyMap<string, KubeletEntry>
  /** What ended Pods on a Node from outside (a taint, a preemption, a rejection): the newest per Node, with the Pod in `about`. */
  readonly ended: ReadonlyMap<string, readonly Recorded<DecisionEntry | KubeletEntry>[]>
}

type Draft = { -readonly [K in keyof ControllerRecord]: ControllerRecord[K] } & {
  readonly eligibility: Map<string, EligibilityEntry>
  readonly steps: Map<string, Recorded<DecisionEntry>>
}

const ENDINGS = new Set(['evict', 'preempt'])

/** Cost: one look at each entry. */
export function collectDecisions(entries: readonly TraceEntry[]): Decisions {
  const controller = new Map<string, Draft>()
  const unschedulable = new Map<string, UnschedulableEntry>()
  const kubelet = new Map<string, KubeletEntry>()
  const ended = new Map<string, Recorded<DecisionEntry | KubeletEntry>[]>()
  const recordOf = (about: ObjectRef): Draft => {
    const key = refKey(about)
    const record = controller.get(key) ?? { eligibility: new Map(), steps: new Map() }
    controller.set(key, record)
    return record
  }
  const end = (node: string, entry: Recorded<DecisionEntry | KubeletEntry>) => {
    const known = ended.get(node)
    if (known === undefined) ended.set(node, [entry])
    else known.push(entry)
  }
  for (const entry of entries) {
    if (entry.type === 'eligibility') {
      const { eligibility } = recordOf(entry.about)
      for (const node of entry.nodes) eligibility.set(node, entry)
    } else if (entry.type === 'unschedulable') unschedulable.set(refKey(entry.about), entry)
    else if (entry.type === 'kubelet') {
      if (entry.because.length > 0) kubelet.set(refKey(entry.about), entry)
      if (entry.happened === 'rejected' || entry.happened === 'evicted') end(entry.node, entry)
    } else if (entry.type === 'decision') {
      if (entry.about.kind === 'DaemonSet') addStep(recordOf(entry.about), entry)
      else if (entry.node !== undefined && ENDINGS.has(entry.decision)) end(entry.node, entry)
    }
  }
  return { controller, unschedulable, kubelet, ended }
}

function addStep(record: Draft, entry: Recorded<DecisionEntry>): void {
  switch (entry.decision) {
    case 'createRefused':
      record.refusal = entry
      break
    case 'createPod':
      delete record.refusal
      delete record.retry
      break
    case 'holdRollout':
      record.held = entry
      return
    case 'retry':
      record.retry = entry
      return
    default:
  }
  if (entry.node !== undefined) record.steps.set(entry.node, entry)
}

export const refKey = (ref: ObjectRef): string =>
  ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`
