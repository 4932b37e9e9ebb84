/** What a kubectl command is, and what it works with while it runs. */
import type { ApiClient, Waiter } from '../api/api-client.ts'
import type { ApiResult } from '../api/api-status.ts'
import type { Flag, FlagValues } from './flags.ts'

/** Files as commands see them: a name as it was written after `-f` → its text. */
export interface Files {
  read(name: string): string | undefined
  /** Names of the files below a folder, in order; undefined if there is no such folder. */
  below(folder: string): readonly string[] | undefined
  /** Leaves a file behind, for what the command returns. */
  write(name: string, text: string): void
}

/** Runs a program in a container: what `kubectl exec` hands on. */
export interface ExecRequest {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly command: readonly string[]
  readonly stdin: string
}
export interface ExecResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** What the page or the test adds to a command: an editor, containers that run programs, a way to interrupt. */
export interface Hooks {
  /** What the learner's editor makes of the text that `kubectl edit` shows; undefined: there is no editor. */
  readonly edit?: (text: string) => string
  readonly exec?: (request: ExecRequest) => ExecResult
}

/** One command at work. Everything it says goes through `out` and `err`. */
export interface Session {
  readonly client: ApiClient
  readonly waiter: Waiter
  readonly files: Files
  readonly hooks: Hooks
  readonly stdin: string
  /** The namespace that counts: `-n`, else the context's. */
  readonly namespace: string
  /** Whether `-n` was given, so that objects from files must agree. */
  readonly namespaceGiven: boolean
  /** How long a command without a timeout of its own waits before it counts as interrupted. */
  readonly patienceSeconds: number
  /** Virtual milliseconds since the epoch. */
  now(): number
  out(text: string): void
  err(text: string): void
  /** The value of an API call, its warnings printed; a refusal ends the command, with `context` around the message. */
  expect<T>(result: ApiResult<T>, context?: (message: string) => string): T
  /** Prints the warnings of an API call, each text once per command. */
  warn(warnings: readonly string[]): void
  /** Makes another namespace the context's own. */
  switchNamespace(namespace: string): void
}

/** The command line of one command after its flags were read. */
export interface Invocation {
  /** `kubectl rollout status`. */
  readonly path: string
  readonly args: readonly string[]
  readonly argsBeforeDash: number | undefined
  readonly flags: FlagValues
  readonly command: Command
}

/** A command of kubectl: either a group of commands or something that runs. */
export interface Command {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly suggestFor?: readonly string[]
  readonly summary: string
  /** What follows the command's path in its usage line. */
  readonly usage?: string
  readonly flags?: readonly Flag[]
  readonly required?: readonly string[]
  readonly commands?: readonly Command[]
  /** What the real command does and ours does not, in one sentence each; docs/kubectl.md lists it. */
  readonly missing?: readonly string[]
  /** The exit code of all failures, where it is not 1: `diff` says 1 for a difference. Upstream: cmdutil.CheckDiffErr. */
  readonly troubleExitCode?: number
  /** A number is the exit code; anything else means 0. */
  run?(session: Session, invocation: Invocation): unknown
}
