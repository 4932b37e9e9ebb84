import type { CSSProperties } from 'react'
import { en } from '../../strings/en.ts'
import type { Grade } from '../../worker/protocol.ts'
import { Prose } from '../cluster/Prose.tsx'
import { VerdictShape } from '../cluster/VerdictMark.tsx'
import { type FutureResult, futureResult } from './result-text.ts'

const MARKS_SHOWN = 12

export interface FutureStripProps {
  readonly timelines: readonly string[]
  readonly grade: Grade
  readonly shown: string | undefined
  readonly onFuture: (name: string) => void
}

/** Every timeline as a small board: whether it held, or the first moment something broke. A click shows it large. */
export function FutureStrip({ timelines, grade, shown, onFuture }: FutureStripProps) {
  return (
    <ul className="futures" aria-label={en.futures.title}>
      {timelines.map((name, i) => (
        <li key={name} style={{ '--order': i } as CSSProperties}>
          <Future result={futureResult(name, grade)} grade={grade} isShown={name === shown} onShow={() => onFuture(name)} />
        </li>
      ))}
    </ul>
  )
}

interface FutureProps {
  readonly result: FutureResult
  readonly grade: Grade
  readonly isShown: boolean
  readonly onShow: () => void
}

function Future({ result, grade, isShown, onShow }: FutureProps) {
  const nodes = grade.nodes.filter((node) => node.timeline === result.name)
  return (
    <button type="button" className={`future ${result.status}`} aria-pressed={isShown} onClick={onShow}>
      <span className="future-name">{result.name}</span>
      <span className="future-marks" aria-hidden="true">
        {nodes.slice(0, MARKS_SHOWN).map((node) => (
          <VerdictShape key={node.name} verdict={node.verdict} />
        ))}
        {nodes.length > MARKS_SHOWN && <span>+{nodes.length - MARKS_SHOWN}</span>}
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

function statusText({ status, broken }: FutureResult): string {
  if (broken !== undefined) return `✕ ${en.futures.broke(broken.atSeconds)}`
  return status === 'passed' ? `✓ ${en.futures.held}` : en.futures.notReached
}
