// Empties a namespace that is being deleted, Pods first, and then lets it go.
// Upstream: pkg/controller/namespace/{namespace_controller.go,deletion/namespaced_resources_deleter.go}.
import type { Namespace, NodeCondition, Pod } from '../../api/core.ts'
import type { KubeObject } from '../../api/meta.ts'
import { namespaces, pods, RESOURCES, type Resource } from '../../api/resource-table.ts'
import { parseTimestamp } from '../clock.ts'
import type { ComponentParts } from '../cluster.ts'
import { createWorkQueue } from '../machinery/workqueue.ts'

/** Upstream waits so long after each event of a namespace, so that watches of others have caught up. */
const GRACE_SECONDS = 5

/** The namespace controller: one pass per wake-up; the next pass comes after half the estimated rest, plus one second. */
export function namespaceController({ clientFor, clock, informers, trace }: ComponentParts): void {
  const client = clientFor('namespace-controller')

  const queue = createWorkQueue({
    name: 'namespace-controller',
    clock,
    trace,
    sync(name) {
      const namespace = informers.store.get(namespaces, { name })
      if (namespace?.metadata.deletionTimestamp === undefined) return
      const { estimateSeconds, remaining, finalizers } = emptyOnce(name)
      if (remaining.length === 0 && estimateSeconds === 0) {
        setConditions(namespace, remaining, finalizers)
        finalize(name)
        return
      }
      // While Pods are still ending, upstream has not counted anything else yet: all conditions read well.
      setConditions(namespace, estimateSeconds > 0 ? [] : remaining, finalizers)
      queue.addAfter(name, Math.floor(estimateSeconds / 2) + 1)
    },
  })

  /** Deletes all Pods; only when none is left, everything else. */
  const emptyOnce = (namespace: string) => {
    const podsThere = informers.store.list(pods, namespace)
    if (podsThere.length > 0) {
      for (const pod of podsThere)
        if (pod.metadata.deletionTimestamp === undefined)
          client.delete(pods, pod.metadata, { propagationPolicy: 'Background' })
      const left = informers.store.list(pods, namespace)
      if (left.length > 0)
        return { estimateSeconds: Math.max(1, ...left.map(secondsLeft)), remaining: [], finalizers: [] }
    }
    const remaining: { readonly resource: Resource; readonly count: number }[] = []
    const finalizers: string[] = []
    for (const resource of RESOURCES) {
      if (!resource.namespaced) continue
      for (const object of informers.store.list(resource, namespace)) {
        if (object.metadata.deletionTimestamp === undefined)
          client.delete(resource, object.metadata, { propagationPolicy: 'Background' })
      }
      const left: readonly KubeObject[] = informers.store.list(resource, namespace)
      if (left.length > 0) remaining.push({ resource, count: left.length })
      finalizers.push(...left.flatMap((object) => object.metadata.finalizers ?? []))
    }
    return { estimateSeconds: 0, remaining, finalizers }
  }

  const secondsLeft = (pod: Pod): number => {
    const until = parseTimestamp(pod.metadata.deletionTimestamp)
    return until === undefined
      ? (pod.spec.terminationGracePeriodSeconds ?? 30)
      : Math.max(0, Math.ceil((until - clock.now()) / 1000))
  }

  const setConditions = (
    namespace: Namespace,
    remaining: readonly { readonly resource: Resource; readonly count: number }[],
    finalizers: readonly string[],
  ) => {
    const conditions = conditionsOf(remaining, finalizers, clock.timestamp(), namespace.status?.conditions ?? [])
    if (conditions === namespace.status?.conditions) return
    const present = informers.store.get(namespaces, { name: namespace.metadata.name })
    if (present !== undefined)
      client.update(namespaces, { ...present, status: { ...present.status, conditions } }, { subresource: 'status' })
  }

  const finalize = (name: string) => {
    const present = informers.store.get(namespaces, { name })
    if (present === undefined) return
    const kept = (present.spec?.finalizers ?? []).filter((finalizer) => finalizer !== 'kubernetes')
    client.update(
      namespaces,
      { ...present, spec: kept.length === 0 ? {} : { finalizers: kept } },
      { subresource: 'finalize' },
    )
  }

  informers.of(namespaces).onChange(({ type, object }) => {
    if (type !== 'DELETED' && object.metadata.deletionTimestamp !== undefined)
      queue.addAfter(object.metadata.name, GRACE_SECONDS)
  })
}

function conditionsOf(
  remaining: readonly { readonly resource: Resource; readonly count: number }[],
  finalizers: readonly string[],
  now: string,
  old: readonly NodeCondition[],
): readonly NodeCondition[] {
  const counts = remaining
    .map(({ resource, count }) => `${resource.plural}.${resource.group} has ${count} resource instances`)
    .join(', ')
  const names = [...new Set(finalizers)].sort()
  const held = names
    .map((name) => `${name} in ${finalizers.filter((finalizer) => finalizer === name).length} resource instances`)
    .join(', ')
  const wanted: readonly (readonly [string, boolean, string, string])[] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ],
    remaining.length === 0
      ? ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed']
      : ['NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${counts}`],
    names.length === 0
      ? ['NamespaceFinalizersRemaining', false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished']
      : [
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held}`,
        ],
  ]
  const next = wanted.map(([type, bad, reason, message]): NodeCondition => {
    const status = bad ? 'True' : 'False'
    const known = old.find((condition) => condition.type === type)
    if (known !== undefined && known.status === status && known.message === message) return known
    return {
      type,
      status,
      lastTransitionTime: known?.status === status ? (known.lastTransitionTime ?? now) : now,
      reason,
      message,
    }
  })
  return next.length === old.length && next.every((condition, i) => condition === old[i]) ? old : next
}
