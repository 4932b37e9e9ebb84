// What a kubelet says of its Node: conditions in upstream's order, addresses, capacity, the machine's own facts.
// Upstream: pkg/kubelet/nodestatus/setters.go.
import type { ConditionStatus, Node, NodeCondition, NodeStatus } from '../../api/core.ts'
import type { Kubelet } from './kubelet.ts'

interface Wording {
  readonly status: ConditionStatus
  readonly reason: string
  readonly message: string
}

const WORDS: Readonly<Record<string, { readonly good: Wording; readonly bad: Wording }>> = {
  MemoryPressure: {
    good: { status: 'False', reason: 'KubeletHasSufficientMemory', message: 'kubelet has sufficient memory available' },
    bad: {
      status: 'True',
      reason: 'KubeletHasInsufficientMemory',
      message: 'kubelet has insufficient memory available',
    },
  },
  DiskPressure: {
    good: { status: 'False', reason: 'KubeletHasNoDiskPressure', message: 'kubelet has no disk pressure' },
    bad: { status: 'True', reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure' },
  },
  PIDPressure: {
    good: { status: 'False', reason: 'KubeletHasSufficientPID', message: 'kubelet has sufficient PID available' },
    bad: { status: 'True', reason: 'KubeletHasInsufficientPID', message: 'kubelet has insufficient PID available' },
  },
  Ready: {
    good: { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
    bad: {
      status: 'False',
      reason: 'KubeletNotReady',
      message: 'container runtime status check may not have completed yet',
    },
  },
}

const DEFAULT_CAPACITY = { cpu: '4', 'ephemeral-storage': '100Gi', memory: '8Gi', pods: '110' }

const NODE_INFO = {
  architecture: 'amd64',
  bootID: '',
  containerRuntimeVersion: 'containerd://2.1.5',
  kernelVersion: '6.1.0-41-amd64',
  kubeProxyVersion: '',
  kubeletVersion: 'v1.35.6',
  machineID: '',
  operatingSystem: 'linux',
  osImage: 'Debian GNU/Linux 12 (bookworm)',
  systemUUID: '',
}

/** The Node's status as its kubelet posts it, keeping what the Node already says of its machine. */
export function nodeStatusOf(node: Node, kubelet: Kubelet, now: string): NodeStatus {
  const old = node.status
  const capacity = old.capacity ?? old.allocatable ?? DEFAULT_CAPACITY
  return {
    ...old,
    capacity,
    allocatable: old.allocatable ?? capacity,
    conditions: conditionsOf(kubelet, old.conditions, now),
    addresses: old.addresses ?? [
      { type: 'InternalIP', address: kubelet.hostIP },
      { type: 'Hostname', address: node.metadata.name },
    ],
    nodeInfo: old.nodeInfo ?? nodeInfoOf(node),
  }
}

const NO_CONDITIONS: readonly NodeCondition[] = []
let firstAt = ''
let first: readonly NodeCondition[] = NO_CONDITIONS

/** Nodes that join at one moment say the same, so they share what they say. */
function conditionsOf(
  { pressures, isReady }: Kubelet,
  old: readonly NodeCondition[] = NO_CONDITIONS,
  now: string,
): readonly NodeCondition[] {
  const { memory, disk, pid } = pressures
  const isFirst = old.length === 0 && isReady && !memory && !disk && !pid
  if (isFirst && firstAt === now) return first
  const conditions = [
    ...old.filter(({ type }) => WORDS[type] === undefined),
    conditionOf('MemoryPressure', memory, old, now),
    conditionOf('DiskPressure', disk, old, now),
    conditionOf('PIDPressure', pid, old, now),
    conditionOf('Ready', !isReady, old, now),
  ]
  if (isFirst) {
    firstAt = now
    first = conditions
  }
  return conditions
}

function conditionOf(
  type: string,
  isBad: boolean,
  old: readonly NodeCondition[] | undefined,
  now: string,
): NodeCondition {
  const { status, reason, message } = WORDS[type]![isBad ? 'bad' : 'good']
  const before = old?.find((condition) => condition.type === type)
  const lastTransitionTime =
    before?.status === status && before.lastTransitionTime !== undefined ? before.lastTransitionTime : now
  return { type, status, lastHeartbeatTime: now, lastTransitionTime, reason, message }
}

function nodeInfoOf({ metadata: { labels } }: Node): Readonly<Record<string, string>> {
  const os = labels?.['kubernetes.io/os'] ?? 'linux'
  const architecture = labels?.['kubernetes.io/arch'] ?? 'amd64'
  if (os === 'linux' && architecture === 'amd64') return NODE_INFO
  return {
    ...NODE_INFO,
    architecture,
    operatingSystem: os,
    ...(os === 'windows' ? { osImage: 'Windows Server 2022 Datacenter', kernelVersion: '10.0.20348.2113' } : {}),
  }
}

/** What kubectl describe calls the Node after a condition changed: the reason of the Normal event. */
export function conditionEvent(type: string, isBad: boolean): string {
  if (type === 'Ready') return isBad ? 'NodeNotReady' : 'NodeReady'
  return WORDS[type]![isBad ? 'bad' : 'good'].reason.replace('Kubelet', 'Node')
}
