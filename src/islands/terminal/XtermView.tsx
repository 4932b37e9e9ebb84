import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import { useEffect, useRef } from 'react'
import { en } from '../../strings/en.ts'
import { type Prompt, startPrompt } from './prompt.ts'
import type { TerminalViewProps } from './TerminalDrawer.tsx'

/** The terminal proper. What was said before it was mounted is written again. */
export function XtermView({ session, isReaderMode }: TerminalViewProps) {
  const place = useRef<HTMLDivElement>(null)
  const prompt = useRef<Prompt>(null)
  const terminal = useRef<Terminal>(null)
  const latest = useRef(session)
  latest.current = session

  useEffect(() => {
    if (place.current === null) return
    const made = new Terminal({
      cursorBlink: false,
      fontFamily: "'IBM Plex Mono', ui-monospace, monospace",
      fontSize: matchMedia('(max-width: 799px)').matches ? 12 : 14,
      lineHeight: 1.3,
      scrollback: 5000,
      theme: themeFromTokens(),
    })
    const fit = new FitAddon()
    made.loadAddon(fit)
    made.open(place.current)
    made.textarea?.setAttribute('aria-label', en.terminal.input)
    const resize = new ResizeObserver(() => fit.fit())
    resize.observe(place.current)
    const follow = () => {
      made.options.theme = themeFromTokens()
    }
    const system = matchMedia('(prefers-color-scheme: dark)')
    document.addEventListener('nodewise:theme', follow)
    system.addEventListener('change', follow)
    fit.fit()
    prompt.current = startPrompt(made, {
      history: () => latest.current.snapshot.context.history,
      run: (line) => latest.current.send({ type: 'RUN', line }),
      say: (text) => latest.current.send({ type: 'SAY', text }),
      complete: (line) => latest.current.complete(line),
    })
    terminal.current = made
    made.focus()
    return () => {
      resize.disconnect()
      document.removeEventListener('nodewise:theme', follow)
      system.removeEventListener('change', follow)
      made.dispose()
    }
  }, [])

  const { snapshot } = session
  const isIdle = snapshot.matches({ copy: 'ready' }) || snapshot.matches({ copy: 'broken' })
  useEffect(() => prompt.current?.show(snapshot.context.outputs, isIdle), [snapshot.context.outputs, isIdle])
  useEffect(() => {
    if (terminal.current !== null) terminal.current.options.screenReaderMode = isReaderMode
  }, [isReaderMode])

  return <div className="xterm-place" ref={place} />
}

/** The site's colours, resolved for the theme in force. */
function themeFromTokens(): ITheme {
  const probe = document.createElement('span')
  document.body.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const theme = {
    background: colour('sunk'),
    foreground: colour('ink'),
    cursor: colour('accent'),
    cursorAccent: colour('sunk'),
    selectionBackground: colour('accent'),
    selectionForeground: colour('on-accent'),
    red: colour('refused'),
    blue: colour('accent'),
    brightBlack: colour('quiet'),
    scrollbarSliderBackground: colour('line'),
  }
  probe.remove()
  return theme
}
