// The life of one Node: what its kubelet says of it, whether it is cordoned, and its pressures, side by side.
// Upstream: pkg/kubelet/kubelet_node_status.go, pkg/controller/nodelifecycle.
import { setup } from 'xstate'

export type NodeEvent =
  | { type: 'KUBELET_READY' }
  | { type: 'KUBELET_NOT_READY' }
  | { type: 'HEARTBEATS_LOST' }
  | { type: 'CORDONED' }
  | { type: 'UNCORDONED' }
  | { type: 'MEMORY_PRESSURE' }
  | { type: 'MEMORY_RELIEVED' }
  | { type: 'DISK_PRESSURE' }
  | { type: 'DISK_RELIEVED' }
  | { type: 'PID_PRESSURE' }
  | { type: 'PID_RELIEVED' }

export const NODE_EVENTS: readonly NodeEvent['type'][] = [
  'KUBELET_READY',
  'KUBELET_NOT_READY',
  'HEARTBEATS_LOST',
  'CORDONED',
  'UNCORDONED',
  'MEMORY_PRESSURE',
  'MEMORY_RELIEVED',
  'DISK_PRESSURE',
  'DISK_RELIEVED',
  'PID_PRESSURE',
  'PID_RELIEVED',
]

/** Condition Ready (True, False, Unknown) × schedulable × the three pressures. `Unreachable` is Ready=Unknown. */
export const nodeMachine = setup({ types: { events: {} as NodeEvent } }).createMachine({
  id: 'node',
  type: 'parallel',
  states: {
    readiness: {
      initial: 'NotReady',
      states: {
        NotReady: { on: { KUBELET_READY: 'Ready', HEARTBEATS_LOST: 'Unreachable' } },
        Ready: { on: { KUBELET_NOT_READY: 'NotReady', HEARTBEATS_LOST: 'Unreachable' } },
        Unreachable: { on: { KUBELET_READY: 'Ready', KUBELET_NOT_READY: 'NotReady' } },
      },
    },
    scheduling: {
      initial: 'Schedulable',
      states: {
        Schedulable: { on: { CORDONED: 'Cordoned' } },
        Cordoned: { on: { UNCORDONED: 'Schedulable' } },
      },
    },
    memory: {
      initial: 'MemorySufficient',
      states: {
        MemorySufficient: { on: { MEMORY_PRESSURE: 'MemoryPressure' } },
        MemoryPressure: { on: { MEMORY_RELIEVED: 'MemorySufficient' } },
      },
    },
    disk: {
      initial: 'DiskSufficient',
      states: {
        DiskSufficient: { on: { DISK_PRESSURE: 'DiskPressure' } },
        DiskPressure: { on: { DISK_RELIEVED: 'DiskSufficient' } },
      },
    },
    pid: {
      initial: 'PIDSufficient',
      states: {
        PIDSufficient: { on: { PID_PRESSURE: 'PIDPressure' } },
        PIDPressure: { on: { PID_RELIEVED: 'PIDSufficient' } },
      },
    },
  },
})
