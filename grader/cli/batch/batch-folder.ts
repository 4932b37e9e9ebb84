// DIR/<learner>/<lab id>/…: what there is to grade, and the journal of what was graded already.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ExitError, MISUSE } from '../exit.ts'
import { labFolder } from '../lab-folders.ts'
import type { BatchItem, BatchRow } from './batch-row.ts'

/** Every lab folder of every learner, by name. A folder that is no lab is wrong use: its name is the only hint. */
export function findItems(dir: string): readonly BatchItem[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new ExitError(MISUSE, `--batch wants a folder: ${dir}`)
  return foldersIn(dir).flatMap((learner) =>
    foldersIn(join(dir, learner)).map(
      (lab): BatchItem => ({ learner, lab, folder: join(dir, learner, lab), labFolder: labFolder(lab) }),
    ),
  )
}

function foldersIn(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort()
}

/** Rows of an earlier run whose submission has not changed since, by learner and lab. */
export interface Journal {
  find(item: BatchItem): BatchRow | undefined
  add(item: BatchItem, row: BatchRow): void
}

/** A file of JSON lines; a last line that an interrupted run left half written is passed over. */
export function openJournal(file: string, seed: number): Journal {
  const known = new Map<string, BatchRow>()
  if (existsSync(file)) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const entry = parseLine(line)
      if (entry !== undefined) known.set(entry.key, entry.row)
    }
  }
  return {
    find: (item) => known.get(keyOf(item, seed)),
    add: (item, row) => appendFileSync(file, `${JSON.stringify({ key: keyOf(item, seed), row })}\n`),
  }
}

function parseLine(line: string): { readonly key: string; readonly row: BatchRow } | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as { key: string; row: BatchRow })
  } catch {
    return undefined
  }
}

/** Changes with the learner, the lab, the seed and any byte of the submission or of the lab. */
function keyOf({ learner, lab, folder, labFolder: definition }: BatchItem, seed: number): string {
  const hash = createHash('sha256').update(JSON.stringify([learner, lab, seed]))
  for (const root of [folder, definition]) {
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(root, name)
      if (statSync(path).isFile()) hash.update(name).update('\0').update(readFileSync(path))
    }
  }
  return hash.digest('hex')
}
