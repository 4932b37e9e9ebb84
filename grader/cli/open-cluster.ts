// A cluster and its HTTP handler from command-line input: a scenario file's world, or an empty cluster.
import { readFile } from 'node:fs/promises'
import {
  type Cluster,
  createHandler,
  decodeScenario,
  type Handler,
  parseStep,
  parseYaml,
  playStep,
  type Story,
  startStory,
} from '../index.ts'
import { ExitError, MISUSE } from './exit.ts'

export interface OpenedCluster {
  readonly cluster: Cluster
  readonly handler: Handler
  /** What was wrong with objects of the scenario; the rest of the world is there. */
  readonly problems: readonly string[]
}

const EMPTY = { nodes: [], objects: [], images: {}, files: {} }
const readInline = (text: string): unknown => parseYaml(text).value

/** Builds the world of the scenario file (nodes, objects, images), or an empty cluster without one. */
export async function openCluster(seed: number, scenarioFile: string | undefined): Promise<OpenedCluster> {
  const world = scenarioFile === undefined ? EMPTY : await readScenario(scenarioFile)
  const { story, problems } = startStory(world, seed)
  const handler = createHandler(story.cluster, {
    yaml: (text) => {
      const { value, error } = parseYaml(text)
      return error === undefined ? { ok: true, json: JSON.stringify(value) } : { ok: false, error }
    },
    playStep: (line) => playLine(story, line),
  })
  return { cluster: story.cluster, handler, problems }
}

async function readScenario(file: string) {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new ExitError(MISUSE, `cannot read ${file}: ${error.message}`)
  })
  const { value, error } = parseYaml(text)
  if (error !== undefined) throw new ExitError(MISUSE, `cannot read ${file}: ${error}`)
  const decoded = decodeScenario(value, readInline)
  if (decoded.value !== undefined) return decoded.value
  const faults = decoded.errors.map(({ path, message }) => `${path}: ${message}`)
  throw new ExitError(MISUSE, `cannot read ${file}: ${faults.join('; ')}`)
}

function playLine(story: Story, line: string): string | undefined {
  const step = parseStep(line, readInline)
  if ('error' in step) return step.error
  playStep(story, step)
  return undefined
}
