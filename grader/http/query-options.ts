/** Query parameters → the options of an API call, refused as the server refuses them. Upstream: apimachinery/pkg/apis/meta/v1/validation. */
import type { DeleteOptions, ListOptions, WatchOptions, WriteOptions } from '../api/api-client.ts'
import { type ApiStatus, badRequestStatus, invalidStatus } from '../api/api-status.ts'
import { type FieldError, forbidden, invalid, notSupported } from '../api/field-error.ts'

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly status: ApiStatus }

const META_GROUP = 'meta.k8s.io'
const FIELD_MANAGER_MAX = 128
const FIELD_VALIDATION = ['Ignore', 'Warn', 'Strict'] as const
const PROPAGATION = ['Foreground', 'Background', 'Orphan'] as const

export const accepted = <T>(value: T): Parsed<T> => ({ ok: true, value })
export const denied = (status: ApiStatus): { readonly ok: false; readonly status: ApiStatus } => ({ ok: false, status })

/** Go's strconv.ParseBool, as query parameters go through it: a parameter without a value is true. */
export function isTrue(text: string | null): boolean {
  return text !== null && (text === '' || !['0', 'f', 'false'].includes(text.toLowerCase()))
}

/** Options of create, update and patch. `kind` names the options in the server's refusals. */
export function writeOptionsOf(
  query: URLSearchParams,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  userAgent: string | null,
): Parsed<WriteOptions> {
  const errors: FieldError[] = dryRunErrors(query.getAll('dryRun'))
  const manager = query.get('fieldManager') ?? ''
  if (manager.length > FIELD_MANAGER_MAX) {
    errors.push({ type: 'Too long', path: 'fieldManager', detail: `may not be more than ${FIELD_MANAGER_MAX} bytes` })
  }
  const at = [...manager].findIndex((c) => !isPrintable(c))
  if (at >= 0) errors.push(invalid('fieldManager', manager, `should only contain printable characters`))
  const validation = query.get('fieldValidation') ?? ''
  const directive = FIELD_VALIDATION.find((value) => value === validation)
  if (validation !== '' && directive === undefined)
    errors.push(notSupported('fieldValidation', validation, FIELD_VALIDATION))
  if (errors.length > 0) return denied(invalidStatus({ group: META_GROUP, kind }, '', errors))
  const fieldManager = manager === '' ? managerOf(userAgent) : manager
  return accepted({
    fieldValidation: directive ?? 'Warn',
    ...(query.has('dryRun') ? { dryRun: true } : {}),
    ...(fieldManager === '' ? {} : { fieldManager }),
  })
}

function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.filter((value) => value !== 'All').map((value) => notSupported('dryRun', value, ['All']))
}

/** Who manages fields when the client does not say: the first word of its User-Agent. Upstream: prefixFromUserAgent. */
function managerOf(userAgent: string | null): string {
  const prefix = (userAgent ?? '').split('/')[0] ?? ''
  return [...prefix].filter(isPrintable).join('').slice(0, FIELD_MANAGER_MAX)
}

const isPrintable = (c: string): boolean => !/[\p{C}\p{Zl}\p{Zp}]/u.test(c) && (c === ' ' || !/\p{Zs}/u.test(c))

/** Options of list. A number that Go cannot read is a bad request. */
export function listOptionsOf(query: URLSearchParams, namespace: string | undefined): Parsed<ListOptions> {
  const limit = integerOf(query.get('limit'))
  if (!limit.ok) return limit
  const errors = versionMatchErrors(query, false)
  if (errors.length > 0) return denied(invalidStatus({ group: META_GROUP, kind: 'ListOptions' }, '', errors))
  return accepted({
    ...selection(query, namespace),
    ...(limit.value === undefined || limit.value <= 0 ? {} : { limit: limit.value }),
    ...optional('continue', query.get('continue')),
    ...optional('resourceVersion', query.get('resourceVersion')),
    ...optional('resourceVersionMatch', query.get('resourceVersionMatch')),
  })
}

/** Options of watch. Without a resourceVersion a client gets the present state first. */
export function watchOptionsOf(query: URLSearchParams, namespace: string | undefined): Parsed<WatchOptions> {
  const errors = versionMatchErrors(query, true)
  if (errors.length > 0) return denied(invalidStatus({ group: META_GROUP, kind: 'ListOptions' }, '', errors))
  return accepted({
    ...selection(query, namespace),
    resourceVersion: query.get('resourceVersion') || '0',
    ...(isTrue(query.get('allowWatchBookmarks')) ? { allowBookmarks: true } : {}),
    ...(query.has('sendInitialEvents') ? { sendInitialEvents: isTrue(query.get('sendInitialEvents')) } : {}),
  })
}

function selection(query: URLSearchParams, namespace: string | undefined): ListOptions {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...optional('labelSelector', query.get('labelSelector')),
    ...optional('fieldSelector', query.get('fieldSelector')),
  }
}

function optional<K extends string>(key: K, value: string | null): { readonly [k in K]?: string } {
  return (value === null || value === '' ? {} : { [key]: value }) as { readonly [k in K]?: string }
}

/** Upstream: ValidateListOptions. */
function versionMatchErrors(query: URLSearchParams, isWatch: boolean): FieldError[] {
  const match = query.get('resourceVersionMatch') ?? ''
  const version = query.get('resourceVersion') ?? ''
  if (query.has('sendInitialEvents') && isWatch) return initialEventsErrors(query, match)
  const errors: FieldError[] = []
  if (query.has('sendInitialEvents'))
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  if (match === '') return errors
  if (isWatch) {
    errors.push(
      forbidden(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      ),
    )
    return errors
  }
  if (version === '')
    errors.push(
      forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
    )
  if (query.get('continue'))
    errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'))
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']))
  }
  if (match === 'Exact' && version === '0') {
    errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  return errors
}

function initialEventsErrors(query: URLSearchParams, match: string): FieldError[] {
  const errors: FieldError[] = []
  if (match === '')
    errors.push(
      forbidden('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'),
    )
  else if (match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', match, ['NotOlderThan']))
  if (isTrue(query.get('sendInitialEvents')) && !isTrue(query.get('allowWatchBookmarks'))) {
    errors.push(forbidden('allowWatchBookmarks', 'sendInitialEvents requires setting allowWatchBookmarks to true'))
  }
  return errors
}

/** Options of delete: the body's, with those of the query where the body says nothing. */
export function deleteOptionsOf(
  query: URLSearchParams,
  body: Readonly<Record<string, unknown>>,
): Parsed<DeleteOptions> {
  const grace = integerOf(numberText(body.gracePeriodSeconds) ?? query.get('gracePeriodSeconds'))
  if (!grace.ok) return grace
  const dryRun = Array.isArray(body.dryRun) ? body.dryRun.map(String) : query.getAll('dryRun')
  const policy = typeof body.propagationPolicy === 'string' ? body.propagationPolicy : query.get('propagationPolicy')
  const orphan =
    typeof body.orphanDependents === 'boolean'
      ? body.orphanDependents
      : query.has('orphanDependents')
        ? isTrue(query.get('orphanDependents'))
        : undefined
  const errors = deleteErrors({ dryRun, policy, orphan, grace: grace.value })
  if (errors.length > 0) return denied(invalidStatus({ group: META_GROUP, kind: 'DeleteOptions' }, '', errors))
  const propagationPolicy =
    PROPAGATION.find((value) => value === policy) ??
    (orphan === undefined ? undefined : orphan ? 'Orphan' : 'Background')
  const preconditions = preconditionsOf(body.preconditions)
  return accepted({
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(grace.value === undefined ? {} : { gracePeriodSeconds: grace.value }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(dryRun.length > 0 ? { dryRun: true } : {}),
  })
}

interface DeleteParts {
  readonly dryRun: readonly string[]
  readonly policy: string | null
  readonly orphan: boolean | undefined
  readonly grace: number | undefined
}

/** Upstream: ValidateDeleteOptions. */
function deleteErrors({ dryRun, policy, orphan, grace }: DeleteParts): FieldError[] {
  const errors: FieldError[] = []
  const hasPolicy = policy !== null && policy !== ''
  if (hasPolicy && orphan !== undefined) {
    errors.push(invalid('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'))
  }
  if (hasPolicy && !PROPAGATION.some((value) => value === policy))
    errors.push(notSupported('propagationPolicy', policy, [...PROPAGATION, 'nil']))
  if (grace !== undefined && grace < 0)
    errors.push(invalid('gracePeriodSeconds', grace, 'must be greater than or equal to 0'))
  return [...errors, ...dryRunErrors(dryRun)]
}

function preconditionsOf(given: unknown): { readonly uid?: string; readonly resourceVersion?: string } | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { uid, resourceVersion } = given as { uid?: unknown; resourceVersion?: unknown }
  return {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  }
}

const numberText = (value: unknown): string | null => (typeof value === 'number' ? String(value) : null)

function integerOf(text: string | null): Parsed<number | undefined> {
  if (text === null || text === '') return accepted(undefined)
  if (!/^[+-]?\d{1,18}$/.test(text))
    return denied(badRequestStatus(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`))
  return accepted(Number(text))
}

/** Whole seconds of a query parameter, or undefined if it is absent or no number. */
export function secondsOf(query: URLSearchParams, name: string): number | undefined {
  const parsed = integerOf(query.get(name))
  return parsed.ok && parsed.value !== undefined && parsed.value > 0 ? parsed.value : undefined
}
