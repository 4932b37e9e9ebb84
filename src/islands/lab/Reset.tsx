import type { SubmittedFile } from '../../worker/protocol.ts'
import type { LabProps } from './lab-props.ts'
import { Notices } from './Notices.tsx'
import { ResetDialog } from './ResetDialog.tsx'
import type { Bench, BenchText } from './use-bench.ts'

export interface ResetState {
  readonly isAsking: boolean
  /** What was there before the last reset, until it was brought back or dismissed. */
  readonly before?: readonly SubmittedFile[]
}

export interface ResetProps {
  readonly lab: LabProps
  readonly bench: Bench
  readonly text: BenchText
  readonly state: ResetState
  readonly onState: (state: ResetState) => void
}

/** The question before a reset, and the notices that follow it or come from the drafts. */
export function Reset({ lab, bench, text, state, onState }: ResetProps) {
  const { files } = bench.session.snapshot.context
  const reset = () => {
    const starter = lab.starter[text.openFile]
    // Through the editor first, so that its own undo knows the step too.
    if (starter !== undefined) text.editor.current?.replaceAll(starter.text)
    bench.edit(lab.starter)
    onState({ isAsking: false, before: files })
  }
  const bringBack = () => {
    if (state.before !== undefined) bench.edit(state.before)
    onState({ isAsking: false })
  }
  const close = () =>
    onState(state.before === undefined ? { isAsking: false } : { isAsking: false, before: state.before })
  return (
    <>
      <Notices
        draft={bench.draft}
        beforeReset={state.before}
        onBringBack={bringBack}
        onDismissReset={() => onState({ isAsking: false })}
      />
      <ResetDialog isOpen={state.isAsking} onReset={reset} onClose={close} />
    </>
  )
}
