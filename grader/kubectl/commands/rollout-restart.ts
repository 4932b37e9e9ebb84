/** kubectl rollout restart, pause, resume. Upstream: k8s.io/kubectl/pkg/polymorphichelpers/object{restarter,pauser,resumer}.go. */
import type { JsonObject } from '../../api/meta.ts'
import { formatRfc3339 } from '../../api/timestamp.ts'
import type { Invocation, Session } from '../command.ts'
import { fail, failUsage } from '../failure.ts'
import { mergeSchemaOf } from '../merge-schema.ts'
import { printDone } from '../output.ts'
import { changeAt, valueAt } from '../pod-template.ts'
import { fullNameOf } from '../resource-argument.ts'
import { forEachTarget, type Target } from '../selection.ts'
import { twoWayMergePatch } from '../strategic-diff.ts'
import { isDaemonSet, isDeployment, selectRollout } from './rollout-targets.ts'

const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt'

export function runRestart(session: Session, invocation: Invocation): void {
  requireResource(invocation)
  forEachTarget(selectRollout(session, invocation), (target) => {
    if (!isDaemonSet(target) && !isDeployment(target)) fail(`${named(target)} restarting is not supported`)
    if (valueAt(target.object, ['spec', 'paused']) === true)
      fail("can't restart paused deployment (run rollout resume first)")
    const at = formatRfc3339(session.now())
    const path = ['spec', 'template', 'metadata', 'annotations']
    if (valueAt(target.object, [...path, RESTARTED_AT]) === at) {
      fail(
        `failed to create patch for ${target.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      )
    }
    const next = changeAt(target.object, path, (annotations) => ({ ...annotations, [RESTARTED_AT]: at }))
    sendChange(session, invocation, { target, next, operation: 'restarted', doing: 'patch' })
  })
}

export function runPause(session: Session, invocation: Invocation): void {
  requireResource(invocation)
  forEachTarget(selectRollout(session, invocation), (target) => {
    if (!isDeployment(target)) fail(`${named(target)} pausing is not supported`)
    if (valueAt(target.object, ['spec', 'paused']) === true) fail(`${named(target)} is already paused`)
    const next = changeAt(target.object, ['spec'], (spec) => ({ ...spec, paused: true }))
    sendChange(session, invocation, { target, next, operation: 'paused', doing: 'patch' })
  })
}

export function runResume(session: Session, invocation: Invocation): void {
  requireResource(invocation)
  forEachTarget(selectRollout(session, invocation), (target) => {
    if (!isDeployment(target)) fail(`${named(target)} resuming is not supported`)
    if (valueAt(target.object, ['spec', 'paused']) !== true) fail(`${named(target)} is not paused`)
    const next = changeAt(target.object, ['spec'], ({ paused: _, ...spec }) => spec)
    sendChange(session, invocation, { target, next, operation: 'resumed', doing: 'patch' })
  })
}

function requireResource({ args, flags, path }: Invocation): void {
  if (args.length === 0 && flags.list('filename').length === 0) failUsage(path, 'required resource not specified')
}

const named = ({ resource, name }: Target): string => `${fullNameOf(resource)} ${JSON.stringify(name)}`

interface Change {
  readonly target: Target
  readonly next: JsonObject
  readonly operation: string
  readonly doing: string
}

function sendChange(session: Session, invocation: Invocation, { target, next, operation, doing }: Change): void {
  const body = twoWayMergePatch(target.object, next, mergeSchemaOf(target.resource))
  const key = { namespace: target.namespace ?? 'default', name: target.name }
  const options = { fieldManager: invocation.flags.string('field-manager') }
  const result = session.client.patch(target.resource, key, { type: 'strategic', body }, options)
  session.warn(result.warnings)
  if (!result.ok) fail(`failed to ${doing}: ${result.status.message}`)
  else printDone(session, invocation, { ...target, object: result.value as unknown as JsonObject, operation })
}
