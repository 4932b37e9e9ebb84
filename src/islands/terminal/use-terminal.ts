import { useRef, useState } from 'react'
import { createActor, fromPromise, type SnapshotFrom } from 'xstate'
import type { Completion, SubmittedFile } from '../../worker/protocol.ts'
import { pageGrader } from '../../worker/start.ts'
import { useRunningActor } from '../session/use-running-actor.ts'
import { type TerminalEvent, terminalMachine } from './terminal.machine.ts'

export interface TerminalSession {
  readonly snapshot: SnapshotFrom<typeof terminalMachine>
  readonly send: (event: TerminalEvent) => void
  readonly complete: (line: string) => Promise<Completion>
}

/** Runs the terminal's machine on a copy of the lab's cluster; `files` is what the editor holds at that moment. */
export function useTerminal(lab: string, files: readonly SubmittedFile[]): TerminalSession {
  const latest = useRef(files)
  latest.current = files
  const [actor] = useState(() =>
    createActor(
      terminalMachine.provide({
        actors: {
          openCopy: fromPromise(() => pageGrader().openCopy(lab, { files: latest.current })),
          runLine: fromPromise(({ input }) => pageGrader().type(lab, input.line, latest.current)),
        },
      }),
    ),
  )
  const snapshot = useRunningActor(actor)
  const complete = async (line: string) => {
    const names = latest.current.map(({ name }) => name)
    const answer = await pageGrader().completeLine(lab, line, names)
    return answer.ok ? answer.value : { word: '', candidates: [] }
  }
  return { snapshot, send: actor.send, complete }
}
