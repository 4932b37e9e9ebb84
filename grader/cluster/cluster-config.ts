// The world before the story starts, already read from its file: docs/formats/cluster.md, part 2 of the formats.

/** How containers of an image behave. Anything unknown starts in 1 s and is ready at once. */
export interface ImageBehaviour {
  readonly startSeconds?: number
  readonly readyAfterSeconds?: number
  readonly ready?: 'never'
  readonly memory?: string
  readonly cpu?: string
  readonly logs?: readonly string[]
  readonly exits?: { readonly code: number; readonly afterSeconds: number }
  readonly pull?: 'error'
  /** So long after its start the program hangs: from then on every probe fails. */
  readonly failsProbesAfterSeconds?: number
  /** What the program listens on; a probe of another port is refused. Absent: whatever is asked for. */
  readonly ports?: readonly number[]
  /** It does not end before SIGKILL. */
  readonly ignoresSigterm?: boolean
  /** How long it takes to end after SIGTERM. */
  readonly stopSeconds?: number
  /** What it writes to the machine's disk. */
  readonly disk?: string
}

export type HostPathKind = 'Directory' | 'File' | 'Socket' | 'CharDevice' | 'BlockDevice'

/** A machine. Its Node is Ready since before the story starts, unless it joins in the story. */
export interface Machine {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  /** `key=value:Effect` or `key:Effect`. */
  readonly taints?: readonly string[]
  readonly cpu?: string | number
  readonly memory?: string
  readonly pods?: number
  readonly extended?: Readonly<Record<string, string>>
  readonly unschedulable?: boolean
  readonly disk?: Readonly<Record<string, HostPathKind>>
}

export interface ClusterConfig {
  /** Freeze stored objects, so that a part that changes a shared one fails at once: tests and development. */
  readonly freeze?: boolean
  readonly seed: number
  readonly images: Readonly<Record<string, ImageBehaviour>>
  /** What is special about a machine's disk, by Node name; a Node without an entry is a usual Linux machine. */
  readonly disks: Readonly<Record<string, Readonly<Record<string, HostPathKind>>>>
}

/** Behaviours that every cluster knows, because the recordings use them. */
export const SPECIAL_IMAGES: Readonly<Record<string, ImageBehaviour>> = {
  'registry.example/never-ready:1': { ready: 'never' },
  'registry.example/crash:1': { exits: { code: 1, afterSeconds: 0 } },
  'registry.example/pull-error:1': { pull: 'error' },
}
