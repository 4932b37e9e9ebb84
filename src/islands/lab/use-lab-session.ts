import { useState } from 'react'
import { type ActorRefFrom, createActor, fromPromise, type SnapshotFrom } from 'xstate'
import type { SubmittedFile } from '../../worker/protocol.ts'
import { pageGrader } from '../../worker/start.ts'
import { useRunningActor } from '../session/use-running-actor.ts'
import { LAB_SEED, type LabProps } from './lab-props.ts'
import { type LabSessionEvent, labSessionMachine } from './lab-session.machine.ts'

export type LabSnapshot = SnapshotFrom<typeof labSessionMachine>

export interface LabSession {
  readonly snapshot: LabSnapshot
  readonly send: (event: LabSessionEvent) => void
}

/** Runs the session's machine with the page's grader. The actor starts in the browser only. */
export function useLabSession(lab: LabProps): LabSession {
  const [actor] = useState(() => createSession(lab))
  const snapshot = useRunningActor(actor)
  return { snapshot, send: actor.send }
}

function createSession(lab: LabProps): ActorRefFrom<typeof labSessionMachine> {
  const submission = (files: readonly SubmittedFile[]) => ({ files })
  const machine = labSessionMachine.provide({
    actors: {
      loadLab: fromPromise(() => pageGrader().load(lab.id, lab.files)),
      gradeFiles: fromPromise(({ input }) => pageGrader().grade(lab.id, submission(input.files), LAB_SEED)),
      previewFiles: fromPromise(({ input }) => pageGrader().preview(lab.id, submission(input.files))),
    },
  })
  return createActor(machine, { input: { files: lab.starter } })
}
