// The rows of a story as it stands: every DaemonSet × every Node, also where no DaemonSet came into being.
import type { DaemonSet } from '../api/apps.ts'
import {
  controllerRevisions,
  daemonSets as daemonSetResource,
  nodes as nodeResource,
  pods as podResource,
} from '../api/resource-table.ts'
import type { Store } from '../cluster/apiserver/store.ts'
import { collectDecisions } from '../explain/decisions.ts'
import type { ExplainedManifest, ManifestDiagnostic } from '../explain/explain-manifest.ts'
import { explainNodes } from '../explain/explain-node.ts'
import { formatReason } from '../explain/messages.ts'
import type { Because, NodeVerdict } from '../explain/verdict.ts'
import type { Story } from '../scenario/play.ts'

/** What is known of the text that was handed in: places, the DaemonSets it names, and what was wrong with it. */
export type ExplainedText = Pick<ExplainedManifest, 'placeOf' | 'daemonSets' | 'diagnostics'>

/** Rows for every DaemonSet of the cluster, then for each of the text's that the cluster does not have. */
export function explainStory(story: Story, timeline: string, text: ExplainedText): NodeVerdict[] {
  const { store, trace } = story.cluster
  const sets = store.list(daemonSetResource)
  const missing = text.daemonSets.filter((ref) => store.get(daemonSetResource, ref) === undefined)
  const absent =
    missing.length > 0 ? missing.map((ref) => `${ref.namespace}/${ref.name}`) : sets.length === 0 ? [''] : []
  const nodes = store.list(nodeResource)
  const decisions = collectDecisions(trace.entries())
  const rows = sets.flatMap((daemonSet) => {
    const revisionHash = newestHash(store, daemonSet)
    const pods = [...store.ownedBy(podResource, daemonSet.metadata.uid).values()]
    return explainNodes({
      timeline,
      daemonSet,
      nodes,
      pods,
      decisions,
      placeOf: text.placeOf,
      ...(revisionHash === undefined ? {} : { revisionHash }),
    })
  })
  const refused = absent.flatMap((daemonSet) =>
    nodes.map(({ metadata: { name } }) => absentRow({ timeline, daemonSet, name }, text.diagnostics)),
  )
  return [...rows, ...refused]
}

/** Without a DaemonSet nothing is decided about a Node: what kept it from being made is the reason. */
function absentRow(
  row: Pick<NodeVerdict, 'timeline' | 'daemonSet' | 'name'>,
  diagnostics: readonly ManifestDiagnostic[],
): NodeVerdict {
  const object = row.daemonSet === '' ? `Node/${row.name}` : `DaemonSet/${row.daemonSet.split('/')[1]}`
  const because = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((diagnostic): Because => {
      const { code, explanation, message, path, severity: _, ...place } = diagnostic
      return {
        code,
        message: explanation,
        object,
        ...(message === '' ? {} : { kubernetes: message }),
        ...(path === undefined ? {} : { path }),
        ...place,
      }
    })
  if (because.length > 0) return { ...row, verdict: 'Refused', because }
  const message = formatReason({ code: 'NoDaemonSet' }, { daemonSet: row.daemonSet, node: row.name })
  return { ...row, verdict: 'Refused', because: [{ code: 'NoDaemonSet', message, object }] }
}

function newestHash(store: Store, daemonSet: DaemonSet): string | undefined {
  let newest = -1
  let hash: string | undefined
  for (const revision of store.ownedBy(controllerRevisions, daemonSet.metadata.uid).values()) {
    if (revision.revision <= newest) continue
    newest = revision.revision
    hash = revision.metadata.labels?.['controller-revision-hash']
  }
  return hash
}
