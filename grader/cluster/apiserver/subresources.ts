// What is served below an object's name: POST and GET of subresources that are no view of the whole object.
import {
  type ApiResult,
  badRequestStatus,
  methodNotAllowedStatus,
  noSuchResourceStatus,
  succeeded,
} from '../../api/api-status.ts'
import type { JsonObject, KubeObject, ObjectKey } from '../../api/meta.ts'
import type { Subresource } from '../../api/resource-table.ts'
import { formatTimestamp } from '../clock.ts'
import { bindPod } from './binding.ts'
import { evictPod } from './eviction.ts'
import { type Call, refuse } from './request.ts'
import { getScale } from './scale.ts'
import { refuseMissing } from './update.ts'

const TOKEN_LIFETIME_SECONDS = 3600

/** Answers what only a machine knows: a container's log, a command run in it. Kubelets register theirs. */
export type MachineHook = (pod: KubeObject, query: Readonly<Record<string, string>>) => ApiResult<JsonObject>

export interface MachineHooks {
  log?: MachineHook
  exec?: MachineHook
}

export function createBelow(call: Call, key: ObjectKey, body: JsonObject): ApiResult<JsonObject> {
  const { resource, subresource } = call
  if (subresource === undefined || !resource.subresources.includes(subresource))
    return refuse(call, noSuchResourceStatus())
  switch (subresource) {
    case 'binding':
      return bindPod(call, key, body)
    case 'eviction':
      return evictPod(call, key, body)
    case 'token':
      return requestToken(call, key, body)
    default:
      return refuse(call, methodNotAllowedStatus(resource, 'create'))
  }
}

/** Simplified: tokens are opaque and open nothing. Upstream: pkg/registry/core/serviceaccount/storage/token.go. */
function requestToken(call: Call, key: ObjectKey, body: JsonObject): ApiResult<JsonObject> {
  const account = call.server.store.get(call.resource, key)
  if (account === undefined) return refuseMissing(call, key)
  const spec = (body.spec ?? {}) as { readonly expirationSeconds?: number; readonly audiences?: readonly string[] }
  const lifetime = spec.expirationSeconds ?? TOKEN_LIFETIME_SECONDS
  const token = `token-of-${key.namespace ?? ''}-${key.name}-${call.server.random.suffix(16)}`
  const { name, namespace, creationTimestamp } = account.metadata
  return succeeded({
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp },
    spec: {
      audiences: spec.audiences ?? ['https://kubernetes.default.svc.cluster.local'],
      expirationSeconds: lifetime,
      boundObjectRef: null,
    },
    status: { token, expirationTimestamp: formatTimestamp(call.server.clock.now() + lifetime * 1000) },
  })
}

export function getBelow(
  call: Call,
  key: ObjectKey,
  query: Readonly<Record<string, string>>,
  hooks: MachineHooks,
): ApiResult<JsonObject> {
  const { resource, subresource, server } = call
  if (subresource === undefined || !resource.subresources.includes(subresource))
    return refuse(call, noSuchResourceStatus())
  if (subresource === 'scale') return getScale(call, key)
  const found = server.store.get(resource, key)
  if (found === undefined) return refuseMissing(call, key)
  if (subresource === 'log' || subresource === 'exec')
    return askMachine(call, found, { hook: hooks[subresource], subresource, query })
  if (
    subresource === 'status' ||
    subresource === 'finalize' ||
    subresource === 'resize' ||
    subresource === 'ephemeralcontainers'
  ) {
    return succeeded(found as unknown as JsonObject)
  }
  return refuse(call, methodNotAllowedStatus(resource, 'get'))
}

interface MachineQuestion {
  readonly hook: MachineHook | undefined
  readonly subresource: Subresource
  readonly query: Readonly<Record<string, string>>
}

function askMachine(call: Call, pod: KubeObject, { hook, subresource, query }: MachineQuestion): ApiResult<JsonObject> {
  const { nodeName = '' } = (pod as unknown as { spec: { nodeName?: string } }).spec
  if (nodeName === '') return refuse(call, badRequestStatus(`pod ${pod.metadata.name} does not have a host assigned`))
  return hook === undefined
    ? refuse(call, badRequestStatus(`no kubelet answers for ${subresource} of ${pod.metadata.name}`))
    : hook(pod, query)
}
