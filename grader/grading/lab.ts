// A lab as values: read, checked and with its expressions compiled. Reads no files: the caller hands in their texts.

import { parseYaml } from '../manifest/yaml-value.ts'
import type { AuthorError, World } from '../scenario/scenario.ts'
import { decodeSteps, decodeWorld } from '../scenario/scenario.ts'
import type { Step } from '../scenario/step.ts'
import { createCelEnvironment } from './cel.ts'
import { type GoalDefinition, labSchema, type MisconceptionDefinition } from './lab-schema.ts'
import type { SubmittedFile } from './submission.ts'

export interface Timeline {
  readonly name: string
  readonly steps: readonly Step[]
}

export interface Lab {
  readonly id: string
  readonly title: string
  readonly lesson: string
  readonly type: 'manifest' | 'kubectl' | 'debug' | 'predict'
  readonly level: number
  readonly minutes: number
  readonly exams: readonly { readonly exam: string; readonly domain: string }[]
  readonly namespace: string
  readonly seeds: number
  readonly world: World
  /** The first is what the learner sees; the others stay hidden until they were graded. */
  readonly timelines: readonly Timeline[]
  readonly goals: readonly GoalDefinition[]
  readonly misconceptions: readonly MisconceptionDefinition[]
  /** Fields in which a right answer may behave differently from the model, and why. */
  readonly survivors: readonly { readonly path: string; readonly why: string }[]
  readonly task: string
  readonly hints: readonly string[]
  readonly starter: readonly SubmittedFile[]
}

export type LoadedLab =
  | { readonly lab: Lab; readonly errors: readonly [] }
  | { readonly lab: undefined; readonly errors: readonly AuthorError[] }

/**
 * A lab from the texts of its folder: `lab.yaml`, `task.md`, `hints.md`, `starter/*` (other paths are ignored).
 * Returns every fault with its path in lab.yaml; never throws.
 */
export function loadLab(files: Readonly<Record<string, string>>): LoadedLab {
  const text = files['lab.yaml']
  if (text === undefined) return { lab: undefined, errors: [{ path: '', message: 'lab.yaml is missing' }] }
  const yaml = parseYaml(text)
  if (yaml.error !== undefined) return { lab: undefined, errors: [{ path: '', message: yaml.error }] }
  const checked = labSchema.safeParse(yaml.value)
  if (!checked.success) {
    return {
      lab: undefined,
      errors: checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    }
  }
  const definition = checked.data
  const errors: AuthorError[] = []
  const unknown = Object.keys(definition.cluster).filter(
    (key) => !['nodes', 'objects', 'images', 'files'].includes(key),
  )
  for (const key of unknown) errors.push({ path: `cluster.${key}`, message: 'unknown field' })
  const readInline = (inline: string) => parseYaml(inline).value
  const world = decodeWorld(definition.cluster, errors, 'cluster')
  const timelines = definition.timelines.map(({ name, steps }, i) => ({
    name,
    steps: decodeSteps(steps, readInline, errors, `timelines.${i}.steps`),
  }))
  checkReferences(definition.goals, timelines, errors)
  checkExpressions(definition.goals, definition.misconceptions, errors)
  if (errors.length > 0) return { lab: undefined, errors }
  const { apiVersion: _, kind: _kind, cluster: _cluster, variants: _variants, ...rest } = definition
  return {
    lab: {
      ...rest,
      world,
      timelines,
      task: files['task.md'] ?? '',
      hints: splitHints(files['hints.md'] ?? ''),
      starter: starterOf(files),
    },
    errors: [],
  }
}

/** hints.md: one hint under each second-level heading, in order. */
function splitHints(text: string): readonly string[] {
  return text
    .split(/^## .*$/m)
    .slice(1)
    .map((hint) => hint.trim())
}

function starterOf(files: Readonly<Record<string, string>>): readonly SubmittedFile[] {
  const names = Object.keys(files).filter((name) => name.startsWith('starter/'))
  return names.sort().map((name) => ({ name: name.slice('starter/'.length), text: files[name]! }))
}

function checkReferences(
  goals: readonly GoalDefinition[],
  timelines: readonly Timeline[],
  errors: AuthorError[],
): void {
  const names = new Set(timelines.map((timeline) => timeline.name))
  const ids = new Set(goals.map((goal) => goal.id))
  if (ids.size < goals.length) errors.push({ path: 'goals', message: 'two goals share an id' })
  for (const [i, goal] of goals.entries()) {
    for (const name of goal.in ?? [])
      if (!names.has(name)) errors.push({ path: `goals.${i}.in`, message: `there is no timeline "${name}"` })
    for (const id of goal.needs)
      if (!ids.has(id) || id === goal.id)
        errors.push({ path: `goals.${i}.needs`, message: `there is no other goal "${id}"` })
  }
  for (const [i, timeline] of timelines.entries()) {
    const submits = timeline.steps.filter((step) => step.type === 'at-submit').length
    if (submits !== 1)
      errors.push({ path: `timelines.${i}.steps`, message: 'a timeline has exactly one step at-submit' })
  }
}

function checkExpressions(
  goals: readonly GoalDefinition[],
  misconceptions: readonly MisconceptionDefinition[],
  errors: AuthorError[],
): void {
  const environment = createCelEnvironment(() => {
    throw new Error('only compiled here')
  })
  const check = (path: string, text: string | undefined) => {
    if (text === undefined) return
    const compiled = environment.compile(text)
    if ('problem' in compiled)
      errors.push({
        path,
        message: `${compiled.problem.message} (at character ${compiled.problem.offset + 1} of: ${text})`,
      })
  }
  for (const [i, goal] of goals.entries()) {
    check(`goals.${i}.where`, goal.where)
    check(`goals.${i}.require`, goal.require)
  }
  for (const [i, misconception] of misconceptions.entries()) check(`misconceptions.${i}.when`, misconception.when)
}
