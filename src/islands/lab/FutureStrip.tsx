import type { CSSProperties } from 'react'
import { en } from '../../strings/en.ts'
import type { Grade, NodeVerdict } from '../../worker/protocol.ts'
import { countVerdicts } from '../cluster/board-model.ts'
import { Prose } from '../cluster/Prose.tsx'
import { VerdictShape } from '../cluster/VerdictMark.tsx'
import { type FutureResult, futureResult } from './result-text.ts'

const MARKS_SHOWN = 12

export interface FutureStripProps {
  readonly timelines: readonly string[]
  readonly grade: Grade
  /** The Nodes in the order of the board, so that a mark stands where its card stands. */
  readonly nodes: readonly string[]
  readonly shown: string | undefined
  readonly onFuture: (name: string) => void
}

/** Every timeline as a small board: whether it held, or the first moment something broke. A click shows it large. */
export function FutureStrip({ timelines, grade, nodes, shown, onFuture }: FutureStripProps) {
  return (
    <ul className="futures" aria-label={en.futures.title}>
      {timelines.map((name, i) => (
        <li key={name} style={{ '--order': i } as CSSProperties}>
          <Future
            result={futureResult(name, grade)}
            marks={marksOf(name, grade, nodes)}
            isShown={name === shown}
            onShow={() => onFuture(name)}
          />
        </li>
      ))}
    </ul>
  )
}

interface FutureProps {
  readonly result: FutureResult
  readonly marks: readonly NodeVerdict[]
  readonly isShown: boolean
  readonly onShow: () => void
}

function Future({ result, marks, isShown, onShow }: FutureProps) {
  return (
    <button type="button" className={`future ${result.status}`} aria-pressed={isShown} onClick={onShow}>
      <span className="future-name">{result.name}</span>
      <span className="future-marks" aria-hidden="true">
        {marks.length > MARKS_SHOWN ? (
          <Counts marks={marks} />
        ) : (
          marks.map((node) => <VerdictShape key={`${node.daemonSet} ${node.name}`} verdict={node.verdict} />)
        )}
      </span>
      <span className="future-status">{statusText(result)}</span>
      {result.broken !== undefined && (
        <span className="future-goal">
          <Prose text={result.broken.goal.title} />
        </span>
      )}
    </button>
  )
}

/** Too many Nodes for a mark each: how many of each kind. */
function Counts({ marks }: { readonly marks: readonly NodeVerdict[] }) {
  return countVerdicts(marks).map(([verdict, count]) => (
    <span key={verdict} className="mark-count">
      <VerdictShape verdict={verdict} /> {count}
    </span>
  ))
}

function marksOf(timeline: string, grade: Grade, nodes: readonly string[]): readonly NodeVerdict[] {
  const place = (name: string) => (nodes.includes(name) ? nodes.indexOf(name) : nodes.length)
  return grade.nodes.filter((node) => node.timeline === timeline).sort((a, b) => place(a.name) - place(b.name))
}

function statusText({ status, broken }: FutureResult): string {
  if (broken !== undefined) return `✕ ${en.futures.broke(broken.atSeconds)}`
  return status === 'passed' ? `✓ ${en.futures.held}` : en.futures.notReached
}
