/** Plays a recorded case in memory: our kubectl against our cluster, as the recorder did with the real ones. */
import { parse } from 'yaml'
import type { Node, Taint } from '../../grader/api/core.ts'
import type { ForCreate } from '../../grader/api/meta.ts'
import { controllerRevisions, daemonSets, events, nodes, pods } from '../../grader/api/resource-table.ts'
import type { Cluster } from '../../grader/cluster/cluster.ts'
import { createStandardCluster } from '../../grader/cluster/standard-cluster.ts'
import { runKubectl } from '../../grader/kubectl/run.ts'
import { aliases, mergeNames, type Names, recordedOutput, snapshotOf, type World } from './compare.ts'

export interface CaseNode {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly string[]
  readonly cpu?: string | number
  readonly memory?: string
  readonly pods?: number
  readonly extended?: Readonly<Record<string, string>>
  readonly unschedulable?: boolean
}

export interface RecordedCase {
  readonly title: string
  readonly nodes?: readonly CaseNode[]
  readonly files?: Readonly<Record<string, string>>
  readonly steps: readonly string[]
}

/** A real kubectl took that long to start; meanwhile the cluster went on. */
const KUBECTL_START_SECONDS = 0.2
/** The recorder ended a kubectl that waited longer. */
const PATIENCE_SECONDS = 90

/** What each step left behind, in a recording's form. */
export function playCase(text: string): readonly Readonly<Record<string, unknown>>[] {
  return playCaseIn(text).record
}

/** The same, with the cluster it was played in. */
export function playCaseIn(text: string): { readonly record: readonly Readonly<Record<string, unknown>>[]; readonly cluster: Cluster } {
  const recorded = parse(text) as RecordedCase
  const cluster = createStandardCluster({ seed: 1, images: {}, disks: {} })
  const record: Readonly<Record<string, unknown>>[] = []
  let names: Names = new Map()
  for (const node of recorded.nodes ?? []) join(cluster, node)
  cluster.settle()
  for (const step of recorded.steps) {
    if (step === 'settle') {
      cluster.settle()
      const snapshot = snapshotOf(worldOf(cluster), names)
      names = snapshot.names
      record.push({ settle: snapshot.settle })
    } else if (step.startsWith('sleep ')) cluster.advance(Number(step.slice(6)))
    else if (step.startsWith('join ')) join(cluster, parse(step.slice(5)) as CaseNode)
    else {
      cluster.advance(KUBECTL_START_SECONDS)
      const result = runKubectl({
        line: step,
        client: cluster.client(),
        waiter: cluster.waiter,
        files: recorded.files ?? {},
        patienceSeconds: PATIENCE_SECONDS,
      })
      cluster.runDue()
      const world = worldOf(cluster)
      names = mergeNames(aliases(world.pods, world.revisions), names)
      record.push({
        run: step,
        exit: result.exitCode,
        out: recordedOutput(result.stdout, names),
        err: recordedOutput(result.stderr, names),
      })
    }
  }
  return { record, cluster }
}

export function worldOf(cluster: Cluster): World {
  const { store } = cluster
  return {
    pods: store.list(pods),
    daemonSets: store.list(daemonSets),
    nodes: store.list(nodes),
    revisions: store.list(controllerRevisions),
    events: store.list(events),
  }
}

function join(cluster: Cluster, node: CaseNode): void {
  const made = cluster.client().create(nodes, nodeObject(node))
  if (!made.ok) throw new Error(`node ${node.name} could not join: ${made.status.message}`)
  cluster.runDue()
}

export function nodeObject(n: CaseNode): ForCreate<Node> {
  const resources = { cpu: String(n.cpu ?? 4), memory: n.memory ?? '8Gi', pods: String(n.pods ?? 110), ...n.extended }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: n.name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': n.name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', ...n.labels },
    },
    spec: { ...(n.taints === undefined ? {} : { taints: n.taints.map(taintObject) }), ...(n.unschedulable ? { unschedulable: true } : {}) },
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: 'InternalIP', address: '10.1.0.1' },
        { type: 'Hostname', address: n.name },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.35.6',
        kubeProxyVersion: '',
        containerRuntimeVersion: 'containerd://2.1.5',
        kernelVersion: '6.1.0-41-amd64',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        operatingSystem: 'linux',
        architecture: 'amd64',
        machineID: '',
        systemUUID: '',
        bootID: '',
      },
    },
  }
}

function taintObject(text: string): Taint {
  const [, key = '', , value, effect] = /^([^=:]+)(=([^:]*))?:(.+)$/.exec(text)!
  return { key, ...(value ? { value } : {}), effect: effect as Taint['effect'] }
}
