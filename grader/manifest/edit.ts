// Edits of the learner's own text: only the lines of the field change; comments, order and style of all others stay.
import { type FieldPath, type PathStep, parsePath } from '../api/field-path.ts'
import type { Json, JsonObject } from '../api/meta.ts'
import type { ManifestObject } from './decode.ts'
import { renderBlock, renderFlow, renderScalar } from './emit.ts'
import { isMergeKey } from './goyaml/convert.ts'
import type { MappingNode, SequenceNode, YamlNode } from './goyaml/parser.ts'
import type { DocumentPart } from './kubectl-documents.ts'
import { spanOf } from './parse.ts'
import { positionAt, type SourceFile } from './source.ts'

export interface TextEdit {
  readonly op: 'add' | 'replace' | 'remove'
  /** `-` as the last step appends to a list: `spec.template.spec.tolerations/-`. */
  readonly path: FieldPath
  readonly value?: unknown
}

interface Context {
  readonly source: SourceFile
  readonly part: DocumentPart
  readonly lines: readonly string[]
}

/** Entries of a mapping before which new ones are put: the long ones stay last. */
const LAST_KEYS = new Set(['containers', 'template'])

/** The file's text with one edit made, or undefined where the text's shape does not allow it (aliases, several keys on one line). */
export function editText(object: ManifestObject, edit: TextEdit): string | undefined {
  if (object.rooted === undefined) return undefined
  const { part, root } = object.rooted
  const context: Context = { source: object.source, part, lines: object.source.text.split('\n') }
  const append = edit.path.endsWith('/-')
  const steps = parsePath(append ? edit.path.slice(0, -2) : edit.path)
  const { trail, missing } = follow(root, steps)
  if (trail.some(({ node }) => node.type === 'alias')) return undefined
  if (trail.some(({ node }) => node.type === 'mapping' && node.entries.some((entry) => isMergeKey(entry.key))))
    return undefined
  if (
    trail.some((stop) => isAnchored(context, stop)) ||
    (edit.op !== 'add' && missing.length === 0 && holdsAnchor(context, trail.at(-1)!))
  )
    return undefined
  if (edit.op === 'remove') return missing.length > 0 ? undefined : remove(context, trail)
  if (append && missing.length === 0) return appendItem(context, trail, edit.value as Json)
  const value = append ? [edit.value as Json] : (edit.value as Json)
  if (missing.length === 0) return replace(context, trail, value)
  return addEntry(context, trail, { name: nameOf(missing[0]!), value: nest(missing.slice(1), value) })
}

/** One step of the way down: the node reached, and the step that led there. */
interface Stop {
  readonly node: YamlNode
  readonly step?: PathStep
  readonly key?: YamlNode
}

function follow(
  root: YamlNode,
  steps: readonly PathStep[],
): { readonly trail: readonly Stop[]; readonly missing: readonly PathStep[] } {
  const trail: Stop[] = [{ node: root }]
  for (const [i, step] of steps.entries()) {
    const { node } = trail.at(-1)!
    const next = inner(node, step)
    if (next === undefined) return { trail, missing: steps.slice(i) }
    trail.push(next)
  }
  return { trail, missing: [] }
}

/** Something further down stands on the text: `*name`. */
function isUsed({ source }: Context, text: string): boolean {
  return [...text.matchAll(/(?:^|[\s:-])&([\w-]+)/g)].some((match) => source.text.includes(`*${match[1]}`))
}

function isAnchored(context: Context, { node, key }: Stop): boolean {
  if (key === undefined && node.type === 'mapping' && !node.flow && startOf(context, node).column === 1) return false
  const line = context.lines[startOf(context, key ?? node).line - 1]!
  return /^\s*(-\s+)?([\w./-]+:\s+)?&[\w-]+\s*$/.test(line) && isUsed(context, line)
}

function holdsAnchor(context: Context, { node, key }: Stop): boolean {
  const { start } = spanOf(context.part, key ?? node)
  return isUsed(context, context.source.text.slice(start, spanOf(context.part, node).end))
}

function inner(node: YamlNode, step: PathStep): Stop | undefined {
  if (node.type === 'sequence' && 'index' in step) {
    const item = node.items[step.index]
    return item === undefined ? undefined : { node: item, step }
  }
  if (node.type !== 'mapping') return undefined
  const entry = node.entries.find(({ key }) => key.type === 'scalar' && key.value === nameOf(step))
  return entry === undefined ? undefined : { node: entry.value, step, key: entry.key }
}

function nest(steps: readonly PathStep[], value: Json): Json {
  return steps.reduceRight<Json>((inside, step) => ('index' in step ? [inside] : { [nameOf(step)]: inside }), value)
}

function replace(context: Context, trail: readonly Stop[], value: Json): string | undefined {
  const { node, key } = trail.at(-1)!
  if (node.type === 'scalar' && (typeof value !== 'object' || value === null) && node.start.offset !== node.end.offset)
    return splice(context, node, renderScalar(value))
  if (isFlow(node) || trail.slice(0, -1).some(({ node: above }) => isFlow(above)))
    return splice(context, node, renderFlow(value))
  if (key === undefined) return replaceItem(context, node, value)
  const { line, column } = startOf(context, key)
  const indent = column - 1
  const before = context.lines[line - 1]!.slice(0, indent)
  return withLines(
    context,
    { from: line, to: lastLine(context, node, key) },
    renderBlock({ [keyText(key)]: value } as JsonObject, { indent, deepLists: hasDeepLists(context) }).map((text, i) =>
      i === 0 ? before + text.slice(indent) : text,
    ),
  )
}

function replaceItem(context: Context, node: YamlNode, value: Json): string | undefined {
  const from = startOf(context, node).line
  const first = context.lines[from - 1]!
  const indent = first.indexOf('-')
  if (indent < 0 || first.slice(0, indent).trim() !== '') return undefined
  return withLines(
    context,
    { from, to: lastLine(context, node, undefined) },
    renderBlock([value], { indent, deepLists: hasDeepLists(context) }),
  )
}

/** Whether the text indents the items of a list deeper than its key. */
function hasDeepLists({ source }: Context): boolean {
  return /^( *)(?:- +)?[\w./-]+: *\n\1 +- /m.test(source.text)
}

function remove(context: Context, trail: readonly Stop[]): string | undefined {
  const { node, key } = trail.at(-1)!
  const parent = trail.at(-2)?.node
  if (parent === undefined) return undefined
  const size = parent.type === 'mapping' ? parent.entries.length : parent.type === 'sequence' ? parent.items.length : 0
  // What would be left empty goes as a whole, so that no `tolerations:` without items stays behind.
  if (size === 1 && trail.length > 2) return remove(context, trail.slice(0, -1))
  if (isFlow(parent)) return removeFromFlow(context, parent as MappingNode | SequenceNode, node)
  if (trail.slice(0, -2).some(({ node: above }) => isFlow(above))) return undefined
  const from = startOf(context, key ?? node).line
  const to = lastLine(context, node, key)
  const first = context.lines[from - 1]!
  if (
    parent.type === 'mapping' &&
    key !== undefined &&
    /^\s*-\s/.test(first) &&
    parent.entries[0]?.key === key &&
    startOf(context, parent).line === from
  ) {
    const next = context.lines[to]
    if (next === undefined) return undefined
    const dash = first.indexOf('-')
    return withLines(context, { from, to: to + 1 }, [`${next.slice(0, dash)}-${next.slice(dash + 1)}`])
  }
  return withLines(context, { from, to }, [])
}

function removeFromFlow(context: Context, parent: MappingNode | SequenceNode, node: YamlNode): string | undefined {
  const parts =
    parent.type === 'mapping'
      ? parent.entries.map(({ key, value }) => ({ start: key, end: value, own: value === node }))
      : parent.items.map((item) => ({ start: item, end: item, own: item === node }))
  const i = parts.findIndex(({ own }) => own)
  const { text } = context.source
  const start = i === 0 ? spanOf(context.part, parts[0]!.start).start : spanOf(context.part, parts[i - 1]!.end).end
  const end = i === 0 ? spanOf(context.part, parts[1]!.start).start : spanOf(context.part, parts[i]!.end).end
  return text.slice(0, start) + text.slice(end)
}

function appendItem(context: Context, trail: readonly Stop[], value: Json): string | undefined {
  const { node } = trail.at(-1)!
  if (node.type !== 'sequence') return replace(context, trail, [value])
  const last = node.items.at(-1)
  if (isFlow(node) || last === undefined) {
    const span = spanOf(context.part, node)
    const { text } = context.source
    const body = text.slice(span.start, span.end).replace(/\s*\]$/, '')
    return `${text.slice(0, span.start)}${body}${last === undefined ? '' : ', '}${renderFlow(value)}]${text.slice(span.end)}`
  }
  const line = startOf(context, last).line
  const indent = context.lines[line - 1]!.indexOf('-')
  const at = lastLine(context, last, undefined)
  return withLines(
    context,
    { from: at + 1, to: at },
    renderBlock([value], { indent, deepLists: hasDeepLists(context) }),
  )
}

function addEntry(
  context: Context,
  trail: readonly Stop[],
  { name, value }: { readonly name: string; readonly value: Json },
): string | undefined {
  const { node } = trail.at(-1)!
  if (node.type === 'scalar' && node.value === '') return replace(context, trail, { [name]: value } as JsonObject)
  if (node.type !== 'mapping' || trail.slice(0, -1).some(({ node: above }) => isFlow(above))) return undefined
  const last = node.entries.at(-1)
  if (isFlow(node)) {
    const span = spanOf(context.part, node)
    const { text } = context.source
    const body = text.slice(span.start, span.end).replace(/\s*\}$/, '')
    return (
      text.slice(0, span.start) +
      `${body}${last === undefined ? ' ' : ', '}${renderScalar(name)}: ${renderFlow(value)} }` +
      text.slice(span.end)
    )
  }
  if (last === undefined) return undefined
  const anchor = node.entries.find(({ key }) => LAST_KEYS.has(keyText(key)) && isFirstOnLine(context, key))
  const indent = startOf(context, node.entries[0]!.key).column - 1
  const rendered = renderBlock({ [name]: value } as JsonObject, { indent, deepLists: hasDeepLists(context) })
  const at = anchor === undefined ? lastLine(context, last.value, last.key) : startOf(context, anchor.key).line - 1
  return withLines(context, { from: at + 1, to: at }, rendered)
}

function splice({ source, part }: Context, node: YamlNode, text: string): string {
  const { start, end } = spanOf(part, node)
  return source.text.slice(0, start) + text + source.text.slice(end)
}

/** Lines count from 1; `to` before `from` inserts. */
function withLines(
  { lines }: Context,
  { from, to }: { readonly from: number; readonly to: number },
  now: readonly string[],
): string {
  return [...lines.slice(0, from - 1), ...now, ...lines.slice(to)].join('\n')
}

/** The last line that belongs to the node: blank lines and comments behind a block do not. */
function lastLine(context: Context, node: YamlNode, key: YamlNode | undefined): number {
  if (node.type === 'mapping' && !node.flow && node.entries.length > 0)
    return lastLine(context, node.entries.at(-1)!.value, node.entries.at(-1)!.key)
  if (node.type === 'sequence' && !node.flow && node.items.length > 0)
    return lastLine(context, node.items.at(-1)!, undefined)
  const { end, start } = spanOf(context.part, node)
  if (start === end && key !== undefined) return startOf(context, key).line
  return positionAt(context.source, Math.max(start, end - 1)).line
}

function startOf({ source, part }: Context, node: YamlNode) {
  return positionAt(source, spanOf(part, node).start)
}

function isFirstOnLine(context: Context, key: YamlNode): boolean {
  const { line, column } = startOf(context, key)
  return context.lines[line - 1]!.slice(0, column - 1).trim() === ''
}

const isFlow = (node: YamlNode): boolean => (node.type === 'mapping' || node.type === 'sequence') && node.flow
const keyText = (key: YamlNode): string => (key.type === 'scalar' ? key.value : '')
const nameOf = (step: PathStep): string =>
  'field' in step ? step.field : 'key' in step ? step.key : String(step.index)
