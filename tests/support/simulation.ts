// One seeded life of a cluster: random machines, DaemonSets and happenings, with calls that are refused now and then.
import { conflictStatus, internalErrorStatus } from '../../grader/api/api-status.ts'
import type { DaemonSet } from '../../grader/api/apps.ts'
import type { Node, PodSpec, Toleration } from '../../grader/api/core.ts'
import type { ForCreate } from '../../grader/api/meta.ts'
import { daemonSets, namespaces, nodes as nodeResource, pods } from '../../grader/api/resource-table.ts'
import { checkAlways, checkNoExecute, checkSettled } from '../../grader/cluster/checkers.ts'
import { type Cluster, createCluster } from '../../grader/cluster/cluster.ts'
import { createRandom, type Random } from '../../grader/cluster/random.ts'
import { STANDARD_COMPONENTS } from '../../grader/cluster/standard-cluster.ts'
import type { TraceId } from '../../grader/cluster/trace.ts'
import { taint, toleration } from './build.ts'
import { type Fault, withFaults } from './partial-cluster.ts'

const IMAGES = [
  'registry.example/agent:1',
  'registry.example/agent:2',
  'registry.example/agent:3',
  'registry.example/never-ready:1',
  'registry.example/crash:1',
]
const TAINTS = ['dedicated=db:NoSchedule', 'dedicated=db:NoExecute', 'nvidia.com/gpu=present:NoSchedule']
const LABELS = [
  ['disktype', 'ssd'],
  ['disktype', 'hdd'],
  ['zone', 'a'],
  ['zone', 'b'],
] as const
const STEPS = 12
/** One call of a component in so many is refused. */
const REFUSED_ONE_IN = 25
const SETTLING_SECONDS = 1800

export interface Life {
  readonly problems: readonly string[]
  /** Everything that was done to the cluster, in order. */
  readonly steps: readonly string[]
  /** The same for the same seed. */
  readonly print: string
}

/** Plays the life of a seed; the problems are what the checkers found, with the step after which they found it. */
export function live(seed: number): Life {
  const random = createRandom(seed, 'simulation')
  const faults = { isOn: true }
  const cluster = createCluster(
    { seed, images: {}, disks: {} },
    STANDARD_COMPONENTS.map((component) => withFaults(component, faultsOf(random, faults))),
  )
  const world: World = { cluster, random, names: [], sets: [] }
  const steps: string[] = []
  const problems: string[] = []
  let checkedUpTo: TraceId = 0
  const check = (found: readonly string[], after: string) =>
    void problems.push(...found.map((text) => `${text} (after: ${after})`))
  const act = (step: string) => {
    steps.push(step)
    cluster.runDue()
    check(checkAlways({ store: cluster.store, trace: cluster.trace, now: cluster.waiter.now() }, checkedUpTo), step)
    checkedUpTo = cluster.trace.count()
  }
  act(begin(world))
  for (let i = 0; i < STEPS; i++) act(happen(world))
  faults.isOn = false
  act(comeToRest(world))
  const now = { store: cluster.store, trace: cluster.trace, now: cluster.waiter.now() }
  check([...checkSettled(now), ...checkNoExecute(now)], 'all has come to rest')
  return {
    problems,
    steps,
    print: `${cluster.trace.count()}/${cluster.store.resourceVersion()}/${cluster.seconds()}/${cluster.store
      .list(pods)
      .map(({ metadata }) => metadata.name)
      .join()}`,
  }
}

interface World {
  readonly cluster: Cluster
  readonly random: Random
  names: string[]
  sets: string[]
}

/** Writes that carry a resourceVersion meet conflicts, others an overloaded server. Machines and the world outside are not refused. */
function faultsOf(random: Random, faults: { readonly isOn: boolean }): Fault {
  return (by, verb, resource, { metadata }) => {
    if (
      !faults.isOn ||
      !/controller|scheduler/.test(by) ||
      by === 'service-account-controller' ||
      resource.plural === 'events'
    )
      return undefined
    if (random.integer(REFUSED_ONE_IN) !== 0) return undefined
    return verb === 'update'
      ? conflictStatus(resource, metadata.name ?? '')
      : internalErrorStatus('etcdserver: request timed out')
  }
}

const pick = <T>(random: Random, of: readonly T[]): T => of[random.integer(of.length)]!
const chance = (random: Random, oneIn: number): boolean => random.integer(oneIn) === 0

function begin(world: World): string {
  const { cluster, random } = world
  const client = cluster.client()
  if (cluster.store.get(namespaces, { name: 'default' }) === undefined)
    client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
  for (let i = 0; i < 3 + random.integer(5); i++) join(world)
  cluster.settle()
  for (let i = 0; i < 1 + random.integer(2); i++) apply(world)
  return `${world.names.length} Nodes, ${world.sets.length} DaemonSets`
}

function join(world: World): string {
  const { cluster, random } = world
  const name = `n-${world.names.length}`
  world.names.push(name)
  const labels = Object.fromEntries(LABELS.filter(() => chance(random, 3)))
  const taints = chance(random, 3) ? [pick(random, TAINTS)] : []
  cluster.machines.join({ name, labels, taints, cpu: 1 + random.integer(4) })
  return `join ${name} ${JSON.stringify(labels)} ${taints.join()}`
}

function apply(world: World): string {
  const { cluster, random } = world
  const name = `agent-${world.sets.length}`
  world.sets.push(name)
  const made = cluster.client().create(daemonSets, randomDaemonSet(name, random))
  return `apply ${name}${made.ok ? '' : `: ${made.status.message}`}`
}

function randomDaemonSet(name: string, random: Random): ForCreate<DaemonSet> {
  const labels = { app: name }
  const tolerations: Toleration[] = [
    ...TAINTS.filter(() => chance(random, 3)).map(toleration),
    ...(chance(random, 6) ? [{ operator: 'Exists' as const }] : []),
  ]
  const spec: PodSpec = {
    containers: [
      {
        name: 'agent',
        image: pick(random, IMAGES),
        resources: { requests: { cpu: `${100 * (1 + random.integer(4))}m` } },
      },
    ],
    terminationGracePeriodSeconds: pick(random, [0, 5, 30]),
    ...(chance(random, 3) ? { nodeSelector: Object.fromEntries([pick(random, LABELS)]) } : {}),
    ...(tolerations.length === 0 ? {} : { tolerations }),
  }
  const rollingUpdate = chance(random, 2)
    ? { maxUnavailable: pick(random, [1, 2, '50%', '100%']) }
    : { maxUnavailable: 0, maxSurge: pick(random, [1, 2, '50%']) }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec },
      updateStrategy: chance(random, 5) ? { type: 'OnDelete' } : { type: 'RollingUpdate', rollingUpdate },
      ...(chance(random, 3) ? { minReadySeconds: pick(random, [3, 15]) } : {}),
      revisionHistoryLimit: random.integer(4),
    },
  }
}

/** What can happen, the frequent things several times. */
const HAPPENINGS: readonly ((world: World) => string)[] = [
  join,
  apply,
  setImage,
  setImage,
  setImage,
  deletePod,
  deletePod,
  changeTaint,
  changeTaint,
  changeLabel,
  changeLabel,
  cordon,
  stopOrStart,
  stopOrStart,
  reboot,
  removeNode,
  wait,
  wait,
  wait,
]

function happen(world: World): string {
  const step = pick(world.random, HAPPENINGS)(world)
  if (chance(world.random, 2)) world.cluster.settle()
  return step
}

function setImage({ cluster, random, sets }: World): string {
  const name = pick(random, sets)
  const image = pick(random, IMAGES)
  const found = cluster.client().get(daemonSets, { namespace: 'default', name })
  if (!found.ok) return 'nothing'
  const { template } = found.value.spec
  const containers = template.spec.containers.map((container) => ({ ...container, image }))
  cluster
    .client()
    .update(daemonSets, {
      ...found.value,
      spec: { ...found.value.spec, template: { ...template, spec: { ...template.spec, containers } } },
    })
  return `set image ${name} ${image}`
}

function deletePod({ cluster, random }: World): string {
  const all = cluster.store.list(pods)
  if (all.length === 0) return 'nothing'
  const { metadata } = pick(random, all)
  cluster.client().delete(pods, metadata)
  return `delete pod ${metadata.name}`
}

function changeNode({ cluster, random, names }: World, what: string, edit: (node: Node) => Node): string {
  const name = pick(random, names)
  const found = cluster.client().get(nodeResource, { name })
  if (!found.ok) return 'nothing'
  cluster.client().update(nodeResource, edit(found.value))
  return `${what} ${name}`
}

function changeTaint(world: World): string {
  const added = taint(pick(world.random, TAINTS))
  return changeNode(world, `taint ${added.key}:${added.effect}`, ({ spec, ...node }) => {
    const { taints = [], ...rest } = spec
    const others = taints.filter(({ key, effect }) => key !== added.key || effect !== added.effect)
    return { ...node, spec: { ...rest, taints: others.length < taints.length ? others : [...taints, added] } }
  })
}

function changeLabel(world: World): string {
  const [key, value] = pick(world.random, LABELS)
  return changeNode(world, `label ${key}=${value}`, (node) => {
    const { [key]: old, ...labels } = node.metadata.labels ?? {}
    return { ...node, metadata: { ...node.metadata, labels: old === value ? labels : { ...labels, [key]: value } } }
  })
}

function cordon(world: World): string {
  return changeNode(world, 'cordon or uncordon', (node) => ({
    ...node,
    spec: { ...node.spec, unschedulable: node.spec.unschedulable !== true },
  }))
}

function stopOrStart({ cluster, random, names }: World): string {
  const name = pick(random, names)
  if (chance(random, 2)) {
    cluster.machines.startKubelet(name)
    return `start-kubelet ${name}`
  }
  cluster.machines.stopKubelet(name)
  return `stop-kubelet ${name}`
}

function reboot({ cluster, random, names }: World): string {
  const name = pick(random, names)
  cluster.machines.reboot(name)
  return `reboot ${name}`
}

function removeNode({ cluster, random, names }: World): string {
  const name = pick(random, names)
  cluster.machines.remove(name)
  return `remove ${name}`
}

function wait({ cluster, random }: World): string {
  const seconds = pick(random, [1, 10, 70, 400])
  cluster.advance(seconds)
  return `sleep ${seconds}`
}

/** Every kubelet runs, time passes, and each DaemonSet is looked at once more: some changes wake nobody, as upstream. */
function comeToRest({ cluster, names, sets }: World): string {
  for (const name of names) cluster.machines.startKubelet(name)
  cluster.advance(SETTLING_SECONDS)
  const client = cluster.client()
  for (const name of sets)
    client.patch(
      daemonSets,
      { namespace: 'default', name },
      { type: 'merge', body: { metadata: { annotations: { looked: 'again' } } } },
    )
  cluster.advance(60)
  return 'come to rest'
}
