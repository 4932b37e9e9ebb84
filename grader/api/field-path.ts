/**
 * The path of a field inside an object, as text exactly as Kubernetes prints it:
 * `spec.template.spec.containers[0].image`, `spec.nodeSelector[disktype]`, `metadata.annotations[a/b]`.
 * Cluster and manifest meet in it: the cluster knows no lines, the manifest knows no Nodes.
 * Upstream: k8s.io/apimachinery/pkg/util/validation/field/path.go.
 */
export type FieldPath = string

/** One step of a path: a field's name, a list index, or a map key. */
export type PathStep = { readonly field: string } | { readonly index: number } | { readonly key: string }

export function child(path: FieldPath, ...names: readonly string[]): FieldPath {
  let whole = path
  for (const name of names) whole = whole === '' ? name : `${whole}.${name}`
  return whole
}

export function index(path: FieldPath, i: number): FieldPath {
  return `${path}[${i}]`
}

export function mapKey(path: FieldPath, key: string): FieldPath {
  return `${path}[${key}]`
}

/** Splits a path into steps. `[12]` is an index, any other bracket a map key; field names hold no dots. */
export function parsePath(path: FieldPath): PathStep[] {
  const steps: PathStep[] = []
  let i = 0
  while (i < path.length) {
    if (path[i] === '.') i++
    if (path[i] === '[') {
      const end = path.indexOf(']', i)
      const inside = path.slice(i + 1, end < 0 ? path.length : end)
      steps.push(/^\d+$/.test(inside) ? { index: Number(inside) } : { key: inside })
      i = end < 0 ? path.length : end + 1
    } else {
      let end = i
      while (end < path.length && path[end] !== '.' && path[end] !== '[') end++
      if (end > i) steps.push({ field: path.slice(i, end) })
      i = Math.max(end, i + 1)
    }
  }
  return steps
}
