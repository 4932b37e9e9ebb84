// Labs on disk: the folder labs/ beside the program, or any folder that an author names.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Lab, loadLab, solvedVariant } from '../index.ts'
import { ExitError, MISUSE } from './exit.ts'
import { kubectlLines } from './submission-input.ts'

/** Files of a lab by path relative to its folder, with `/` on every system. */
export type LabFiles = Readonly<Record<string, string>>

const here = dirname(fileURLToPath(import.meta.url))

/** The folder labs/ of this installation: NODEWISE_LABS, or the nearest one above the program. */
export function labsFolder(): string {
  const named = process.env.NODEWISE_LABS
  if (named !== undefined && named !== '') return named
  for (let folder = here; ; folder = dirname(folder)) {
    const labs = join(folder, 'labs')
    if (existsSync(labs) && readdirSync(labs).some((name) => existsSync(join(labs, name, 'lab.yaml')))) return labs
    if (dirname(folder) === folder) throw new ExitError(MISUSE, 'no labs found: set NODEWISE_LABS to their folder')
  }
}

/** Ids of all labs, in order. */
export function labIds(): readonly string[] {
  const folder = labsFolder()
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'lab.yaml')))
    .sort()
}

/** The folder of a lab by its id, by the id's number (`4`, `04`), or by a path. Ends the command with 2 if there is none. */
export function labFolder(name: string): string {
  if (existsSync(join(name, 'lab.yaml'))) return name
  const ids = labIds()
  const wanted = /^\d+$/.test(name)
    ? ids.find((id) => Number(id.slice(0, 2)) === Number(name))
    : ids.find((id) => id === name)
  if (wanted === undefined) throw new ExitError(MISUSE, `there is no lab "${name}". Labs: ${ids.join(', ')}`)
  return join(labsFolder(), wanted)
}

/** Every text of a folder, subfolders included. */
export function readFolder(folder: string): LabFiles {
  const files: Record<string, string> = {}
  const walk = (at: string) => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name)
      if (statSync(path).isDirectory()) walk(path)
      else files[relative(folder, path).replaceAll('\\', '/')] = readFileSync(path, 'utf8')
    }
  }
  walk(folder)
  return files
}

/** The lab in the words of a variant (0: as it is written), or the end of the command: an author's mistake is wrong use here, never a learner's zero. */
export function openLab(name: string, variant = 0): { readonly lab: Lab; readonly files: LabFiles } {
  const written = readFolder(labFolder(name))
  const { files } = variant === 0 ? { files: written } : solvedVariant(written, variant, kubectlLines)
  const loaded = loadLab(files)
  if (loaded.lab === undefined) {
    const faults = loaded.errors.map((error) => `  ${error.path === '' ? '' : `${error.path}: `}${error.message}`)
    throw new ExitError(MISUSE, `the lab "${name}" has faults:\n${faults.join('\n')}`)
  }
  return { lab: loaded.lab, files }
}
