import type { Terminal } from '@xterm/xterm'
import type { Completion } from '../../worker/protocol.ts'
import { complete, EMPTY_LINE, edit, insert, type TypedLine } from './line-editor.ts'
import type { TerminalOutput } from './terminal.machine.ts'

export interface PromptActs {
  readonly history: () => readonly string[]
  readonly run: (line: string) => void
  readonly say: (text: string) => void
  readonly complete: (line: string) => Promise<Completion>
}

export interface Prompt {
  /** Writes what is new, then the prompt again if a line may be typed. */
  readonly show: (outputs: readonly TerminalOutput[], isIdle: boolean) => void
}

const PROMPT = '$ '
const STYLE = { command: '\x1b[34m$\x1b[0m ', out: '', err: '\x1b[31m', note: '\x1b[90m' } as const

/** Reads lines at the bottom of a terminal: editing, history, completion, copy and paste. */
export function startPrompt(terminal: Terminal, acts: PromptActs): Prompt {
  let line: TypedLine = EMPTY_LINE
  let isIdle = false
  let shownId = 0
  /** The row of the typed line, counted from the prompt's, on which the cursor stands. */
  let cursorRow = 0

  const erase = () => {
    terminal.write(`${cursorRow > 0 ? `\x1b[${cursorRow}A` : ''}\r\x1b[J`)
    cursorRow = 0
  }
  const draw = () => {
    erase()
    if (!isIdle) return
    const { cols } = terminal
    const length = PROMPT.length + line.text.length
    const isFull = length % cols === 0
    const place = PROMPT.length + line.cursor
    const up = Math.floor(length / cols) - Math.floor(place / cols)
    const right = place % cols
    terminal.write(`\x1b[34m$\x1b[0m ${line.text}${isFull ? ' ' : ''}`)
    terminal.write(`${up > 0 ? `\x1b[${up}A` : ''}\r${right > 0 ? `\x1b[${right}C` : ''}`)
    cursorRow = Math.floor(place / cols)
  }
  const change = (next: TypedLine) => {
    line = next
    draw()
  }
  const submit = () => {
    const { text } = line
    line = EMPTY_LINE
    acts.run(text)
  }
  const completeNow = async () => {
    const asked = line
    const { word, candidates } = await acts.complete(asked.text.slice(0, asked.cursor))
    if (line !== asked || candidates.length === 0) return
    const next = complete(asked, word, candidates)
    if (next === asked) acts.say(candidates.join('  '))
    else change(next)
  }
  const type = (data: string) => {
    for (const part of data.replaceAll('\r\n', '\r').split(/([\r\n])/)) {
      if (part === '\r' || part === '\n') submit()
      else if (part !== '') change(insert(line, part.replaceAll('\t', '  ')))
    }
  }

  terminal.onData((data) => {
    if (data === '\t') return void completeNow()
    if (data === '\x03') return change(EMPTY_LINE)
    if (data === '\x0c') return acts.run('clear')
    const edited = edit(line, data, acts.history())
    if (edited !== undefined) return change(edited)
    if (!data.startsWith('\x1b') && (data >= ' ' || /^[\r\n]/.test(data))) type(data)
  })
  terminal.attachCustomKeyEventHandler(keyFilter(terminal))
  terminal.onResize(draw)

  return {
    show(outputs, idle) {
      isIdle = idle
      erase()
      if (outputs.length === 0 && shownId > 0) terminal.clear()
      for (const output of outputs) {
        if (output.id <= shownId) continue
        terminal.write(`${STYLE[output.type]}${output.text.replaceAll('\n', '\r\n')}\x1b[0m\r\n`)
        shownId = output.id
      }
      draw()
    },
  }
}

/** Keys that the browser or the bench keeps: copy, paste, the check, the drawer, and Tab once Escape was pressed. */
function keyFilter(terminal: Terminal): (event: KeyboardEvent) => boolean {
  let tabLeaves = false
  return (event) => {
    if (event.type !== 'keydown') return true
    const { key, shiftKey } = event
    const command = event.ctrlKey || event.metaKey
    if (key === 'Tab') {
      const leaves = tabLeaves || shiftKey
      tabLeaves = false
      return !leaves
    }
    if (key !== 'Shift') tabLeaves = key === 'Escape'
    if (command && (key === '`' || key === 'Enter')) return false
    if (command && key.toLowerCase() === 'v') return false
    if (command && key.toLowerCase() === 'c' && (shiftKey || terminal.hasSelection())) {
      event.preventDefault()
      void navigator.clipboard?.writeText(terminal.getSelection())
      terminal.clearSelection()
      return false
    }
    return key !== 'Escape'
  }
}
