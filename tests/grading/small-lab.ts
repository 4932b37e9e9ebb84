// A lab as its author would write it, for tests: everything that is not said is as usual.
import { type Grade, gradeSubmission, type Lab, loadLab, type Submission } from '../../grader/index.ts'

export interface SmallLab {
  readonly nodes: string
  readonly objects?: readonly string[]
  readonly images?: string
  readonly timelines?: string
  /** Lines of goals, as YAML flow maps. */
  readonly goals: readonly string[]
  readonly misconceptions?: readonly string[]
  readonly namespace?: string
}

export function labOf({
  nodes,
  objects = [],
  images = '{}',
  timelines = '[{ name: now, steps: [at-submit, settle] }]',
  goals,
  misconceptions = [],
  namespace = 'default',
}: SmallLab): Lab {
  const text = [
    'apiVersion: nodewise/v1',
    'kind: Lab',
    'id: 99-small',
    'title: A small lab',
    'lesson: 04-taints-and-tolerations',
    'type: manifest',
    'level: 1',
    'minutes: 5',
    'exams: [{ exam: CKA, domain: Workloads }]',
    `namespace: ${namespace}`,
    'seeds: 1',
    `cluster: { nodes: ${nodes}, images: ${images}, objects: ${JSON.stringify(objects)} }`,
    `timelines: ${timelines}`,
    'goals:',
    ...goals.map((goal) => `- ${goal}`),
    ...(misconceptions.length === 0 ? [] : ['misconceptions:', ...misconceptions.map((one) => `- ${one}`)]),
    '',
  ].join('\n')
  const loaded = loadLab({ 'lab.yaml': text, 'task.md': 'Do it.' })
  if (loaded.lab === undefined)
    throw new Error(loaded.errors.map((error) => `${error.path}: ${error.message}`).join('; '))
  return loaded.lab
}

export interface Agent {
  readonly name?: string
  readonly namespace?: string
  readonly kind?: string
  readonly ds?: string
  readonly spec?: string
  readonly containers?: string
}

/** A DaemonSet in one screen; parts as flow YAML. */
export function agent({
  name = 'agent',
  namespace = 'default',
  kind = 'DaemonSet',
  ds = '',
  spec = '',
  containers = '[{ name: agent, image: registry.example/agent:1 }]',
}: Agent = {}): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: agent } }
${ds === '' ? '' : `  ${ds}\n`}  template:
    metadata: { labels: { app: agent } }
    spec:
${spec === '' ? '' : `      ${spec}\n`}      containers: ${containers}
`
}

export const manifest = (text: string): Submission => ({ files: [{ name: 'agent.yaml', text }] })
export const gradeText = (lab: Lab, text: string): Grade => gradeSubmission(lab, manifest(text))
