import { assign, fromPromise, setup } from 'xstate'
import { en } from '../../strings/en.ts'
import type { Answer, CopyState, Typed } from '../../worker/protocol.ts'

/**
 * The life of the terminal. The drawer is open or closed; and there is no copy of the cluster, or one is being built, or
 * it waits for a line, or it runs one. Lines that come while it is busy wait in a queue, so that a paste of several works.
 */
export interface TerminalOutput {
  readonly id: number
  readonly type: 'command' | 'out' | 'err' | 'note'
  readonly text: string
}

export interface TerminalContext {
  readonly outputs: readonly TerminalOutput[]
  readonly lastId: number
  readonly history: readonly string[]
  readonly queue: readonly string[]
  readonly copy: CopyState | undefined
}

export type TerminalEvent =
  | { readonly type: 'OPEN' }
  | { readonly type: 'CLOSE' }
  | { readonly type: 'RUN'; readonly line: string }
  | { readonly type: 'SAY'; readonly text: string }

const OUTPUTS_KEPT = 2000

const first = ({ context }: { readonly context: TerminalContext }): string => context.queue[0]?.trim() ?? ''

export const terminalMachine = setup({
  types: { context: {} as TerminalContext, events: {} as TerminalEvent },
  actors: {
    openCopy: fromPromise<Answer<CopyState>>(notProvided),
    runLine: fromPromise<Answer<Typed>, { readonly line: string }>(notProvided),
  },
  actions: {
    enqueue: assign(({ context, event }) => {
      if (event.type !== 'RUN') return {}
      const line = event.line.trim()
      const isNew = line !== '' && line !== context.history.at(-1)
      return { queue: [...context.queue, line], history: isNew ? [...context.history, line] : context.history }
    }),
    echo: assign(({ context }) => say(context, 'command', context.queue[0] ?? '')),
    next: assign(({ context }) => ({ queue: context.queue.slice(1) })),
    clear: assign({ outputs: [] }),
    help: assign(({ context }) => say(context, 'note', en.terminal.help)),
  },
  guards: {
    isWaiting: ({ context }) => context.queue.length > 0,
    isBlank: (args) => first(args) === '',
    isClear: (args) => first(args) === 'clear',
    isHelp: (args) => first(args) === 'help',
    isReset: (args) => first(args) === 'reset',
  },
}).createMachine({
  id: 'terminal',
  type: 'parallel',
  context: { outputs: [], lastId: 0, history: [], queue: [], copy: undefined },
  on: {
    RUN: { actions: 'enqueue' },
    SAY: { actions: assign(({ context, event }) => say(context, 'note', event.text)) },
  },
  states: {
    drawer: {
      initial: 'closed',
      states: { closed: { on: { OPEN: 'open' } }, open: { on: { CLOSE: 'closed' } } },
    },
    copy: {
      initial: 'none',
      states: {
        none: { on: { OPEN: 'opening' } },
        opening: {
          invoke: {
            src: 'openCopy',
            onDone: [
              {
                guard: ({ event }) => event.output.ok,
                target: 'ready',
                actions: assign(({ context, event }) => ({
                  ...say(context, 'note', en.terminal.greeting),
                  copy: event.output.ok ? event.output.value : undefined,
                })),
              },
              { target: 'broken', actions: assign(({ context }) => say(context, 'err', en.terminal.broken)) },
            ],
          },
        },
        ready: { always: { guard: 'isWaiting', target: 'deciding' } },
        deciding: {
          always: [
            { guard: 'isClear', target: 'ready', actions: ['clear', 'next'] },
            { guard: 'isHelp', target: 'ready', actions: ['echo', 'help', 'next'] },
            { guard: 'isReset', target: 'opening', actions: ['echo', 'next'] },
            { guard: 'isBlank', target: 'ready', actions: ['echo', 'next'] },
            { target: 'running', actions: 'echo' },
          ],
        },
        running: {
          invoke: {
            src: 'runLine',
            input: (args) => ({ line: first(args) }),
            onDone: [
              {
                guard: ({ event }) => event.output.ok && event.output.value.type === 'ran',
                target: 'ready',
                actions: [assign(({ context, event }) => ran(context, event.output)), 'next'],
              },
              {
                guard: ({ event }) => event.output.ok,
                target: 'opening',
                actions: [assign(({ context }) => say(context, 'err', en.terminal.lost)), 'next'],
              },
              { target: 'broken', actions: [assign(({ context }) => say(context, 'err', en.terminal.broken)), 'next'] },
            ],
          },
        },
        broken: { always: { guard: 'isWaiting', target: 'opening' } },
      },
    },
  },
})

function ran(context: TerminalContext, answer: Answer<Typed>): Partial<TerminalContext> {
  if (!answer.ok || answer.value.type !== 'ran') return {}
  const { result, copy } = answer.value
  const out = { ...context, ...say(context, 'out', result.stdout) }
  return { ...say(out, 'err', result.stderr), copy }
}

type Said = Pick<TerminalContext, 'outputs' | 'lastId'>

function say({ outputs, lastId }: Said, type: TerminalOutput['type'], text: string): Said {
  if (text === '' && type !== 'command') return { outputs, lastId }
  const output = { id: lastId + 1, type, text: text.replace(/\n$/, '') }
  return { outputs: [...outputs, output].slice(-OUTPUTS_KEPT), lastId: lastId + 1 }
}

function notProvided(): Promise<never> {
  return Promise.reject(new Error('The terminal provides its own actors.'))
}
