import type { CollectionEntry } from 'astro:content'
import type { SceneGoal, SceneProps, SceneStep } from './islands/scenario/scene-lab.ts'
import { expandNode } from './lab-page.ts'

/** Which lines of the claim's manifest a reader may change, and what is said at each step. */
export interface SceneOptions {
  readonly edit: readonly [from: number, to: number]
  readonly says: readonly string[]
  readonly presets?: readonly { readonly name: string; readonly text: string }[] | undefined
  readonly goal?: SceneGoal | undefined
}

/** Makes a playable scene of a claim: what the page plays is what the test suite plays. */
export function sceneOf(claim: CollectionEntry<'claims'>, options: SceneOptions): SceneProps {
  const { nodes, files = {}, images = {}, steps } = claim.data
  const [file] = Object.entries(files as Readonly<Record<string, string>>)
  if (file === undefined) throw new Error(`The claim ${claim.id} has no file that could be played.`)
  const [name, text] = file
  const played = groupSteps(steps, name)
  if (played.length !== options.says.length) {
    throw new Error(`The scene of ${claim.id} has ${played.length} steps and says ${options.says.length} sentences.`)
  }
  const { edit, says, presets = [], goal } = options
  return {
    id: claim.id,
    nodes: nodes.flatMap(expandNode),
    world: { nodes, images },
    file: { name, text: text.trimEnd() },
    edit,
    steps: played,
    says,
    presets,
    ...(goal === undefined ? {} : { goal }),
  }
}

/** One step per command; `settle` and `sleep` belong to the command before them. Applying the file is handing it in. */
function groupSteps(lines: readonly string[], file: string): readonly SceneStep[] {
  const groups: { command: string; lines: string[] }[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last !== undefined && /^(settle|sleep )/.test(line)) last.lines.push(line)
    else groups.push({ command: line, lines: [line === `kubectl apply -f ${file}` ? 'at-submit' : line] })
  }
  return groups
}
