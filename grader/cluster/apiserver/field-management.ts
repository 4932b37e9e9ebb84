// managedFields of ordinary writes: who set what. Upstream: apimachinery/pkg/util/managedfields and
// sigs.k8s.io/structured-merge-diff/v6/merge/update.go (Update).
import { deepEqual } from '../../api/compare.ts'
import type { Json, JsonObject, KubeObject, ManagedFieldsEntry } from '../../api/meta.ts'
import { apiVersionOf, type Resource, type Subresource } from '../../api/resource-table.ts'
import { definitionOf } from '../../api/schema/schema.ts'
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  MEMBER,
  union,
  withoutBranches,
} from './apply/field-set.ts'
import { entriesOf, type Manager, managersOf, sameManager, withFields } from './apply/managers.ts'
import { compareValues, rootSchema, type Schema } from './apply/typed.ts'
import type { Call } from './request.ts'
import { TEMPLATE_GENERATION } from './strategy/apps.ts'

const DEFAULT_MANAGER = 'unknown'
export const BEFORE_FIRST_APPLY = 'before-first-apply'

const branch = (...names: readonly string[]): readonly [string, FieldSet][] =>
  names.map((name) => [`f:${name}`, MEMBER])
const tree = (children: readonly (readonly [string, FieldSet])[]): FieldSet => ({
  member: false,
  children: new Map(children),
})

/** What every object has and nobody owns. Upstream: stripMeta. */
const META = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]
const SYSTEM_FIELDS: readonly (readonly [string, FieldSet])[] = [
  ...branch('apiVersion', 'kind'),
  ['f:metadata', tree(branch(...META))],
]
const STRIPPED = tree(SYSTEM_FIELDS)
const STRIPPED_WITH_STATUS = tree([...SYSTEM_FIELDS, ...branch('status')])
const STRIPPED_WITH_SPEC = tree([...SYSTEM_FIELDS, ...branch('spec')])

/** Without system fields and what the endpoint resets anyway. Upstream: the strategies' GetResetFields. */
export function strip(set: FieldSet, resource: Resource, subresource: Subresource | undefined): FieldSet {
  return withoutBranches(set, strippedFor(resource, subresource))
}

export function strippedFor(resource: Resource, subresource: Subresource | undefined): FieldSet {
  if (!resource.subresources.includes('status')) return STRIPPED
  return subresource === 'status' ? STRIPPED_WITH_SPEC : STRIPPED_WITH_STATUS
}

export function schemaOf(resource: Resource): Schema {
  const definition = definitionOf(apiVersionOf(resource), resource.kind)
  return definition === undefined ? undefined : rootSchema(definition)
}

/** The DaemonSet's annotation that conversion adds to whatever a client sends. */
export function withConversion(resource: Resource, object: KubeObject, from?: KubeObject): KubeObject {
  if (resource.plural !== 'daemonsets') return object
  const generation =
    from?.metadata.annotations?.[TEMPLATE_GENERATION] ?? object.metadata.annotations?.[TEMPLATE_GENERATION] ?? '0'
  const annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: generation }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

export const asJson = (object: KubeObject): Json => object as unknown as JsonObject

/** Which manager a call's own entry is of. */
export function identityOf(call: Call, operation: 'Apply' | 'Update') {
  return {
    manager: call.options.fieldManager ?? DEFAULT_MANAGER,
    operation,
    apiVersion: apiVersionOf(call.resource),
    subresource: call.subresource ?? '',
  } as const
}

function withManagedFields(object: KubeObject, entries: readonly ManagedFieldsEntry[] | undefined): KubeObject {
  if (object.metadata.managedFields === entries) return object
  const { managedFields: _old, ...metadata } = object.metadata
  const kept = entries === undefined || entries.length === 0 ? {} : { managedFields: entries }
  return { ...object, metadata: { ...metadata, ...kept } }
}

/**
 * The new object with its creator's managedFields entry.
 * Simplified: what components create or write leaves no entry; an entry for it appears as before-first-apply.
 */
export function trackCreate(call: Call, object: KubeObject): KubeObject {
  const { caller, resource, subresource, server, options } = call
  if (caller.component === true || hasAppliers(object)) return object
  if (isReset(object)) return withManagedFields(object, undefined)
  const fields = subresource === undefined ? fieldsOf(resource, object) : fieldsAt(resource, object, subresource)
  if (isEmptySet(fields) || options.fieldManager === '') return object
  return withManagedFields(
    object,
    entriesOf([{ ...identityOf(call, 'Update'), time: server.clock.timestamp(), fields }]),
  )
}

const knownFields = new WeakMap<KubeObject, FieldSet>()

/** All that a new object sets. An object that comes again (the same file in the next story) is taken apart once. */
function fieldsOf(resource: Resource, object: KubeObject): FieldSet {
  let fields = knownFields.get(object)
  if (fields === undefined) {
    fields = fieldsAt(resource, object, undefined)
    knownFields.set(object, fields)
  }
  return fields
}

function fieldsAt(resource: Resource, object: KubeObject, subresource: Subresource | undefined): FieldSet {
  const { apiVersion, kind } = object
  const { added, modified } = compareValues(
    { apiVersion, kind, metadata: {} },
    asJson(withConversion(resource, object)),
    schemaOf(resource),
    strippedFor(resource, subresource),
  )
  return strip(union(added, modified), resource, subresource)
}

/** A client that sends managedFields on create knows what it does: apply has made them. */
const hasAppliers = ({ metadata }: KubeObject): boolean =>
  metadata.managedFields?.some(({ operation }) => operation === 'Apply') === true
const isReset = ({ metadata }: KubeObject): boolean => metadata.managedFields?.length === 0

/** The updated object with the caller's share of fields brought up to date. */
export function trackUpdate(call: Call, live: KubeObject, object: KubeObject): KubeObject {
  if (call.caller.component === true) return object
  const before = live.metadata.managedFields
  const managers = managersOf(live.metadata, call.subresource === undefined ? object.metadata : live.metadata)
  // What nobody tracked so far stays untracked until somebody applies it. Upstream: skipNonAppliedManager.
  if (managers.length === 0) return withManagedFields(object, undefined)
  const { resource, subresource } = call
  const sent = withConversion(resource, object, live)
  const { added, modified, removed } = compareValues(
    asJson(live),
    asJson(sent),
    schemaOf(resource),
    strippedFor(resource, subresource),
  )
  const taken = strip(union(added, modified), resource, subresource)
  const gone = strip(removed, resource, subresource)
  const unchanged = isEmptySet(taken) && isEmptySet(gone)
  if (unchanged && (object.metadata.managedFields ?? before) === before) return withManagedFields(object, before)
  const next = shareOut(managers, {
    taken,
    gone,
    self: { ...identityOf(call, 'Update'), time: call.server.clock.timestamp() },
  })
  const entries = entriesOf(next)
  return withManagedFields(object, deepEqual(entries, before) ? before : entries)
}

interface Shares {
  readonly taken: FieldSet
  readonly gone: FieldSet
  readonly self: Omit<Manager, 'fields'>
}

/** Everybody loses what was changed or removed; the caller gets what was changed. */
function shareOut(managers: readonly Manager[], { taken, gone, self }: Shares): readonly Manager[] {
  const lost = union(taken, gone)
  const others = managers.map((manager) => {
    if (isEmptySet(intersection(manager.fields, lost))) return manager
    return withFields(manager, difference(manager.fields, lost))
  })
  if (isEmptySet(taken)) return others
  const mine = others.findIndex((manager) => sameManager(manager, self))
  if (mine < 0) return [...others, { ...self, fields: taken }]
  return others.with(mine, withFields(others[mine]!, union(others[mine]!.fields, taken), self.time))
}
