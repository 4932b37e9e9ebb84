/**
 * A file's text → its documents as trees that know their places, with what is wrong with the text. The reader is the
 * one that kubectl has (goyaml/); the package `yaml`, which only this file imports, is asked where a broken text breaks:
 * it knows the column, go-yaml the line only.
 */
import { parseDocument as parseWithColumns } from 'yaml'
import { parseJson } from '../api/json.ts'
import type { Json } from '../api/meta.ts'
import type { Diagnostic, DiagnosticCode } from './diagnostic.ts'
import { isMergeKey } from './goyaml/convert.ts'
import type { MappingNode, YamlNode } from './goyaml/parser.ts'
import type { DocumentPart, KubectlDocument } from './kubectl-documents.ts'
import { fileOffset, readDocument, splitDocuments } from './kubectl-documents.ts'
import type { SourceFile, Span } from './source.ts'
import { lineSpan } from './source.ts'

/** The largest real manifest known (a bundle of CRDs) has 0.7 MB; the API server itself refuses more than 3 MiB. */
export const MAX_TEXT_LENGTH = 1_500_000
/** Above this size a broken text is not read a second time for the column. */
const COLUMN_LIMIT = 100_000
const MAX_DUPLICATES = 100

export interface ParsedDocument {
  readonly index: number
  readonly part: DocumentPart
  readonly root?: YamlNode
  readonly value: Json
}

export interface ParsedManifest {
  readonly source: SourceFile
  /** Documents that could be read, without the empty ones. */
  readonly documents: readonly ParsedDocument[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a file. Never throws, whatever the text is. */
export function parseManifest(source: SourceFile): ParsedManifest {
  if (source.text.length > MAX_TEXT_LENGTH) return { source, documents: [], diagnostics: [tooLarge(source)] }
  const documents: ParsedDocument[] = []
  const diagnostics: Diagnostic[] = []
  readAll(source.text).forEach((read, index) => {
    const { part, root, value, error } = read
    if (root !== undefined) diagnostics.push(...duplicateKeys(root, part, index))
    if (error !== undefined) diagnostics.push(brokenText(source, read, index))
    else if (value !== undefined && value !== null) {
      documents.push({ index, part, value, ...(root === undefined ? {} : { root }) })
    }
  })
  return { source, documents, diagnostics }
}

function tooLarge({ text }: SourceFile): Diagnostic {
  const params = { length: String(text.length), limit: String(MAX_TEXT_LENGTH) }
  return { code: 'TooLarge', severity: 'error', path: '', span: { start: 0, end: 0 }, document: 0, params }
}

function readAll(text: string): readonly KubectlDocument[] {
  const yaml = splitDocuments(text).map(readDocument)
  if (!/^\s*\{/.test(text) || yaml.every((document) => document.error === undefined)) return yaml
  // What begins with a brace is JSON for kubectl; several objects one after the other are no YAML.
  return readJsonObjects(text) ?? yaml
}

function readJsonObjects(text: string): readonly KubectlDocument[] | undefined {
  const out: KubectlDocument[] = []
  for (let at = 0; ; ) {
    const parsed = parseJson(text, at)
    if (parsed.type === 'end') return out
    const part = { text: text.slice(at, parsed.type === 'value' ? parsed.end : text.length), offset: at, returns: [] }
    if (parsed.type === 'error') {
      // Only when YAML cannot read it either does kubectl show the error of JSON.
      const error = `json: offset ${parsed.offset - at}: ${parsed.error}`
      return out.length === 0 ? [{ part, error, errorOffset: Math.max(at, parsed.offset - 1) }] : undefined
    }
    const { root } = readDocument(part)
    out.push({ part, value: parsed.value, ...(root === undefined ? {} : { root }) })
    at = parsed.end
  }
}

function brokenText(source: SourceFile, read: KubectlDocument, document: number): Diagnostic {
  const error = read.error ?? ''
  const template = templateSpan(source, read.part)
  const at = Math.min(read.errorOffset ?? read.part.offset, source.text.length)
  const code = template === undefined ? codeOf(error, source.text[at]) : 'TemplateNotRendered'
  const span = template ?? (code === 'YamlSyntax' ? columnSpan(read) : undefined) ?? lineSpan(source, at)
  const params = { problem: error.replace(/^error converting YAML to JSON: /, '').replace(/^yaml: (line \d+: )?/, '') }
  return {
    code,
    severity: 'error',
    path: '',
    span,
    document,
    params,
    kubernetes: `error parsing ${source.name}: ${error}`,
  }
}

function codeOf(error: string, character: string | undefined): DiagnosticCode {
  if (error.includes('excessive aliasing') || error.includes('value contains itself')) return 'AliasBomb'
  if (error.includes('tab character')) return 'TabIndent'
  return error.endsWith('found character that cannot start any token') && character === '\t'
    ? 'TabIndent'
    : 'YamlSyntax'
}

/** The first `{{ … }}` or `{% … %}` of the document: text that a template engine should have replaced. */
function templateSpan({ text }: SourceFile, part: DocumentPart): Span | undefined {
  const end = fileOffset(part, part.text.length)
  const match = /\{\{.*?\}\}|\{%.*?%\}|\{\{/.exec(text.slice(part.offset, end))
  if (match === null) return undefined
  const start = part.offset + match.index
  return { start, end: start + match[0].length }
}

/** Where the package `yaml` says that the text breaks, if it says so at all. */
function columnSpan({ part }: KubectlDocument): Span | undefined {
  if (part.text.length > COLUMN_LIMIT) return undefined
  try {
    const first = parseWithColumns(part.text, {
      version: '1.1',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    }).errors[0]
    if (first === undefined) return undefined
    const [start, end] = first.pos
    return { start: fileOffset(part, start), end: fileOffset(part, Math.min(end, part.text.length)) }
  } catch {
    // Only nesting deeper than its stack makes the package throw; then the line has to do.
    return undefined
  }
}

/** Keys that stand twice in one mapping. kubectl says nothing of them: the last one counts. */
function duplicateKeys(root: YamlNode, part: DocumentPart, document: number): Diagnostic[] {
  const out: Diagnostic[] = []
  const stack: { readonly node: YamlNode; readonly path: string }[] = [{ node: root, path: '' }]
  while (stack.length > 0 && out.length < MAX_DUPLICATES) {
    const { node, path } = stack.pop()!
    if (node.type === 'sequence') {
      for (let i = node.items.length - 1; i >= 0; i--) stack.push({ node: node.items[i]!, path: `${path}[${i}]` })
    }
    if (node.type !== 'mapping') continue
    out.push(...duplicatesOf(node, path, { part, document }))
    for (let i = node.entries.length - 1; i >= 0; i--) {
      const { key, value } = node.entries[i]!
      stack.push({ node: value, path: childPath(path, key) })
    }
  }
  return out
}

function childPath(path: string, key: YamlNode): string {
  const name = key.type === 'scalar' ? key.value : '?'
  return path === '' ? name : `${path}.${name}`
}

function duplicatesOf(
  node: MappingNode,
  path: string,
  at: { readonly part: DocumentPart; readonly document: number },
): Diagnostic[] {
  const seen = new Map<string, YamlNode>()
  const out: Diagnostic[] = []
  for (const { key } of node.entries) {
    if (key.type !== 'scalar' || isMergeKey(key)) continue
    const first = seen.get(key.value)
    if (first === undefined) seen.set(key.value, key)
    else if (out.length < MAX_DUPLICATES) {
      out.push({
        code: 'DuplicateKey',
        severity: 'warning',
        path: childPath(path, key),
        span: spanOf(at.part, key),
        document: at.document,
        params: { field: key.value, firstOffset: String(fileOffset(at.part, first.start.offset)) },
      })
    }
  }
  return out
}

/** The node's place in the file. */
export function spanOf(part: DocumentPart, node: YamlNode): Span {
  return { start: fileOffset(part, node.start.offset), end: fileOffset(part, node.end.offset) }
}
