// RBAC. Upstream: plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go,
// apiserver/pkg/endpoints/handlers/responsewriters/errors.go (the denial's text).
// Simplified: who writes a role need not hold the rights that it gives.
import type { UserInfo } from '../../api/api-client.ts'
import { type ApiStatus, forbiddenStatus } from '../../api/api-status.ts'
import { labelSelectorMatches } from '../../api/labels.ts'
import type { LabelSelector } from '../../api/meta.ts'
import type { ClusterRole, ClusterRoleBinding, PolicyRule, RoleBinding } from '../../api/other.ts'
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../api/resource-table.ts'
import type { Store } from './store.ts'

export type ApiVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** What somebody wants to do. `plural` may carry a subresource: `pods/log`. */
export interface Attributes {
  readonly verb: string
  readonly group: string
  readonly plural: string
  readonly namespace?: string
  readonly name?: string
}

/** `reason` is what the authorizer has to say besides no: roles that bindings name and nobody has made. */
export interface Verdict {
  readonly allowed: boolean
  readonly reason: string
}

const MASTERS = 'system:masters'
const ALLOWED: Verdict = { allowed: true, reason: '' }

/** Members of system:masters may do everything, whatever the roles say. */
export function isMaster(user: UserInfo): boolean {
  return user.groups.includes(MASTERS)
}

/** Whether a user may do something, by the roles and bindings that are stored. */
export function authorize(store: Store, user: UserInfo, attributes: Attributes): Verdict {
  if (isMaster(user)) return ALLOWED
  const { rules, problems } = rulesFor(store, user, attributes.namespace)
  if (rules.some((rule) => ruleAllows(rule, attributes))) return ALLOWED
  return {
    allowed: false,
    reason: problems.length === 0 ? '' : `RBAC: ${problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`}`,
  }
}

/** Whether a user may get a path that is no resource. */
export function authorizePath(store: Store, user: UserInfo, path: string): boolean {
  if (isMaster(user)) return true
  return rulesFor(store, user, undefined).rules.some(
    ({ verbs, nonResourceURLs = [] }) =>
      has(verbs, 'get') &&
      nonResourceURLs.some((url) => url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)))),
  )
}

/** 403 with upstream's text: `pods is forbidden: User "jane" cannot list resource "pods" in API group "" …`. */
export function forbidden(user: UserInfo, attributes: Attributes, reason: string): ApiStatus {
  const { verb, group, plural, namespace, name = '' } = attributes
  const scope =
    namespace === undefined || namespace === ''
      ? 'at the cluster scope'
      : `in the namespace ${JSON.stringify(namespace)}`
  const why = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(plural)} in API group ${JSON.stringify(group)} ${scope}`
  const slash = plural.indexOf('/')
  const resource = { group, plural: slash < 0 ? plural : plural.slice(0, slash) }
  return forbiddenStatus(resource, name, reason === '' ? why : `${why}: ${reason}`)
}

const has = (list: readonly string[] | undefined, wanted: string): boolean =>
  list?.some((item) => item === wanted || item === '*') === true

/** Upstream: rbac.RuleAllows. */
export function ruleAllows(rule: PolicyRule, { verb, group, plural, name = '' }: Attributes): boolean {
  if (!has(rule.verbs, verb) || !has(rule.apiGroups, group)) return false
  const slash = plural.indexOf('/')
  const matches = (resource: string) =>
    resource === '*' || resource === plural || (slash >= 0 && resource === `*${plural.slice(slash)}`)
  if (rule.resources?.some(matches) !== true) return false
  return (rule.resourceNames ?? []).length === 0 || rule.resourceNames!.includes(name)
}

export interface UserRules {
  readonly rules: readonly PolicyRule[]
  readonly problems: readonly string[]
}

/** All rules that bindings give to a user, cluster-wide ones first. */
export function rulesFor(store: Store, user: UserInfo, namespace: string | undefined): UserRules {
  const rules: PolicyRule[] = []
  const problems: string[] = []
  const bindings: readonly (ClusterRoleBinding | RoleBinding)[] = [
    ...store.list(clusterRoleBindings),
    ...(namespace === undefined || namespace === '' ? [] : store.list(roleBindings, namespace)),
  ]
  for (const binding of bindings) {
    if (binding.subjects?.some((subject) => isSubject(subject, user, binding.metadata.namespace)) !== true) continue
    const found = rulesOf(store, binding)
    if (typeof found === 'string') problems.push(found)
    else rules.push(...found)
  }
  return { rules, problems }
}

type Subject = NonNullable<RoleBinding['subjects']>[number]

function isSubject({ kind, name, namespace }: Subject, user: UserInfo, bindingNamespace: string | undefined): boolean {
  if (kind === 'User') return name === user.name
  if (kind === 'Group')
    return user.groups.includes(name) || (name === 'system:authenticated' && user.name !== 'system:anonymous')
  return (
    kind === 'ServiceAccount' && user.name === `system:serviceaccount:${namespace ?? bindingNamespace ?? ''}:${name}`
  )
}

/** The rules of the role that a binding names, or the text that it does not exist. */
function rulesOf(store: Store, { roleRef, metadata }: RoleBinding): readonly PolicyRule[] | string {
  const { kind, name } = roleRef
  if (kind === 'Role') {
    const role = store.get(roles, {
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    })
    return role === undefined ? `role.rbac.authorization.k8s.io ${JSON.stringify(name)} not found` : (role.rules ?? [])
  }
  const role = store.get(clusterRoles, { name })
  return role === undefined
    ? `clusterrole.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`
    : clusterRoleRules(store, role)
}

/**
 * A role's own rules and those it gathers.
 * Simplified: upstream's controller writes the gathered rules into the role; here they are gathered when somebody asks.
 */
function clusterRoleRules(store: Store, role: ClusterRole): readonly PolicyRule[] {
  const selectors = (role.aggregationRule?.clusterRoleSelectors ?? []) as readonly LabelSelector[]
  if (selectors.length === 0) return role.rules ?? []
  const gathered = store
    .list(clusterRoles)
    .filter(
      (other) => other !== role && selectors.some((selector) => labelSelectorMatches(selector, other.metadata.labels)),
    )
  return [...(role.rules ?? []), ...gathered.flatMap((other) => clusterRoleRules(store, other))]
}
