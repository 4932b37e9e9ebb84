import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { en } from '../../strings/en.ts'
import { EMPTY_LINE, edit } from './line-editor.ts'
import type { TerminalViewProps } from './TerminalDrawer.tsx'

/** The terminal where the full one cannot load: a log and a line to type in. */
export function PlainTerminal({ session }: TerminalViewProps) {
  const { snapshot, send } = session
  const { outputs, history } = snapshot.context
  const [line, setLine] = useState(EMPTY_LINE)
  const log = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was said last is scrolled into view whenever something is said.
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight
  }, [outputs])
  const onKeyDown = (event: KeyboardEvent) => {
    const sequence = { ArrowUp: '\x1b[A', ArrowDown: '\x1b[B' }[event.key]
    if (sequence === undefined) return
    event.preventDefault()
    setLine(edit(line, sequence, history) ?? line)
  }
  return (
    <div className="plain-terminal">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must be able to reach it. */}
      <div className="plain-log" role="log" aria-label={en.terminal.log} tabIndex={0} ref={log}>
        {outputs.map((output) => (
          <pre key={output.id} className={`said-${output.type}`}>
            {output.type === 'command' ? `$ ${output.text}` : output.text}
          </pre>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send({ type: 'RUN', line: line.text })
          setLine(EMPTY_LINE)
        }}
      >
        <span aria-hidden="true">$</span>
        <input
          ref={(element) => element?.focus()}
          aria-label={en.terminal.input}
          value={line.text}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onKeyDown={onKeyDown}
          onChange={(event) => setLine({ ...EMPTY_LINE, text: event.currentTarget.value })}
        />
      </form>
    </div>
  )
}
