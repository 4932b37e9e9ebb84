// A whole cluster for tests that are easiest said in kubectl lines and steps.
import type { KubeObject } from '../../grader/api/meta.ts'
import { events as eventsResource, type Resource } from '../../grader/api/resource-table.ts'
import type { ImageBehaviour, Machine } from '../../grader/cluster/cluster-config.ts'
import { parseYaml } from '../../grader/manifest/yaml-value.ts'
import { decodeMachine } from '../../grader/scenario/machine.ts'
import { playStep, type Story, startStory } from '../../grader/scenario/play.ts'
import { parseStep } from '../../grader/scenario/step.ts'

export interface TestStory {
  readonly story: Story
  /** Plays lines of the step language; a kubectl line that fails throws with what it said. */
  play(...lines: readonly string[]): void
  /** What a kubectl line prints, whatever its exit code. */
  said(line: string): string
  names(resource: Resource, namespace?: string): readonly string[]
  get<T extends KubeObject>(resource: Resource<T>, name: string, namespace?: string): T | undefined
  /** `Reason: message` of all Events about objects of this name or prefix. */
  events(prefix: string): readonly string[]
}

export interface StoryOptions {
  readonly nodes?: readonly (string | Machine)[]
  readonly files?: Readonly<Record<string, string>>
  readonly objects?: readonly string[]
  readonly images?: Readonly<Record<string, ImageBehaviour>>
  readonly seed?: number
}

/** A world at rest, with its nodes Ready. */
export function testStory({
  nodes = ['w-1', 'w-2', 'w-3'],
  files = {},
  objects = [],
  images = {},
  seed = 1,
}: StoryOptions = {}): TestStory {
  const machines = nodes.map((node) => decodeMachine(typeof node === 'string' ? { name: node } : node))
  const faulty = machines.find((machine) => 'error' in machine)
  if (faulty !== undefined && 'error' in faulty) throw new Error(faulty.error)
  const { story, problems } = startStory({ nodes: machines as readonly Machine[], objects, images, files }, seed)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const step = (line: string) => {
    const parsed = parseStep(line, (text) => parseYaml(text).value)
    if ('error' in parsed) throw new Error(parsed.error)
    return playStep(story, parsed)
  }
  const { store } = story.cluster
  return {
    story,
    play(...lines) {
      for (const line of lines) {
        const { kubectl } = step(line)
        if (kubectl !== undefined && kubectl.exitCode !== 0) throw new Error(`${line}\n${kubectl.stderr}`)
      }
    },
    said(line) {
      const { kubectl } = step(line)
      return `${kubectl?.stdout ?? ''}${kubectl?.stderr ?? ''}`
    },
    names: (resource, namespace = 'default') =>
      store.list(resource, resource.namespaced ? namespace : undefined).map((object) => object.metadata.name),
    get: (resource, name, namespace = 'default') =>
      store.get(resource, resource.namespaced ? { namespace, name } : { name }),
    events: (prefix) =>
      story.cluster.store
        .list(eventsResource)
        .filter((event) => event.involvedObject.name?.startsWith(prefix))
        .map((event) => `${event.reason}: ${event.message}`),
  }
}
