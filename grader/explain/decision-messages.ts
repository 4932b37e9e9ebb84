// What controllers did and why, for timelines and traces: reasons that are not about a Node's verdict.
import type { Message } from './messages.ts'

const UPDATES = '08-updates-and-rollback'
const PLACEMENT = '03-how-placement-works'
const LIFE = '07-node-lifecycle'

export const DECISION_MESSAGES: Readonly<Record<string, Message>> = {
  NodeLacksDaemonPod: {
    lesson: PLACEMENT,
    sentence: (_p, { node }) => `\`${node}\` is eligible and has no Pod, so one is created.`,
  },
  NotEligible: {
    lesson: PLACEMENT,
    sentence: (_p, { node }) => `\`${node}\` is no longer eligible, so its Pod is deleted.`,
  },
  DuplicatePod: {
    lesson: PLACEMENT,
    sentence: (_p, { node }) => `\`${node}\` has more Pods than one, so the younger ones are deleted.`,
  },
  FailedDaemonPod: {
    lesson: PLACEMENT,
    sentence: (_p, { node }) => `The Pod on \`${node}\` failed, so it is deleted; the next one comes after a back-off.`,
  },
  SucceededDaemonPod: {
    lesson: PLACEMENT,
    sentence: (_p, { node }) => `The Pod on \`${node}\` ended by itself, so it is deleted and created anew.`,
  },
  SyncFailed: {
    lesson: '14-operating-them',
    sentence: () =>
      "The controller could not finish this round and comes back later. Next: Kubernetes' own text says what stopped it.",
  },
  RollingUpdate: {
    lesson: UPDATES,
    sentence: (_p, { node }) => `The template changed, and it is the turn of \`${node}\`.`,
  },
  OldPodUnavailable: {
    lesson: UPDATES,
    sentence: (_p, { node }) => `The old Pod on \`${node}\` was not available, so replacing it costs nothing.`,
  },
  OldPodNotReady: {
    lesson: UPDATES,
    sentence: (_p, { node }) => `The old Pod on \`${node}\` is not ready, so it goes at once.`,
  },
  NewPodAvailable: {
    lesson: UPDATES,
    sentence: (_p, { node }) => `The new Pod on \`${node}\` is available, so the old one goes.`,
  },
  NodeMissing: { lesson: LIFE, sentence: (_p, { node }) => `There is no Node \`${node}\` any more, so its Pods go.` },
  NodeOutOfService: {
    lesson: LIFE,
    sentence: (_p, { node }) => `\`${node}\` is marked out of service, so its Pods are deleted by force.`,
  },
  ConditionTaint: {
    lesson: '05-tolerations-for-free',
    sentence: (p, { node }) => `A condition of \`${node}\` became the taint \`${p('taint')}\`.`,
  },
  ConditionGone: {
    lesson: '05-tolerations-for-free',
    sentence: (p, { node }) => `The condition behind \`${p('taint')}\` of \`${node}\` is over, so the taint goes.`,
  },
  TooManyEndedPods: {
    lesson: LIFE,
    sentence: (p) => `More than ${p('threshold')} ended Pods are kept nowhere, so the oldest go.`,
  },
  NeverScheduled: {
    lesson: LIFE,
    sentence: () => 'The Pod is being deleted and was never on a node, so it goes at once.',
  },
}
