/** kubectl cordon and uncordon. Upstream: k8s.io/kubectl/pkg/cmd/drain/drain.go, pkg/drain/cordon.go. */
import type { Node } from '../../api/core.ts'
import { nodes } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { failUsage } from '../failure.ts'
import { flag } from '../flags.ts'
import { DRY_RUN, dryRunOf, dryRunSuffix } from '../output.ts'
import { forEachTarget, type Selected, select } from '../selection.ts'

const SELECTOR = flag('selector', 'string', 'Selector (label query) to filter on', { short: 'l' })

export const cordon: Command = {
  name: 'cordon',
  summary: 'Mark node as unschedulable',
  usage: 'NODE',
  flags: [DRY_RUN, SELECTOR],
  run: (session, invocation) => runCordon(session, invocation, true),
}

export const uncordon: Command = {
  name: 'uncordon',
  summary: 'Mark node as schedulable',
  usage: 'NODE',
  flags: [DRY_RUN, SELECTOR],
  run: (session, invocation) => runCordon(session, invocation, false),
}

function runCordon(session: Session, invocation: Invocation, desired: boolean): void {
  const selected = selectNodes(session, invocation)
  forEachTarget(selected, ({ object }) => setUnschedulable(session, invocation, object as unknown as Node, desired))
}

/** The Nodes that a command names or selects. */
export function selectNodes(session: Session, { args, flags, path }: Invocation): Selected {
  const selector = flags.string('selector')
  if (args.length === 0 && selector === '') failUsage(path, `USAGE: ${path.split(' ').at(-1)} NODE [flags]`)
  if (args.length > 0 && selector !== '')
    failUsage(path, 'error: cannot specify both a node name and a --selector option')
  const names = args.map((arg) => (/^(nodes?|no)\//.test(arg) ? arg.slice(arg.indexOf('/') + 1) : arg))
  const selected = select(session, { args: ['nodes', ...names], fetch: true, ...(selector === '' ? {} : { selector }) })
  if (selected.targets.length === 0 && selected.errors.length === 0) session.out('No resources found\n')
  return selected
}

/** Cordons or uncordons one Node and says so. */
export function setUnschedulable(session: Session, invocation: Invocation, node: Node, desired: boolean): void {
  const dryRun = dryRunOf(session, invocation)
  const { name } = node.metadata
  const word = desired ? 'cordoned' : 'uncordoned'
  const suffix = dryRunSuffix(dryRun)
  if ((node.spec.unschedulable ?? false) === desired) {
    session.out(`node/${name} already ${word}${suffix}\n`)
    return
  }
  if (dryRun !== 'client') {
    const body = { spec: { unschedulable: desired ? true : null } }
    const result = session.client.patch(nodes, { name }, { type: 'strategic', body }, { dryRun: dryRun === 'server' })
    session.warn(result.warnings)
    if (!result.ok) {
      // Upstream says so and still ends with exit code 0.
      session.err(`error: unable to ${word.slice(0, -2)} node ${JSON.stringify(name)}: ${result.status.message}\n`)
      return
    }
  }
  session.out(`node/${name} ${word}${suffix}\n`)
}
