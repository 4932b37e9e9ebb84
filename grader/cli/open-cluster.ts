// A cluster and its HTTP handler from command-line input: a scenario file's world, or an empty cluster.
import {
  type Cluster,
  createHandler,
  explainStory,
  type Handler,
  parseStep,
  parseYaml,
  playStep,
  type Story,
  startStory,
} from '../index.ts'
import { readScenario } from './scenario-file.ts'

export interface OpenedCluster {
  readonly cluster: Cluster
  readonly handler: Handler
  /** What was wrong with objects of the scenario; the rest of the world is there. */
  readonly problems: readonly string[]
}

const EMPTY = { nodes: [], objects: [], images: {}, files: {} }
/** Nobody handed in a text: reasons have no lines. */
const NO_TEXT = { placeOf: () => undefined, daemonSets: [], diagnostics: [] }

/** Builds the world of the scenario file (nodes, objects, images), or an empty cluster without one. */
export function openCluster(seed: number, scenarioFile: string | undefined): OpenedCluster {
  const world = scenarioFile === undefined ? EMPTY : readScenario(scenarioFile)
  const { story, problems } = startStory(world, seed)
  const handler = createHandler(story.cluster, {
    yaml: yamlToJson,
    playStep: (line) => playLine(story, line),
    explain: ({ namespace, name }) => {
      const key = `${namespace}/${name}`
      const rows = explainStory(story, 'now', NO_TEXT).filter(({ daemonSet }) => daemonSet === key)
      return rows.length === 0 ? undefined : rows
    },
  })
  return { cluster: story.cluster, handler, problems }
}

function yamlToJson(text: string) {
  const { value, error } = parseYaml(text)
  return error === undefined ? ({ ok: true, json: JSON.stringify(value) } as const) : ({ ok: false, error } as const)
}

function playLine(story: Story, line: string): string | undefined {
  const step = parseStep(line, (inline) => parseYaml(inline).value)
  if ('error' in step) return step.error
  playStep(story, step)
  return undefined
}
