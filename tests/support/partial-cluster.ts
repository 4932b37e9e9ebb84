// A cluster of a few parts: the API server and the components under test, whose clients may refuse what they are told to.
import type { ApiClient } from '../../grader/api/api-client.ts'
import { type ApiStatus, conflictStatus, refused } from '../../grader/api/api-status.ts'
import type { DaemonSet } from '../../grader/api/apps.ts'
import type { Event, Node, Pod } from '../../grader/api/core.ts'
import type { ForCreate, KubeObject } from '../../grader/api/meta.ts'
import {
  daemonSets,
  events,
  namespaces,
  nodes as nodeResource,
  pods,
  type Resource,
} from '../../grader/api/resource-table.ts'
import { type Cluster, type Component, createCluster } from '../../grader/cluster/cluster.ts'
import { serviceAccountController } from '../../grader/cluster/controllers/serviceaccount.ts'
import type { DecisionEntry, EligibilityEntry, TraceEntry } from '../../grader/cluster/trace.ts'

type Verb = 'create' | 'update' | 'patch' | 'delete'

/** Which calls of which component are refused, and with what. Undefined lets the call pass. */
export type Fault = (
  by: string,
  verb: Verb,
  resource: Resource,
  object: { readonly metadata: { readonly name?: string } },
) => ApiStatus | undefined

/** A conflict, as the API server answers when somebody else was faster. */
export function conflict(resource: Resource, name = ''): ApiStatus {
  return conflictStatus(resource, name)
}

/** The component, with a client whose calls may be refused. */
export function withFaults(component: Component, fault: Fault): Component {
  return (parts) => component({ ...parts, clientFor: (by) => faulty(parts.clientFor(by), by, fault) })
}

function faulty(client: ApiClient, by: string, fault: Fault): ApiClient {
  return {
    ...client,
    create(resource, object, options) {
      const status = fault(by, 'create', resource, object)
      return status === undefined ? client.create(resource, object, options) : refused(status)
    },
    update(resource, object, options) {
      const status = fault(by, 'update', resource, object)
      return status === undefined ? client.update(resource, object, options) : refused(status)
    },
    patch(resource, key, patch, options) {
      const status = fault(by, 'patch', resource, { metadata: key })
      return status === undefined ? client.patch(resource, key, patch, options) : refused(status)
    },
    createSubresource(resource, key, subresource, body, options) {
      const status = fault(by, 'create', resource, { metadata: key })
      return status === undefined
        ? client.createSubresource(resource, key, subresource, body, options)
        : refused(status)
    },
    delete(resource, key, options) {
      const status = fault(by, 'delete', resource, { metadata: key })
      return status === undefined ? client.delete(resource, key, options) : refused(status)
    },
  }
}

type ClusterParts = Pick<Cluster, 'trace' | 'store' | 'waiter' | 'client' | 'runDue' | 'advance' | 'settle' | 'seconds'>

export interface PartialCluster extends ClusterParts {
  /** Creates the object as it is given; the test ends if the server refuses. */
  make<T extends KubeObject>(resource: Resource<T>, object: ForCreate<T>): T
  all<T extends KubeObject>(resource: Resource<T>): readonly T[]
  daemonSet(name?: string): DaemonSet
  pods(): readonly Pod[]
  /** `reason Kind/name: message (xN)` of all Events, in order of their last write. */
  eventTexts(): readonly string[]
  decisions(decision: string): readonly (DecisionEntry & TraceEntry)[]
  eligibility(): readonly (EligibilityEntry & TraceEntry)[]
}

/** A cluster with namespace default and its ServiceAccount, these components and these Nodes. */
export function partialCluster(components: readonly Component[], nodes: readonly Node[] = []): PartialCluster {
  const cluster = createCluster({ seed: 1, images: {}, disks: {} }, [serviceAccountController, ...components])
  const client = cluster.client()
  const make = <T extends KubeObject>(resource: Resource<T>, object: ForCreate<T>): T => {
    const { uid: _, resourceVersion: __, ...metadata } = object.metadata
    const made = client.create(resource, { ...object, metadata } as ForCreate<T>)
    if (!made.ok) throw new Error(made.status.message)
    return resource.kind === 'Node'
      ? (ready(made.value as unknown as Node, object as unknown as Node) as unknown as T)
      : made.value
  }
  /** New Nodes carry not-ready until the node controller takes it away; where there is none, they are as the test wants them. */
  const ready = (made: Node, wanted: Node): Node => {
    const updated = client.update(nodeResource, { ...made, spec: { ...made.spec, taints: wanted.spec.taints ?? [] } })
    return updated.ok ? updated.value : made
  }
  const all = <T extends KubeObject>(resource: Resource<T>): readonly T[] => cluster.store.list(resource)
  if (cluster.store.get(namespaces, { name: 'default' }) === undefined)
    make(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  for (const node of nodes) make(nodeResource, node)
  cluster.runDue()
  const { trace, store, waiter, runDue, advance, settle, seconds } = cluster
  return {
    trace,
    store,
    waiter,
    runDue,
    advance,
    settle,
    seconds,
    client: cluster.client,
    make,
    all,
    daemonSet: (name = 'agent') => store.get(daemonSets, { namespace: 'default', name })!,
    pods: () => all(pods),
    eventTexts: () =>
      [...all<Event>(events)]
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map(eventText),
    decisions: (decision) =>
      trace
        .entries()
        .filter(
          (entry): entry is DecisionEntry & TraceEntry => entry.type === 'decision' && entry.decision === decision,
        ),
    eligibility: () =>
      trace.entries().filter((entry): entry is EligibilityEntry & TraceEntry => entry.type === 'eligibility'),
  }
}

function eventText({ reason, involvedObject, message, count = 1 }: Event): string {
  return `${reason} ${involvedObject.kind}/${involvedObject.name}: ${message}${count > 1 ? ` (x${count})` : ''}`
}
