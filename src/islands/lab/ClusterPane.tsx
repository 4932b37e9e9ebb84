import { useState } from 'react'
import { en } from '../../strings/en.ts'
import { type BoardNode, countVerdicts } from '../cluster/board-model.ts'
import type { TextPlace } from '../cluster/LineLink.tsx'
import { NodeBoard } from '../cluster/NodeBoard.tsx'
import { NodeTable } from '../cluster/NodeTable.tsx'
import { NodeWhy } from '../cluster/NodeWhy.tsx'
import { VerdictShape } from '../cluster/VerdictMark.tsx'

export interface ClusterPaneProps {
  readonly nodes: readonly BoardNode[]
  readonly isWaiting: boolean
  readonly isStale: boolean
  readonly future: string | undefined
  readonly onNow: () => void
  readonly onShowLine: (place: TextPlace) => void
}

/** The cluster as board or as table, and why the chosen Node has its verdict. */
export function ClusterPane({ nodes, isWaiting, isStale, future, onNow, onShowLine }: ClusterPaneProps) {
  const [view, setView] = useState<'board' | 'table'>('board')
  const [selected, setSelected] = useState<string>()
  const chosen = nodes.find((node) => node.name === selected)
  return (
    <section className="pane cluster-pane" aria-label={en.board.title}>
      <div className="pane-head">
        <h2>{en.board.title}</h2>
        <p className="counts">
          {isWaiting
            ? en.board.waiting
            : countVerdicts(nodes).map(([verdict, count]) => (
                <span key={verdict} className={`verdict v-${verdict}`}>
                  <VerdictShape verdict={verdict} /> {count}{' '}
                  <span className="visually-hidden">{en.verdicts[verdict]}</span>
                </span>
              ))}
        </p>
        <fieldset className="switch">
          <legend className="visually-hidden">{en.board.view}</legend>
          <button type="button" aria-pressed={view === 'board'} onClick={() => setView('board')}>
            {en.board.board}
          </button>
          <button type="button" aria-pressed={view === 'table'} onClick={() => setView('table')}>
            {en.board.table}
          </button>
        </fieldset>
      </div>
      {future !== undefined && (
        <p className="pane-note">
          {en.futures.shown(future)}{' '}
          <button type="button" className="line-link" onClick={onNow}>
            {en.futures.now}
          </button>
        </p>
      )}
      {isStale && <p className="pane-note refused">{en.board.stale}</p>}
      <section
        className={isStale ? 'pane-scroll faded' : 'pane-scroll'}
        aria-label={en.board.nodes}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it.
        tabIndex={0}
      >
        {view === 'board' ? (
          <NodeBoard
            nodes={nodes}
            selected={selected}
            onSelect={(name) => setSelected(name === selected ? undefined : name)}
          />
        ) : (
          <NodeTable nodes={nodes} caption={en.board.title} onShowLine={onShowLine} />
        )}
      </section>
      {view === 'board' && (
        <div className="why-pane" aria-live="polite">
          <NodeWhy node={chosen} onShowLine={onShowLine} />
        </div>
      )}
    </section>
  )
}
