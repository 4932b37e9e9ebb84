// One small story per reason: what is done, and the row that one node must then have.

import { explainManifest } from '../../grader/explain/explain-manifest.ts'
import type { Because, NodeVerdict, Verdict } from '../../grader/explain/verdict.ts'
import { explainStory } from '../../grader/grading/explain-story.ts'
import { parseYaml } from '../../grader/manifest/yaml-value.ts'
import { playScenario, type Story } from '../../grader/scenario/play.ts'
import { decodeScenario } from '../../grader/scenario/scenario.ts'

export interface Case {
  /** A sentence about Kubernetes. */
  readonly says: string
  readonly nodes?: string
  readonly objects?: readonly string[]
  readonly images?: string
  /** Lines of the Pod template's spec, besides the container. */
  readonly spec?: readonly string[]
  readonly container?: readonly string[]
  readonly ds?: readonly string[]
  readonly image?: string
  readonly namespace?: string
  readonly steps?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly node: string
  readonly verdict: Verdict
  readonly codes: readonly string[]
  /** A part of Kubernetes' own words of the first reason. */
  readonly kubernetes?: string
  /** The learner's line that the first reason points at, as its text. */
  readonly points?: string
  readonly object?: string
}

/** The DaemonSet `agent`, in block style so that every field has its line. */
export function agentYaml({
  ds = [],
  spec = [],
  container = [],
  image = 'registry.example/agent:1',
  namespace = 'default',
}: Partial<Case>): string {
  return [
    'apiVersion: apps/v1',
    'kind: DaemonSet',
    'metadata:',
    '  name: agent',
    `  namespace: ${namespace}`,
    'spec:',
    '  selector: { matchLabels: { app: agent } }',
    ...ds.map((line) => `  ${line}`),
    '  template:',
    '    metadata: { labels: { app: agent } }',
    '    spec:',
    ...spec.map((line) => `      ${line}`),
    '      containers:',
    '      - name: agent',
    `        image: ${image}`,
    ...container.map((line) => `        ${line}`),
    '',
  ].join('\n')
}

export interface Played {
  readonly story: Story
  readonly text: string
  readonly rows: readonly NodeVerdict[]
}

export function play(one: Case, seed = 1): Played {
  const text = agentYaml(one)
  const yaml = parseYaml(one.nodes ?? '[{ name: w-1 }]').value
  const given = {
    nodes: yaml,
    objects: one.objects ?? [],
    images: parseYaml(one.images ?? '{}').value,
    files: { 'agent.yaml': text, ...one.files },
    steps: one.steps ?? ['kubectl apply -f agent.yaml', 'settle'],
  }
  const decoded = decodeScenario(given, (inline) => parseYaml(inline).value)
  if (decoded.value === undefined)
    throw new Error(decoded.errors.map((error) => `${error.path}: ${error.message}`).join('; '))
  const { story } = playScenario(decoded.value, seed)
  return { story, text, rows: explainStory(story, 'now', explainManifest([{ name: 'agent.yaml', text }])) }
}

export function rowOf({ rows }: Played, node: string): NodeVerdict | undefined {
  return rows.find((row) => row.name === node && row.daemonSet.endsWith('/agent'))
}

/** The text of the learner's line that a reason points at. */
export function lineOf({ text }: Played, because: Because | undefined): string {
  return because?.line === undefined ? '' : (text.split('\n')[because.line - 1] ?? '').trim()
}
