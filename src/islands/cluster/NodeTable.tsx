import { en } from '../../strings/en.ts'
import type { BoardNode } from './board-model.ts'
import { LineLink, type TextPlace } from './LineLink.tsx'
import { Breakable, Prose } from './Prose.tsx'
import { VerdictMark } from './VerdictMark.tsx'

export interface NodeTableProps {
  readonly nodes: readonly BoardNode[]
  readonly caption: string
  readonly onShowLine: (place: TextPlace) => void
}

/** The board's twin: the same facts in words, row by row. */
export function NodeTable({ nodes, caption, onShowLine }: NodeTableProps) {
  if (nodes.length === 0) return <p className="empty">{en.board.empty}</p>
  return (
    <table className="node-table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{en.board.node}</th>
          <th scope="col">{en.board.verdict}</th>
          <th scope="col">{en.board.because}</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <tr key={node.name}>
            <th scope="row">
              <code>{node.name}</code>
              {node.taints.map((taint) => (
                <code key={taint} className="quiet-code">
                  <Breakable text={taint} />
                </code>
              ))}
            </th>
            <td>
              <VerdictMark verdict={node.verdict} />
            </td>
            <td>
              {node.because.map((reason) => (
                <p key={`${reason.code} ${reason.path ?? ''} ${reason.line ?? ''}`}>
                  <Prose text={reason.message} /> <LineLink place={reason} onShowLine={onShowLine} />
                </p>
              ))}
              {node.because.length === 0 && node.verdict === 'Running' && <p>{en.board.noReason}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
