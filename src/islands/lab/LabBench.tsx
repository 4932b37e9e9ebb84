import { type CSSProperties, type ReactNode, useMemo, useState } from 'react'
import { en } from '../../strings/en.ts'
import { TerminalDrawer } from '../terminal/TerminalDrawer.tsx'
import { ClusterPane } from './ClusterPane.tsx'
import { EditorPane } from './EditorPane.tsx'
import type { LabProps } from './lab-props.ts'
import { PaneTabs } from './PaneTabs.tsx'
import { Reset, type ResetState } from './Reset.tsx'
import { ResultPane } from './ResultPane.tsx'
import { announcement } from './result-text.ts'
import { Splitter, useBenchLayout } from './Splitter.tsx'
import { TaskPane } from './TaskPane.tsx'
import { useBench, useBoard, useText } from './use-bench.ts'

export interface LabBenchProps {
  readonly lab: LabProps
  /** The task's text, rendered when the site was built. */
  readonly children?: ReactNode
}

/** The lab page: task, editor, cluster, and what came out. */
export function LabBench({ lab, children }: LabBenchProps) {
  const bench = useBench(lab)
  const board = useBoard(lab, bench)
  const text = useText(bench)
  const layout = useBenchLayout()
  const [resetState, setResetState] = useState<ResetState>({ isAsking: false })
  const nodeNames = useMemo(() => lab.nodes.map((node) => node.name), [lab])
  const { snapshot } = bench.session
  const { files, grade, fault } = snapshot.context
  const { isGrading, isOutdated, check } = bench
  const style = {
    '--task-width': `${layout.value.task}%`,
    '--cluster-width': `${layout.value.cluster}%`,
  } as CSSProperties
  return (
    <div className="bench" data-pane={bench.pane} style={style}>
      <h1 className="visually-hidden">{lab.title}</h1>
      <PaneTabs pane={bench.pane} onPane={bench.setPane} />
      <TaskPane
        lab={lab}
        task={children}
        grade={grade}
        isOutdated={isOutdated}
        isGrading={isGrading}
        onCheck={check}
        onReset={() => setResetState({ ...resetState, isAsking: true })}
      />
      <Splitter side="task" layout={layout} label={en.bench.resize(en.bench.task, en.bench.yaml)} />
      <EditorPane text={text} files={files} isSaved={bench.draft.isSaved} />
      <Splitter side="cluster" layout={layout} label={en.bench.resize(en.bench.yaml, en.board.title)} />
      <ClusterPane
        {...board}
        future={bench.future}
        onNow={() => bench.showFuture(undefined)}
        onShowLine={text.showLine}
      />
      <ResultPane
        lab={lab.id}
        files={files}
        timelines={lab.timelines}
        nodes={nodeNames}
        grade={grade}
        fault={snapshot.matches({ session: 'fault' }) ? fault : undefined}
        isGrading={isGrading}
        isOutdated={isOutdated}
        future={bench.future}
        onFuture={bench.showFuture}
        onShowLine={text.showLine}
        onRetry={check}
      />
      <TerminalDrawer lab={lab.id} files={files} />
      <Reset lab={lab} bench={bench} text={text} state={resetState} onState={setResetState} />
      <p className="visually-hidden" role="status">
        {announcement({ isGrading, grade, isOutdated })}
      </p>
    </div>
  )
}
