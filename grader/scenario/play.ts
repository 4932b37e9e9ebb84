// Plays a scenario: builds the world, then does one step after the other.

import { nodes as nodeResource } from '../api/resource-table.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { nodeOf } from '../cluster/kubelet/node-of-machine.ts'
import { createStandardCluster } from '../cluster/standard-cluster.ts'
import { type KubectlResult, runKubectl } from '../kubectl/run.ts'
import type { Scenario, World } from './scenario.ts'
import type { Step } from './step.ts'

/** A world in motion. */
export interface Story {
  readonly cluster: Cluster
  /** Files that kubectl lines may name. */
  readonly files: Readonly<Record<string, string>>
  /** The cluster's second at which the story itself began: everything before is the world's past. */
  readonly startedAt: number
}

/** What one step left behind; kubectl lines say something. */
export interface StepResult {
  readonly step: Step
  /** Seconds since the story began, after the step. */
  readonly atSeconds: number
  readonly kubectl?: KubectlResult
}

/** Builds the world and lets it come to rest: Nodes Ready, objects there. `problems` are kubectl's complaints about the author's objects. */
export function startStory(
  world: World,
  seed: number,
): { readonly story: Story; readonly problems: readonly string[] } {
  const disks = Object.fromEntries(
    world.nodes.flatMap((machine) => (machine.disk === undefined ? [] : [[machine.name, machine.disk]])),
  )
  const cluster = createStandardCluster({ seed, images: world.images, disks })
  const client = cluster.client()
  const problems: string[] = []
  for (const machine of world.nodes) {
    const made = client.create(nodeResource, nodeOf(machine))
    if (!made.ok) problems.push(made.status.message)
  }
  cluster.settle()
  const story: Story = { cluster, files: world.files, startedAt: 0 }
  for (const [i, object] of world.objects.entries()) {
    const name = object.includes('\n') ? `objects-${i}.yaml` : object
    const files = object.includes('\n') ? { ...world.files, [name]: object } : world.files
    const result = kubectl({ ...story, files }, `kubectl apply -f ${name}`)
    if (result.exitCode !== 0) problems.push(result.stderr.trim())
  }
  if (world.objects.length > 0) cluster.settle()
  return { story: { ...story, startedAt: cluster.seconds() }, problems }
}

/** Does one step. `at-submit` and `from-here` mean something to labs only; here they do nothing. */
export function playStep(story: Story, step: Step): StepResult {
  const { cluster } = story
  const done = (result?: KubectlResult): StepResult => ({
    step,
    atSeconds: cluster.seconds() - story.startedAt,
    ...(result === undefined ? {} : { kubectl: result }),
  })
  switch (step.type) {
    case 'kubectl':
      return done(kubectl(story, step.line))
    case 'settle':
      cluster.settle()
      return done()
    case 'sleep':
      cluster.advance(step.seconds)
      return done()
    case 'join':
      cluster.machines.join(step.machine)
      cluster.runDue()
      return done()
    case 'machine':
    case 'pressure':
    case 'relieve':
    case 'log-burst':
    case 'control-plane':
      cluster.machines.suffer(step)
      cluster.runDue()
      return done()
    default:
      return done()
  }
}

/** Plays a whole scenario and returns the story with what each step said. */
export function playScenario(
  scenario: Scenario,
  seed: number,
): { readonly story: Story; readonly results: readonly StepResult[] } {
  const { story } = startStory(scenario, seed)
  return { story, results: scenario.steps.map((step) => playStep(story, step)) }
}

/** One kubectl line as the admin, with the story's files. */
export function kubectl(story: Story, line: string): KubectlResult {
  const result = runKubectl({ line, client: story.cluster.client(), waiter: story.cluster.waiter, files: story.files })
  story.cluster.runDue()
  return result
}
