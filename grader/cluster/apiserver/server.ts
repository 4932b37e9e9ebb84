// The API server: an ApiClient per caller. Each verb is authorized here and then done by its own file:
// create.ts, update.ts, patch.ts, remove.ts, list.ts, watch.ts, subresources.ts.
import type { ApiClient, DeleteOptions, ListOptions, ObjectList, Patch, WatchEvent, WatchOptions, WriteOptions } from '../../api/api-client.ts'
import { type ApiResult, type ApiStatus, methodNotAllowedStatus, noSuchResourceStatus, notFoundStatus, refused, succeeded } from '../../api/api-status.ts'
import type { ForCreate, JsonObject, KubeObject, ObjectKey } from '../../api/meta.ts'
import type { Resource, Subresource } from '../../api/resource-table.ts'
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Trace } from '../trace.ts'
import { type ApiVerb, createAuthorizer } from './authorization.ts'
import { createFrom } from './create.ts'
import { finalizeNamespace } from './finalize.ts'
import { listObjects } from './list.ts'
import { patchObject } from './patch.ts'
import { removeObject } from './remove.ts'
import { type Caller, newCall, refOf, type Server } from './request.ts'
import { reviewOf } from './reviews.ts'
import { patchScale, updateScale } from './scale.ts'
import type { Stages } from './stages.ts'
import type { Store } from './store.ts'
import { createBelow, getBelow, type MachineHooks } from './subresources.ts'
import { updateFrom } from './update.ts'
import { watchObjects } from './watch.ts'

export type { Caller } from './request.ts'

export interface ApiServerParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly trace: Trace
  /** Absent: the standard ones. */
  readonly stages?: Stages
}

export interface ApiServer {
  clientFor(caller: Caller): ApiClient
  /** Where the machines answer for logs and commands; the kubelets' part fills it in. */
  readonly machines: MachineHooks
}

export const SYSTEM_MASTERS: readonly string[] = ['system:masters', 'system:authenticated']

/** An API server over a store. Nothing is in it yet: see bootstrap.ts. */
export function createApiServer(parts: ApiServerParts, standardStages: (store: Store, parts: ApiServerParts) => Stages): ApiServer {
  const { store, clock, random, trace } = parts
  const server: Server = { store, clock, random, trace, stages: parts.stages ?? standardStages(store, parts) }
  const machines: MachineHooks = {}
  return { machines, clientFor: (caller) => createClient(server, caller, machines) }
}
