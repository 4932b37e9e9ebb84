import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { en } from '../../strings/en.ts'
import type { EditorHandle, EditorProps } from './editor-contract.ts'
import type { MonacoEditor } from './MonacoEditor.tsx'
import { PlainEditor } from './PlainEditor.tsx'

type Stage = 'plain' | 'mounting' | 'full' | 'failed'

/** The bench's editor: a textarea at once, the full editor when it has loaded, the textarea for good when it cannot. */
export function Editor({ ref, ...props }: EditorProps & { readonly ref?: Ref<EditorHandle> }) {
  const [stage, setStage] = useState<Stage>('plain')
  const [leavesOnTab, setLeavesOnTab] = useState(false)
  const Full = useRef<typeof MonacoEditor>(null)
  const plain = useRef<EditorHandle>(null)
  const full = useRef<EditorHandle>(null)
  useImperativeHandle(ref, () => (stage === 'full' ? full.current : plain.current) ?? NO_EDITOR)

  useEffect(() => {
    let isGone = false
    import('./MonacoEditor.tsx').then(
      (module) => {
        if (isGone) return
        Full.current = module.MonacoEditor
        setStage('mounting')
      },
      () => setStage('failed'),
    )
    return () => {
      isGone = true
    }
  }, [])

  const onReady = () => {
    const hadFocus = document.activeElement?.classList.contains('plain-text') ?? false
    setStage('full')
    if (hadFocus) full.current?.focus()
  }

  return (
    <div className={`editor ${stage}`}>
      <div className="editor-body">
        {stage !== 'full' && <PlainEditor {...props} ref={plain} />}
        {Full.current !== null && (
          <div className="full-editor" aria-hidden={stage !== 'full'}>
            <Full.current {...props} ref={full} onReady={onReady} onTabMode={setLeavesOnTab} />
          </div>
        )}
      </div>
      <p className="editor-foot">
        {stage === 'full' && (
          <>
            <span>{leavesOnTab ? en.editor.tabFree : en.editor.tabTrap}</span> <kbd>Ctrl M</kbd>{' '}
            <span>{en.editor.tabHint}</span> <kbd>Ctrl Space</kbd> <span>{en.editor.complete}</span>
            <button type="button" className="line-link" onClick={() => full.current?.toggleTab?.()}>
              {leavesOnTab ? en.editor.tabButtonBack : en.editor.tabButton}
            </button>
          </>
        )}
        {stage === 'failed' && <span>{en.editor.plain}</span>}
      </p>
    </div>
  )
}

const NO_EDITOR: EditorHandle = { focus: () => {}, reveal: () => {}, replaceAll: () => {} }
