import { describe, expect, it } from 'vitest'
import type { ApiClient } from '../../../grader/api/api-client.ts'
import type { JsonObject } from '../../../grader/api/meta.ts'
import {
  clusterRoleBindings,
  clusterRoles,
  daemonSets,
  nodes,
  pods,
  type Resource,
  roleBindings,
  roles,
} from '../../../grader/api/resource-table.ts'
import {
  selfSubjectAccessReviews,
  selfSubjectReviews,
  selfSubjectRulesReviews,
  subjectAccessReviews,
} from '../../../grader/api/reviews.ts'
import { apiServer, daemonSet, object, status, type TestServer, value } from '../../support/api-server.ts'

const RBAC = 'rbac.authorization.k8s.io'
const NS = { namespace: 'default' }

function bind(
  world: TestServer,
  kind: 'ClusterRole' | 'Role',
  role: string,
  subject: JsonObject,
  everywhere = false,
): void {
  const rest = { subjects: [subject], roleRef: { apiGroup: RBAC, kind, name: role } }
  if (everywhere) value(world.admin.create(clusterRoleBindings, object(clusterRoleBindings, `b-${role}`, rest)))
  else value(world.admin.create(roleBindings, object(roleBindings, `b-${role}`, { metadata: NS, ...rest })))
}

const jane = { kind: 'User', apiGroup: RBAC, name: 'jane' }

describe('a user without any binding', () => {
  const rows: readonly [string, (client: ApiClient) => { ok: boolean }, string][] = [
    [
      'listing in a namespace',
      (c) => c.list(pods, NS),
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'listing all namespaces',
      (c) => c.list(pods),
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      'deleting',
      (c) => c.delete(daemonSets, { ...NS, name: 'agent' }),
      'daemonsets.apps "agent" is forbidden: User "jane" cannot delete resource "daemonsets" in API group "apps" in the namespace "default"',
    ],
    [
      'reading a Node',
      (c) => c.get(nodes, { name: 'w-1' }),
      'nodes "w-1" is forbidden: User "jane" cannot get resource "nodes" in API group "" at the cluster scope',
    ],
    [
      'reading a log',
      (c) => c.getSubresource(pods, { ...NS, name: 'a' }, 'log'),
      'pods "a" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "default"',
    ],
    [
      'creating',
      (c) => c.create(daemonSets, daemonSet()),
      'daemonsets.apps is forbidden: User "jane" cannot create resource "daemonsets" in API group "apps" in the namespace "default"',
    ],
    [
      'patching',
      (c) => c.patch(nodes, { name: 'w-1' }, { type: 'merge', body: {} }),
      'nodes "w-1" is forbidden: User "jane" cannot patch resource "nodes" in API group "" at the cluster scope',
    ],
    [
      'deleting a collection',
      (c) => c.deleteCollection(pods, NS),
      'pods is forbidden: User "jane" cannot deletecollection resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'watching',
      (c) => c.watch(pods, NS, () => {}),
      'pods is forbidden: User "jane" cannot watch resource "pods" in API group "" in the namespace "default"',
    ],
    [
      'evicting',
      (c) => c.createSubresource(pods, { ...NS, name: 'a' }, 'eviction', {}),
      'pods "a" is forbidden: User "jane" cannot create resource "pods/eviction" in API group "" in the namespace "default"',
    ],
  ]
  for (const [name, call, message] of rows) {
    it(`is forbidden ${name}`, () => expect(status(call(apiServer().as('jane')) as never).message).toBe(message))
  }

  it('is told when the role of a binding does not exist', () => {
    const world = apiServer()
    bind(world, 'Role', 'reader', jane)
    expect(status(world.as('jane').list(pods, NS)).message).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default": RBAC: role.rbac.authorization.k8s.io "reader" not found',
    )
  })
})

describe('a role', () => {
  it('allows its verbs on its resources in its namespace', () => {
    const world = apiServer()
    const rules = [{ apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['get', 'list'] }]
    value(world.admin.create(roles, object(roles, 'reader', { metadata: NS, rules })))
    bind(world, 'Role', 'reader', jane)
    const client = world.as('jane')
    expect(client.list(daemonSets, NS).ok).toBe(true)
    expect([
      client.list(daemonSets).ok,
      client.list(daemonSets, { namespace: 'kube-system' }).ok,
      client.create(daemonSets, daemonSet()).ok,
    ]).toEqual([false, false, false])
  })

  it('may be limited to names', () => {
    const world = apiServer()
    const rules = [{ apiGroups: ['apps'], resources: ['daemonsets'], resourceNames: ['agent'], verbs: ['*'] }]
    value(world.admin.create(roles, object(roles, 'one', { metadata: NS, rules })))
    bind(world, 'Role', 'one', jane)
    value(world.admin.create(daemonSets, daemonSet()))
    expect(world.as('jane').get(daemonSets, { ...NS, name: 'agent' }).ok).toBe(true)
    expect(status(world.as('jane').get(daemonSets, { ...NS, name: 'other' })).code).toBe(403)
  })

  it('view reads workloads but no Secrets; edit writes them, admin binds roles', () => {
    const can = (role: string, resource: Resource, verb: 'list' | 'create') => {
      const world = apiServer()
      bind(world, 'ClusterRole', role, jane, true)
      return value(
        world.as('jane').create(selfSubjectAccessReviews, {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          metadata: {},
          spec: {
            resourceAttributes: { verb, group: resource.group, resource: resource.plural, namespace: 'default' },
          },
        } as never),
      ).status?.allowed
    }
    expect([can('view', pods, 'list'), can('view', pods, 'create'), can('view', roles, 'list')]).toEqual([
      true,
      false,
      false,
    ])
    expect([can('edit', daemonSets, 'create'), can('edit', roles, 'create'), can('edit', nodes, 'list')]).toEqual([
      true,
      false,
      false,
    ])
    expect([can('admin', roles, 'create'), can('cluster-admin', nodes, 'create')]).toEqual([true, true])
  })

  it('is given to groups and service accounts, too', () => {
    const world = apiServer()
    bind(world, 'ClusterRole', 'view', { kind: 'Group', apiGroup: RBAC, name: 'readers' })
    expect(world.as('joe', 'readers').list(pods, NS).ok).toBe(true)
    bind(world, 'ClusterRole', 'edit', { kind: 'ServiceAccount', name: 'robot', namespace: 'default' })
    expect(
      world.as('system:serviceaccount:default:robot', 'system:serviceaccounts').create(daemonSets, daemonSet()).ok,
    ).toBe(true)
  })

  it('that gathers others has their rules', () => {
    const world = apiServer()
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }
    const rules = [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }]
    value(world.admin.create(clusterRoles, object(clusterRoles, 'see-nodes', { metadata: { labels }, rules })))
    bind(world, 'ClusterRole', 'view', jane, true)
    expect(world.as('jane').list(nodes).ok).toBe(true)
  })
})

describe('access reviews', () => {
  const review = (kind: string, spec: JsonObject) =>
    ({ apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec }) as never

  it('answer for oneself and for others', () => {
    const world = apiServer()
    const resourceAttributes = { verb: 'delete', resource: 'nodes' }
    expect(
      value(world.admin.create(selfSubjectAccessReviews, review('SelfSubjectAccessReview', { resourceAttributes })))
        .status,
    ).toEqual({ allowed: true })
    expect(
      value(
        world.as('jane').create(selfSubjectAccessReviews, review('SelfSubjectAccessReview', { resourceAttributes })),
      ).status,
    ).toEqual({ allowed: false })
    expect(
      value(
        world.admin.create(subjectAccessReviews, review('SubjectAccessReview', { resourceAttributes, user: 'jane' })),
      ).status,
    ).toEqual({ allowed: false })
  })

  it('list the rules of a user', () => {
    const { status: rules } = value(
      apiServer()
        .as('jane')
        .create(selfSubjectRulesReviews, review('SelfSubjectRulesReview', { namespace: 'default' })),
    )
    expect(rules?.resourceRules).toHaveLength(2)
    expect(rules?.nonResourceRules).toHaveLength(2)
  })

  it('say who one is', () => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} } as never
    expect(value(apiServer().as('jane').create(selfSubjectReviews, body)).status).toEqual({
      userInfo: { username: 'jane', groups: ['system:authenticated'] },
    })
  })

  it('can only be created', () => {
    expect(status(apiServer().admin.list(selfSubjectAccessReviews)).code).toBe(405)
  })
})
