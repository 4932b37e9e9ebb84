/** kubectl create role, clusterrole, rolebinding, clusterrolebinding. Upstream: k8s.io/kubectl/pkg/cmd/create/create_{role,clusterrole,rolebinding,clusterrolebinding}.go. */
import type { JsonObject } from '../../api/meta.ts'
import { clusterRoleBindings, clusterRoles, type Resource, roleBindings, roles } from '../../api/resource-table.ts'
import type { Invocation } from '../command.ts'
import { fail } from '../failure.ts'
import { flag } from '../flags.ts'
import { findResource } from '../resource-argument.ts'
import { type Generator, metadata } from './generator.ts'

const RULE_FLAGS = [
  flag('resource', 'list', 'Resource that the rule applies to'),
  flag(
    'resource-name',
    'array',
    'Resource in the white list that the rule applies to, repeat this flag for multiple items',
  ),
  flag('verb', 'list', 'Verb that applies to the resources contained in the rule'),
]

const RBAC = 'rbac.authorization.k8s.io'

export const createRole: Generator = {
  name: 'role',
  summary: 'Create a role with single rule',
  usage:
    'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags: RULE_FLAGS,
  resource: roles as Resource,
  make: (_session, invocation, name) => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: metadata(name),
    rules: rulesOf(invocation),
  }),
}

export const createClusterRole: Generator = {
  name: 'clusterrole',
  summary: 'Create a cluster role',
  usage: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags: [
    ...RULE_FLAGS,
    flag('aggregation-rule', 'string', 'An aggregation label selector for combining ClusterRoles.'),
    flag('non-resource-url', 'list', 'A partial url that user should have access to.'),
  ],
  resource: clusterRoles as Resource,
  make(_session, invocation, name) {
    const { flags } = invocation
    const aggregation = flags.string('aggregation-rule')
    const urls = flags.list('non-resource-url')
    const base = { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: metadata(name) }
    if (aggregation !== '') {
      const matchLabels = Object.fromEntries(aggregation.split(',').map((pair) => pair.split('=') as [string, string]))
      return { ...base, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, rules: null }
    }
    if (urls.length > 0 && flags.list('resource').length === 0) {
      if (flags.list('verb').length === 0) fail('at least one verb must be specified')
      return { ...base, rules: [{ nonResourceURLs: urls, verbs: unique(flags.list('verb')) }] }
    }
    return { ...base, rules: rulesOf(invocation) }
  },
}

const unique = (all: readonly string[]): string[] => [...new Set(all.filter((item) => item !== ''))]

/** One rule per API group, in the order in which the groups are named. */
function rulesOf({ flags }: Invocation): JsonObject[] {
  const verbs = unique(flags.list('verb'))
  if (verbs.length === 0) fail('at least one verb must be specified')
  if (flags.list('resource').length === 0) fail('at least one resource must be specified')
  const names = unique(flags.list('resource-name'))
  const groups = new Map<string, string[]>()
  for (const word of unique(flags.list('resource'))) {
    const [named = '', subresource] = word.split('/')
    const resource = findResource(named)
    if (named !== '*' && resource === undefined)
      fail(`the server doesn't have a resource type ${JSON.stringify(named)}`)
    const group = resource?.group ?? '*'
    const text = `${resource?.plural ?? '*'}${subresource === undefined ? '' : `/${subresource}`}`
    groups.set(group, [...(groups.get(group) ?? []), text])
  }
  return [...groups].map(([group, resources]) => ({
    apiGroups: [group],
    ...(names.length === 0 ? {} : { resourceNames: names }),
    resources,
    verbs: verbs.includes('*') ? ['*'] : verbs,
  }))
}

const SUBJECT_FLAGS = [
  flag('group', 'array', 'Groups to bind to the role. The flag can be repeated to add multiple groups.'),
  flag('serviceaccount', 'array', 'Service accounts to bind to the role, in the format <namespace>:<name>.'),
  flag('user', 'array', 'Usernames to bind to the role. The flag can be repeated to add multiple users.'),
]

function subjectsOf({ flags }: Invocation): JsonObject[] {
  const accounts = flags.list('serviceaccount').map((text) => {
    const [namespace = '', name = '', ...more] = text.split(':')
    if (namespace === '' || name === '' || more.length > 0) fail(`serviceaccount must be <namespace>:<name>`)
    return { kind: 'ServiceAccount', name, namespace }
  })
  return [
    ...flags.list('user').map((name) => ({ apiGroup: RBAC, kind: 'User', name })),
    ...flags.list('group').map((name) => ({ apiGroup: RBAC, kind: 'Group', name })),
    ...accounts,
  ]
}

export const createRoleBinding: Generator = {
  name: 'rolebinding',
  summary: 'Create a role binding for a particular role or cluster role',
  usage:
    'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: [
    ...SUBJECT_FLAGS,
    flag('clusterrole', 'string', 'ClusterRole this RoleBinding should reference'),
    flag('role', 'string', 'Role this RoleBinding should reference'),
  ],
  resource: roleBindings as Resource,
  refusal: 'failed to create rolebinding:',
  make(_session, invocation, name) {
    const [clusterRole, role] = [invocation.flags.string('clusterrole'), invocation.flags.string('role')]
    if ((clusterRole === '') === (role === '')) fail('exactly one of clusterrole or role must be specified')
    const subjects = subjectsOf(invocation)
    return {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: metadata(name),
      roleRef: { apiGroup: RBAC, kind: role === '' ? 'ClusterRole' : 'Role', name: role === '' ? clusterRole : role },
      ...(subjects.length === 0 ? {} : { subjects }),
    }
  },
}

export const createClusterRoleBinding: Generator = {
  name: 'clusterrolebinding',
  summary: 'Create a cluster role binding for a particular cluster role',
  usage:
    'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  required: ['clusterrole'],
  flags: [...SUBJECT_FLAGS, flag('clusterrole', 'string', 'ClusterRole this ClusterRoleBinding should reference')],
  resource: clusterRoleBindings as Resource,
  refusal: 'failed to create clusterrolebinding:',
  make(_session, invocation, name) {
    const subjects = subjectsOf(invocation)
    return {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: metadata(name),
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: invocation.flags.string('clusterrole') },
      ...(subjects.length === 0 ? {} : { subjects }),
    }
  },
}
