/**
 * The tables as OpenAPI v3 again: what /openapi/v3 serves under `components.schemas`. Upstream: kube-openapi's output for
 * k8s.io/api, from which the tables were made.
 */
import type { Json, JsonObject } from '../meta.ts'
import { describeDefinition, describeField } from './descriptions.ts'
import type { CompactSchema } from './schema.ts'
import { compactDefinitions } from './schema.ts'

const PREFIX = '#/components/schemas/'

/** The OpenAPI schema of a definition, descriptions included; undefined if the tables do not have it. */
export function openApiSchema(name: string): JsonObject | undefined {
  const definitions = compactDefinitions()
  const compact = Object.hasOwn(definitions, name) ? definitions[name] : undefined
  if (compact === undefined) return undefined
  const properties: Record<string, Json> = {}
  for (const [field, schema] of Object.entries(compact.p ?? {}))
    properties[field] = expand(schema, describeField(name, field))
  return { ...expand(compact, describeDefinition(name)), ...(compact.p === undefined ? {} : { properties }) }
}

/** The names of all definitions that one needs, itself first: what a document of one group must hold. */
export function definitionsBehind(names: readonly string[]): readonly string[] {
  const found = new Set(names)
  for (const name of found) {
    const compact = compactDefinitions()[name]
    for (const schema of Object.values(compact?.p ?? {})) for (const ref of refsOf(schema)) found.add(ref)
  }
  return [...found]
}

function refsOf(schema: CompactSchema): readonly string[] {
  const inner = schema.i ?? schema.m
  return [...(schema.$ === undefined ? [] : [schema.$]), ...(inner === undefined ? [] : refsOf(inner))]
}

function expand(schema: CompactSchema, description: string): JsonObject {
  const ref = schema.$ === undefined ? undefined : { $ref: `${PREFIX}${schema.$}` }
  const rest: Record<string, Json | undefined> = {
    description: description === '' ? undefined : description,
    type: schema.t,
    format: schema.f,
    default: schema.d,
    enum: schema.e,
    oneOf: schema.o as Json | undefined,
    required: schema.r,
    items: schema.i === undefined ? undefined : expand(schema.i, ''),
    additionalProperties: schema.m === undefined ? undefined : expand(schema.m, ''),
    'x-kubernetes-patch-merge-key': schema.pk,
    'x-kubernetes-patch-strategy': schema.ps,
    'x-kubernetes-list-type': schema.lt,
    'x-kubernetes-list-map-keys': schema.lk,
    'x-kubernetes-map-type': schema.mt,
    'x-kubernetes-unions': schema.un,
    'x-kubernetes-group-version-kind': schema.k?.map(([group, version, kind]) => ({ group, kind, version })),
  }
  const set = Object.entries(rest).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  // A reference stands alone; beside other words it must be wrapped.
  if (ref !== undefined) return set.length === 0 ? ref : { ...Object.fromEntries(set), allOf: [ref] }
  return Object.fromEntries(set)
}
