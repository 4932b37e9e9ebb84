// What every plugin is given, and how it answers. Upstream: k8s.io/apiserver/pkg/admission/attributes.go, errors.go.
import type { UserInfo } from '../../../api/api-client.ts'
import { type ApiStatus, forbiddenStatus } from '../../../api/api-status.ts'
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
  readonly random: AdmissionRandom
}

/** The store, as far as plugins look. */
export interface AdmissionReader {
  get<T extends KubeObject>(resource: Resource<T>, key: ObjectKey): T | undefined
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): readonly T[]
  /** Calls the listener at every commit, for plugins that keep count. */
  onCommit(listener: (change: CommittedChange) => void): unknown
}

export interface CommittedChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: Resource
  readonly object: KubeObject
  readonly previous: KubeObject | undefined
}

export interface AdmissionRandom {
  suffix(length: number): string
}

/** The object to go on with and what the client is warned of, or why the request is refused. */
export type AdmissionResult =
  | { readonly object: KubeObject; readonly warnings?: readonly string[] }
  | { readonly refused: ApiStatus }

/** 403 `pods "agent-" is forbidden: why`: before the name is generated the message shows its beginning. */
export function refusedAs({ resource, object }: AdmissionContext, why: string): { readonly refused: ApiStatus } {
  const { name = '', generateName = '' } = object.metadata
  return { refused: forbiddenStatus(resource, name || generateName || 'Unknown', why) }
}
