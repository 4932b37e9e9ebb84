import type { GradedDiagnostic } from '../../worker/protocol.ts'

/** A note behind a line of the text: which Nodes' reasons stand there. */
export interface LineNote {
  readonly line: number
  readonly text: string
}

export interface EditorProps {
  readonly file: string
  readonly text: string
  readonly label: string
  readonly onChange: (text: string) => void
  readonly diagnostics: readonly GradedDiagnostic[]
  readonly notes: readonly LineNote[]
}

/** What the bench asks of an editor, whichever of the two is there. */
export interface EditorHandle {
  readonly reveal: (line: number, column?: number) => void
  readonly focus: () => void
  /** Replaces everything in one step that undo takes back. */
  readonly replaceAll: (text: string) => void
  readonly toggleTab?: () => void
}
