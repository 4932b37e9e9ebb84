import { en } from '../../strings/en.ts'
import { Prose } from '../cluster/Prose.tsx'
import type { SceneProps } from './scene-lab.ts'

export interface SceneTimeProps {
  readonly scene: SceneProps
  readonly step: number
  readonly isPlaying: boolean
  readonly hasFault: boolean
  readonly onStep: () => void
  readonly onPlay: () => void
  readonly onRestart: () => void
}

/** Where the scene stands in time: what was typed last, what that did, and the buttons to go on. */
export function SceneTime({ scene, step, isPlaying, hasFault, onStep, onPlay, onRestart }: SceneTimeProps) {
  const count = scene.steps.length
  const isOver = step >= count - 1
  return (
    <div className="scene-time">
      <p className="scene-says" role="status">
        <span className="scene-at">{en.scenario.at(step + 1, count)}</span> <Prose text={scene.says[step] ?? ''} />
        {hasFault && ` ${en.fault.unavailable}`}
      </p>
      <p className="scene-command">
        <samp>$ {scene.steps[step]?.command}</samp>
      </p>
      <div className="scene-buttons">
        <button type="button" className="button primary" aria-disabled={isOver} onClick={onStep}>
          {en.scenario.step}
        </button>
        <button type="button" className="button" onClick={onPlay}>
          {isPlaying ? en.scenario.pause : en.scenario.play}
        </button>
        <button type="button" className="button quiet" onClick={onRestart}>
          {en.scenario.restart}
        </button>
      </div>
    </div>
  )
}
