import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Grade, GradedDiagnostic, SubmittedFile } from '../../worker/protocol.ts'
import { type BoardNode, boardNodes, inOrderOf } from '../cluster/board-model.ts'
import type { TextPlace } from '../cluster/LineLink.tsx'
import type { EditorHandle, LineNote } from '../editor/editor-contract.ts'
import type { LabProps } from './lab-props.ts'
import { lineNotes } from './line-notes.ts'
import type { PaneName } from './PaneTabs.tsx'
import { useCheckKey } from './use-check-key.ts'
import { type DraftKeeper, useDraft } from './use-draft.ts'
import { type LabSession, useLabSession } from './use-lab-session.ts'

export interface Bench {
  readonly session: LabSession
  readonly draft: DraftKeeper
  readonly check: () => void
  readonly edit: (files: readonly SubmittedFile[]) => void
  readonly isGrading: boolean
  readonly isOutdated: boolean
  /** On narrow screens one pane is visible at a time. */
  readonly pane: PaneName
  readonly setPane: (pane: PaneName) => void
  /** The timeline whose end the board shows; none: now. */
  readonly future: string | undefined
  readonly showFuture: (name: string | undefined) => void
}

/** The session with everything that follows from it: drafts, the check key, which pane and which timeline are shown. */
export function useBench(lab: LabProps): Bench {
  const session = useLabSession(lab)
  const { snapshot, send } = session
  const [pane, setPane] = useState<PaneName>('task')
  const [future, setFuture] = useState<string>()
  const edit = useCallback((files: readonly SubmittedFile[]) => send({ type: 'EDIT', files }), [send])
  const check = useCallback(() => send({ type: 'CHECK' }), [send])
  const draft = useDraft({ lab: lab.id, starter: lab.starter, files: snapshot.context.files, restore: edit })
  useCheckKey(check)

  const isGrading = snapshot.matches({ session: 'grading' })
  const wasGrading = useRef(false)
  useEffect(() => {
    if (wasGrading.current && !isGrading) setPane('result')
    if (isGrading) setFuture(undefined)
    wasGrading.current = isGrading
  }, [isGrading])

  const showFuture = (name: string | undefined) => {
    setFuture(name)
    if (name !== undefined) setPane('cluster')
  }
  const isOutdated = snapshot.matches({ session: { graded: 'outdated' } })
  return { session, draft, check, edit, isGrading, isOutdated, pane, setPane, future, showFuture }
}

export interface BenchBoard {
  readonly nodes: readonly BoardNode[]
  readonly isWaiting: boolean
  /** The text cannot be applied, and the board shows the last one that could. */
  readonly isStale: boolean
}

/** What the board shows: the preview of the text, or the end of a graded timeline. */
export function useBoard(lab: LabProps, { session, future }: Bench): BenchBoard {
  const { preview, verdicts, joining, grade } = session.snapshot.context
  const shown = useMemo(() => (future === undefined ? verdicts : endOf(grade, future)), [future, grade, verdicts])
  const cluster = useMemo(
    () => (preview === undefined ? lab.nodes : inOrderOf(lab.nodes, preview.nodes)),
    [lab, preview],
  )
  const nodes = useMemo(() => boardNodes(cluster, shown, joining), [cluster, shown, joining])
  const isNow = future === undefined
  return {
    nodes,
    isWaiting: isNow && preview === undefined,
    isStale: isNow && preview !== undefined && preview.verdicts !== verdicts,
  }
}

function endOf(grade: Grade | undefined, timeline: string) {
  return grade?.nodes.filter((node) => node.timeline === timeline) ?? []
}

export interface BenchText {
  readonly editor: RefObject<EditorHandle | null>
  readonly file: SubmittedFile | undefined
  readonly openFile: number
  readonly setOpenFile: (index: number) => void
  readonly change: (text: string) => void
  readonly diagnostics: readonly GradedDiagnostic[]
  readonly fileDiagnostics: readonly GradedDiagnostic[]
  readonly notes: readonly LineNote[]
  readonly showLine: (place: TextPlace) => void
}

/** The open file with what is to be said about its lines. */
export function useText({ session, edit, setPane }: Bench): BenchText {
  const { files, preview, verdicts } = session.snapshot.context
  const editor = useRef<EditorHandle>(null)
  const [openFile, setOpenFile] = useState(0)
  const file = files[openFile] ?? files[0]
  const name = file?.name ?? ''
  const diagnostics = preview?.diagnostics ?? NONE
  const fileDiagnostics = useMemo(
    () => diagnostics.filter((found) => found.file === undefined || found.file === name),
    [diagnostics, name],
  )
  const notes = useMemo(
    () => (preview?.verdicts === verdicts ? lineNotes(verdicts, name) : NONE),
    [preview, verdicts, name],
  )
  const change = (text: string) => {
    if (text !== file?.text) edit(files.map((candidate) => (candidate === file ? { ...candidate, text } : candidate)))
  }
  const showLine = ({ file: place, line, column }: TextPlace) => {
    if (line === undefined) return
    const at = files.findIndex((candidate) => candidate.name === place)
    if (at >= 0) setOpenFile(at)
    setPane('yaml')
    // The pane may have been hidden: it has to be there before a line can be scrolled to.
    requestAnimationFrame(() => editor.current?.reveal(line, column))
  }
  return { editor, file, openFile, setOpenFile, change, diagnostics, fileDiagnostics, notes, showLine }
}

const NONE = [] as const
