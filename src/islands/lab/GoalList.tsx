import { type CSSProperties, useEffect, useRef } from 'react'
import { en } from '../../strings/en.ts'
import type { Grade, GradedGoal } from '../../worker/protocol.ts'
import { Prose } from '../cluster/Prose.tsx'
import type { LabGoal } from './lab-props.ts'

export interface GoalListProps {
  readonly goals: readonly LabGoal[]
  readonly grade: Grade | undefined
  readonly isOutdated: boolean
}

/** The goals with their points; after a check each says whether it held, and where it broke. */
export function GoalList({ goals, grade, isOutdated }: GoalListProps) {
  const possible = goals.reduce((sum, goal) => sum + goal.points, 0)
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    if (grade !== undefined) section.current?.scrollIntoView({ block: 'nearest' })
  }, [grade])
  return (
    <section ref={section} className={isOutdated ? 'goals outdated' : 'goals'} aria-label={en.goals.title}>
      <h2>
        {en.goals.title} <span className="score">{en.goals.score(grade?.points.earned ?? 0, possible)}</span>
      </h2>
      <ul>
        {goals.map((goal, i) => (
          <Goal
            key={goal.id}
            goal={goal}
            graded={grade?.goals.find((candidate) => candidate.id === goal.id)}
            order={i}
          />
        ))}
      </ul>
    </section>
  )
}

interface GoalProps {
  readonly goal: LabGoal
  readonly graded: GradedGoal | undefined
  readonly order: number
}

function Goal({ goal, graded, order }: GoalProps) {
  const status = graded?.status ?? 'open'
  const broken = graded?.timelines.find((timeline) => timeline.status === 'failed')
  return (
    <li className={`goal ${status}`} style={{ '--order': order } as CSSProperties}>
      <GoalMark status={status} />
      <span className="goal-title">
        <Prose text={goal.title} />
        <span className="visually-hidden">: {en.goals[status]}</span>
        {broken !== undefined && (
          <span className="goal-broken">
            {en.goals.brokeAt(broken.atSeconds, broken.name)}
            {broken.nodes.length > 0 && (
              <>
                {' '}
                {en.goals.onNodes('')}
                <code>{broken.nodes.join(' ')}</code>
              </>
            )}
          </span>
        )}
      </span>
      <span className="goal-points" title={en.goals.points(goal.points)}>
        {graded === undefined ? goal.points : `${graded.points.earned}/${goal.points}`}
        <span className="visually-hidden"> {en.goals.points(goal.points)}</span>
      </span>
    </li>
  )
}

function GoalMark({ status }: { readonly status: GradedGoal['status'] | 'open' }) {
  return (
    <svg className="goal-mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      {status === 'passed' ? (
        <>
          <circle cx="9" cy="9" r="8" fill="currentColor" />
          <path
            d="M5.2 9.3l2.6 2.6 5-5.4"
            fill="none"
            stroke="var(--raised)"
            strokeWidth="1.8"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      ) : (
        <circle
          cx="9"
          cy="9"
          r="7.2"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray={status === 'notReached' ? '2.6 2.4' : undefined}
        />
      )}
      {status === 'failed' && (
        <path d="M6.2 6.2l5.6 5.6M11.8 6.2l-5.6 5.6" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      )}
    </svg>
  )
}
