// A small cluster with a scheduler and kubelets and nothing else, for tests of exactly these.
import type { Event, Node, Pod, PodSpec } from '../../grader/api/core.ts'
import type { PartialObjectMeta } from '../../grader/api/meta.ts'
import { events, namespaces, nodes, pods } from '../../grader/api/resource-table.ts'
import { type Cluster, createCluster } from '../../grader/cluster/cluster.ts'
import type { ImageBehaviour, Machine } from '../../grader/cluster/cluster-config.ts'
import { kubelets } from '../../grader/cluster/kubelet/kubelets.ts'
import { scheduler } from '../../grader/cluster/scheduler/scheduler.ts'

export interface SmallCluster {
  readonly cluster: Cluster
  create(name: string, spec?: Partial<PodSpec>, metadata?: PartialObjectMeta): Pod
  pod(name: string): Pod | undefined
  node(name: string): Node
  delete(name: string): void
  /** `Reason: message` of an object's Events, in order of time. */
  eventsOf(name: string): readonly string[]
  /** The reason or state of each container of a Pod, as kubectl shows it. */
  statesOf(name: string): readonly string[]
}

/** Machines that have joined and are Ready; nothing else has happened. */
export function smallCluster(
  machines: readonly (string | Machine)[],
  images: Readonly<Record<string, ImageBehaviour>> = {},
  seed = 1,
): SmallCluster {
  const cluster = createCluster({ seed, images, disks: {} }, [scheduler, kubelets])
  const client = cluster.client()
  const must = <T>(
    result:
      | { readonly ok: true; readonly value: T }
      | { readonly ok: false; readonly status: { readonly message: string } },
  ): T => {
    if (!result.ok) throw new Error(result.status.message)
    return result.value
  }
  if (!client.get(namespaces, { name: 'default' }).ok)
    client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  for (const machine of machines) cluster.machines.join(typeof machine === 'string' ? { name: machine } : machine)
  cluster.settle()
  // Without the node controllers nobody takes off the taint that a new Node gets.
  for (const node of cluster.store.list(nodes)) {
    const taints = node.spec.taints?.filter(({ key }) => key !== 'node.kubernetes.io/not-ready')
    if (taints?.length !== node.spec.taints?.length)
      client.update(nodes, { ...node, spec: { ...node.spec, taints: taints ?? [] } })
  }
  cluster.settle()
  const key = (name: string) => ({ namespace: 'default', name })
  const pod = (name: string) => cluster.store.get(pods, key(name))
  return {
    cluster,
    pod,
    create(name, spec = {}, metadata = {}) {
      const made = client.create<Pod>(pods, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'default', ...metadata },
        spec: { containers: [{ name: 'c', image: 'registry.example/agent:1' }], ...spec },
      })
      const value = must(made)
      cluster.runDue()
      return value
    },
    node: (name) => cluster.store.get(nodes, { name })!,
    delete(name) {
      must(client.delete(pods, key(name)))
      cluster.runDue()
    },
    eventsOf: (name) => eventsOf(cluster, name),
    statesOf(name) {
      const { initContainerStatuses = [], containerStatuses = [] } = pod(name)?.status ?? {}
      return [...initContainerStatuses, ...containerStatuses].map(({ state, ready }) => {
        if (state?.running !== undefined) return ready ? 'Ready' : 'Running'
        return state?.waiting?.reason ?? state?.terminated?.reason ?? '-'
      })
    },
  }
}

function eventsOf(cluster: Cluster, name: string): readonly string[] {
  const moment = (event: Event) => event.metadata.name.slice(event.metadata.name.lastIndexOf('.'))
  const about = cluster.store.list(events).filter((event) => event.involvedObject.name === name)
  return [...about]
    .sort((a, b) => (moment(a) < moment(b) ? -1 : 1))
    .map(({ reason, message }) => `${reason}: ${message}`)
}
