// One kubelet per Node object, and the machines under them. Upstream: pkg/kubelet/kubelet.go (syncLoop), config/apiserver.go.
import type { Node } from '../../api/core.ts'
import { configMaps, nodes as nodeResource, pods as podResource, secrets } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import { CONTAINER_TRANSITIONS, NODE_TRANSITIONS, POD_TRANSITIONS } from '../lifecycles/generated/transitions.ts'
import { createLifecycle } from '../lifecycles/lifecycle.ts'
import type { Configs } from './container-start.ts'
import { createEvictionManager } from './eviction.ts'
import { createHeartbeats } from './heartbeat.ts'
import { behavioursOf } from './image-behaviour.ts'
import { hostAddress, type Kubelet } from './kubelet.ts'
import { createKubeletServer } from './kubelet-server.ts'
import { createMachines } from './machines.ts'
import { createNodeReporter } from './node-reporter.ts'
import { createPodReporter } from './pod-reporter.ts'
import { createPodRunner } from './pod-runner.ts'
import { createPodWorkers, type PodWorkers } from './pod-worker.ts'
import { createStaticPods } from './static-pod.ts'

const BY = 'kubelet'
/** Machines with this annotation run every Pod that is bound to them: the recordings were made on such. */
const FAKE_MACHINE = 'kwok.x-k8s.io/node'
// Simplified: in clusters of more than 200 Nodes kubelets write no Events of their own and no status on the way to Running.
const SMALL_CLUSTER = 200

/** Runs a kubelet for every Node, however the Node came to be. */
export function kubelets(parts: ComponentParts): void {
  const { informers, clock, trace, config } = parts
  const client = parts.clientFor(BY)
  const pods = informers.of(podResource)
  const nodes = informers.of(nodeResource)
  const byName = new Map<string, Kubelet>()
  /** Machines whose Node object was deleted. */
  const departed = new Map<string, Kubelet>()
  const containerLife = createLifecycle('container', CONTAINER_TRANSITIONS)
  const podLife = createLifecycle('pod', POD_TRANSITIONS)
  const nodeLife = createLifecycle('node', NODE_TRANSITIONS)
  const configs: Configs = {
    configMap: (key) => informers.of(configMaps).get(key),
    secret: (key) => informers.of(secrets).get(key),
  }
  const isSmall = () => byName.size <= SMALL_CLUSTER
  const reporter = createPodReporter({ client, clock, trace, podLife, pods, isSmall })
  const behaviourOf = behavioursOf(config.images)
  const runner = createPodRunner({ clock, behaviourOf, containerLife, reporter, configs })
  Object.assign(parts.server.kubelets, createKubeletServer({ clock, kubelets: byName, behaviourOf, configs }))
  const heartbeats = createHeartbeats(client, clock)
  const nodeReporter = createNodeReporter({ client, clock, nodes, nodeLife, reporter })
  const workers: PodWorkers = createPodWorkers({
    client,
    onMirrorGone: (kubelet) => clock.soon(BY, () => staticPods.mirrorAll(kubelet)),
    clock,
    store: informers.store,
    nodes,
    containerLife,
    podLife,
    reporter,
    runner,
    configs,
  })
  const staticPods = createStaticPods({ client, clock, workers })
  const catchUp = (kubelet: Kubelet) => {
    staticPods.mirrorAll(kubelet)
    workers.catchUp(kubelet)
  }
  let machineCount = 0

  function nodeAppeared(node: Node): void {
    const { name, annotations } = node.metadata
    const known = departed.get(name)
    if (known !== undefined) {
      comeBack(known, node)
      return
    }
    const index = machineCount++
    const kubelet: Kubelet = {
      name,
      index,
      hostIP: node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? hostAddress(index),
      pods: new Map(),
      runsEverything: annotations?.[FAKE_MACHINE] === 'fake',
      disk: config.disks[name] ?? machines.diskOf(name),
      images: undefined,
      running: true,
      connected: true,
      addresses: 0,
      postponed: undefined,
      recorder: undefined,
      states: nodeLife.initial,
      pressures: { memory: false, disk: false, pid: false },
      isReady: true,
      load: 1,
      isGone: false,
    }
    byName.set(name, kubelet)
    nodeReporter.started(kubelet)
    heartbeats.start(node, kubelet)
    for (const pod of informers.store.podsOnNode(name).values()) workers.seen(kubelet, pod)
  }

  /** The Node object of a machine that is still there was made anew: its Pods have gone on running. */
  function comeBack(kubelet: Kubelet, node: Node): void {
    departed.delete(kubelet.name)
    byName.set(kubelet.name, kubelet)
    kubelet.connected = true
    kubelet.states = nodeLife.initial
    heartbeats.start(node, kubelet)
    nodeReporter.post(kubelet)
    if (kubelet.running) workers.catchUp(kubelet)
  }

  function nodeGone(name: string): void {
    const kubelet = byName.get(name)
    if (kubelet === undefined) return
    byName.delete(name)
    kubelet.connected = false
    heartbeats.changed(kubelet)
    if (kubelet.isGone) for (const worker of kubelet.pods.values()) worker.over = true
    else departed.set(name, kubelet)
  }

  const machines = createMachines({
    client,
    clock,
    trace,
    kubelets: byName,
    runner,
    evictionManager: createEvictionManager({ clock, runner, reporter, nodeReporter, behaviourOf }),
    server: parts.server,
    nodeReporter,
    heartbeats,
    catchUp,
    staticPods,
    edges: () => ({ container: containerLife.edges(), pod: podLife.edges(), node: nodeLife.edges() }),
  })
  parts.machines.attach(machines)

  nodes.onChange(({ type, object, previous }) => {
    const { name } = object.metadata
    if (type === 'DELETED') return nodeGone(name)
    const kubelet = byName.get(name)
    if (kubelet === undefined) nodeAppeared(object)
    else nodeReporter.observe(kubelet, object, previous)
  })

  pods.onChange(({ type, object: pod }) => {
    const { nodeName } = pod.spec
    if (nodeName === undefined || nodeName === '') return
    const kubelet = byName.get(nodeName)
    if (kubelet === undefined || !kubelet.running || !kubelet.connected) return
    if (type !== 'DELETED') return workers.seen(kubelet, pod)
    workers.gone(kubelet, pod)
  })
}
