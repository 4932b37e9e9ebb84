// One kubelet per Node object, and the machines under them. Upstream: pkg/kubelet/kubelet.go (syncLoop), config/apiserver.go.
import type { Node, Pod } from '../../api/core.ts'
import { keyOf } from '../../api/meta.ts'
import { configMaps, nodes as nodeResource, pods as podResource, secrets } from '../../api/resource-table.ts'
import type { ComponentParts } from '../cluster.ts'
import { CONTAINER_TRANSITIONS, NODE_TRANSITIONS, POD_TRANSITIONS } from '../lifecycles/generated/transitions.ts'
import { createLifecycle } from '../lifecycles/lifecycle.ts'
import { admitPod } from './admission.ts'
import { createContainer } from './container.ts'
import type { Configs } from './container-start.ts'
import { createHeartbeats } from './heartbeat.ts'
import { hostAddress, type Kubelet, type PodWorker, whenRunning } from './kubelet.ts'
import { createMachines } from './machines.ts'
import { createNodeReporter } from './node-reporter.ts'
import { createPodReporter } from './pod-reporter.ts'
import { createPodRunner } from './pod-runner.ts'
import { mountProblems } from './volume.ts'

const BY = 'kubelet'
/** Machines with this annotation run every Pod that is bound to them: the recordings were made on such. */
const FAKE_MACHINE = 'kwok.x-k8s.io/node'
// Simplified: in clusters of more than 200 Nodes kubelets write no Events of their own and no status on the way to Running.
const SMALL_CLUSTER = 200
const FIRST_MOUNT_RETRY_SECONDS = 0.5
const LAST_MOUNT_RETRY_SECONDS = 122

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
  const configs: Configs = { configMap: (key) => informers.of(configMaps).get(key), secret: (key) => informers.of(secrets).get(key) }
  const isSmall = () => byName.size <= SMALL_CLUSTER
  const reporter = createPodReporter({ client, clock, trace, podLife, pods, isSmall })
  const runner = createPodRunner({ clock, images: config.images, containerLife, reporter, configs })
  const heartbeats = createHeartbeats(client, clock)
  const nodeReporter = createNodeReporter({ client, clock, nodes, nodeLife, reporter })
  let machineCount = 0

  function nodeAppeared(node: Node): void {
    const { name, annotations } = node.metadata
    const known = departed.get(name)
    if (known !== undefined) return comeBack(known, node)
    const index = machineCount++
    const kubelet: Kubelet = {
      name,
      index,
      hostIP: node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? hostAddress(index),
      pods: new Map(),
      runsEverything: annotations?.[FAKE_MACHINE] === 'fake',
      disk: config.disks[name] ?? machines.diskOf(name),
      images: new Set(),
      running: true,
      connected: true,
      addresses: 0,
      postponed: [],
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
    for (const pod of informers.store.podsOnNode(name).values()) podSeen(kubelet, pod)
  }

  /** The Node object of a machine that is still there was made anew: its Pods have gone on running. */
  function comeBack(kubelet: Kubelet, node: Node): void {
    departed.delete(kubelet.name)
    byName.set(kubelet.name, kubelet)
    kubelet.connected = true
    kubelet.states = nodeLife.initial
    heartbeats.start(node, kubelet)
    nodeReporter.post(kubelet)
    if (kubelet.running) catchUp(kubelet)
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

  function podSeen(kubelet: Kubelet, pod: Pod): void {
    const key = keyOf(pod)
    const known = kubelet.pods.get(key)
    if (known !== undefined && known.pod.metadata.uid === pod.metadata.uid) return podChanged(known, pod)
    if (known !== undefined) drop(known)
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return
    const worker = createWorker(kubelet, pod)
    const node = nodes.get({ name: kubelet.name })
    if (node === undefined) return
    const rejection = kubelet.runsEverything ? undefined : admitPod(pod, node, admittedOn(kubelet), kubelet.pressures)
    kubelet.pods.set(key, worker)
    if (rejection !== undefined) return reporter.rejected(worker, rejection.reason, rejection.message)
    if (pod.metadata.deletionTimestamp !== undefined) return end(worker, pod)
    if (isSmall()) reporter.report(worker)
    mountThenStart(worker)
  }

  function createWorker(kubelet: Kubelet, pod: Pod): PodWorker {
    const [start = ''] = containerLife.initial
    const [, deletion = ''] = podLife.initial
    return {
      pod,
      kubelet,
      init: (pod.spec.initContainers ?? []).map((container) => createContainer(container, start, true)),
      containers: pod.spec.containers.map((container) => createContainer(container, start, false)),
      phase: podLife.next(podLife.initial[0]!, 'BOUND'),
      deletion,
      startTime: clock.timestamp(),
      podIP: undefined,
      epoch: 0,
      mountFailures: 0,
      again: undefined,
      over: false,
    }
  }

  const admittedOn = (kubelet: Kubelet): readonly Pod[] => {
    const admitted: Pod[] = []
    for (const { over, phase, pod } of kubelet.pods.values()) if (!over && phase !== 'Failed' && phase !== 'Succeeded') admitted.push(pod)
    return admitted
  }

  function mountThenStart(worker: PodWorker): void {
    const problems = mountProblems(worker.pod, worker.kubelet, configs)
    if (problems.length === 0) return runner.start(worker)
    reporter.mountsFailed(worker, problems)
    const delay = Math.min(FIRST_MOUNT_RETRY_SECONDS * 2 ** worker.mountFailures, LAST_MOUNT_RETRY_SECONDS)
    worker.mountFailures++
    const { epoch } = worker
    clock.after(delay, BY, () => {
      whenRunning(worker.kubelet, () => {
        if (worker.epoch === epoch && !worker.over) mountThenStart(worker)
      })
    })
  }

  function podChanged(worker: PodWorker, pod: Pod): void {
    const before = worker.pod
    worker.pod = pod
    if (pod.metadata.deletionTimestamp !== undefined) return end(worker, pod)
    if (before.spec !== pod.spec && before.spec.containers !== pod.spec.containers) runner.adaptTo(worker)
  }

  function end(worker: PodWorker, pod: Pod): void {
    if (worker.deletion === 'Terminating') return
    worker.pod = pod
    worker.deletion = podLife.next(worker.deletion, 'DELETED')
    runner.terminate(worker)
  }

  function drop(worker: PodWorker): void {
    worker.over = true
    worker.epoch++
    worker.kubelet.pods.delete(keyOf(worker.pod))
  }

  /** What the kubelet finds when it can see the API server again. */
  function catchUp(kubelet: Kubelet): void {
    const postponed = kubelet.postponed
    kubelet.postponed = []
    for (const work of postponed) work()
    const there = informers.store.podsOnNode(kubelet.name)
    for (const worker of [...kubelet.pods.values()]) {
      if (there.get(keyOf(worker.pod))?.metadata.uid !== worker.pod.metadata.uid) drop(worker)
      else reporter.report(worker)
    }
    for (const pod of there.values()) podSeen(kubelet, pod)
  }

  const machines = createMachines({
    client,
    clock,
    trace,
    kubelets: byName,
    runner,
    nodeReporter,
    heartbeats,
    catchUp,
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
    if (type !== 'DELETED') return podSeen(kubelet, pod)
    const worker = kubelet.pods.get(keyOf(pod))
    if (worker !== undefined && worker.pod.metadata.uid === pod.metadata.uid) drop(worker)
  })
}
