// What the learner's text did, before any cluster sees it: faults of the text, unknown fields, values that the API server
// refuses; each with Kubernetes' words, ours, and its place.

import { defaultObject } from '../api/defaults/defaults.ts'
import { type FieldError, formatFieldError } from '../api/field-error.ts'
import type { FieldPath } from '../api/field-path.ts'
import type { JsonObject, KubeObject } from '../api/meta.ts'
import { type Resource, resourceOfKind } from '../api/resource-table.ts'
import { validateCreate } from '../api/validation/validation.ts'
import { decodeManifest, type ManifestObject, spanOfField } from '../manifest/decode.ts'
import type { Diagnostic } from '../manifest/diagnostic.ts'
import { createSource, lineSpan, offsetAt, rangeOf, type SourceFile, type Span } from '../manifest/source.ts'
import type { ObjectRef, Place, PlaceFinder } from './explanation.ts'
import { fixOfText, fixOfValue } from './text-fixes.ts'
import { explainFieldError, explainTextFault } from './text-messages.ts'
import { isShape, refusedText } from './value-slips.ts'
import { type LineFix, recogniseYamlSlip } from './yaml-slips.ts'

/** A finding in the learner's text; lines and columns start at 1. */
export interface ManifestDiagnostic extends Partial<Place> {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  /** Kubernetes' own text where it has one. */
  readonly message: string
  /** Ours: at most 60 words. */
  readonly explanation: string
  readonly path?: FieldPath
  /** The lines as they should be, where that is certain. */
  readonly fix?: readonly LineFix[]
}

export interface ExplainedManifest {
  readonly diagnostics: readonly ManifestDiagnostic[]
  /** The DaemonSets that the texts name, whether or not the API server would take them. */
  readonly daemonSets: readonly ObjectRef[]
  readonly placeOf: PlaceFinder
}

/** Reads files, decodes, fills in defaults and validates, as an API server would on create. Never throws, whatever the texts are. */
export function explainManifest(files: readonly { readonly name: string; readonly text: string }[]): ExplainedManifest {
  const decoded = files.map((file) => decodeManifest(createSource(file.name, file.text)))
  const objects = decoded.flatMap((manifest) => manifest.objects)
  const faults = decoded.flatMap(({ source, diagnostics }) =>
    diagnostics.map((diagnostic) => fromText(source, diagnostic, objects)),
  )
  const broken = new Set(
    decoded.flatMap(({ source, diagnostics }) =>
      diagnostics.filter((d) => d.severity === 'error').map((d) => `${source.name}#${d.document}`),
    ),
  )
  const refused = objects.filter((object) => !broken.has(`${object.source.name}#${object.document}`)).flatMap(validate)
  return {
    diagnostics: [...faults, ...refused],
    daemonSets: daemonSetsOf(objects),
    placeOf: (ref, path) => placeOf(objects, ref, path),
  }
}

function daemonSetsOf(objects: readonly ManifestObject[]): ObjectRef[] {
  return objects.flatMap(({ object: { kind, metadata } }): ObjectRef[] => {
    const { name, namespace } = (metadata ?? {}) as JsonObject
    if (kind !== 'DaemonSet' || typeof name !== 'string') return []
    return [{ kind, name, namespace: typeof namespace === 'string' && namespace !== '' ? namespace : 'default' }]
  })
}

function fromText(source: SourceFile, diagnostic: Diagnostic, objects: readonly ManifestObject[]): ManifestDiagnostic {
  const { code, params } = diagnostic
  const inside = objects.filter((object) => object.source === source && object.document === diagnostic.document)
  const place = placeAt(
    source,
    isWrongShape(diagnostic) && inside.length === 1 ? spanOfField(inside[0]!, diagnostic.path) : diagnostic.span,
  )
  const slip =
    code === 'YamlSyntax' || code === 'TabIndent'
      ? recogniseYamlSlip(source.text, place.line, params.problem ?? '')
      : undefined
  const fix = slip === undefined ? fixOfText(source.text, diagnostic, place.line) : slip.fix
  const isTemplate =
    code === 'WrongType' && /\$\{\w+\}/.test(source.text.slice(diagnostic.span.start, diagnostic.span.end))
  return {
    code: isTemplate ? 'TemplateNotRendered' : (slip?.code ?? code),
    severity: diagnostic.severity,
    message: diagnostic.kubernetes ?? '',
    explanation:
      slip?.says ??
      explainTextFault(isTemplate ? 'TemplateNotRendered' : code, {
        ...params,
        ...(diagnostic.kubernetes === undefined ? {} : { kubernetes: diagnostic.kubernetes }),
      }),
    ...(diagnostic.path === '' ? {} : { path: diagnostic.path }),
    ...(slip === undefined || slip.line === place.line ? place : lineOf(source, slip.line)),
    ...(fix === undefined ? {} : { fix }),
  }
}

/** A list or a map is meant: then the key says more than the first line of the value. */
function isWrongShape({ code, params }: Diagnostic): boolean {
  return code === 'WrongType' && (isShape(params.wanted ?? '') || isShape(params.found ?? ''))
}

function lineOf(source: SourceFile, line: number): Place {
  return placeAt(source, lineSpan(source, offsetAt(source, { line, column: 1 })))
}

function validate(object: ManifestObject): ManifestDiagnostic[] {
  const { apiVersion, kind } = object.object as { readonly apiVersion?: string; readonly kind?: string }
  const resource = resourceOfKind(String(apiVersion), String(kind))
  if (resource === undefined) return []
  const errors = validateCreate(resource, prepared(resource, object.object))
  return errors.map((error) => fromValidation(object, error))
}

function fromValidation(object: ManifestObject, error: FieldError): ManifestDiagnostic {
  const selector = (object.object.spec as JsonObject | undefined)?.selector
  // Without a selector upstream complains of the labels that nothing selects.
  const noSelector = isSelectorMismatch(error) && selector === undefined
  const code = noSelector ? 'MissingField' : codeOf(error)
  const path = noSelector
    ? 'spec.selector'
    : error.path === 'spec.updateStrategy' && refusedText(error) !== undefined
      ? 'spec.updateStrategy.type'
      : error.path
  const place = placeAt(object.source, spanOfField(object, path))
  const fix = fixOfValue(object.source.text, error, place.line)
  const explanation = noSelector
    ? explainFieldError(code, { type: 'Required value', path, detail: '' })
    : explainFieldError(code, error)
  return {
    code,
    severity: 'error',
    message: formatFieldError(error),
    explanation,
    path,
    ...place,
    ...(fix === undefined ? {} : { fix }),
  }
}

/** As the server has it when it validates: namespace, name and defaults filled in. */
function prepared(resource: Resource, object: JsonObject): KubeObject {
  const metadata = (object.metadata ?? {}) as JsonObject
  const name = metadata.name ?? (typeof metadata.generateName === 'string' ? `${metadata.generateName}x` : undefined)
  const namespace = resource.namespaced ? { namespace: metadata.namespace ?? 'default' } : {}
  const named = { ...metadata, ...namespace, ...(name === undefined ? {} : { name }) }
  return defaultObject(resource, { ...object, metadata: named } as unknown as KubeObject)
}

function isSelectorMismatch({ path, detail }: FieldError): boolean {
  return path === 'spec.template.metadata.labels' && detail.includes('selector')
}

function codeOf(error: FieldError): string {
  if (isSelectorMismatch(error)) return 'SelectorMismatch'
  if (error.type === 'Required value') return 'MissingField'
  return 'InvalidValue'
}

function placeOf(objects: readonly ManifestObject[], ref: ObjectRef, path: FieldPath): Place | undefined {
  const found = objects.find(({ object }) => {
    const metadata = (object.metadata ?? {}) as JsonObject
    const sameNamespace = ref.namespace === undefined || (metadata.namespace ?? 'default') === ref.namespace
    return object.kind === ref.kind && metadata.name === ref.name && sameNamespace
  })
  return found === undefined ? undefined : placeAt(found.source, spanOfField(found, path))
}

function placeAt(source: SourceFile, span: Span): Place {
  const { line, column, endLine, endColumn } = rangeOf(source, span)
  // A block value ends on a line of its own; what is meant is where it begins.
  const ends = endLine > line ? { endLine: line, endColumn: column + 1 } : { endLine, endColumn }
  return { file: source.name, line, column, ...ends }
}
