import { type ReactNode, useState } from 'react'
import { en } from '../../strings/en.ts'
import type { Grade } from '../../worker/protocol.ts'
import { ActionBar } from './ActionBar.tsx'
import { GoalList } from './GoalList.tsx'
import { Hints } from './Hints.tsx'
import type { LabProps } from './lab-props.ts'

export interface TaskPaneProps {
  readonly lab: LabProps
  readonly task: ReactNode
  readonly grade: Grade | undefined
  readonly isOutdated: boolean
  readonly isGrading: boolean
  readonly onCheck: () => void
  readonly onReset: () => void
}

/** What is asked, what it is worth, the hints that were asked for, and the buttons that stay in reach. */
export function TaskPane({ lab, task, grade, isOutdated, isGrading, onCheck, onReset }: TaskPaneProps) {
  const [shown, setShown] = useState(0)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it. */}
      <section className="pane pane-scroll task-pane" aria-label={en.bench.task} tabIndex={0}>
        <h2 className="task-title">{lab.title}</h2>
        <div className="task-text">{task}</div>
        <GoalList goals={lab.goals} grade={grade} isOutdated={isOutdated} />
        <Hints hints={lab.hints} shown={shown} />
      </section>
      <ActionBar
        isGrading={isGrading}
        hintsLeft={lab.hints.length - shown}
        onCheck={onCheck}
        onHint={() => setShown(Math.min(shown + 1, lab.hints.length))}
        onReset={onReset}
      />
    </>
  )
}
