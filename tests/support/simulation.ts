// One seeded life of a whole cluster: random machines, workloads and happenings, with calls that are refused now and
// then. Everything that happens is a line of the step language, so a life reads like a scenario.
import { conflictStatus, internalErrorStatus } from '../../grader/api/api-status.ts'
import { assert } from '../../grader/api/assert.ts'
import { pods as podResource, RESOURCES } from '../../grader/api/resource-table.ts'
import { type Checked, checkAlways, checkNoExecute, checkSettled } from '../../grader/cluster/checkers.ts'
import { type Cluster, type Component, createCluster } from '../../grader/cluster/cluster.ts'
import type { Machines } from '../../grader/cluster/machine-event.ts'
import { createRandom, type Random } from '../../grader/cluster/random.ts'
import { STANDARD_COMPONENTS } from '../../grader/cluster/standard-cluster.ts'
import type { TraceEntry, TraceId } from '../../grader/cluster/trace.ts'
import { checkWorkloads } from '../../grader/cluster/workload-checkers.ts'
import { parseYaml } from '../../grader/manifest/yaml-value.ts'
import { playStep } from '../../grader/scenario/play.ts'
import { parseStep } from '../../grader/scenario/step.ts'
import { applyDaemonSet, applyDeployment, applyLine, happen, join, type RandomWorld, repairs } from './happenings.ts'
import { type Fault, withFaults } from './partial-cluster.ts'
import { diceOf, IMAGE_BEHAVIOURS, surroundings } from './random-workloads.ts'

const HAPPENINGS_PER_LIFE = 14
/** More writes than the busiest sane life has. */
const MOST_WRITES = 15_000
/** One call of a component in so many is refused. */
const REFUSED_ONE_IN = 25

export interface Life {
  /** What the checkers found, each with the line after which they found it. */
  readonly problems: readonly string[]
  /** Every line that was played, with its second and what a refused kubectl line said. */
  readonly log: readonly string[]
  /** The files that lines name. */
  readonly files: Readonly<Record<string, string>>
  /** The same for the same seed: all entries of the trace and all objects at the end. */
  readonly digest: string
  readonly edges: ReturnType<Machines['edges']>
}

export interface LifeOptions {
  /** The parts of the cluster, for tests that break one of them on purpose. */
  readonly components?: readonly Component[]
}

/** Plays the life of a seed. A fault of ours that throws is a problem like those that checkers find. */
export function live(seed: number, { components = STANDARD_COMPONENTS }: LifeOptions = {}): Life {
  const random = createRandom(seed, 'simulation')
  const faults = { isOn: true }
  const fault = faultsOf(random.fork('faults'), faults)
  const cluster = createCluster(
    { seed, images: IMAGE_BEHAVIOURS, disks: {}, freeze: true },
    components.map((component) => withFaults(component, fault)),
  )
  const files: Record<string, string> = {}
  const world: RandomWorld = { dice: diceOf(random), store: cluster.store, files, applied: [], machines: [] }
  const diary = createDiary(cluster, files)
  let writes = 0
  cluster.store.onCommit(() =>
    assert(++writes <= MOST_WRITES, `a life takes at most ${MOST_WRITES} writes: something goes round in circles`),
  )
  try {
    playLife(world, diary, faults)
  } catch (error) {
    diary.problems.push(`threw ${error instanceof Error ? error.message : String(error)} (during: ${diary.log.at(-1)})`)
  }
  const { problems, log } = diary
  return { problems, log, files, digest: digestOf(cluster), edges: cluster.machines.edges() }
}

function playLife(world: RandomWorld, { play, rest }: Diary, faults: { isOn: boolean }): void {
  const { dice } = world
  for (const manifest of surroundings(dice)) play([applyLine(world, manifest)])
  for (let i = 0; i < 3 + dice.integer(4); i++) play(join(world))
  play(['settle', ...applyDaemonSet(world), ...(dice.oneIn(2) ? applyDeployment(world) : []), 'settle'])
  for (let i = 0; i < HAPPENINGS_PER_LIFE; i++) play(happen(world))
  faults.isOn = false
  play(repairs(world))
  rest()
}

interface Diary {
  readonly problems: string[]
  readonly log: string[]
  play(lines: readonly string[]): void
  /** Checks what must hold of a cluster at rest. */
  rest(): void
}

/** Plays lines and has the checkers look after each of them. */
function createDiary(cluster: Cluster, files: Readonly<Record<string, string>>): Diary {
  const problems: string[] = []
  const log: string[] = []
  let checkedUpTo: TraceId = 0
  const refuses: NonNullable<Checked['refuses']> = (pod) =>
    !cluster.client().create(podResource, pod, { dryRun: true }).ok
  const { store, trace } = cluster
  const checked = (): Checked => ({ store, trace, now: cluster.waiter.now(), refuses })
  const note = (found: readonly string[], after: string) =>
    void problems.push(...found.map((text) => `${text} (after: ${after})`))
  const playLine = (line: string) => {
    const step = parseStep(line, (text) => parseYaml(text).value)
    if ('error' in step) throw new Error(step.error)
    log.push(`${String(Math.round(cluster.seconds())).padStart(6)}  ${line}`)
    const { kubectl } = playStep({ cluster, files, startedAt: 0 }, step)
    if (kubectl !== undefined && kubectl.exitCode !== 0) log.push(`          ${kubectl.stderr.trim()}`)
    note(checkAlways(checked(), checkedUpTo), line)
    checkedUpTo = cluster.trace.count()
  }
  return {
    problems,
    log,
    play: (lines) => void lines.forEach(playLine),
    rest: () => note([...checkSettled(checked()), ...checkNoExecute(checked()), ...checkWorkloads(checked())], 'rest'),
  }
}

/** Writes that carry a resourceVersion meet conflicts, others an overloaded server. Machines are not refused. */
function faultsOf(random: Random, faults: { readonly isOn: boolean }): Fault {
  return (by, verb, resource, { metadata }) => {
    const isSafe = !/controller|scheduler/.test(by) || by === 'service-account-controller'
    if (!faults.isOn || isSafe || resource.plural === 'events') return undefined
    if (random.integer(REFUSED_ONE_IN) !== 0) return undefined
    return verb === 'update'
      ? conflictStatus(resource, metadata.name ?? '')
      : internalErrorStatus('etcdserver: request timed out')
  }
}

/** Two lives with one digest were the same: who wrote what when and why, and what there is in the end. */
function digestOf({ trace, store }: Cluster): string {
  let hash = 0
  const add = (text: string) => {
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  for (const entry of trace.entries()) add(textOf(entry))
  for (const resource of RESOURCES) for (const object of store.list(resource)) add(JSON.stringify(object))
  return `${trace.count()} entries, ${store.list(podResource).length} Pods, ${(hash >>> 0).toString(16)}`
}

function textOf({ id, at, by, type, about, causedBy, ...entry }: TraceEntry): string {
  const { kind, namespace, name } = about
  const rest = entry as { readonly resourceVersion?: string; readonly decision?: string; readonly message?: string }
  return [id, at, by, type, kind, namespace, name, causedBy, rest.resourceVersion, rest.decision, rest.message].join()
}

/** A life to read: its lines with their seconds, what the checkers found, and its digest. */
export function formatLife({ log, problems, files, digest }: Life, { files: withFiles = false } = {}): string {
  const manifests = withFiles ? Object.entries(files).flatMap(([name, text]) => [`── ${name}`, text]) : []
  const found = problems.length === 0 ? ['The checkers found nothing.'] : problems.map((problem) => `FOUND ${problem}`)
  return [...log, ...manifests, '', ...found, digest].join('\n')
}
