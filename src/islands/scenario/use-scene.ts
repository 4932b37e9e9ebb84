import { useEffect, useState } from 'react'
import type { Preview } from '../../worker/protocol.ts'
import { pageGrader } from '../../worker/start.ts'
import { fileWith, type SceneProps, sceneKey, sceneLab } from './scene-lab.ts'

const PAUSE_MS = 120

export type SceneState =
  | { readonly type: 'waiting' }
  | { readonly type: 'fault' }
  | { readonly type: 'shown'; readonly preview: Preview }

/** Plays the scene up to `step` with the given lines. Follows typing after a pause. */
export function useScene(scene: SceneProps, step: number, lines: string): SceneState {
  const [state, setState] = useState<SceneState>({ type: 'waiting' })
  useEffect(() => {
    let isOver = false
    const timer = setTimeout(async () => {
      const key = sceneKey(scene, step)
      await pageGrader().load(key, sceneLab(scene, step))
      const answer = await pageGrader().preview(key, { files: [fileWith(scene, lines)] })
      if (isOver) return
      setState(answer.ok ? { type: 'shown', preview: answer.value } : { type: 'fault' })
    }, PAUSE_MS)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [scene, step, lines])
  return state
}
