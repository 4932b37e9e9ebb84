// Objects for tests, each with as little as the rule under test needs. Everything the API server would fill in is filled in.
import type { DaemonSet, DaemonSetSpec, DaemonSetStatus, RollingUpdateDaemonSet } from '../../grader/api/apps.ts'
import type {
  Node,
  NodeCondition,
  Pod,
  PodPhase,
  PodSpec,
  Taint,
  TaintEffect,
  Toleration,
} from '../../grader/api/core.ts'
import type { ObjectMeta, OwnerReference, StringMap } from '../../grader/api/meta.ts'
import { formatTimestamp, STORY_START } from '../../grader/cluster/clock.ts'
import { templateHash } from '../../grader/cluster/machinery/template-hash.ts'

/** The moment so many seconds after the story started, as API objects carry it. */
export function at(seconds: number): string {
  return formatTimestamp(STORY_START + seconds * 1000)
}

/** `key=value:Effect` or `key:Effect`. */
export function taint(text: string): Taint {
  const colon = text.lastIndexOf(':')
  const [key, value] = text.slice(0, colon).split('=') as [string, string?]
  const effect = text.slice(colon + 1) as TaintEffect
  return value === undefined ? { key, effect } : { key, value, effect }
}

export interface NodeOptions {
  readonly labels?: StringMap
  readonly taints?: readonly string[]
  readonly unschedulable?: boolean
  readonly conditions?: readonly NodeCondition[]
  readonly allocatable?: StringMap
}

/** A Node as it is stored: `node('w-1', { taints: ['dedicated=db:NoSchedule'] })`. */
export function node(name: string, { labels, taints, unschedulable, conditions, allocatable }: NodeOptions = {}): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { ...metaOf(name), labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: {
      ...(taints === undefined ? {} : { taints: taints.map(taint) }),
      ...(unschedulable === undefined ? {} : { unschedulable }),
    },
    status: {
      allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...allocatable },
      conditions: conditions ?? [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: at(0) }],
    },
  }
}

/** Nodes node-0, node-1 and so on, all alike. */
export function nodes(count: number, options: NodeOptions & { readonly from?: number } = {}): Node[] {
  const from = options.from ?? 0
  return Array.from({ length: count }, (_, i) => node(`node-${i + from}`, options))
}

export interface DaemonSetOptions {
  readonly name?: string
  readonly uid?: string
  readonly labels?: StringMap
  readonly spec?: Partial<PodSpec>
  readonly image?: string
  readonly annotations?: StringMap
  /** `OnDelete`, or the fields of rollingUpdate; without it maxUnavailable 1. */
  readonly update?: 'OnDelete' | RollingUpdateDaemonSet
  readonly minReadySeconds?: number
  readonly revisionHistoryLimit?: number
  readonly status?: Partial<DaemonSetStatus>
  readonly generation?: number
}

export const APP_LABELS: StringMap = { app: 'agent' }

/** A DaemonSet `agent` in `default`, with defaults filled in. */
export function daemonSet(options: DaemonSetOptions = {}): DaemonSet {
  const { name = 'agent', labels = APP_LABELS, status, generation = 1 } = options
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      ...metaOf(name, 'default'),
      uid: options.uid ?? `uid-${name}`,
      generation,
      ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
    },
    spec: daemonSetSpec(options, labels),
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0, ...status },
  }
}

function daemonSetSpec(options: DaemonSetOptions, labels: StringMap): DaemonSetSpec {
  const { update = {}, image = 'registry.example/agent:1', minReadySeconds, revisionHistoryLimit = 10 } = options
  const updateStrategy: NonNullable<DaemonSetSpec['updateStrategy']> =
    update === 'OnDelete'
      ? { type: 'OnDelete' }
      : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...update } }
  return {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { ...TEMPLATE_DEFAULTS, containers: [container(image)], ...options.spec } },
    updateStrategy,
    revisionHistoryLimit,
    ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
  }
}

const TEMPLATE_DEFAULTS: Omit<PodSpec, 'containers'> = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
}

function container(image: string): PodSpec['containers'][number] {
  return {
    name: 'agent',
    image,
    imagePullPolicy: 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }
}

export interface PodOptions {
  readonly labels?: StringMap
  /** `controller-revision-hash`; an owned Pod has that of its owner's template unless this says otherwise. */
  readonly hash?: string
  /** The DaemonSet that controls it; none without. */
  readonly owner?: DaemonSet
  readonly ownerReferences?: readonly OwnerReference[]
  /** Bound to this Node. */
  readonly on?: string
  /** Not bound yet, but meant for this Node. */
  readonly meantFor?: string
  readonly phase?: PodPhase
  /** Since when (seconds after the story started) it is Ready; `true` means 0, without it it is not Ready. */
  readonly ready?: number | boolean
  readonly createdAt?: number
  readonly isTerminating?: boolean
  readonly spec?: Partial<PodSpec>
}

/** A Pod as it is stored, by default running and not ready. */
export function pod(name: string, options: PodOptions = {}): Pod {
  const {
    labels = APP_LABELS,
    owner,
    on,
    meantFor,
    phase = 'Running',
    ready = false,
    createdAt = 0,
    isTerminating,
  } = options
  const hash = options.hash ?? (owner === undefined ? undefined : templateHash(owner.spec.template))
  const ownerReferences = options.ownerReferences ?? (owner === undefined ? undefined : [controlledBy(owner)])
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metaOf(name, 'default'),
      creationTimestamp: at(createdAt),
      labels: hash === undefined ? labels : { ...labels, 'controller-revision-hash': hash },
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(isTerminating === true ? { deletionTimestamp: at(30), deletionGracePeriodSeconds: 30 } : {}),
    },
    spec: {
      containers: [container('registry.example/agent:1')],
      ...(on === undefined ? {} : { nodeName: on }),
      ...(meantFor === undefined ? {} : { affinity: affinityTo(meantFor) }),
      ...options.spec,
    },
    status: { phase, conditions: [readyConditionSince(ready)] },
  }
}

function readyConditionSince(ready: number | boolean): NonNullable<Pod['status']['conditions']>[number] {
  const isReady = ready !== false
  return {
    type: 'Ready',
    status: isReady ? 'True' : 'False',
    lastTransitionTime: at(typeof ready === 'number' ? ready : 0),
  }
}

/** The affinity that names one Node. */
export function affinityTo(name: string): NonNullable<PodSpec['affinity']> {
  const nodeSelectorTerms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }]
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }
}

export function controlledBy(owner: DaemonSet): OwnerReference {
  const { name, uid } = owner.metadata
  return { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true }
}

/** `key=value:Effect`, `key:Effect` (Exists) or `key=value` (any effect), with tolerationSeconds after an `@`. */
export function toleration(text: string): Toleration {
  const [rest, seconds] = text.split('@') as [string, string?]
  const colon = rest.lastIndexOf(':')
  const [key, value] = (colon < 0 ? rest : rest.slice(0, colon)).split('=') as [string, string?]
  return {
    ...(key === '' ? {} : { key }),
    operator: value === undefined ? 'Exists' : 'Equal',
    ...(value === undefined ? {} : { value }),
    ...(colon < 0 ? {} : { effect: rest.slice(colon + 1) as TaintEffect }),
    ...(seconds === undefined ? {} : { tolerationSeconds: Number(seconds) }),
  }
}

function metaOf(name: string, namespace?: string): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: `uid-${name}`,
    resourceVersion: '1',
    creationTimestamp: at(0),
  }
}
