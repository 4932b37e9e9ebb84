// What kubelets write about their Nodes, and which edges of the node machine the Nodes take.
// Upstream: pkg/kubelet/kubelet_node_status.go.
import type { ApiClient } from '../../api/api-client.ts'
import type { Node, ObjectReference } from '../../api/core.ts'
import { nodes as nodeResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Lifecycle } from '../lifecycles/lifecycle.ts'
import type { Informer } from '../machinery/informer.ts'
import type { Kubelet } from './kubelet.ts'
import { conditionEvent, nodeStatusOf } from './node-status.ts'
import type { PodReporter } from './pod-reporter.ts'

export interface NodeReporter {
  /** The kubelet's process starts: Events, and the first status. */
  started(kubelet: Kubelet): void
  /** Posts the status as the machine is now. */
  post(kubelet: Kubelet): void
  /** A Node object changed: its kubelet may have to say so, and the node machine moves. */
  observe(kubelet: Kubelet, node: Node, previous: Node | undefined): void
  /** An Event about the Node. Kubelets give the Node's name for its uid. */
  tell(kubelet: Kubelet, reason: string, message: string, type?: 'Normal' | 'Warning'): void
}

export interface NodeReporterParts {
  readonly client: ApiClient
  readonly clock: Clock
  readonly nodes: Informer<Node>
  readonly nodeLife: Lifecycle
  readonly reporter: PodReporter
}

export function createNodeReporter({ client, clock, nodes, nodeLife, reporter }: NodeReporterParts): NodeReporter {
  const tell: NodeReporter['tell'] = (kubelet, reason, message, type = 'Normal') => {
    const about: ObjectReference = { kind: 'Node', name: kubelet.name, uid: kubelet.name, apiVersion: 'v1' }
    reporter.tell(kubelet, about, type, reason, message)
  }

  const post = (kubelet: Kubelet) => {
    if (!kubelet.running || !kubelet.connected) return
    const node = nodes.get({ name: kubelet.name })
    if (node === undefined) return
    const status = nodeStatusOf(node, kubelet, clock.timestamp())
    const written = client.update(nodeResource, { ...node, status }, { subresource: 'status' })
    if (!written.ok || !reporter.isSmall()) return
    for (const { type, status: now } of status.conditions ?? []) {
      const before = node.status.conditions?.find((condition) => condition.type === type)?.status
      if (before === now || !['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].includes(type)) continue
      const reason = conditionEvent(type, type === 'Ready' ? now !== 'True' : now === 'True')
      tell(kubelet, reason, `Node ${kubelet.name} status is now: ${reason}`)
    }
  }

  return {
    tell,
    post,
    started(kubelet) {
      tell(kubelet, 'Starting', 'Starting kubelet.')
      post(kubelet)
      tell(kubelet, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods')
    },
    observe(kubelet, node, previous) {
      const cordoned = node.spec.unschedulable === true
      if (previous !== undefined && (previous.spec.unschedulable === true) !== cordoned) {
        const reason = cordoned ? 'NodeNotSchedulable' : 'NodeSchedulable'
        tell(kubelet, reason, `Node ${kubelet.name} status is now: ${reason}`)
      }
      const isSame =
        previous !== undefined &&
        previous.status.conditions === node.status.conditions &&
        (previous.spec.unschedulable === true) === cordoned
      if (!isSame) kubelet.states = moveNode(kubelet.states, node, nodeLife)
    },
  }
}

const READINESS: Readonly<Record<string, readonly [string, string]>> = {
  True: ['Ready', 'KUBELET_READY'],
  False: ['NotReady', 'KUBELET_NOT_READY'],
  Unknown: ['Unreachable', 'HEARTBEATS_LOST'],
}

/** The states of the node machine after what the Node says now; every step is an edge. */
function moveNode(states: readonly string[], node: Node, life: Lifecycle): readonly string[] {
  const of = (type: string) => node.status.conditions?.find((condition) => condition.type === type)?.status
  const [readiness, event] = READINESS[of('Ready') ?? ''] ?? [states[0]!, '']
  const wanted: readonly (readonly [string, string])[] = [
    [readiness, event],
    node.spec.unschedulable === true ? ['Cordoned', 'CORDONED'] : ['Schedulable', 'UNCORDONED'],
    pressure(of('MemoryPressure'), 'Memory', 'MEMORY'),
    pressure(of('DiskPressure'), 'Disk', 'DISK'),
    pressure(of('PIDPressure'), 'PID', 'PID'),
  ]
  if (wanted.every(([state], i) => state === states[i])) return states
  return wanted.map(([state, happened], i) => (state === states[i] ? state : life.next(states[i]!, happened)))
}

function pressure(status: string | undefined, name: string, event: string): readonly [string, string] {
  return status === 'True' ? [`${name}Pressure`, `${event}_PRESSURE`] : [`${name}Sufficient`, `${event}_RELIEVED`]
}
