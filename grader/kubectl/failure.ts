/**
 * How a kubectl command fails, and what it then prints. Commands throw a Failure; run.ts alone catches it.
 * Upstream: k8s.io/kubectl/pkg/cmd/util/helpers.go (checkErr, StandardErrorMessage, MultilineError, AddSourceToErr).
 */
import type { ApiResult, ApiStatus } from '../api/api-status.ts'
import { quote } from './go-text.ts'

/** One error: an API status, or a text. `bare` texts print without `error: `; `exitCode` is 1 unless given. */
export type CommandError =
  | { readonly type: 'status'; readonly status: ApiStatus }
  | { readonly type: 'text'; readonly text: string; readonly bare?: true; readonly exitCode?: number }

/** Ends a command: what it printed so far stays, the errors follow on stderr. */
export class Failure extends Error {
  readonly errors: readonly CommandError[]
  /** The exit code where the command has one of its own for trouble. */
  readonly exitCode: number | undefined

  constructor(errors: readonly CommandError[], exitCode?: number) {
    super(errors.map(messageOf).join('\n'))
    this.errors = errors
    this.exitCode = exitCode
  }
}

export const textError = (text: string): CommandError => ({ type: 'text', text })
export const statusError = (status: ApiStatus): CommandError => ({ type: 'status', status })

/** Ends the command with `error: text`. */
export function fail(text: string): never {
  throw new Failure([textError(text)])
}

/** Ends the command with the text as it is, and an exit code of its own. */
export function failBare(text: string, exitCode = 1): never {
  throw new Failure([{ type: 'text', text, bare: true, exitCode }])
}

/** Wrong use: the message and where help is to be had. Upstream: cmdutil.UsageErrorf. */
export function failUsage(commandPath: string, text: string): never {
  fail(`${text}\nSee '${commandPath} -h' for help and examples`)
}

/** Says honestly that our kubectl lacks something the real one has. */
export function failUnsupported(what: string): never {
  failBare(`nodewise: ${what} is not part of this simulated cluster's kubectl`)
}

/** Ends the command with all errors, if there are any. Upstream: utilerrors.NewAggregate and checkErr. */
export function failWithAll(errors: readonly CommandError[]): void {
  if (errors.length > 0) throw new Failure(errors)
}

/** Runs a step and collects its failure instead of ending the command. */
export function collect(errors: CommandError[], step: () => void): void {
  try {
    step()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    errors.push(...error.errors)
  }
}

/** The value of an API call, or the end of the command; `context` says during what, with `describeDuring`. */
export function expectValue<T>(result: ApiResult<T>, context?: (message: string) => string): T {
  if (result.ok) return result.value
  const { status } = result
  throw new Failure([statusError(context === undefined ? status : { ...status, message: context(status.message) })])
}

/** `error when creating "f": …`. Upstream: AddSourceToErr. */
export const during =
  (verb: string, source: string) =>
  (message: string): string =>
    source === '' ? message : `error when ${verb} ${quote(source)}: ${message}`

/** An error's own words, without any frame. */
export function messageOf(error: CommandError): string {
  return error.type === 'status' ? error.status.message : error.text
}

/** The error as a line of an aggregate: server errors in their frame, others as they are. */
export function framedMessage(error: CommandError): string {
  if (error.type === 'text') return error.text
  const { code, reason, message } = error.status
  // No answer at all: kubectl says it without a frame.
  if (code === 0) return message
  if (reason === 'Unauthorized') return `error: You must be logged in to the server (${message})`
  return reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`
}

/** What kubectl prints on stderr for the errors that ended it, newline included. */
export function formatErrors(errors: readonly CommandError[]): string {
  const [first] = errors
  if (first === undefined) return ''
  const text = errors.length > 1 ? errors.map((error) => `${framedMessage(error)}\n`).join('') : formatSingle(first)
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

function formatSingle(error: CommandError): string {
  if (error.type === 'text')
    return error.bare === true || error.text.startsWith('error: ') ? error.text : `error: ${error.text}`
  return error.status.reason === 'Invalid' ? formatInvalid(error.status) : framedMessage(error)
}

function formatInvalid({ message, details }: ApiStatus): string {
  if (details === undefined) return `The request is invalid: ${message}`
  const causes = [...new Set((details.causes ?? []).map((cause) => `${cause.field ?? ''}: ${cause.message}`))]
  const named = (details.kind ?? '') !== '' || (details.name ?? '') !== ''
  const head = named ? `The ${details.kind ?? ''} ${quote(details.name ?? '')} is invalid` : 'The request is invalid'
  if (causes.length === 0) return named ? head : `${head}: ${message}`
  if (causes.length === 1) return `${head}: ${causes[0]}`
  return `${head}: \n${causes.map((cause) => `* ${cause}\n`).join('')}`
}

export function exitCodeOf(errors: readonly CommandError[]): number {
  const [first] = errors
  return errors.length === 1 && first?.type === 'text' ? (first.exitCode ?? 1) : 1
}
