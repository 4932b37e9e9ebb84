// What a dump of a real cluster does not show, and `why` has to assume: objects of kinds that were not asked for, and
// nodes that are not healthy. Each assumption is said in a note.
import type { Node } from '../api/core.ts'
import type { Json, JsonObject, KubeObject } from '../api/meta.ts'
import { valueAt } from './json-edit.ts'

const SPEC = 'spec.template.spec'
const BUILT_IN = new Set(['default', 'system-node-critical', 'system-cluster-critical'])

interface Reference {
  readonly kind: string
  readonly name: string
  readonly namespace: string
}

/** Stand-ins for what the DaemonSets name, of kinds of which the dump holds nothing at all; one note for each kind. */
export function assumedObjects(
  items: readonly KubeObject[],
  sets: readonly JsonObject[],
  notes: string[],
): JsonObject[] {
  const seen = new Set(items.map(({ kind }) => kind))
  const wanted = new Map(
    sets
      .flatMap(referencesOf)
      .filter(({ kind, name }) => !seen.has(kind) && !BUILT_IN.has(name))
      .map((ref) => [`${ref.kind}/${ref.namespace}/${ref.name}`, ref]),
  )
  for (const kind of new Set([...wanted.values()].map((ref) => ref.kind))) {
    const names = [...wanted.values()].filter((ref) => ref.kind === kind).map(({ name }) => name)
    notes.push(`The dump holds no ${kind}, so these are taken to exist: ${[...new Set(names)].join(', ')}.`)
  }
  return [...wanted.values()].map(standIn)
}

/** Nodes that the dump shows as not Ready count as healthy here: where Pods belong does not depend on it for long. */
export function noteSickNodes(nodes: readonly Node[], notes: string[]): void {
  const sick = nodes
    .filter(({ status }) => status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value !== 'True'))
    .map(({ metadata }) => metadata.name)
  if (sick.length > 0)
    notes.push(
      `Not Ready in the dump, and healthy here: ${sick.slice(0, 10).join(', ')}${sick.length > 10 ? ` and ${sick.length - 10} more` : ''}.`,
    )
}

function referencesOf(ds: JsonObject): Reference[] {
  const namespace = String(valueAt(ds, 'metadata.namespace') ?? 'default')
  const named = (kind: string, path: string): Reference[] => {
    const name = valueAt(ds, path)
    return typeof name === 'string' && name !== '' ? [{ kind, name, namespace }] : []
  }
  return [
    ...named('ServiceAccount', `${SPEC}.serviceAccountName`),
    ...named('PriorityClass', `${SPEC}.priorityClassName`),
    ...named('RuntimeClass', `${SPEC}.runtimeClassName`),
    ...mentioned(valueAt(ds, SPEC)).map(({ kind, name }) => ({ kind, name, namespace })),
  ]
}

const SOURCES: readonly (readonly [field: string, kind: string, name: string])[] = [
  ['configMap', 'ConfigMap', 'name'],
  ['configMapRef', 'ConfigMap', 'name'],
  ['configMapKeyRef', 'ConfigMap', 'name'],
  ['secret', 'Secret', 'secretName'],
  ['secretRef', 'Secret', 'name'],
  ['secretKeyRef', 'Secret', 'name'],
]

/** ConfigMaps and Secrets, wherever the template names them. */
function mentioned(value: Json | undefined): { readonly kind: string; readonly name: string }[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(mentioned)
  if (typeof value !== 'object' || value === null) return []
  const here = SOURCES.flatMap(([field, kind, key]) => {
    const name = valueAt(value as JsonObject, `${field}.${key}`)
    return typeof name === 'string' ? [{ kind, name }] : []
  })
  return [...here, ...Object.values(value).flatMap((inner) => mentioned(inner as Json))]
}

function standIn({ kind, name, namespace }: Reference): JsonObject {
  if (kind === 'PriorityClass') return { apiVersion: 'scheduling.k8s.io/v1', kind, metadata: { name }, value: 0 }
  if (kind === 'RuntimeClass') return { apiVersion: 'node.k8s.io/v1', kind, metadata: { name }, handler: name }
  return { apiVersion: 'v1', kind, metadata: { name, namespace } }
}
