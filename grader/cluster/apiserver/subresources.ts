// What is served below an object's name: POST and GET of subresources that are no view of the whole object.
import {
  type ApiResult,
  badRequestStatus,
  methodNotAllowedStatus,
  noSuchResourceStatus,
  succeeded,
} from '../../api/api-status.ts'
import type { Pod } from '../../api/core.ts'
import type { JsonObject, ObjectKey } from '../../api/meta.ts'
import type { Subresource } from '../../api/resource-table.ts'
import { formatTimestamp } from '../clock.ts'
import { bindPod } from './binding.ts'
import { evictPod } from './eviction.ts'
import { type Call, refuse } from './request.ts'
import { getScale } from './scale.ts'
import { refuseMissing } from './update.ts'

const TOKEN_LIFETIME_SECONDS = 3600

/**
 * Answers what only a kubelet knows: a container's log, a command run in it. The Pod is bound and `query.container` names one
 * of its containers. The kubelets' part sets these on `ApiServer.kubelets`.
 */
export type KubeletHook = (pod: Pod, query: Readonly<Record<string, string>>) => ApiResult<JsonObject>

export interface KubeletHooks {
  log?: KubeletHook
  exec?: KubeletHook
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
  hooks: KubeletHooks,
): ApiResult<JsonObject> {
  const { resource, subresource, server } = call
  if (subresource === undefined || !resource.subresources.includes(subresource))
    return refuse(call, noSuchResourceStatus())
  if (subresource === 'scale') return getScale(call, key)
  const found = server.store.get(resource, key)
  if (found === undefined) return refuseMissing(call, key)
  if (subresource === 'log' || subresource === 'exec')
    return askKubelet(call, found as Pod, { hook: hooks[subresource], subresource, query })
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

interface KubeletQuestion {
  readonly hook: KubeletHook | undefined
  readonly subresource: Subresource
  readonly query: Readonly<Record<string, string>>
}

/** Finds the container and the Node, then asks the Node's kubelet. Upstream: pkg/registry/core/pod/strategy.go (LogLocation). */
function askKubelet(call: Call, pod: Pod, { hook, subresource, query }: KubeletQuestion): ApiResult<JsonObject> {
  const { name } = pod.metadata
  const container = containerOf(pod, query.container ?? '')
  if ('problem' in container) return refuse(call, badRequestStatus(container.problem))
  if ((pod.spec.nodeName ?? '') === '')
    return refuse(call, badRequestStatus(`pod ${name} does not have a host assigned`))
  if (hook === undefined) return refuse(call, badRequestStatus(`no kubelet answers for ${subresource} of ${name}`))
  return hook(pod, { ...query, container: container.name })
}

/** The container that is meant: the only one, if none is named. */
function containerOf(
  { metadata, spec }: Pod,
  wanted: string,
): { readonly name: string } | { readonly problem: string } {
  const all = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  )
  if (wanted !== '')
    return all.includes(wanted)
      ? { name: wanted }
      : { problem: `container ${wanted} is not valid for pod ${metadata.name}` }
  if (spec.containers.length === 1) return { name: spec.containers[0]!.name }
  return { problem: `a container name must be specified for pod ${metadata.name}, choose one of: [${all.join(' ')}]` }
}
