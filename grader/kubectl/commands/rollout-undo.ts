/** kubectl rollout undo. Upstream: k8s.io/kubectl/pkg/cmd/rollout/rollout_undo.go, polymorphichelpers/rollback.go. */
import type { ControllerRevision } from '../../api/apps.ts'
import { deepEqual } from '../../api/compare.ts'
import type { JsonObject } from '../../api/meta.ts'
import { daemonSets, deployments } from '../../api/resource-table.ts'
import type { Invocation, Session } from '../command.ts'
import { describePodTemplate } from '../describe/pod-template.ts'
import { createWriter } from '../describe/writer.ts'
import { fail } from '../failure.ts'
import { isObject } from '../manifest-input.ts'
import { type DryRun, dryRunOf, printDone } from '../output.ts'
import { forEachTarget, type Target } from '../selection.ts'
import {
  daemonSetOf,
  deploymentOf,
  isDaemonSet,
  isDeployment,
  type ReplicaSetRevision,
  replicaSetRevisionsOf,
  revisionsOf,
  selectRollout,
} from './rollout-targets.ts'

export function runUndo(session: Session, invocation: Invocation): void {
  const dryRun = dryRunOf(session, invocation)
  const wanted = invocation.flags.number('to-revision')
  forEachTarget(selectRollout(session, invocation), (target) => {
    const operation = rollBack(session, target, { wanted, dryRun })
    printDone(session, invocation, { ...target, operation, dryRun })
  })
}

interface Wish {
  readonly wanted: number
  readonly dryRun: DryRun
}

function rollBack(session: Session, target: Target, wish: Wish): string {
  if (isDaemonSet(target)) return rollBackDaemonSet(session, target, wish)
  if (isDeployment(target)) return rollBackDeployment(session, target, wish)
  const group = target.resource.group === '' ? '' : `.${target.resource.group}`
  return fail(`no rollbacker has been implemented for ${JSON.stringify(`${target.resource.kind}${group}`)}`)
}

const notFound = (revision: number): never => fail(`unable to find specified revision ${revision} in history`)

function rollBackDaemonSet(session: Session, target: Target, { wanted, dryRun }: Wish): string {
  if (wanted < 0) notFound(wanted)
  const history = revisionsOf(session, daemonSetOf(target))
  if (wanted === 0 && history.length <= 1) fail('no last revision to roll back to')
  const revision = wanted === 0 ? history.at(-2) : history.find((r) => r.revision === wanted)
  if (revision === undefined) return notFound(wanted)
  const data: JsonObject = revision.data ?? {}
  if (dryRun === 'client') return previewOf(data)
  // kubectl 1.33 never finds a revision of this control plane equal to the template (its own types write
  // `creationTimestamp: null`), so it always sends the patch; see daemonset-controller.md §9.3.
  const key = { namespace: target.namespace ?? 'default', name: target.name }
  const result = session.client.patch(
    daemonSets,
    key,
    { type: 'strategic', body: data },
    { dryRun: dryRun === 'server' },
  )
  session.warn(result.warnings)
  if (!result.ok) fail(`failed restoring revision ${wanted}: ${result.status.message}`)
  return 'rolled back'
}

function previewOf(data: NonNullable<ControllerRevision['data']>): string {
  const template = isObject(data.spec) && isObject(data.spec.template) ? data.spec.template : {}
  const writer = createWriter()
  describePodTemplate(writer, template as never)
  return `will roll back to ${writer.text()}`
}

function rollBackDeployment(session: Session, target: Target, { wanted, dryRun }: Wish): string {
  const deployment = deploymentOf(target)
  if (wanted < 0) notFound(wanted)
  const history = replicaSetRevisionsOf(session, deployment)
  const chosen = chooseRevision(history, wanted)
  const template = withoutHash(chosen.replicaSet.spec.template as unknown as JsonObject)
  if (dryRun === 'client') return previewOf({ spec: { template } })
  if (deployment.spec.paused === true) {
    fail(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/${target.name}' and try again`,
    )
  }
  if (deepEqual(template, withoutHash(deployment.spec.template as unknown as JsonObject))) {
    return `skipped rollback (current template already matches revision ${wanted})`
  }
  const patch: readonly JsonObject[] = [{ op: 'replace', path: '/spec/template', value: template }]
  const key = { namespace: target.namespace ?? 'default', name: target.name }
  const result = session.client.patch(deployments, key, { type: 'json', body: patch }, { dryRun: dryRun === 'server' })
  session.warn(result.warnings)
  if (!result.ok) fail(`failed restoring revision ${wanted}: ${result.status.message}`)
  return 'rolled back'
}

function chooseRevision(history: readonly ReplicaSetRevision[], wanted: number): ReplicaSetRevision {
  if (wanted > 0) return history.find((r) => r.revision === wanted) ?? notFound(wanted)
  const previous = history.at(-2)
  if (previous === undefined) return fail('no last revision to roll back to')
  return previous
}

function withoutHash(template: JsonObject): JsonObject {
  const metadata = isObject(template.metadata) ? template.metadata : {}
  const { 'pod-template-hash': _, ...labels } = isObject(metadata.labels) ? metadata.labels : {}
  return { ...template, metadata: { ...metadata, labels } }
}
