// What happens to machines, carried out on their kubelets. Upstream has no such part: this is the world outside.

import type { ApiClient } from '../../api/api-client.ts'
import { nodes as nodeResource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { HostPathKind } from '../cluster-config.ts'
import { dispatchMachineEvent, type Machines } from '../machine-event.ts'
import type { Trace } from '../trace.ts'
import type { EvictionManager } from './eviction.ts'
import type { Heartbeats } from './heartbeat.ts'
import { type Kubelet, whenRunning } from './kubelet.ts'
import { nodeOf } from './node-of-machine.ts'
import type { NodeReporter } from './node-reporter.ts'
import type { PodRunner } from './pod-runner.ts'
import type { StaticPods } from './static-pod.ts'

export interface MachinesParts {
  readonly client: ApiClient
  readonly clock: Clock
  readonly trace: Trace
  readonly kubelets: ReadonlyMap<string, Kubelet>
  readonly runner: PodRunner
  readonly evictionManager: EvictionManager
  /** The API server, which can go down. */
  readonly server: { isUp: boolean }
  readonly nodeReporter: NodeReporter
  readonly heartbeats: Heartbeats
  readonly catchUp: (kubelet: Kubelet) => void
  readonly staticPods: StaticPods
  readonly edges: Machines['edges']
}

export interface HostedMachines extends Machines {
  /** What is special about the disk of a machine that joined in the story. */
  diskOf(name: string): Readonly<Record<string, HostPathKind>> | undefined
}

const BY = 'machine'
const NOTICE_SECONDS = 120
const REBOOT_SECONDS = 20
/** So long after its start the kubelet waits for the container runtime. */
const RUNTIME_START_SECONDS = 2
const CLUSTER = { kind: 'Namespace', name: 'kube-system' }

export function createMachines(parts: MachinesParts): HostedMachines {
  const {
    client,
    clock,
    trace,
    kubelets,
    runner,
    evictionManager,
    server,
    staticPods,
    nodeReporter,
    heartbeats,
    catchUp,
    edges,
  } = parts
  const disks = new Map<string, Readonly<Record<string, HostPathKind>>>()

  const about = (node: string, step: string) =>
    trace.record(BY, { type: 'step', about: { kind: 'Node', name: node }, step })
  const withKubelet = (node: string, step: string, act: (kubelet: Kubelet) => void) => {
    const kubelet = kubelets.get(node)
    if (kubelet === undefined) return
    trace.cause = about(node, step)
    act(kubelet)
    trace.cause = undefined
  }
  const setRunning = (kubelet: Kubelet, running: boolean) => {
    if (kubelet.running === running) return
    kubelet.running = running
    heartbeats.changed(kubelet)
    if (running && kubelet.connected) {
      nodeReporter.started(kubelet)
      catchUp(kubelet)
    }
  }
  const setConnected = (kubelet: Kubelet, connected: boolean) => {
    if (kubelet.connected === connected) return
    kubelet.connected = connected
    heartbeats.changed(kubelet)
    if (connected && kubelet.running) {
      nodeReporter.post(kubelet)
      catchUp(kubelet)
    }
  }
  const remove = (node: string) => {
    const kubelet = kubelets.get(node)
    if (kubelet !== undefined) {
      kubelet.connected = false
      kubelet.isGone = true
    }
    client.delete(nodeResource, { name: node })
  }

  const machines: Omit<HostedMachines, 'suffer'> = {
    diskOf: (name) => disks.get(name),
    edges,
    join(machine) {
      if (machine.disk !== undefined) disks.set(machine.name, machine.disk)
      trace.cause = about(machine.name, 'join')
      client.create(nodeResource, nodeOf(machine))
      trace.cause = undefined
    },
    remove: (node) => withKubelet(node, 'remove', () => remove(node)),
    stopKubelet: (node) => withKubelet(node, 'stop-kubelet', (kubelet) => setRunning(kubelet, false)),
    startKubelet: (node) => withKubelet(node, 'start-kubelet', (kubelet) => setRunning(kubelet, true)),
    partition: (node) => withKubelet(node, 'partition', (kubelet) => setConnected(kubelet, false)),
    heal: (node) => withKubelet(node, 'heal', (kubelet) => setConnected(kubelet, true)),
    reboot: (node) =>
      withKubelet(node, 'reboot', (kubelet) => {
        setRunning(kubelet, false)
        clock.after(REBOOT_SECONDS, BY, () => {
          if (kubelets.get(node) !== kubelet) return
          kubelet.isReady = false
          for (const worker of kubelet.pods.values())
            if (!worker.over && worker.podIP !== undefined) runner.startAfresh(worker)
          setRunning(kubelet, true)
          clock.after(RUNTIME_START_SECONDS, BY, () => {
            kubelet.isReady = true
            nodeReporter.post(kubelet)
          })
          nodeReporter.tell(
            kubelet,
            'Rebooted',
            `Node ${node} has been rebooted, boot id: ${bootId(node, clock.seconds())}`,
            'Warning',
          )
        })
      }),
    reclaim: (node) =>
      withKubelet(node, 'reclaim', () => {
        const current = client.get(nodeResource, { name: node })
        if (!current.ok) return
        // As the clouds' termination handlers do it: cordon, so that nothing new comes, then the machine goes.
        client.update(nodeResource, { ...current.value, spec: { ...current.value.spec, unschedulable: true } })
        clock.after(NOTICE_SECONDS, BY, () => remove(node))
      }),
    pressure: (node, resource) =>
      withKubelet(node, `pressure ${resource}`, (kubelet) => evictionManager.begin(kubelet, resource)),
    relieve: (node, resource) =>
      withKubelet(node, `relieve ${resource}`, (kubelet) => evictionManager.end(kubelet, resource)),
    writeManifest: (node, file, manifest) =>
      withKubelet(node, `manifest ${file}`, (kubelet) =>
        whenRunning(kubelet, () => staticPods.write(kubelet, file, manifest)),
      ),
    controlPlane(isUp) {
      if (server.isUp === isUp) return
      server.isUp = isUp
      trace.cause = trace.record(BY, { type: 'step', about: CLUSTER, step: `control-plane ${isUp ? 'up' : 'down'}` })
      for (const kubelet of kubelets.values()) reach(kubelet, isUp)
      trace.cause = undefined
    },
    logBurst: (node, percent) =>
      withKubelet(node, `log-burst ${percent}%`, (kubelet) => {
        kubelet.load = percent / 100
        for (const worker of kubelet.pods.values()) runner.feelLoad(worker)
      }),
  }

  /** Kubelets that could reach an API server before it went down; the others stay cut off when it comes back. */
  const waiting = new Set<Kubelet>()
  const reach = (kubelet: Kubelet, isUp: boolean) => {
    if (!isUp) {
      if (kubelet.connected) waiting.add(kubelet)
      kubelet.connected = false
      return
    }
    if (!waiting.delete(kubelet)) return
    kubelet.connected = true
    if (kubelet.running) {
      nodeReporter.post(kubelet)
      catchUp(kubelet)
    }
  }

  return { ...machines, suffer: (event) => dispatchMachineEvent(machines, event) }
}

const bootId = (node: string, seconds: number): string => `${node}-${Math.floor(seconds)}`
