import { useEffect, useMemo, useRef, useState } from 'react'
import { en } from '../../strings/en.ts'
import { boardNodes, inOrderOf } from '../cluster/board-model.ts'
import { NodeBoard } from '../cluster/NodeBoard.tsx'
import { NodeWhy } from '../cluster/NodeWhy.tsx'
import type { EditorHandle } from '../editor/editor-contract.ts'
import { PlainEditor } from '../editor/PlainEditor.tsx'
import { SceneAim } from './SceneAim.tsx'
import { SceneTime } from './SceneTime.tsx'
import { editedLines, type SceneProps } from './scene-lab.ts'
import { useScene } from './use-scene.ts'

const PLAY_STEP_MS = 1800

/** A small cluster inside a lesson: step or play what happens, change the lines in question, ask a node why. */
export function PlayableScene({ scene }: { readonly scene: SceneProps }) {
  const [step, setStep] = useState(0)
  const [lines, setLines] = useState(() => editedLines(scene))
  const [isPlaying, setPlaying] = useState(false)
  const [selected, setSelected] = useState(scene.goal?.node)
  const editor = useRef<EditorHandle>(null)
  const state = useScene(scene, step, lines)
  const preview = state.type === 'shown' ? state.preview : undefined
  const diagnostics = preview?.diagnostics ?? NOTHING
  const nodes = useMemo(
    () =>
      boardNodes(
        preview === undefined ? scene.nodes : inOrderOf(scene.nodes, preview.nodes),
        preview?.verdicts ?? NOTHING,
      ),
    [scene, preview],
  )
  const last = scene.steps.length - 1
  const isReached = preview !== undefined && nodes.every((node) => node.verdict === 'Running')

  useEffect(() => {
    if (!isPlaying) return
    if (step >= last) {
      setPlaying(false)
      return
    }
    const timer = setTimeout(() => setStep(step + 1), PLAY_STEP_MS)
    return () => clearTimeout(timer)
  }, [isPlaying, step, last])

  const play = () => {
    if (step >= last) setStep(0)
    setPlaying(!isPlaying)
  }
  const [from] = scene.edit
  const showLine = ({ line }: { readonly line?: number }) => {
    if (line !== undefined) editor.current?.reveal(Math.max(1, line - from + 1))
  }

  return (
    <div className="scene">
      <div className="scene-text">
        <p className="scene-file">{en.scenario.edit(scene.file.name, from, from + lines.split('\n').length - 1)}</p>
        <div className="scene-editor">
          <PlainEditor
            ref={editor}
            file={scene.file.name}
            text={lines}
            firstLine={from}
            label={en.editor.label(scene.file.name)}
            diagnostics={diagnostics}
            notes={NOTHING}
            onChange={setLines}
          />
        </div>
        {scene.presets.length > 0 && (
          <p className="presets">
            <span>{en.scenario.presets}</span>
            {scene.presets.map((preset) => (
              <button
                key={preset.name}
                type="button"
                className="preset"
                aria-pressed={preset.text === lines}
                onClick={() => setLines(preset.text)}
              >
                {preset.name}
              </button>
            ))}
          </p>
        )}
        {diagnostics[0] !== undefined && (
          <p className="scene-problem">
            {en.scenario.problem}: <samp>{diagnostics[0].message}</samp>
          </p>
        )}
      </div>
      <div className="scene-cluster">
        <NodeBoard
          nodes={nodes}
          selected={selected}
          onSelect={(name) => setSelected(name === selected ? undefined : name)}
        />
        <div className="scene-why" aria-live="polite">
          {selected !== undefined && (
            <NodeWhy node={nodes.find((node) => node.name === selected)} onShowLine={showLine} />
          )}
        </div>
      </div>
      {scene.goal === undefined ? (
        <SceneTime
          scene={scene}
          step={step}
          isPlaying={isPlaying}
          hasFault={state.type === 'fault'}
          onStep={() => setStep(Math.min(step + 1, last))}
          onPlay={play}
          onRestart={() => {
            setPlaying(false)
            setStep(0)
            setLines(editedLines(scene))
          }}
        />
      ) : (
        <SceneAim goal={scene.goal} isReached={isReached} hasFault={state.type === 'fault'} />
      )}
    </div>
  )
}

const NOTHING = [] as const
