/**
 * kubectl as a function: words in, text and an exit code out. It knows the API and a way to let time pass, nothing of
 * the cluster. Upstream: k8s.io/kubectl/pkg/cmd/cmd.go, github.com/spf13/cobra (command.go).
 */
import type { ApiClient, Waiter } from '../api/api-client.ts'
import type { ApiResult } from '../api/api-status.ts'
import type { Command, Files, Hooks, Invocation, Session } from './command.ts'
import { GLOBAL_FLAGS, KUBECTL } from './commands.ts'
import { exitCodeOf, expectValue, Failure, fail, failUsage, formatErrors } from './failure.ts'
import { type FoundCommand, findCommand, suggestionsFor } from './find-command.ts'
import { type Flag, parseFlags } from './flags.ts'
import { quote } from './go-text.ts'
import { helpOf } from './help.ts'
import { splitWords } from './words.ts'

export interface KubectlOptions {
  /** A command line, with or without `kubectl` in front; or the words themselves. */
  readonly line?: string
  readonly args?: readonly string[]
  readonly client: ApiClient
  readonly waiter: Waiter
  readonly files?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** The namespace of the current context. */
  readonly defaultNamespace?: string
  readonly hooks?: Hooks
  /** Virtual seconds that a command without a timeout of its own waits before it counts as interrupted (Ctrl-C). */
  readonly patienceSeconds?: number
}

export interface KubectlResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  /** Files that the command wrote, by name; absent if none. */
  readonly files?: Readonly<Record<string, string>>
  /** The context's namespace, if the command changed it. */
  readonly namespace?: string
}

// Simplified: a kubectl that would wait for ever (rollout status, drain, delete, get --watch) ends after this time.
const DEFAULT_PATIENCE_SECONDS = 600

/** Runs one command. Never throws for what the user typed. */
export function runKubectl(options: KubectlOptions): KubectlResult {
  const words = options.args ?? wordsOf(options.line ?? '')
  const work = createWork(options)
  const exitCode = work.finish(() => runWords(work, words))
  return work.result(exitCode)
}

function wordsOf(line: string): readonly string[] {
  const words = splitWords(line)
  return words[0] === 'kubectl' || words[0] === 'k' ? words.slice(1) : words
}

interface Work {
  readonly session: (namespace: string | undefined) => Session
  out(text: string): void
  finish(run: () => number): number
  result(exitCode: number): KubectlResult
}

function createWork(options: KubectlOptions): Work {
  const stdout: string[] = []
  const stderr: string[] = []
  const warned = new Set<string>()
  const written: Record<string, string> = {}
  let switched: string | undefined
  const files = filesOf(options.files ?? {}, written)
  const context = options.defaultNamespace ?? 'default'
  const warn = (warnings: readonly string[]) => {
    for (const warning of warnings) {
      if (warned.has(warning)) continue
      warned.add(warning)
      stderr.push(`Warning: ${warning}\n`)
    }
  }
  return {
    session: (namespace) => ({
      client: options.client,
      waiter: options.waiter,
      files,
      hooks: options.hooks ?? {},
      stdin: options.stdin ?? '',
      namespace: namespace ?? context,
      namespaceGiven: namespace !== undefined,
      patienceSeconds: options.patienceSeconds ?? DEFAULT_PATIENCE_SECONDS,
      now: () => options.waiter.now(),
      out: (text) => void stdout.push(text),
      err: (text) => void stderr.push(text),
      warn,
      expect: <T>(result: ApiResult<T>, about?: (message: string) => string) => {
        warn(result.warnings)
        return expectValue(result, about)
      },
      switchNamespace: (to) => {
        switched = to
      },
    }),
    out: (text) => void stdout.push(text),
    finish(run) {
      try {
        return run()
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        stderr.push(formatErrors(error.errors))
        return error.exitCode ?? exitCodeOf(error.errors)
      }
    },
    result: (exitCode) => ({
      stdout: stdout.join(''),
      stderr: stderr.join(''),
      exitCode,
      ...(Object.keys(written).length === 0 ? {} : { files: written }),
      ...(switched === undefined ? {} : { namespace: switched }),
    }),
  }
}

function filesOf(given: Readonly<Record<string, string>>, written: Record<string, string>): Files {
  const clean = (name: string): string => name.replace(/^(\.\/)+/, '')
  const read = (name: string): string | undefined => {
    const key = clean(name)
    if (Object.hasOwn(written, key)) return written[key]
    return Object.hasOwn(given, key) ? given[key] : Object.hasOwn(given, name) ? given[name] : undefined
  }
  return {
    read,
    below(folder) {
      const prefix = clean(folder) === '.' || clean(folder) === '' ? '' : `${clean(folder).replace(/\/+$/, '')}/`
      const names = Object.keys(given).filter((name) => name.startsWith(prefix))
      return names.length === 0 && prefix !== '' ? undefined : names.sort((a, b) => (a < b ? -1 : 1))
    },
    write(name, text) {
      written[clean(name)] = text
    },
  }
}

function runWords(work: Work, words: readonly string[]): number {
  const { command, path, rest } = findCommand(KUBECTL, GLOBAL_FLAGS, words)
  if (command === KUBECTL) return runRoot(work, rest)
  try {
    return runCommand(work, { command, path, rest })
  } catch (error) {
    if (!(error instanceof Failure) || command.troubleExitCode === undefined) throw error
    throw new Failure(error.errors, command.troubleExitCode)
  }
}

function runCommand(work: Work, { command, path, rest }: FoundCommand): number {
  const table: readonly Flag[] = [...(command.flags ?? []), ...GLOBAL_FLAGS]
  const helpAsked = asksForHelp(rest)
  if (helpAsked) {
    work.out(helpOf(command, path))
    return 0
  }
  const parsed = parseFlags(table, rest, path)
  const invocation: Invocation = {
    path,
    args: parsed.args,
    argsBeforeDash: parsed.argsBeforeDash,
    flags: parsed.values,
    command,
  }
  checkRequired(command, invocation)
  const namespace = parsed.values.string('namespace')
  const session = work.session(namespace === '' ? undefined : namespace)
  if (command.run === undefined) {
    if (parsed.args.length > 0) failUsage(path, `unknown command ${quote(parsed.args.join(' '))}`)
    // Upstream: cmdutil.DefaultSubCommandRun; only rollout hands it stdout.
    const say = command.name === 'rollout' ? session.out : session.err
    say(helpOf(command, path))
    return 1
  }
  const code = command.run(session, invocation)
  return typeof code === 'number' ? code : 0
}

function runRoot(work: Work, rest: readonly string[]): number {
  if (asksForHelp(rest)) {
    work.out(helpOf(KUBECTL, 'kubectl'))
    return 0
  }
  const { args } = parseFlags(GLOBAL_FLAGS, rest, 'kubectl')
  const [unknown] = args
  if (unknown !== undefined) fail(`unknown command ${quote(unknown)} for "kubectl"${suggestionsFor(KUBECTL, unknown)}`)
  work.out(helpOf(KUBECTL, 'kubectl'))
  return 0
}

/** `-h` or `--help` among the words before `--`. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).some((word) => word === '-h' || word === '--help')
}

function checkRequired(command: Command, { flags }: Invocation): void {
  const missing = (command.required ?? []).filter((name) => !flags.changed(name))
  if (missing.length > 0) fail(`required flag(s) ${missing.map((name) => `"${name}"`).join(', ')} not set`)
}
