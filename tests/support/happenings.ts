// What happens in random worlds: each happening says lines of the step language, and which files they name.
import type { Pod } from '../../grader/api/core.ts'
import { controllerOf } from '../../grader/api/meta.ts'
import { daemonSets, pods as podResource } from '../../grader/api/resource-table.ts'
import type { Store } from '../../grader/cluster/apiserver/store.ts'
import {
  configMap,
  type Dice,
  IMAGES,
  LABELS,
  type Manifest,
  NAMESPACES,
  randomBudget,
  randomDaemonSet,
  randomDeployment,
  randomJob,
  randomPod,
  randomPodSpec,
  randomStrategy,
  TAINTS,
} from './random-workloads.ts'

export interface RandomWorld {
  readonly dice: Dice
  readonly store: Pick<Store, 'list'>
  /** Files that lines name; a happening may add some. */
  readonly files: Record<string, string>
  /** Everything that was ever applied, newest last. */
  readonly applied: Manifest[]
  /** Names of all machines that ever joined. */
  readonly machines: string[]
}

type Happening = (world: RandomWorld) => readonly string[]

/** The lines of one thing that happens, chosen by the dice; the frequent ones are listed several times. */
export function happen(world: RandomWorld): readonly string[] {
  return world.dice.pick(HAPPENINGS)(world)
}

/** `join` with a machine unlike the others; now and then one of a name that was there before. */
export const join: Happening = ({ dice, machines }) => {
  const again = machines.length > 3 && dice.oneIn(4)
  const name = again ? dice.pick(machines) : `n-${machines.length}`
  if (!again) machines.push(name)
  const labels = Object.fromEntries(LABELS.filter(() => dice.oneIn(3)))
  const taints = dice.oneIn(4) ? [dice.pick(TAINTS)] : []
  const size = { cpu: 1 + dice.integer(4), memory: dice.pick(['1Gi', '8Gi']), ...(dice.oneIn(8) ? { pods: 4 } : {}) }
  const disk = dice.oneIn(4) ? { disk: { '/data/agent': 'Directory' } } : {}
  return [`join ${JSON.stringify({ name, labels, taints, ...size, ...disk })}`]
}

/** Writes the manifest to a file of its own and applies it. */
export function applyLine(world: RandomWorld, manifest: Manifest, flags = ''): string {
  const file = `${manifest.metadata.name}-${Object.keys(world.files).length}.yaml`
  world.files[file] = JSON.stringify(manifest, null, 1)
  world.applied.push(manifest)
  return `kubectl apply -f ${file}${flags}`
}

const named = (world: RandomWorld, prefix: string) => `${prefix}-${world.applied.length}`
export const applyDaemonSet: Happening = (world) => [
  applyLine(world, randomDaemonSet(world.dice, named(world, 'agent'))),
]
export const applyDeployment: Happening = (world) => [
  applyLine(world, randomDeployment(world.dice, named(world, 'web'))),
]
const applyJob: Happening = (world) => [applyLine(world, randomJob(world.dice, named(world, 'job')))]
const applyPod: Happening = (world) => [applyLine(world, randomPod(world.dice, named(world, 'pod')))]
const applySettings: Happening = (world) => [applyLine(world, configMap(world.dice.pick(NAMESPACES)))]
const deleteSettings: Happening = ({ dice }) => [`kubectl delete configmap settings -n ${dice.pick(NAMESPACES)}`]

const applyBudget: Happening = (world) => {
  const workload = ownerAmong(world, ['DaemonSet', 'Deployment'])
  return workload === undefined ? [] : [applyLine(world, randomBudget(world.dice, workload))]
}

/** An edit of a file that was applied before, applied again, at times from the server's side. */
const editAndApply: Happening = (world) => {
  const { dice } = world
  const old = ownerAmong(world, ['DaemonSet', 'Deployment'])
  if (old === undefined) return []
  const { template, ...spec } = old.spec as { readonly template: { readonly metadata: object } }
  const edited = {
    ...spec,
    template: { ...template, spec: randomPodSpec(dice) },
    ...(old.kind === 'DaemonSet' ? { updateStrategy: randomStrategy(dice) } : { replicas: dice.integer(5) }),
  }
  return [applyLine(world, { ...old, spec: edited }, dice.oneIn(4) ? ' --server-side --force-conflicts' : '')]
}

const patchWorkload: Happening = (world) => {
  const { dice } = world
  const workload = ownerAmong(world, ['DaemonSet', 'Deployment'])
  if (workload === undefined) return []
  const image = dice.pick(IMAGES)
  const body = dice.pick([
    ['strategic', { spec: { template: { spec: { containers: [{ name: 'agent', image }] } } } }],
    ['merge', { spec: { minReadySeconds: dice.pick([0, 10]) } }],
    ['merge', { spec: { template: { metadata: { labels: { version: dice.pick(['1', '2']) } } } } }],
    ['json', [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }]],
  ] as const)
  return [`kubectl patch ${nameOf(workload)} --type=${body[0]} -p '${JSON.stringify(body[1])}'`]
}

const roll: Happening = (world) => {
  const workload = ownerAmong(world, ['DaemonSet', 'Deployment'])
  if (workload === undefined) return []
  const name = nameOf(workload)
  return [
    world.dice.pick([
      `kubectl rollout restart ${name}`,
      `kubectl rollout undo ${name}`,
      `kubectl rollout undo ${name} --to-revision=1`,
      `kubectl rollout status ${name} --timeout=20s`,
      `kubectl set image ${name} agent=${world.dice.pick(IMAGES)}`,
      `kubectl set image ${name} agent=${world.dice.pick(IMAGES)}`,
    ]),
  ]
}

const scale: Happening = (world) => {
  const workload = ownerAmong(world, ['Deployment'])
  if (workload === undefined) return []
  const { dice } = world
  return [
    dice.pick([
      `kubectl scale ${nameOf(workload)} --replicas=${dice.integer(7)}`,
      `kubectl rollout ${dice.pick(['pause', 'resume'])} ${nameOf(workload)}`,
    ]),
  ]
}

const deleteWorkload: Happening = (world) => {
  const workload = ownerAmong(world, ['DaemonSet', 'Deployment', 'Job', 'Pod'])
  if (workload === undefined) return []
  const { dice } = world
  const cascade = dice.pick(['orphan', 'background', 'foreground'])
  const gone = `kubectl delete ${nameOf(workload)} --cascade=${cascade} --wait=false`
  // Whoever deletes it often has it again a moment later: what was left behind is adopted.
  return dice.oneIn(2) ? [gone, 'sleep 1', applyLine(world, workload)] : [gone]
}

const deletePod: Happening = (world) => {
  const pod = anyOf<Pod>(world, world.store.list(podResource))
  if (pod === undefined) return []
  const how = world.dice.pick(['--wait=false', '--wait=false', '--force --grace-period=0', '--grace-period=1'])
  return [`kubectl delete pod ${pod.metadata.name} -n ${pod.metadata.namespace} ${how}`]
}

/** A label that a selector asks for goes away: the Pod is released, and another takes its place. */
const releasePod: Happening = (world) => {
  const pod = anyOf<Pod>(world, world.store.list(podResource))
  return pod === undefined ? [] : [`kubectl label pod ${pod.metadata.name} -n ${pod.metadata.namespace} app-`]
}

/** Somebody repairs, or breaks, the image of one Pod. */
const editPod: Happening = (world) => {
  const all = world.store.list(podResource)
  const stuck = all.filter(({ status }) =>
    status.containerStatuses?.some(({ state }) => /Image/.test(state?.waiting?.reason ?? '')),
  )
  const pod = anyOf<Pod>(world, stuck.length > 0 ? stuck : all)
  if (pod === undefined) return []
  const images = pod.spec.containers.some(({ imagePullPolicy }) => imagePullPolicy === 'Never') ? GOOD_IMAGES : IMAGES
  const { name, namespace } = pod.metadata
  return [`kubectl set image pod/${name} -n ${namespace} agent=${world.dice.pick(images)}`]
}

const taintNode: Happening = ({ dice, machines }) => {
  const taint = dice.pick(TAINTS)
  return [`kubectl taint node ${dice.pick(machines)} ${taint}${dice.oneIn(2) ? ' --overwrite' : '-'}`]
}

/** A Node loses what runs on it. */
const evictAll: Happening = (world) => {
  const bound = world.store
    .list(podResource)
    .filter((pod) => controllerOf(pod)?.kind !== 'DaemonSet' && pod.spec.nodeName)
  const pod = anyOf<Pod>(world, bound)
  return pod === undefined ? [] : [`kubectl taint node ${pod.spec.nodeName} maintenance:NoExecute --overwrite`]
}

const labelNode: Happening = ({ dice, machines }) => {
  const [key, value] = dice.pick(LABELS)
  return [`kubectl label node ${dice.pick(machines)} ${dice.oneIn(2) ? `${key}=${value} --overwrite` : `${key}-`}`]
}

const cordonNode: Happening = ({ dice, machines }) => [
  `kubectl ${dice.pick(['cordon', 'uncordon'])} ${dice.pick(machines)}`,
]

const drain: Happening = ({ dice, machines }) => {
  const node = dice.pick(machines)
  const force = dice.oneIn(2) ? ' --force' : ''
  return [
    `kubectl drain ${node} --ignore-daemonsets --delete-emptydir-data${force} --timeout=60s`,
    ...(dice.oneIn(2) ? [`kubectl uncordon ${node}`] : []),
  ]
}

const deleteNode: Happening = ({ dice, machines }) => [`kubectl delete node ${dice.pick(machines)}`]

const machineEvent: Happening = ({ dice, machines }) => {
  const node = dice.pick(machines)
  return [
    dice.pick([
      ...['stop-kubelet', 'start-kubelet', 'partition', 'heal', 'reboot'].map((word) => `${word} ${node}`),
      ...['stop-kubelet', 'start-kubelet', 'partition', 'heal', 'reboot'].map((word) => `${word} ${node}`),
      `${dice.pick(['remove', 'reclaim'])} ${node}`,
      ...['pressure', 'relieve'].map((word) => `${word} ${node} ${dice.pick(['memory', 'disk', 'pid'])}`),
      `log-burst ${node} ${dice.pick([100, 300])}%`,
      `log-burst ${node} 300%`,
      `control-plane ${dice.pick(['down', 'up'])}`,
    ]),
  ]
}

/** Machines run short of something for a while. */
const shortage: Happening = ({ dice, machines }) => {
  const what = `${dice.pick(machines)} ${dice.pick(['memory', 'disk', 'pid'])}`
  return [`pressure ${what}`, 'sleep 20', ...(dice.oneIn(2) ? [`relieve ${what}`, 'sleep 310'] : [])]
}

/** An agent that uses most of its limit, while logs burst. */
const overload: Happening = (world) => {
  const name = named(world, 'agent')
  const image = 'registry.example/agent:2'
  const container = { name: 'agent', image, resources: { limits: { memory: '100Mi' } } }
  const labels = { app: name }
  const template = { metadata: { labels }, spec: { containers: [container], tolerations: [{ operator: 'Exists' }] } }
  const manifest: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'default' },
    spec: { selector: { matchLabels: labels }, template },
  }
  const node = world.dice.pick(world.machines)
  return [applyLine(world, manifest), 'sleep 15', `log-burst ${node} 300%`, 'sleep 5', `log-burst ${node} 100%`]
}

const ABSENT = 'registry.example/absent:1'
const GOOD_IMAGES = ['registry.example/agent:1', 'registry.example/agent:2']

/** A Pod that falls ill after a while; its probes notice. Another one only ever prepares, and is done. */
function ailing(world: RandomWorld, name: string): readonly string[] {
  const probe = { httpGet: { path: '/', port: 80 }, periodSeconds: 5, failureThreshold: 1 }
  const sick = { image: 'registry.example/sick:1', readinessProbe: probe }
  const container = world.dice.oneIn(3) ? { image: 'registry.example/exit:1' } : sick
  const manifest: Manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [{ name: 'agent', ...container }],
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
    },
  }
  return [applyLine(world, manifest), 'sleep 70']
}

/** A Pod that waits for an image or its settings, and gets them. */
const repairPod: Happening = (world) => {
  const { dice } = world
  const name = named(world, 'pod')
  if (dice.oneIn(4)) return ailing(world, name)
  const make = (container: object): Manifest => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { containers: [{ name: 'agent', ...container }], restartPolicy: dice.pick(['Always', 'OnFailure']) },
  })
  if (dice.oneIn(4)) {
    const image = 'registry.example/agent:1'
    const waits = make({ image, envFrom: [{ configMapRef: { name: `settings-${name}` } }] })
    const settings = { ...configMap('default'), metadata: { name: `settings-${name}`, namespace: 'default' } }
    return [applyLine(world, waits), 'sleep 5', applyLine(world, settings), 'sleep 15']
  }
  const broken = dice.pick(['registry.example/pull-error:1', 'registry.example/Agent:1', ABSENT, ABSENT])
  const policy = broken === ABSENT ? { imagePullPolicy: 'Never' } : {}
  const repair = `kubectl set image pod/${name} agent=${dice.pick(GOOD_IMAGES)}`
  return [applyLine(world, make({ image: broken, ...policy })), `sleep ${dice.pick([5, 30])}`, repair, 'sleep 20']
}

/** Machines whose kubelet was silent for long come back in every way there is. */
const longSilence: Happening = ({ dice, machines }) => {
  const node = dice.pick(machines)
  return dice.pick([
    [`partition ${node}`, 'sleep 60', `reboot ${node}`, 'sleep 30', `heal ${node}`],
    [`stop-kubelet ${node}`, 'sleep 60', `reboot ${node}`],
    [`reboot ${node}`, 'sleep 21', `stop-kubelet ${node}`, 'sleep 60'],
    [`stop-kubelet ${node}`, 'sleep 400', `start-kubelet ${node}`],
  ])
}

const wait: Happening = ({ dice }) => [`sleep ${dice.pick([1, 10, 70, 400])}`]
const settle: Happening = () => ['settle']

const HAPPENINGS: readonly Happening[] = [
  ...[join, applyDaemonSet, applyDeployment, applyJob, applyPod, applySettings, deleteSettings, applyBudget],
  ...[editAndApply, editAndApply, patchWorkload, patchWorkload, roll, roll, roll, scale, deleteWorkload],
  ...[
    deletePod,
    deletePod,
    releasePod,
    editPod,
    taintNode,
    taintNode,
    evictAll,
    labelNode,
    labelNode,
    cordonNode,
    drain,
  ],
  ...[machineEvent, machineEvent, machineEvent, machineEvent, deleteNode, longSilence, shortage, overload, repairPod],
  ...[wait, wait, wait, wait, settle, settle],
]

function ownerAmong({ dice, applied }: RandomWorld, kinds: readonly string[]): Manifest | undefined {
  const found = applied.filter(({ kind }) => kinds.includes(kind))
  return found.length === 0 ? undefined : dice.pick(found)
}

const nameOf = ({ kind, metadata }: Manifest) => `${kind.toLowerCase()}/${metadata.name} -n ${metadata.namespace}`

function anyOf<T>({ dice }: RandomWorld, all: readonly T[]): T | undefined {
  return all.length === 0 ? undefined : dice.pick(all)
}

/** Lines after which nothing is broken any more: what has to settle then settles. */
export function repairs({ machines, store }: RandomWorld): readonly string[] {
  const touched = store
    .list(daemonSets)
    .map(({ metadata: { name, namespace } }) => `kubectl annotate ds ${name} -n ${namespace} looked=again --overwrite`)
  return [
    'control-plane up',
    ...machines.flatMap((node) => [`start-kubelet ${node}`, `heal ${node}`, `log-burst ${node} 100%`]),
    ...machines.flatMap((node) => ['memory', 'disk', 'pid'].map((resource) => `relieve ${node} ${resource}`)),
    'sleep 1800',
    // Some changes wake no controller, as upstream: each DaemonSet is looked at once more.
    ...touched,
    'sleep 60',
  ]
}
