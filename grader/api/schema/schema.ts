/**
 * What the API server knows of every field: decoding, patching, `kubectl explain`, editor completion and /openapi/v3
 * read the same tables. Upstream: the OpenAPI v3 documents that kube-apiserver v1.35 serves.
 */
import type { Json } from '../meta.ts'
import { STRUCTURE_JSON } from './generated/structure.ts'
import { MORE_STRUCTURE } from './more-kinds.ts'

/** A schema as the tables hold it: short keys, references by name. */
export interface CompactSchema {
  /** $ref, without `#/components/schemas/`. */
  readonly $?: string
  readonly t?: string
  readonly f?: string
  readonly d?: Json
  readonly e?: readonly string[]
  readonly i?: CompactSchema
  readonly m?: CompactSchema
  readonly o?: readonly { readonly type: string }[]
  readonly pk?: string
  readonly ps?: string
  readonly lt?: string
  readonly lk?: readonly string[]
  readonly mt?: string
  /** Definitions only: properties, required names, kinds as [group, version, kind], unions. */
  readonly p?: Readonly<Record<string, CompactSchema>>
  readonly r?: readonly string[]
  readonly k?: readonly (readonly [string, string, string])[]
  readonly un?: Json
}

/** What a value of the field is, once references are followed. */
export type FieldType =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'bytes'
  | 'object'
  | 'list'
  | 'map'
  /** Any JSON: RawExtension, FieldsV1. */
  | 'raw'

/** How strategic merge and server-side apply treat a list or a struct. */
export interface MergeRules {
  readonly patchMergeKey?: string
  readonly patchStrategy?: string
  readonly listType?: 'atomic' | 'set' | 'map'
  readonly listMapKeys?: readonly string[]
  readonly mapType?: 'atomic' | 'granular'
}

/** One field of a definition, or the item of a list or map. */
export interface FieldSchema extends MergeRules {
  readonly name: string
  readonly type: FieldType
  readonly format?: string
  readonly required: boolean
  readonly default?: Json
  readonly enum?: readonly string[]
  /** Items of a list, values of a map. */
  readonly items?: FieldSchema
  /** The definition of an object; asked lazily, because definitions may contain themselves. */
  readonly definition?: Definition
}

/** One named schema: a kind, or a struct inside kinds. */
export interface Definition {
  /** `io.k8s.api.core.v1.Container`. */
  readonly name: string
  /** The Go struct: `Container`. */
  readonly struct: string
  readonly fields: ReadonlyMap<string, FieldSchema>
  readonly kinds: readonly { readonly group: string; readonly version: string; readonly kind: string }[]
  readonly required: readonly string[]
}

const LEAVES: Readonly<Record<string, FieldType>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'raw',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'raw',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch': 'raw',
}

let structure: Readonly<Record<string, CompactSchema>> | undefined
let kinds: ReadonlyMap<string, string> | undefined
const definitions = new Map<string, Definition>()

/** All definitions as the tables hold them, by name: what /openapi/v3 is made from. */
export function compactDefinitions(): Readonly<Record<string, CompactSchema>> {
  structure ??= { ...(JSON.parse(STRUCTURE_JSON) as Record<string, CompactSchema>), ...MORE_STRUCTURE }
  return structure
}

function kindIndex(): ReadonlyMap<string, string> {
  if (kinds !== undefined) return kinds
  const index = new Map<string, string>()
  for (const [name, schema] of Object.entries(compactDefinitions())) {
    for (const [group, version, kind] of schema.k ?? []) {
      const key = `${group === '' ? version : `${group}/${version}`} ${kind}`
      // DeleteOptions and WatchEvent name every group; a kind of its own group wins.
      if (!index.has(key) || name.endsWith(`.${kind}`)) index.set(key, name)
    }
  }
  kinds = index
  return index
}

/** The definition of a kind, or undefined if the tables do not have it. */
export function definitionOf(apiVersion: string, kind: string): Definition | undefined {
  const name = kindIndex().get(`${apiVersion} ${kind}`)
  return name === undefined ? undefined : definitionNamed(name)
}

/** Every kind in the tables, as `apiVersion kind` texts in table order: for suggestions. */
export function knownKinds(): readonly { readonly apiVersion: string; readonly kind: string }[] {
  return [...kindIndex().keys()].map((key) => {
    const space = key.indexOf(' ')
    return { apiVersion: key.slice(0, space), kind: key.slice(space + 1) }
  })
}

/** The definition of that full name (`io.k8s.api.core.v1.Container`), or undefined. */
export function definitionNamed(name: string): Definition | undefined {
  const known = definitions.get(name)
  if (known !== undefined) return known
  const schemas = compactDefinitions()
  const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined
  if (schema === undefined) return undefined
  const definition = makeDefinition(name, schema)
  definitions.set(name, definition)
  return definition
}

function makeDefinition(name: string, schema: CompactSchema): Definition {
  const required = schema.r ?? []
  const fields = new Map<string, FieldSchema>()
  for (const [field, compact] of Object.entries(schema.p ?? {})) {
    fields.set(field, makeField(field, compact, required.includes(field)))
  }
  return {
    name,
    struct: name.slice(name.lastIndexOf('.') + 1),
    fields,
    kinds: (schema.k ?? []).map(([group, version, kind]) => ({ group, version, kind })),
    required,
  }
}

function makeField(name: string, schema: CompactSchema, required: boolean): FieldSchema {
  const inner = schema.i ?? schema.m
  const field = {
    name,
    type: typeOf(schema),
    required,
    ...(schema.f === undefined ? {} : { format: schema.f }),
    ...(schema.d === undefined ? {} : { default: schema.d }),
    ...(schema.e === undefined ? {} : { enum: schema.e }),
    ...(inner === undefined ? {} : { items: makeField('', inner, false) }),
    ...mergeRules(schema),
  }
  const ref = schema.$
  if (ref === undefined || field.type !== 'object') return field
  return Object.defineProperty(field, 'definition', { get: () => definitionNamed(ref), enumerable: true })
}

function mergeRules(schema: CompactSchema): MergeRules {
  return {
    ...(schema.pk === undefined ? {} : { patchMergeKey: schema.pk }),
    ...(schema.ps === undefined ? {} : { patchStrategy: schema.ps }),
    ...(schema.lt === undefined ? {} : { listType: schema.lt as 'atomic' | 'set' | 'map' }),
    ...(schema.lk === undefined ? {} : { listMapKeys: schema.lk }),
    ...(schema.mt === undefined ? {} : { mapType: schema.mt as 'atomic' | 'granular' }),
  }
}

function typeOf(schema: CompactSchema): FieldType {
  if (schema.$ !== undefined) return LEAVES[schema.$] ?? 'object'
  switch (schema.t) {
    case 'array':
      return 'list'
    case 'object':
      return schema.m === undefined ? 'raw' : 'map'
    case 'integer':
    case 'boolean':
    case 'number':
      return schema.t
    default:
      return schema.f === 'byte' ? 'bytes' : 'string'
  }
}

/** The definition's own rules for merging its struct: `x-kubernetes-map-type` may stand there too. */
export function mapTypeOf(definition: Definition): 'atomic' | 'granular' | undefined {
  return compactDefinitions()[definition.name]?.mt as 'atomic' | 'granular' | undefined
}

/** The next field on the way down: a struct's field, or the item of a list or map for any other step. */
export function stepInto(field: FieldSchema, name: string): FieldSchema | undefined {
  if (field.type === 'object') return field.definition?.fields.get(name)
  return field.items
}

/**
 * The field that a dotted path without indexes names, as `kubectl explain` takes it: lists and maps are walked through.
 * Undefined if there is none.
 */
export function fieldAt(definition: Definition, path: readonly string[]): FieldSchema | undefined {
  let at: Definition | undefined = definition
  let field: FieldSchema | undefined
  for (const name of path) {
    field = at?.fields.get(name)
    if (field === undefined) return undefined
    at = structOf(field)
  }
  return field
}

/** The definition that a field holds: its own, or that of its items, however deep. */
export function structOf(field: FieldSchema): Definition | undefined {
  let inner: FieldSchema | undefined = field
  while (inner !== undefined && (inner.type === 'list' || inner.type === 'map')) inner = inner.items
  return inner?.definition
}

/** The fields that tell the items of a list apart: for apply (list-map-keys), else for strategic merge (merge key). */
export function mergeKeysOf(field: FieldSchema): readonly string[] {
  if (field.listMapKeys !== undefined) return field.listMapKeys
  return field.patchMergeKey === undefined ? [] : [field.patchMergeKey]
}
