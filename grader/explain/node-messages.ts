// Why a Node has the verdict it has: one sentence per code (docs/formats/grade.md).
import type { Message, Params } from './messages.ts'

const at = (line: number | undefined): string => (line === undefined ? '' : ` (line ${line})`)

const TAINT_NEXT: Readonly<Record<string, string>> = {
  value: "compare the toleration's `value` with the taint's, or use `operator: Exists`",
  effect: "compare the toleration's `effect` with the taint's; leaving it out matches every effect",
  key: "compare the toleration's `key` with the taint's",
  operator: "look at the toleration's `operator`",
}

const MEBI = 1024 * 1024

/** Amounts as manifests write them: `500m`, `2`, `64Mi`. */
export function formatAmount(resource: string, amount: number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`
  if (resource !== 'memory' && resource !== 'ephemeral-storage') return String(amount)
  if (amount >= MEBI * 1024 && amount % (MEBI * 1024) === 0) return `${amount / (MEBI * 1024)}Gi`
  return amount % MEBI === 0 ? `${amount / MEBI}Mi` : String(amount)
}

const amount = (p: Params, resource: string, name: string): string => formatAmount(resource, Number(p(name)))
const free = (p: Params, resource: string): string =>
  formatAmount(resource, Math.max(0, Number(p('allocatable')) - Number(p('used'))))

function expressionOf(p: Params): string {
  if (p('key') === '') return ''
  return `\`${p('key')} ${p('operator')}${p('values') === '' ? '' : ` [${p('values').replaceAll(',', ', ')}]`}\``
}

/** "w-1, w-2 and 3 more" of a list joined by commas. */
function namesOf(list: string, most = 3): string {
  const names = list.split(',').filter((name) => name !== '')
  const shown = names
    .slice(0, most)
    .map((name) => `\`${name}\``)
    .join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

function fits(resource: 'cpu' | 'memory'): Message {
  const word = resource === 'cpu' ? 'CPU' : 'memory'
  return {
    lesson: '10-resources-qos-priority',
    sentence(p, { node, line }) {
      const asked =
        p('requested') === ''
          ? `asks for more ${word} than is free`
          : `requests ${amount(p, resource, 'requested')} ${word}${at(line)}; ${free(p, resource)} of ${amount(p, resource, 'allocatable')} is free there`
      return `The Pod for \`${node}\` ${asked}. Requests count, not use. Next: request less, free the node, or give the agent a higher priority.`
    },
  }
}

export const NODE_MESSAGES: Readonly<Record<string, Message>> = {
  NoDaemonSet: {
    lesson: '02-the-daemonset-object',
    sentence: (_p, { node }) =>
      `No DaemonSet came out of this, so nothing puts a daemon Pod on \`${node}\`. Next: check \`kind: DaemonSet\`, and read what kubectl said.`,
  },
  UntoleratedTaint: {
    lesson: '04-taints-and-tolerations',
    sentence(p, { daemonSet, node, line }) {
      const differs = p('differs')
      const nearest =
        differs === ''
          ? `no toleration of \`${daemonSet}\` matches it`
          : `the nearest toleration of \`${daemonSet}\` differs in its \`${differs.replaceAll(',', '` and `')}\`${at(line)}`
      const next =
        TAINT_NEXT[differs.split(',')[0] ?? ''] ?? 'add a toleration for this taint, if the agent belongs there'
      const follows = p('hasPod') === '' ? 'so no Pod is created there' : 'so its Pod, once gone, is not created again'
      return `\`${node}\` has the taint \`${p('taint')}\`; ${nearest}, ${follows}. Next: ${next}.`
    },
  },
  TolerationSecondsOver: {
    lesson: '04-taints-and-tolerations',
    sentence: (p, { node }) =>
      `\`${node}\` has the taint \`${p('taint')}\`, which the Pod tolerated for ${p('seconds')} s; they are over and it was evicted. The controller creates the next one, whose clock starts again. Next: leave \`tolerationSeconds\` out.`,
  },
  NodeSelectorMismatch: {
    lesson: '06-targeting-a-subset',
    sentence(p, { node, line }) {
      const has =
        p('actual') === ''
          ? `\`${node}\` has no label \`${p('key')}\``
          : `on \`${node}\` that label is \`${p('actual')}\``
      return `The nodeSelector asks for \`${p('key')}=${p('wanted')}\`${at(line)}; ${has}. A DaemonSet creates no Pod where its nodeSelector does not match. Next: compare it with \`kubectl get nodes --show-labels\`.`
    },
  },
  NodeAffinityMismatch: {
    lesson: '06-targeting-a-subset',
    sentence(p, { node, line }) {
      const expression = expressionOf(p)
      const broken =
        expression === ''
          ? ''
          : `: ${expression} is not true there${p('actual') === '' ? '' : `, its value is \`${p('actual')}\``}`
      return `The required node affinity does not match \`${node}\`${broken}${at(line)}. Terms are alternatives; inside a term every expression must hold. Next: check the node's labels against each expression.`
    },
  },
  NodeNameMismatch: {
    lesson: '03-how-placement-works',
    sentence: (p, { node, line }) =>
      `The template names the node \`${p('wanted')}\`${at(line)}, so \`${node}\` is left out. Next: remove \`nodeName\`; a DaemonSet finds its nodes itself.`,
  },
  NodeUnschedulable: {
    lesson: '07-node-lifecycle',
    sentence: (_p, { node }) =>
      `\`${node}\` is cordoned, and this Pod does not tolerate that. Next: \`kubectl uncordon ${node}\`, if its maintenance is over.`,
  },
  InsufficientCPU: fits('cpu'),
  InsufficientMemory: fits('memory'),
  InsufficientResource: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node, line }) =>
      `The Pod for \`${node}\` requests ${amount(p, p('resource'), 'requested')} of \`${p('resource')}\`${at(line)}; the node has ${free(p, p('resource'))} free. Next: see what the node offers with \`kubectl describe node ${node}\`.`,
  },
  TooManyPods: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node }) =>
      `\`${node}\` already runs as many Pods as it may${p('allocatable') === '' ? '' : ` (${p('allocatable')})`}. Next: free a place, or raise the node's Pod limit.`,
  },
  HostPortConflict: {
    lesson: '09-host-access',
    sentence: (p, { node, line }) =>
      `The host port${p('port') === '' ? '' : ` ${p('port')}`} that the Pod wants${at(line)} is taken on \`${node}\`${p('holder') === '' ? '' : ` by \`${p('holder')}\``}. A host port belongs to one Pod of a node. Next: choose another \`hostPort\`, or move the other workload.`,
  },
  PodAffinityMismatch: {
    lesson: '06-targeting-a-subset',
    sentence: (_p, { node, line }) =>
      `The Pod wants to be near Pods${at(line)} that do not run on \`${node}\`. Next: look at \`podAffinity\`; a daemon Pod has one node to go to, so it waits there.`,
  },
  PodAntiAffinityMismatch: {
    lesson: '06-targeting-a-subset',
    sentence: (_p, { node, line }) =>
      `A Pod on \`${node}\` and this one may not share a node${at(line)}. Next: look at \`podAntiAffinity\` on both sides; a daemon Pod has one node to go to, so it waits there.`,
  },
  TopologySpreadMismatch: {
    lesson: '06-targeting-a-subset',
    sentence: (p, { node, line }) =>
      `On \`${node}\` the Pod would break its spread over \`${p('topologyKey')}\` (maxSkew ${p('maxSkew')})${at(line)}. A DaemonSet spreads by itself, one Pod per node. Next: delete \`topologySpreadConstraints\`.`,
  },
  QuotaExceeded: {
    lesson: '12-security-for-cks',
    sentence: (_p, { node, line }) =>
      `The namespace's quota has no room for the Pod of \`${node}\`${at(line)}. The DaemonSet was accepted; each of its Pods counts. Next: \`kubectl describe quota\`, then lower the requests or raise the quota.`,
  },
  PodSecurityForbidden: {
    lesson: '12-security-for-cks',
    sentence: (_p, { node, line }) =>
      `Pod Security refused the Pod for \`${node}\`. The DaemonSet itself was accepted; what its Pods ask for${at(line)} is more than the namespace's level allows. Next: Kubernetes' own text names the fields that violate it.`,
  },
  LimitRangeExceeded: {
    lesson: '10-resources-qos-priority',
    sentence: (_p, { node, line }) =>
      `A LimitRange of the namespace refused the Pod for \`${node}\`${at(line)}. Next: \`kubectl describe limitrange\`, then adapt requests and limits.`,
  },
  ServiceAccountMissing: {
    lesson: '14-operating-them',
    sentence: (_p, { node, line }) =>
      `The Pod for \`${node}\` names a ServiceAccount that does not exist${at(line)}, so it cannot be created. Next: create the account in this namespace, or name another.`,
  },
  PriorityClassMissing: {
    lesson: '10-resources-qos-priority',
    sentence: (_p, { node, line }) =>
      `The Pod for \`${node}\` names a PriorityClass that does not exist${at(line)}. Next: \`kubectl get priorityclasses\`.`,
  },
  NamespaceMissing: {
    lesson: '02-the-daemonset-object',
    sentence: () => 'The namespace does not exist. Next: create it first, or choose another.',
  },
  NamespaceTerminating: {
    lesson: '02-the-daemonset-object',
    sentence: (_p, { node }) =>
      `The namespace is being deleted, so no new Pod is created for \`${node}\`. Next: wait until it is gone, or use another namespace.`,
  },
  CreationRefused: {
    lesson: '14-operating-them',
    sentence: (_p, { node }) =>
      `The API server refused the Pod for \`${node}\`. Next: its own words say why; they also stand in the Events of \`kubectl describe ds\`.`,
  },
  ImagePullFailed: {
    lesson: '14-operating-them',
    sentence: (p, { node, line }) =>
      `\`${node}\` cannot pull the image \`${p('image')}\`${at(line)}. Next: check name, tag and registry.`,
  },
  CrashLoop: {
    lesson: '14-operating-them',
    sentence: (p, { node }) =>
      `The container \`${p('container')}\` on \`${node}\` ends again and again (exit code ${p('exitCode')}), and the kubelet waits longer before each restart. Next: \`kubectl logs --previous\`.`,
  },
  OutOfMemory: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node }) =>
      `The container \`${p('container')}\` on \`${node}\` used more memory than its limit and was killed. Next: compare \`limits.memory\` with what the agent needs under load.`,
  },
  ProbeFailing: {
    lesson: '08-updates-and-rollback',
    sentence: (p, { node }) =>
      `The container \`${p('container')}\` runs on \`${node}\` and is not ready. A rollout waits for it. Next: see what its readiness needs.`,
  },
  HostPathMissing: {
    lesson: '09-host-access',
    sentence: (p, { node, line }) =>
      `On \`${node}\` the hostPath of the volume \`${p('volume')}\`${at(line)} is not what its \`type\` says, so the Pod cannot start. Next: check the path on that node, or let \`DirectoryOrCreate\` make it.`,
  },
  VolumeMissing: {
    lesson: '09-host-access',
    sentence: (p, { node, line }) =>
      `A volume of the Pod for \`${node}\`${p('volume') === '' ? '' : ` (\`${p('volume')}\`)`}${at(line)} cannot be had. Next: Kubernetes' own text names what is missing.`,
  },
  ConfigMissing: {
    lesson: '14-operating-them',
    sentence: (_p, { node, line }) =>
      `The Pod on \`${node}\` needs a ConfigMap or Secret${at(line)} that is not there, so it cannot start. Next: create it in the DaemonSet's namespace, or correct its name.`,
  },
  RejectedByKubelet: {
    lesson: '03-how-placement-works',
    sentence: (p, { node }) =>
      `The kubelet of \`${node}\` would not take the Pod (${p('reason')}). Next: its own words say which check failed.`,
  },
  PodFailed: {
    lesson: '03-how-placement-works',
    sentence: (_p, { node }) =>
      `The Pod on \`${node}\` has ended. The controller deletes it and creates the next one, waiting longer each time. Next: \`kubectl describe pod\`.`,
  },
  ContainerCreating: {
    lesson: '03-how-placement-works',
    sentence: (_p, { node }) =>
      `The Pod is on \`${node}\` and its containers are being started. Next: wait, or read the Events of \`kubectl describe pod\`.`,
  },
  NodeNotReady: {
    lesson: '07-node-lifecycle',
    sentence: (_p, { node }) =>
      `\`${node}\` is not Ready: its kubelet reports a fault. Its daemon Pod stays, and counts as not ready. Next: \`kubectl describe node ${node}\`.`,
  },
  NodeUnreachable: {
    lesson: '07-node-lifecycle',
    sentence: (_p, { node }) =>
      `Nothing has been heard from the kubelet of \`${node}\`, so nobody knows what runs there. Its daemon Pod stays. Next: look at the machine and its network.`,
  },
  Evicted: {
    lesson: '10-resources-qos-priority',
    sentence: (_p, { node }) =>
      `The kubelet of \`${node}\` is short of memory, disk or process numbers and keeps no such Pod. Next: relieve the node, or give the agent requests and a priority.`,
  },
  Preempted: {
    lesson: '10-resources-qos-priority',
    sentence: (p, { node }) =>
      `The Pod on \`${node}\` had to make room for \`${p('by')}\`, whose priority is higher. Next: give the agent a PriorityClass that fits its importance.`,
  },
  RolloutBlocked: {
    lesson: '08-updates-and-rollback',
    sentence: (p, { line }) =>
      `The rollout waits: ${p('unavailable')} of ${p('budget')} Pods that it may take away or add are out already${p('blockers') === '' ? '' : `, on ${namesOf(p('blockers'))}`}${at(line)}. Next: make those ready, or go back with \`kubectl rollout undo\`.`,
  },
  RolloutPaused: {
    lesson: '08-updates-and-rollback',
    sentence: (_p, { node, line }) =>
      `The update strategy is \`OnDelete\`${at(line)}: the Pod on \`${node}\` is replaced only when somebody deletes it. Next: delete it, or use \`RollingUpdate\`.`,
  },
  NotYetUpdated: {
    lesson: '08-updates-and-rollback',
    sentence: (_p, { node }) =>
      `The Pod on \`${node}\` is still of the old revision. Next: \`kubectl rollout status\` follows the update.`,
  },
  NotYetCreated: {
    lesson: '03-how-placement-works',
    sentence: (_p, { node }) =>
      `\`${node}\` should have a Pod and none is there yet. Next: wait a moment, then read the Events of \`kubectl describe ds\`.`,
  },
  NotYetScheduled: {
    lesson: '03-how-placement-works',
    sentence: (_p, { node }) =>
      `The Pod for \`${node}\` waits for the scheduler. Next: \`kubectl describe pod\` shows what it says.`,
  },
  BeingDeleted: {
    lesson: '07-node-lifecycle',
    sentence: (_p, { node }) => `The Pod on \`${node}\` is ending within its grace period. Next: wait.`,
  },
}
