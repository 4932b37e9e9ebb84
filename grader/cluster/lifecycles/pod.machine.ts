// The life of one Pod: its phase, and beside it whether it is being deleted. Upstream: pkg/kubelet/kubelet_pods.go (getPhase).
import { setup } from 'xstate'

export type PodEvent =
  | { type: 'BOUND' }
  | { type: 'CONTAINERS_RUN' }
  | { type: 'SUCCEEDED' }
  | { type: 'FAILED' }
  | { type: 'DELETED' }

export const POD_EVENTS: readonly PodEvent['type'][] = ['BOUND', 'CONTAINERS_RUN', 'SUCCEEDED', 'FAILED', 'DELETED']

/** Phase × deletion. `Scheduled` is Pending with a Node. */
export const podMachine = setup({ types: { events: {} as PodEvent } }).createMachine({
  id: 'pod',
  type: 'parallel',
  states: {
    phase: {
      initial: 'Pending',
      states: {
        Pending: { on: { BOUND: 'Scheduled' } },
        Scheduled: { on: { CONTAINERS_RUN: 'Running', SUCCEEDED: 'Succeeded', FAILED: 'Failed' } },
        Running: { on: { SUCCEEDED: 'Succeeded', FAILED: 'Failed' } },
        Succeeded: {},
        Failed: {},
      },
    },
    deletion: {
      initial: 'Present',
      states: {
        Present: { on: { DELETED: 'Terminating' } },
        Terminating: {},
      },
    },
  },
})
