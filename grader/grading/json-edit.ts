// Edits of an object as data: the grammar of mutants and fixes. Paths are FieldPaths; `-` as the last step appends.
import { type FieldPath, type PathStep, parsePath } from '../api/field-path.ts'
import type { Json, JsonObject } from '../api/meta.ts'
import type { Edit } from './grade.ts'

/** The object with the edits made in order; what does not exist on the way is made. Shares what did not change. */
export function applyEdits(object: JsonObject, edits: readonly Edit[]): JsonObject {
  return edits.reduce<JsonObject>((result, edit) => change(result, stepsOf(edit.path), edit) as JsonObject, object)
}

/** The value at the path, or undefined. */
export function valueAt(object: Json | undefined, path: FieldPath): Json | undefined {
  let at = object
  for (const step of parsePath(path)) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Readonly<Record<string, Json>>)[nameOf(step)]
  }
  return at
}

interface Steps {
  readonly steps: readonly PathStep[]
  readonly append: boolean
}

function stepsOf(path: FieldPath): Steps {
  const append = path.endsWith('/-')
  return { steps: parsePath(append ? path.slice(0, -2) : path), append }
}

function change(value: Json | undefined, { steps, append }: Steps, edit: Edit): Json | undefined {
  const [step, ...rest] = steps
  if (step === undefined) {
    if (append) return [...(Array.isArray(value) ? value : []), edit.value as Json]
    return edit.op === 'remove' ? undefined : (edit.value as Json)
  }
  const name = nameOf(step)
  if ('index' in step) {
    const list = Array.isArray(value) ? [...(value as readonly Json[])] : []
    const inner = change(list[step.index], { steps: rest, append }, edit)
    if (inner === undefined) list.splice(step.index, 1)
    else list[step.index] = inner
    return list
  }
  const map = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  const inner = change(map[name], { steps: rest, append }, edit)
  if (inner !== undefined) return { ...map, [name]: inner }
  const { [name]: _, ...others } = map
  return others
}

const nameOf = (step: PathStep): string =>
  'field' in step ? step.field : 'key' in step ? step.key : String(step.index)
