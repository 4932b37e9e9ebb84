// A submission from the command line: files, folders, standard input, and a text file of kubectl lines.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Submission, SubmittedFile } from '../index.ts'
import { ExitError, MISUSE } from './exit.ts'

const MANIFEST = /\.(ya?ml|json)$/i
const COMMANDS = /\.(kubectl|sh|txt)$/i
/** Larger files are cut: the grader answers TooLarge without reading them whole. */
const READ_LIMIT = 16 * 1024 * 1024

/** Reads what FILE... and --commands name. Ends the command with 2 when something cannot be read. */
export function readSubmission(names: readonly string[], commandsFile?: string): Submission {
  const paths = names.flatMap(expand)
  const files = paths.filter((path) => !COMMANDS.test(path)).map(readFile)
  const scripts = [
    ...paths.filter((path) => COMMANDS.test(path)),
    ...(commandsFile === undefined ? [] : [commandsFile]),
  ]
  return { files, commands: scripts.flatMap((path) => kubectlLines(readText(path))) }
}

/** The path of each file as it was given, by its name in the grade: annotations in a pull request need the whole path. */
export function pathsByName(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    names
      .flatMap(expand)
      .filter((path) => path !== '-')
      .map((path) => [basename(path), path.replaceAll('\\', '/').replace(/^\.\//, '')]),
  )
}

/** Lines that are commands: no blank ones, no comments; a line that ends in a backslash goes on. */
export function kubectlLines(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

function expand(name: string): readonly string[] {
  if (name === '-') return ['-']
  if (!existsSync(name)) throw new ExitError(MISUSE, `cannot read ${name}: no such file or folder`)
  if (!statSync(name).isDirectory()) return [name]
  const inside = readdirSync(name)
    .sort()
    .filter((file) => MANIFEST.test(file) || COMMANDS.test(file))
    .map((file) => join(name, file))
  if (inside.length === 0) throw new ExitError(MISUSE, `${name} holds no .yaml, .yml, .json or .kubectl file`)
  return inside
}

function readFile(path: string): SubmittedFile {
  return path === '-'
    ? { name: 'stdin.yaml', text: readText('/dev/stdin') }
    : { name: basename(path), text: readText(path) }
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path === '/dev/stdin' ? 0 : path)
    return bytes
      .subarray(0, READ_LIMIT)
      .toString('utf8')
      .replace(/^\ufeff/, '')
  } catch (error) {
    throw new ExitError(MISUSE, `cannot read ${path}: ${(error as Error).message}`)
  }
}
