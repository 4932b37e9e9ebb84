// No lab: what would these DaemonSets do on that cluster, node by node, and why.
import type { DaemonSet } from '../api/apps.ts'
import type { Node, Pod } from '../api/core.ts'
import type { Json, JsonObject, KubeObject } from '../api/meta.ts'
import { daemonSets, nodes as nodeResource } from '../api/resource-table.ts'
import { explainManifest } from '../explain/explain-manifest.ts'
import { decodeManifest } from '../manifest/decode.ts'
import { createSource } from '../manifest/source.ts'
import { parseYaml } from '../manifest/yaml-value.ts'
import { kubectl, type Story, startStory } from '../scenario/play.ts'
import { type AuthorError, decodeWorld, type World } from '../scenario/scenario.ts'
import { explainStory } from './explain-story.ts'
import type { GradedDiagnostic, NodeVerdict } from './grade.ts'
import { withRefusals } from './run-timeline.ts'
import type { SubmittedFile } from './submission.ts'
import { assumedObjects, noteSickNodes } from './why-assumptions.ts'

export interface WhyReport {
  readonly verdicts: readonly NodeVerdict[]
  readonly diagnostics: readonly GradedDiagnostic[]
  /** Every node that a DaemonSet is eligible for has its Pod, and every file was taken. */
  readonly covered: boolean
  /** What could not be seen or understood, one sentence each. */
  readonly notes: readonly string[]
}

/** The cluster that `why` uses when none is named: one of each usual kind of node. */
const USUAL_WORLD: World = {
  nodes: [
    {
      name: 'control-plane-1',
      labels: { 'node-role.kubernetes.io/control-plane': '' },
      taints: ['node-role.kubernetes.io/control-plane:NoSchedule'],
    },
    { name: 'worker-1' },
    { name: 'worker-2' },
    {
      name: 'gpu-1',
      labels: { 'nvidia.com/gpu.present': 'true' },
      taints: ['nvidia.com/gpu=present:NoSchedule'],
      extended: { 'nvidia.com/gpu': '1' },
    },
    { name: 'cordoned-1', unschedulable: true },
  ],
  objects: [],
  images: {},
  files: {},
}

/** Kinds of a dump that are put into the simulated cluster; everything else is what a control plane makes itself. */
const FROM_DUMP = new Set([
  'Namespace',
  'ServiceAccount',
  'ConfigMap',
  'Secret',
  'PriorityClass',
  'RuntimeClass',
  'ResourceQuota',
  'LimitRange',
])
const SYSTEM_NAMESPACES = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease'])

/**
 * Applies the files to a cluster and reads the verdicts. `nodesText` is a cluster file (docs/formats/cluster.md) or what
 * `kubectl get nodes,pods,… -A -o json` (or yaml) printed. Never throws for what it is given.
 */
export function explainWhy(files: readonly SubmittedFile[], nodesText?: string): WhyReport {
  const notes: string[] = []
  const objects = files.flatMap(({ name, text }) =>
    decodeManifest(createSource(name, text)).objects.map(({ written }) => written),
  )
  const world = nodesText === undefined ? USUAL_WORLD : worldFrom(nodesText, objects, notes)
  if (nodesText === undefined)
    notes.push(
      'No --nodes were given, so this is a usual small cluster: a control plane, two workers, a GPU node, a cordoned node.',
    )
  const manifest = explainManifest(files)
  const { story, problems } = startStory(world, 1)
  notes.push(...problems)
  ensureNamespaces(story, files)
  const withFiles: Story = { ...story, files: Object.fromEntries(files.map((file) => [file.name, file.text])) }
  const results = files.map((file) => kubectl(withFiles, `kubectl apply -f '${file.name.replaceAll("'", "'\\''")}'`))
  story.cluster.settle()
  const text = withRefusals(manifest, results)
  const verdicts = explainStory(story, 'now', text)
  const taken = results.every(({ exitCode }) => exitCode === 0)
  const covered =
    taken && verdicts.length > 0 && verdicts.every((row) => row.verdict === 'Running' || row.verdict === 'NotEligible')
  return { verdicts, diagnostics: text.diagnostics, covered, notes }
}

/** People ask about a DaemonSet, not about whether they have made its namespace. */
function ensureNamespaces(story: Story, files: readonly SubmittedFile[]): void {
  for (const file of files) {
    for (const match of file.text.matchAll(/^\s+namespace:\s*["']?([a-z0-9]([-a-z0-9]*[a-z0-9])?)["']?\s*$/gm)) {
      kubectl(story, `kubectl create namespace ${match[1]}`)
    }
  }
  story.cluster.settle()
}

function worldFrom(text: string, asked: readonly JsonObject[], notes: string[]): World {
  const yaml = parseYaml(text)
  const given = yaml.value
  if (yaml.error !== undefined || typeof given !== 'object' || given === null || Array.isArray(given)) {
    notes.push(`The file given by --nodes could not be read${yaml.error === undefined ? '' : `: ${yaml.error}`}.`)
    return USUAL_WORLD
  }
  const object = given as JsonObject
  if (Array.isArray(object.items)) return worldFromDump(object.items as readonly KubeObject[], asked, notes)
  if (object.kind === 'Node') return worldFromDump([object as unknown as KubeObject], asked, notes)
  const errors: AuthorError[] = []
  const world = decodeWorld(object as Readonly<Record<string, unknown>>, errors, '')
  notes.push(...errors.map((error) => `${error.path}: ${error.message}`))
  return world
}

/** Objects of a real cluster, as kubectl printed them. Pods that no DaemonSet of the dump owns keep their place and their requests. */
function worldFromDump(items: readonly KubeObject[], asked: readonly JsonObject[], notes: string[]): World {
  const ofKind = <T extends KubeObject>(kind: string) => items.filter((item): item is T => item.kind === kind)
  const sets = ofKind<DaemonSet>(daemonSets.kind)
  const nodes = ofKind<Node>(nodeResource.kind)
  const pods = ofKind<Pod>('Pod').filter(
    (pod) => !pod.metadata.ownerReferences?.some((owner) => owner.kind === 'DaemonSet'),
  )
  if (nodes.length === 0)
    notes.push('The dump holds no Nodes: ask for `kubectl get nodes,pods,daemonsets,namespaces -A -o json`.')
  noteSickNodes(nodes, notes)
  if (ofKind('Pod').length === 0) notes.push('The dump holds no Pods, so every node counts as empty.')
  const others = items.filter(
    (item) => FROM_DUMP.has(item.kind) && !(item.kind === 'Namespace' && SYSTEM_NAMESPACES.has(item.metadata.name)),
  )
  const bound = pods.filter(
    (pod) => pod.spec.nodeName !== undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed',
  )
  const namespaces = [...new Set([...sets, ...bound].map((object) => object.metadata.namespace ?? 'default'))].filter(
    (name) =>
      !SYSTEM_NAMESPACES.has(name) && !others.some((item) => item.kind === 'Namespace' && item.metadata.name === name),
  )
  const objects: JsonObject[] = [
    ...namespaces.map((name): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...others.map(stripped),
    ...assumedObjects(
      items,
      [...asked.filter(({ kind }) => kind === daemonSets.kind), ...sets.map((ds) => ds as unknown as JsonObject)],
      notes,
    ),
    ...bound.map(placeholder),
    ...sets.map(stripped),
  ]
  return {
    nodes: nodes.map((node) => ({
      name: node.metadata.name,
      ...(node.metadata.labels === undefined ? {} : { labels: node.metadata.labels }),
      ...(node.spec.taints === undefined
        ? {}
        : {
            taints: node.spec.taints.map(
              (taint) =>
                `${taint.key}${taint.value === undefined || taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`,
            ),
          }),
      ...(node.spec.unschedulable === true ? { unschedulable: true } : {}),
      ...capacity(node),
    })),
    objects: objects.length === 0 ? [] : ['from-the-dump.json'],
    images: {},
    files: { 'from-the-dump.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) },
  }
}

function capacity(node: Node) {
  const { cpu = '4', memory = '8Gi', pods = '110', ...rest } = node.status?.allocatable ?? node.status?.capacity ?? {}
  const extended = Object.fromEntries(Object.entries(rest).filter(([name]) => name.includes('/')))
  return { cpu, memory, pods: Number(pods), ...(Object.keys(extended).length === 0 ? {} : { extended }) }
}

function stripped(object: KubeObject): JsonObject {
  const { status: _, ...rest } = object as KubeObject & { readonly status?: unknown }
  const { name, namespace, labels, annotations } = object.metadata
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  }
  return { ...rest, metadata } as unknown as JsonObject
}

/** Another workload's Pod: what it takes from its node (requests, host ports), and nothing else of it. */
function placeholder(pod: Pod): JsonObject {
  const { name, namespace, labels } = pod.metadata
  const containers = pod.spec.containers.map((container) => ({
    name: container.name,
    image: container.image ?? 'registry.example/other:1',
    ...(container.resources === undefined ? {} : { resources: container.resources }),
    ...(container.ports === undefined ? {} : { ports: container.ports }),
  }))
  const spec = {
    nodeName: pod.spec.nodeName,
    containers,
    tolerations: [{ operator: 'Exists' }],
    ...(pod.spec.priority === undefined ? {} : {}),
    ...(pod.spec.hostNetwork === true ? { hostNetwork: true } : {}),
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels === undefined ? {} : { labels }) },
    spec: spec as unknown as Json,
  } as JsonObject
}
