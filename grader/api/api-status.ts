import type { FieldError } from './field-error.ts'
import { formatFieldError, formatFieldErrorBody } from './field-error.ts'
import type { Json, JsonObject } from './meta.ts'

/** Reasons of metav1.Status that a client may meet. Upstream: k8s.io/apimachinery/pkg/apis/meta/v1/types.go. */
export type StatusReason =
  | ''
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'Forbidden'
  | 'BadRequest'
  | 'Unauthorized'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'UnsupportedMediaType'
  | 'RequestEntityTooLarge'
  | 'TooManyRequests'
  | 'Gone'
  | 'Expired'
  | 'InternalError'
  | 'ServerTimeout'
  | 'Timeout'
  | 'ServiceUnavailable'

export interface StatusCause {
  readonly reason: string
  readonly message: string
  readonly field?: string
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly StatusCause[]
  readonly retryAfterSeconds?: number
}

/** metav1.Status of a refused call: the only way an API call fails. `fieldErrors` never leaves the process. */
export interface ApiStatus {
  readonly code: number
  readonly reason: StatusReason
  readonly message: string
  readonly details?: StatusDetails
  readonly fieldErrors?: readonly FieldError[]
}

/** Outcome of an API call. `warnings` are the texts of the HTTP Warning headers, without duplicates. */
export type ApiResult<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly status: ApiStatus; readonly warnings: readonly string[] }

const NO_WARNINGS: readonly string[] = []

export function succeeded<T>(value: T, warnings: readonly string[] = NO_WARNINGS): ApiResult<T> {
  return { ok: true, value, warnings }
}

export function refused(
  status: ApiStatus,
  warnings: readonly string[] = NO_WARNINGS,
): { readonly ok: false; readonly status: ApiStatus; readonly warnings: readonly string[] } {
  return { ok: false, status, warnings }
}

/** A resource as error messages name it: `pods`, `daemonsets.apps`. */
interface GroupedName {
  readonly group: string
  readonly plural: string
}

const resourceText = (r: GroupedName): string => (r.group === '' ? r.plural : `${r.plural}.${r.group}`)
const detailsOf = (r: GroupedName, name: string): StatusDetails => ({
  ...(name === '' ? {} : { name }),
  ...(r.group === '' ? {} : { group: r.group }),
  kind: r.plural,
})

export function notFoundStatus(resource: GroupedName, name: string): ApiStatus {
  return {
    code: 404,
    reason: 'NotFound',
    message: `${resourceText(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  }
}

/** 404 for a path or subresource that is not served. */
export function noSuchResourceStatus(): ApiStatus {
  return { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource', details: {} }
}

export function alreadyExistsStatus(resource: GroupedName, name: string): ApiStatus {
  return {
    code: 409,
    reason: 'AlreadyExists',
    message: `${resourceText(resource)} "${name}" already exists`,
    details: detailsOf(resource, name),
  }
}

export const OPTIMISTIC_LOCK_MESSAGE =
  'the object has been modified; please apply your changes to the latest version and try again'

export function conflictStatus(resource: GroupedName, name: string, why: string = OPTIMISTIC_LOCK_MESSAGE): ApiStatus {
  return {
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resourceText(resource)} "${name}": ${why}`,
    details: detailsOf(resource, name),
  }
}

export function forbiddenStatus(resource: GroupedName, name: string, why: string): ApiStatus {
  const what = name === '' ? resourceText(resource) : `${resourceText(resource)} "${name}"`
  return { code: 403, reason: 'Forbidden', message: `${what} is forbidden: ${why}`, details: detailsOf(resource, name) }
}

export function badRequestStatus(message: string): ApiStatus {
  return { code: 400, reason: 'BadRequest', message }
}

export function methodNotAllowedStatus(resource: GroupedName, verb: string): ApiStatus {
  return {
    code: 405,
    reason: 'MethodNotAllowed',
    message: `${verb} is not supported on resources of kind "${resourceText(resource)}"`,
    details: detailsOf(resource, ''),
  }
}

export function tooManyRequestsStatus(message: string, retryAfterSeconds = 0): ApiStatus {
  return {
    code: 429,
    reason: 'TooManyRequests',
    message,
    ...(retryAfterSeconds > 0 ? { details: { retryAfterSeconds } } : { details: {} }),
  }
}

export function expiredStatus(message: string): ApiStatus {
  return { code: 410, reason: 'Expired', message }
}

/** No answer at all: what a client says of a server on whose port nobody listens. Code 0, as nothing came back. */
export const CONNECTION_REFUSED: ApiStatus = {
  code: 0,
  reason: '',
  message: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
}

export function internalErrorStatus(message: string): ApiStatus {
  return {
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ reason: '', message }] },
  }
}

const CAUSE_REASONS: Readonly<Record<string, string>> = {
  'Required value': 'FieldValueRequired',
  'Invalid value': 'FieldValueInvalid',
  'Unsupported value': 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  'Duplicate value': 'FieldValueDuplicate',
  'Not found': 'FieldValueNotFound',
  'Too long': 'FieldValueTooLong',
  'Too many': 'FieldValueTooMany',
  'Internal error': 'InternalError',
}

/** 422 with all errors in order; identical texts are listed once. Upstream: apierrors.NewInvalid. */
export function invalidStatus(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): ApiStatus {
  const texts = [...new Set(errors.map(formatFieldError))]
  const joined = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  const kindText = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return {
    code: 422,
    reason: 'Invalid',
    message: `${kindText} "${name}" is invalid: ${joined}`,
    details: {
      ...(name === '' ? {} : { name }),
      ...(kind.group === '' ? {} : { group: kind.group }),
      kind: kind.kind,
      causes: errors.map((e) => ({
        reason: CAUSE_REASONS[e.type] ?? '',
        message: formatFieldErrorBody(e),
        field: e.path,
      })),
    },
    fieldErrors: errors,
  }
}

/** The Status object as it goes over HTTP. */
export function statusToJson(status: ApiStatus): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: status.message,
    ...(status.reason === '' ? {} : { reason: status.reason }),
    ...(status.details === undefined ? {} : { details: status.details as unknown as Json }),
    code: status.code,
  }
}
