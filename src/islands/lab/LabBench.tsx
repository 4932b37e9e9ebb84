import { type CSSProperties, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { en } from '../../strings/en.ts'
import type { SubmittedFile } from '../../worker/protocol.ts'
import { boardNodes, inOrderOf } from '../cluster/board-model.ts'
import type { TextPlace } from '../cluster/LineLink.tsx'
import { Editor } from '../editor/Editor.tsx'
import type { EditorHandle } from '../editor/editor-contract.ts'
import { ActionBar } from './ActionBar.tsx'
import { ClusterPane } from './ClusterPane.tsx'
import { GoalList } from './GoalList.tsx'
import { Hints } from './Hints.tsx'
import type { LabProps } from './lab-props.ts'
import { isRefused } from './lab-session.machine.ts'
import { lineNotes } from './line-notes.ts'
import { Notices } from './Notices.tsx'
import { type PaneName, PaneTabs } from './PaneTabs.tsx'
import { Problems } from './Problems.tsx'
import { ResetDialog } from './ResetDialog.tsx'
import { ResultPane } from './ResultPane.tsx'
import { announcement } from './result-text.ts'
import { Splitter, useBenchLayout } from './Splitter.tsx'
import { useCheckKey } from './use-check-key.ts'
import { useDraft } from './use-draft.ts'
import { useLabSession } from './use-lab-session.ts'

export interface LabBenchProps {
  readonly lab: LabProps
  /** The task's text, rendered when the site was built. */
  readonly children?: ReactNode
}

/** The lab page: task, editor, cluster, and what came out. */
export function LabBench({ lab, children }: LabBenchProps) {
  const { snapshot, send } = useLabSession(lab)
  const { files, preview, verdicts, joining, grade, fault } = snapshot.context
  const editor = useRef<EditorHandle>(null)
  const [openFile, setOpenFile] = useState(0)
  const [pane, setPane] = useState<PaneName>('task')
  const [future, setFuture] = useState<string>()
  const [hintsShown, setHintsShown] = useState(0)
  const [isAsking, setAsking] = useState(false)
  const [beforeReset, setBeforeReset] = useState<readonly SubmittedFile[]>()
  const layout = useBenchLayout()

  const edit = useCallback((next: readonly SubmittedFile[]) => send({ type: 'EDIT', files: next }), [send])
  const draft = useDraft({ lab: lab.id, starter: lab.starter, files, restore: edit })
  const check = useCallback(() => send({ type: 'CHECK' }), [send])
  useCheckKey(check)

  // On a phone one pane is visible at a time: after a check it is the result.
  const isGrading = snapshot.matches({ session: 'grading' })
  const wasGrading = useRef(false)
  useEffect(() => {
    if (wasGrading.current && !isGrading) setPane('result')
    if (isGrading) setFuture(undefined)
    wasGrading.current = isGrading
  }, [isGrading])

  const file = files[openFile] ?? files[0]
  const diagnostics = preview?.diagnostics ?? NONE
  const fileDiagnostics = useMemo(() => diagnostics.filter((found) => found.file === undefined || found.file === file?.name), [diagnostics, file?.name])
  const notes = useMemo(() => lineNotes(verdicts, file?.name ?? ''), [verdicts, file?.name])
  const shownVerdicts = useMemo(
    () => (future === undefined ? verdicts : (grade?.nodes.filter((node) => node.timeline === future) ?? [])),
    [future, grade, verdicts],
  )
  const cluster = useMemo(() => (preview === undefined ? lab.nodes : inOrderOf(lab.nodes, preview.nodes)), [lab, preview])
  const nodes = useMemo(() => boardNodes(cluster, shownVerdicts, joining), [cluster, shownVerdicts, joining])

  const showLine = (place: TextPlace) => {
    if (place.line === undefined) return
    const at = files.findIndex((candidate) => candidate.name === place.file)
    if (at >= 0) setOpenFile(at)
    setPane('yaml')
    const { line, column } = place
    requestAnimationFrame(() => editor.current?.reveal(line, column))
  }

  const reset = () => {
    setAsking(false)
    setBeforeReset(files)
    const starter = lab.starter[openFile]
    if (starter !== undefined) editor.current?.replaceAll(starter.text)
    edit(lab.starter)
  }

  if (file === undefined) return null
  const isOutdated = snapshot.matches({ session: { graded: 'outdated' } })
  const style = { '--task-width': `${layout.value.task}%`, '--cluster-width': `${layout.value.cluster}%` } as CSSProperties
  return (
    <div className="bench" data-pane={pane} style={style}>
      <PaneTabs pane={pane} onPane={setPane} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it. */}
      <section className="pane pane-scroll task-pane" aria-label={en.bench.task} tabIndex={0}>
        <h1 className="task-title">{lab.title}</h1>
        <div className="task-text">{children}</div>
        <GoalList goals={lab.goals} grade={grade} isOutdated={isOutdated} />
        <Hints hints={lab.hints} shown={hintsShown} />
      </section>
      <ActionBar
        isGrading={isGrading}
        hintsLeft={lab.hints.length - hintsShown}
        onCheck={check}
        onHint={() => setHintsShown((shown) => Math.min(shown + 1, lab.hints.length))}
        onReset={() => setAsking(true)}
      />
      <Splitter side="task" layout={layout} label={en.bench.resize(en.bench.task, en.bench.yaml)} />
      <section className="pane editor-pane" aria-label={en.bench.yaml}>
        <div className="file-tabs">
          {files.map((candidate, i) => (
            <button key={candidate.name} type="button" aria-current={i === openFile} onClick={() => setOpenFile(i)}>
              {candidate.name}
            </button>
          ))}
          {draft.isSaved && <span className="saved">{en.drafts.saved}</span>}
        </div>
        <Editor
          ref={editor}
          file={file.name}
          text={file.text}
          label={en.editor.label(file.name)}
          diagnostics={fileDiagnostics}
          notes={notes}
          onChange={(text) => {
            if (text !== file.text) edit(files.map((candidate, i) => (i === openFile ? { ...candidate, text } : candidate)))
          }}
        />
        <Problems diagnostics={diagnostics} onShowLine={showLine} />
      </section>
      <Splitter side="cluster" layout={layout} label={en.bench.resize(en.bench.yaml, en.board.title)} />
      <ClusterPane
        nodes={nodes}
        isWaiting={preview === undefined && future === undefined}
        isRefused={preview !== undefined && isRefused(preview)}
        future={future}
        onNow={() => setFuture(undefined)}
        onShowLine={showLine}
      />
      <ResultPane
        timelines={lab.timelines}
        grade={grade}
        fault={snapshot.matches({ session: 'fault' }) ? fault : undefined}
        files={files}
        lab={lab.id}
        isGrading={isGrading}
        isOutdated={isOutdated}
        future={future}
        onFuture={(name) => {
          setFuture(name)
          setPane('cluster')
        }}
        onShowLine={showLine}
        onRetry={check}
      />
      <Notices
        draft={draft}
        beforeReset={beforeReset}
        onBringBack={() => {
          if (beforeReset !== undefined) edit(beforeReset)
          setBeforeReset(undefined)
        }}
        onDismissReset={() => setBeforeReset(undefined)}
      />
      <ResetDialog isOpen={isAsking} onReset={reset} onClose={() => setAsking(false)} />
      <p className="visually-hidden" role="status">
        {announcement({ isGrading, grade, isOutdated })}
      </p>
    </div>
  )
}

const NONE = [] as const
