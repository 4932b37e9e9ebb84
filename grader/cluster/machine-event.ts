// What happens to machines, from outside the cluster: steps of the step language (formats, part 2).
import type { Pod } from '../api/core.ts'
import type { ForCreate } from '../api/meta.ts'
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
  /** The API server stops answering, or answers again. Kubelets and containers go on. */
  controlPlane(isUp: boolean): void
  /** A file in the machine's `/etc/kubernetes/manifests` holds this Pod now, or (undefined) is gone. */
  writeManifest(node: string, file: string, manifest: Pick<ForCreate<Pod>, 'metadata' | 'spec'> | undefined): void
  suffer(event: MachineEvent): void
  /** Every edge of the three machines in lifecycles/, and how often it was taken: `container`, `pod`, `node`. */
  edges(): Readonly<Record<'container' | 'pod' | 'node', readonly Edge[]>>
}

type Act = Omit<Machines, 'suffer'>

/** One happening as the call it stands for. */
export function dispatchMachineEvent(machines: Act, event: MachineEvent): void {
  if (event.type === 'pressure') machines.pressure(event.node, event.resource)
  else if (event.type === 'relieve') machines.relieve(event.node, event.resource)
  else if (event.type === 'log-burst') machines.logBurst(event.node, event.percent)
  else if (event.type === 'machine') HAPPENINGS[event.happens](machines, event.node)
  else if (event.type === 'control-plane') machines.controlPlane(event.up)
}

type Happening = Extract<MachineEvent, { readonly type: 'machine' }>['happens']

const HAPPENINGS: Readonly<Record<Happening, (machines: Act, node: string) => void>> = {
  remove: (machines, node) => machines.remove(node),
  'stop-kubelet': (machines, node) => machines.stopKubelet(node),
  'start-kubelet': (machines, node) => machines.startKubelet(node),
  partition: (machines, node) => machines.partition(node),
  heal: (machines, node) => machines.heal(node),
  reboot: (machines, node) => machines.reboot(node),
  reclaim: (machines, node) => machines.reclaim(node),
}
