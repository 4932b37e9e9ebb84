// Carries out the plan of revisions. Upstream: constructHistory and cleanupHistory in pkg/controller/daemon/update.go.

import type { ApiStatus } from '../../../api/api-status.ts'
import type { ControllerRevision, DaemonSet } from '../../../api/apps.ts'
import { sortBy } from '../../../api/compare.ts'
import type { Pod } from '../../../api/core.ts'
import { labelSelectorMatches } from '../../../api/labels.ts'
import { controllerOf, isBeingDeleted } from '../../../api/meta.ts'
import { controllerRevisions, daemonSets, pods as podResource } from '../../../api/resource-table.ts'
import { adopt, adoptionCheck, aggregate, release } from './claim.ts'
import type { DaemonSetParts, DaemonSetState } from './daemonset-state.ts'
import { REVISION_HASH_LABEL } from './pod.ts'
import { hashesOf, holdsTemplate, newRevision, planCleanup, planRevisions, type RevisionPlan } from './revisions.ts'

export type History =
  | { readonly ok: true; readonly hash: string; readonly old: readonly ControllerRevision[] }
  | { readonly ok: false; readonly error: string }

/** Makes the stored history fit the template; fails with the first API error. */
export function constructHistory(parts: DaemonSetParts, ds: DaemonSet, state: DaemonSetState): History {
  const { template } = ds.spec
  const known = state.history
  if (known !== undefined && known.template === template) return historyOf(known.plan.current[0]!, known.plan.old)
  const claimed = claimRevisions(parts, ds)
  if (!claimed.ok) return claimed
  const plan = planRevisions(ds, claimed.revisions)
  for (const revision of plan.unlabelled) {
    const error = label(parts, revision)
    if (error !== undefined) return { ok: false, error }
  }
  const written = plan.current.length === 0 ? createRevision(parts, ds, plan.next) : keepOne(parts, ds, plan)
  if (!written.ok) return written
  // What was written comes back as events, which forget this again; an unchanged history stays known.
  state.history = { template, plan: { ...plan, current: [written.revision] } }
  return historyOf(written.revision, plan.old)
}

function historyOf(current: ControllerRevision, old: readonly ControllerRevision[]): History {
  return { ok: true, hash: hashOf(current), old }
}

/** A revision that just got its label carries its own name until the cache shows it. */
const hashOf = (revision: ControllerRevision): string =>
  revision.metadata.labels?.[REVISION_HASH_LABEL] ?? revision.metadata.name

type Written =
  | { readonly ok: true; readonly revision: ControllerRevision }
  | { readonly ok: false; readonly error: string }

function claimRevisions(
  { client, informers }: DaemonSetParts,
  ds: DaemonSet,
):
  | { readonly ok: true; readonly revisions: readonly ControllerRevision[] }
  | { readonly ok: false; readonly error: string } {
  const revisions: ControllerRevision[] = []
  const errors: string[] = []
  const mayAdopt = adoptionCheck(client, ds)
  for (const object of informers.store.list(controllerRevisions, ds.metadata.namespace)) {
    const owner = controllerOf(object)
    if (owner !== undefined && owner.uid !== ds.metadata.uid) continue
    const matches = labelSelectorMatches(ds.spec.selector, object.metadata.labels)
    if (owner !== undefined && matches) revisions.push(object)
    else if (owner !== undefined) {
      const error = release(client, controllerRevisions, { ds, object })
      if (error !== undefined) errors.push(error)
    } else if (matches && !isBeingDeleted(object)) {
      const { adopted, error } = adopt(client, controllerRevisions, { ds, object, mayAdopt })
      if (adopted !== undefined) revisions.push(adopted)
      if (error !== undefined) errors.push(error)
    }
  }
  const error = aggregate(errors)
  return error === undefined ? { ok: true, revisions } : { ok: false, error }
}

function label({ client }: DaemonSetParts, revision: ControllerRevision): string | undefined {
  const { metadata } = revision
  const labels = { ...metadata.labels, [REVISION_HASH_LABEL]: metadata.name }
  const updated = client.update(controllerRevisions, { ...revision, metadata: { ...metadata, labels } })
  return updated.ok ? undefined : updated.status.message
}

/** Keeps the highest of several revisions with the template's data and gives it the highest number. */
function keepOne(parts: DaemonSetParts, ds: DaemonSet, plan: RevisionPlan): Written {
  const [keep, ...duplicates] = plan.current as [ControllerRevision, ...ControllerRevision[]]
  const error = duplicates.length === 0 ? undefined : removeDuplicates(parts, ds, { keep, duplicates })
  if (error !== undefined) return { ok: false, error }
  if (keep.revision >= plan.next) return { ok: true, revision: keep }
  const fresh = parts.informers.store.get(controllerRevisions, keep.metadata) ?? keep
  const updated = parts.client.update(controllerRevisions, { ...fresh, revision: plan.next })
  return updated.ok ? { ok: true, revision: updated.value } : { ok: false, error: updated.status.message }
}

/** Upstream relabels all Pods of the DaemonSet with another hash, also really old ones. */
function removeDuplicates(
  { client, informers }: DaemonSetParts,
  ds: DaemonSet,
  { keep, duplicates }: { readonly keep: ControllerRevision; readonly duplicates: readonly ControllerRevision[] },
): string | undefined {
  const hash = hashOf(keep)
  for (const pod of claimedPods(informers.store.ownedBy<Pod>(podResource, ds.metadata.uid).values(), ds)) {
    if (pod.metadata.labels?.[REVISION_HASH_LABEL] === hash) continue
    const body = { metadata: { labels: { [REVISION_HASH_LABEL]: hash } } }
    const patched = client.patch(podResource, pod.metadata, { type: 'merge', body })
    if (!patched.ok) return patched.status.message
  }
  for (const duplicate of duplicates) {
    const deleted = client.delete(controllerRevisions, duplicate.metadata)
    if (!deleted.ok) return deleted.status.message
  }
  return undefined
}

function claimedPods(pods: Iterable<Pod>, ds: DaemonSet): Pod[] {
  return sortBy(
    [...pods].filter((pod) => labelSelectorMatches(ds.spec.selector, pod.metadata.labels)),
    (pod) => pod.metadata.name,
  )
}

/** Creates the revision, or takes the one that is there under its name and holds the same data. */
function createRevision({ client, informers }: DaemonSetParts, ds: DaemonSet, number: number): Written {
  const wanted = newRevision(ds, number)
  const created = client.create(controllerRevisions, wanted)
  if (created.ok) return { ok: true, revision: created.value }
  if (created.status.reason !== 'AlreadyExists') return { ok: false, error: created.status.message }
  const name = wanted.metadata.name!
  const existing = client.get(controllerRevisions, { ...ds.metadata, name })
  if (!existing.ok) return { ok: false, error: existing.status.message }
  if (holdsTemplate(existing.value, ds)) return { ok: true, revision: existing.value }
  return { ok: false, error: raiseCollisionCount({ client, informers }, ds, created.status) }
}

/** Another template has the same hash: the next sync hashes with a raised collision count. */
function raiseCollisionCount(
  { client }: Pick<DaemonSetParts, 'client' | 'informers'>,
  ds: DaemonSet,
  collision: ApiStatus,
): string {
  const fresh = client.get(daemonSets, ds.metadata)
  if (!fresh.ok) return fresh.status.message
  const cached = ds.status?.collisionCount
  const found = fresh.value.status?.collisionCount
  if (found !== cached) {
    return `found a stale collision count (${cached ?? '<nil>'}, expected ${found ?? '<nil>'}) of DaemonSet "${ds.metadata.name}" while processing; will retry until it is updated`
  }
  const status = { ...fresh.value.status, collisionCount: (found ?? 0) + 1 }
  const updated = client.update(daemonSets, { ...fresh.value, status }, { subresource: 'status' })
  return updated.ok ? collision.message : updated.status.message
}

/** Deletes old revisions beyond the limit; the first refusal ends it with an error. */
export function cleanUpHistory(
  { client, informers }: DaemonSetParts,
  ds: DaemonSet,
  old: readonly ControllerRevision[],
): string | undefined {
  if (old.length <= (ds.spec.revisionHistoryLimit ?? 10)) return undefined
  const hashes = hashesOf(claimedPods(informers.store.ownedBy<Pod>(podResource, ds.metadata.uid).values(), ds))
  for (const revision of planCleanup(ds, old, hashes)) {
    const deleted = client.delete(controllerRevisions, revision.metadata)
    if (!deleted.ok) return `failed to clean up revisions of DaemonSet: ${deleted.status.message}`
  }
  return undefined
}
