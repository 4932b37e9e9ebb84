// The life of one container, in the words that kubectl prints as STATUS. Upstream: pkg/kubelet/kuberuntime, pkg/kubelet/images.
import { setup } from 'xstate'

export type ContainerEvent =
  | { type: 'STARTED' }
  | { type: 'READY' }
  | { type: 'UNREADY' }
  | { type: 'EXITED' }
  | { type: 'FAILED' }
  | { type: 'OOM_KILLED' }
  | { type: 'RESTARTED' }
  | { type: 'BACK_OFF' }
  | { type: 'PULL_FAILED' }
  | { type: 'IMAGE_ABSENT' }
  | { type: 'BAD_IMAGE_NAME' }
  | { type: 'CONFIG_MISSING' }

export const CONTAINER_EVENTS: readonly ContainerEvent['type'][] = [
  'STARTED',
  'READY',
  'UNREADY',
  'EXITED',
  'FAILED',
  'OOM_KILLED',
  'RESTARTED',
  'BACK_OFF',
  'PULL_FAILED',
  'IMAGE_ABSENT',
  'BAD_IMAGE_NAME',
  'CONFIG_MISSING',
]

const ends = { EXITED: 'Completed', FAILED: 'Error', OOM_KILLED: 'OOMKilled' } as const
const startsAgain = { RESTARTED: 'Running', BACK_OFF: 'CrashLoopBackOff' } as const

/** Waiting, Running, Terminated and back-off. `Ready` is a Running container that is ready. */
export const containerMachine = setup({ types: { events: {} as ContainerEvent } }).createMachine({
  id: 'container',
  initial: 'ContainerCreating',
  states: {
    ContainerCreating: {
      on: {
        STARTED: 'Running',
        PULL_FAILED: 'ErrImagePull',
        IMAGE_ABSENT: 'ErrImageNeverPull',
        BAD_IMAGE_NAME: 'InvalidImageName',
        CONFIG_MISSING: 'CreateContainerConfigError',
      },
    },
    ErrImagePull: { on: { BACK_OFF: 'ImagePullBackOff' } },
    // An edited image gets such a container going.
    ImagePullBackOff: { on: { PULL_FAILED: 'ErrImagePull', STARTED: 'Running' } },
    ErrImageNeverPull: { on: { STARTED: 'Running' } },
    InvalidImageName: { on: { STARTED: 'Running' } },
    CreateContainerConfigError: { on: { STARTED: 'Running' } },
    Running: { on: { READY: 'Ready', ...ends } },
    Ready: { on: { UNREADY: 'Running', ...ends } },
    Completed: { on: startsAgain },
    Error: { on: startsAgain },
    OOMKilled: { on: startsAgain },
    CrashLoopBackOff: { on: { RESTARTED: 'Running' } },
  },
})
