// Drawn from the machines beside it by scripts/generate-lifecycles.mjs; tests/cluster/lifecycles proves that they agree.
import type { TransitionTable } from '../lifecycle.ts'

export const CONTAINER_TRANSITIONS: TransitionTable = {
  initial: ['ContainerCreating'],
  next: {
    Completed: { RESTARTED: 'Running', BACK_OFF: 'CrashLoopBackOff' },
    ContainerCreating: { STARTED: 'Running', PULL_FAILED: 'ErrImagePull', IMAGE_ABSENT: 'ErrImageNeverPull', BAD_IMAGE_NAME: 'InvalidImageName', CONFIG_MISSING: 'CreateContainerConfigError' },
    CrashLoopBackOff: { RESTARTED: 'Running' },
    CreateContainerConfigError: { STARTED: 'Running' },
    ErrImageNeverPull: { STARTED: 'Running' },
    ErrImagePull: { BACK_OFF: 'ImagePullBackOff' },
    Error: { RESTARTED: 'Running', BACK_OFF: 'CrashLoopBackOff' },
    ImagePullBackOff: { STARTED: 'Running', PULL_FAILED: 'ErrImagePull' },
    InvalidImageName: { STARTED: 'Running' },
    OOMKilled: { RESTARTED: 'Running', BACK_OFF: 'CrashLoopBackOff' },
    Ready: { UNREADY: 'Running', EXITED: 'Completed', FAILED: 'Error', OOM_KILLED: 'OOMKilled' },
    Running: { READY: 'Ready', EXITED: 'Completed', FAILED: 'Error', OOM_KILLED: 'OOMKilled' },
  },
}

export const NODE_TRANSITIONS: TransitionTable = {
  initial: ['NotReady', 'Schedulable', 'MemorySufficient', 'DiskSufficient', 'PIDSufficient'],
  next: {
    Cordoned: { UNCORDONED: 'Schedulable' },
    DiskPressure: { DISK_RELIEVED: 'DiskSufficient' },
    DiskSufficient: { DISK_PRESSURE: 'DiskPressure' },
    MemoryPressure: { MEMORY_RELIEVED: 'MemorySufficient' },
    MemorySufficient: { MEMORY_PRESSURE: 'MemoryPressure' },
    NotReady: { KUBELET_READY: 'Ready', HEARTBEATS_LOST: 'Unreachable' },
    PIDPressure: { PID_RELIEVED: 'PIDSufficient' },
    PIDSufficient: { PID_PRESSURE: 'PIDPressure' },
    Ready: { KUBELET_NOT_READY: 'NotReady', HEARTBEATS_LOST: 'Unreachable' },
    Schedulable: { CORDONED: 'Cordoned' },
    Unreachable: { KUBELET_READY: 'Ready', KUBELET_NOT_READY: 'NotReady' },
  },
}

export const POD_TRANSITIONS: TransitionTable = {
  initial: ['Pending', 'Present'],
  next: {
    Failed: {},
    Pending: { BOUND: 'Scheduled' },
    Present: { DELETED: 'Terminating' },
    Running: { SUCCEEDED: 'Succeeded', FAILED: 'Failed' },
    Scheduled: { CONTAINERS_RUN: 'Running', SUCCEEDED: 'Succeeded', FAILED: 'Failed' },
    Succeeded: {},
    Terminating: {},
  },
}
