/** Documents → API objects, each with what is wrong with it. Lists are taken apart as kubectl does. */

import type { FieldPath } from '../api/field-path.ts'
import { parsePath } from '../api/field-path.ts'
import type { Json, JsonObject } from '../api/meta.ts'
import { resourceOfKind } from '../api/resource-table.ts'
import type { Decoded, DecodeError, StrictError } from '../api/schema/decode.ts'
import { decodeInto, formatStrictErrors } from '../api/schema/decode.ts'
import type { Definition } from '../api/schema/schema.ts'
import { definitionOf, type stepInto, structOf } from '../api/schema/schema.ts'
import { apiVersionInRealClusters, isKindOfRealClusters } from './built-in-kinds.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { YamlNode } from './goyaml/parser.ts'
import type { ParsedDocument } from './parse.ts'
import { parseManifest } from './parse.ts'
import type { Rooted } from './positions.ts'
import { bestSpan, locate } from './positions.ts'
import type { SourceFile, Span } from './source.ts'
import { apiVersionOfKind, fieldElsewhere, fieldInOtherCase, nearestField, nearestKind } from './suggest.ts'

/** One object of a file. */
export interface ManifestObject {
  readonly source: SourceFile
  readonly document: number
  /** As it was written: what kubectl sends. */
  readonly written: JsonObject
  /** As the API server would print it; `written` if the kind is not known or a value has the wrong type. */
  readonly object: JsonObject
  /** Its tree, for positions; absent where only JSON could be read. */
  readonly rooted?: Rooted
}

export interface DecodedManifest {
  readonly source: SourceFile
  readonly objects: readonly ManifestObject[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and decodes a file. Never throws, whatever the text is. */
export function decodeManifest(source: SourceFile): DecodedManifest {
  const parsed = parseManifest(source)
  const objects: ManifestObject[] = []
  const diagnostics: Diagnostic[] = [...parsed.diagnostics]
  for (const document of parsed.documents) {
    for (const item of itemsOf(document)) decodeItem(source, document.index, item, { objects, diagnostics })
  }
  return { source, objects, diagnostics: diagnostics.sort((a, b) => a.span.start - b.span.start) }
}

/** Where a field of the object stands in the file; the whole file if the object has no tree. */
export function spanOfField(object: Pick<ManifestObject, 'rooted' | 'source'>, path: FieldPath): Span {
  return object.rooted === undefined ? { start: 0, end: 0 } : bestSpan(locate(object.rooted, path))
}

interface Item {
  readonly value: Json
  readonly rooted?: Rooted
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function itemsOf({ value, root, part }: ParsedDocument): readonly Item[] {
  const whole: Item = root === undefined ? { value } : { value, rooted: { part, root } }
  if (!isObject(value) || value.kind !== 'List' || value.apiVersion !== 'v1' || !Array.isArray(value.items))
    return [whole]
  const nodes = root === undefined ? undefined : childOf(root, 'items')
  return (value.items as readonly Json[]).map((item, i) => {
    const node = nodes?.type === 'sequence' ? nodes.items[i] : undefined
    return node === undefined ? { value: item } : { value: item, rooted: { part, root: node } }
  })
}

function childOf(node: YamlNode, name: string): YamlNode | undefined {
  if (node.type === 'alias') return childOf(node.target, name)
  if (node.type !== 'mapping') return undefined
  const entry = node.entries.findLast(({ key }) => key.type === 'scalar' && key.value === name)
  return entry?.value.type === 'alias' ? entry.value.target : entry?.value
}

interface Found {
  readonly objects: ManifestObject[]
  readonly diagnostics: Diagnostic[]
}

function decodeItem(source: SourceFile, document: number, { value, rooted }: Item, found: Found): void {
  const place = rooted === undefined ? { source, document } : { source, document, rooted }
  if (!isObject(value)) {
    found.diagnostics.push(
      diagnose(place, { code: 'WrongType', path: '', params: { wanted: 'object', found: wordOf(value) } }),
    )
    return
  }
  const missing = (['apiVersion', 'kind'] as const).filter(
    (field) => typeof value[field] !== 'string' || value[field] === '',
  )
  if (missing.length > 0) {
    found.objects.push({ ...place, written: value, object: value })
    found.diagnostics.push(...missing.map((field) => diagnose(place, notSet(source, missing, field))))
    return
  }
  const definition = servedDefinition(value)
  if (definition === undefined) {
    found.objects.push({ ...place, written: value, object: value })
    found.diagnostics.push(diagnose(place, notServed(value)))
    return
  }
  const decoded = decodeInto(definition, value)
  found.objects.push({ ...place, written: value, object: decoded.error === undefined ? decoded.object : value })
  found.diagnostics.push(...diagnoseDecoded(place, definition, decoded))
}

function servedDefinition(value: JsonObject): Definition | undefined {
  const { apiVersion, kind } = value as { readonly apiVersion: string; readonly kind: string }
  return resourceOfKind(apiVersion, kind) === undefined ? undefined : definitionOf(apiVersion, kind)
}

type Finding = Pick<Diagnostic, 'code' | 'path' | 'params'> & {
  readonly severity?: 'warning'
  readonly kubernetes?: string
  readonly value?: boolean
}
type At = Pick<ManifestObject, 'source' | 'document' | 'rooted'>

function diagnose({ document, rooted }: At, { value, ...finding }: Finding): Diagnostic {
  const place = rooted === undefined ? undefined : locate(rooted, finding.path)
  const span = place === undefined ? { start: 0, end: 0 } : value && place.exact ? place.value : bestSpan(place)
  return { severity: 'error', document, span, ...finding }
}

function notSet(source: SourceFile, missing: readonly string[], field: string): Finding {
  const texts = missing.map((name) => `${name} not set`)
  const what = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return {
    code: 'MissingField',
    path: field,
    params: { field },
    kubernetes: `error validating "${source.name}": error validating data: ${what}; if you choose to ignore these errors, turn validation off with --validate=false`,
  }
}

function notServed(value: JsonObject): Finding {
  const { apiVersion, kind } = value as { readonly apiVersion: string; readonly kind: string }
  if (isKindOfRealClusters(apiVersion, kind)) {
    return {
      code: 'KindNotSimulated',
      severity: 'warning',
      path: 'kind',
      params: { value: kind, apiVersion },
      value: true,
    }
  }
  const kubernetes = `no matches for kind "${kind}" in version "${apiVersion}"`
  const right = apiVersionOfKind(kind) ?? apiVersionInRealClusters(kind)
  if (right !== undefined) {
    return {
      code: 'WrongApiVersion',
      path: 'apiVersion',
      params: { value: apiVersion, kind, suggestion: right },
      kubernetes,
      value: true,
    }
  }
  const suggestion = nearestKind(kind)
  const params = { value: kind, apiVersion, ...(suggestion === undefined ? {} : { suggestion }) }
  return { code: 'UnknownKind', path: 'kind', params, kubernetes, value: true }
}

function diagnoseDecoded(at: At, definition: Definition, { strictErrors, error }: Decoded): Diagnostic[] {
  const out = strictErrors.map((strict) => diagnose(at, unknownField(definition, strict)))
  if (error !== undefined) out.push(diagnose(at, wrongValue(error)))
  return out
}

function unknownField(kind: Definition, strict: StrictError): Finding {
  const steps = parsePath(strict.path)
  const last = steps[steps.length - 1]
  const field = last !== undefined && 'field' in last ? last.field : strict.path
  const parent = strict.path.slice(0, Math.max(0, strict.path.length - field.length - 1))
  const owner = parent === '' ? kind : ownerOf(kind, parent)
  const otherCase = owner === undefined ? undefined : fieldInOtherCase(owner, field)
  const suggestion = otherCase ?? (owner === undefined ? undefined : nearestField(owner, field))
  const elsewhere = fieldElsewhere(kind, field)
  return {
    code: otherCase === undefined ? 'UnknownField' : 'WrongCase',
    path: strict.path,
    params: {
      field,
      parent,
      ...(suggestion === undefined ? {} : { suggestion }),
      ...(elsewhere === undefined ? {} : { elsewhere }),
    },
    kubernetes: formatStrictErrors([strict]),
  }
}

/** The struct that a path with indexes leads to. */
function ownerOf(kind: Definition, path: FieldPath): Definition | undefined {
  let definition: Definition | undefined = kind
  for (const step of parsePath(path)) {
    if (!('field' in step)) continue
    const field: ReturnType<typeof stepInto> = definition?.fields.get(step.field)
    if (field === undefined) return undefined
    definition = structOf(field)
  }
  return definition
}

function wrongValue(error: DecodeError): Finding {
  const { path, wanted, found, text } = error
  if (wanted === undefined || found === undefined)
    return { code: 'InvalidValue', path, params: {}, kubernetes: text, value: true }
  return { code: 'WrongType', path, params: { wanted, found }, kubernetes: text, value: true }
}

function wordOf(value: Json): string {
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
}
