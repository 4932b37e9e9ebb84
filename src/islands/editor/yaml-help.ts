import type * as Monaco from 'monaco-editor/editor'
import { en } from '../../strings/en.ts'
import type { FieldHelp, Suggestion } from '../../worker/protocol.ts'
import { pageGrader } from '../../worker/start.ts'
import type { LineNote } from './editor-contract.ts'

const notesOf = new WeakMap<Monaco.editor.ITextModel, readonly LineNote[]>()

/** What the bench says about this text's lines, for the hover: which Nodes each one decides for. */
export function setLineNotes(model: Monaco.editor.ITextModel, notes: readonly LineNote[]): void {
  notesOf.set(model, notes)
}

/** Completion and hover for manifests: the worker answers from the API server's own tables. */
export function registerYamlHelp(monaco: typeof Monaco): void {
  monaco.languages.registerCompletionItemProvider('yaml', {
    provideCompletionItems: async (model, position) => {
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1)
      const answer = await pageGrader().suggest(spotOf(model, position))
      if (!answer.ok) return { suggestions: [] }
      const word = /[^\s:]*$/.exec(before)?.[0] ?? ''
      const { lineNumber, column } = position
      const range = new monaco.Range(lineNumber, column - word.length, lineNumber, column)
      return { suggestions: answer.value.map((found, i) => itemOf(monaco, found, { range, rank: i })) }
    },
  })
  monaco.languages.registerHoverProvider('yaml', {
    provideHover: async (model, position) => {
      const answer = await pageGrader().describe(spotOf(model, position))
      if (!answer.ok || answer.value === null) return null
      const { lineNumber } = position
      const { from, to } = answer.value
      const note = notesOf.get(model)?.find((candidate) => candidate.line === lineNumber)
      return {
        range: new monaco.Range(lineNumber, from, lineNumber, to),
        contents: hoverText(answer.value, note).map((value) => ({ value })),
      }
    },
  })
}

function spotOf(model: Monaco.editor.ITextModel, { lineNumber, column }: Monaco.Position) {
  return { text: model.getValue(), line: lineNumber, column }
}

interface ItemPlace {
  readonly range: Monaco.IRange
  readonly rank: number
}

function itemOf(monaco: typeof Monaco, found: Suggestion, { range, rank }: ItemPlace): Monaco.languages.CompletionItem {
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages
  const goesOn = found.type === 'field' && found.insert.endsWith(' ')
  return {
    label: found.label,
    kind: found.type === 'field' ? CompletionItemKind.Field : CompletionItemKind.EnumMember,
    insertText: found.insert,
    insertTextRules: CompletionItemInsertTextRule.KeepWhitespace,
    detail: found.isRequired ? `${found.detail} · ${en.editor.required}` : found.detail,
    ...(found.text === '' ? {} : { documentation: found.text }),
    filterText: found.label,
    sortText: String(rank).padStart(4, '0'),
    range,
    // Behind a field whose values are few, they are offered at once.
    ...(goesOn ? { command: { id: 'editor.action.triggerSuggest', title: '' } } : {}),
  }
}

/** The field as markdown: its head, what the text does here, and Kubernetes' own words. */
function hoverText(help: FieldHelp, note: LineNote | undefined): readonly string[] {
  const head = `\`${help.name}\` \`<${help.detail}>\`${help.isRequired ? ` · ${en.editor.required}` : ''}`
  const values = help.values.length === 0 ? [] : [en.editor.oneOf(help.values.map((v) => `\`${v}\``).join(', '))]
  const here = note === undefined ? [] : [en.editor.here(note.text)]
  return [head, ...here, ...values, escapeMarkdown(help.text)].filter((text) => text !== '')
}

/** Kubernetes' words are shown as they are. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&')
}
