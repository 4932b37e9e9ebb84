/**
 * What kubectl refuses to put into the path of a request; the server never sees it.
 * Upstream: k8s.io/client-go/rest/request.go (Namespace, Name), apimachinery/pkg/api/validation/path/name.go.
 */
import { quote } from './go-text.ts'

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
