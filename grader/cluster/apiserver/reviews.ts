// Answers to access reviews: `kubectl auth can-i`, `kubectl auth whoami`. Upstream: pkg/registry/authorization/*/rest.go.
import type { UserInfo } from '../../api/api-client.ts'
import { type ApiResult, invalidStatus, refused, succeeded } from '../../api/api-status.ts'
import { invalid } from '../../api/field-error.ts'
import type { Json, JsonObject, KubeObject } from '../../api/meta.ts'
import type { PolicyRule } from '../../api/other.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { REVIEW_RESOURCES } from '../../api/reviews.ts'
import { authorize, authorizePath, isMaster, rulesFor } from './authorization.ts'
import type { Store } from './store.ts'

interface Question {
  readonly resourceAttributes?: {
    readonly namespace?: string
    readonly verb?: string
    readonly group?: string
    readonly resource?: string
    readonly subresource?: string
    readonly name?: string
  }
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string }
  readonly user?: string
  readonly groups?: readonly string[]
  readonly namespace?: string
}

const EVERYTHING: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }

export function isReview(resource: Resource): boolean {
  return REVIEW_RESOURCES.some(({ group, plural }) => group === resource.group && plural === resource.plural)
}

/** The review with its status filled in. */
export function reviewOf(store: Store, user: UserInfo, resource: Resource, body: KubeObject): ApiResult<KubeObject> {
  const question = ((body as unknown as { spec?: Question }).spec ?? {}) as Question
  const status = statusOf(store, user, resource, question)
  if (status === undefined) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
    return refused(invalidStatus(resource, '', [invalid('spec.resourceAttributes', null, why)]))
  }
  const metadata = { ...body.metadata, creationTimestamp: null }
  return succeeded({
    ...body,
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata,
    status,
  } as unknown as KubeObject)
}

function statusOf(store: Store, user: UserInfo, { kind }: Resource, question: Question): JsonObject | undefined {
  switch (kind) {
    case 'SelfSubjectReview':
      return { userInfo: { username: user.name, groups: user.groups as Json } }
    case 'SelfSubjectRulesReview':
      return rulesStatus(store, user, question.namespace)
    case 'SelfSubjectAccessReview':
      return accessStatus(store, user, question)
    default:
      return accessStatus(store, { name: question.user ?? '', groups: question.groups ?? [] }, question)
  }
}

function accessStatus(
  store: Store,
  user: UserInfo,
  { resourceAttributes, nonResourceAttributes }: Question,
): JsonObject | undefined {
  if (nonResourceAttributes !== undefined)
    return { allowed: authorizePath(store, user, nonResourceAttributes.path ?? '') }
  if (resourceAttributes === undefined) return undefined
  const { verb = '', group = '', resource: plural = '', subresource = '', namespace, name } = resourceAttributes
  const verdict = authorize(store, user, {
    verb,
    group,
    plural: subresource === '' ? plural : `${plural}/${subresource}`,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  })
  return { allowed: verdict.allowed, ...(verdict.reason === '' ? {} : { reason: verdict.reason }) }
}

function rulesStatus(store: Store, user: UserInfo, namespace: string | undefined): JsonObject {
  const own = isMaster(user) ? [EVERYTHING, { verbs: ['*'], nonResourceURLs: ['*'] }] : []
  const { rules } = rulesFor(store, user, namespace)
  const all = [...own, ...rules]
  return {
    incomplete: false,
    resourceRules: all.filter((rule) => rule.resources !== undefined) as unknown as Json,
    nonResourceRules: all.filter((rule) => rule.nonResourceURLs !== undefined) as unknown as Json,
  }
}
