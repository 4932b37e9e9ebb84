import { en } from '../../strings/en.ts'
import type { Fault, Grade, SubmittedFile } from '../../worker/protocol.ts'
import { LineLink, type TextPlace } from '../cluster/LineLink.tsx'
import { Prose } from '../cluster/Prose.tsx'
import { FaultNote } from './FaultNote.tsx'
import { FutureStrip } from './FutureStrip.tsx'
import { GradeProof } from './GradeProof.tsx'
import { headline } from './result-text.ts'

export interface ResultPaneProps {
  readonly lab: string
  readonly files: readonly SubmittedFile[]
  readonly timelines: readonly string[]
  readonly nodes: readonly string[]
  readonly grade: Grade | undefined
  readonly fault: Fault | undefined
  readonly isGrading: boolean
  readonly isOutdated: boolean
  readonly future: string | undefined
  readonly onFuture: (name: string) => void
  readonly onShowLine: (place: TextPlace) => void
  readonly onRetry: () => void
}

/** What came out: the next step first, then the timelines as small multiples. Hidden timelines stay hidden until then. */
export function ResultPane(props: ResultPaneProps) {
  const { grade, fault, timelines, isGrading, isOutdated } = props
  return (
    <section
      className={isOutdated ? 'pane result-pane outdated' : 'pane result-pane'}
      aria-label={en.bench.result}
      aria-busy={isGrading}
    >
      {fault !== undefined ? (
        <FaultNote fault={fault} lab={props.lab} files={props.files} onRetry={props.onRetry} />
      ) : grade === undefined ? (
        <div className="result-empty">
          <h2>{en.futures.title}</h2>
          <p>{isGrading ? en.result.checking : en.futures.hidden(timelines.length)}</p>
        </div>
      ) : (
        <>
          <Outcome grade={grade} isOutdated={isOutdated} onShowLine={props.onShowLine} />
          <FutureStrip
            timelines={timelines}
            grade={grade}
            nodes={props.nodes}
            shown={props.future}
            onFuture={props.onFuture}
          />
        </>
      )}
    </section>
  )
}

interface OutcomeProps {
  readonly grade: Grade
  readonly isOutdated: boolean
  readonly onShowLine: (place: TextPlace) => void
}

function Outcome({ grade, isOutdated, onShowLine }: OutcomeProps) {
  const [first, ...others] = grade.feedback
  return (
    <div className="outcome">
      <h2 className={grade.passed ? 'passed' : undefined}>{headline(grade)}</h2>
      {isOutdated && <p className="quiet-note">{en.result.outdated}</p>}
      {first !== undefined && (
        <p className="first-reason">
          <Prose text={first.message} /> <LineLink place={first} onShowLine={onShowLine} />
        </p>
      )}
      {first === undefined && grade.passed && <p>{en.result.passedNext}</p>}
      {others.length > 0 && (
        <details>
          <summary>{en.board.more(others.length)}</summary>
          <ul className="more-feedback">
            {others.map((feedback) => (
              <li key={`${feedback.code} ${feedback.message}`}>
                <Prose text={feedback.message} /> <LineLink place={feedback} onShowLine={onShowLine} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <GradeProof grade={grade} />
    </div>
  )
}
