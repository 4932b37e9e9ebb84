// Watches. Upstream: apiserver/pkg/storage/cacher/{cacher,cache_watcher}.go.
import type { WatchEvent, WatchOptions } from '../../api/api-client.ts'
import { type ApiResult, refused, succeeded } from '../../api/api-status.ts'
import type { KubeObject } from '../../api/meta.ts'
import { apiVersionOf, type Resource } from '../../api/resource-table.ts'
import type { Clock, Timer } from '../clock.ts'
import { parseResourceVersion, tooLargeVersion, tooOld } from './list.ts'
import { isSelected, isStatus, parseSelection, type Selection, selectFrom } from './selection.ts'
import type { Change, Store } from './store.ts'

/** How often an idle watcher that allows it is told the present resourceVersion. */
const BOOKMARK_SECONDS = 60

type Send<T> = (event: WatchEvent<T>) => void

/**
 * Sends the selected changes after a resourceVersion, in commit order, while virtual time is run; returns the function that
 * ends it. Refused with 410 Expired when the changes are forgotten; upstream says the same inside the stream.
 */
export function watchObjects<T extends KubeObject>(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  resource: Resource<T>,
  options: WatchOptions,
  send: Send<T>,
): ApiResult<() => void> {
  const selection = parseSelection(resource, options)
  if (isStatus(selection)) return refused(selection)
  const start = startOf(store, resource, { options, selection })
  if ('code' in start) return refused(start)
  let pending = start.events as WatchEvent<T>[]
  let ended = false
  let bookmark: Timer | undefined
  const deliver = () => {
    const events = pending
    pending = []
    for (const event of events) if (!ended) send(event)
  }
  const enqueue = (event: WatchEvent<T>) => {
    pending.push(event)
    if (pending.length === 1) clock.soon('watch', deliver)
  }
  if (pending.length > 0) clock.soon('watch', deliver)
  const stop = store.onCommit((change) => {
    if (change.resource.plural !== resource.plural || change.resource.group !== resource.group) return
    const event = eventFor(selection, change)
    if (event !== undefined) enqueue(event as WatchEvent<T>)
  })
  const remind = () => {
    if (pending.length === 0) enqueue(bookmarkOf(resource, store.resourceVersion()) as WatchEvent<T>)
    bookmark = clock.after(BOOKMARK_SECONDS, 'bookmark', remind)
  }
  if (options.allowBookmarks === true) bookmark = clock.after(BOOKMARK_SECONDS, 'bookmark', remind)
  return succeeded(() => {
    if (ended) return
    ended = true
    clock.cancel(bookmark)
    stop()
  })
}

interface Start {
  readonly options: WatchOptions
  readonly selection: Selection
}

/** The events that bring a watcher from where it stands to now. */
function startOf(store: Store, resource: Resource, { options, selection }: Start) {
  const { resourceVersion, sendInitialEvents } = options
  const present = () =>
    selectFrom(store, resource, selection).map((object): WatchEvent<KubeObject> => ({ type: 'ADDED', object }))
  const version = (resourceVersion ?? '') === '' ? 0 : parseResourceVersion(resourceVersion!)
  if (typeof version === 'object') return version
  if (version > store.resourceVersion()) return tooLargeVersion(version, store.resourceVersion())
  if (sendInitialEvents === true) return { events: [...present(), bookmarkOf(resource, store.resourceVersion(), true)] }
  if (resourceVersion === undefined || (version === 0 && sendInitialEvents === false)) return { events: [] }
  if (version === 0) return { events: present() }
  const changes = store.changesSince(resource, version)
  if (changes === undefined) return tooOld(version, store.oldestVersion(resource))
  return { events: changes.map((change) => eventFor(selection, change)).filter((event) => event !== undefined) }
}

/** A change as a watcher with selectors sees it: an object that stops matching is DELETED for it, one that starts is ADDED. */
function eventFor(selection: Selection, { type, object, previous }: Change): WatchEvent<KubeObject> | undefined {
  const { namespace, labels, fields } = selection
  if (labels === undefined && fields.length === 0) {
    return namespace === undefined || object.metadata.namespace === namespace ? { type, object } : undefined
  }
  const before = previous !== undefined && isSelected(selection, previous)
  const after = type !== 'DELETED' && isSelected(selection, object)
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object }
  if (!before) return undefined
  if (type === 'DELETED') return { type, object }
  const { resourceVersion } = object.metadata
  return { type: 'DELETED', object: { ...previous!, metadata: { ...previous!.metadata, resourceVersion } } }
}

/** An event without news: only a resourceVersion to go on from. */
function bookmarkOf(resource: Resource, version: number, initialEnd = false): WatchEvent<KubeObject> {
  const annotations = initialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}
  const metadata = { resourceVersion: String(version), creationTimestamp: null, ...annotations }
  return {
    type: 'BOOKMARK',
    object: { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata } as unknown as KubeObject,
  }
}
