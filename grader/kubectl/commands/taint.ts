/** kubectl taint. Upstream: k8s.io/kubectl/pkg/cmd/taint/{taint,utils}.go. */
import type { Node, Taint, TaintEffect } from '../../api/core.ts'
import { labelKeyProblems, labelValueProblems } from '../../api/labels.ts'
import { nodes } from '../../api/resource-table.ts'
import type { Command, Invocation, Session } from '../command.ts'
import { Failure, fail, failUsage, textError } from '../failure.ts'
import { flag } from '../flags.ts'
import { DRY_RUN, dryRunOf, FIELD_MANAGER, OUTPUT, printDone } from '../output.ts'
import { findResource } from '../resource-argument.ts'
import { forEachTarget, type Selected, select } from '../selection.ts'

export const taint: Command = {
  name: 'taint',
  summary: 'Update the taints on one or more nodes',
  usage: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  flags: [
    flag('all', 'bool', 'Select all nodes in the cluster'),
    DRY_RUN,
    FIELD_MANAGER('kubectl-taint'),
    ...OUTPUT,
    flag(
      'overwrite',
      'bool',
      'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.',
    ),
    flag('selector', 'string', 'Selector (label query) to filter on.', { short: 'l' }),
    {
      ...flag('validate', 'string', 'Must be one of: strict (or true), warn, ignore (or false).', {
        default: 'strict',
        noValue: 'strict',
      }),
    },
  ],
  run: runTaint,
}

interface Changes {
  readonly add: readonly Taint[]
  readonly remove: readonly { readonly key: string; readonly effect?: TaintEffect }[]
}

function runTaint(session: Session, invocation: Invocation): void {
  const { flags, path } = invocation
  const { resources, specs } = splitArguments(invocation)
  if (resources.length < 1) fail('one or more resources must be specified as <resource> <name>')
  const changes = parseTaints(path, specs)
  const all = flags.bool('all')
  const selector = flags.string('selector')
  if (all && selector !== '') fail("setting 'all' parameter with a non empty selector is prohibited")
  const type = resources[0]!.split('/')[0]!
  if (findResource(type) !== nodes) fail(`invalid resource type ${type}, only node types are supported`)
  checkAddedAndRemoved(changes)
  const named = resources.length > 1 || resources[0]!.includes('/')
  if (!all && selector === '' && !named)
    fail("at least one resource name must be specified since 'all' parameter is not set")
  if (specs.length === 0) fail('at least one taint update is required')
  const selected: Selected = select(session, {
    args: resources,
    all,
    fetch: true,
    ...(selector === '' ? {} : { selector }),
  })
  forEachTarget(selected, (target) => taintNode(session, invocation, target.object as unknown as Node, changes))
}

/** Words with `=` or `:` or a `-` at the end are taints; all others must come before them. */
function splitArguments({ args }: Invocation): {
  readonly resources: readonly string[]
  readonly specs: readonly string[]
} {
  const resources: string[] = []
  const specs: string[] = []
  let metTaint = false
  for (const word of args) {
    const isTaint = word.includes('=') || word.includes(':') || word.endsWith('-')
    if (!metTaint && isTaint) metTaint = true
    if (metTaint && isTaint) specs.push(word)
    else if (!metTaint) resources.push(word)
    else fail(`all resources must be specified before taint changes: ${word}`)
  }
  return { resources, specs }
}

function parseTaints(path: string, specs: readonly string[]): Changes {
  const add: Taint[] = []
  const remove: { key: string; effect?: TaintEffect }[] = []
  for (const spec of specs) {
    if (spec.endsWith('-')) {
      const parsed = parseTaint(path, spec.slice(0, -1))
      remove.push({ key: parsed.key, ...(parsed.effect === undefined ? {} : { effect: parsed.effect }) })
      continue
    }
    const parsed = parseTaint(path, spec)
    if (parsed.effect === undefined) failUsage(path, `invalid taint spec: ${spec}`)
    const made = { ...parsed, effect: parsed.effect }
    if (add.some((t) => t.key === made.key && t.effect === made.effect)) {
      failUsage(path, `duplicated taints with the same key and effect: ${goTaint(made)}`)
    }
    add.push(made)
  }
  return { add, remove }
}

/** %v of a v1.Taint. */
const goTaint = (t: Taint): string => `{${t.key} ${t.value ?? ''} ${t.effect} <nil>}`

type ParsedTaint = Omit<Taint, 'effect'> & { readonly effect?: TaintEffect }

const EFFECTS: ReadonlySet<string> = new Set(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])

function parseTaint(path: string, spec: string): ParsedTaint {
  const refuse = (why?: string): never =>
    failUsage(path, `invalid taint spec: ${spec}${why === undefined ? '' : `, ${why}`}`)
  const parts = spec.split(':')
  const checkKey = (key: string): void => {
    const problems = labelKeyProblems(key)
    if (problems.length > 0) refuse(problems.join('; '))
  }
  if (parts.length === 1) {
    checkKey(spec)
    return { key: spec }
  }
  if (parts.length !== 2) return refuse()
  const [left = '', effect = ''] = parts
  if (!EFFECTS.has(effect)) failUsage(path, `invalid taint effect: ${effect}, unsupported taint effect`)
  const pair = left.split('=')
  if (pair.length > 2) return refuse()
  const [key = '', value = ''] = pair
  if (pair.length === 2) {
    const problems = labelValueProblems(value)
    if (problems.length > 0) refuse(problems.join('; '))
  }
  checkKey(key)
  return { key, ...(value === '' ? {} : { value }), effect: effect as TaintEffect }
}

function checkAddedAndRemoved({ add, remove }: Changes): void {
  const both = add.flatMap((a) =>
    remove.filter((r) => r.key === a.key && (r.effect === undefined || r.effect === a.effect)),
  )
  if (both.length === 0) return
  const list = both.map((r) => `{"${r.key}":"${r.effect ?? ''}"}`).join(', ')
  fail(`can not both modify and remove the following taint(s) in the same command: ${list}`)
}

function taintNode(session: Session, invocation: Invocation, node: Node, changes: Changes): void {
  const overwrite = invocation.flags.bool('overwrite')
  const old = node.spec.taints ?? []
  if (!overwrite) {
    const clashing = changes.add
      .filter((t) => old.some((o) => o.key === t.key && o.effect === t.effect))
      .map((t) => t.key)
    if (clashing.length > 0)
      fail(
        `node ${node.metadata.name} already has ${clashing.join(',')} taint(s) with same effect(s) and --overwrite is false`,
      )
  }
  const taints = reorganize(old, changes)
  const dryRun = dryRunOf(session, invocation)
  const operation = operationOf(old, changes, overwrite)
  const body = { spec: { taints: taints.length === 0 ? null : (taints as readonly Taint[]) } }
  const object =
    dryRun === 'client'
      ? { ...node, spec: { ...node.spec, taints } }
      : session.expect(
          session.client.patch(
            nodes,
            { name: node.metadata.name },
            { type: 'strategic', body: body as never },
            {
              dryRun: dryRun === 'server',
              fieldManager: invocation.flags.string('field-manager'),
            },
          ),
        )
  printDone(session, invocation, {
    resource: nodes,
    name: node.metadata.name,
    object: object as never,
    operation,
    dryRun,
  })
}

/** New ones first, then the old ones that stay. Upstream: reorganizeTaints. */
function reorganize(old: readonly Taint[], { add, remove }: Changes): readonly Taint[] {
  const kept = old.filter((o) => !add.some((a) => a.key === o.key && a.effect === o.effect))
  const missing = remove.filter((r) => !matches(r, [...add, ...kept]))
  if (missing.length > 0) {
    const nameOf = (r: Changes['remove'][number]): string => (r.effect === undefined ? r.key : `${r.key}:${r.effect}`)
    throw new Failure(missing.map((r) => textError(`taint ${JSON.stringify(nameOf(r))} not found`)))
  }
  return [...add, ...kept].filter((t) => !remove.some((r) => matches(r, [t])))
}

const matches = (r: { readonly key: string; readonly effect?: TaintEffect }, taints: readonly Taint[]): boolean =>
  taints.some((t) => t.key === r.key && (r.effect === undefined || t.effect === r.effect))

/** Upstream: reorganizeTaints; an added taint is one by which the list grew. */
function operationOf(old: readonly Taint[], { add, remove }: Changes, overwrite: boolean): string {
  const added = add.some((a) => !old.some((o) => o.key === a.key && o.effect === a.effect))
  if (overwrite || (added && remove.length > 0)) return 'modified'
  return added ? 'tainted' : 'untainted'
}
