import { en } from '../../strings/en.ts'
import type { BoardNode } from './board-model.ts'
import { LineLink, type TextPlace } from './LineLink.tsx'
import { Prose } from './Prose.tsx'
import { VerdictMark } from './VerdictMark.tsx'

export interface NodeWhyProps {
  readonly node: BoardNode | undefined
  readonly onShowLine: (place: TextPlace) => void
}

/** Why the chosen Node has its verdict: the recorded reasons, the decisive one first. */
export function NodeWhy({ node, onShowLine }: NodeWhyProps) {
  if (node === undefined) return <p className="why-empty">{en.board.pick}</p>
  return (
    <section className="why" aria-label={en.board.why(node.name)}>
      <p className="why-title">
        <code>{node.name}</code> <VerdictMark verdict={node.verdict} />
      </p>
      {node.because.length === 0 && node.verdict === 'Running' && <p>{en.board.noReason}</p>}
      {node.because.map((reason) => (
        <div key={`${reason.code} ${reason.path ?? ''} ${reason.line ?? ''}`} className="reason">
          <p>
            <Prose text={reason.message} /> <LineLink place={reason} onShowLine={onShowLine} />
          </p>
          {reason.kubernetes !== undefined && (
            <p className="said">
              <span>{en.board.kubernetesSays}</span> <samp>{reason.kubernetes}</samp>
            </p>
          )}
        </div>
      ))}
    </section>
  )
}
