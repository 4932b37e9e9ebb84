/** FieldPath → where the field stands in the text: its key, its value, or the nearest place above it that exists. */
import type { FieldPath, PathStep } from '../api/field-path.ts'
import { parsePath } from '../api/field-path.ts'
import { isMergeKey } from './goyaml/convert.ts'
import type { MappingNode, YamlNode } from './goyaml/parser.ts'
import type { DocumentPart } from './kubectl-documents.ts'
import { spanOf } from './parse.ts'
import type { Span } from './source.ts'

/** An object's tree inside its document. */
export interface Rooted {
  readonly part: DocumentPart
  readonly root: YamlNode
}

export interface Place {
  /** The key that leads to the value; absent for list items and for the whole object. */
  readonly key?: Span
  readonly value: Span
  /** Whether the whole path exists; else this is the nearest thing above. */
  readonly exact: boolean
  /** The part of the path that exists. */
  readonly path: FieldPath
}

/**
 * Where the path leads. Aliases and merge keys are followed. If the path does not exist in the text, the longest
 * beginning of it that does.
 */
export function locate({ part, root }: Rooted, path: FieldPath): Place {
  let node = root
  let key: YamlNode | undefined
  let walked = ''
  const steps = parsePath(path)
  for (const [i, step] of steps.entries()) {
    // Map keys may hold dots, which the path of a field cannot tell from steps: the longest key that fits is meant.
    const next = stepInto(resolve(node), step) ?? dottedKey(resolve(node), steps.slice(i))
    if (next === undefined) return placeOf({ part, root: node }, key, { path: walked, exact: false })
    node = next.value
    key = next.key
    walked = extend(walked, step)
    if (next.rest) return placeOf({ part, root: node }, key, { path, exact: true })
  }
  return placeOf({ part, root: node }, key, { path, exact: true })
}

/** The key if there is one, else the value: what an editor marks. */
export function bestSpan(place: Place): Span {
  return place.key ?? place.value
}

function placeOf(
  { part, root }: Rooted,
  key: YamlNode | undefined,
  found: { readonly path: FieldPath; readonly exact: boolean },
): Place {
  const value = spanOf(part, root)
  return key === undefined ? { value, ...found } : { key: spanOf(part, key), value, ...found }
}

const resolve = (node: YamlNode): YamlNode => (node.type === 'alias' ? resolve(node.target) : node)

function extend(path: FieldPath, step: PathStep): FieldPath {
  if ('index' in step) return `${path}[${step.index}]`
  if ('key' in step) return `${path}[${step.key}]`
  return path === '' ? step.field : `${path}.${step.field}`
}

interface Step {
  readonly key?: YamlNode
  readonly value: YamlNode
  /** The rest of the path was one key. */
  readonly rest?: true
}

function stepInto(node: YamlNode, step: PathStep): Step | undefined {
  if ('index' in step && node.type === 'sequence') {
    const value = node.items[step.index]
    return value === undefined ? undefined : { value }
  }
  if (node.type !== 'mapping') return undefined
  return entryOf(node, 'field' in step ? step.field : 'key' in step ? step.key : String(step.index))
}

/** The last entry of that name counts, as for kubectl; merged ones count only if there is none. */
function entryOf(node: MappingNode, name: string, depth = 0): Step | undefined {
  for (let i = node.entries.length - 1; i >= 0; i--) {
    const entry = node.entries[i]!
    if (entry.key.type === 'scalar' && entry.key.value === name && !isMergeKey(entry.key)) return entry
  }
  if (depth > 20) return undefined
  for (const { key, value } of node.entries) {
    if (!isMergeKey(key)) continue
    const merged = resolve(value)
    for (const source of merged.type === 'sequence' ? merged.items.map(resolve) : [merged]) {
      const found = source.type === 'mapping' ? entryOf(source, name, depth + 1) : undefined
      if (found !== undefined) return found
    }
  }
  return undefined
}

function dottedKey(node: YamlNode, steps: readonly PathStep[]): Step | undefined {
  if (node.type !== 'mapping' || steps.length < 2 || !steps.every((step) => 'field' in step)) return undefined
  const found = entryOf(node, steps.map((step) => ('field' in step ? step.field : '')).join('.'))
  return found === undefined ? undefined : { ...found, rest: true }
}
