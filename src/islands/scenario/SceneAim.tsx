import { en } from '../../strings/en.ts'
import { Prose } from '../cluster/Prose.tsx'
import type { SceneGoal } from './scene-lab.ts'

export interface SceneAimProps {
  readonly goal: SceneGoal
  readonly isReached: boolean
  readonly hasFault: boolean
}

/** What is asked for; once the cluster shows it, where to go on. */
export function SceneAim({ goal, isReached, hasFault }: SceneAimProps) {
  return (
    <div className={isReached ? 'scene-time aim reached' : 'scene-time aim'}>
      <p role="status">
        <Prose text={isReached ? goal.done : goal.ask} />
        {hasFault && ` ${en.fault.unavailable}`}
      </p>
      {isReached && (
        <a className="button primary" href={goal.next.href}>
          {goal.next.text}
        </a>
      )}
    </div>
  )
}
