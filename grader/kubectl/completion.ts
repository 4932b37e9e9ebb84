/** What could come next on a command line: for the terminal's tab key. Upstream: k8s.io/kubectl/pkg/util/completion. */
import type { ApiClient } from '../api/api-client.ts'
import { compareStrings } from '../api/compare.ts'
import { RESOURCES } from '../api/resource-table.ts'
import type { Command } from './command.ts'
import { GLOBAL_FLAGS, KUBECTL } from './commands.ts'
import { findCommand } from './find-command.ts'
import { findResource, fullNameOf, kindNameOf } from './resource-argument.ts'
import { splitWords } from './words.ts'

export interface CompletionOptions {
  /** The line up to the cursor. */
  readonly line: string
  readonly client: ApiClient
  readonly namespace?: string
  /** Names of files that `-f` may take. */
  readonly files?: readonly string[]
}

export interface Completion {
  /** The part of the line that the candidates replace. */
  readonly word: string
  readonly candidates: readonly string[]
}

/** Commands whose first argument is a Node. */
const NODE_COMMANDS = new Set(['cordon', 'uncordon', 'drain'])
/** Commands whose first argument is a Pod. */
const POD_COMMANDS = new Set(['logs', 'exec', 'debug', 'attach', 'port-forward'])
const TYPE_COMMANDS = new Set([
  ...['get', 'describe', 'delete', 'edit', 'patch', 'label', 'annotate', 'explain', 'scale', 'expose', 'wait', 'taint'],
  ...['status', 'history', 'undo', 'restart', 'pause', 'resume', 'image', 'env', 'resources', 'serviceaccount'],
])

const OUTPUTS = ['custom-columns=', 'json', 'jsonpath=', 'name', 'wide', 'yaml']

/** The words that may stand where the line ends, in order. Never fails. */
export function completeLine(options: CompletionOptions): Completion {
  const all = splitWords(options.line)
  const open = options.line === '' || /\s$/.test(options.line)
  const word = open ? '' : (all.at(-1) ?? '')
  const before = open ? all : all.slice(0, -1)
  if (before.length === 0) return { word, candidates: starting(['kubectl'], word) }
  const found = findCommand(KUBECTL, GLOBAL_FLAGS, before.slice(1))
  const candidates = candidatesFor(options, {
    command: found.command,
    rest: found.rest,
    last: before.at(-1) ?? '',
    word,
  })
  return { word, candidates: starting(candidates, word) }
}

const starting = (candidates: readonly string[], word: string): readonly string[] =>
  [...new Set(candidates)].filter((candidate) => candidate.startsWith(word)).sort(compareStrings)

interface Place {
  readonly command: Command
  readonly rest: readonly string[]
  readonly last: string
  readonly word: string
}

function candidatesFor(options: CompletionOptions, { command, rest, last, word }: Place): readonly string[] {
  const { client } = options
  if (last === '-n' || last === '--namespace') return namesOf(client, 'namespaces', undefined)
  if (last === '-f' || last === '--filename') return options.files ?? []
  if (last === '-o' || last === '--output') return OUTPUTS
  if (word.startsWith('-')) return [...(command.flags ?? []), ...GLOBAL_FLAGS].map((f) => `--${f.name}`)
  const args = rest.filter((arg) => !arg.startsWith('-'))
  if (command.commands !== undefined && args.length === 0) return command.commands.map((c) => c.name)
  const namespace = namespaceIn(rest) ?? options.namespace ?? 'default'
  if (NODE_COMMANDS.has(command.name)) return namesOf(client, 'nodes', undefined)
  if (POD_COMMANDS.has(command.name)) return args.length === 0 ? namesOf(client, 'pods', namespace) : []
  if (!TYPE_COMMANDS.has(command.name)) return []
  const slash = word.indexOf('/')
  if (slash > 0) return namesOf(client, word.slice(0, slash), namespace).map((name) => word.slice(0, slash + 1) + name)
  return args.length === 0 ? typeNames() : namesOf(client, args[0]!, namespace)
}

function namespaceIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '-n' || word === '--namespace')
  return at < 0 ? undefined : words[at + 1]
}

const typeNames = (): readonly string[] => RESOURCES.flatMap((r) => [fullNameOf(r), kindNameOf(r), ...r.shortNames])

function namesOf(client: ApiClient, type: string, namespace: string | undefined): readonly string[] {
  const resource = findResource(type)
  if (resource === undefined) return []
  const listed = client.list(resource, resource.namespaced && namespace !== undefined ? { namespace } : {})
  return listed.ok ? listed.value.items.map((object) => object.metadata.name) : []
}
