// DELETE. Upstream: apiserver/pkg/registry/rest/delete.go, registry/generic/registry/store.go, pkg/registry/core/{pod,namespace}.
import type { DeleteOptions } from '../../api/api-client.ts'
import { type ApiResult, type ApiStatus, conflictStatus, invalidStatus } from '../../api/api-status.ts'
import type { Namespace, Pod } from '../../api/core.ts'
import { notSupported } from '../../api/field-error.ts'
import type { KubeObject, ObjectKey } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import { formatTimestamp, parseTimestamp } from '../clock.ts'
import { admitIn, answer, type Call, commit, commitRemoval, draftOf, refuse } from './request.ts'
import { strategyOf } from './strategy/strategies.ts'
import type { Draft } from './strategy/strategy.ts'
import { refuseMissing } from './update.ts'

export const ORPHAN = 'orphan'
export const FOREGROUND_DELETION = 'foregroundDeletion'

const DEFAULT_POD_GRACE_SECONDS = 30
const ORPHANED_PODS_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning'

/** Deletes one object, or starts its deletion; the value is the object as it was last. */
export function removeObject<T extends KubeObject>(
  call: Call<T>,
  key: ObjectKey,
  options: DeleteOptions,
): ApiResult<T> {
  const old = call.server.store.get(call.resource, key)
  if (old === undefined) return refuseMissing(call, key)
  const problem = optionsProblem(call.resource, old, options)
  if (problem !== undefined) return refuse(call, problem)
  for (const phase of ['mutate', 'validate'] as const) {
    const verdict = admitIn(call, phase, { operation: 'delete', object: old, previous: old })
    if (!verdict.ok) return refuse(call, verdict.status)
  }
  if (strategyOf(call.resource).orphansByDefault === true && options.propagationPolicy === undefined)
    call.warnings.push(ORPHANED_PODS_WARNING)
  if (call.resource.plural === 'namespaces') return removeNamespace(call, old as Namespace & T)
  return call.resource.plural === 'pods' ? removePod(call, old as Pod & T, options) : removeAny(call, old, options)
}

function optionsProblem(
  resource: Resource,
  { metadata }: KubeObject,
  { propagationPolicy, preconditions }: DeleteOptions,
): ApiStatus | undefined {
  if (propagationPolicy !== undefined && !['Background', 'Foreground', 'Orphan'].includes(propagationPolicy)) {
    const error = notSupported('propagationPolicy', propagationPolicy, ['Background', 'Foreground', 'Orphan', 'nil'])
    return invalidStatus({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [error])
  }
  const mismatch = (what: string, wanted: string, found: string, hint: string) =>
    // Upstream names the kind here, not the plural.
    conflictStatus(
      { group: resource.group, plural: resource.kind },
      metadata.name,
      `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). ${hint}`,
    )
  const { uid, resourceVersion } = preconditions ?? {}
  if (uid !== undefined && uid !== metadata.uid)
    return mismatch('UID', uid, metadata.uid, 'The object might have been deleted and then recreated')
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    return mismatch('ResourceVersion', resourceVersion, metadata.resourceVersion, 'The object might have been modified')
  }
  return undefined
}

/** The finalizers that the propagation policy asks for. Upstream: deletionFinalizersForGarbageCollection. */
function finalizersFor(
  resource: Resource,
  { metadata }: KubeObject,
  { propagationPolicy }: DeleteOptions,
): readonly string[] {
  const present = metadata.finalizers ?? []
  const strategy = strategyOf(resource)
  if (strategy.notCollected === true) return present
  const stays = (finalizer: string) => propagationPolicy === undefined && present.includes(finalizer)
  const foreground = propagationPolicy === 'Foreground' || stays(FOREGROUND_DELETION)
  const byDefault = propagationPolicy === undefined && strategy.orphansByDefault === true && !foreground
  const orphan = propagationPolicy === 'Orphan' || stays(ORPHAN) || byDefault
  if (!orphan && !foreground && !present.includes(ORPHAN) && !present.includes(FOREGROUND_DELETION)) return present
  const others = present.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND_DELETION)
  return [...others, ...(orphan ? [ORPHAN] : []), ...(foreground ? [FOREGROUND_DELETION] : [])]
}

function setFinalizers(draft: Draft, finalizers: readonly string[]): void {
  if (finalizers === draft.metadata.finalizers) return
  if (finalizers.length > 0) draft.metadata.finalizers = finalizers
  else if (draft.metadata.finalizers !== undefined) delete draft.metadata.finalizers
}

function raise(draft: Draft): void {
  if ((draft.metadata.generation ?? 0) > 0) draft.metadata.generation = draft.metadata.generation! + 1
}

/** Everything but Pods and Namespaces: gone at once, unless finalizers hold it. Upstream: Store.Delete, markAsDeleting. */
function removeAny<T extends KubeObject>(call: Call<T>, old: KubeObject, options: DeleteOptions): ApiResult<T> {
  const finalizers = finalizersFor(call.resource, old, options)
  if (finalizers.length === 0) return finish(call, draftOf(old), old, options)
  const deleting = old.metadata.deletionTimestamp !== undefined
  if (deleting && sameSet(finalizers, old.metadata.finalizers ?? [])) return answer(call, old)
  const draft = draftOf(old)
  setFinalizers(draft, finalizers)
  if (!deleting) {
    draft.metadata.deletionTimestamp = call.server.clock.timestamp()
    raise(draft)
  }
  draft.metadata.deletionGracePeriodSeconds = 0
  return hold(call, draft, old, options)
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item))

/** Stays, marked. */
function hold<T extends KubeObject>(
  call: Call<T>,
  draft: Draft,
  old: KubeObject,
  { dryRun }: DeleteOptions,
): ApiResult<T> {
  return answer(call, dryRun === true ? draft : commit(call, 'delete', draft, old))
}

/** Goes. */
function finish<T extends KubeObject>(
  call: Call<T>,
  draft: Draft,
  old: KubeObject,
  { dryRun }: DeleteOptions,
): ApiResult<T> {
  return answer(call, dryRun === true ? old : commitRemoval(call, 'delete', draft, old))
}

/** Upstream: podStrategy.CheckGracefulDelete: what is not running anywhere needs no grace. */
function graceOf(pod: Pod, { gracePeriodSeconds }: DeleteOptions): number {
  const { phase } = pod.status
  if ((pod.spec.nodeName ?? '') === '' || phase === 'Failed' || phase === 'Succeeded') return 0
  const wanted = gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? DEFAULT_POD_GRACE_SECONDS
  return wanted < 0 ? 1 : wanted
}

/**
 * A Pod's deletion takes its grace period; a second one can only shorten it. Grace 0 ends it.
 * Simplified: upstream stores the end of the grace period first and removes the Pod in a second write; here it is one.
 */
function removePod<T extends KubeObject>(call: Call<T>, old: Pod & T, options: DeleteOptions): ApiResult<T> {
  const draft = draftOf(old)
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = old.metadata
  const deleting = deletionTimestamp !== undefined
  const grace = deleting ? shortenedGrace(old, options) : graceOf(old, options)
  if (deleting && grace >= deletionGracePeriodSeconds && deletionGracePeriodSeconds > 0) return answer(call, old)
  // A deletion under way keeps the finalizers it has.
  const finalizers =
    deleting && deletionGracePeriodSeconds > 0
      ? (old.metadata.finalizers ?? [])
      : finalizersFor(call.resource, old, options)
  setFinalizers(draft, finalizers)
  draft.metadata.deletionTimestamp = deleting
    ? movedTimestamp(deletionTimestamp, grace - deletionGracePeriodSeconds)
    : movedTimestamp(call.server.clock.timestamp(), grace)
  draft.metadata.deletionGracePeriodSeconds = grace
  if (!deleting) raise(draft)
  if (grace > 0 || (finalizers.length > 0 && !sameHold(draft, old))) return hold(call, draft, old, options)
  return finalizers.length > 0 ? answer(call, old) : finish(call, draft, old, options)
}

let lastMove = { from: '', seconds: 0, to: '' }

/** A timestamp some seconds later. Many Pods are deleted at one moment, so the last answer is kept. */
function movedTimestamp(from: string, seconds: number): string {
  if (lastMove.from !== from || lastMove.seconds !== seconds) {
    lastMove = { from, seconds, to: formatTimestamp((parseTimestamp(from) ?? 0) + seconds * 1000) }
  }
  return lastMove.to
}

function shortenedGrace({ metadata }: Pod, { gracePeriodSeconds }: DeleteOptions): number {
  const present = metadata.deletionGracePeriodSeconds ?? 0
  if (gracePeriodSeconds === undefined) return present
  return Math.min(present, gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds)
}

const sameHold = ({ metadata }: Draft, old: KubeObject): boolean =>
  metadata.deletionTimestamp === old.metadata.deletionTimestamp &&
  metadata.deletionGracePeriodSeconds === old.metadata.deletionGracePeriodSeconds &&
  sameSet(metadata.finalizers ?? [], old.metadata.finalizers ?? [])

/** A Namespace waits, Terminating, until its controller has emptied it. Upstream: namespace/storage.REST.Delete. */
function removeNamespace<T extends KubeObject>(call: Call<T>, old: Namespace & T): ApiResult<T> {
  const { dryRun } = call.options
  const options = dryRun === undefined ? {} : { dryRun }
  const held = (old.spec?.finalizers ?? []).length > 0 || (old.metadata.finalizers ?? []).length > 0
  if (old.metadata.deletionTimestamp !== undefined)
    return held ? answer(call, old) : finish(call, draftOf(old), old, options)
  const draft = draftOf(old)
  draft.metadata.deletionTimestamp = call.server.clock.timestamp()
  draft.metadata.deletionGracePeriodSeconds = 0
  draft.status = { ...old.status, phase: 'Terminating' }
  return held ? hold(call, draft, old, options) : finish(call, draft, old, options)
}
