/** Which Pods drain evicts, and why not the others. Upstream: k8s.io/kubectl/pkg/drain/filters.go. */
import type { Pod } from '../../api/core.ts'
import { controllerOf, keyOf } from '../../api/meta.ts'
import { daemonSets } from '../../api/resource-table.ts'
import { parseRfc3339 } from '../../api/timestamp.ts'
import type { Session } from '../command.ts'

export interface DrainOptions {
  readonly force: boolean
  readonly ignoreDaemonSets: boolean
  readonly deleteEmptyDirData: boolean
  /** Skip Pods that have been terminating for longer than this; 0 is never. */
  readonly skipWaitSeconds: number
}

/** What a filter says of a Pod. The last verdict counts, unless one says that it must stay. */
export interface Verdict {
  readonly evict: boolean
  readonly warning?: string
  readonly error?: string
}

const OKAY: Verdict = { evict: true }
const SKIP: Verdict = { evict: false }

/** Runs the Pod through the filters in upstream's order. */
export function verdictOn(session: Session, pod: Pod, options: DrainOptions): Verdict {
  let verdict = OKAY
  for (const filter of [filterDeleted, filterDaemonSet, filterMirror, filterLocalStorage, filterUnreplicated]) {
    verdict = filter(session, pod, options)
    if (!verdict.evict) return verdict
  }
  return verdict
}

const isFinished = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed'

function filterDeleted(session: Session, pod: Pod, { skipWaitSeconds }: DrainOptions): Verdict {
  const at = parseRfc3339(pod.metadata.deletionTimestamp)
  if (skipWaitSeconds > 0 && at !== undefined && (session.now() - at) / 1000 > skipWaitSeconds) return SKIP
  return OKAY
}

function filterDaemonSet(session: Session, pod: Pod, options: DrainOptions): Verdict {
  const owner = controllerOf(pod)
  if (owner === undefined || owner.kind !== 'DaemonSet' || isFinished(pod)) return OKAY
  const found = session.client.get(daemonSets, { namespace: pod.metadata.namespace ?? 'default', name: owner.name })
  if (!found.ok) {
    if (found.status.reason === 'NotFound' && options.force) return { evict: true, warning: found.status.message }
    return { evict: false, error: found.status.message }
  }
  if (!options.ignoreDaemonSets)
    return { evict: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' }
  return { evict: false, warning: 'ignoring DaemonSet-managed Pods' }
}

function filterMirror(_session: Session, pod: Pod): Verdict {
  return pod.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined ? OKAY : SKIP
}

function filterLocalStorage(_session: Session, pod: Pod, options: DrainOptions): Verdict {
  if (pod.spec.volumes?.some((volume) => volume.emptyDir !== undefined) !== true || isFinished(pod)) return OKAY
  if (!options.deleteEmptyDirData) {
    return { evict: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' }
  }
  // Upstream sets a warning here too, which the next filter always replaces.
  return OKAY
}

function filterUnreplicated(_session: Session, pod: Pod, options: DrainOptions): Verdict {
  if (isFinished(pod) || controllerOf(pod) !== undefined) return OKAY
  if (options.force) return { evict: true, warning: 'deleting Pods that declare no controller' }
  return { evict: false, error: 'cannot delete Pods that declare no controller (use --force to override)' }
}

// Simplified: upstream joins its groups in the random order of a Go map; here they come as the Pods do.
/** `group: ns/a, ns/b` per group,in the order in which the groups appeared. */
export function groupByReason(entries: readonly { readonly pod: Pod; readonly reason: string }[]): readonly string[] {
  const groups = new Map<string, string[]>()
  for (const { pod, reason } of entries) groups.set(reason, [...(groups.get(reason) ?? []), keyOf(pod)])
  return [...groups].map(([reason, pods]) => `${reason}: ${pods.join(', ')}`)
}
