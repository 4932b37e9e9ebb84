// Adopting matching orphans and letting go what no longer matches. Upstream: pkg/controller/controller_ref_manager.go.

import type { ApiClient } from '../../../api/api-client.ts'
import type { DaemonSet } from '../../../api/apps.ts'
import { isBeingDeleted, type JsonObject, type KubeObject } from '../../../api/meta.ts'
import { daemonSets, pods as podResource, type Resource } from '../../../api/resource-table.ts'
import type { DaemonSetState } from './daemonset-state.ts'
import { notePod } from './daemonset-state.ts'
import { ownerReferenceTo } from './pod.ts'

/** Claims Pods until nothing is left to claim. Returns the error of the pass, if there was one; other Pods are claimed all the same. */
export function claimPods(client: ApiClient, ds: DaemonSet, state: DaemonSetState): string | undefined {
  const errors: string[] = []
  for (const pod of state.toRelease.values()) {
    const error = release(client, podResource, { ds, object: pod })
    if (error === undefined) state.toRelease.delete(pod.metadata.uid)
    else errors.push(error)
  }
  const mayAdopt = adoptionCheck(client, ds)
  for (const pod of state.toAdopt.values()) {
    const outcome = adopt(client, podResource, { ds, object: pod, mayAdopt })
    if (outcome.error !== undefined) errors.push(outcome.error)
    else {
      state.toAdopt.delete(pod.metadata.uid)
      if (outcome.adopted !== undefined) notePod(state, ds, outcome.adopted)
    }
  }
  return aggregate(errors)
}

interface Claim<T extends KubeObject> {
  readonly ds: DaemonSet
  readonly object: T
}

/**
 * Asks the API server, once per pass and only if there is something to adopt, whether the DaemonSet still is the same and
 * not being deleted. Returns the error text of the answer. Upstream: RecheckDeletionTimestamp.
 */
export function adoptionCheck(client: ApiClient, ds: DaemonSet): () => string | undefined {
  let answer: { readonly error: string | undefined } | undefined
  const ask = (): string | undefined => {
    const { namespace, name, uid } = ds.metadata
    const fresh = client.get(daemonSets, ds.metadata)
    if (!fresh.ok) return `can't recheck DeletionTimestamp: ${fresh.status.message}`
    const found = fresh.value.metadata
    if (found.uid !== uid)
      return `can't recheck DeletionTimestamp: original DaemonSet ${namespace}/${name} is gone: got uid ${found.uid}, wanted ${uid}`
    return isBeingDeleted(fresh.value)
      ? `${namespace}/${name} has just been deleted at ${found.deletionTimestamp}`
      : undefined
  }
  return () => {
    answer ??= { error: ask() }
    return answer.error
  }
}

/** Patches the owner reference in. An object that is gone meanwhile is no error. */
export function adopt<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  { ds, object, mayAdopt }: Claim<T> & { readonly mayAdopt: () => string | undefined },
): { readonly error?: string; readonly adopted?: T } {
  const { namespace, name, uid } = object.metadata
  const what = `can't adopt ${object.kind} ${namespace}/${name} (${uid})`
  const refusal = mayAdopt()
  if (refusal !== undefined) return { error: `${what}: ${refusal}` }
  const owner = { ...ownerReferenceTo(ds) }
  const body: JsonObject = { metadata: { ownerReferences: [owner], uid } }
  const patched = client.patch(resource, object.metadata, { type: 'strategic', body })
  if (patched.ok) return { adopted: patched.value }
  return patched.status.reason === 'NotFound' ? {} : { error: `${what}: ${patched.status.message}` }
}

/** Patches the owner reference away. Returns an error text, except for an object that is gone or changed its owner. */
export function release<T extends KubeObject>(
  client: ApiClient,
  resource: Resource<T>,
  { ds, object }: Claim<T>,
): string | undefined {
  const body: JsonObject = {
    metadata: { uid: object.metadata.uid, ownerReferences: [{ $patch: 'delete', uid: ds.metadata.uid }] },
  }
  const patched = client.patch(resource, object.metadata, { type: 'strategic', body })
  if (patched.ok || patched.status.reason === 'NotFound' || patched.status.reason === 'Invalid') return undefined
  return patched.status.message
}

/** Several errors as Go prints an aggregate. */
export function aggregate(errors: readonly string[]): string | undefined {
  const texts = [...new Set(errors)]
  return texts.length <= 1 ? texts[0] : `[${texts.join(', ')}]`
}
