// A scenario from a file: read, decoded, or the end of the command with every fault named.
import { readFileSync } from 'node:fs'
import { decodeScenario, parseYaml, type Scenario } from '../index.ts'
import { ExitError, MISUSE } from './exit.ts'

/** The scenario of the file; ends the command with 2 when it cannot be read or has faults. A lab's steps may be missing. */
export function readScenario(path: string): Scenario {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ExitError(MISUSE, `cannot read ${path}: ${(error as Error).message}`)
  }
  const yaml = parseYaml(text)
  if (yaml.error !== undefined) throw new ExitError(MISUSE, `${path}: ${yaml.error}`)
  const decoded = decodeScenario(yaml.value, (inline) => parseYaml(inline).value)
  if (decoded.value === undefined) {
    throw new ExitError(
      MISUSE,
      `${path} is no scenario:\n${decoded.errors.map((error) => `  ${error.path}: ${error.message}`).join('\n')}`,
    )
  }
  return decoded.value
}
