/** Flags that all commands with files share. Upstream: genericclioptions.FileNameFlags, cmdutil.AddValidateFlags. */
import type { Invocation } from '../command.ts'
import { fail } from '../failure.ts'
import { type Flag, flag } from '../flags.ts'

export const FILENAME_FLAGS: readonly Flag[] = [
  flag('filename', 'list', 'The files that contain the configurations to apply.', { short: 'f' }),
  flag('kustomize', 'string', "Process a kustomization directory. This flag can't be used together with -f or -R.", {
    short: 'k',
  }),
  flag(
    'recursive',
    'bool',
    'Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.',
    { short: 'R' },
  ),
]

export const VALIDATE: Flag = flag('validate', 'string', 'Must be one of: strict (or true), warn, ignore (or false).', {
  default: 'strict',
  noValue: 'strict',
})

/** Upstream: GetValidationDirective. */
export function validationOf({ flags }: Invocation): 'Strict' | 'Warn' | 'Ignore' {
  const value = flags.string('validate')
  if (value === '' || value === 'strict' || isTrue(value)) return 'Strict'
  if (value === 'warn') return 'Warn'
  if (value === 'ignore' || isFalse(value)) return 'Ignore'
  return fail(
    `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
  )
}

const isTrue = (value: string): boolean => ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)
const isFalse = (value: string): boolean => ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)
