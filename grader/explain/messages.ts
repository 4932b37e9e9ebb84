// Every sentence for learners about what the cluster decided, by code. Codes are stable and never reused; what Kubernetes
// itself says travels beside them, word for word. House style: what happened · where · which rule · what to do next.
import type { ObjectRef, Reason } from '../cluster/trace.ts'

/** What a sentence may use besides the reason itself. */
export interface MessageContext {
  readonly daemonSet: string
  readonly node: string
  /** 1-based line of the reason's place, where there is one. */
  readonly line?: number
}

type Sentence = (p: Params, context: MessageContext, object: ObjectRef | undefined) => string
type Params = (name: string) => string

export interface Message {
  readonly sentence: Sentence
  /** Slug of the lesson that goes deeper. */
  readonly lesson: string
}

const at = (line: number | undefined): string => (line === undefined ? '' : ` (line ${line})`)

const TAINT_NEXT: Readonly<Record<string, string>> = {
  value: "compare the toleration's `value` with the taint's, or use `operator: Exists`",
  effect: "compare the toleration's `effect` with the taint's; leaving it out matches every effect",
  key: "compare the toleration's `key` with the taint's",
  operator: "look at the toleration's `operator`",
}

const MESSAGES: Readonly<Record<string, Message>> = {
  UntoleratedTaint: {
    lesson: '04-taints-and-tolerations',
    sentence(p, { daemonSet, node, line }) {
      const differs = p('differs')
      const nearest = differs === '' ? `no toleration of \`${daemonSet}\` is for it` : `the nearest toleration of \`${daemonSet}\` differs in its \`${differs}\`${at(line)}`
      const next = TAINT_NEXT[differs] ?? 'add a toleration for this taint, if the agent belongs there'
      return `\`${node}\` has the taint \`${p('taint')}\`; ${nearest}, so no Pod is created there. Next: ${next}.`
    },
  },
  NodeSelectorMismatch: {
    lesson: '06-targeting-a-subset',
    sentence(p, { node, line }) {
      const has = p('actual') === '' ? `\`${node}\` has no label \`${p('key')}\`` : `on \`${node}\` that label is \`${p('actual')}\``
      return `The nodeSelector asks for \`${p('key')}=${p('wanted')}\`${at(line)}; ${has}. A DaemonSet creates no Pod where its nodeSelector does not match. Next: compare it with \`kubectl get nodes --show-labels\`.`
    },
  },
  NodeAffinityMismatch: {
    lesson: '06-targeting-a-subset',
    sentence: (p, { node, line }) =>
      `No term of the required node affinity matches \`${node}\`${p('expression') === '' ? '' : `: \`${p('expression')}\` is not true there`}${at(line)}. Terms are alternatives; inside a term every expression must hold. Next: check the node's labels against each expression.`,
  },
  NodeNameMismatch: {
    lesson: '03-how-placement-works',
    sentence: (p, { node, line }) =>
      `The template names the node \`${p('wanted')}\`${at(line)}, so \`${node}\` is left out. Next: remove \`nodeName\`; a DaemonSet finds its nodes itself.`,
  },
  InsufficientCPU: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node, line }) =>
      `The Pod for \`${node}\` requests ${p('requested')} CPU${at(line)}, and ${p('free')} of ${p('allocatable')} is free there. The scheduler counts requests, not use. Next: request less, free the node, or give the agent a higher priority.`,
  },
  InsufficientMemory: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node, line }) =>
      `The Pod for \`${node}\` requests ${p('requested')} memory${at(line)}, and ${p('free')} of ${p('allocatable')} is free there. Next: request less, free the node, or give the agent a higher priority.`,
  },
  InsufficientResource: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node, line }) =>
      `The Pod for \`${node}\` requests ${p('requested')} of \`${p('resource')}\`${at(line)}, and the node has ${p('free')} free. Next: check what the node offers with \`kubectl describe node ${node}\`.`,
  },
  TooManyPods: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node }) => `\`${node}\` already runs as many Pods as it may (${p('allocatable')}). Next: free a place or raise the node's Pod limit.`,
  },
  HostPortConflict: {
    lesson: '09-host-access',
    sentence: (p, { node, line }) =>
      `Port ${p('port')} of \`${node}\` is taken${p('by') === '' ? '' : ` by \`${p('by')}\``}; a host port belongs to one Pod of a node${at(line)}. Next: choose another hostPort or move the other workload.`,
  },
  PodAffinityMismatch: {
    lesson: '06-targeting-a-subset',
    sentence: (_p, { node }) => `The Pod's affinity to other Pods cannot be met on \`${node}\`. Next: look at \`podAffinity\` and \`podAntiAffinity\` of the template.`,
  },
  NodeUnschedulable: {
    lesson: '07-node-lifecycle',
    sentence: (_p, { node }) => `\`${node}\` is cordoned. Next: \`kubectl uncordon ${node}\`, if its maintenance is over.`,
  },
  QuotaExceeded: {
    lesson: '12-security-for-cks',
    sentence: (_p, { node }) => `The namespace's quota has no room for the Pod of \`${node}\`. Next: \`kubectl describe quota\`, then lower the requests or raise the quota.`,
  },
  PodSecurityForbidden: {
    lesson: '12-security-for-cks',
    sentence: (_p, { node }) => `Pod Security refused the Pod for \`${node}\`. The DaemonSet itself was accepted; its Pods are what the namespace's level forbids. Next: read which fields violate it, below.`,
  },
  LimitRangeExceeded: {
    lesson: '10-resources-qos-priority',
    sentence: (_p, { node }) => `A LimitRange of the namespace refused the Pod for \`${node}\`. Next: \`kubectl describe limitrange\` and adapt requests and limits.`,
  },
  ServiceAccountMissing: {
    lesson: '14-operating-them',
    sentence: (_p, { node, line }) => `The Pod for \`${node}\` names a ServiceAccount that does not exist${at(line)}. Next: create it in this namespace or name another.`,
  },
  PriorityClassMissing: {
    lesson: '10-resources-qos-priority',
    sentence: (_p, { node, line }) => `The Pod for \`${node}\` names a PriorityClass that does not exist${at(line)}. Next: \`kubectl get priorityclasses\`.`,
  },
  NamespaceMissing: { lesson: '02-the-daemonset-object', sentence: () => 'The namespace does not exist. Next: create it first, or choose another.' },
  NamespaceTerminating: { lesson: '02-the-daemonset-object', sentence: () => 'The namespace is being deleted, so nothing new is created in it.' },
  CreationRefused: { lesson: '14-operating-them', sentence: (_p, { node }) => `The API server refused the Pod for \`${node}\`. Next: its reason stands below.` },
  ImagePullFailed: {
    lesson: '14-operating-them',
    sentence: (p, { node, line }) => `\`${node}\` cannot pull the image \`${p('image')}\`${at(line)}. Next: check name, tag and registry.`,
  },
  CrashLoop: {
    lesson: '14-operating-them',
    sentence: (p, { node }) => `The container \`${p('container')}\` on \`${node}\` ends again and again (exit code ${p('exitCode')}); the kubelet waits longer before each restart. Next: \`kubectl logs --previous\`.`,
  },
  OutOfMemory: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node }) => `The container \`${p('container')}\` on \`${node}\` used more memory than its limit and was killed. Next: compare the limit with what the agent needs under load.`,
  },
  ProbeFailing: {
    lesson: '08-updates-and-rollback',
    sentence: (p, { node }) => `The container \`${p('container')}\` runs on \`${node}\` and is not ready. Next: see what its readiness needs; a rollout waits for it.`,
  },
  HostPathMissing: {
    lesson: '09-host-access',
    sentence: (p, { node, line }) => `\`${node}\` has no ${p('type')} at \`${p('path')}\`${at(line)}, so the volume cannot be mounted. Next: check the path, or let \`type\` create it.`,
  },
  VolumeMissing: { lesson: '09-host-access', sentence: (p, { node }) => `A volume of the Pod on \`${node}\` cannot be mounted${p('volume') === '' ? '' : `: \`${p('volume')}\``}.` },
  ConfigMissing: {
    lesson: '14-operating-them',
    sentence: (p, { node }) => `The Pod on \`${node}\` needs ${p('kind')} \`${p('name')}\`, which does not exist. Next: create it in the DaemonSet's namespace.`,
  },
  ContainerCreating: { lesson: '03-how-placement-works', sentence: (_p, { node }) => `The Pod is on \`${node}\` and its containers are being started.` },
  NodeNotReady: { lesson: '07-node-lifecycle', sentence: (_p, { node }) => `\`${node}\` is not Ready: its kubelet reports a fault or nothing at all.` },
  NodeUnreachable: { lesson: '07-node-lifecycle', sentence: (_p, { node }) => `Nothing has been heard from the kubelet of \`${node}\`; the control plane cannot know what runs there.` },
  Evicted: { lesson: '10-resources-qos-priority', sentence: (_p, { node }) => `The Pod on \`${node}\` was evicted by its kubelet.` },
  Preempted: { lesson: '10-resources-qos-priority', sentence: (_p, { node }) => `The Pod on \`${node}\` had to make room for one of higher priority.` },
  RolloutBlocked: {
    lesson: '08-updates-and-rollback',
    sentence: (p) => `The rollout waits: ${p('unavailable')} of ${p('budget')} nodes that may be down are down already. Next: look at those that are not ready.`,
  },
  RolloutPaused: { lesson: '08-updates-and-rollback', sentence: () => 'The update strategy is OnDelete: Pods are replaced only when somebody deletes them.' },
  NotYetUpdated: { lesson: '08-updates-and-rollback', sentence: (_p, { node }) => `The Pod on \`${node}\` is still of the old revision.` },
  NotYetCreated: { lesson: '03-how-placement-works', sentence: (_p, { node }) => `\`${node}\` should have a Pod and none is there yet.` },
  NotYetScheduled: { lesson: '03-how-placement-works', sentence: (_p, { node }) => `The Pod for \`${node}\` waits for the scheduler.` },
  BeingDeleted: { lesson: '07-node-lifecycle', sentence: (_p, { node }) => `The Pod on \`${node}\` is ending within its grace period.` },
}

/** Codes that have a sentence, sorted: tests and docs read them. */
export const MESSAGE_CODES: readonly string[] = Object.keys(MESSAGES).sort()

/** The lesson that explains a code, or undefined for a code that has no sentence. */
export function lessonOf(code: string): string | undefined {
  return MESSAGES[code]?.lesson
}

/** The sentence for a reason. A code without one is our fault; it then shows Kubernetes' text or the code itself. */
export function formatReason(reason: Reason, context: MessageContext): string {
  const message = MESSAGES[reason.code]
  if (message === undefined) return reason.kubernetes ?? reason.code
  const params: Params = (name) => String(reason.params?.[name] ?? '')
  return message.sentence(params, context, reason.object)
}
