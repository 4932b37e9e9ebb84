import MonacoReact from '@monaco-editor/react'
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { currentTheme } from '../../progress/theme.ts'
import type { EditorHandle, EditorProps } from './editor-contract.ts'
import { applyTheme, monaco } from './monaco-setup.ts'
import { setLineNotes } from './yaml-help.ts'

type CodeEditor = monaco.editor.IStandaloneCodeEditor

export interface MonacoEditorProps extends EditorProps {
  readonly ref?: Ref<EditorHandle>
  readonly onReady: () => void
  readonly onTabMode: (leaves: boolean) => void
}

const OPTIONS: monaco.editor.IStandaloneEditorConstructionOptions = {
  minimap: { enabled: false },
  fontFamily: "'IBM Plex Mono', ui-monospace, monospace",
  fontSize: 14,
  lineHeight: 22,
  tabSize: 2,
  insertSpaces: true,
  detectIndentation: false,
  autoIndent: 'keep',
  scrollBeyondLastLine: false,
  automaticLayout: true,
  folding: true,
  glyphMargin: false,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  padding: { top: 8, bottom: 8 },
  renderLineHighlight: 'line',
  renderFinalNewline: 'on',
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
  fixedOverflowWidgets: true,
  stickyScroll: { enabled: false },
  wordBasedSuggestions: 'off',
  // Names are offered while one types, values when asked for: Enter behind a value typed out is always a new line.
  quickSuggestions: { other: true, comments: false, strings: false },
  acceptSuggestionOnEnter: 'smart',
}

/** The full editor. Squiggles come from the grader alone, so that they never disagree with the grade. */
export function MonacoEditor({
  file,
  text,
  label,
  onChange,
  diagnostics,
  notes,
  ref,
  onReady,
  onTabMode,
}: MonacoEditorProps) {
  const editor = useRef<CodeEditor>(null)
  const noteDecorations = useRef<monaco.editor.IEditorDecorationsCollection>(null)
  const [isMounted, setMounted] = useState(false)
  useImperativeHandle(ref, () => monacoHandle(editor))

  useEffect(() => {
    const follow = () => applyTheme(currentTheme())
    const system = matchMedia('(prefers-color-scheme: dark)')
    document.addEventListener('nodewise:theme', follow)
    system.addEventListener('change', follow)
    return () => {
      document.removeEventListener('nodewise:theme', follow)
      system.removeEventListener('change', follow)
    }
  }, [])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (isMounted && model)
      monaco.editor.setModelMarkers(
        model,
        'grader',
        diagnostics.map((found) => marker(found, model)),
      )
  }, [diagnostics, isMounted])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (!isMounted || !model) return
    noteDecorations.current?.set(notes.map((note) => noteDecoration(note, model)))
    setLineNotes(model, notes)
  }, [notes, isMounted])

  return (
    <MonacoReact
      language="yaml"
      path={file}
      value={text}
      theme={`nodewise-${currentTheme()}`}
      options={{ ...OPTIONS, ariaLabel: label }}
      loading={null}
      onChange={(value) => onChange(value ?? '')}
      beforeMount={() => applyTheme(currentTheme())}
      onMount={(mounted) => {
        editor.current = mounted
        noteDecorations.current = mounted.createDecorationsCollection()
        mounted.onDidChangeConfiguration(() => onTabMode(mounted.getOption(monaco.editor.EditorOption.tabFocusMode)))
        setMounted(true)
        onReady()
      }}
    />
  )
}

function marker(found: EditorProps['diagnostics'][number], model: monaco.editor.ITextModel): monaco.editor.IMarkerData {
  const line = Math.min(Math.max(found.line ?? 1, 1), model.getLineCount())
  const severities = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    info: monaco.MarkerSeverity.Info,
  }
  return {
    severity: severities[found.severity],
    message: found.explanation === '' ? found.message : `${found.message}\n${found.explanation.replaceAll('`', '')}`,
    startLineNumber: line,
    startColumn: found.column ?? model.getLineFirstNonWhitespaceColumn(line),
    endLineNumber: found.endLine ?? line,
    endColumn: found.endColumn ?? model.getLineMaxColumn(line),
  }
}

function noteDecoration(
  note: EditorProps['notes'][number],
  model: monaco.editor.ITextModel,
): monaco.editor.IModelDeltaDecoration {
  const line = Math.min(note.line, model.getLineCount())
  const column = model.getLineMaxColumn(line)
  return {
    range: new monaco.Range(line, column, line, column),
    options: { after: { content: `   ← ${note.text}`, inlineClassName: 'line-note' }, showIfCollapsed: true },
  }
}

function monacoHandle(editor: { readonly current: CodeEditor | null }): EditorHandle {
  return {
    focus: () => editor.current?.focus(),
    reveal: (line, column = 1) => {
      const there = editor.current
      if (there === null) return
      there.revealLineInCenterIfOutsideViewport(line)
      there.setSelection(new monaco.Range(line, column, line, there.getModel()?.getLineMaxColumn(line) ?? column))
      there.focus()
    },
    replaceAll: (text) => {
      const model = editor.current?.getModel()
      if (!model) return
      editor.current?.pushUndoStop()
      editor.current?.executeEdits('bench', [{ range: model.getFullModelRange(), text }])
      editor.current?.pushUndoStop()
      editor.current?.focus()
    },
    toggleTab: () => editor.current?.trigger('bench', 'editor.action.toggleTabFocusMode', null),
  }
}
