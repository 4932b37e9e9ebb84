// GET of a collection. Upstream: apiserver/pkg/storage/etcd3/store.go (GetList) and storage/continue.go.
import type { ListOptions, ObjectList } from '../../api/api-client.ts'
import {
  type ApiResult,
  type ApiStatus,
  badRequestStatus,
  expiredStatus,
  invalidStatus,
  refused,
  succeeded,
} from '../../api/api-status.ts'
import { decodeBase64, encodeBase64 } from '../../api/base64.ts'
import { compareStrings } from '../../api/compare.ts'
import { forbidden, notSupported } from '../../api/field-error.ts'
import { type KubeObject, keyOf } from '../../api/meta.ts'
import type { Resource } from '../../api/resource-table.ts'
import { isSelected, isStatus, parseSelection, type Selection, selectFrom } from './selection.ts'
import type { Store } from './store.ts'

const TOO_OLD_TO_CONTINUE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.'

/** Where the next page begins: as upstream, the snapshot's resourceVersion and the key after the last one seen. */
interface Position {
  readonly resourceVersion: number
  readonly after: string
}

function encodePosition({ resourceVersion, after }: Position): string {
  return encodeBase64(JSON.stringify({ v: 'meta.k8s.io/v1', rv: resourceVersion, start: `${after}\u0000` }))
}

function decodePosition(token: string): Position | undefined {
  const text = decodeBase64(token)
  const match =
    text === undefined ? null : /^\{"v":"meta\.k8s\.io\/v1","rv":(-?\d+),"start":"([^"\\]*)\\u0000"\}$/.exec(text)
  return match === null ? undefined : { resourceVersion: Number(match[1]), after: match[2]! }
}

/** The selected objects, whole or page by page; every page shows the state of the first one. */
export function listObjects<T extends KubeObject>(
  store: Store,
  resource: Resource<T>,
  options: ListOptions,
): ApiResult<ObjectList<T>> {
  const selection = parseSelection(resource, options)
  if (isStatus(selection)) return refused(selection)
  const problem = versionMatchProblem(options)
  if (problem !== undefined) return refused(problem)
  const position = (options.continue ?? '') === '' ? undefined : decodePosition(options.continue!)
  if (position === undefined && (options.continue ?? '') !== '') {
    return refused(badRequestStatus('continue key is not valid: illegal base64 data or malformed value'))
  }
  if (position !== undefined && !['', '0', undefined].includes(options.resourceVersion)) {
    return refused(badRequestStatus('specifying resource version is not allowed when using continue'))
  }
  const at = position?.resourceVersion ?? wantedVersion(store, options)
  if (typeof at === 'object') return refused(at)
  const now = store.resourceVersion()
  const all =
    at === undefined || at === now
      ? selectFrom(store, resource, selection)
      : selectAt(store, resource, { selection, at })
  if (all === undefined)
    return refused(position === undefined ? tooOld(at!, store.oldestVersion(resource)) : expiredContinue(position, now))
  return succeeded(
    pageOf(all as readonly T[], {
      limit: options.limit ?? 0,
      resourceVersion: at ?? now,
      after: position?.after,
      selection,
    }),
  )
}

interface Page {
  readonly limit: number
  readonly resourceVersion: number
  readonly after: string | undefined
  readonly selection: Selection
}

function pageOf<T extends KubeObject>(
  all: readonly T[],
  { limit, resourceVersion, after, selection }: Page,
): ObjectList<T> {
  const rest = after === undefined ? all : all.filter((object) => compareStrings(keyOf(object), after) > 0)
  const version = String(resourceVersion)
  if (limit <= 0 || rest.length <= limit) return { items: rest, resourceVersion: version }
  const items = rest.slice(0, limit)
  // Upstream counts keys, so it cannot tell how many of them a selector would leave.
  const counted = selection.labels === undefined && selection.fields.length === 0
  const next = encodePosition({ resourceVersion, after: keyOf(items[items.length - 1]!) })
  return {
    items,
    resourceVersion: version,
    continue: next,
    ...(counted ? { remainingItemCount: rest.length - limit } : {}),
  }
}

/** Upstream: metainternalversion/validation.ValidateListOptions. */
function versionMatchProblem({ resourceVersion = '', resourceVersionMatch = '' }: ListOptions): ApiStatus | undefined {
  if (resourceVersionMatch === '') return undefined
  const path = 'resourceVersionMatch'
  const error =
    resourceVersion === ''
      ? forbidden(path, 'resourceVersionMatch is forbidden unless resourceVersion is provided')
      : !['Exact', 'NotOlderThan'].includes(resourceVersionMatch)
        ? notSupported(path, resourceVersionMatch, ['Exact', 'NotOlderThan', ''])
        : resourceVersionMatch === 'Exact' && resourceVersion === '0'
          ? forbidden(path, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
          : undefined
  return error === undefined ? undefined : invalidStatus({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [error])
}

/** The resourceVersion that an exact list asks for; undefined means now. */
function wantedVersion(
  store: Store,
  { resourceVersion = '', resourceVersionMatch }: ListOptions,
): number | undefined | ApiStatus {
  if (resourceVersion === '' || resourceVersion === '0') return undefined
  const version = parseResourceVersion(resourceVersion)
  if (typeof version === 'object') return version
  if (version > store.resourceVersion()) return tooLargeVersion(version, store.resourceVersion())
  return resourceVersionMatch === 'Exact' ? version : undefined
}

/** A resourceVersion of a request as a number, or the 400 that refuses it. */
export function parseResourceVersion(text: string): number | ApiStatus {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const why = `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`
  return badRequestStatus(`resourceVersion: ${why}`)
}

/** The client knows a later state than there is. Upstream: storage.NewTooLargeResourceVersionError. */
export function tooLargeVersion(wanted: number, current: number): ApiStatus {
  return {
    code: 504,
    reason: 'Timeout',
    message: `Too large resource version: ${wanted}, current: ${current}`,
    details: {
      retryAfterSeconds: 1,
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    },
  }
}

/** `too old resource version: 1 (123)`: the oldest state that is still known stands in brackets. */
export function tooOld(wanted: number, oldest: number): ApiStatus {
  return expiredStatus(`too old resource version: ${wanted} (${oldest})`)
}

function expiredContinue({ after }: Position, now: number): ApiStatus & { readonly continue: string } {
  return { ...expiredStatus(TOO_OLD_TO_CONTINUE), continue: encodePosition({ resourceVersion: now, after }) }
}

/** The state at an earlier resourceVersion: the present one with later changes taken back; undefined when they are forgotten. */
function selectAt(
  store: Store,
  resource: Resource,
  { selection, at }: { readonly selection: Selection; readonly at: number },
): readonly KubeObject[] | undefined {
  const changes = store.changesSince(resource, at)
  if (changes === undefined) return undefined
  const objects = new Map(store.list(resource, selection.namespace).map((object) => [keyOf(object), object]))
  for (const { object, previous } of changes.toReversed()) {
    if (previous === undefined) objects.delete(keyOf(object))
    else objects.set(keyOf(object), previous)
  }
  return [...objects.keys()]
    .sort(compareStrings)
    .map((key) => objects.get(key)!)
    .filter((object) => isSelected(selection, object))
}
