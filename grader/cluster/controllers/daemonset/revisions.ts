// The history of a DaemonSet's template. Upstream: constructHistory, snapshot, dedupCurHistories and cleanupHistory in
// pkg/controller/daemon/update.go.
import type { ControllerRevision, DaemonSet } from '../../../api/apps.ts'
import { compareStrings, sortBy } from '../../../api/compare.ts'
import type { Pod, PodTemplateSpec } from '../../../api/core.ts'
import type { ForCreate, Json, JsonObject } from '../../../api/meta.ts'
import { templateHash } from '../../machinery/template-hash.ts'
import { ownerReferenceTo, REVISION_HASH_LABEL } from './pod.ts'

/** What has to be written so that history fits the template; steps in upstream's order. */
export interface RevisionPlan {
  /** Revisions that lack the hash label and get their own name as its value. */
  readonly unlabelled: readonly ControllerRevision[]
  /** Those whose data equal the template: the one to keep first, duplicates of it after. */
  readonly current: readonly ControllerRevision[]
  readonly old: readonly ControllerRevision[]
  /** The number of the current revision once all is done. */
  readonly next: number
}

/** Sorts the claimed revisions (in name order) by what they hold. */
export function planRevisions(ds: DaemonSet, revisions: readonly ControllerRevision[]): RevisionPlan {
  const wanted = templateData(ds.spec.template)
  const current: ControllerRevision[] = []
  const old: ControllerRevision[] = []
  for (const revision of revisions) (dataText(revision) === wanted.text ? current : old).push(revision)
  const highest = old.reduce((max, { revision }) => Math.max(max, revision), 0)
  // Of several current ones the highest stays, the last of equals.
  const keep = current.reduce<ControllerRevision | undefined>(
    (best, r) => (best === undefined || r.revision >= best.revision ? r : best),
    undefined,
  )
  return {
    unlabelled: revisions.filter((revision) => revision.metadata.labels?.[REVISION_HASH_LABEL] === undefined),
    current: keep === undefined ? [] : [keep, ...current.filter((revision) => revision !== keep)],
    old,
    next: highest + 1,
  }
}

/** The revision for the DaemonSet's template, ready to be created. Upstream: snapshot. */
export function newRevision(ds: DaemonSet, number: number): ForCreate<ControllerRevision> {
  const { template } = ds.spec
  const { name, namespace, annotations } = ds.metadata
  const hash = templateHash(template, ds.status?.collisionCount)
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels, [REVISION_HASH_LABEL]: hash },
      // All annotations as they are now; they are never brought up to date later.
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerReferenceTo(ds)],
    },
    data: templateData(template).json,
    revision: number,
  }
}

/** Whether the revision holds the DaemonSet's present template. */
export function holdsTemplate(revision: ControllerRevision, ds: DaemonSet): boolean {
  return dataText(revision) === templateData(ds.spec.template).text
}

/**
 * The old revisions to delete, lowest first: as many as exceed the limit, but none whose hash a Pod still carries (ended
 * and terminating Pods included). `hashes` are those of all claimed Pods.
 */
export function planCleanup(
  ds: DaemonSet,
  old: readonly ControllerRevision[],
  hashes: ReadonlySet<string>,
): readonly ControllerRevision[] {
  const excess = old.length - (ds.spec.revisionHistoryLimit ?? 10)
  if (excess <= 0) return []
  const unused = sortBy(old, ({ revision }) => revision).filter(
    (revision) => !hashes.has(revision.metadata.labels?.[REVISION_HASH_LABEL] ?? ''),
  )
  return unused.slice(0, excess)
}

export function hashesOf(pods: Iterable<Pod>): ReadonlySet<string> {
  const hashes = new Set<string>()
  for (const pod of pods) {
    const hash = pod.metadata.labels?.[REVISION_HASH_LABEL]
    if (hash !== undefined) hashes.add(hash)
  }
  return hashes
}

interface RevisionData {
  readonly json: JsonObject
  readonly text: string
}

const dataOf = new WeakMap<PodTemplateSpec, RevisionData>()
const texts = new WeakMap<JsonObject, string>()

/** The strategic-merge patch that a revision stores: the template, to be taken over whole. Upstream: getPatch. */
export function templateData(template: PodTemplateSpec): RevisionData {
  const known = dataOf.get(template)
  if (known !== undefined) return known
  const json = sortKeys({
    spec: { template: { ...(template as unknown as JsonObject), $patch: 'replace' } },
  }) as JsonObject
  const made: RevisionData = { json, text: goJson(json) }
  dataOf.set(template, made)
  return made
}

function dataText(revision: ControllerRevision): string {
  const { data } = revision
  if (data === undefined) return ''
  let text = texts.get(data)
  if (text === undefined) {
    text = goJson(sortKeys(data))
    texts.set(data, text)
  }
  return text
}

/** The JSON text as Go writes it: no blanks, `<`, `>`, `&` and the line separators escaped. */
export function goJson(value: Json): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Keys in byte order at every level, as Go writes maps; absent and null fields are left out. */
function sortKeys(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return (value as readonly Json[]).map(sortKeys)
  const object = value as JsonObject
  const sorted: Record<string, Json> = {}
  for (const key of Object.keys(object).sort(compareStrings)) {
    const item = object[key]
    if (item !== undefined && item !== null) sorted[key] = sortKeys(item)
  }
  return sorted
}
