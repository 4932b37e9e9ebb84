// The language of goals: CEL as in Kubernetes' admission policies, over the cluster. The only importer of the CEL library.
// Every name is documented, with an example, in docs/formats/goals.md.
import { Environment } from '@marcbachmann/cel-js'
import type { Node, Pod } from '../api/core.ts'
import { compareStrings } from '../api/compare.ts'
import type { ClusterView } from './cluster-view.ts'

/** What an expression is asked about besides the cluster. */
export interface Subject {
  readonly node?: Node
  readonly pod?: Pod
}

export type CelValue = string | number | boolean | bigint | null | readonly unknown[] | object

/** An expression ready to be asked; throws CelEvaluationError when it cannot answer (a missing key, say). */
export type CelExpression = (subject: Subject) => CelValue

/** The author's mistake in an expression: text without stack, place within the expression (from 0). */
export interface CelProblem {
  readonly message: string
  readonly offset: number
}

/** An environment whose functions look at `view()`; expressions are parsed once and asked many times. */
export interface CelEnvironment {
  compile(text: string): { readonly expression: CelExpression } | { readonly problem: CelProblem }
}

/** What documentation and authors' tools list: signature and one sentence. */
export const CEL_FUNCTIONS: readonly { readonly signature: string; readonly says: string; readonly example: string }[] = [
  { signature: 'daemonSet(string): dyn', says: 'the DaemonSet, or null', example: "daemonSet('agent').status.numberReady == 3" },
  { signature: 'readyPods(string, dyn): list<dyn>', says: 'its Pods on the node that are Ready and not ending', example: "readyPods('agent', node).size() == 1" },
  { signature: 'daemonPods(string, dyn): list<dyn>', says: 'all its Pods made for the node', example: "daemonPods('agent', node).size() == 0" },
  { signature: 'hasPod(string, dyn): bool', says: 'whether it has any Pod for the node (object or name)', example: "!hasPod('agent', 'db-1')" },
  { signature: 'runningOn(string): list<string>', says: 'names of the nodes where a Pod of it is Ready, sorted', example: "runningOn('agent') == ['w-1', 'w-2']" },
  { signature: 'unavailable(string, list<dyn>): int', says: 'how many of the nodes have no ready Pod of it', example: "unavailable('agent', nodes) <= 1" },
  { signature: 'revision(string): int', says: 'the number of its newest revision, 0 without one', example: "revision('agent') == 2" },
  { signature: 'hasEvent(string): bool', says: 'whether any Event has this reason', example: "hasEvent('FailedScheduling')" },
]

/** Builds the environment; `view` answers for the moment at which an expression is asked. */
export function createCelEnvironment(view: () => ClusterView): CelEnvironment {
  const nameOf = (node: unknown): string => (typeof node === 'string' ? node : ((node as Node | undefined)?.metadata?.name ?? ''))
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
    .registerVariable('node', 'dyn')
    .registerVariable('pod', 'dyn')
    .registerVariable('nodes', 'list<dyn>')
    .registerVariable('pods', 'list<dyn>')
    .registerVariable('events', 'list<dyn>')
    .registerFunction('daemonSet(string): dyn', (name: string) => view().daemonSet(name) ?? null)
    .registerFunction('readyPods(string, dyn): list<dyn>', (name: string, node: unknown) => view().readyPods(name, nameOf(node)))
    .registerFunction('daemonPods(string, dyn): list<dyn>', (name: string, node: unknown) => view().daemonPods(name, nameOf(node)))
    .registerFunction('hasPod(string, dyn): bool', (name: string, node: unknown) => view().daemonPods(name, nameOf(node)).length > 0)
    .registerFunction('runningOn(string): list<string>', (name: string) =>
      view()
        .nodes()
        .map((node) => node.metadata.name)
        .filter((node) => view().readyPods(name, node).length > 0)
        .sort(compareStrings),
    )
    .registerFunction('unavailable(string, list<dyn>): int', (name: string, nodes: readonly unknown[]) =>
      BigInt(nodes.filter((node) => view().readyPods(name, nameOf(node)).length === 0).length),
    )
    .registerFunction('revision(string): int', (name: string) => BigInt(view().revision(name)))
    .registerFunction('hasEvent(string): bool', (reason: string) => view().events().some((event) => event.reason === reason))
  return {
    compile(text) {
      try {
        const parsed = environment.parse(text)
        const checked = parsed.check()
        if (!checked.valid) return { problem: problemOf(checked.error) }
        return { expression: (subject) => parsed(contextOf(view(), subject)) as CelValue }
      } catch (error) {
        return { problem: problemOf(error) }
      }
    },
  }
}

/** Lists are made only when an expression names them. */
function contextOf(view: ClusterView, subject: Subject): Record<string, unknown> {
  return {
    node: subject.node ?? null,
    pod: subject.pod ?? null,
    get nodes() {
      return view.nodes()
    },
    get pods() {
      return view.pods()
    },
    get events() {
      return view.events()
    },
  }
}

function problemOf(error: unknown): CelProblem {
  const { message = String(error), node, range } = (error ?? {}) as { message?: string; node?: { pos?: number }; range?: { start?: number } }
  return { message: (message.split('\n')[0] ?? message).trim(), offset: node?.pos ?? range?.start ?? 0 }
}
