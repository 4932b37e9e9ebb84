// Exit codes of the command line (docs/formats/command-line.md).

export const NOT_PASSED = 1
/** Wrong use, or input that cannot be read. */
export const MISUSE = 2
/** A fault of ours. */
export const FAULT = 3

/** Ends a command with a code; the message, if there is one, goes to stderr. */
export class ExitError extends Error {
  readonly code: number

  constructor(code: number, message = '') {
    super(message)
    this.code = code
  }
}
