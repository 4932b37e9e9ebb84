// The language of goals: CEL as in Kubernetes' admission policies, over the cluster. The only importer of the CEL library.
// Every name is documented, with an example, in docs/formats/goals.md.
import { Environment } from '@marcbachmann/cel-js'
import { compareStrings } from '../api/compare.ts'
import type { Node, Pod } from '../api/core.ts'
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
export const CEL_FUNCTIONS: readonly { readonly signature: string; readonly says: string; readonly example: string }[] =
  [
    {
      signature: 'daemonSet(string): dyn',
      says: 'the DaemonSet, or null',
      example: "daemonSet('agent').status.numberReady == 3",
    },
    {
      signature: 'readyPods(string, dyn): list<dyn>',
      says: 'its Pods on the node that are Ready and not ending',
      example: "readyPods('agent', node).size() == 1",
    },
    {
      signature: 'daemonPods(string, dyn): list<dyn>',
      says: 'all its Pods made for the node',
      example: "daemonPods('agent', node).size() == 0",
    },
    {
      signature: 'hasPod(string, dyn): bool',
      says: 'whether it has any Pod for the node (object or name)',
      example: "!hasPod('agent', 'db-1')",
    },
    {
      signature: 'runningOn(string): list<string>',
      says: 'names of the nodes where a Pod of it is Ready, sorted',
      example: "runningOn('agent') == ['w-1', 'w-2']",
    },
    {
      signature: 'unavailable(string, list<dyn>): int',
      says: 'how many of the nodes have no ready Pod of it',
      example: "unavailable('agent', nodes) <= 1",
    },
    {
      signature: 'revision(string): int',
      says: 'the number of its newest revision, 0 without one',
      example: "revision('agent') == 2",
    },
    {
      signature: 'hasEvent(string): bool',
      says: 'whether any Event has this reason',
      example: "hasEvent('FailedScheduling')",
    },
  ]

const nameOf = (node: unknown): string =>
  typeof node === 'string' ? node : ((node as Node | undefined)?.metadata?.name ?? '')

/** The cluster that the expression under evaluation asks: evaluation is synchronous and none starts another. */
let asked: () => ClusterView = () => {
  throw new Error('an expression is asked through its environment')
}

const library = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
  .registerVariable('node', 'dyn')
  .registerVariable('pod', 'dyn')
  .registerVariable('nodes', 'list<dyn>')
  .registerVariable('pods', 'list<dyn>')
  .registerVariable('events', 'list<dyn>')
  .registerFunction('daemonSet(string): dyn', (name: string) => asked().daemonSet(name) ?? null)
  .registerFunction('readyPods(string, dyn): list<dyn>', (name: string, node: unknown) =>
    asked().readyPods(name, nameOf(node)),
  )
  .registerFunction('daemonPods(string, dyn): list<dyn>', (name: string, node: unknown) =>
    asked().daemonPods(name, nameOf(node)),
  )
  .registerFunction(
    'hasPod(string, dyn): bool',
    (name: string, node: unknown) => asked().daemonPods(name, nameOf(node)).length > 0,
  )
  .registerFunction('runningOn(string): list<string>', (name: string) => {
    const view = asked()
    const names = view.nodes().map((node) => node.metadata.name)
    return names.filter((node) => view.readyPods(name, node).length > 0).sort(compareStrings)
  })
  .registerFunction('unavailable(string, list<dyn>): int', (name: string, nodes: readonly unknown[]) => {
    const view = asked()
    return BigInt(nodes.filter((node) => view.readyPods(name, nameOf(node)).length === 0).length)
  })
  .registerFunction('revision(string): int', (name: string) => BigInt(asked().revision(name)))
  .registerFunction('hasEvent(string): bool', (reason: string) =>
    asked()
      .events()
      .some((event) => event.reason === reason),
  )

/** A context whose lists are read from the cluster only when an expression names them. */
class Context {
  readonly node: Node | null
  readonly pod: Pod | null

  constructor({ node, pod }: Subject) {
    this.node = node ?? null
    this.pod = pod ?? null
  }

  get nodes() {
    return asked().nodes()
  }

  get pods() {
    return asked().pods()
  }

  get events() {
    return asked().events()
  }
}

type Parsed = { readonly ask: (context: Context) => unknown } | { readonly problem: CelProblem }

const MAX_PARSED = 1000
/** By text: the same goals are asked in each of a lab's stories. */
const parsedTexts = new Map<string, Parsed>()

function parse(text: string): Parsed {
  const known = parsedTexts.get(text)
  if (known !== undefined) return known
  if (parsedTexts.size >= MAX_PARSED) parsedTexts.clear()
  const made = parseAndCheck(text)
  parsedTexts.set(text, made)
  return made
}

function parseAndCheck(text: string): Parsed {
  try {
    const ask = library.parse(text)
    const checked = ask.check()
    return checked.valid
      ? { ask: (context) => ask(context as unknown as Record<string, unknown>) }
      : { problem: problemOf(checked.error) }
  } catch (error) {
    return { problem: problemOf(error) }
  }
}

/** Builds the environment; `view` answers for the moment at which an expression is asked. */
export function createCelEnvironment(view: () => ClusterView): CelEnvironment {
  return {
    compile(text) {
      const parsed = parse(text)
      if ('problem' in parsed) return parsed
      const { ask } = parsed
      return {
        expression(subject) {
          asked = view
          return ask(new Context(subject)) as CelValue
        },
      }
    },
  }
}

function problemOf(error: unknown): CelProblem {
  const {
    message = String(error),
    node,
    range,
  } = (error ?? {}) as { message?: string; node?: { pos?: number }; range?: { start?: number } }
  return { message: (message.split('\n')[0] ?? message).trim(), offset: node?.pos ?? range?.start ?? 0 }
}
