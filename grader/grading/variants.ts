// The same lab in other words: names, labels, taint values and sizes change by seed, in all of its files alike. A variant
// is served only after its own model answer passed it and its own starter did not.
import { createRandom } from '../cluster/random.ts'
import { parseYaml } from '../manifest/yaml-value.ts'
import { firstFailure } from './judge.ts'
import { loadLab } from './lab.ts'
import type { Submission } from './submission.ts'

type LabTexts = Readonly<Record<string, string>>

export interface LabVariant {
  readonly files: LabTexts
  /** Word of the lab → the word that stands for it here. */
  readonly words: Readonly<Record<string, string>>
}

/** Word → the words that may stand for it, out of `variants` in lab.yaml; empty if the lab has none. */
export function variantWords(files: LabTexts): Readonly<Record<string, readonly string[]>> {
  const { value } = parseYaml(files['lab.yaml'] ?? '')
  const { variants } = (value ?? {}) as { readonly variants?: unknown }
  if (typeof variants !== 'object' || variants === null) return {}
  return Object.fromEntries(
    Object.entries(variants).flatMap(([word, others]) =>
      Array.isArray(others) && others.length > 0 ? [[word, others.map(String)]] : [],
    ),
  )
}

/** The lab's files in the words that the seed draws. Seed 0 is the lab as it is written. */
export function variantOf(files: LabTexts, seed: number): LabVariant {
  const choices = Object.entries(variantWords(files))
  if (seed === 0 || choices.length === 0) return { files, words: {} }
  const random = createRandom(seed, 'variant')
  const words = Object.fromEntries(
    choices.map(([word, others]) => [word, [word, ...others][random.integer(others.length + 1)]!]),
  )
  return {
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, replaceWords(text, words)])),
    words,
  }
}

/** Why the variant may not be served, or undefined: the reference answer must pass and the starter must not. */
export function variantProblem(
  { files }: LabVariant,
  readLines: (text: string) => readonly string[],
): string | undefined {
  const loaded = loadLab(files)
  if (loaded.lab === undefined) return loaded.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
  const { lab } = loaded
  const model = Object.keys(files).find((path) => path.startsWith('answers/model.'))
  if (model === undefined) return 'there is no answers/model.*'
  const text = files[model]!
  const answer: Submission = model.endsWith('.kubectl')
    ? { files: [], commands: readLines(text) }
    : { files: [{ name: model.slice('answers/'.length), text }] }
  const failure = firstFailure(lab, answer)
  if (failure !== undefined) return `the model answer does not pass: ${failure.goal} in "${failure.timeline}"`
  return firstFailure(lab, { files: lab.starter }, { seeds: 1 }) === undefined ? 'the starter passes' : undefined
}

const MOST_TRIES = 20

/** The first solvable variant from the seed on; the lab as it is written if none of twenty is. */
export function solvedVariant(
  files: LabTexts,
  seed: number,
  readLines: (text: string) => readonly string[],
): LabVariant {
  for (let i = 0; i < MOST_TRIES; i++) {
    const variant = variantOf(files, seed + i * 1_000_003)
    if (variantProblem(variant, readLines) === undefined) return variant
  }
  return variantOf(files, 0)
}

/** All at once, so that two words may change places; whole words only. `variants` itself keeps its words. */
function replaceWords(text: string, words: Readonly<Record<string, string>>): string {
  const escaped = Object.keys(words)
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
  const pattern = new RegExp(`(?<![\\w-])(?:${escaped.join('|')})(?![\\w-])`, 'g')
  const [before = '', ...rest] = text.split(/^(?=variants:)/m)
  return before.replace(pattern, (word) => words[word] ?? word) + rest.join('')
}
