import type {
  Answer,
  Completion,
  CopyState,
  Fault,
  FieldHelp,
  FromWorker,
  Grade,
  JoiningNode,
  LabFiles,
  Preview,
  Submission,
  SubmittedFile,
  Suggestion,
  TextSpot,
  ToWorker,
  Typed,
} from './protocol.ts'

export interface GraderClient {
  /** Makes a lab known under a name, and answers which Nodes join in it. Kept, so that a new worker knows it too. */
  readonly load: (lab: string, files: LabFiles) => Promise<Answer<readonly JoiningNode[]>>
  readonly grade: (lab: string, submission: Submission, seed: number) => Promise<Answer<Grade>>
  readonly preview: (lab: string, submission: Submission) => Promise<Answer<Preview>>
  readonly suggest: (spot: TextSpot) => Promise<Answer<readonly Suggestion[]>>
  /** What the field at that place is; null where none is known. */
  readonly describe: (spot: TextSpot) => Promise<Answer<FieldHelp | null>>
  /** Builds a copy of the lab's first timeline, which no grade ever sees. A copy that was there is dropped. */
  readonly openCopy: (lab: string, submission: Submission) => Promise<Answer<CopyState>>
  /** One command line for the copy. */
  readonly type: (lab: string, line: string, files: readonly SubmittedFile[]) => Promise<Answer<Typed>>
  readonly completeLine: (lab: string, line: string, files: readonly string[]) => Promise<Answer<Completion>>
  readonly dispose: () => void
}

export interface GraderClientOptions {
  readonly spawn: () => Worker
  /** A worker that is silent for longer than this is ended and started again. */
  readonly patienceSeconds?: number
}

interface Waiting {
  readonly settle: (answer: Answer<FromWorker>) => void
  readonly timer: ReturnType<typeof setTimeout>
}

type Request = ToWorker extends infer M ? (M extends ToWorker ? Omit<M, 'id'> : never) : never

/**
 * Talks to the grader's worker. Every request is answered, at the latest after `patienceSeconds`: a worker that crashes
 * or hangs is replaced, the labs are loaded into the new one, and whoever waited is told with a Fault.
 */
export function createGraderClient({ spawn, patienceSeconds = 15 }: GraderClientOptions): GraderClient {
  const labs = new Map<string, LabFiles>()
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0

  function running(): Worker {
    if (worker !== undefined) return worker
    const started = spawn()
    started.onmessage = (event: MessageEvent<FromWorker>) => receive(event.data)
    started.onerror = (event) => {
      event.preventDefault()
      restart({
        type: 'crashed',
        message: event.message || 'The worker could not be started.',
        where: `${event.filename ?? ''}:${event.lineno ?? 0}`,
      })
    }
    worker = started
    for (const [lab, files] of labs) started.postMessage({ type: 'load', id: 0, lab, files } satisfies ToWorker)
    return started
  }

  function receive(message: FromWorker): void {
    const { id } = message
    const request = waiting.get(id)
    if (request === undefined) return
    waiting.delete(id)
    clearTimeout(request.timer)
    request.settle(
      message.type === 'fault'
        ? { ok: false, fault: { type: 'crashed', message: message.message, where: message.where } }
        : { ok: true, value: message },
    )
  }

  function restart(fault: Fault): void {
    worker?.terminate()
    worker = undefined
    const left = [...waiting.values()]
    waiting.clear()
    for (const request of left) {
      clearTimeout(request.timer)
      request.settle({ ok: false, fault })
    }
  }

  function ask(request: Request): Promise<Answer<FromWorker>> {
    const id = ++lastId
    return new Promise((settle) => {
      const timer = setTimeout(() => restart({ type: 'hung', seconds: patienceSeconds }), patienceSeconds * 1000)
      waiting.set(id, { settle, timer })
      try {
        running().postMessage({ ...request, id })
      } catch (error) {
        restart({ type: 'unavailable', message: String(error) })
      }
    })
  }

  return {
    load: async (lab, files) => {
      labs.set(lab, files)
      const answer = await ask({ type: 'load', lab, files })
      return pick(answer, (message) => (message.type === 'loaded' ? message.joining : undefined))
    },
    grade: async (lab, submission, seed) => {
      const answer = await ask({ type: 'grade', lab, submission, seed })
      return pick(answer, (message) => (message.type === 'graded' ? message.grade : undefined))
    },
    preview: async (lab, submission) => {
      const answer = await ask({ type: 'preview', lab, submission })
      return pick(answer, (message) => (message.type === 'previewed' ? message.preview : undefined))
    },
    suggest: async (spot) => {
      const answer = await ask({ type: 'suggest', ...spot })
      return pick(answer, (message) => (message.type === 'suggested' ? message.suggestions : undefined))
    },
    describe: async (spot) => {
      const answer = await ask({ type: 'describe', ...spot })
      return pick(answer, (message) => (message.type === 'described' ? message.help : undefined))
    },
    openCopy: async (lab, submission) => {
      const answer = await ask({ type: 'openCopy', lab, submission })
      return pick(answer, (message) => (message.type === 'copyOpened' ? message.copy : undefined))
    },
    type: async (lab, line, files) => {
      const answer = await ask({ type: 'type', lab, line, files })
      return pick(answer, (message) => (message.type === 'typed' ? message.typed : undefined))
    },
    completeLine: async (lab, line, files) => {
      const answer = await ask({ type: 'completeLine', lab, line, files })
      return pick(answer, (message) => (message.type === 'lineCompleted' ? message.completion : undefined))
    },
    dispose: () => restart({ type: 'unavailable', message: 'The page is being left.' }),
  }
}

function pick<T>(answer: Answer<FromWorker>, read: (message: FromWorker) => T | undefined): Answer<T> {
  if (!answer.ok) return answer
  const value = read(answer.value)
  if (value !== undefined) return { ok: true, value }
  return {
    ok: false,
    fault: { type: 'crashed', message: `Unexpected answer: ${answer.value.type}`, where: 'client.ts' },
  }
}
