import { en } from '../../strings/en.ts'
import { type BoardNode, boardGroups } from './board-model.ts'
import { Breakable } from './Prose.tsx'
import { VerdictMark, VerdictShape } from './VerdictMark.tsx'

export interface NodeBoardProps {
  readonly nodes: readonly BoardNode[]
  readonly selected?: string | undefined
  readonly onSelect?: ((name: string) => void) | undefined
}

/** Past this many Nodes a card each would not be readable any more. */
const DENSE_FROM = 40

/** The cluster as cards, one per Node, in groups; a dense grid of marks when there are many. */
export function NodeBoard({ nodes, selected, onSelect }: NodeBoardProps) {
  if (nodes.length === 0) return <p className="empty">{en.board.empty}</p>
  const Card = nodes.length > DENSE_FROM ? DenseNode : NodeCard
  return (
    <div className={nodes.length > DENSE_FROM ? 'board dense' : 'board'}>
      {boardGroups(nodes, en.board.groups).map((group) => (
        <section key={group.id} className="board-group" aria-label={group.title}>
          <p className={group.isLabel ? 'board-group-title label' : 'board-group-title'}>{group.title}</p>
          <ul className="node-list">
            {group.nodes.map((node) => (
              <li key={node.name}>
                <Card node={node} isSelected={node.name === selected} onSelect={onSelect} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

interface CardProps {
  readonly node: BoardNode
  readonly isSelected: boolean
  readonly onSelect?: ((name: string) => void) | undefined
}

function NodeCard({ node, isSelected, onSelect }: CardProps) {
  const inside = (
    <>
      <span className="node-name">{node.name}</span>
      <VerdictMark verdict={node.verdict} />
      <span className="node-taints">
        {node.taints.map((taint) => (
          <code key={taint}>
            <Breakable text={taint} />
          </code>
        ))}
      </span>
    </>
  )
  if (onSelect === undefined) return <div className={`node v-${node.verdict}`}>{inside}</div>
  return (
    <button
      type="button"
      className={`node v-${node.verdict}`}
      aria-pressed={isSelected}
      onClick={() => onSelect(node.name)}
    >
      {inside}
    </button>
  )
}

function DenseNode({ node, isSelected, onSelect }: CardProps) {
  const name = `${node.name}: ${en.verdicts[node.verdict]}`
  return (
    <button
      type="button"
      className="node-dot"
      aria-pressed={isSelected}
      aria-label={name}
      title={name}
      onClick={() => onSelect?.(node.name)}
    >
      <VerdictShape verdict={node.verdict} />
    </button>
  )
}
