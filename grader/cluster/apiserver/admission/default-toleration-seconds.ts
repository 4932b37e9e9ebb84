// DefaultTolerationSeconds: an ordinary Pod stays five minutes on a Node that is not ready or not reachable.
// Upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go.
import type { Toleration } from '../../../api/core.ts'
import type { PodDraft } from './pod-draft.ts'

const SECONDS = 300
const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
const ADDED: readonly Toleration[] = KEYS.map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: SECONDS,
}))

const memo = new WeakMap<readonly Toleration[], readonly Toleration[]>()

/** Appends the tolerations of the two taints that the Pod does not mention; a daemon Pod mentions both. */
export function addDefaultTolerations({ spec }: PodDraft): undefined {
  const { tolerations } = spec
  if (tolerations === undefined) {
    spec.tolerations = ADDED
    return
  }
  let completed = memo.get(tolerations)
  if (completed === undefined) {
    const missing = ADDED.filter(({ key = '' }) => !tolerations.some((toleration) => covers(toleration, key)))
    completed = missing.length === 0 ? tolerations : [...tolerations, ...missing]
    memo.set(tolerations, completed)
  }
  if (completed !== tolerations) spec.tolerations = completed
}

// Upstream looks at neither operator nor value here.
function covers(toleration: Toleration, key: string): boolean {
  const isAbout = (toleration.key ?? '') === '' || toleration.key === key
  const effect: string = toleration.effect ?? ''
  return isAbout && (effect === '' || effect === 'NoExecute')
}
