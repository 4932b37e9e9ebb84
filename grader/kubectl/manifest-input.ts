/**
 * Objects from the files after `-f`: documents, lists taken apart, the kind looked up, the namespace filled in.
 * Upstream: k8s.io/cli-runtime/pkg/resource/visitor.go (StreamVisitor, FlattenListVisitor, SetNamespace,
 * RequireNamespace), k8s.io/kubectl/pkg/validation.
 */
import type { Json, JsonObject } from '../api/meta.ts'
import { resourceOfKind } from '../api/resource-table.ts'
import { isKindOfRealClusters } from '../manifest/built-in-kinds.ts'
import { readAsKubectl } from '../manifest/kubectl-documents.ts'
import { metadataError } from '../manifest/kubectl-metadata.ts'
import type { Session } from './command.ts'
import { type CommandError, fail, textError } from './failure.ts'
import { quote } from './go-text.ts'
import { formatJson } from './print/json.ts'
import type { Target } from './selection.ts'

export interface Manifests {
  readonly targets: readonly Target[]
  readonly errors: readonly CommandError[]
  readonly single: boolean
}

interface ReadOptions {
  readonly validate?: boolean
}

/** Reads all objects of the files. A file that is not there ends the command; bad documents are collected. */
export function readManifests(
  session: Session,
  filenames: readonly string[],
  recursive: boolean,
  options: ReadOptions = {},
): Manifests {
  const targets: Target[] = []
  const errors: CommandError[] = []
  const sources = filenames.flatMap((name) => filesOf(session, name, recursive))
  let documents = 0
  for (const { source, text } of sources) {
    const parsed = readAsKubectl(text, source)
    for (const document of parsed.objects) {
      const items = flatten(document)
      documents += items.length
      for (const item of items) {
        const read = targetOfDocument(session, item, source, options.validate !== false)
        if (read.ok) targets.push(read.target)
        else errors.push(textError(read.error))
        if (!read.ok && read.stops) break
      }
    }
    if (parsed.error !== undefined) errors.push(textError(parsed.error))
  }
  return { targets, errors, single: sources.length === 1 && documents === 1 }
}

interface SourceText {
  readonly source: string
  readonly text: string
}

const EXTENSIONS = ['.json', '.yaml', '.yml']

function filesOf(session: Session, name: string, recursive: boolean): readonly SourceText[] {
  if (name === '-') return [{ source: 'STDIN', text: session.stdin }]
  if (/^https?:\/\//.test(name)) fail(`unable to read URL ${quote(name)}, the simulated cluster has no network`)
  const text = session.files.read(name)
  if (text !== undefined) return [{ source: name, text }]
  const inside = session.files.below(name)
  if (inside === undefined) fail(`the path ${quote(name)} does not exist`)
  const folder = name.endsWith('/') ? name : `${name}/`
  const wanted = inside.filter(
    (file) => EXTENSIONS.some((e) => file.endsWith(e)) && (recursive || !file.slice(folder.length).includes('/')),
  )
  if (wanted.length === 0) fail(`error reading [${name}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`)
  return wanted.map((file) => ({ source: file, text: session.files.read(file) ?? '' }))
}

/** The items of a List, or the object itself. */
function flatten(document: Json): readonly Json[] {
  if (!isObject(document)) return [document]
  if (typeof document.kind !== 'string' || !document.kind.endsWith('List') || !Array.isArray(document.items))
    return [document]
  return (document.items as readonly Json[]).flatMap(flatten)
}

type ReadTarget =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly error: string; readonly stops: boolean }

function targetOfDocument(session: Session, document: Json, source: string, validate: boolean): ReadTarget {
  const refuse = (error: string, stops = false): ReadTarget => ({ ok: false, error, stops })
  if (!isObject(document)) {
    return refuse(
      `error validating ${quote(source)}: error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`,
      true,
    )
  }
  const { kind } = document
  const problems = validate ? kindProblems(document) : []
  if (problems.length > 0) {
    const list = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`
    return refuse(
      `error validating ${quote(source)}: error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
      true,
    )
  }
  if (typeof kind !== 'string' || kind === '')
    return refuse(`unable to decode ${quote(source)}: Object 'Kind' is missing in '${formatJson(document)}'`)
  const unsound = metadataError(document)
  if (unsound !== undefined) return refuse(`unable to decode ${quote(source)}: ${unsound}`)
  const metadata = isObject(document.metadata) ? document.metadata : {}
  const name = typeof metadata.name === 'string' ? metadata.name : ''
  const given = typeof metadata.namespace === 'string' ? metadata.namespace : ''
  const apiVersion = typeof document.apiVersion === 'string' ? document.apiVersion : ''
  const resource = resourceOfKind(apiVersion, kind)
  if (resource === undefined) {
    if (isKindOfRealClusters(apiVersion, kind)) {
      return refuse(
        `nodewise: ${kind} (${apiVersion}) exists in real clusters and is not simulated here (${quote(source)})`,
      )
    }
    return refuse(
      `resource mapping not found for name: ${quote(name)} namespace: ${quote(given)} from ${quote(source)}: no matches for kind ${quote(kind)} in version ${quote(apiVersion)}\nensure CRDs are installed first`,
    )
  }
  if (!resource.namespaced)
    return { ok: true, target: { resource, namespace: undefined, name, source, object: document } }
  if (session.namespaceGiven && given !== '' && given !== session.namespace) {
    return refuse(
      `the namespace from the provided object ${quote(given)} does not match the namespace ${quote(session.namespace)}. You must pass '--namespace=${given}' to perform this operation.`,
    )
  }
  const namespace = given === '' ? session.namespace : given
  const object = given === '' ? { ...document, metadata: { ...metadata, namespace } } : document
  return { ok: true, target: { resource, namespace, name, source, object } }
}

/** Upstream: getObjectKind of kubectl/pkg/validation. */
function kindProblems({ apiVersion, kind }: JsonObject): readonly string[] {
  return [
    ...stringProblem('apiVersion', apiVersion),
    ...(typeof apiVersion === 'string' && apiVersion.split('/').length > 2
      ? [`unexpected GroupVersion string: ${apiVersion}`]
      : []),
    ...stringProblem('kind', kind),
  ]
}

function stringProblem(field: string, value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [`${field} not set`]
  return typeof value === 'string' ? [] : [`${field} isn't string type`]
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
