// What a kind's registry does to an object before it is stored. Upstream: pkg/registry/*/*/strategy.go and
// apiserver/pkg/registry/rest/{create,update}.go.
import { deepEqual } from '../../../api/compare.ts'
import type { JsonObject, KubeObject, ObjectMeta } from '../../../api/meta.ts'

/** An object on its way into the store: its own top level and metadata may still be set, all below is shared. */
export interface Draft {
  apiVersion: string
  kind: string
  metadata: { -readonly [Field in keyof ObjectMeta]: ObjectMeta[Field] }
  [field: string]: unknown
}

export interface Strategy {
  /** PUT to a name that does not exist creates it. */
  readonly createOnUpdate?: true
  /** PUT without resourceVersion is refused. */
  readonly needsResourceVersion?: true
  /** Deleting without a propagationPolicy orphans the dependents. */
  readonly orphansByDefault?: true
  /** Objects of the kind know no finalizers of the garbage collector. */
  readonly notCollected?: true
  prepareForCreate?(draft: Draft): void
  prepareForUpdate?(draft: Draft, old: KubeObject): void
  /** After spec and metadata rules of every status subresource were applied. */
  prepareForStatusUpdate?(draft: Draft, old: KubeObject): void
  /** After validation. */
  canonicalize?(draft: Draft): void
}

/** Takes a field as it was: a client's value for it counts for nothing. */
export function keep(draft: Draft, old: KubeObject, field: string): void {
  const value = (old as unknown as JsonObject)[field]
  if (value === undefined) delete draft[field]
  else draft[field] = value
}

export function fieldDiffers(draft: Draft, old: KubeObject, field: string): boolean {
  return !deepEqual(draft[field], (old as unknown as JsonObject)[field])
}

export function raiseGeneration(draft: Draft, old: KubeObject): void {
  draft.metadata.generation = (old.metadata.generation ?? 0) + 1
}

/** A kind whose spec is desired state: generation counts its changes, status is the controllers' own. */
export function workload(emptyStatus: JsonObject): Strategy {
  return {
    prepareForCreate(draft) {
      draft.metadata.generation = 1
      draft.status = emptyStatus
    },
    prepareForUpdate(draft, old) {
      keep(draft, old, 'status')
      if (fieldDiffers(draft, old, 'spec')) raiseGeneration(draft, old)
    },
  }
}

export function startGeneration(draft: Draft): void {
  draft.metadata.generation = 1
}

/** Generation from 1 on, no status. */
export const counted: Strategy = {
  prepareForCreate: startGeneration,
  prepareForUpdate(draft, old) {
    if (fieldDiffers(draft, old, 'spec')) raiseGeneration(draft, old)
  },
}

/** Status and nothing else of note. */
export function withStatus(emptyStatus: JsonObject): Strategy {
  return {
    prepareForCreate(draft) {
      draft.status = emptyStatus
    },
    prepareForUpdate: (draft, old) => keep(draft, old, 'status'),
  }
}
