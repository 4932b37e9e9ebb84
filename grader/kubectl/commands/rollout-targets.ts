/** What the rollout commands work on, and its revisions. Upstream: k8s.io/kubectl/pkg/polymorphichelpers/{history,rollback}.go. */
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet } from '../../api/apps.ts'
import { sortBy } from '../../api/compare.ts'
import { labelSelectorMatches } from '../../api/labels.ts'
import { controllerOf } from '../../api/meta.ts'
import { controllerRevisions, daemonSets, deployments, replicaSets } from '../../api/resource-table.ts'
import type { Invocation, Session } from '../command.ts'
import { failUsage } from '../failure.ts'
import { type Selected, select, type Target } from '../selection.ts'

/** The objects that a rollout command names. */
export function selectRollout(session: Session, { args, flags, path }: Invocation): Selected {
  if (args.length === 0 && flags.list('filename').length === 0) failUsage(path, 'required resource not specified')
  return select(session, {
    args,
    filenames: flags.list('filename'),
    recursive: flags.bool('recursive'),
    allowBareType: true,
    fetch: true,
    ...(flags.string('selector') === '' ? {} : { selector: flags.string('selector') }),
  })
}

export const isDaemonSet = ({ resource }: Target): boolean => resource === daemonSets
export const isDeployment = ({ resource }: Target): boolean => resource === deployments
export const daemonSetOf = ({ object }: Target): DaemonSet => object as unknown as DaemonSet
export const deploymentOf = ({ object }: Target): Deployment => object as unknown as Deployment

/** A DaemonSet's own revisions, oldest first: those that its selector matches and that it controls. */
export function revisionsOf(session: Session, ds: DaemonSet): readonly ControllerRevision[] {
  const all = session.expect(session.client.list(controllerRevisions, namespaceOf(ds))).items
  const mine = all.filter(
    (r) => controllerOf(r)?.uid === ds.metadata.uid && labelSelectorMatches(ds.spec.selector, r.metadata.labels),
  )
  return sortBy(mine, (r) => r.revision)
}

export const REVISION = 'deployment.kubernetes.io/revision'
export const CHANGE_CAUSE = 'kubernetes.io/change-cause'

export interface ReplicaSetRevision {
  readonly revision: number
  readonly replicaSet: ReplicaSet
}

/** A Deployment's ReplicaSets with their revision numbers, oldest first. */
export function replicaSetRevisionsOf(session: Session, deployment: Deployment): readonly ReplicaSetRevision[] {
  const all = session.expect(session.client.list(replicaSets, namespaceOf(deployment))).items
  const mine = all.filter((rs) => controllerOf(rs)?.uid === deployment.metadata.uid)
  const numbered = mine.map((replicaSet) => ({
    replicaSet,
    revision: Number(replicaSet.metadata.annotations?.[REVISION] ?? 0),
  }))
  return sortBy(
    numbered.filter(({ revision }) => revision > 0),
    ({ revision }) => revision,
  )
}

const namespaceOf = ({ metadata }: DaemonSet | Deployment): { readonly namespace: string } => ({
  namespace: metadata.namespace ?? 'default',
})
