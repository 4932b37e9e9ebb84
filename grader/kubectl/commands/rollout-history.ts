/** kubectl rollout history. Upstream: k8s.io/kubectl/pkg/cmd/rollout/rollout_history.go, polymorphichelpers/historyviewer.go. */
import type { ControllerRevision } from '../../api/apps.ts'
import type { PodTemplateSpec } from '../../api/core.ts'
import type { JsonObject } from '../../api/meta.ts'
import type { Invocation, Session } from '../command.ts'
import { describePodTemplate } from '../describe/pod-template.ts'
import { createWriter } from '../describe/writer.ts'
import { Failure, fail } from '../failure.ts'
import { isObject } from '../manifest-input.ts'
import { printObjects } from '../print/objects.ts'
import { alignTabs, DESCRIBE_TABLE } from '../print/tabwriter.ts'
import { kindNameOf } from '../resource-argument.ts'
import { forEachTarget, type Target } from '../selection.ts'
import {
  CHANGE_CAUSE,
  daemonSetOf,
  deploymentOf,
  isDaemonSet,
  isDeployment,
  replicaSetRevisionsOf,
  revisionsOf,
  selectRollout,
} from './rollout-targets.ts'

export function runHistory(session: Session, invocation: Invocation): void {
  const revision = invocation.flags.number('revision')
  if (revision < 0) fail(`revision must be a positive integer: ${revision}`)
  const selected = selectRollout(session, invocation)
  if (selected.targets.length === 0 && selected.errors.length > 0) throw new Failure(selected.errors)
  forEachTarget(selected, (target) => printHistory(session, invocation, target, revision))
}

interface Revision {
  readonly number: number
  readonly cause: string
  readonly template: PodTemplateSpec
}

function printHistory(session: Session, invocation: Invocation, target: Target, wanted: number): void {
  const revisions = historyOf(session, target)
  const chosen = revisions.find((r) => r.number === wanted)
  if (wanted > 0 && chosen === undefined) fail('unable to find the specified revision')
  const output = invocation.flags.string('output')
  if (output !== '') {
    const shown = chosen === undefined ? revisions : [chosen]
    for (const r of shown)
      printObjects(session, invocation, [{ resource: target.resource, object: atRevision(target.object, r) }], {
        single: true,
      })
    return
  }
  const name = `${kindNameOf(target.resource)}/${target.name}`
  if (chosen !== undefined) {
    const writer = createWriter()
    describePodTemplate(writer, chosen.template)
    session.out(`${name} with revision #${wanted}\n${writer.text()}\n`)
  } else if (revisions.length === 0) session.out(`${name} \nNo rollout history found.\n`)
  else {
    const rows = revisions.map((r) => `${r.number}\t${r.cause}`)
    session.out(`${name} \n${alignTabs(['REVISION\tCHANGE-CAUSE', ...rows].join('\n'), DESCRIBE_TABLE)}\n\n`)
  }
}

function historyOf(session: Session, target: Target): readonly Revision[] {
  if (isDaemonSet(target)) {
    return revisionsOf(session, daemonSetOf(target)).map((r) => ({
      number: r.revision,
      cause: causeOf(r),
      template: templateOf(r),
    }))
  }
  if (isDeployment(target)) {
    return replicaSetRevisionsOf(session, deploymentOf(target)).map(({ revision, replicaSet }) => ({
      number: revision,
      cause: causeOf(replicaSet),
      template: replicaSet.spec.template ?? { spec: { containers: [] } },
    }))
  }
  const group = target.resource.group === '' ? '' : `.${target.resource.group}`
  return fail(`no history viewer has been implemented for ${JSON.stringify(`${target.resource.kind}${group}`)}`)
}

const causeOf = (object: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }): string =>
  object.metadata.annotations?.[CHANGE_CAUSE] ?? '<none>'

/** The Pod template that a revision of a DaemonSet holds. */
function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const spec = revision.data?.spec
  const template = isObject(spec) ? spec.template : undefined
  if (!isObject(template)) return fail(`unable to parse history ${revision.metadata.name}`)
  const { $patch: _, ...rest } = template
  return rest as unknown as PodTemplateSpec
}

function atRevision(object: JsonObject, revision: Revision): JsonObject {
  return {
    ...object,
    spec: { ...(isObject(object.spec) ? object.spec : {}), template: revision.template as unknown as JsonObject },
  }
}
