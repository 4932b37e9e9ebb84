// Manifests for random worlds: what people write, good and bad, as plain objects that kubectl applies.
import type { ImageBehaviour } from '../../grader/cluster/cluster-config.ts'
import type { Random } from '../../grader/cluster/random.ts'

export interface Dice {
  integer(below: number): number
  pick<T>(of: readonly T[]): T
  /** True once in so many times. */
  oneIn(times: number): boolean
}

export function diceOf({ integer }: Random): Dice {
  return { integer, pick: (of) => of[integer(of.length)]!, oneIn: (times) => integer(times) === 0 }
}

/** Anything that kubectl applies. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Fields }
  readonly spec?: Fields
  readonly [field: string]: unknown
}

type Fields = Readonly<Record<string, unknown>>

export const IMAGE_BEHAVIOURS: Readonly<Record<string, ImageBehaviour>> = {
  'registry.example/agent:2': { readyAfterSeconds: 5, memory: '60Mi' },
  'registry.example/agent:3': { startSeconds: 3, memory: '60Mi' },
  'registry.example/hog:1': { memory: '200Mi' },
  'registry.example/slow-hog:1': { readyAfterSeconds: 30, memory: '60Mi' },
  'registry.example/late-crash:1': { exits: { code: 1, afterSeconds: 20 } },
  'registry.example/late-exit:1': { exits: { code: 0, afterSeconds: 15 } },
  'registry.example/exit:1': { exits: { code: 0, afterSeconds: 0 } },
  'registry.example/moody:1': { ready: 'never', exits: { code: 1, afterSeconds: 8 } },
  'registry.example/brief:1': { ready: 'never', exits: { code: 0, afterSeconds: 8 } },
  'registry.example/sick:1': { failsProbesAfterSeconds: 30 },
  'registry.example/never-ready:1': { ready: 'never' },
}

/** Images that do what they should, listed often, and those that do not. */
export const IMAGES: readonly string[] = [
  ...['1', '2', '3', '1', '2', '3'].map((version) => `registry.example/agent:${version}`),
  ...Object.keys(IMAGE_BEHAVIOURS),
  'registry.example/crash:1',
  'registry.example/pull-error:1',
  'registry.example/Agent:1',
]

export const TAINTS: readonly string[] = [
  'dedicated=db:NoSchedule',
  'dedicated=db:NoExecute',
  'nvidia.com/gpu=present:NoSchedule',
  'maintenance:NoExecute',
]
export const LABELS: readonly (readonly [string, string])[] = [
  ['disktype', 'ssd'],
  ['disktype', 'hdd'],
  ['topology.kubernetes.io/zone', 'a'],
  ['topology.kubernetes.io/zone', 'b'],
]
export const NAMESPACES: readonly string[] = ['default', 'default', 'default', 'team', 'secure']

/** Namespaces with a quota, a LimitRange and Pod security, priorities, and what some agents read. */
export function surroundings(dice: Dice): readonly Manifest[] {
  const level = dice.pick(['baseline', 'restricted', 'privileged'])
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'secure', labels: { 'pod-security.kubernetes.io/enforce': level } },
    },
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
    {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'polite' },
      value: 500,
      preemptionPolicy: 'Never',
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: 'team' },
      spec: { hard: { pods: String(3 + dice.integer(8)), 'requests.cpu': dice.pick(['1', '3']) } },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'sizes', namespace: 'team' },
      spec: {
        limits: [{ type: 'Container', defaultRequest: { cpu: '100m' }, default: { cpu: '500m' }, max: { cpu: '1' } }],
      },
    },
    ...(dice.oneIn(2) ? [configMap('default')] : []),
  ]
}

export function configMap(namespace: string): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data: { level: 'debug' } }
}

export function randomDaemonSet(dice: Dice, name: string): Manifest {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: dice.pick(NAMESPACES) },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...randomPodSpec(dice), ...hostPort(dice) } },
      updateStrategy: randomStrategy(dice),
      ...(dice.oneIn(3) ? { minReadySeconds: dice.pick([3, 15]) } : {}),
      revisionHistoryLimit: dice.integer(4),
    },
  }
}

export function randomStrategy(dice: Dice): Fields {
  if (dice.oneIn(5)) return { type: 'OnDelete' }
  const rollingUpdate = dice.oneIn(2)
    ? { maxUnavailable: 0, maxSurge: dice.pick([1, 2, '50%']) }
    : { maxUnavailable: dice.pick([1, 2, '50%', '100%']) }
  return { type: 'RollingUpdate', rollingUpdate }
}

/** Some agents open a port of the machine: two of them do not fit on one Node. */
function hostPort(dice: Dice): Fields {
  return dice.oneIn(5) ? { hostNetwork: true } : {}
}

export function randomDeployment(dice: Dice, name: string): Manifest {
  const labels = { app: name }
  const strategy = dice.oneIn(4)
    ? { type: 'Recreate' }
    : {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: dice.pick([1, '25%']), maxUnavailable: dice.pick([1, '25%']) },
      }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: dice.pick(NAMESPACES) },
    spec: {
      replicas: dice.integer(5),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...randomPodSpec(dice), ...antiAffinity(dice, labels) } },
      strategy,
      revisionHistoryLimit: dice.integer(4),
    },
  }
}

function antiAffinity(dice: Dice, matchLabels: Fields): Fields {
  if (!dice.oneIn(4)) return {}
  const term = { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' }
  return { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } }
}

export function randomJob(dice: Dice, name: string): Manifest {
  const completions = 1 + dice.integer(3)
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: dice.pick(NAMESPACES) },
    spec: {
      completions,
      parallelism: 1 + dice.integer(3),
      backoffLimit: dice.integer(3),
      ...(dice.oneIn(3) ? { activeDeadlineSeconds: 60 } : {}),
      ...(dice.oneIn(4) ? { ttlSecondsAfterFinished: 100 } : {}),
      template: { spec: { ...randomPodSpec(dice), restartPolicy: dice.pick(['Never', 'OnFailure']) } },
    },
  }
}

/** A Pod that nobody owns. */
export function randomPod(dice: Dice, name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: dice.pick(NAMESPACES), labels: { app: name } },
    spec: { ...randomPodSpec(dice), restartPolicy: dice.pick(['Always', 'OnFailure', 'Never']) },
  }
}

export function randomBudget(dice: Dice, of: Manifest): Manifest {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { ...of.metadata, name: `${of.metadata.name}-budget` },
    spec: {
      ...(dice.oneIn(2) ? { maxUnavailable: dice.pick([0, 1, '50%']) } : { minAvailable: dice.pick([1, 2, '50%']) }),
      selector: { matchLabels: { app: of.metadata.name } },
    },
  }
}

export function randomPodSpec(dice: Dice): Fields {
  const tolerations = TAINTS.filter(() => dice.oneIn(4)).map((text) => toleration(dice, text))
  if (dice.oneIn(8)) tolerations.push({ operator: 'Exists' })
  const init = dice.oneIn(4) ? [initContainer(dice)] : []
  return {
    containers: [container(dice, 'agent'), ...(dice.oneIn(6) ? [container(dice, 'beside')] : [])],
    ...(init.length === 0 ? {} : { initContainers: init }),
    terminationGracePeriodSeconds: dice.pick([0, 5, 30]),
    ...(dice.oneIn(4) ? { nodeSelector: Object.fromEntries([dice.pick(LABELS)]) } : {}),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(dice.oneIn(5) ? { priorityClassName: dice.pick(['high', 'polite', 'system-node-critical', 'missing']) } : {}),
    ...(dice.oneIn(4) ? { volumes: [randomVolume(dice)] } : {}),
  }
}

function toleration(dice: Dice, text: string): Fields {
  const [keyValue = '', effect] = text.split(':')
  const [key, value] = keyValue.split('=')
  const match = value === undefined ? { operator: 'Exists' } : { operator: 'Equal', value }
  const seconds = effect === 'NoExecute' && dice.oneIn(2) ? { tolerationSeconds: dice.pick([40, 300]) } : {}
  return { key, ...match, effect, ...seconds }
}

function initContainer(dice: Dice): Fields {
  const image = dice.pick(['registry.example/exit:1', 'registry.example/late-exit:1', 'registry.example/crash:1'])
  return dice.oneIn(2)
    ? { name: 'sidecar', image: dice.pick(IMAGES), restartPolicy: 'Always' }
    : { name: 'prepare', image }
}

function container(dice: Dice, name: string): Fields {
  const limits = dice.oneIn(2) ? { limits: { memory: '100Mi' } } : {}
  return {
    name,
    image: dice.pick(IMAGES),
    resources: { requests: { cpu: `${100 * (1 + dice.integer(6))}m`, memory: '50Mi' }, ...limits },
    ...(dice.oneIn(6) ? { imagePullPolicy: dice.pick(['Never', 'Always']) } : {}),
    ...(dice.oneIn(6) ? { ports: [{ containerPort: 9100, hostPort: dice.pick([9100, 9200]) }] } : {}),
    ...(dice.oneIn(5) ? { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 } } : {}),
    ...(dice.oneIn(8) ? { livenessProbe: { exec: { command: ['true'] }, periodSeconds: 10 } } : {}),
    ...(dice.oneIn(8) ? { envFrom: [{ configMapRef: { name: 'settings' } }] } : {}),
    ...(dice.oneIn(10) ? { lifecycle: { preStop: { sleep: { seconds: 4 } } } } : {}),
    ...(dice.oneIn(10) ? { securityContext: { privileged: true } } : {}),
  }
}

function randomVolume(dice: Dice): Fields {
  return dice.pick([
    { name: 'logs', hostPath: { path: '/var/log', type: 'Directory' } },
    { name: 'data', hostPath: { path: '/data/agent', type: dice.pick(['Directory', 'DirectoryOrCreate']) } },
    { name: 'settings', configMap: { name: 'settings' } },
    { name: 'keys', secret: { secretName: 'absent' } },
    { name: 'scratch', emptyDir: {} },
  ])
}
