// What may be typed at a place of a manifest, and what the field there is: from the tables the API server itself uses.
import {
  type Definition,
  definitionOf,
  describeDefinition,
  describeField,
  type FieldSchema,
  knownKinds,
} from '../../grader/index.ts'
import { type PlaceStep, placeAt, type YamlPlace } from './yaml-place.ts'

export interface Suggestion {
  readonly label: string
  /** What is typed for the reader, with its own line breaks and indentation. */
  readonly insert: string
  readonly type: 'field' | 'value'
  /** `[]Toleration`, `string`. */
  readonly detail: string
  readonly text: string
  readonly isRequired: boolean
}

export interface FieldHelp {
  readonly name: string
  readonly detail: string
  readonly isRequired: boolean
  readonly values: readonly string[]
  readonly text: string
  /** Columns (from 1) that the name takes. */
  readonly from: number
  readonly to: number
}

/** Fields that only the cluster writes: offered to nobody. */
const WRITTEN_BY_CLUSTER = new Set([
  ...['status', 'managedFields', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'],
  ...['resourceVersion', 'selfLink', 'uid', 'generation'],
])

/** What could stand at that line and column (both from 1), the required fields first. Never fails. */
export function suggestionsAt(text: string, line: number, column: number): readonly Suggestion[] {
  const place = placeAt(text, line, column)
  if (place === undefined) return []
  return place.part === 'value' ? valuesAt(place) : fieldsAt(text, place)
}

/** What the field is whose name stands at that line and column; undefined where no known field stands. */
export function fieldHelpAt(text: string, line: number, column: number): FieldHelp | undefined {
  const place = placeAt(text, line, column)
  if (place?.key === undefined || place.part === 'value') return undefined
  const from = place.indent + 1
  const to = from + place.key.length
  if (column < from || column > to) return undefined
  const holder = holderAt(place)
  const field = holder?.fields.get(place.key)
  if (holder === undefined || field === undefined) return undefined
  return {
    name: place.key,
    detail: typeName(field),
    isRequired: isRequired(holder, field),
    values: field.enum ?? [],
    text: textOf(holder, field),
    from,
    to,
  }
}

function fieldsAt(text: string, place: YamlPlace): readonly Suggestion[] {
  const below = fieldBelow(place.path, kindOf(place))
  const isList = below?.type === 'list'
  const holder = isList ? below.items?.definition : holderAt(place)
  if (holder === undefined) return place.path.length === 0 ? startOfDocument(place) : []
  const taken = isList ? NONE : new Set(place.siblings)
  const dash = isList ? '- ' : ''
  const indent = place.indent + dash.length
  return [...holder.fields.values()]
    .filter((field) => !taken.has(field.name) && !WRITTEN_BY_CLUSTER.has(field.name))
    .map((field) => ({
      label: field.name,
      insert: `${dash}${field.name}:${valueStart(field, indent, listsAreIndented(text))}`,
      type: 'field' as const,
      detail: typeName(field),
      text: textOf(holder, field),
      isRequired: isRequired(holder, field),
    }))
    .sort((a, b) => Number(b.isRequired) - Number(a.isRequired) || (a.label < b.label ? -1 : 1))
}

function valuesAt(place: YamlPlace): readonly Suggestion[] {
  const value = (label: string, detail: string, text = ''): Suggestion => ({
    ...{ label, insert: label, type: 'value', detail, text, isRequired: false },
  })
  if (place.path.length === 0 && place.key === 'kind') {
    return kinds()
      .filter(({ apiVersion }) => place.apiVersion === undefined || apiVersion === place.apiVersion)
      .map(({ kind, apiVersion }) => value(kind, apiVersion))
  }
  if (place.path.length === 0 && place.key === 'apiVersion') {
    const fitting = kinds().filter(({ kind }) => place.kind === undefined || kind === place.kind)
    return [...new Set(fitting.map(({ apiVersion }) => apiVersion))].map((apiVersion) => value(apiVersion, ''))
  }
  const holder = holderAt(place)
  const field = place.key === undefined ? undefined : holder?.fields.get(place.key)
  if (holder === undefined || field === undefined) return []
  if (field.type === 'boolean') return ['false', 'true'].map((label) => value(label, field.name))
  return (field.enum ?? []).filter((label) => label !== '').map((label) => value(label, field.name))
}

/** The struct whose field the line's key names. */
function holderAt(place: YamlPlace): Definition | undefined {
  const kind = kindOf(place)
  if (place.path.length === 0) return kind
  const below = fieldBelow(place.path, kind)
  return below?.type === 'object' ? below.definition : undefined
}

function fieldBelow(path: readonly PlaceStep[], kind: Definition | undefined): FieldSchema | undefined {
  let holder = kind
  let field: FieldSchema | undefined
  for (const step of path) {
    if (step.type === 'key') field = field?.type === 'map' ? field.items : holder?.fields.get(step.name)
    else field = field?.type === 'list' ? field.items : undefined
    if (field === undefined) return undefined
    holder = field.definition
  }
  return field
}

function kindOf({ apiVersion, kind }: YamlPlace): Definition | undefined {
  if (kind === undefined) return undefined
  const version = apiVersion ?? kinds().find((known) => known.kind === kind)?.apiVersion
  return version === undefined ? undefined : definitionOf(version, kind)
}

/** Kinds that somebody writes into a file. */
function kinds() {
  return knownKinds().filter(({ kind }) => !/List$|Options$|^WatchEvent$|^Status$|^Scale$|Review$/.test(kind))
}

function startOfDocument(place: YamlPlace): readonly Suggestion[] {
  return ['apiVersion', 'kind', 'metadata']
    .filter((name) => !place.siblings.includes(name))
    .map((label) => ({
      ...{ label, insert: label === 'metadata' ? 'metadata:\n  name: ' : `${label}: `, type: 'field' as const },
      ...{ detail: label === 'metadata' ? 'ObjectMeta' : 'string', text: '', isRequired: true },
    }))
}

function valueStart(field: FieldSchema, indent: number, indentsLists: boolean): string {
  const deeper = ' '.repeat(indent + 2)
  if (field.type === 'object' || field.type === 'map') return `\n${deeper}`
  if (field.type === 'list') return `\n${indentsLists ? deeper : ' '.repeat(indent)}- `
  return ' '
}

/** Whether this text indents the items of a list under its key; both are right, so its own habit is kept. */
function listsAreIndented(text: string): boolean {
  return !/^( *)(?:- )?[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text)
}

/** The tables say `required` of few fields of a kind itself; without these nothing can be applied. */
function isRequired(holder: Definition, field: FieldSchema): boolean {
  const isKind = holder.kinds.length > 0
  return field.required || (isKind && ['apiVersion', 'kind', 'metadata'].includes(field.name))
}

function textOf(holder: Definition, field: FieldSchema): string {
  const own = describeField(holder.name, field.name)
  const struct = field.definition ?? field.items?.definition
  return own === '' && struct !== undefined ? describeDefinition(struct.name) : own
}

function typeName(field: FieldSchema): string {
  if (field.type === 'list') return `[]${field.items === undefined ? 'any' : typeName(field.items)}`
  if (field.type === 'map') return `map[string]${field.items === undefined ? 'any' : typeName(field.items)}`
  if (field.type === 'object') return field.definition?.struct ?? 'object'
  const names: Readonly<Record<string, string>> = { intOrString: 'int or string', quantity: 'Quantity' }
  return names[field.type] ?? field.type
}

const NONE: ReadonlySet<string> = new Set()
