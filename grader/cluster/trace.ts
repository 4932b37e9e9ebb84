// What happened and why, recorded by whoever decided, at that moment. Entries hold references and codes; sentences are
// made later, by explain/, when somebody reads. House rule: explain by recording, never by re-deriving.
import type { KubeObject, ObjectKey } from '../api/meta.ts'

export type TraceId = number

/** Kind and key of the object an entry is about. */
export interface ObjectRef extends ObjectKey {
  readonly kind: string
}

/**
 * Why something is so: `code` as in docs/formats (UntoleratedTaint, InsufficientCPU …), the object and the field path
 * that decide, and Kubernetes' own words where it has some. `params` carry what a sentence needs.
 */
export interface Reason {
  readonly code: string
  readonly object?: ObjectRef
  readonly path?: string
  readonly kubernetes?: string
  readonly params?: Readonly<Record<string, string | number | boolean>>
}

interface Entry<Type extends string> {
  readonly type: Type
  readonly about: ObjectRef
}

/** A committed write. `changed` names the top-level parts that differ: `spec`, `status`, `metadata.labels` … */
export interface WriteEntry extends Entry<'write'> {
  readonly verb: 'create' | 'update' | 'patch' | 'delete' | 'bind' | 'evict'
  readonly resourceVersion: string
  readonly before?: KubeObject
  readonly after?: KubeObject
}

/** A call that the API server refused. */
export interface RefusedEntry extends Entry<'refused'> {
  readonly verb: string
  readonly because: readonly Reason[]
}

/** What the DaemonSet controller found about nodes; nodes with the same answer share one entry and one `because`. */
export interface EligibilityEntry extends Entry<'eligibility'> {
  readonly nodes: readonly string[]
  readonly shouldRun: boolean
  readonly shouldContinueRunning: boolean
  readonly because: readonly Reason[]
}

/** A decision of a controller about one object (create a Pod, delete one, wait, hold back a rollout). */
export interface DecisionEntry extends Entry<'decision'> {
  readonly decision: string
  readonly node?: string
  readonly because: readonly Reason[]
}

/** The scheduler could not place a Pod; one item per distinct reason with the nodes it holds for (bounded). */
export interface UnschedulableEntry extends Entry<'unschedulable'> {
  readonly message: string
  readonly filters: readonly {
    readonly plugin: string
    readonly nodes: readonly string[]
    readonly because: readonly Reason[]
  }[]
}

/** A state change that a kubelet or the machine made: container started, probe failed, volume missing … */
export interface KubeletEntry extends Entry<'kubelet'> {
  readonly node: string
  readonly happened: string
  readonly because: readonly Reason[]
}

/** Something done to the world from outside: a step of a scenario or a machine event. */
export interface StepEntry extends Entry<'step'> {
  readonly step: string
}

export type TraceContent =
  | WriteEntry
  | RefusedEntry
  | EligibilityEntry
  | DecisionEntry
  | UnschedulableEntry
  | KubeletEntry
  | StepEntry

/** One recorded entry. `at` is virtual milliseconds since the epoch; `causedBy` the entry that led to it. */
export type TraceEntry = TraceContent & {
  readonly id: TraceId
  readonly at: number
  readonly by: string
  readonly causedBy?: TraceId
}

/** How many entries are kept one by one; older ones are folded away (only their hash and count remain). */
export const TRACE_LIMIT = 100_000

export interface Trace {
  /** The entry that present work answers to; the clock and the informers carry it along. */
  cause: TraceId | undefined
  record(by: string, content: TraceContent): TraceId
  /** Kept entries with an id above `after`, oldest first. */
  entries(after?: TraceId): readonly TraceEntry[]
  get(id: TraceId): TraceEntry | undefined
  /** How many entries were ever recorded. */
  count(): number
}

export function createTrace(now: () => number, limit = TRACE_LIMIT): Trace {
  let kept: TraceEntry[] = []
  let firstId = 1
  let nextId = 1
  return {
    cause: undefined,
    record(by, content) {
      const id = nextId++
      const entry: TraceEntry & { causedBy?: TraceId } = { ...content, id, at: now(), by }
      if (this.cause !== undefined) entry.causedBy = this.cause
      kept.push(entry)
      if (kept.length >= 2 * limit) {
        kept = kept.slice(kept.length - limit)
        firstId = nextId - kept.length
      }
      return id
    },
    entries: (after = 0) => (after < firstId ? kept.slice() : kept.slice(after - firstId + 1)),
    get: (id) => kept[id - firstId],
    count: () => nextId - 1,
  }
}
