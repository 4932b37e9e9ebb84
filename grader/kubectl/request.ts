/**
 * What kubectl does to a request before it sends it.
 * Upstream: k8s.io/client-go/rest/request.go (Namespace, Name), apimachinery/pkg/api/validation/path/name.go,
 * k8s.io/cli-runtime/pkg/resource/helper.go.
 */
import type { ForCreate, JsonObject, KubeObject } from '../api/meta.ts'
import { quote } from './go-text.ts'

/** The object without the version that it had elsewhere. Upstream: Helper.CreateWithOptions. */
export function forCreate(object: JsonObject): ForCreate<KubeObject> {
  const { metadata } = object as { readonly metadata?: JsonObject }
  if (metadata?.resourceVersion === undefined) return object as unknown as ForCreate<KubeObject>
  const { resourceVersion: _, ...rest } = metadata
  return { ...object, metadata: rest } as unknown as ForCreate<KubeObject>
}

/** The client's error for a request that names this namespace or object, or undefined. The namespace is looked at first. */
export function requestProblem(namespace: string | undefined, name?: string): string | undefined {
  const inNamespace = segmentProblems(namespace ?? '')
  if (inNamespace.length > 0) return `invalid namespace ${quote(namespace ?? '')}: [${inNamespace.join(' ')}]`
  if (name === undefined) return undefined
  if (name === '') return 'resource name may not be empty'
  const inName = segmentProblems(name)
  return inName.length === 0 ? undefined : `invalid resource name ${quote(name)}: [${inName.join(' ')}]`
}

function segmentProblems(segment: string): readonly string[] {
  if (segment === '.' || segment === '..') return [`may not be '${segment}'`]
  return ['/', '%'].filter((c) => segment.includes(c)).map((c) => `may not contain '${c}'`)
}
