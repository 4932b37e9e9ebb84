// What a shell's program is: words and input in, output and an exit code out.
import type { FileTree } from './file-tree.ts'

/** What a program left behind. */
export interface Output {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

export interface ProcessLine {
  readonly pid: number
  readonly user: string
  readonly command: string
}

/** Where programs run. */
export interface Surroundings {
  readonly files: FileTree
  readonly environment: Map<string, string>
  readonly hostname: string
  readonly uid: number
  readonly gid: number
  readonly processes: readonly ProcessLine[]
  /** RFC 3339. */
  readonly now: string
  /** Runs another program; undefined if there is none of that name. */
  readonly run: (words: readonly string[], stdin: string, around: Surroundings) => Output | undefined
  /** Where the shell stands; `cd` changes it. */
  directory: string
  lastExitCode: number
  /** What `exit` asked for. */
  exited: boolean
}

/** A program: its arguments, without its name, and what it reads. */
export type Program = (args: readonly string[], stdin: string, around: Surroundings) => Output

export const said = (stdout: string): Output => ({ stdout, stderr: '', exitCode: 0 })
export const failed = (stderr: string, exitCode = 1): Output => ({ stdout: '', stderr: `${stderr}\n`, exitCode })
