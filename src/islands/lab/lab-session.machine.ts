import { assign, fromPromise, setup } from 'xstate'
import type { Answer, Fault, Grade, JoiningNode, NodeVerdict, Preview, SubmittedFile } from '../../worker/protocol.ts'

/**
 * The life of one lab on the bench. Two things go on at once: the session (may the text be checked, is it being checked,
 * what came out), and the preview of the visible timeline, which follows the typing after a short pause.
 */
export interface LabSessionContext {
  readonly files: readonly SubmittedFile[]
  readonly preview: Preview | undefined
  /** What the board shows: the last text that could be applied. */
  readonly verdicts: readonly NodeVerdict[]
  /** Nodes that join in some timeline. */
  readonly joining: readonly JoiningNode[]
  readonly grade: Grade | undefined
  readonly fault: Fault | undefined
}

export type LabSessionEvent =
  | { readonly type: 'EDIT'; readonly files: readonly SubmittedFile[] }
  | { readonly type: 'CHECK' }

export interface LabSessionInput {
  readonly files: readonly SubmittedFile[]
}

type Files = LabSessionInput

export const PREVIEW_PAUSE_MS = 120

export const labSessionMachine = setup({
  types: {
    context: {} as LabSessionContext,
    events: {} as LabSessionEvent,
    input: {} as LabSessionInput,
  },
  actors: {
    loadLab: fromPromise<Answer<readonly JoiningNode[]>>(notProvided),
    gradeFiles: fromPromise<Answer<Grade>, Files>(notProvided),
    previewFiles: fromPromise<Answer<Preview>, Files>(notProvided),
  },
  delays: { previewPause: PREVIEW_PAUSE_MS },
}).createMachine({
  id: 'labSession',
  type: 'parallel',
  context: ({ input }) => ({
    files: input.files,
    preview: undefined,
    verdicts: [],
    joining: [],
    grade: undefined,
    fault: undefined,
  }),
  states: {
    session: {
      initial: 'loading',
      states: {
        loading: {
          on: { CHECK: 'grading' },
          invoke: {
            src: 'loadLab',
            onDone: [
              {
                guard: ({ event }) => event.output.ok,
                target: 'editing',
                actions: assign(({ event }) => ({ joining: answerOf(event.output) ?? [] })),
              },
              { target: 'fault', actions: assign(({ event }) => ({ fault: faultOf(event.output) })) },
            ],
          },
        },
        editing: { on: { CHECK: 'grading' } },
        grading: {
          invoke: {
            src: 'gradeFiles',
            input: ({ context }) => ({ files: context.files }),
            onDone: [
              {
                guard: ({ event }) => event.output.ok,
                target: 'graded',
                actions: assign(({ event }) => ({ grade: answerOf(event.output), fault: undefined })),
              },
              { target: 'fault', actions: assign(({ event }) => ({ fault: faultOf(event.output) })) },
            ],
          },
        },
        graded: {
          initial: 'current',
          on: { CHECK: 'grading' },
          states: {
            current: { on: { EDIT: 'outdated' } },
            outdated: {},
          },
        },
        fault: { on: { CHECK: 'grading' } },
      },
    },
    preview: {
      initial: 'asking',
      on: { EDIT: { target: '.waiting', actions: assign(({ event }) => ({ files: event.files })) } },
      states: {
        waiting: { after: { previewPause: 'asking' } },
        asking: {
          invoke: {
            src: 'previewFiles',
            input: ({ context }) => ({ files: context.files }),
            onDone: { target: 'settled', actions: assign(({ context, event }) => shown(context, event.output)) },
          },
        },
        settled: {},
      },
    },
  },
})

/**
 * A text that cannot be applied leaves the board as it was, so that half a word typed does not turn every Node red; a
 * fault leaves everything, the next text asks again.
 */
function shown(context: LabSessionContext, answer: Answer<Preview>): Partial<LabSessionContext> {
  if (!answer.ok) return {}
  const keeps = isRefused(answer.value) && context.verdicts.length > 0
  return { preview: answer.value, verdicts: keeps ? context.verdicts : answer.value.verdicts }
}

function isRefused({ verdicts, diagnostics }: Preview): boolean {
  return diagnostics.some((found) => found.severity === 'error') && verdicts.every((node) => node.verdict === 'Refused')
}

function answerOf<T>(answer: Answer<T>): T | undefined {
  return answer.ok ? answer.value : undefined
}

function faultOf(answer: Answer<unknown>): Fault | undefined {
  return answer.ok ? undefined : answer.fault
}

function notProvided(): Promise<never> {
  return Promise.reject(new Error('The bench provides its own actors.'))
}
