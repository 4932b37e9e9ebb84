// The smallest change that makes every goal hold in every future: candidates are played, nothing is offered that was not.
import { explainManifest } from '../explain/explain-manifest.ts'
import { decodeManifest, type ManifestObject } from '../manifest/decode.ts'
import { editText } from '../manifest/edit.ts'
import { createSource } from '../manifest/source.ts'
import { fixCandidates, isBlanket } from './fix-candidates.ts'
import type { Edit, Fix } from './grade.ts'
import { firstFailure, pointsOf } from './judge.ts'
import type { Lab } from './lab.ts'
import { lineDiff } from './line-diff.ts'
import type { Submission, SubmittedFile } from './submission.ts'

export interface FixSearch {
  /** Fixes with the fewest edits, in the grammar's order: all verified in all futures and seeds. */
  readonly fixes: readonly Fix[]
  /** Where no single edit and no pair is enough: the points of the best single edit, and that edit. */
  readonly best?: { readonly points: number; readonly fix: Fix }
  /** How many texts were played. */
  readonly tried: number
}

export interface FixOptions {
  readonly seed?: number
  /** How many texts may be played. Default 600. */
  readonly limit?: number
  /** How many fixes are wanted. Default 3. */
  readonly most?: number
}

interface Changed {
  readonly edits: readonly Edit[]
  readonly file: SubmittedFile
  readonly submission: Submission
}

/** How many single edits that earn points are tried in pairs. */
const PROMISING = 10

/** Looks for single edits, then for pairs. The text itself must be readable YAML; faults with a certain fix are fixed first. */
export function findFixes(
  lab: Lab,
  submission: Submission,
  { seed = 1, limit = 600, most = 3 }: FixOptions = {},
): FixSearch {
  let tried = 0
  const passes = (changed: Changed, seeds: number) => {
    tried++
    return firstFailure(lab, changed.submission, { seed, seeds }) === undefined
  }
  const repaired = repairText(submission)
  const before = repaired ?? { edits: [], file: submission.files[0] ?? { name: '', text: '' }, submission }
  if (repaired !== undefined && passes(repaired, lab.seeds)) return { fixes: [fixOf(submission, repaired)], tried }
  const fixes: Fix[] = []
  const singles = changesOf(lab, before)
  for (const single of singles) {
    if (fixes.length >= most || tried >= limit) break
    if (passes(single, 1) && passes(single, lab.seeds)) fixes.push(fixOf(submission, single))
  }
  if (fixes.length > 0 || submission.files.length === 0) return { fixes, tried }
  const start = pointsOf(lab, before.submission, seed)
  const scored = singles
    .slice(0, limit - tried)
    .map((single) => ({ single, points: pointsOf(lab, single.submission, seed) }))
  tried += scored.length
  const promising = scored
    .filter(({ points }) => points > start || start === 0)
    .sort(
      (a, b) =>
        Number(isBlanket(a.single.edits.at(-1)!)) - Number(isBlanket(b.single.edits.at(-1)!)) || b.points - a.points,
    )
    .slice(0, PROMISING)
  for (const { single } of promising) {
    for (const pair of changesOf(lab, single)) {
      if (fixes.length >= most || tried >= limit) break
      if (passes(pair, 1) && passes(pair, lab.seeds)) fixes.push(fixOf(submission, pair))
    }
    if (fixes.length > 0) break
  }
  const [best] = [...promising].sort((a, b) => b.points - a.points)
  return fixes.length > 0 || best === undefined || best.points <= start
    ? { fixes, tried }
    : { fixes, tried, best: { points: best.points, fix: { ...fixOf(submission, best.single), verified: false } } }
}

/** Every single edit of every object, made in the text; edits that the text's shape does not allow are left out. */
function changesOf(lab: Lab, { edits, submission }: Changed): Changed[] {
  return submission.files.flatMap((file) =>
    decodeManifest(createSource(file.name, file.text)).objects.flatMap((object: ManifestObject) =>
      fixCandidates(lab, object.written).flatMap((edit): Changed[] => {
        const text = editText(object, edit)
        if (text === undefined || text === file.text) return []
        return [changed(submission, file, { text, edits: [...edits, edit] })]
      }),
    ),
  )
}

function changed(
  submission: Submission,
  file: SubmittedFile,
  { text, edits }: { readonly text: string; readonly edits: readonly Edit[] },
): Changed {
  const now = { ...file, text }
  return {
    edits,
    file: now,
    submission: { ...submission, files: submission.files.map((one) => (one === file ? now : one)) },
  }
}

const MOST_REPAIRS = 5

/** Faults of the text whose fix is certain, one after the other; undefined if there are none. */
function repairText(submission: Submission): Changed | undefined {
  let current: Changed | undefined
  for (let i = 0; i < MOST_REPAIRS; i++) {
    const { files } = current?.submission ?? submission
    const fault = explainManifest(files).diagnostics.find(
      ({ fix, severity }) => fix !== undefined && severity === 'error',
    )
    const file = files.find(({ name }) => name === fault?.file)
    if (fault?.fix === undefined || file === undefined) break
    const lines: (string | undefined)[] = file.text.split('\n')
    for (const { line, text } of fault.fix) lines[line - 1] = text
    const text = lines.filter((line) => line !== undefined).join('\n')
    if (text === file.text) break
    const edit: Edit = {
      op: 'replace',
      path: fault.path ?? '',
      value: fault.fix.map((one) => one.text ?? '').join('\n'),
    }
    current = changed(current?.submission ?? submission, file, { text, edits: [...(current?.edits ?? []), edit] })
  }
  return current
}

function fixOf(before: Submission, { edits, file }: Changed): Fix {
  const old = before.files.find(({ name }) => name === file.name)?.text ?? ''
  return { edits, text: lineDiff(old, file.text), verified: true, file: file.name, result: file.text }
}
