import { useEffect, useRef, useState } from 'react'
import { en } from '../../strings/en.ts'
import type { SubmittedFile } from '../../worker/protocol.ts'
import { PlainTerminal } from './PlainTerminal.tsx'
import { type TerminalSession, useTerminal } from './use-terminal.ts'
import type { XtermView } from './XtermView.tsx'

export interface TerminalViewProps {
  readonly session: TerminalSession
  readonly isReaderMode: boolean
}

export interface TerminalDrawerProps {
  readonly lab: string
  readonly files: readonly SubmittedFile[]
}

type Stage = 'unasked' | 'loading' | 'full' | 'failed'

/** The drawer at the bottom of the bench: kubectl on a copy of the lab's cluster. The full terminal loads when it is first opened. */
export function TerminalDrawer({ lab, files }: TerminalDrawerProps) {
  const session = useTerminal(lab, files)
  const { snapshot, send } = session
  const [stage, setStage] = useState<Stage>('unasked')
  const [isReaderMode, setReaderMode] = useState(false)
  const Full = useRef<typeof XtermView>(null)
  const bar = useRef<HTMLButtonElement>(null)
  const isOpen = snapshot.matches({ drawer: 'open' })

  useEffect(() => {
    if (!isOpen || stage !== 'unasked') return
    setStage('loading')
    import('./XtermView.tsx').then(
      (module) => {
        Full.current = module.XtermView
        setStage('full')
      },
      () => setStage('failed'),
    )
  }, [isOpen, stage])

  const toggle = () => {
    send({ type: isOpen ? 'CLOSE' : 'OPEN' })
    if (isOpen) bar.current?.focus()
  }
  useToggleKey(toggle)

  return (
    <section className={isOpen ? 'terminal-drawer open' : 'terminal-drawer'} aria-label={en.terminal.title}>
      <div className="terminal-bar">
        <button ref={bar} type="button" className="terminal-toggle" aria-expanded={isOpen} onClick={toggle}>
          <span className="terminal-mark" aria-hidden="true" />
          {en.terminal.title} <kbd>Ctrl `</kbd>
        </button>
        {isOpen && stage === 'full' && (
          <>
            <span className="terminal-hint">{en.terminal.keys}</span>
            <button
              type="button"
              className="line-link"
              aria-pressed={isReaderMode}
              onClick={() => setReaderMode(!isReaderMode)}
            >
              {en.terminal.readerMode}
            </button>
          </>
        )}
        {isOpen && stage === 'failed' && <span className="terminal-hint">{en.terminal.plain}</span>}
      </div>
      {isOpen && (
        <div className="terminal-body">
          {stage === 'full' && Full.current !== null && <Full.current session={session} isReaderMode={isReaderMode} />}
          {stage === 'failed' && <PlainTerminal session={session} isReaderMode={isReaderMode} />}
          {stage === 'loading' && <p className="terminal-loading">{en.terminal.loading}</p>}
        </div>
      )}
    </section>
  )
}

/** Ctrl+` opens and closes the drawer, wherever the focus is. */
function useToggleKey(toggle: () => void): void {
  const latest = useRef(toggle)
  latest.current = toggle
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.code !== 'Backquote' || !event.ctrlKey || event.altKey || event.metaKey) return
      if (document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      event.stopPropagation()
      latest.current()
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [])
}
