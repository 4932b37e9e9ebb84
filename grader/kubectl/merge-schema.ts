/** How the fields of an object merge, as a client that makes patches must know it: read from the API's schema. */
import { apiVersionOf, type Resource } from '../api/resource-table.ts'
import { type Definition, definitionOf } from '../api/schema/schema.ts'

/** The schema of an object, or undefined where nothing is known (then maps merge and lists are replaced). */
export type MergeSchema = Definition | undefined

export interface FieldStrategy {
  /** Lists only: merged by element instead of being replaced. */
  readonly merge: boolean
  readonly mergeKey: string | undefined
  readonly retainKeys: boolean
  readonly replace: boolean
  /** The schema of the field, or of the elements of a list. */
  readonly schema: MergeSchema
}

export function mergeSchemaOf(resource: Resource): MergeSchema {
  return definitionOf(apiVersionOf(resource), resource.kind)
}

const UNKNOWN: FieldStrategy = {
  merge: false,
  mergeKey: undefined,
  retainKeys: false,
  replace: false,
  schema: undefined,
}

/** How one field merges. Upstream: the patchStrategy and patchMergeKey tags, as OpenAPI carries them. */
export function mergeStrategy(schema: MergeSchema, name: string): FieldStrategy {
  const field = schema?.fields.get(name)
  if (field === undefined) return UNKNOWN
  const strategies = (field.patchStrategy ?? '').split(',')
  return {
    merge: strategies.includes('merge'),
    mergeKey: field.patchMergeKey,
    retainKeys: strategies.includes('retainKeys'),
    replace: strategies.includes('replace'),
    schema: field.definition ?? field.items?.definition,
  }
}
