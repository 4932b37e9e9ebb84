// Why a daemon Pod that exists is not Ready: what the scheduler or its kubelet recorded, and what its status says now.
import type { ContainerStatus, Node, Pod } from '../api/core.ts'
import { keyOf } from '../api/meta.ts'
import type { ObjectRef, Reason } from '../cluster/trace.ts'
import type { Decisions } from './decisions.ts'
import type { Verdict } from './verdict.ts'

export interface Finding {
  readonly verdict: Verdict
  readonly reasons: readonly Reason[]
}

/** The verdict on a Pod that is there and not Ready, decisive reason first. */
export function explainPod(pod: Pod, node: Node, decisions: Decisions): Finding {
  if (pod.spec.nodeName === undefined) return { verdict: 'Pending', reasons: waitingReasons(pod, node, decisions) }
  const ended = pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded'
  const own = ended ? endedReasons(pod, decisions) : startingReasons(pod, decisions)
  const object = refOfPod(pod)
  // A kubelet speaks of the Pod unless it says otherwise.
  return {
    verdict: 'NotReady',
    reasons: [
      ...nodeTrouble(node),
      ...own.map((reason) => (reason.object === undefined ? { ...reason, object } : reason)),
    ],
  }
}

/** The scheduler's reasons for this Node; its whole message goes with the first, as `kubectl describe pod` shows it. */
function waitingReasons(pod: Pod, node: Node, { unschedulable }: Decisions): readonly Reason[] {
  const entry = unschedulable.get(keyOf(pod))
  const { name } = node.metadata
  const here = (entry?.filters ?? [])
    .filter(({ nodes }) => nodes.length === 0 || nodes.includes(name))
    .flatMap(({ because }) => because.filter((reason) => isAbout(reason, name)))
  if (entry === undefined || here.length === 0) {
    return [
      { code: 'NotYetScheduled', object: refOfPod(pod), ...(entry === undefined ? {} : { kubernetes: entry.message }) },
    ]
  }
  return here.map((reason, i) => (i === 0 ? { ...reason, kubernetes: entry.message } : reason))
}

/** A group of Nodes shares one list; a reason that names another Node is not ours. */
function isAbout({ object, params }: Reason, node: string): boolean {
  if (typeof params?.node === 'string') return params.node === node
  return object?.kind !== 'Node' || object.name === node
}

function endedReasons(pod: Pod, { kubelet }: Decisions): readonly Reason[] {
  const recorded = kubelet.get(keyOf(pod))?.because ?? []
  if (recorded.length > 0) return recorded
  const { reason = '', message = '' } = pod.status
  const words = message === '' ? {} : { kubernetes: message }
  return [{ code: reason === 'Evicted' ? 'Evicted' : 'PodFailed', object: refOfPod(pod), params: { reason }, ...words }]
}

function startingReasons(pod: Pod, { kubelet }: Decisions): readonly Reason[] {
  const object = refOfPod(pod)
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]
  const unready = statuses.find((status) => !status.ready && status.state?.terminated?.exitCode !== 0)
  const recorded = kubelet.get(keyOf(pod))?.because ?? []
  const words = pod.status.conditions?.find(({ type }) => type === 'Ready')?.message
  const running = unready?.state?.running !== undefined && unready.restartCount === 0
  if (running)
    return [
      {
        code: 'ProbeFailing',
        object,
        params: { container: unready.name },
        ...(words === undefined ? {} : { kubernetes: words }),
      },
    ]
  if (recorded.length > 0) return recorded.map((reason) => withWords(reason, unready))
  const waiting = unready?.state?.waiting
  return [
    {
      code: 'ContainerCreating',
      object,
      ...(waiting?.reason === undefined ? {} : { kubernetes: waiting.message ?? waiting.reason }),
    },
  ]
}

/** The kubelet's own words for a container that ended are in the Pod's status. */
function withWords(reason: Reason, status: ContainerStatus | undefined): Reason {
  if (reason.kubernetes !== undefined) return reason
  const { waiting, terminated } = status?.state ?? {}
  const words = waiting?.message ?? waiting?.reason ?? terminated?.message ?? terminated?.reason
  return words === undefined ? reason : { ...reason, kubernetes: words }
}

/** The Node's own fault, if it has one. */
export function nodeTrouble(node: Node): readonly Reason[] {
  const ready = node.status.conditions?.find((condition) => condition.type === 'Ready')
  if (ready === undefined || ready.status === 'True') return []
  const code = ready.status === 'Unknown' ? 'NodeUnreachable' : 'NodeNotReady'
  return [
    {
      code,
      object: { kind: 'Node', name: node.metadata.name },
      path: 'status.conditions',
      ...(ready.message === undefined ? {} : { kubernetes: ready.message }),
    },
  ]
}

export const refOfPod = (pod: Pod): ObjectRef => ({
  kind: 'Pod',
  name: pod.metadata.name,
  ...(pod.metadata.namespace === undefined ? {} : { namespace: pod.metadata.namespace }),
})
