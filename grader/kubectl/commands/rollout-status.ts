/** kubectl rollout status. Upstream: k8s.io/kubectl/pkg/cmd/rollout/rollout_status.go, polymorphichelpers/rollout_status.go. */
import type { WatchEvent } from '../../api/api-client.ts'
import type { DaemonSet, Deployment } from '../../api/apps.ts'
import type { JsonObject, KubeObject } from '../../api/meta.ts'
import type { Invocation, Session } from '../command.ts'
import { type CommandError, collect, fail, failWithAll } from '../failure.ts'
import { quote } from '../go-text.ts'
import { kindNameOf } from '../resource-argument.ts'
import { jsonOf, type Target } from '../selection.ts'
import { interrupt } from './delete.ts'
import { isDaemonSet, isDeployment, selectRollout } from './rollout-targets.ts'

export interface RolloutStatus {
  readonly text: string
  readonly done: boolean
}

export function runStatus(session: Session, invocation: Invocation): void {
  const { flags } = invocation
  const revision = flags.number('revision')
  const selected = selectRollout(session, invocation)
  if (revision < 0) fail(`revision must be a positive integer: ${revision}`)
  if (selected.targets.length === 0 && selected.errors.length === 0) {
    session.err(`No resources found in ${session.namespace} namespace.\n`)
    return
  }
  const errors: CommandError[] = [...selected.errors]
  for (const target of selected.targets) collect(errors, () => follow(session, invocation, target))
  failWithAll(errors)
}

function follow(session: Session, { flags }: Invocation, target: Target): void {
  const viewer = viewerOf(target, flags.number('revision'))
  let done = false
  const look = (object: JsonObject): void => {
    if (done) return
    const status = viewer(object)
    session.out(status.text)
    done = status.done || !flags.bool('watch')
  }
  let deleted = false
  const onEvent = ({ type, object }: WatchEvent<KubeObject>): void => {
    if (object.metadata.name !== target.name || done) return
    if (type === 'DELETED') deleted = true
    else if (type === 'ADDED' || type === 'MODIFIED') attempt(() => look(jsonOf(object)))
  }
  let failure: unknown
  const attempt = (step: () => void): void => {
    try {
      step()
    } catch (error) {
      failure ??= error
      done = true
    }
  }
  look(target.object)
  if (done) return
  const where = target.namespace === undefined ? {} : { namespace: target.namespace }
  const stop = session.expect(
    session.client.watch(target.resource, { ...where, fieldSelector: `metadata.name=${target.name}` }, onEvent),
  )
  const timeout = flags.duration('timeout') / 1000
  const finished = session.waiter.waitUntil(() => done || deleted, timeout > 0 ? timeout : session.patienceSeconds)
  stop()
  if (failure !== undefined) throw failure
  if (deleted) fail('object has been deleted')
  if (finished) return
  if (timeout > 0) fail('timed out waiting for the condition')
  interrupt()
}

function viewerOf(target: Target, revision: number): (object: JsonObject) => RolloutStatus {
  if (isDaemonSet(target)) return (object) => daemonSetStatus(object as unknown as DaemonSet)
  if (isDeployment(target)) return (object) => deploymentStatus(object as unknown as Deployment, revision)
  const [kind, ...group] = kindNameOf(target.resource).split('.')
  return fail(`no status viewer has been implemented for ${[target.resource.kind, ...group].join('.') || kind}`)
}

/** Where the rollout of a DaemonSet stands; fails for OnDelete. */
export function daemonSetStatus({ metadata, spec, status }: DaemonSet): RolloutStatus {
  if (spec.updateStrategy?.type !== 'RollingUpdate')
    fail('rollout status is only available for RollingUpdate strategy type')
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return waiting('Waiting for daemon set spec update to be observed...\n')
  const desired = status.desiredNumberScheduled
  const updated = status.updatedNumberScheduled ?? 0
  const available = status.numberAvailable ?? 0
  const name = quote(metadata.name)
  if (updated < desired)
    return waiting(
      `Waiting for daemon set ${name} rollout to finish: ${updated} out of ${desired} new pods have been updated...\n`,
    )
  if (available < desired)
    return waiting(
      `Waiting for daemon set ${name} rollout to finish: ${available} of ${desired} updated pods are available...\n`,
    )
  return { text: `daemon set ${name} successfully rolled out\n`, done: true }
}

/** Where the rollout of a Deployment stands. */
export function deploymentStatus({ metadata, spec, status }: Deployment, revision: number): RolloutStatus {
  const current = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  if (revision > 0 && revision !== current)
    fail(`desired revision (${revision}) is different from the running revision (${current})`)
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return waiting('Waiting for deployment spec update to be observed...\n')
  const name = quote(metadata.name)
  const progressing = status.conditions?.find((c) => c.type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') fail(`deployment ${name} exceeded its progress deadline`)
  const wanted = spec.replicas ?? 1
  const { updatedReplicas: updated = 0, replicas = 0, availableReplicas: available = 0 } = status
  const head = `Waiting for deployment ${name} rollout to finish:`
  if (updated < wanted) return waiting(`${head} ${updated} out of ${wanted} new replicas have been updated...\n`)
  if (replicas > updated) return waiting(`${head} ${replicas - updated} old replicas are pending termination...\n`)
  if (available < updated) return waiting(`${head} ${available} of ${updated} updated replicas are available...\n`)
  return { text: `deployment ${name} successfully rolled out\n`, done: true }
}

const waiting = (text: string): RolloutStatus => ({ text, done: false })
