// One format for tests, lesson claims, labs and recorded cases: nodes, objects, images, files, steps.
// docs/formats/cluster.md (part 2 of the formats).
import type { ImageBehaviour, Machine } from '../cluster/cluster-config.ts'
import { decodeMachine, expandMachine } from './machine.ts'
import { parseStep, type ReadInline, type Step } from './step.ts'

/** The world before the story starts. */
export interface World {
  readonly nodes: readonly Machine[]
  /** Manifests that exist before the story starts: names of `files`, or the text itself when it has more than one line. */
  readonly objects: readonly string[]
  readonly images: Readonly<Record<string, ImageBehaviour>>
  readonly files: Readonly<Record<string, string>>
}

export interface Scenario extends World {
  readonly title: string
  readonly steps: readonly Step[]
}

/** A fault in a scenario's text: the author's, with the place in the file as a path. */
export interface AuthorError {
  readonly path: string
  readonly message: string
}

const WORLD_FIELDS = ['nodes', 'objects', 'images', 'files']
const SCENARIO_FIELDS = new Set([...WORLD_FIELDS, 'title', 'claim', 'expect', 'steps'])
const IMAGE_FIELDS = new Set([
  'startSeconds',
  'readyAfterSeconds',
  'ready',
  'memory',
  'cpu',
  'logs',
  'exits',
  'pull',
  'failsProbesAfterSeconds',
  'ports',
  'ignoresSigterm',
  'stopSeconds',
  'disk',
])

export type Decoded<T> =
  | { readonly value: T; readonly errors: readonly [] }
  | { readonly value: undefined; readonly errors: readonly AuthorError[] }

/** A scenario from its parsed YAML. Collects every fault; never throws. */
export function decodeScenario(given: unknown, readInline: ReadInline): Decoded<Scenario> {
  if (!isMap(given)) return { value: undefined, errors: [{ path: '', message: 'a scenario is a map' }] }
  const errors: AuthorError[] = Object.keys(given)
    .filter((key) => !SCENARIO_FIELDS.has(key))
    .map((key) => ({ path: key, message: `unknown field "${key}"` }))
  const world = decodeWorld(given, errors, '')
  const steps = decodeSteps(given.steps, readInline, errors, 'steps')
  const title = String(given.title ?? given.claim ?? '')
  return errors.length > 0 ? { value: undefined, errors } : { value: { title, ...world, steps }, errors: [] }
}

/** The four fields of a world out of any map; faults are added to `errors`. */
export function decodeWorld(given: Readonly<Record<string, unknown>>, errors: AuthorError[], at: string): World {
  const path = (field: string) => (at === '' ? field : `${at}.${field}`)
  const nodes: Machine[] = []
  for (const [i, item] of list(given.nodes).entries()) {
    const machine = decodeMachine(item)
    if ('error' in machine) errors.push({ path: `${path('nodes')}[${i}]`, message: machine.error })
    else nodes.push(...expandMachine(machine))
  }
  const images: Record<string, ImageBehaviour> = {}
  for (const [image, behaviour] of Object.entries(map(given.images))) {
    const unknown = Object.keys(map(behaviour)).find((key) => !IMAGE_FIELDS.has(key))
    if (unknown !== undefined)
      errors.push({ path: `${path('images')}[${image}]`, message: `unknown field "${unknown}" of an image` })
    images[image] = behaviour as ImageBehaviour
  }
  const files: Record<string, string> = {}
  for (const [name, text] of Object.entries(map(given.files))) {
    if (typeof text !== 'string') errors.push({ path: `${path('files')}[${name}]`, message: 'a file is a text' })
    else files[name] = text
  }
  const objects = list(given.objects).map(String)
  return { nodes, objects, images, files }
}

/** The steps of a list; faults are added to `errors`. */
export function decodeSteps(
  given: unknown,
  readInline: ReadInline,
  errors: AuthorError[],
  at: string,
): readonly Step[] {
  const steps: Step[] = []
  for (const [i, line] of list(given).entries()) {
    const step =
      typeof line === 'string'
        ? parseStep(line, readInline)
        : { error: 'a step is one line of text (quote it if it holds a colon)' }
    if ('error' in step) errors.push({ path: `${at}[${i}]`, message: step.error })
    else steps.push(step)
  }
  return steps
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
const map = (value: unknown): Readonly<Record<string, unknown>> => (isMap(value) ? value : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
