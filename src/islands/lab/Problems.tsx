import { en } from '../../strings/en.ts'
import type { GradedDiagnostic } from '../../worker/protocol.ts'
import { LineLink, type TextPlace } from '../cluster/LineLink.tsx'
import { Prose } from '../cluster/Prose.tsx'

const SHOWN = 20

export interface ProblemsProps {
  readonly diagnostics: readonly GradedDiagnostic[]
  readonly onShowLine: (place: TextPlace) => void
}

/** What is wrong with the text: Kubernetes' own words, then ours. Empty when nothing is. */
export function Problems({ diagnostics, onShowLine }: ProblemsProps) {
  if (diagnostics.length === 0) return null
  return (
    <section className="problems" aria-label={en.editor.problems(diagnostics.length)}>
      <ul>
        {diagnostics.slice(0, SHOWN).map((found) => (
          <li
            key={`${found.code} ${found.line ?? ''} ${found.column ?? ''} ${found.message}`}
            className={`problem ${found.severity}`}
          >
            <samp>{found.message}</samp> <LineLink place={found} onShowLine={onShowLine} />
            {found.explanation !== '' && found.explanation !== found.message && (
              <p>
                <Prose text={found.explanation} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
