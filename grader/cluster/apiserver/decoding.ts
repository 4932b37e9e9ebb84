// From what a client sent to what the kind's struct holds. Upstream: apiserver/pkg/endpoints/handlers/create.go.
import { type ApiStatus, badRequestStatus } from '../../api/api-status.ts'
import type { KubeObject } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import { type DecodeOptions, formatStrictErrors } from '../../api/schema/decode.ts'
import type { Call } from './request.ts'
import { TEMPLATE_GENERATION, templateGenerationProblem } from './strategy/apps.ts'

export type DecodedBody =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly status: ApiStatus }

/** A body as the kind's struct holds it. Components' bodies are typed already. */
export function decodeBody(call: Call, body: KubeObject): DecodedBody {
  if (call.caller.component === true) return { ok: true, object: body }
  const { resource, options } = call
  const problem = wrongKind(resource, body)
  if (problem !== undefined) return { ok: false, status: badRequestStatus(problem) }
  const decoded = decodeAs(call, body, options.duplicates === undefined ? {} : { duplicates: options.duplicates })
  return typeof decoded === 'string'
    ? { ok: false, status: cannotBeHandled(resource, decoded) }
    : { ok: true, object: decoded }
}

/** Decodes with the call's field validation: the object, or the text that refuses it. Strict errors may become warnings. */
export function decodeAs(call: Call, body: KubeObject, options: DecodeOptions): KubeObject | string {
  const { apiVersion, kind } = body
  const named =
    apiVersion === undefined || kind === undefined
      ? { ...body, apiVersion: apiVersionOf(call.resource), kind: call.resource.kind }
      : body
  const decoded = call.server.stages.decode(call.resource, named, options)
  if (decoded === undefined) return named
  if (decoded.error !== undefined) return decoded.error.text
  const object = withoutNullList(call.resource, keepReset(named, decoded.object as unknown as KubeObject))
  const conversion = conversionProblem(call.resource, object)
  if (conversion !== undefined) return conversion
  const validation = call.options.fieldValidation ?? 'Warn'
  if (decoded.strictErrors.length > 0 && validation === 'Strict') return formatStrictErrors(decoded.strictErrors)
  if (validation === 'Warn') call.warnings.push(...decoded.strictErrors.map((error) => error.text))
  return object
}

/** Go holds a Pod's missing list of containers as nil and prints null; whoever walks over it here wants none at all. */
function withoutNullList(resource: Resource, object: KubeObject): KubeObject {
  const { spec } = object as unknown as { readonly spec?: { readonly containers?: unknown } }
  if (resource.plural !== 'pods' || spec == null || spec.containers !== null) return object
  const { containers: _nil, ...rest } = spec
  return { ...object, spec: rest } as unknown as KubeObject
}

/** An empty list of managedFields is a wish to forget them; decoding drops empty lists. */
function keepReset(body: KubeObject, decoded: KubeObject): KubeObject {
  const entries: unknown = body.metadata?.managedFields
  if (!Array.isArray(entries) || entries.length > 0) return decoded
  return { ...decoded, metadata: { ...decoded.metadata, managedFields: [] } }
}

/** The object is of another kind than the path says. */
function wrongKind(resource: Resource, body: KubeObject): string | undefined {
  const apiVersion = apiVersionOf(resource)
  for (const field of ['apiVersion', 'kind'] as const) {
    const found: unknown = body[field]
    if (found === undefined || found === null || typeof found === 'string') continue
    const goKind = Array.isArray(found) ? 'array' : typeof found === 'boolean' ? 'bool' : typeof found
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind} into Go struct field .${field} of type string`
  }
  if ((body.apiVersion ?? apiVersion) !== apiVersion) {
    return `the API version in the data (${body.apiVersion}) does not match the expected API version (${apiVersion})`
  }
  if ((body.kind ?? resource.kind) !== resource.kind) {
    return `${body.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: converting (${body.kind}) to (${resource.kind}): unknown conversion`
  }
  return undefined
}

/** What the conversion to the internal version refuses, or undefined. */
function conversionProblem(resource: Resource, object: KubeObject): string | undefined {
  if (resource.plural !== 'daemonsets') return undefined
  return templateGenerationProblem(object.metadata?.annotations?.[TEMPLATE_GENERATION])
}

export function cannotBeHandled(resource: Resource, why: string): ApiStatus {
  return badRequestStatus(
    `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${why}`,
  )
}
