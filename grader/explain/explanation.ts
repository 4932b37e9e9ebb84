import type { FieldPath } from '../api/field-path.ts'
import type { ObjectRef, Reason } from '../cluster/trace.ts'
import type { Because, NodeVerdict, Place, Verdict } from './verdict.ts'

/** Finds where a field of an object stands in what the learner handed in; undefined for objects that are not the learner's. */
export type PlaceFinder = (object: ObjectRef, path: FieldPath) => Place | undefined

export type { Because, NodeVerdict, ObjectRef, Place, Reason, Verdict }

/** `Node/gpu-1`, `Pod/agent-x7k2p`. */
export function formatRef(ref: ObjectRef): string {
  return `${ref.kind}/${ref.name}`
}
