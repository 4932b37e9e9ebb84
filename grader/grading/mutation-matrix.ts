// Mutates each answer of a lab and says what became of every mutant. It must fail, or be the same by behaviour, or be
// explained by the author: otherwise the lab's goals do not check what its answer does.
import type { JsonObject } from '../api/meta.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { createSource } from '../manifest/source.ts'
import { behaviourOf, type Difference, firstDifference } from './equivalence.ts'
import { generatedWorlds } from './generated-clusters.ts'
import { applyEdits } from './json-edit.ts'
import { type Failure, firstFailure } from './judge.ts'
import type { Lab } from './lab.ts'
import { mutantsOf } from './mutants.ts'
import type { Submission } from './submission.ts'

export interface MatrixRow {
  readonly answer: string
  readonly mutant: string
  /** survived: it passes, behaves differently, and nobody says why. */
  readonly outcome: 'failed' | 'equivalent' | 'explained' | 'survived'
  readonly failure?: Failure
  readonly difference?: Difference
  readonly why?: string
}

export interface MutationMatrix {
  readonly lab: string
  readonly rows: readonly MatrixRow[]
}

export interface Answer {
  readonly path: string
  readonly submission: Submission
}

const MIXTURES = 5

/** Mutants of every answer; a mutant that two answers share is asked once. */
export function mutationMatrix(lab: Lab, answers: readonly Answer[]): MutationMatrix {
  const seen = new Set<string>()
  return { lab: lab.id, rows: answers.flatMap((answer) => rowsOf(lab, answer, seen)) }
}

/** How many rows have each outcome. */
export function countOutcomes({ rows }: MutationMatrix): Readonly<Record<MatrixRow['outcome'], number>> {
  const counts = { failed: 0, equivalent: 0, explained: 0, survived: 0 }
  for (const { outcome } of rows) counts[outcome]++
  return counts
}

function rowsOf(lab: Lab, { path, submission }: Answer, seen: Set<string>): MatrixRow[] {
  const lines = submission.commands ?? []
  const scripts = lines.map((line, i) => ({
    name: `drop line ${i + 1}: ${line}`,
    path: '',
    submission: { ...submission, commands: lines.filter((_, n) => n !== i) },
  }))
  const objects = submission.files.flatMap(({ name, text }) =>
    decodeManifest(createSource(name, text)).objects.map(({ written }) => written),
  )
  const manifests = objects.flatMap((object, i) =>
    mutantsOf(object).map(({ name, edit }) => ({
      name,
      path: edit.path,
      submission: withObject(submission, objects, { i, object: applyEdits(object, [edit]) }),
    })),
  )
  const worlds = generatedWorlds(lab, { objects } as unknown as JsonObject, MIXTURES)
  const answer = behaviourOf(lab, submission, worlds)
  const rows: MatrixRow[] = []
  for (const mutant of [...manifests, ...scripts]) {
    const text = JSON.stringify(mutant.submission)
    if (seen.has(text)) continue
    seen.add(text)
    const failure = firstFailure(lab, mutant.submission)
    if (failure !== undefined) rows.push({ answer: path, mutant: mutant.name, outcome: 'failed', failure })
    else
      rows.push({
        answer: path,
        mutant: mutant.name,
        ...survivor(lab, mutant.path, firstDifference(answer, behaviourOf(lab, mutant.submission, worlds))),
      })
  }
  return rows
}

function survivor(
  lab: Lab,
  path: string,
  difference: Difference | undefined,
): Pick<MatrixRow, 'outcome' | 'difference' | 'why'> {
  if (difference === undefined) return { outcome: 'equivalent' }
  const why = lab.survivors.find((known) => path.startsWith(known.path))?.why
  return why === undefined ? { outcome: 'survived', difference } : { outcome: 'explained', difference, why }
}

/** JSON is what kubectl reads too; one file holds all objects of the answer. */
function withObject(
  submission: Submission,
  objects: readonly JsonObject[],
  { i, object }: { readonly i: number; readonly object: JsonObject },
): Submission {
  const items = objects.map((other, n) => (n === i ? object : other))
  const text = items.map((item) => JSON.stringify(item)).join('\n---\n')
  return { ...submission, files: [{ name: 'mutant.yaml', text }] }
}
