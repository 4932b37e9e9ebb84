// The editor, with the parts the bench uses and nothing fetched from anywhere else. Loaded lazily, as one chunk.
import { loader } from '@monaco-editor/react'
import * as monaco from 'monaco-editor/editor'
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/caretOperations/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/gotoError/register'
import 'monaco-editor/features/gotoLine/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/lineSelection/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/smartSelect/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/wordHighlighter/register'
import 'monaco-editor/features/wordOperations/register'
import 'monaco-editor/languages/definitions/yaml/register'
import EditorWorker from './editor.worker.ts?worker'
import { registerYamlHelp } from './yaml-help.ts'

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }
// Without this line the wrapper asks a foreign host for the editor.
loader.config({ monaco })
registerYamlHelp(monaco)

export { monaco }

const COLOURS = [
  'ground',
  'raised',
  'ink',
  'quiet',
  'line',
  'line-strong',
  'accent',
  'accent-tint',
  'running',
  'refused',
  'pending',
  'sunk',
] as const
type Colour = (typeof COLOURS)[number]

/** Defines the editor's theme from the tokens in force and makes it current. Call again when the theme changes. */
export function applyTheme(theme: 'light' | 'dark'): string {
  const name = `nodewise-${theme}`
  const token = readTokens()
  monaco.editor.defineTheme(name, {
    base: theme === 'dark' ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: token.ink.slice(1) },
      { token: 'type', foreground: token.ink.slice(1) },
      { token: 'string', foreground: token.accent.slice(1) },
      { token: 'number', foreground: token.accent.slice(1) },
      { token: 'keyword', foreground: token.accent.slice(1) },
      { token: 'comment', foreground: token.quiet.slice(1), fontStyle: 'italic' },
      { token: 'operators', foreground: token.quiet.slice(1) },
    ],
    colors: {
      'editor.background': token.raised,
      'editor.foreground': token.ink,
      'editorLineNumber.foreground': token.quiet,
      'editorLineNumber.activeForeground': token.ink,
      'editor.lineHighlightBackground': token.sunk,
      'editor.lineHighlightBorder': '#00000000',
      'editorCursor.foreground': token.accent,
      'editorIndentGuide.background1': token.line,
      'editorIndentGuide.activeBackground1': token['line-strong'],
      'editorError.foreground': token.refused,
      'editorWarning.foreground': token.pending,
      'editorWidget.background': token.raised,
      'editorWidget.border': token.line,
      'scrollbar.shadow': '#00000000',
      focusBorder: token.accent,
    },
  })
  monaco.editor.setTheme(name)
  return name
}

/** The tokens as #rrggbb, resolved by the browser for the theme in force. */
function readTokens(): Readonly<Record<Colour, string>> {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const values = COLOURS.map((name) => {
    probe.style.color = `var(--${name})`
    return [name, toHex(getComputedStyle(probe).color)] as const
  })
  probe.remove()
  return Object.fromEntries(values) as Record<Colour, string>
}

function toHex(rgb: string): string {
  const channels = rgb.match(/\d+(\.\d+)?/g) ?? ['0', '0', '0']
  return `#${channels
    .slice(0, 3)
    .map((channel) => Math.round(Number(channel)).toString(16).padStart(2, '0'))
    .join('')}`
}
