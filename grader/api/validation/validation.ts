// Validation of every kind, as the API server calls it: the kind's own rules, then what the registry checks for all.
// Upstream: rest.BeforeCreate and rest.BeforeUpdate of k8s.io/apiserver/pkg/registry/rest.
import type { FieldError } from '../field-error.ts'
import type { KubeObject } from '../meta.ts'
import type { Resource } from '../resource-table.ts'
import { isPathSegment } from './format.ts'
import { validateCommonMeta, validateCommonMetaUpdate } from './object-meta.ts'
import { RULES_BY_KIND } from './rules-by-kind.ts'

const NONE: readonly FieldError[] = []
const NO_WARNINGS: readonly string[] = []

/** All errors of a new object that has its defaults and its generated name; empty: it may be stored. */
export function validateCreate(resource: Resource, object: KubeObject): readonly FieldError[] {
  const errors = RULES_BY_KIND[resource.kind]?.create(object) ?? NONE
  // The common rules speak only where the kind's own found nothing, so that the more specific message is seen.
  return errors.length > 0
    ? errors
    : validateCommonMeta(object.metadata, { namespaced: resource.namespaced, name: isPathSegment })
}

/** All errors of a changed object. Both are as the strategy prepared them; identical texts are listed once by the server. */
export function validateUpdate(resource: Resource, next: KubeObject, previous: KubeObject): readonly FieldError[] {
  return [
    ...validateCommonUpdate(resource, next, previous),
    ...(RULES_BY_KIND[resource.kind]?.update(next, previous) ?? NONE),
  ]
}

/** All errors of a write to the status subresource; `next` has the stored spec. */
export function validateStatusUpdate(
  resource: Resource,
  next: KubeObject,
  previous: KubeObject,
): readonly FieldError[] {
  return [
    ...validateCommonUpdate(resource, next, previous),
    ...(RULES_BY_KIND[resource.kind]?.status?.(next, previous) ?? NONE),
  ]
}

/** The Warning headers of an accepted create (no `previous`) or update, in upstream's order. */
export function warningsOf(resource: Resource, next: KubeObject, previous?: KubeObject): readonly string[] {
  return RULES_BY_KIND[resource.kind]?.warnings?.(next, previous) ?? NO_WARNINGS
}

function validateCommonUpdate(resource: Resource, next: KubeObject, previous: KubeObject): readonly FieldError[] {
  const rules = { namespaced: resource.namespaced, name: isPathSegment }
  return [...validateCommonMeta(next.metadata, rules), ...validateCommonMetaUpdate(next.metadata, previous.metadata)]
}
