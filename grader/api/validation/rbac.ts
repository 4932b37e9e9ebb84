// Roles and their bindings. Upstream: pkg/apis/rbac/validation/validation.go.
import { deepEqual } from '../compare.ts'
import { type FieldError, invalid, notSupported, required } from '../field-error.ts'
import { child, type FieldPath, index } from '../field-path.ts'
import type { LabelSelector } from '../meta.ts'
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding } from '../other.ts'
import { checkFormat, checkSupported, requireText } from './field-checks.ts'
import { isDns1123Subdomain, isPathSegment, type NameRule } from './format.ts'
import { validateLabelSelector } from './label-selector.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts'

const GROUP = 'rbac.authorization.k8s.io'
const rbacName: NameRule = (name) => isPathSegment(name, false)

export const validateRole = (role: Role): readonly FieldError[] => [
  ...validateObjectMeta(role.metadata, { namespaced: true, name: rbacName }),
  ...(role.rules ?? []).flatMap((rule, i) => validateRule(rule, true, index('rules', i))),
]

export const validateRoleUpdate = (next: Role, previous: Role): readonly FieldError[] => [
  ...validateRole(next),
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
]

export function validateClusterRole(role: ClusterRole): readonly FieldError[] {
  const errors = [...validateObjectMeta(role.metadata, { namespaced: false, name: rbacName })]
  errors.push(...(role.rules ?? []).flatMap((rule, i) => validateRule(rule, false, index('rules', i))))
  if (role.aggregationRule === undefined) return errors
  const at = 'aggregationRule.clusterRoleSelectors'
  const selectors = (role.aggregationRule.clusterRoleSelectors ?? []) as unknown as readonly LabelSelector[]
  if (selectors.length === 0)
    errors.push(required(at, 'at least one clusterRoleSelector required if aggregationRule is non-nil'))
  return [...errors, ...selectors.flatMap((selector, i) => validateLabelSelector(selector, index(at, i)))]
}

export const validateClusterRoleUpdate = (next: ClusterRole, previous: ClusterRole): readonly FieldError[] => [
  ...validateClusterRole(next),
  ...validateObjectMetaUpdate(next.metadata, previous.metadata),
]

function validateRule(rule: PolicyRule, namespaced: boolean, path: FieldPath): readonly FieldError[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs: urls = [] } = rule
  const errors: FieldError[] =
    verbs.length === 0 ? [required(child(path, 'verbs'), 'verbs must contain at least one value')] : []
  const at = child(path, 'nonResourceURLs')
  if (urls.length > 0) {
    if (namespaced) errors.push(invalid(at, urls, 'namespaced rules cannot apply to non-resource URLs'))
    const both = apiGroups.length + resources.length + resourceNames.length > 0
    return both
      ? [...errors, invalid(at, urls, 'rules cannot apply to both regular resources and non-resource URLs')]
      : errors
  }
  if (apiGroups.length === 0)
    errors.push(required(child(path, 'apiGroups'), 'resource rules must supply at least one api group'))
  if (resources.length === 0)
    errors.push(required(child(path, 'resources'), 'resource rules must supply at least one resource'))
  return errors
}

export const validateRoleBinding = (binding: RoleBinding): readonly FieldError[] => validateBinding(binding, true)
export const validateClusterRoleBinding = (binding: ClusterRoleBinding): readonly FieldError[] =>
  validateBinding(binding, false)
export const validateRoleBindingUpdate = (next: RoleBinding, previous: RoleBinding): readonly FieldError[] =>
  validateBindingUpdate(next, previous, true)
export const validateClusterRoleBindingUpdate = (
  next: ClusterRoleBinding,
  previous: ClusterRoleBinding,
): readonly FieldError[] => validateBindingUpdate(next, previous, false)

function validateBinding(binding: RoleBinding, namespaced: boolean): readonly FieldError[] {
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {}
  const errors = [...validateObjectMeta(binding.metadata, { namespaced, name: rbacName })]
  errors.push(...checkSupported(apiGroup, [GROUP], 'roleRef.apiGroup'))
  errors.push(...checkSupported(kind, namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'], 'roleRef.kind'))
  errors.push(
    ...(name === ''
      ? [required('roleRef.name')]
      : checkFormat(name, (text) => isPathSegment(text, false), 'roleRef.name')),
  )
  return [
    ...errors,
    ...(binding.subjects ?? []).flatMap((subject, i) => validateSubject(subject, namespaced, index('subjects', i))),
  ]
}

function validateBindingUpdate(next: RoleBinding, previous: RoleBinding, namespaced: boolean): readonly FieldError[] {
  const errors = [...validateBinding(next, namespaced), ...validateObjectMetaUpdate(next.metadata, previous.metadata)]
  if (deepEqual(next.roleRef, previous.roleRef)) return errors
  const { apiGroup, kind, name } = next.roleRef
  return [...errors, invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')]
}

type Subject = NonNullable<RoleBinding['subjects']>[number]

function validateSubject(subject: Subject, namespaced: boolean, path: FieldPath): readonly FieldError[] {
  const { kind = '', apiGroup = '', name = '', namespace = '' } = subject
  const errors = [...requireText(name, child(path, 'name'))]
  const groupAt = child(path, 'apiGroup')
  if (kind === 'User' || kind === 'Group') return [...errors, ...checkSupported(apiGroup, [GROUP], groupAt)]
  if (kind !== 'ServiceAccount')
    return [...errors, notSupported(child(path, 'kind'), kind, ['ServiceAccount', 'User', 'Group'])]
  if (name !== '') errors.push(...checkFormat(name, isDns1123Subdomain, child(path, 'name')))
  if (apiGroup !== '') errors.push(notSupported(groupAt, apiGroup, ['']))
  return namespaced || namespace !== '' ? errors : [...errors, required(child(path, 'namespace'))]
}
