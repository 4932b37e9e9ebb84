// metadata.managedFields as sets, one per manager. Upstream: apimachinery/pkg/util/managedfields/internal/managedfields.go.
// Simplified: an object may have any number of updating managers; upstream folds those past ten into `ancient-changes`.
import { compareStrings } from '../../../api/compare.ts'
import type { ManagedFieldsEntry, ObjectMeta } from '../../../api/meta.ts'
import { type FieldSet, fieldSetFrom, fieldsV1Of, isEmptySet } from './field-set.ts'

/** One manager's share: its identity is everything but time and fields. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string | undefined
  readonly fields: FieldSet
  /** The entry it was read from, while nothing about it changed. */
  readonly entry?: ManagedFieldsEntry
}

/** Appliers are the same manager whatever version they apply in. */
export function sameManager(a: Manager, b: Omit<Manager, 'fields' | 'time'>): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
  )
}

/** Reads managedFields, or undefined if an entry is malformed. */
export function managersFrom(entries: readonly ManagedFieldsEntry[] | undefined): readonly Manager[] | undefined {
  const managers: Manager[] = []
  for (const entry of entries ?? []) {
    const { manager = '', operation, apiVersion = '', subresource = '', time, fieldsV1, fieldsType } = entry
    const fields = fieldSetFrom(fieldsV1 ?? {})
    if (fields === undefined || fieldsType !== 'FieldsV1' || (operation !== 'Apply' && operation !== 'Update'))
      return undefined
    managers.push({ manager, operation, apiVersion, subresource, time, fields, entry })
  }
  return managers
}

/**
 * The managers to start from: those that the client sent, if it sent some; none at all, if it sent an empty list to reset
 * them; else the stored ones. Upstream: decodeLiveOrNew.
 */
export function managersOf(live: ObjectMeta, sent: ObjectMeta): readonly Manager[] {
  const entries = sent.managedFields
  if (entries === undefined || entries === live.managedFields) return managersFrom(live.managedFields) ?? []
  if (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0]!).length === 0)) return []
  return managersFrom(entries) ?? managersFrom(live.managedFields) ?? []
}

/** managedFields as stored: appliers first, then by time and name. Upstream: sortEncodedManagedFields. */
export function entriesOf(managers: readonly Manager[]): readonly ManagedFieldsEntry[] {
  return managers
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted(
      (a, b) =>
        compareStrings(a.operation, b.operation) ||
        compareStrings(a.time ?? '', b.time ?? '') ||
        compareStrings(a.manager, b.manager) ||
        compareStrings(a.apiVersion, b.apiVersion) ||
        compareStrings(a.subresource, b.subresource),
    )
    .map(entryOf)
}

function entryOf({ entry, manager, operation, apiVersion, subresource, time, fields }: Manager): ManagedFieldsEntry {
  if (entry !== undefined) return entry
  return {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1Of(fields),
    ...(subresource === '' ? {} : { subresource }),
  }
}

/** The manager with other fields; the same one if they are the same. */
export function withFields(manager: Manager, fields: FieldSet, time: string | undefined = manager.time): Manager {
  const { entry: _stale, ...rest } = manager
  return { ...rest, fields, time }
}
