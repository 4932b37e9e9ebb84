/** Which Pod and which container logs, exec and debug mean. Upstream: polymorphichelpers/{attachablepodforobject,logsforobject}.go, util/podcmd. */
import type { Container, Pod } from '../../api/core.ts'
import { formatLabelSelector, labelSelectorMatches } from '../../api/labels.ts'
import type { LabelSelector } from '../../api/meta.ts'
import { pods as podResource } from '../../api/resource-table.ts'
import type { Session } from '../command.ts'
import { Failure, fail, statusError } from '../failure.ts'
import { isObject } from '../manifest-input.ts'
import { resourceFor } from '../resource-argument.ts'

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** The Pod of `POD` or `TYPE/NAME`; of a workload the first that its selector picks. */
export function choosePod(session: Session, word: string, announce: boolean): Pod {
  const all = podsOf(session, word)
  const [first] = all
  if (first === undefined) return fail(`error: no pods found for ${word}`)
  if (announce && all.length > 1) session.err(`Found ${all.length} pods, using pod/${first.metadata.name}\n`)
  return first
}

/** All Pods that `POD` or `TYPE/NAME` means, running and ready ones first. */
export function podsOf(session: Session, word: string): readonly Pod[] {
  const slash = word.indexOf('/')
  const resource = slash < 0 ? podResource : resourceFor(word.slice(0, slash))
  const name = word.slice(slash + 1)
  const { namespace } = session
  const found = session.client.get(resource, resource.namespaced ? { namespace, name } : { name })
  if (!found.ok) {
    throw new Failure([statusError(found.status)])
  }
  if (resource === podResource) return [found.value as Pod]
  const spec = (found.value as unknown as { readonly spec?: { readonly selector?: unknown } }).spec
  const selector = isObject(spec?.selector) ? spec.selector : undefined
  if (selector === undefined) fail(`cannot get the logs from ${resource.kind}: selecting pods is not supported`)
  const labelSelector = (resource.kind === 'Service' ? { matchLabels: selector } : selector) as LabelSelector
  const listed = session.expect(session.client.list(podResource, { namespace }))
  const mine = listed.items.filter((pod) => labelSelectorMatches(labelSelector, pod.metadata.labels))
  if (mine.length === 0)
    fail(`timed out waiting for the condition: no pods match ${formatLabelSelector(labelSelector)}`)
  return [...mine].sort((a, b) => rank(a) - rank(b))
}

/** Upstream: podutils.ActivePods and ByLogging, as far as they matter: bound, running, ready come first. */
function rank({ spec, status }: Pod): number {
  const ready = status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true
  return ((spec.nodeName ?? '') === '' ? 4 : 0) + (status.phase === 'Running' ? 0 : 2) + (ready ? 0 : 1)
}

/** Every container of a Pod in the order in which messages name them. */
export function containersOf({
  spec,
}: Pod): readonly { readonly container: Container; readonly kind: '' | 'init' | 'ephem' }[] {
  return [
    ...spec.containers.map((container) => ({ container, kind: '' as const })),
    ...(spec.ephemeralContainers ?? []).map((container) => ({ container, kind: 'ephem' as const })),
    ...(spec.initContainers ?? []).map((container) => ({ container, kind: 'init' as const })),
  ]
}

/** The container that was asked for, or the Pod's first. `say` prints which one was taken. */
export function chooseContainer(session: Session, pod: Pod, wanted: string, say: boolean): string {
  const all = containersOf(pod)
  if (wanted !== '') {
    if (all.some(({ container }) => container.name === wanted)) return wanted
    return fail(`container ${wanted} is not valid for pod ${pod.metadata.name}`)
  }
  const preferred = pod.metadata.annotations?.[DEFAULT_CONTAINER] ?? ''
  if (preferred !== '' && all.some(({ container }) => container.name === preferred)) return preferred
  const first = pod.spec.containers[0]?.name ?? ''
  if (say && all.length > 1) {
    const names = all
      .map(({ container, kind }) => (kind === '' ? container.name : `${container.name} (${kind})`))
      .join(', ')
    session.err(`Defaulted container ${JSON.stringify(first)} out of: ${names}\n`)
  }
  return first
}
