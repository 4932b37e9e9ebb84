/** A fault of this program, never of a learner. Caught only in the worker, the CLI and the HTTP adapter. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** Throws AssertionError with `what must hold` when the condition is false. For our own bugs only. */
export function assert(condition: unknown, whatMustHold: string): asserts condition {
  if (!condition) throw new AssertionError(whatMustHold)
}
