// What happens to machines, from outside the cluster: steps of the step language (formats, part 2).
import type { Machine } from './cluster-config.ts'
import type { Edge } from './lifecycles/lifecycle.ts'

export type PressureResource = 'memory' | 'disk' | 'pid'

/** One happening, in the shape of the step that asks for it. */
export type MachineEvent =
  | {
      readonly type: 'machine'
      readonly happens: 'remove' | 'stop-kubelet' | 'start-kubelet' | 'partition' | 'heal' | 'reboot' | 'reclaim'
      readonly node: string
    }
  | { readonly type: 'pressure' | 'relieve'; readonly node: string; readonly resource: PressureResource }
  | { readonly type: 'log-burst'; readonly node: string; readonly percent: number }
  | { readonly type: 'control-plane'; readonly up: boolean }

/** The machines of a cluster. A call about a machine that is not there does nothing. */
export interface Machines {
  /** A machine joins: its kubelet registers a Node, which becomes Ready. */
  join(machine: Machine): void
  /** The machine is gone, and its Node object with it. */
  remove(node: string): void
  stopKubelet(node: string): void
  startKubelet(node: string): void
  partition(node: string): void
  heal(node: string): void
  reboot(node: string): void
  /** A spot machine gets its two-minute notice: it is tainted, then gone. */
  reclaim(node: string): void
  pressure(node: string, resource: PressureResource): void
  relieve(node: string, resource: PressureResource): void
  /** What agents on the machine use follows the burst of logs: 300 means three times as much. */
  logBurst(node: string, percent: number): void
  suffer(event: MachineEvent): void
  /** Every edge of the three machines in lifecycles/, and how often it was taken: `container`, `pod`, `node`. */
  edges(): Readonly<Record<'container' | 'pod' | 'node', readonly Edge[]>>
}

/** One happening as the call it stands for. */
export function dispatchMachineEvent(machines: Omit<Machines, 'suffer'>, event: MachineEvent): void {
  switch (event.type) {
    case 'pressure':
      return machines.pressure(event.node, event.resource)
    case 'relieve':
      return machines.relieve(event.node, event.resource)
    case 'log-burst':
      return machines.logBurst(event.node, event.percent)
    case 'control-plane':
      // Simplified: the control plane never goes down; `control-plane down` and `up` do nothing yet.
      return
    default:
      return happen(machines, event.happens, event.node)
  }
}

type Happening = Extract<MachineEvent, { readonly type: 'machine' }>['happens']

function happen(machines: Omit<Machines, 'suffer'>, happens: Happening, node: string): void {
  switch (happens) {
    case 'remove':
      return machines.remove(node)
    case 'stop-kubelet':
      return machines.stopKubelet(node)
    case 'start-kubelet':
      return machines.startKubelet(node)
    case 'partition':
      return machines.partition(node)
    case 'heal':
      return machines.heal(node)
    case 'reboot':
      return machines.reboot(node)
    case 'reclaim':
      return machines.reclaim(node)
  }
}
