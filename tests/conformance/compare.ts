/**
 * How a played case is compared with its recording: what only a real machine knows is scrubbed, what varied in the
 * recording may vary. The rules are the recorder's own.
 */
import type { ControllerRevision, DaemonSet } from '../../grader/api/apps.ts'
import type { Event, Node, Pod } from '../../grader/api/core.ts'
import { controllerOf, type KubeObject } from '../../grader/api/meta.ts'

export type Names = ReadonlyMap<string, string>

/** The lists that a snapshot looks at. */
export interface World {
  readonly pods: readonly Pod[]
  readonly daemonSets: readonly DaemonSet[]
  readonly nodes: readonly Node[]
  readonly revisions: readonly ControllerRevision[]
  readonly events: readonly Event[]
}

const nodeOfPod = (pod: Pod): string =>
  pod.spec.nodeName ??
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0]?.matchFields?.[0]
    ?.values?.[0] ??
  '-'

/** Names that the server makes up (Pod suffixes, revision hashes) and what they are called in a recording. */
export function aliases(pods: readonly Pod[], revisions: readonly ControllerRevision[]): Map<string, string> {
  const map = new Map<string, string>()
  const hashOf = (r: KubeObject): string | undefined => r.metadata.labels?.['controller-revision-hash']
  const revisionOf = new Map(revisions.map((r) => [hashOf(r), r.revision]))
  for (const r of revisions) {
    const hash = hashOf(r)
    map.set(r.metadata.name, `${controllerOf(r)?.name}-<revision ${r.revision}>`)
    if (hash !== undefined) map.set(hash, `<hash of revision ${r.revision}>`)
  }
  const seen = new Map<string, number>()
  const byAge = [...pods].sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
  for (const pod of byAge) {
    const owner = controllerOf(pod)
    if (owner === undefined) continue
    const name = owner.kind === 'ReplicaSet' ? owner.name.replace(/-[a-z0-9]+$/, '') : owner.name
    const revision = revisionOf.get(hashOf(pod))
    const alias = `${name}@${nodeOfPod(pod)}${revision ? `#${revision}` : ''}`
    seen.set(alias, (seen.get(alias) ?? 0) + 1)
    if (owner.kind === 'ReplicaSet') map.set(owner.name, `${name}-<rs>`)
    map.set(pod.metadata.name, alias)
  }
  return map
}

const GENERATED_SUFFIX = /-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g

function scrub(text: string, names: Names): string {
  let s = text
  for (const [from, to] of [...names].sort((a, b) => b[0].length - a[0].length)) s = s.split(from).join(to)
  return s
    .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<x>')
    .replaceAll('(combined from similar events): ', '')
    .replace(GENERATED_SUFFIX, '-<pod>')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>')
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\b/g, '<time>')
    .replace(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4}/g, '<time>')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}\b/g, '<ip>')
    .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "<rv>"')
    .replace(/"resourceVersion": "\d+"/g, '"resourceVersion": "<rv>"')
}

const MACHINE_LINE =
  /^\s*(Container ID|Image ID|Host Port|Machine ID|System UUID|Boot ID|Kube-Proxy Version|Lease|HolderIdentity|AcquireTime|RenewTime):|^\s*NetworkUnavailable\s|^\s+(Normal|Warning)\s.*\b(kubelet|node-controller|kwok)\b/
const QUANTITY_LINE = /^\s*(cpu|memory|pods|ephemeral-storage|hugepages-\S+):?\s+\d/

/** A command's output as a recording holds it. */
export function recordedOutput(text: string, names: Names): string[] {
  return scrub(text, names)
    .split('\n')
    .filter((line) => !MACHINE_LINE.test(line))
    .map((line) => withoutAges(line).replace(/[ \t]+/g, ' ').trimEnd())
    .filter((line) => line !== '')
    .map(inOrder)
}

function withoutAges(line: string): string {
  if (QUANTITY_LINE.test(line)) return line
  return line
    .replace(/(?<=^|\s|\()(\d+(y|d|h|m|s|ms)){1,3}(?=\s|$|\)|,)/g, '<age>')
    .replace(/<unknown>(?=\s|$)/g, '<age>')
    .replace(/<age> \(x\d+ over <age>\)/g, '<age>')
}

/** kubectl drain joins its warnings in no particular order. */
function inOrder(line: string): string {
  if (!/^Warning: .*(ignoring DaemonSet|deleting Pods|declare no controller)/.test(line)) return line
  return `Warning: ${line.slice(9).split('; ').sort().join('; ')}`
}

const ofTheControlPlane = (e: Event): boolean =>
  e.involvedObject.kind !== 'Node' && !/kubelet|kwok/.test(e.source?.component || e.reportingComponent || '')

const NOT_MINE = new Set(['kube-node-lease', 'kube-public'])
const isMine = (o: KubeObject): boolean => !NOT_MINE.has(o.metadata.namespace ?? '')

/** The cluster at a `settle`, as a recording holds it. `names` are extended by what is seen. */
export function snapshotOf(world: World, names: Names): { readonly settle: unknown; readonly names: Names } {
  const now = mergeNames(aliases(world.pods, world.revisions), names)
  const settle = {
    nodes: Object.fromEntries(world.nodes.map((n) => [n.metadata.name, nodeView(n)])),
    daemonsets: Object.fromEntries(
      world.daemonSets.filter(isMine).map((d) => [`${d.metadata.namespace}/${d.metadata.name}`, daemonSetView(d)]),
    ),
    pods: world.pods.filter(isMine).map((p) => podView(p, now)).sort((a, b) => (a.pod < b.pod ? -1 : 1)),
    revisions: world.revisions.filter(isMine).map((r) => `${r.metadata.namespace}/${controllerOf(r)?.name} ${r.revision}`).sort(),
    events: [...new Set(world.events.filter(isMine).filter((e) => isCompared(e, now)).map((e) => eventView(e, now)))].sort(),
  }
  return { settle, names: now }
}

export function mergeNames(now: Map<string, string>, before: Names): Names {
  for (const [k, v] of before) if (!now.has(k)) now.set(k, v)
  return now
}

const isCompared = (e: Event, names: Names): boolean =>
  ofTheControlPlane(e) && (e.reason !== 'FailedScheduling' || names.has(e.involvedObject.name ?? ''))

const eventView = (e: Event, names: Names): string =>
  `${e.type} ${e.reason} ${e.involvedObject.kind}/${scrub(`${e.involvedObject.name}: ${e.message ?? ''}`, names)}`

function nodeView(n: Node): unknown {
  return {
    ready: n.status?.conditions?.find((c) => c.type === 'Ready')?.status ?? 'Unknown',
    ...(n.spec.unschedulable ? { unschedulable: true } : {}),
    taints: (n.spec.taints ?? []).map((t) => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`).sort(),
  }
}

function daemonSetView({ status, metadata }: DaemonSet): unknown {
  return {
    desired: status.desiredNumberScheduled,
    current: status.currentNumberScheduled,
    ready: status.numberReady,
    updated: status.updatedNumberScheduled ?? 0,
    available: status.numberAvailable ?? 0,
    unavailable: status.numberUnavailable ?? 0,
    misscheduled: status.numberMisscheduled,
    generation: metadata.generation,
    observed: status.observedGeneration,
  }
}

function podView(p: Pod, names: Names): { readonly pod: string } {
  const scheduled = p.status.conditions?.find((c) => c.type === 'PodScheduled')
  const waiting = (p.status.containerStatuses ?? []).map((c) => c.state?.waiting?.reason).filter(Boolean)
  return {
    pod: `${p.metadata.namespace}/${names.get(p.metadata.name) ?? p.metadata.name}`,
    ...{ phase: p.status.phase, ready: p.status.conditions?.find((c) => c.type === 'Ready')?.status ?? 'False' },
    ...(scheduled?.status === 'False' ? { unscheduled: `${scheduled.reason}: ${scheduled.message}` } : {}),
    ...(waiting.length > 0 ? { waiting } : {}),
    ...(p.metadata.deletionTimestamp ? { terminating: true } : {}),
    ...(p.status.nominatedNodeName ? { nominated: p.status.nominatedNodeName } : {}),
  }
}

const VARIES = '<varies>'
const OPEN = '<and others>'

/** A line as it reads when its Pod came and went between two looks, so that nobody learnt its Node. */
const unseen = (line: unknown): string => String(line).replace(/([a-z0-9-]+)@[a-z0-9.*-]+(#\d+)?/g, '$1-<pod>')

/** A line without the Nodes that its generated Pod names carry. */
function someNode(line: string): string {
  const names = [...new Set([...line.matchAll(/@([a-z0-9][a-z0-9.-]*)/g)].map((m) => m[1]!))].sort((a, b) => b.length - a.length)
  return names.reduce((s, n) => s.replace(new RegExp(`(?<![a-z0-9.-])${n.replaceAll('.', '\\.')}(?![a-z0-9.-])`, 'g'), '*'), line)
}

const ordered = (o: object): string => JSON.stringify(Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1))))

interface AnyStep {
  readonly [key: string]: unknown
}

/** What came back, in the form its recording has. */
export function inFormOf(golden: AnyStep | undefined, step: AnyStep | undefined): unknown {
  if (golden !== undefined && 'outOnSomeNode' in golden && step !== undefined) {
    const { out, ...rest } = step
    return { ...rest, outOnSomeNode: (out as string[]).map(someNode).sort() }
  }
  if (step?.settle === undefined || golden?.settle === undefined) return step
  const settle: Record<string, unknown> = { ...(step.settle as object) }
  const want = golden.settle as object
  if ('podsOnSomeNode' in want) {
    const pods = settle.pods as { readonly pod: string }[]
    settle.podsOnSomeNode = pods.map((p) => ordered({ ...p, pod: someNode(p.pod) })).sort().map((t) => JSON.parse(t) as unknown)
    delete settle.pods
  }
  if ('eventsOnSomeNode' in want) {
    settle.eventsOnSomeNode = [...new Set((settle.events as string[]).map(someNode))].sort()
    delete settle.events
  }
  return { settle }
}

/** Where what came back differs from what was recorded; one line each. */
export function differences(want: unknown, got: unknown, at = '', out: string[] = []): string[] {
  if (want === VARIES) return out
  if (Array.isArray(want) && Array.isArray(got) && want.every((x) => typeof x === 'string')) {
    for (const x of want as string[]) {
      if (x !== OPEN && !got.includes(x) && !got.includes(unseen(x))) out.push(`${at}: missing ${JSON.stringify(x)}`)
    }
    if (!want.includes(OPEN)) {
      for (const x of got as string[]) {
        if (!want.includes(x) && !want.includes(unseen(x))) out.push(`${at}: unexpected ${JSON.stringify(x)}`)
      }
    }
  } else if (want && got && typeof want === 'object' && typeof got === 'object') {
    const keys = new Set([...Object.keys(want), ...Object.keys(got)])
    for (const k of keys) differences((want as AnyStep)[k], (got as AnyStep)[k], `${at}/${k}`, out)
  } else if (want !== got) out.push(`${at}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}`)
  return out
}
