// What is said about one DaemonSet on one Node. Public shape: docs/formats/grade.md (part 4 of the formats).

export type Verdict = 'Running' | 'NotReady' | 'Pending' | 'Refused' | 'NotEligible' | 'Misscheduled' | 'Terminating'

/** Where in the learner's text something stands; lines and columns start at 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine?: number
  readonly endColumn?: number
}

/** One reason why a node has the verdict it has. The first of a list decides. */
export interface Because extends Partial<Place> {
  readonly code: string
  /** Our explanation: at most 60 words. */
  readonly message: string
  /** What Kubernetes itself says, where it says something. */
  readonly kubernetes?: string
  /** `Node/gpu-1`, `Pod/agent-x7k2p`: the object the path belongs to. */
  readonly object: string
  readonly path?: string
}

export interface NodeVerdict {
  readonly timeline: string
  /** namespace/name */
  readonly daemonSet: string
  readonly name: string
  readonly verdict: Verdict
  readonly because: readonly Because[]
}
