import { type Ref, useImperativeHandle, useRef } from 'react'
import type { EditorHandle, EditorProps } from './editor-contract.ts'

export interface PlainEditorProps extends EditorProps {
  readonly ref?: Ref<EditorHandle>
  readonly firstLine?: number
}

/** A textarea with line numbers: there at first paint, and for good where the full editor cannot load. */
export function PlainEditor({ text, label, onChange, diagnostics, ref, firstLine = 1 }: PlainEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLPreElement>(null)
  useImperativeHandle(ref, () => plainHandle(area, onChange))
  const marked = new Map(
    diagnostics.filter((found) => found.line !== undefined).map((found) => [found.line, found.severity]),
  )
  const lines = text.split('\n')
  return (
    <div className="plain-editor">
      <pre className="plain-gutter" ref={gutter} aria-hidden="true">
        {lines.map((_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line number is its own identity.
          <span key={i} className={`gutter-line ${marked.get(i + firstLine) ?? ''}`}>
            {i + firstLine}
          </span>
        ))}
      </pre>
      <textarea
        ref={area}
        className="plain-text"
        aria-label={label}
        value={text}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        wrap="off"
        rows={Math.min(lines.length, 24)}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}

function plainHandle(
  area: { readonly current: HTMLTextAreaElement | null },
  onChange: (text: string) => void,
): EditorHandle {
  return {
    focus: () => area.current?.focus(),
    reveal: (line) => {
      const element = area.current
      if (element === null) return
      const lines = element.value.split('\n')
      const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
      element.focus()
      element.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0))
      const lineHeight = element.scrollHeight / Math.max(lines.length, 1)
      element.scrollTop = Math.max(0, (line - 4) * lineHeight)
    },
    replaceAll: (text) => {
      const element = area.current
      if (element === null) return onChange(text)
      element.focus()
      element.select()
      // The old command is the only way that keeps the browser's own undo for a textarea.
      if (!document.execCommand('insertText', false, text)) onChange(text)
    },
  }
}
